"""Where the members, elements and strings of a JSON text stand in it. The text is known to be valid JSON."""

from __future__ import annotations

import json
import re
from functools import cached_property

Span = tuple[int, int]

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_A_STRING = re.compile(_STRING)
_MARKS = re.compile(rf"{_STRING}|[\[\]{{}}]")
_SCALAR = re.compile(r"[^\s,\]}]+")
_GAP = re.compile(r"[\s,:]*")


class JsonText:
    """A JSON text, and where each object and array in it ends: looked for once, for all that is asked."""

    def __init__(self, text: str) -> None:
        self.text = text

    def whole(self) -> Span:
        """Give the span of the one value that the text is."""
        start = self._past_gap(1 if self.text.startswith("\ufeff") else 0)
        return start, self._end(start)

    def members(self, span: Span) -> list[tuple[str, Span, Span]]:
        """List key, its span, and the span of the value for each member of the object at *span*, if any."""
        listed: list[tuple[str, Span, Span]] = []
        if self.text[span[0]] != "{":
            return listed
        at = self._past_gap(span[0] + 1)
        while at < span[1] - 1:
            key = (at, self._end(at))
            at = self._past_gap(key[1])
            value = (at, self._end(at))
            listed.append((json.loads(self.text[slice(*key)]), key, value))
            at = self._past_gap(value[1])
        return listed

    def elements(self, span: Span) -> list[Span]:
        """List the span of each element of the array at *span*, if it is one."""
        listed: list[Span] = []
        if self.text[span[0]] != "[":
            return listed
        at = self._past_gap(span[0] + 1)
        while at < span[1] - 1:
            end = self._end(at)
            listed.append((at, end))
            at = self._past_gap(end)
        return listed

    def strings(self, span: Span) -> list[str] | None:
        """Give the string at *span* as it is read, or each in an array of strings; None if it is neither."""
        if self.text[span[0]] not in '"[':
            return None
        value = json.loads(self.text[slice(*span)])
        if isinstance(value, str):
            return [value]
        return value if all(isinstance(each, str) for each in value) else None

    def string_spans(self, span: Span) -> list[Span]:
        """Give the span of the string at *span*, or of each in an array of strings."""
        return [found.span() for found in _A_STRING.finditer(self.text, *span)]

    def _past_gap(self, at: int) -> int:
        gap = _GAP.match(self.text, at)
        return gap.end() if gap else at

    def _end(self, at: int) -> int:
        """Where the value ends that begins at *at*."""
        sign = self.text[at]
        if sign in "[{":
            return self._ends.get(at, len(self.text))
        value = (_A_STRING if sign == '"' else _SCALAR).match(self.text, at)
        return value.end() if value else at + 1

    @cached_property
    def _ends(self) -> dict[int, int]:
        """Where each object and array ends, by where it begins."""
        ends: dict[int, int] = {}
        begun: list[int] = []
        for mark in _MARKS.finditer(self.text):
            sign = mark[0]
            if sign in ("[", "{"):
                begun.append(mark.start())
            elif sign in ("]", "}") and begun:
                ends[begun.pop()] = mark.end()
        return ends
