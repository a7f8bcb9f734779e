"""The command that somebody ran, and how its options go on into the one that is offered next."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.grammar.given_line import GivenLine, option_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.grammar.parsing import Parser

_CALLED = "jupyter aicore"
# What named the tenant stands in each line that needs one already; data are asked for by one line alone.
_NOT_ON = ("--profile", "--service-key", "--service-key-env", "--trust-host", "--format")


@dataclass(frozen=True)
class GivenCommand(GivenLine):
    """What was typed behind `jupyter aicore`, as the words that a shell has made of it."""

    @classmethod
    def of(cls, words: list[str]) -> GivenCommand:
        """Take the *words* behind `jupyter aicore`.

        >>> GivenCommand.of(["create", "team-x", "--image", "a b"]).continued("jupyter aicore update team-x")
        "jupyter aicore update team-x --image 'a b'"
        """
        called, rest = _parted(words)
        return cls(called, tuple(rest))

    def _split(self, line: str) -> tuple[str, list[str]]:
        return _parted(shlex.split(line)[2:])

    def _parser(self, magic: str, words: Sequence[str]) -> Parser | None:
        from aicore_magics.cli.commands import commands, template_commands

        grammar = commands() if magic == _CALLED else template_commands()
        return grammar.parser(words[0]) if words and words[0] in grammar.subcommands else None

    def _may_go_on(self, typed: list[str], mine: Parser, theirs: Parser, *, same: bool) -> bool:
        option = option_of(typed)
        if option == "--ca-file":  # beside --realm it is the registry's, else AI Core's
            same = all("--realm" in parser.option_names() for parser in (mine, theirs))
        return same and option not in _NOT_ON

    def _quoted(self, word: str) -> str:
        return shlex.quote(word)


def _parted(words: list[str]) -> tuple[str, list[str]]:
    """What is called, of which `template` is a part, and the words behind it."""
    from aicore_magics.cli.commands import TEMPLATE

    behind = 1 if words[:1] == [TEMPLATE] else 0
    return " ".join((_CALLED, *words[:behind])), words[behind:]
