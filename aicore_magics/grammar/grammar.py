"""What a magic takes: its subcommands, each with one line of help, and the parser of each."""

from __future__ import annotations

import argparse
import difflib
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.grammar.parsing import Parser, WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# For options that may be given several times.
SEVERAL: dict[str, Any] = {"action": "append", "default": []}


@dataclass(frozen=True)
class Subcommand:
    """One subcommand: its help in one line, what adds its arguments, and whether it may ask a tenant."""

    summary: str
    add_arguments: Callable[[Parser], None]
    asks_tenant: bool = True


@dataclass(frozen=True)
class Grammar:
    """A magic with subcommands. *cell* is the subcommand that takes a cell, if there is one."""

    magic: str
    what: str
    subcommands: Mapping[str, Subcommand]
    cell: str = ""

    __hash__ = object.__hash__  # each magic has one, and its parsers are kept by it

    def name(self, words: list[str]) -> str:
        """Give the subcommand that *words* begin with; raise WrongUse with the nearest one otherwise."""
        if words[0] in self.subcommands:
            return words[0]
        near = difflib.get_close_matches(words[0], self.subcommands, n=1)
        guess = f"did you mean {near[0]}?" if near else f"there are {', '.join(self.subcommands)}."
        raise WrongUse(f"%{self.magic} has no such subcommand; {guess}")

    @functools.cache  # noqa: B019 - as many as there are magics
    def parser(self, name: str) -> Parser:
        """Give the parser of the subcommand *name*."""
        subcommand = self.subcommands[name]
        mark = "%%" if name == self.cell else "%"
        parser = new_parser(f"{mark}{self.magic} {name}", subcommand.summary)
        subcommand.add_arguments(parser)
        if subcommand.asks_tenant:
            parser.add_argument("--profile", metavar="NAME", help="use that tenant for this one call")
            add_timeout(parser)
        add_help(parser)
        return parser

    def help(self) -> str:
        """Give the help of the magic as a whole."""
        wide = max(map(len, self.subcommands))
        rows = [f"  {name:{wide}}  {each.summary}" for name, each in self.subcommands.items()]
        return "\n".join(
            [
                f"usage: %{self.magic} SUBCOMMAND …",
                "",
                self.what,
                "",
                *rows,
                "",
                f"%{self.magic} SUBCOMMAND --help shows the options of each.",
            ]
        )


def new_parser(prog: str, description: str) -> Parser:
    """Give a parser without arguments."""
    return Parser(
        prog=prog,
        usage=None,
        description=description,
        add_help=False,
        allow_abbrev=False,
        formatter_class=functools.partial(argparse.HelpFormatter, max_help_position=32, width=100),
    )


def add_timeout(parser: Parser) -> None:
    """Add --timeout."""
    parser.add_argument("--timeout", metavar="SECONDS", help="limit for the whole call; default: 60")


def add_help(parser: Parser) -> None:
    """Add --help."""
    parser.add_argument("--help", action="store_true", help="show this")


def no_arguments(parser: Parser) -> None:
    """Add nothing: for subcommands without arguments of their own."""
