"""Questions to somebody at a terminal, and a clear refusal where nobody can answer.

They go to the terminal itself, not to the streams: those may be a pipe and a file.
"""

from __future__ import annotations

import getpass
import os
import sys
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

from aicore_magics.base.redact import MAX_SECRET_FILE_BYTES, Secret
from aicore_magics.base.spaces import bare
from aicore_magics.base.wrappers import as_text
from aicore_magics.cli.output import tell
from aicore_magics.errors import InvalidLogin, PromptImpossible, Refused
from aicore_magics.next_steps import Option

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.logins.wish import LoginWish
    from aicore_magics.next_steps import Words

TERMINAL = "/dev/tty"
PIPED = "-"  # in place of a file: standard input


def somebody_is_there() -> bool:
    """Whether there is a terminal to ask at."""
    if os.name != "posix":
        return sys.stdin is not None and sys.stdin.isatty()
    try:
        os.close(os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


class Kept(Refused):
    """Asked first, the user did not agree: nothing is changed."""


class Prompts:
    """Asks at the terminal."""

    def text(self, prompt: str, *, instead: Words) -> str:
        """Ask for something that may be seen, without the spaces around it."""
        return bare(_asked(lambda: _line(prompt), what=prompt.rstrip(": "), instead=instead))

    def secret(self, prompt: str) -> Secret:
        """Ask for a password without showing it."""
        instead = (Option("password-env", "VAR", lead="add"), " or ", Option("password-file", "PATH"))
        return Secret(_asked(lambda: getpass.getpass(prompt), what="password", instead=instead))


class PipedPassword(Prompts):
    """Takes the password from standard input, and asks for everything else."""

    _taken = False

    def secret(self, prompt: str) -> Secret:
        """Read the password, without the line break at its end. Raises InvalidLogin if there is none."""
        if self._taken:
            raise InvalidLogin(
                "standard input has one password, and there are several logins",
                next=("use ", Option("password-env", "REGISTRY=VAR"), " for each."),
            )
        self._taken = True
        if sys.stdin is None or sys.stdin.isatty():
            raise InvalidLogin(
                "standard input is a terminal, which would show the password",
                next=("leave out ", Option("password-file"), " to be asked for it."),
            )
        raw = sys.stdin.buffer.read(MAX_SECRET_FILE_BYTES + 1)
        text = as_text(raw, utf_16=True) if len(raw) <= MAX_SECRET_FILE_BYTES else None
        if text is None:
            raise InvalidLogin(
                "standard input is not text, or longer than 64 KiB", next="pipe only the password."
            )
        return Secret(text[:-1].removesuffix("\r") if text.endswith("\n") else text)


def piped(wish: LoginWish) -> tuple[LoginWish, Prompts]:
    """Return *wish*, and who is asked for what it leaves open: standard input where that has the password."""
    if wish.password_file != PIPED:
        return wish, Prompts()
    return replace(wish, password_file=""), PipedPassword()


def _asked(ask: Callable[[], str], *, what: str, instead: Words) -> str:
    if not somebody_is_there():
        raise _impossible(what, instead)
    with warnings.catch_warnings():
        # Without a terminal getpass would warn, and then show what is typed.
        warnings.simplefilter("error", getpass.GetPassWarning)
        try:
            return ask()
        except KeyboardInterrupt:
            tell("")  # the prompt's line ends here
            raise
        except (OSError, EOFError, getpass.GetPassWarning, ValueError):
            pass
    raise _impossible(what, instead)


def _impossible(what: str, instead: Words) -> PromptImpossible:
    step = replace(instead, lead="add") if isinstance(instead, Option) else instead
    return PromptImpossible(f"this is missing, and there is no terminal to ask in: {what}", next=step)


def _line(prompt: str) -> str:
    """Ask at the terminal, or on Windows by the streams if they are one. Raises OSError or EOFError."""
    if os.name == "posix":
        with open(os.open(TERMINAL, os.O_RDWR | os.O_NOCTTY), "r+b", buffering=0) as terminal:  # noqa: PTH123
            terminal.write(prompt.encode(errors="backslashreplace"))
            line = terminal.readline().decode(errors="replace")
    else:
        if sys.stdin is None or not sys.stdin.isatty():
            raise EOFError
        sys.stderr.write(prompt)
        sys.stderr.flush()
        line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
