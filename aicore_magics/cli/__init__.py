"""`jupyter aicore …`: from a shell what the magics do in a notebook, for pre-commit, CI and programs.

The result goes to standard output, as text or as data, and all other words to standard error. Here is what
all commands have in common: how a line is read, the exit statuses, how an error is said. What a command needs
is imported when it runs: `--version` and a completion wait for nothing.
"""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from aicore_magics.cli.output import never_fail_to_encode, tell, unwritten

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Sequence

__all__ = ["main"]

# Windows knows no SIGHUP.
_ENDS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit status: `--help` and `ends.OF_COMMANDS` say what it means.

    Without *arguments* this is the whole program: what ends a job in CI, and what a terminal sends when it is
    closed, is heard as Ctrl-C is, so that it ends with a word; unless somebody has it ignored, as nohup does.
    """
    if arguments is None:
        never_fail_to_encode()
        for number in _ENDS:
            if signal.getsignal(number) is signal.SIG_DFL:
                signal.signal(number, signal.default_int_handler)
    try:
        return _main(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:  # before anything was read, or behind the last word
        tell("Stopped.")
        return 3


def _main(words: list[str]) -> int:
    if words[:1] == ["--version"]:
        from aicore_magics.base.version import VERSION

        return _print(VERSION)
    if words[:1] == ["help"]:
        words = [*words[1:], "--help"]
    if words[:1] == ["sandbox"]:
        from aicore_magics.actions import remove_sandbox_record
        from aicore_magics.sandbox.__main__ import main as sandbox

        # What a client of it records on this machine is gone with it.
        return sandbox(words[1:], called="jupyter aicore sandbox", ended=remove_sandbox_record)
    from aicore_magics.base.calls import bare_errors
    from aicore_magics.cli.ends import WRONG_USE, status_of
    from aicore_magics.cli.shell import SHELL
    from aicore_magics.errors import AICoreError
    from aicore_magics.grammar.words import WrongUse
    from aicore_magics.next_steps import PYTHON

    try:
        # All of it is one call: what an interrupt in it means, the change in it decides.
        return bare_errors(_run)(words)
    except WrongUse as error:
        return _refused(words, error, WRONG_USE)
    except AICoreError as error:
        if error.door is PYTHON:
            error.door = SHELL
        return _refused(words, error, status_of(error, "".join(words[:1])))


def _refused(words: list[str], error: Exception, status: int) -> int:
    """Say why nothing came of *words*: as text, and as data as well if they ask for JSON."""
    from aicore_magics.cli.formats import asks_json, refusal
    from aicore_magics.errors import Stopped

    tell(f"Stopped: {error}" if isinstance(error, Stopped) else f"{error}")
    if asks_json(words):
        unwritten(f"{refusal(error, status)}\n")
    return status


def _run(words: list[str]) -> int:
    """Do what *words* say, and return the exit status."""
    from aicore_magics.cli.commands import HELP, TEMPLATE, commands, named, read, template_commands
    from aicore_magics.cli.passwords import refuse_passwords

    refuse_passwords(words)
    if not words or words[0] in HELP:
        return _help(commands().help(), asked=bool(words))
    command, grammar, rest = named(words)
    if command == TEMPLATE:
        return _help(template_commands().help(), asked=bool(rest))
    if command == "completion":
        from aicore_magics.cli.completion import script

        return _print(script(rest))
    if any(word in HELP[:2] for word in rest):
        return _help(grammar.parser(command.removeprefix(f"{TEMPLATE} ")).format_help(), command)
    return _ended(*read(words))


def _ended(command: str, options: Namespace) -> int:
    """Run *command*, write its result, and return the exit status."""
    from aicore_magics.cli.commands import run_of
    from aicore_magics.cli.ends import NOT_ALL_READ
    from aicore_magics.cli.formats import in_format
    from aicore_magics.cli.shell import SHELL
    from aicore_magics.cli.tenant import door_of
    from aicore_magics.errors import AICoreError
    from aicore_magics.next_steps import capitalised, closed

    # What a verification saw may be shown to anybody, so it does not name the tenant.
    door = SHELL if command == "verify" else door_of(options)
    try:
        result, status = run_of(command)(options)
    except AICoreError as error:
        error.door = door
        raise
    if result is None:
        return status
    text = in_format(result, options.format, door)
    fault = unwritten(f"{text}\n", closed(capitalised(result.report().headline)))
    return status or (NOT_ALL_READ if fault else 0)


def _help(text: str, command: str = "", *, asked: bool = True) -> int:
    """Write the help *text*. Where nobody *asked* for it, the status is no success: a hook must not pass."""
    from aicore_magics.cli.ends import WRONG_USE, exit_statuses

    text = f"{text.rstrip()}\n\n{exit_statuses(command)}"
    if asked:
        return _print(text)
    tell(text)
    return WRONG_USE


def _print(text: str) -> int:
    from aicore_magics.cli.ends import NOT_ALL_READ

    return NOT_ALL_READ if unwritten(f"{text}\n") else 0
