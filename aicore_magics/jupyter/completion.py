"""Completion behind the magics: subcommands, options, and the names of secrets seen before."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from IPython.core.completer import SimpleCompletion, context_matcher

if TYPE_CHECKING:
    from collections.abc import Callable

    from IPython.core.completer import CompletionContext

    from aicore_magics.grammar.grammar import Grammar
    from aicore_magics.jupyter.session import Session

_MAGIC = re.compile(r"^\s*(?:\w+\s*=\s*)?%{1,2}(aicore_(?:connect|docker_secret|template|notebook))\s+(.*)$")
_WITH_NAMES = ("apply", "update", "show", "delete")


class Completer:
    """Completes from what is known in this kernel; it never asks the network."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @context_matcher()  # type: ignore[untyped-decorator]
    def match(self, context: CompletionContext) -> dict[str, Any]:
        """Give the words that fit behind a magic, and nothing elsewhere."""
        match = _MAGIC.match(context.text_until_cursor)
        if not match:
            return {"completions": []}
        *before, fragment = match[2].split(" ")
        words = self._words(match[1], [word for word in before if word])
        fitting = [word for word in words if word.startswith(fragment)]
        return {
            "completions": [SimpleCompletion(word, type="magic") for word in fitting],
            "matched_fragment": fragment,
            "suppress": bool(fitting),
        }

    def _words(self, magic: str, before: list[str]) -> tuple[str, ...]:
        if magic == "aicore_connect":
            from aicore_magics.grammar.connect_grammar import connect_parser

            return connect_parser().option_names()
        grammar = _grammar(magic)
        if not before:
            return (*grammar.subcommands, "--help")
        if before[0] not in grammar.subcommands:
            return ()
        options = grammar.parser(before[0]).option_names()
        if before[-1] == "--secret":
            return self._session.known_names
        if before[-1] in _VALUES and before[-1] in options:
            return _VALUES[before[-1]]()
        words: list[str] = []
        if magic == "aicore_docker_secret" and len(before) == 1 and before[0] in _WITH_NAMES:
            words += self._session.known_names
        if magic == "aicore_template" and before == ["rules"]:
            words += _rules()
        return (*words, *options)


def _grammar(magic: str) -> Grammar:
    from aicore_magics.grammar.notebook_grammar import NOTEBOOK
    from aicore_magics.grammar.secret_grammar import SECRET
    from aicore_magics.grammar.template_grammar import TEMPLATE

    return next(grammar for grammar in (SECRET, TEMPLATE, NOTEBOOK) if grammar.magic == magic)


def _registries() -> tuple[str, ...]:
    from aicore_magics.registry.presets import hosts_to_offer

    return hosts_to_offer()


def _rules() -> tuple[str, ...]:
    from aicore_magics.templates.catalogue.index import RULES

    return tuple(sorted(RULES))


# What is known of an option's value. Names of variables are no secret.
_VALUES: dict[str, Callable[[], tuple[str, ...]]] = {
    "--registry": _registries,
    "--disable": _rules,
    "--as": lambda: ("curl", "http"),
    "--for": lambda: ("workflow", "serving"),
    "--password-env": lambda: tuple(sorted(os.environ)),
}
