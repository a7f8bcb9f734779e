"""What all commands of `jupyter aicore` have: exit statuses, the words of a shell, where a result goes."""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from typing import TYPE_CHECKING

from aicore_magics.next_steps import CommandLine

if TYPE_CHECKING:
    from aicore_magics.next_steps import Action

FOUND, WRONG_USE, NOT_ALL_READ = 1, 2, 3  # the exit statuses beside 0

# What each action is in a shell; what there is no command for is done in Python.
COMMANDS = {
    "again": "run the command again",
    "connect-key": "--service-key FILE",
    "connect-ca": "--ca-file FILE",
    "connect-trust": "--trust-host HOST",
    "connect-sandbox": "jupyter aicore sandbox",
    "sandbox": "jupyter aicore sandbox",
    "remove-throwaway": "jupyter aicore verify{given} --remove {name}",
}


class Shell(CommandLine):
    """Says what to do as a shell does. *given* are the words that led to the tenant, to be typed again."""

    def __init__(self, *given: str) -> None:
        self._given = "".join(f" {shlex.quote(word)}" for word in given)

    def action(self, action: Action) -> str:
        """Return what does *action*."""
        command = COMMANDS.get(action.name)
        if command is None:
            return super().action(action)
        values = {name: shlex.quote(value) for name, value in action.values}
        return command.format_map({"given": self._given, **values})


SHELL = Shell()


def unwritten(text: str) -> bool:
    """Write *text* to standard output, and return whether that failed: then nobody has read the result."""
    stream = sys.stdout
    fault = "closed"
    try:
        if stream is not None:
            stream.write(text)
            stream.flush()
            return False
    except BrokenPipeError:
        # Whoever read has seen enough; what is left would be written again when Python ends, and fail loudly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return False
    except OSError as error:
        fault = type(error).__name__
    tell(f"The result cannot be written to standard output ({fault}).")
    return True


def tell(text: str) -> None:
    """Write *text* to standard error, if there is one."""
    with contextlib.suppress(OSError):
        if sys.stderr is not None:
            sys.stderr.write(f"{text}\n")
