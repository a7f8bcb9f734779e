"""`jupyter aicore …`: from a shell what the magics do in a notebook, for pre-commit, CI and programs."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from typing import TYPE_CHECKING

from aicore_magics.errors import AICoreError
from aicore_magics.next_steps import AGAIN, CommandLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.next_steps import Action

FORMATS = ("text", "json", "sarif")
FOUND, WRONG_USE, NOT_ALL_READ = 1, 2, 3  # the exit statuses beside 0


class Shell(CommandLine):
    """Says what to do as a shell does: what it has no command for is done in Python."""

    def action(self, action: Action) -> str:
        """Return what does *action*."""
        return "run the command again" if action == AGAIN else super().action(action)


SHELL = Shell()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command, and return its exit status.

    0: clean. 1: a scan found something. 2: wrong use; so is a path that leads nowhere, for a hook with a
    typing error must not pass. 3: nothing was found, but not all was read, or the result went nowhere. The
    sandbox takes its own options: `python -m aicore_magics.sandbox --help`.
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words[:1] == ["sandbox"]:
        from aicore_magics.sandbox.__main__ import main as sandbox

        return sandbox(words[1:])
    try:
        return _scan(_parser().parse_args(words))
    except AICoreError as error:
        error.door = SHELL
        _tell(f"{error}")
        return WRONG_USE


def _scan(options: argparse.Namespace) -> int:
    from aicore_magics.leaks.formats import in_format
    from aicore_magics.leaks.scan import scan_notebooks

    found = scan_notebooks(options.paths, nearby=options.nearby, history=options.history)
    fault = _unwritten(f"{in_format(found, options.format, SHELL)}\n")
    if found.leaks:
        return FOUND
    if any(passed_over.missing for passed_over in found.unsearched):
        return WRONG_USE
    return 0 if found.all_read and not fault else NOT_ALL_READ


def _unwritten(text: str) -> bool:
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
    _tell(f"The result cannot be written to standard output ({fault}).")
    return True


def _tell(text: str) -> None:
    with contextlib.suppress(OSError):
        if sys.stderr is not None:
            sys.stderr.write(f"{text}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jupyter aicore", description="Docker registry secrets for SAP AI Core.", allow_abbrev=False
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    scan = commands.add_parser(
        "scan",
        help="find credentials in notebooks",
        description="Find credentials in notebooks, and in JSON, YAML and .env files beside them. "
        "The exit status is 1 if there are any, and 3 if there are none but not all was read.",
        allow_abbrev=False,
    )
    scan.add_argument("paths", metavar="PATH", nargs="+", help="a notebook, or a folder with all below it")
    scan.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    scan.add_argument(
        "--notebooks-only", dest="nearby", action="store_false", help="leave the files beside them out"
    )
    scan.add_argument("--history", action="store_true", help="search IPython's history as well")
    commands.add_parser(
        "sandbox", help="a pretend AI Core and registry on this machine", add_help=False, allow_abbrev=False
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
