"""Values that statement after statement makes longer: `x = "abc"`, then `x += "def"`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.detectors.string_literals import QUOTE

if TYPE_CHECKING:
    from aicore_magics.leaks.files.json_spans import Span

_LINE_END = r"(?:\r?\n|(?:\\{1,15}r)?\\{1,15}n)"
_OPEN = rf"(?:\(\s{{0,32}})?[rbufRBUF]{{0,2}}(?:[\"']{{2}}(?=[\"']))?{QUOTE}"
_NAME = r"(?P<name>[A-Za-z_][\w.]{0,80})"
# Between two literals. Matches `"` with the line end and `x += "` behind it; does not match `" + "`.
_APPENDED = re.compile(
    rf"{QUOTE}(?:(?<=[\"'])[\"']{{2}})?\)?[ \t]{{0,8}}(?:;|(?:\#[^\n\\]{{0,200}})?{_LINE_END})"
    rf"(?:\s|{_LINE_END}){{0,80}}{_NAME}[ \t]{{0,8}}\+=[ \t]{{0,8}}{_OPEN}(?=[^\s\"'\\])"
)
# Before a literal. Matches `x = "`, `x: str = ("` and `x += "`.
_GIVEN = re.compile(
    rf"(?:(?<![\w.\\])|(?<=\\[nrt])){_NAME}(?:[ \t]{{0,8}}:[^=\n]{{1,40}})?"
    rf"[ \t]{{0,8}}\+?=[ \t]{{0,8}}{_OPEN}\Z"
)
_LONGEST_BEFORE = 200  # characters


def appended(text: str, start: int, end: int) -> Span | None:
    """Tell what stands between the word from *start* to *end* of *text* and what its variable gets behind it.

    >>> text = 'x = "abc"' + chr(10) + 'x += "def"'
    >>> appended(text, 5, 8), appended(text.replace("x +=", "y +="), 5, 8)
    ((8, 16), None)
    """
    more = _APPENDED.match(text, end)
    given = _GIVEN.search(text[max(0, start - _LONGEST_BEFORE) : start]) if more else None
    return more.span() if more and given and given["name"] == more["name"] else None


def without_appending(value: str) -> str:
    """Give *value* in one."""
    return _APPENDED.sub("", value)
