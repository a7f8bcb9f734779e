"""Offsets in a text, and the line and column at which an editor shows them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

# As editors count lines. YAML 1.1 knows more line breaks, which no editor shows as such.
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A line and a column, both counted from 1, the column in characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.line}:{self.column}"


class Lines:
    r"""The lines of a text.

    >>> str(Lines("a: 1\r\nb: 2").place(9))
    '2:4'
    """

    __slots__ = ("starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(found.end() for found in _LINE_BREAK.finditer(text))]

    def place(self, offset: int) -> Position:
        """Give the place of the character at *offset*."""
        row = self.row(offset)
        return Position(row + 1, offset - self.starts[row] + 1)

    def row(self, offset: int) -> int:
        """Give the line that holds *offset*, counted from 0."""
        return bisect_right(self.starts, offset) - 1

    def end(self, row: int) -> int:
        """Give the offset behind line *row* and its line break."""
        return self.starts[row + 1] if row + 1 < len(self.starts) else len(self.text)

    def line(self, row: int) -> str:
        """Give line *row* without its line break."""
        return self.text[self.starts[row] : self.end(row)].rstrip("\r\n")
