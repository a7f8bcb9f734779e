"""One piece of code, parsed: its tree, and where in the text each literal of it stands."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.leaks.files.json_spans import Span

_LONGEST_SOURCE = 300_000  # characters: more is no code that somebody wrote
# IPython's own lines. Matches `!ls`, `%env A=b` and `str?`; does not match `x % 2`.
_COMMAND = re.compile(r"(?m)^(?P<before>[ \t]*)(?:[!%](?:.*\\\r?\n)*.*|\?{1,2}\w.*|[\w.]+\?{1,2}[ \t]*$)")
# Matches the `!ls` of `files = !ls`; does not match the `!= b` of `a != b`.
_ASSIGNED_COMMAND = re.compile(r"(?m)^(?P<before>[ \t]*[\w.]+[ \t]*=[ \t]*)[!%](?:.*\\\r?\n)*.*")
_CELL_MAGIC = re.compile(r"\s*%%")
# A first line behind which Python goes on.
_PYTHON_MAGIC = re.compile(
    r"\s*%%(?:(?:time|timeit|capture|prun|memit)\b|(?:writefile|file)\b[^\n]*\.py\s*\n)"
)
_LINE_END = re.compile(r"\r\n|\r|\n")
_LITERAL = re.compile(
    r"(?s)(?P<prefix>[rbufRBUF]{0,2})(?P<open>\"\"\"|'''|\"|')"
    r"(?P<inside>(?:[^\\\"']|\\.|(?!(?P=open))[\"'])*)(?P=open)"
)
_BETWEEN = re.compile(r"(?:\s|\\\r?\n|\#[^\n]*)*")
_PLACE_IN_TEXT = re.compile(r"\{\{|\}\}|\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Literal:
    """A stretch of a text between two quotes, and what it means. *fills*: it is an f-string."""

    start: int
    end: int
    means: str = field(repr=False)
    fills: bool = False


@dataclass(frozen=True)
class Cell:
    """The text of one piece of code. Its repr shows nothing of it."""

    text: str = field(repr=False)

    @cached_property
    def tree(self) -> ast.Module | None:
        """What Python reads in it; None if it is no Python."""
        if len(self.text) > _LONGEST_SOURCE:
            return None
        if _CELL_MAGIC.match(self.text):
            return _parsed(_without_commands(self.text)) if _PYTHON_MAGIC.match(self.text) else None
        return _parsed(self.text) or _parsed(_without_commands(self.text))

    @cached_property
    def _lines(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    @cached_property
    def _ascii(self) -> bool:
        return self.text.isascii()

    def at(self, line: int, column: int) -> int:
        """Tell where the *column*, in bytes of UTF-8, of a *line* stands, which are counted from 1."""
        start = self._lines[line - 1]
        if self._ascii:
            return start + column
        head = self.text[start : start + column]
        if head.isascii():
            return start + column
        return start + len(head.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore"))

    def span(self, node: ast.expr) -> Span:
        """Tell where *node* stands."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return self.at(node.lineno, node.col_offset), self.at(end_line, end_column)

    def literals(self, node: ast.expr) -> list[Literal]:
        """List the texts in quotes that *node*, a text, is written in; none if they are not to be told."""
        found: list[Literal] = []
        at, end = self.span(node)
        while at < end:
            literal = _LITERAL.match(self.text, at, end)
            if not literal:
                return []
            found.append(_meant(literal))
            behind = _BETWEEN.match(self.text, literal.end(), end)
            at = behind.end() if behind else end
        return found

    def filled_in(self, node: ast.JoinedStr) -> Iterator[Literal | ast.expr]:
        """Give the texts and the expressions of an f-string in order; nothing if they are not to be told."""
        values = [value.value for value in node.values if isinstance(value, ast.FormattedValue)]
        found: list[Literal | ast.expr] = []
        for literal in self.literals(node):
            at = literal.start
            places = _PLACE_IN_TEXT.finditer(self.text, literal.start, literal.end) if literal.fills else ()
            for place in places:
                before = _part(self.text, at, place.start())
                found.append(before)
                at = place.end()
                if place[0] in ("{{", "}}"):
                    found.append(Literal(*place.span(), place[0][0]))
                    continue
                inner = _LITERAL.match(self.text, place.start() + 1, place.end())
                if not values or not {"{", "}"}.isdisjoint(before.means):  # a format with places of its own
                    return iter(())
                value = values.pop(0)
                found.append(_meant(inner) if inner and isinstance(value, ast.Constant) else value)
            found.append(_part(self.text, at, literal.end))
        return iter(() if values else found)


def _parsed(text: str) -> ast.Module | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that Python will not know any more
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _without_commands(text: str) -> str:
    """*text* with IPython's own lines as Python, all else in its place."""
    return _ASSIGNED_COMMAND.sub(_nothing, _COMMAND.sub(_nothing, text))


def _nothing(command: re.Match[str]) -> str:
    """A command of IPython as a number, as long as it is."""
    before = command["before"]
    lines = command[0][len(before) :].split("\n")
    return before + "\n".join(["0".ljust(len(lines[0])), *(" " * len(line) for line in lines[1:])])


def _part(text: str, start: int, end: int) -> Literal:
    return Literal(start, end, text[start:end])


def _meant(literal: re.Match[str]) -> Literal:
    prefix = literal["prefix"].lower()
    if "f" in prefix:
        means = literal["inside"]
    else:
        try:
            means = ast.literal_eval(literal[0])
        except (SyntaxError, ValueError):
            means = literal["inside"]
    if isinstance(means, bytes):
        means = means.decode("latin-1")
    return Literal(*literal.span("inside"), str(means), fills="f" in prefix)
