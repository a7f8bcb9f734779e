"""What may not stand in any value of a template, wherever it is: looked for once, in the finished text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.templates.making.spelling import refused

if TYPE_CHECKING:
    from collections.abc import Collection

_APART = "AI Core takes it for a parameter: put a blank between the braces."


def check_placeholders(text: str, declared: Collection[str]) -> None:
    """Refuse *text* if it has a `{{…}}` that is not one of *declared*: AI Core replaces it, quotes or not."""
    start = text.find("{")
    while start >= 0:
        if text.startswith("{{", start):
            start = _checked(text, start + 2, declared)
        start = text.find("{", start + 1)


def _checked(text: str, start: int, declared: Collection[str]) -> int:
    """Refuse what stands from *start* to the next }}, or give where that is."""
    end = text.find("}}", start)
    if end < 0:
        raise refused("a value has {{ and no }} behind it", _APART)
    name = text[start:end].strip()
    if name not in declared:
        raise refused(*_undeclared(name, declared))
    return end


def _undeclared(name: str, declared: Collection[str]) -> tuple[str, str]:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,41}", name):
        return "a value has {{…}} in it, and names no parameter there", _APART
    last = name.removesuffix(".path").rpartition(".")[2]
    near = next((each for each in declared if each.removesuffix(".path").rpartition(".")[2] == last), None)
    hint = f"write {{{{{near}}}}}" if near else f"declare it with --param {last}, or leave it out."
    return f"{{{{{name}}}}} is not declared", hint
