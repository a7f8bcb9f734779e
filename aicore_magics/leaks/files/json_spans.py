"""Where the members, elements and strings of a JSON text stand in it. The text is known to be valid JSON."""

from __future__ import annotations

import json
import re

Span = tuple[int, int]

_MARKS = re.compile(r'["\[\]{}]')
_SCALAR = re.compile(r"[^\s,\]}]+")
_GAP = re.compile(r"[\s,:]*")


def members(text: str, span: Span) -> list[tuple[str, Span, Span]]:
    """List key, its span, and the span of the value for each member of the object at *span*, if it is one."""
    listed: list[tuple[str, Span, Span]] = []
    if text[span[0]] != "{":
        return listed
    at = _past_gap(text, span[0] + 1)
    while at < span[1] - 1:
        key = (at, _end(text, at))
        at = _past_gap(text, key[1])
        value = (at, _end(text, at))
        listed.append((json.loads(text[slice(*key)]), key, value))
        at = _past_gap(text, value[1])
    return listed


def elements(text: str, span: Span) -> list[Span]:
    """List the span of each element of the array at *span*, if it is one."""
    listed: list[Span] = []
    if text[span[0]] != "[":
        return listed
    at = _past_gap(text, span[0] + 1)
    while at < span[1] - 1:
        end = _end(text, at)
        listed.append((at, end))
        at = _past_gap(text, end)
    return listed


def whole(text: str) -> Span:
    """Give the span of the one value that *text* is."""
    start = _past_gap(text, 1 if text.startswith("\ufeff") else 0)
    return start, _end(text, start)


def strings(text: str, span: Span) -> list[Span] | None:
    """Give the span of the string at *span*, or of each in an array of strings; None if it is neither."""
    if text[span[0]] == '"':
        return [span]
    if text[span[0]] != "[":
        return None
    lines = elements(text, span)
    return lines if all(text[start] == '"' for start, _ in lines) else None


def _past_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _end(text: str, at: int) -> int:
    """Where the value ends that begins at *at*."""
    if text[at] == '"':
        return _string_end(text, at)
    if text[at] not in "[{":
        scalar = _SCALAR.match(text, at)
        return scalar.end() if scalar else at + 1
    depth = 0
    mark = _MARKS.search(text, at)
    while mark:
        at = _string_end(text, mark.start()) if mark[0] == '"' else mark.end()
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(mark[0], 0)
        if depth == 0:
            return at
        mark = _MARKS.search(text, at)
    return len(text)


def _string_end(text: str, at: int) -> int:
    end = text.find('"', at + 1)
    while end >= 0 and _is_escaped(text, end):
        end = text.find('"', end + 1)
    return end + 1 if end >= 0 else len(text)


def _is_escaped(text: str, at: int) -> bool:
    run = at
    while text[run - 1] == "\\":
        run -= 1
    return (at - run) % 2 == 1
