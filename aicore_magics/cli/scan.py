"""`jupyter aicore scan`: find credentials in notebooks."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, Any

from aicore_magics.base.progress import Watch, paced
from aicore_magics.cli.shell import FOUND, NOT_ALL_READ, SHELL, WRONG_USE, tell, unwritten
from aicore_magics.errors import Stopped

if TYPE_CHECKING:
    import argparse

    from aicore_magics.base.progress import StepState

FORMATS = ("text", "json", "sarif")


def add(commands: Any) -> None:
    """Add the command to *commands*, the subparsers of `jupyter aicore`."""
    scan = commands.add_parser(
        "scan",
        help="find credentials in notebooks",
        description="Find credentials in notebooks, and in JSON, YAML and .env files beside them. "
        "The exit status is 1 if there are any, and 3 if there are none but not all was read. Possible "
        "passwords are listed, and count only with --strict.",
        allow_abbrev=False,
    )
    scan.add_argument("paths", metavar="PATH", nargs="+", help="a notebook, or a folder with all below it")
    scan.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    scan.add_argument(
        "--notebooks-only", dest="nearby", action="store_false", help="leave the files beside them out"
    )
    scan.add_argument("--history", action="store_true", help="search IPython's history as well")
    scan.add_argument("--strict", action="store_true", help="count possible passwords as found")
    scan.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Search, write what was found, and return the exit status."""
    progress = _Line()
    try:
        from aicore_magics.leaks.formats import in_format
        from aicore_magics.leaks.scan import scan_notebooks

        found = scan_notebooks(
            options.paths,
            nearby=options.nearby,
            history=options.history,
            strict=options.strict,
            watch=Watch(paced(progress.show)),
        )
    except Stopped as stopped:
        progress.clear()
        stopped.door = SHELL
        tell(f"Stopped: {stopped}")
        return NOT_ALL_READ
    except KeyboardInterrupt:  # before the first file, or behind the last
        progress.clear()
        tell("Stopped: not all was read. Nothing was changed.")
        return NOT_ALL_READ
    progress.clear()
    fault = unwritten(f"{in_format(found, options.format, SHELL)}\n")
    if found.leaks:
        return FOUND
    if any(passed_over.missing for passed_over in found.unsearched):
        return WRONG_USE
    return 0 if found.all_read and not fault else NOT_ALL_READ


class _Line:
    """One line on a terminal's standard error that is written over; anywhere else nothing."""

    _ERASE = "\r\x1b[K"  # ECMA-48: back to the first column, and erase to the end of the line

    def __init__(self) -> None:
        self._shown = False

    def show(self, _step: str, _state: StepState, word: str) -> None:
        """Show *word* in place of what stands there."""
        if sys.stderr is not None and sys.stderr.isatty():
            self._write(f"{self._ERASE}{word} …")
            self._shown = True

    def clear(self) -> None:
        """Leave nothing of it."""
        if self._shown:
            self._write(self._ERASE)

    @staticmethod
    def _write(text: str) -> None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text)
            sys.stderr.flush()
