"""Values that are written in several texts, which Python or a shell puts together: `'Tr0ub' + 'dor&3'`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.quoting import QUOTE
from aicore_magics.leaks.values import between

if TYPE_CHECKING:
    from aicore_magics.leaks.json_spans import Span

MAX_PARTS = 20  # of one value
_LONGEST_LINE = 1_000
_BRACKETS_WITHIN = 400  # characters
_GAP = r"(?:\s|\\\r?\n){0,60}"
# Nothing, spaces, a plus with a variable even, or the end of a line inside brackets.
_JOINED = re.compile(
    rf"(?P<plus>{_GAP}\+(?:{_GAP}[A-Za-z_][\w.]{{0,80}}{_GAP}\+)?)?(?P<gap>{_GAP})"
    rf"(?P<prefix>[rbufRBUF]{{0,2}})(?P<open>{QUOTE})"
)
_FILLED_IN = re.compile(r"\{[^{}]*\}")
_BETWEEN = re.compile(rf"{QUOTE}{{1,3}}{_JOINED.pattern}(?:[\"']{{2}})?")


def parts(text: str, opening: re.Match[str], *, spaced: bool = True) -> list[Span]:
    """Give where the parts of the value stand that *opening* opens: mostly one.

    None if it does not end, or is filled in by an f-string. Not *spaced*: only what touches it belongs to it.
    """
    found: list[Span] = []
    part: re.Match[str] | None = opening
    for _ in range(MAX_PARTS):
        start, end = between(text, part) if part else (0, -1)
        if part is None or end < start or _is_filled_in(part, text[start:end], first=part is opening):
            break
        if text[start:end].replace("\\n", "").strip():
            found.append((start, end))
        part = _next_part(text, opening, _behind(text, part, end), spaced=spaced)
    return found


def are_joined(text: str, end: int, start: int) -> bool:
    """Whether what ends at *end* and what begins at *start* are parts of one value."""
    return end < start and _BETWEEN.fullmatch(text, end, start) is not None


def _behind(text: str, opening: re.Match[str], end: int) -> int:
    """Where the text goes on behind a part that ends at *end*."""
    quote = opening["open"]
    three = len(quote) == 1 and text.startswith(2 * quote, opening.end()) and text.startswith(3 * quote, end)
    return end + (3 if three else len(quote))


def _next_part(text: str, opening: re.Match[str], at: int, *, spaced: bool) -> re.Match[str] | None:
    """The quote that opens the next part, if what stands at *at* is joined to what *opening* began."""
    joined = _JOINED.match(text, at)
    if not joined or _closes_another(text, opening, joined):
        return None
    if not spaced and (joined["plus"] or joined["gap"]):
        return None
    ends_line = "\n" in joined["gap"].replace("\\\n", "").replace("\\\r\n", "")
    return joined if joined["plus"] or not ends_line or _in_brackets(text, opening.start("open")) else None


def _closes_another(text: str, opening: re.Match[str], joined: re.Match[str]) -> bool:
    """Whether the quote ends a text that *opening* stands in, as in `'password="…" '`."""
    quote = joined["open"]
    three = text.startswith(3 * quote, joined.start("open"))
    if three and not joined["plus"] and not text.startswith(3 * quote, opening.start("open")):
        return True
    at = opening.start("open")
    line = text.rfind("\n", max(0, at - _LONGEST_LINE), at) + 1
    return quote != opening["open"] and text.count(quote, max(line, at - _LONGEST_LINE), at) % 2 == 1


def _in_brackets(text: str, at: int) -> bool:
    before = text[max(0, at - _BRACKETS_WITHIN) : at]
    return before.count("(") > before.count(")")


def _is_filled_in(part: re.Match[str], written: str, *, first: bool) -> bool:
    """Whether an f-string is filled in; one that goes on a value, with nothing else in it."""
    if "f" not in part["prefix"].lower() or "{" not in written:
        return False
    return first or not _FILLED_IN.sub("", written)
