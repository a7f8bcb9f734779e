"""`jupyter aicore …`: from a shell what the magics do in a notebook, for pre-commit, CI and programs.

A command is a module with `add`, which adds its parser and says what runs it, as `set_defaults(run=…)`. Here
is what all of them have in common: the exit statuses, how an error is said, and how a result is written.
"""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from aicore_magics.cli import scan, verify
from aicore_magics.cli.shell import NOT_ALL_READ, SHELL, WRONG_USE, tell
from aicore_magics.errors import AICoreError, OutcomeUnknown

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SHELL", "WRONG_USE", "main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit status.

    0: clean, or all as assumed. 1: a scan found something, or AI Core is not as assumed. 2: wrong use,
    refused, or not connected; so is a path that leads nowhere, for a hook with a typing error must not pass.
    3: not all was read or seen, also after Ctrl-C, something was left behind, or the result went nowhere. The
    sandbox takes its own options: `python -m aicore_magics.sandbox --help`.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["sandbox"]:
        from aicore_magics.sandbox.__main__ import main as sandbox

        return sandbox(words[1:])
    options = _parser().parse_args(words)
    try:
        status: int = options.run(options)
    except AICoreError as error:
        error.door = SHELL
        tell(f"{error}")
        return NOT_ALL_READ if isinstance(error, OutcomeUnknown) else WRONG_USE
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jupyter aicore", description="Docker registry secrets for SAP AI Core.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    scan.add(commands)
    verify.add(commands)
    commands.add_parser(
        "sandbox", help="a pretend AI Core and registry on this machine", add_help=False, allow_abbrev=False
    )
    return parser
