"""What a magic or a command takes: its subcommands, each with one line of help, and the parser of each."""

from __future__ import annotations

import argparse
import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.grammar.meant import subcommand_meant
from aicore_magics.grammar.parsing import Parser, WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

# For options that may be given several times.
SEVERAL: dict[str, Any] = {"action": "append", "default": []}


def no_arguments(parser: Parser) -> None:
    """Add nothing: for subcommands without arguments of their own."""


def add_profile(parser: Parser) -> None:
    """Add what names the tenant for one call of a magic, and how long it may take."""
    parser.add_argument("--profile", metavar="NAME", help="use that tenant for this one call")
    add_timeout(parser)


@dataclass(frozen=True)
class Subcommand:
    """One subcommand: its help in one line, what adds its arguments, and whether it may ask a tenant.

    *in_notebook* adds what only means something in a notebook.
    """

    summary: str
    add_arguments: Callable[[Parser], None]
    asks_tenant: bool = True
    in_notebook: Callable[[Parser], None] = no_arguments


@dataclass(frozen=True)
class Grammar:
    """A magic, or a command of a shell, with subcommands.

    *cell* is the subcommand that takes a cell, if there is one; *mark* stands before a magic, and before no
    command; *tenant* adds what names a tenant.
    """

    magic: str
    what: str
    subcommands: Mapping[str, Subcommand]
    cell: str = ""
    mark: str = "%"
    tenant: Callable[[Parser], None] = add_profile

    __hash__ = object.__hash__  # each magic has one, and its parsers are kept by it

    @property
    def called(self) -> str:
        """What one types to call it."""
        return f"{self.mark}{self.magic}"

    @property
    def kind(self) -> str:
        """What each of its subcommands is called."""
        return "subcommand" if self.mark else "command"

    def name(self, words: list[str]) -> str:
        """Give the subcommand that *words* begin with; raise WrongUse with the nearest one otherwise."""
        if words[0] in self.subcommands:
            return words[0]
        meant = subcommand_meant(self.magic, words[0], self.subcommands)
        guess = f"did you mean {meant}?" if meant else f"there are {', '.join(self.subcommands)}."
        raise WrongUse(f"{self.called} has no such {self.kind}; {guess}")

    @functools.cache  # noqa: B019 - as many as there are magics
    def parser(self, name: str) -> Parser:
        """Give the parser of the subcommand *name*."""
        subcommand = self.subcommands[name]
        mark = 2 * self.mark if name == self.cell else self.mark
        parser = new_parser(f"{mark}{self.magic} {name}", subcommand.summary)
        subcommand.add_arguments(parser)
        if self.mark:
            subcommand.in_notebook(parser)
        if subcommand.asks_tenant:
            self.tenant(parser)
        add_help(parser)
        return parser

    def help(self) -> str:
        """Give the help as a whole."""
        kind = self.kind.upper()
        wide = max(map(len, self.subcommands))
        rows = [f"  {name:{wide}}  {each.summary}" for name, each in self.subcommands.items()]
        return "\n".join(
            [
                f"usage: {self.called} {kind} …",
                "",
                self.what,
                "",
                *rows,
                "",
                f"{self.called} {kind} --help shows the options of each.",
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
