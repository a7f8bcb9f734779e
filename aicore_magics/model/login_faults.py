"""What is wrong with the user, the password or the key of a registry login, before it is sent to anybody."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, TypeAlias

from aicore_magics.base.redact import without_user_info
from aicore_magics.base.spaces import bare, ends_in_spaces
from aicore_magics.base.unfilled import is_mask, is_unfilled
from aicore_magics.next_steps import Option

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret

MAX_PASSWORD_BYTES = 65_536
# A word processor makes others of those that one types.
_QUOTES = {
    '"': '"',
    "'": "'",
    "`": "`",
    "\u201c": "\u201d",
    "\u201e": "\u201c",
    "\u2018": "\u2019",
    "\u00ab": "\u00bb",
}
_SHORTEST_QUOTED = 2
Fault: TypeAlias = "tuple[str, str | Option]"  # what is wrong, and what to do
# Not the text itself: it may be a password in the wrong place.
UNFILLED_REGISTRY = (
    "the registry is only a placeholder, such as <REGISTRY>",
    "give its host, such as ghcr.io.",
)


def username_fault(username: str) -> Fault | None:
    """Return what is wrong with *username* (RFC 7617: no colon), or None."""
    if not username:
        return "the user is missing", Option("username", "USER", "give")
    if ":" in username:
        return (
            "a colon is not allowed in a user name",
            "give only the account name; give the token separately.",
        )
    if username == "<token>":
        return (
            "an identity token cannot pull: AI Core needs user and token",
            "create an access token.",
        )
    if len(username) > _SHORTEST_QUOTED and _QUOTES.get(username[0]) == username[-1]:
        return "the user name is in quotes", "leave out the quotes."
    if is_unfilled(username, "user"):
        return "the user name is only a placeholder, such as <USERNAME>", "give the account name itself."
    unseen = _unsendable(username)
    return (f"the user name contains {unseen}", "type the user name again.") if unseen else None


def key_fault(key: str) -> Fault | None:
    """Return what is wrong with *key*, an auth key, or None."""
    if is_unfilled(without_user_info(key), "registry"):
        return UNFILLED_REGISTRY
    unseen = _unsendable(key)
    return (
        (f"the key contains {unseen}", "use the registry's host as the key, such as ghcr.io.")
        if unseen
        else None
    )


def password_fault(password: Secret) -> Fault | None:
    """Return what is wrong with *password*, without any of it, or None."""
    text = password.reveal()
    if not text:
        return "the password is missing", "enter the password or token."
    if not bare(text):
        return "the password is only spaces", "enter the password or token."
    if is_mask(text):
        return "the password is a mask, not the real password", ("copy the token from where it was created.")
    if is_unfilled(text, "password"):
        return "the password is only a placeholder, such as <TOKEN>", "enter the token itself."
    if len(text.encode("utf-8", "surrogatepass")) > MAX_PASSWORD_BYTES:
        return "the password is longer than 64 KiB", "check that it is the right file."
    unseen = _unsendable(text)
    return (f"the password contains {unseen}", "copy only the password again.") if unseen else None


def kept_spaces(password: Secret, whose: str) -> str:
    """Return a sentence if *password* begins or ends with a space, which may be its own; else nothing.

    >>> from aicore_magics.base.redact import Secret
    >>> kept_spaces(Secret(" token"), "ghcr.io")
    'The password for ghcr.io begins with a space. The space was kept.'
    """
    ends = ends_in_spaces(password.reveal())
    return f"The password for {whose} {' and '.join(ends)} with a space. The space was kept." if ends else ""


def _unsendable(text: str) -> str:
    """Name the first thing in *text* that HTTP Basic or JSON cannot carry faithfully, or nothing."""
    if text.endswith(("\n", "\r")):
        return "a line break at its end"
    if text.isprintable():
        return ""
    for character in text:
        category = unicodedata.category(character)
        if category == "Cc":
            return "a control character"
        if category == "Cs":
            return "half of a character (a lone surrogate)"
    return ""
