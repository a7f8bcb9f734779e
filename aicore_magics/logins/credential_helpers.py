"""Docker's credential helpers: programs `docker-credential-NAME` that keep logins where docker does not.

The protocol is that of github.com/docker/docker-credential-helpers.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

from aicore_magics.base.redact import Secret, scrub
from aicore_magics.base.wrappers import from_json
from aicore_magics.errors import LoginNotFound
from aicore_magics.logins.programs import Answer, ask_program
from aicore_magics.next_steps import Beside, Command, Option

TIME_LIMIT = 20.0  # seconds, for one question to a helper
MAX_USERS = 5_000
IDENTITY_TOKEN = "<token>"  # the user name under which a helper gives an identity token
_NOT_FOUND = "credentials not found in native keychain"
_UNUSED = "unused"  # what docker itself tells a helper that only lists
_OTHERWISE = (Option("username", "USER"), " with ", Option("password-env", "VAR"), " needs no helper.")
# What helpers are known to say when they fail, docker-credential-helpers' error.go first. Nothing else is
# repeated: a helper may well write the password into its error, and here nobody knows it yet.
_SENTENCES = (
    _NOT_FOUND,
    "no credentials server URL",
    "no credentials username",
    "pass not initialized",
    "pass store is uninitialized",
    "error getting credentials",
    "Cannot autolaunch D-Bus without X11 $DISPLAY",
    "The name org.freedesktop.secrets was not provided by any .service files",
    "Cannot create an item in a locked collection",
    "The specified item could not be found in the keychain",
    "User interaction is not allowed",
    "User canceled the operation",
    "Element not found",
)
_KNOWN = re.compile(rf"(?:{'|'.join(map(re.escape, _SENTENCES))}|exit status [0-9]{{1,3}})(?=\.?\Z)")


class _Failed(str):
    """The fault of a helper that said no: in a terminal its user can see more of it."""

    __slots__ = ()


def find_helper_login(helper: str, server: str) -> tuple[str, Secret] | None:
    """Give user and password as *helper* keeps them for exactly *server*, or None if it has none.

    Where the user is `<token>`, the password is an identity token.
    Raises LoginNotFound if the helper is missing, fails, hangs, or its answer makes no sense.
    """
    answer = _answer(helper, "get", server)
    if answer.status and answer.output.reveal().strip() == _NOT_FOUND:
        return None
    login, fault = _login(answer)
    if fault:
        raise _no_login(helper, fault)
    return login


def helper_users(helper: str) -> dict[str, str]:
    """Give the user of each server for which *helper* keeps a login; no password is read.

    Raises LoginNotFound as `find_helper_login` does.
    """
    answer = _answer(helper, "list", _UNUSED)
    users, fault = _users(answer)
    if fault:
        raise _no_login(helper, fault)
    return users


def _no_login(helper: str, fault: str) -> LoginNotFound:
    program = f"docker-credential-{scrub(helper)}"
    # What it says there is seen by its user alone.
    more = (Command(f"{program} list"), Beside("in a terminal shows more. "))
    return LoginNotFound(
        f"{program} {fault}", next=(*more, *_OTHERWISE) if isinstance(fault, _Failed) else _OTHERWISE
    )


def _login(answer: Answer) -> tuple[tuple[str, Secret] | None, str]:
    """The login in *answer*, or why there is none; an empty one is none."""
    data, fault = _object(answer)
    if fault:
        return None, fault
    user, password = data.get("Username"), data.get("Secret")
    if not isinstance(user, str) or not isinstance(password, str):
        return None, "returned no user and password"
    return ((user, Secret(password)) if user or password else None), ""


def _users(answer: Answer) -> tuple[dict[str, str], str]:
    data, fault = _object(answer)
    if not fault and not all(isinstance(user, str) for user in data.values()):
        fault = "returned a list with a user that is not a string"
    if len(data) > MAX_USERS:
        fault = f"returned a list of more than {MAX_USERS:,} logins"
    return data, fault


def _object(answer: Answer) -> tuple[dict[str, Any], str]:
    """The JSON object in *answer*, or why there is none. A Go program without any login writes null."""
    if answer.fault or answer.status:
        return {}, answer.fault or _failure(answer)
    data = from_json(answer.output.reveal().strip() or "null")
    if isinstance(data, dict):
        return data, ""
    if data is None:
        return {}, ""
    return {}, "returned something that is not a JSON object"


def _failure(answer: Answer) -> str:
    """How a helper failed, in its own words only if they are known."""
    known = _KNOWN.match(answer.output.reveal().strip())
    return _Failed(f"failed ({known[0] if known else answer.ended})")


def _answer(helper: str, action: str, request: str) -> Answer:
    """Run *helper* for one *action*; *request* goes to its standard input, as anybody can read arguments."""
    return ask_program((_program(helper), action), request, seconds=TIME_LIMIT)


def _program(helper: str) -> str:
    """The path of *helper*. Its name is no path, and what only the current folder has is not run."""
    if not re.fullmatch(r"[A-Za-z0-9._-]{1,64}", helper):
        raise LoginNotFound(
            "the credential helper in docker's config is not a program name",
            next=_OTHERWISE,
        )
    program = shutil.which(f"docker-credential-{helper}")
    if program is None or not Path(program).is_absolute():
        raise LoginNotFound(
            f"docker-credential-{scrub(helper)} is not on the PATH of the Jupyter server",
            next=("start Jupyter where docker works. ", *_OTHERWISE),
        )
    return program
