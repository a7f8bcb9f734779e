"""`jupyter aicore scan`: find credentials in notebooks."""

from __future__ import annotations

import contextlib
import signal
from typing import TYPE_CHECKING, Any

from aicore_magics.base.progress import Watch, paced
from aicore_magics.base.terminal_line import TerminalLine
from aicore_magics.cli.shell import FOUND, NOT_ALL_READ, SHELL, WRONG_USE, tell, unwritten
from aicore_magics.errors import Stopped

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

FORMATS = ("text", "json", "sarif")
# What ends a job in CI, and what a terminal sends when it is closed. Windows knows no SIGHUP.
_ENDS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))


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
    with _ends_as_by_ctrl_c():
        return _run(options)


@contextlib.contextmanager
def _ends_as_by_ctrl_c() -> Iterator[None]:
    """Let a signal that ends the search do so with a word, unless somebody has it ignored, as nohup does."""
    taken = [number for number in _ENDS if signal.getsignal(number) is signal.SIG_DFL]
    for number in taken:
        signal.signal(number, signal.default_int_handler)
    try:
        yield
    finally:
        for number in taken:
            signal.signal(number, signal.SIG_DFL)


def _run(options: argparse.Namespace) -> int:
    progress = TerminalLine()
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
