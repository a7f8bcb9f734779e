"""The line that somebody ran, and how its options go on into the line that is offered next.

The words are those that were typed: a variable in braces stays one, so no value of it is ever shown.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING

from aicore_magics.grammar.magics import CONNECT, grammar_of
from aicore_magics.grammar.together import idle
from aicore_magics.grammar.words import words_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aicore_magics.grammar.parsing import Parser
    from aicore_magics.model.names import Registry

# A check is offered for one login or image: which that is, its line says itself.
_OF_ONE_CHECK = ("--registry", "--image", "--username", "--login", "--all")
# What only the line that was run was for.
_ENDS = ("--status", "--disconnect", "--sandbox", "--dry-run", "--as", "--yes", "--help")
_TENANT = "--profile"  # the one option that means the same at every magic
_SEVERAL = "--realm"  # a line that has one takes more of them
# The file of a plan says these itself, and is refused beside them.
_IN_PLANS = ("--registry", "--leave-out", "--templates", "--image")
_FILE, _USER = "--from-file", "--username"
_FOR_ONE = ("--password-env", "--password-command")  # one may say for which registry it is
_IN_BRACES = re.compile(r"\{[A-Za-z_]\w*\}")


@dataclass(frozen=True)
class GivenLine:
    """What was typed behind a *magic*, as words."""

    magic: str
    words: tuple[str, ...]

    def continued(self, line: str, *, same_tenant: bool = True) -> str:
        """Return *line*, another magic to run, with the options of this one that it takes and lacks.

        That is its tenant, too, if it is for the *same_tenant*.

        >>> given = GivenLine("aicore_docker_secret", ("create", "team-x", "--username", "anna"))
        >>> given.continued("%aicore_docker_secret update team-x")
        '%aicore_docker_secret update team-x --username anna'
        """
        called, words = self._split(line)
        magic = called.removeprefix("%")
        mine, theirs = self._parser(self.magic, self.words), self._parser(magic, words)
        if mine is None or theirs is None:
            return line
        same, here = magic == self.magic, dict(_options(theirs, words))
        more = self._going_on(mine, theirs, here, same=same)
        if not same_tenant:
            more.pop(_TENANT, None)
        if _FILE in more and _USER in here:  # a file has its own users
            at = words.index(_USER)
            del words[at : at + 2]
        named = self._name(mine, theirs) if same and not {"", "--position"} & {*here} else []
        if not more and not named:
            return line
        said = [*words[:1], *named, *words[1:], *chain(*more.values())]
        return " ".join([called, *map(self._quoted, said)])

    def _split(self, line: str) -> tuple[str, list[str]]:
        """What is called there, and the words behind it."""
        called, *words = words_of(line) or [""]
        return called, words

    def _parser(self, magic: str, words: Sequence[str]) -> Parser | None:
        """The parser of that line, if it is one of ours."""
        if magic == CONNECT:
            from aicore_magics.grammar.connect_grammar import connect_parser

            return connect_parser()
        grammar = grammar_of(magic)
        known = grammar is not None and bool(words) and words[0] in grammar.subcommands
        return grammar.parser(words[0]) if grammar and known else None

    def _may_go_on(self, typed: list[str], mine: Parser, theirs: Parser, *, same: bool) -> bool:
        """Whether the option that was *typed* here means the same there; *same*: it is of the same magic."""
        return same or option_of(typed) == _TENANT

    def _quoted(self, word: str) -> str:
        return word if _IN_BRACES.fullmatch(word) else shlex.quote(word)

    def tenant(self) -> str:
        """Return what names the tenants of this line, to stand behind another; or nothing."""
        mine = self._parser(self.magic, self.words)
        typed = [words for option, words in _options(mine, self.words) if option == _TENANT] if mine else []
        return " ".join(["", *map(self._quoted, chain(*typed))]) if typed else ""

    def _going_on(
        self, mine: Parser, theirs: Parser, here: Mapping[str, list[str]], *, same: bool
    ) -> dict[str, list[str]]:
        """The options that go on into a line of *theirs* that has *here*; *same*: it is of the same magic."""
        subcommand = theirs.prog.rpartition(" ")[2]
        said = _IN_PLANS if here.get("", [""])[-1].lower().endswith(".json") else ()
        more: dict[str, list[str]] = {}
        for option, typed in _options(mine, self.words):
            there = option in here and (option != _SEVERAL or typed[-1:] == here[option][-1:])
            over = option in (*_ENDS, *said) or not self._may_go_on(typed, mine, theirs, same=same)
            fits = subcommand != "check" or _fits_check(option, typed, here)
            if fits and not (there or over) and theirs.takes(option, tuple(here)):
                more.setdefault(option, []).extend(typed)
        for option, values in [*more.items()]:
            # Which of several is meant, nobody can tell there.
            many = sum(option_of([word]) == option for word in values)
            if many > 1 and not theirs.takes_several(option):
                del more[option]
        for option in [*more]:
            without = {*here, *more} - {option}
            if {*idle(subcommand, {*without, option})} - {*idle(subcommand, without)}:
                del more[option]
        return more

    def _name(self, mine: Parser, theirs: Parser) -> list[str]:
        """The name of the secret, where the other line takes one and has none."""
        takes = all(any(each.dest == "name" for each in parser.arguments()) for parser in (mine, theirs))
        return [typed[0] for option, typed in _options(mine, self.words) if not option][:1] if takes else []


def option_of(typed: Sequence[str]) -> str:
    """The option in what was *typed* of it, also where its value stands behind an equals sign."""
    return typed[0].partition("=")[0]


def _options(parser: Parser, words: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Each option of a line with its words; what is none, such as a name, stands behind no option."""
    rest = iter(words if parser.prog.endswith(CONNECT) else words[1:])
    for word in rest:
        option, equals, _ = word.partition("=")
        if option not in parser.option_names():
            yield "", [word]
        elif parser.argument(option) and not equals:
            yield option, [word, *islice(rest, 1)]
        else:
            yield option, [word]


def _fits_check(option: str, typed: list[str], here: Mapping[str, list[str]]) -> bool:
    """Whether an option goes on into the check of one login or image, which the line has *here*."""
    if option not in _FOR_ONE:
        return option not in _OF_ONE_CHECK
    from aicore_magics.model.names import Registry

    registry = _before_value(option, typed[-1].removeprefix(f"{option}="))
    return registry is None or Registry.find(registry) == _registry(here)


def _before_value(option: str, value: str) -> str | None:
    """The registry that stands before the *value* of an *option*, if one does."""
    if option == _FOR_ONE[0]:
        registry, equals, _ = value.rpartition("=")
        return registry if equals else None
    from aicore_magics.errors import InvalidLogin
    from aicore_magics.logins.password_command import split_registry

    try:
        return split_registry(value)[0]
    except InvalidLogin:
        return None


def _registry(here: Mapping[str, list[str]]) -> Registry | None:
    from aicore_magics.errors import InvalidImage
    from aicore_magics.model.image_reference import ImageReference
    from aicore_magics.model.names import Registry

    try:
        return ImageReference.parse(here["--image"][-1]).registry
    except KeyError:
        return Registry.find(here["--registry"][-1]) if "--registry" in here else None
    except InvalidImage:
        return None
