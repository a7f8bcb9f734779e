"""Passwords in tables, under a heading or beside a label: HTML, Markdown, CSV, and what pandas prints."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from aicore_magics.leaks.detectors.bare_values import is_random_value
from aicore_magics.leaks.detectors.judge import kind_of
from aicore_magics.leaks.detectors.keywords import REGISTRY, Words, names_registry
from aicore_magics.leaks.detectors.match import Match
from aicore_magics.leaks.detectors.names import group_of_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aicore_magics.leaks.detectors.match import Style

_TELLING = re.compile(r"pass|pwd|pw\b|token|secret|key|wort")
_LONGEST_LINE = 10_000
_MOST_COLUMNS = 500
_SHORTEST_TABLE = 2  # lines
_MOST_HEADINGS = 5  # lines of a block that are tried as the one with the headings
_MOST_BESIDE = 3  # columns of a table that has one entry a line
_FEWEST_UNDER = 2  # cells of a row that stand under headings: one alone may do so by chance
_SHORTEST_TOKEN = 16  # a column of tokens may be one of words that a model reads
_TAG = re.compile(r"(?i)<(?P<end>/?)(?P<tag>tr|th|td|dt|dd|table|dl)\b[^<>]{0,400}>")
_MARKUP = re.compile(r"\s+|<[^<>]{0,400}>|[*_`]{1,3}|[\"']")
_BORDER = re.compile(r"[\s+|:=\u2500-\u257f-]*")
_HEADING = re.compile(r"[\w .-]{0,60}")
_SEPARATORS = ("\t", ";", ",")
_ONE_HEADING = re.compile(r"[\w.()/%#\\-]+")
_A_WORD = re.compile(r"\S+")


class _Cell(NamedTuple):
    """Where a cell stands, without what marks it up."""

    start: int
    end: int
    label: str = ""

    def touches(self, other: _Cell) -> bool:
        """Whether both end, or both begin, in one column of the text."""
        return self.end == other.end or self.start == other.start


def table_hits(text: str, small: str, style: Style, *, known: bool) -> Iterator[Match]:
    """Find passwords in the tables in *text*, which is *small* in small letters.

    *known*: all of it is about a registry; else a word that says so has to be near.
    """
    if not _TELLING.search(small):
        return
    found = [*_in_html(text, small), *_in_lines(text, style)]
    words = Words(small, REGISTRY) if found and not known else None
    for cell in found:
        about = known or names_registry(cell.label) or (words is not None and words.near(cell.start))
        yield Match(cell.start, cell.end, kind_of(group_of_label(cell.label), about=about))


def _trimmed(text: str, start: int, end: int) -> _Cell:
    """The cell from *start* to *end* without the spaces, tags and emphasis around what it says."""
    for _ in range(8):
        before = _MARKUP.match(text, start, end)
        if not before:
            break
        start = before.end()
    inner = text[start:end]
    for _ in range(8):
        shorter = re.sub(r"(?:\s+|</?\w{1,10}>|[*_`]{1,3}|[\"'])\Z", "", inner[-40:])
        if len(shorter) == len(inner[-40:]):
            break
        inner = inner[: len(inner) - len(inner[-40:]) + len(shorter)]
    return _Cell(start, start + len(inner))


def _labelled(text: str, cell: _Cell, label: str) -> Iterator[_Cell]:
    """The *cell*, if it holds what *label* says."""
    value = html.unescape(text[cell.start : cell.end])
    group = group_of_label(label)
    short = group != "password" and len(value) < _SHORTEST_TOKEN
    if group and not short and is_random_value(group, value):
        yield cell._replace(label=label)


def _rows(text: str, headings: Sequence[_Cell], rows: Iterable[Sequence[_Cell]]) -> Iterator[_Cell]:
    """What stands under those of *headings* that name a password, and beside a cell that does."""
    columns = [
        (number, label)
        for number, cell in enumerate(headings)
        if group_of_label(label := text[cell.start : cell.end])
    ]
    for row in rows:
        for number, label in columns:
            if len(row) == len(headings):
                yield from _labelled(text, row[number], label)
        for label_cell, cell in pairwise(row) if len(row) <= _MOST_BESIDE else ():
            yield from _labelled(text, cell, text[label_cell.start : label_cell.end])


def _in_html(text: str, small: str) -> Iterator[_Cell]:
    if "<td" not in small and "<dd" not in small:
        return
    table: list[list[_Cell]] = []
    opened = None
    for tag in _TAG.finditer(text):
        name = tag["tag"].lower()
        if opened is not None:
            if not table:
                table.append([])
            if len(table[-1]) < _MOST_COLUMNS:
                table[-1].append(_trimmed(text, opened, tag.start()))
            opened = None
        if name in ("table", "dl"):
            yield from _rows(text, table[0] if table else (), table)
            table = []
        elif name in ("tr", "dt") and not tag["end"]:
            table.append([])
        if name in ("th", "td", "dt", "dd") and not tag["end"]:
            opened = tag.end()
    yield from _rows(text, table[0] if table else (), table)


def _in_lines(text: str, style: Style) -> Iterator[_Cell]:
    """Tables of which each row is a line: with bars, with separators, or aligned."""
    block: list[tuple[int, int]] = []
    for start, end in _lines(text):
        if text[start:end].strip():
            block.append((start, end))
            continue
        yield from _in_block(text, block, style)
        block = []
    yield from _in_block(text, block, style)


def _lines(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield start, min(end, start + _LONGEST_LINE)
        start = end + 1


def _in_block(text: str, block: Sequence[tuple[int, int]], style: Style) -> Iterator[_Cell]:
    """What stands in *block*: lines with no empty one between them."""
    if len(block) < _SHORTEST_TABLE or not _TELLING.search(text[block[0][0] : block[-1][1]].lower()):
        return
    bar = next((sign for sign in "|│┃" if sign in text[block[0][0] : block[1][1]]), "")
    if bar:
        rows = [_between_bars(text, line, bar) for line in block if not _BORDER.fullmatch(text, *line)]
        yield from _rows(text, rows[0] if rows else (), rows)
    elif style != "code":
        for index, line in enumerate(block[:_MOST_HEADINGS]):
            if _TELLING.search(text[slice(*line)].lower()):
                yield from _separated(text, line, block[index + 1 :])
                yield from _aligned(text, line, block[index + 1 :])


def _between_bars(text: str, line: tuple[int, int], bar: str) -> list[_Cell]:
    """The cells of *line*, without what is outside of its bars."""
    cells = _split(text, line, bar)
    outer = text[slice(*line)].strip()
    return cells[outer.startswith(bar) : len(cells) - outer.endswith(bar)]


def _split(text: str, line: tuple[int, int], separator: str) -> list[_Cell]:
    """The cells of *line*; a separator behind a backslash is none."""
    cells, start = [], line[0]
    for _ in range(_MOST_COLUMNS):
        at = text.find(separator, start, line[1])
        while at > 0 and text[at - 1] == "\\":
            at = text.find(separator, at + 1, line[1])
        cells.append(_trimmed(text, start, at if at >= 0 else line[1]))
        if at < 0:
            break
        start = at + 1
    return cells


def _separated(text: str, first: tuple[int, int], others: Sequence[tuple[int, int]]) -> Iterator[_Cell]:
    """What stands under the headings of comma separated values, or of such with another separator."""
    separator = next((sign for sign in _SEPARATORS if sign in text[slice(*first)]), "")
    headings = _split(text, first, separator) if separator else []
    if headings and all(_HEADING.fullmatch(text, cell.start, cell.end) for cell in headings):
        rows = [_split(text, line, separator) for line in others]
        yield from _rows(text, headings, [row for row in rows if len(row) == len(headings)])


def _aligned(text: str, first: tuple[int, int], others: Sequence[tuple[int, int]]) -> Iterator[_Cell]:
    """What begins or ends exactly under a heading, as pandas and commands print it."""
    words = _placed(text, first)
    headings = [word for word in words if group_of_label(word.label)]
    if not headings or not all(_ONE_HEADING.fullmatch(word.label) for word in words):
        return
    for line in others:
        row = _placed(text, line)
        under = [cell for cell in row if any(heading.touches(cell) for heading in words)]
        if len(under) < _FEWEST_UNDER and not len(words) == len(under) == len(row) - 1:
            continue
        for cell in under:
            label = next((heading.label for heading in headings if heading.touches(cell)), "")
            if label:
                yield from _labelled(text, _Cell(cell.start + line[0], cell.end + line[0]), label)


def _placed(text: str, line: tuple[int, int]) -> list[_Cell]:
    """The words of *line*, each with where it stands on it."""
    start, end = line
    return [
        _Cell(word.start() - start, word.end() - start, word[0])
        for word in _A_WORD.finditer(text, start, end)
    ]
