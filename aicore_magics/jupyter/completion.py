"""Completion behind the magics: subcommands, options, and the names of secrets seen before."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from IPython.core.completer import SimpleCompletion, context_matcher

if TYPE_CHECKING:
    from IPython.core.completer import CompletionContext

    from aicore_magics.jupyter.session import Session

_MAGIC = re.compile(r"^\s*(?:\w+\s*=\s*)?%(aicore_connect|aicore_docker_secret)\s+(.*)$")
_WITH_NAMES = ("apply", "update", "show", "delete")


class Completer:
    """Completes from what is known in this kernel; it never asks the network."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @context_matcher()  # type: ignore[untyped-decorator]
    def match(self, context: CompletionContext) -> dict[str, Any]:
        """Give the words that fit behind a magic, and nothing elsewhere."""
        found = _MAGIC.match(context.text_until_cursor)
        if not found:
            return {"completions": []}
        *before, fragment = found[2].split(" ")
        words = self._words(found[1], [word for word in before if word])
        fitting = [word for word in words if word.startswith(fragment)]
        return {
            "completions": [SimpleCompletion(word, type="magic") for word in fitting],
            "matched_fragment": fragment,
            "suppress": bool(fitting),
        }

    def _words(self, magic: str, before: list[str]) -> tuple[str, ...]:
        from aicore_magics.jupyter import parsing

        if magic == parsing.CONNECT:
            return parsing.connect_parser().option_names()
        if not before:
            return (*parsing.SUBCOMMANDS, "--help")
        if before[0] not in parsing.SUBCOMMANDS:
            return ()
        names = self._session.known_names if len(before) == 1 and before[0] in _WITH_NAMES else ()
        return (*names, *parsing.secret_parser(before[0]).option_names())
