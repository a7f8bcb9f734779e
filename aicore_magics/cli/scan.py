"""`jupyter aicore scan`: find credentials in notebooks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.cli.shell import FOUND, NOT_ALL_READ, SHELL, WRONG_USE, tell, unwritten

if TYPE_CHECKING:
    import argparse

FORMATS = ("text", "json", "sarif")


def add(commands: Any) -> None:
    """Add the command to *commands*, the subparsers of `jupyter aicore`."""
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
    scan.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Search, write what was found, and return the exit status."""
    from aicore_magics.leaks.formats import in_format
    from aicore_magics.leaks.scan import scan_notebooks

    try:
        found = scan_notebooks(options.paths, nearby=options.nearby, history=options.history)
    except KeyboardInterrupt:
        tell("Stopped: not all was read, and what was found is not told.")
        return NOT_ALL_READ
    fault = unwritten(f"{in_format(found, options.format, SHELL)}\n")
    if found.leaks:
        return FOUND
    if any(passed_over.missing for passed_over in found.unsearched):
        return WRONG_USE
    return 0 if found.all_read and not fault else NOT_ALL_READ
