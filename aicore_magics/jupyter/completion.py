"""Completion behind the magics: what can stand there, and nothing else. It never asks the network."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from IPython.core.completer import SimpleCompletion, context_matcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.completer import CompletionContext
    from IPython.core.interactiveshell import InteractiveShell

    from aicore_magics.grammar.parsing import Parser
    from aicore_magics.grammar.values import Known
    from aicore_magics.jupyter.session import Session
    from aicore_magics.jupyter.typed_line import TypedLine

READ_WITHIN = 0.3  # seconds that a key press waits for the record of this machine
_RECORDED = ("run", "names", "leave_out")
# What a number is written like, by the word that stands for it in a help.
_NUMBERS = {
    "SECONDS": re.compile(r"(?=.*[1-9])[0-9]{1,4}(?:\.[0-9]{1,9})?"),
    "N": re.compile(r"[1-9][0-9]{0,5}"),
    "DAYS": re.compile(r"[0-9]{1,4}"),
}


class Completer:
    """Completes from what is known in this kernel and on this machine."""

    def __init__(self, session: Session, shell: InteractiveShell) -> None:
        self._session = session
        self._shell = shell

    @context_matcher()  # type: ignore[untyped-decorator]
    def match(self, context: CompletionContext) -> dict[str, Any]:
        """Give the words that fit behind a magic, and nothing elsewhere.

        Where none fits, what was typed is given back: IPython suppresses nothing for an empty list, and would
        offer names of Python where none can stand.
        """
        if "aicore_" not in context.full_text:
            return {"completions": []}
        from aicore_magics.jupyter.typed_line import quoted, typed_line

        line = typed_line(context.full_text, context.cursor_line, context.cursor_position)
        fitting = self._fitting(line) if line else None
        if line is None or fitting is None:
            return {"completions": []}
        after = context.line_with_cursor[context.cursor_position :]
        typed = ((quoted(word, line.value, after), kind) for word, kind in fitting)
        words = [(word, kind) for word, kind in typed if word] or [(line.value, "text")]
        return {
            "completions": [SimpleCompletion(word, type=kind) for word, kind in words],
            "matched_fragment": line.value,
            "suppress": True,
            "ordered": True,
        }

    def _fitting(self, line: TypedLine) -> Iterator[tuple[str, str]] | None:
        """What can stand at the end of *line* and begins as it does, each with its kind.

        None: the magic is none of ours.
        """
        from aicore_magics.grammar.magics import CONNECT, grammar_of

        if line.magic == CONNECT and not line.cell:
            from aicore_magics.grammar.connect_grammar import connect_parser

            return self._arguments(connect_parser(), line, line.before)
        grammar = grammar_of(line.magic)
        if grammar is None or (line.cell and not grammar.cell):
            return None
        subcommands = [name for name in grammar.subcommands if (name == grammar.cell) is line.cell]
        if not line.before:
            return _beginning(line.begun, *subcommands, "--help")
        if line.before[0] not in subcommands:
            return iter(())
        return self._arguments(grammar.parser(line.before[0]), line, line.before[1:])

    def _arguments(
        self, parser: Parser, line: TypedLine, words: tuple[str, ...]
    ) -> Iterator[tuple[str, str]]:
        """The values of the argument that is due, then the options that may follow.

        Where nothing is known of a value, it may be in a variable.
        """
        from aicore_magics.grammar.expected import expected
        from aicore_magics.grammar.values import FILES, FOLDER, values

        place = expected(parser, words)
        argument = parser.argument(line.option) if line.option else place.argument
        if argument:
            kind = "path" if argument.metavar in (*FILES, FOLDER) else "magic"
            known = self._known(_profile(words))
            if parser.prog.startswith("%aicore_rotate ") and argument.dest in _RECORDED:
                known = self._with_record(known, _profiles(words))
            found = values(parser.prog, argument, line.begun, known)
            yield from ((word, kind) for word in found)
            if not found and (place.behind or line.option or line.begun):
                yield from _beginning(line.begun, *self._variables(_NUMBERS.get(f"{argument.metavar}")))
        if not line.option:
            yield from _beginning(line.begun, *place.options)

    def _known(self, profile: str) -> Known:
        """What this kernel has seen; of names, those of the tenant that the line is about."""
        from aicore_magics.grammar.values import Known

        session = self._session
        names, images = session.seen_by(profile).names, session.known_images
        registry = session.connection.registry if session.connection else None
        tenants = session.sandbox_tenants.names
        if registry is None:
            return Known(names, images, sandbox_tenants=tenants)
        from aicore_magics.aicore.connection import SANDBOX_IMAGE

        of_sandbox = f"{registry.host}/{SANDBOX_IMAGE}"
        return Known(names, (*images, of_sandbox), (registry.host, registry.basic_host), tenants)

    def _with_record(self, known: Known, profiles: tuple[str, ...]) -> Known:
        """*known*, with what the record of this machine has of these tenants; as it is where that takes long.

        Nobody is asked, and no sandbox is started.
        """
        from aicore_magics.actions.record_names import record_names
        from aicore_magics.base.aside import Aside

        there = map(self._session.seen_tenant, (*profiles, ""))
        tenants = [tenant for tenant in there if tenant][: len(profiles) or 1]
        try:
            record = Aside(lambda: record_names(tenants), name="completion").result(READ_WITHIN)
        except Exception:  # noqa: BLE001 - whoever runs the line is told
            return known
        names = tuple(dict.fromkeys((*known.names, *record.names)))
        return replace(known, names=names, runs=record.runs, open_runs=record.open)

    def _variables(self, number: re.Pattern[str] | None) -> Iterator[str]:
        """The variables that a word in braces can stand for: texts and paths, or what is like *number*."""
        kinds = (str, int, float) if number else (str, os.PathLike)
        for name, value in tuple(self._shell.user_ns.items()):  # a thread of the user may add to it
            fits = isinstance(value, kinds) and (not number or number.fullmatch(str(value)))
            if fits and not name.startswith("_"):
                yield f"{{{name}}}"


def _profile(words: tuple[str, ...]) -> str:
    """The first profile that is named among *words*, if there is one."""
    return next(iter(_profiles(words)), "")


def _profiles(words: tuple[str, ...]) -> tuple[str, ...]:
    """The profiles that are named among *words*."""
    typed = ((word.partition("="), value) for word, value in zip(words, (*words[1:], ""), strict=False))
    return tuple(
        behind if equals else value or "?"
        for (option, equals, behind), value in typed
        if option == "--profile"
    )


def _beginning(begun: str, *words: str) -> Iterator[tuple[str, str]]:
    return ((word, "magic") for word in words if word.startswith(begun))
