"""Docker's credential helpers: programs `docker-credential-NAME` that keep logins where docker does not.

The protocol is that of github.com/docker/docker-credential-helpers. A helper may ask its user, so it gets
time, but never without end; what it writes may hold a password, so it is a `Secret` from the first moment.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from aicore_magics.base.redact import Secret, scrub
from aicore_magics.base.wrappers import from_json
from aicore_magics.errors import LoginNotFound
from aicore_magics.next_steps import Beside, Command, Option

TIME_LIMIT = 20.0  # seconds, for one question to a helper
MAX_ANSWER_BYTES = 1_048_576
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


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a helper wrote, and its exit status; or the *fault* for which there is no answer."""

    output: Secret
    status: int = 0
    fault: str = ""


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


def _login(answer: _Answer) -> tuple[tuple[str, Secret] | None, str]:
    """The login in *answer*, or why there is none; an empty one is none."""
    data, fault = _object(answer)
    if fault:
        return None, fault
    user, password = data.get("Username"), data.get("Secret")
    if not isinstance(user, str) or not isinstance(password, str):
        return None, "returned no user and password"
    return ((user, Secret(password)) if user or password else None), ""


def _users(answer: _Answer) -> tuple[dict[str, str], str]:
    data, fault = _object(answer)
    if not fault and not all(isinstance(user, str) for user in data.values()):
        fault = "returned a list with a user that is not a string"
    if len(data) > MAX_USERS:
        fault = f"returned a list of more than {MAX_USERS:,} logins"
    return data, fault


def _object(answer: _Answer) -> tuple[dict[str, Any], str]:
    """The JSON object in *answer*, or why there is none. A Go program without any login writes null."""
    if answer.fault or answer.status:
        return {}, answer.fault or _failure(answer)
    data = from_json(answer.output.reveal().strip() or "null")
    if isinstance(data, dict):
        return data, ""
    if data is None:
        return {}, ""
    return {}, "returned something that is not a JSON object"


def _failure(answer: _Answer) -> str:
    """How a helper failed, in its own words only if they are known."""
    known = _KNOWN.match(answer.output.reveal().strip())
    ended = f"exit status {answer.status}" if answer.status > 0 else f"signal {-answer.status}"
    return _Failed(f"failed ({known[0] if known else ended})")


def _answer(helper: str, action: str, request: str) -> _Answer:
    """Run *helper* for one *action*; *request* goes to its standard input, as anybody can read arguments."""
    program, fault = _program(helper), ""
    try:
        # A session of its own: it can be ended with all it started, and has no terminal to wait at.
        process = subprocess.Popen(  # noqa: S603  a program of the user's own PATH, as docker runs it
            [program, action],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
        )
    except OSError as error:
        fault = f"cannot be started ({type(error).__name__})"
    return _Answer(Secret(""), fault=fault) if fault else _talk(process, request)


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


def _talk(process: subprocess.Popen[bytes], request: str) -> _Answer:
    """Tell *process* what it is asked, and hear it out, within the time limit."""
    until = time.monotonic() + TIME_LIMIT
    output, fault = bytearray(), ""
    listener = threading.Thread(target=_listen, args=(process.stdout, output), daemon=True)
    try:
        listener.start()
        _tell(process.stdin, request)
        listener.join(TIME_LIMIT)
        if listener.is_alive():
            fault = f"did not answer within {TIME_LIMIT:g} s"
        elif len(output) > MAX_ANSWER_BYTES:
            fault = "sent an answer without end"
        else:
            process.wait(timeout=max(0.0, until - time.monotonic()))
    except subprocess.TimeoutExpired:
        fault = f"did not end within {TIME_LIMIT:g} s"
    finally:
        if fault or listener.is_alive() or process.poll() is None:
            _end(process)
    if fault:
        return _Answer(Secret(""), fault=fault)
    try:
        return _Answer(Secret(output.decode("utf-8-sig")), status=process.returncode)
    except UnicodeDecodeError:
        return _Answer(Secret(""), fault="returned something that is not text")


def _tell(stream: IO[bytes] | None, request: str) -> None:
    # A helper that has ended already does not listen.
    with contextlib.suppress(OSError):
        if stream:
            stream.write(request.encode("utf-8", "surrogatepass"))
    if stream:
        stream.close()


def _listen(stream: IO[bytes], output: bytearray) -> None:
    with stream, contextlib.suppress(OSError):
        while len(output) <= MAX_ANSWER_BYTES and (part := stream.read(65_536)):
            output += part


def _end(process: subprocess.Popen[bytes]) -> None:
    """End *process* and what it started."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1.0)
