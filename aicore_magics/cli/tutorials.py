"""`jupyter aicore tutorials DIR`: the tutorials of this package, to run and to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.cli.ends import DONE

if TYPE_CHECKING:
    from argparse import Namespace

    from aicore_magics.actions.tutorials import TutorialsCopied
    from aicore_magics.grammar.parsing import Parser


def add(parser: Parser) -> None:
    """Add what the command takes."""
    parser.add_argument("folder", metavar="DIR", help="folder to copy them to; created if missing")


def copy(options: Namespace) -> tuple[TutorialsCopied, int]:
    """Copy them. A file there that was changed is never overwritten."""
    from aicore_magics.actions.tutorials import copy_tutorials

    return copy_tutorials(options.folder), DONE


RUN = {"tutorials": copy}
