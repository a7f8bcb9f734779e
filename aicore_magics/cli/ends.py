"""The exit statuses of `jupyter aicore`: one table for all commands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.errors import (
    Busy,
    CertificateNotTrusted,
    CredentialsIncomplete,
    CredentialsNotFound,
    InvalidInput,
    LoginNotFound,
    NotAICore,
    NotConnected,
    OutcomeUnknown,
    PromptImpossible,
    ServerError,
    Stopped,
    Unreachable,
)

if TYPE_CHECKING:
    from aicore_magics.errors import AICoreError

DONE = 0  # or clean
REFUSED = FOUND = 1
WRONG_USE = 2
UNKNOWN = NOT_ALL_READ = 3

# What 0, 1, 2 and 3 mean: of any command, and of each in its own words.
MEANINGS = ("done, or clean", "refused, or something was found", "wrong use", "unknown, or not all was read")
_STORED = (
    "stored (and checked, unless --no-check)",
    "refused; nothing was changed",
    "wrong use; nothing was sent",
    "stored but not checked, or unknown",
)
_LISTED = ("all is shown", "refused", "wrong use", "not all, or no answer")
_MADE = ("made", "refused", "wrong use; nothing was written", "the result could not be written")
OF_COMMANDS = {
    "check": ("can be pulled, or public", "refused", "wrong use", "not checked"),
    "create": _STORED,
    "apply": _STORED,
    "update": _STORED,
    "list": _LISTED,
    "show": ("exists", "does not exist, or refused", "wrong use", "no answer"),
    "delete": ("deleted", "refused, or kept; nothing was changed", "wrong use; nothing was sent", "unknown"),
    "quota": _LISTED,
    "due": (
        "no login ended or is due",
        "a login ended, or is due",
        "wrong use",
        "none seen that is due, but not all was read",
    ),
    "rotate": (
        "all replaced, or nothing is due",
        "refused; nothing was changed",
        "wrong use; nothing was sent",
        "unknown, or not all were replaced",
    ),
    "note": (
        "noted",
        "refused, or no such secret",
        "wrong use; nothing was noted",
        "no answer, or the record could not be written",
    ),
    "forget": ("done", "refused", "wrong use; nothing was changed", "not all could be read or removed"),
    "template check": (
        "no error; there may be warnings",
        "an error",
        "wrong use, such as a path that does not exist",
        "no error, but not compared with the tenant",
    ),
    "template patch": (
        "done, or shown",
        "a file was refused",
        "wrong use; nothing was written",
        "the result could not be written",
    ),
    "template workflow": _MADE,
    "template serving": _MADE,
    "rules": ("shown", "refused", "wrong use, such as an unknown ID", "the result could not be written"),
    "scan": ("no credential", "a credential", "wrong use", "no credential found, but not all was read"),
    "scrub": (
        "no credential, or all are removed",
        "a credential, or a file that was not changed",
        "wrong use",
        "not all was read",
    ),
    "tutorials": (
        "copied, or there already",
        "refused",
        "wrong use, or a file there was changed; nothing was written",
        "the result could not be written",
    ),
    "verify": (
        "all is as assumed",
        "an assumption is wrong, AI Core refused, or you answered no",
        "wrong use; nothing was done",
        "not all was seen, or something was left behind",
    ),
}


def exit_statuses(command: str = "") -> str:
    """Say what the exit statuses of *command* mean, or of all commands, as the end of a help."""
    meanings = enumerate(OF_COMMANDS.get(command, MEANINGS))
    return "\n".join(("exit status:", *(f"  {status}  {meaning}" for status, meaning in meanings)))


# What was typed, or what it names on this machine, is not enough to begin with.
_WRONG_USE = (
    InvalidInput,
    NotConnected,
    PromptImpossible,
    LoginNotFound,
    CredentialsNotFound,
    CredentialsIncomplete,
)
# Nobody has answered. A write was not made then; what was asked for is not known.
_NO_ANSWER = (Unreachable, CertificateNotTrusted, Busy, ServerError, NotAICore)


# The commands that change something at AI Core.
WRITING = ("create", "apply", "update", "delete", "rotate")


def status_of(error: AICoreError, command: str) -> int:
    """Return the exit status of *command* after *error*."""
    if isinstance(error, (OutcomeUnknown, Stopped)):
        return UNKNOWN
    if isinstance(error, _WRONG_USE):
        return WRONG_USE
    return UNKNOWN if isinstance(error, _NO_ANSWER) and command not in WRITING else REFUSED
