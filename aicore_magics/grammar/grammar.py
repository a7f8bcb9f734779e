"""What a magic or a command takes: its subcommands, each with one line of help, and the parser of each."""

from __future__ import annotations

import argparse
import functools
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.grammar.meant import HELP, HELP_OPTIONS, subcommand_meant
from aicore_magics.grammar.parsing import Parser, may_be_named
from aicore_magics.grammar.words import WrongUse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

WIDTH = 78  # columns of a help: what a notebook shows without scrolling, and a terminal without wrapping
# For options that may be given several times.
SEVERAL: dict[str, Any] = {"action": "append", "default": []}


def no_arguments(parser: Parser) -> None:
    """Add nothing: for subcommands without arguments of their own."""


def add_profile(parser: Parser) -> None:
    """Add what names the tenant for one call of a magic, and how long it may take."""
    parser.add_argument("--profile", metavar="NAME", help="use that tenant for this call; sandbox:NAME")
    add_timeout(parser)


@dataclass(frozen=True)
class Subcommand:
    """One subcommand: its help in one line, what adds its arguments, and whether it may ask a tenant.

    *in_notebook* adds what only means something in a notebook. *examples* are lines that can be typed behind
    the magic; most of them work in the sandbox.
    """

    summary: str
    add_arguments: Callable[[Parser], None]
    asks_tenant: bool = True
    in_notebook: Callable[[Parser], None] = no_arguments
    examples: tuple[str, ...] = ()


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
    examples: tuple[str, ...] = ()

    __hash__ = object.__hash__  # each magic has one, and its parsers are kept by it

    @property
    def called(self) -> str:
        """What one types to call it."""
        return f"{self.mark}{self.magic}"

    @property
    def kind(self) -> str:
        """What each of its subcommands is called."""
        return "subcommand" if self.mark else "command"

    def help_for(self, words: list[str]) -> str:
        """Give the help that *words* ask for, as `--help`, `show --help` and `help show` do; else nothing."""
        if not words or words[0] in HELP:
            name = "".join(words[1:2])
        elif words[0] in self.subcommands and {*HELP_OPTIONS} & {*words}:
            name = words[0]
        else:
            return ""
        return self.parser(name).format_help() if name in self.subcommands else self.help()

    def name(self, words: list[str]) -> str:
        """Give the subcommand that *words* begin with; raise WrongUse with the nearest one otherwise."""
        if words[0] in self.subcommands:
            return words[0]
        meant = subcommand_meant(self.magic, words, self.subcommands)
        guess = meant or f"choose one of {', '.join(self.subcommands)}."
        typed = f"no {self.kind} {words[0]}" if may_be_named(words[0]) else f"no such {self.kind}"
        raise WrongUse(f"{self.called} has {typed}; {guess}")

    @functools.cache  # noqa: B019 - as many as there are magics
    def parser(self, name: str) -> Parser:
        """Give the parser of the subcommand *name*."""
        subcommand = self.subcommands[name]
        called = f"{2 * self.mark if name == self.cell else self.mark}{self.magic}"
        examples = [f"{called} {example}" for example in subcommand.examples]
        parser = new_parser(f"{called} {name}", subcommand.summary, examples)
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
        rows = [
            textwrap.fill(
                each.summary, WIDTH, initial_indent=f"  {name:{wide}}  ", subsequent_indent=(wide + 4) * " "
            )
            for name, each in self.subcommands.items()
        ]
        return "\n".join(
            [
                f"usage: {self.called} {kind} …",
                "",
                textwrap.fill(self.what, WIDTH),
                "",
                *rows,
                "",
                *_examples([f"{self.called} {example}" for example in self.examples], ""),
                f"{self.called} {kind} --help shows the options of each.",
            ]
        )


def new_parser(prog: str, description: str, examples: Sequence[str] = ()) -> Parser:
    """Give a parser without arguments."""
    return Parser(
        prog=prog,
        description=textwrap.fill(description, WIDTH),
        epilog="\n".join(_examples(examples)),
        add_help=False,
        allow_abbrev=False,
        formatter_class=functools.partial(
            argparse.RawDescriptionHelpFormatter, max_help_position=26, width=WIDTH
        ),
    )


def _examples(lines: Sequence[str], *behind: str) -> list[str]:
    """The *lines* under their heading, and what comes *behind* them; nothing where there are none."""
    return ["examples:", *(textwrap.indent(line, "  ") for line in lines), *behind] if lines else []


def add_timeout(parser: Parser) -> None:
    """Add --timeout."""
    parser.add_argument("--timeout", metavar="SECONDS", help="time limit for the whole call; default: 60")


def add_help(parser: Parser) -> None:
    """Add --help."""
    parser.add_argument("--help", action="store_true", help="show this help")
