"""Why a text is not YAML, in plain words: the exact place, and the usual cause."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.templates.yaml.marks import Lines, Position

# Blanks that are none to YAML, before a key or a hyphen: web pages and chats put them there.
# Matches `\u00a0name: churn`; does not match ` name: churn`, nor `name:\u00a0churn`.
_ODD_BLANK = re.compile(
    r"""^[ \t]*([\u00a0\u2000-\u200a\u202f\u3000])\s*(?:- |["']?[\w./-]+["']?[ ]*:)""", re.MULTILINE
)
_INDENT = re.compile(r"[ \t]*")
_KEY = r"""[ \t]*(?:- +)*(?:"[^"]*"|'[^']*'|[\w./-]+)[ \t]*:"""
# Matches `name:churn` and `a.com/metric:rps`; does not match `name: churn`, nor `- a.com/churn:1`.
_NO_SPACE = re.compile(r"[ \t]*(?:(?:- +)*[A-Za-z][\w.-]*|[A-Za-z][\w.-]*/[\w.-]+):(?=[^\s:/])")
_SECOND_COLON = re.compile(_KEY + r"""[ \t]+[^"'|>#\[{\s][^#]*?:(?=[ \t]|$)""")
# Matches `metric concurrency`; does not match `metric: concurrency`, nor `concurrency`.
_NO_COLON = re.compile(r"([ \t]*)([A-Za-z][\w./-]*)[ \t]+[^\s:#][^:#]*$")
_HAS_VALUE = re.compile(_KEY + r"[ \t]+[^\s#|>&]")
_ODD_STARTS = {"@": "an @", "`": "a backtick", "%": "a %", "*": "a *", "&": "an &", "!": "a !"}

INDENTATION = (
    "the indentation: keys of one mapping, and the hyphens of one list, must begin in the same column"
)
TAB = "a TAB: YAML is indented only with spaces"
NO_SPACE = "a space is missing after the colon"
NO_COLON = "a colon is missing after the key"
SECOND_COLON = "a second colon with a space after it: put the value in quotation marks"
DEEPER = "the line is indented deeper than the one before it, which has a value already"
OPEN_QUOTE = "a quotation mark that is not closed, or is inside the text: double it there"
OPEN_BRACKET = "a bracket that is not closed, or a missing comma"
BACKSLASH = "a backslash in double quotation marks: double it, or use single quotation marks"
ODD_KEY = "brackets where a key or a string is expected: put it in quotation marks"
ALONE = "a line with only {{…}}: AI Core replaces placeholders, but has no if and no range"
TOO_DEEP = "too many levels"
ODD_BLANK = "put spaces in its place, on every such line: YAML reads it as a letter"
FOLDED = "the > after the key, which joins several lines: write | instead"
HALF_PLACEHOLDER = "write the closing }} on the same line, and put the value in quotation marks"
TOO_MANY = "split it into several files, or leave out what repeats itself"


@dataclass(frozen=True, slots=True)
class YamlFault:
    """Where a text stops being YAML, in the reader's own words and in plain ones. *cause* may be empty."""

    place: Position
    problem: str
    cause: str

    def __str__(self) -> str:
        return f"{self.problem} ({self.cause})" if self.cause else self.problem

    @property
    def message(self) -> str:
        """What is wrong, without the cause."""
        if self.cause == TOO_MANY:
            return f"this has {self.problem}, and was not checked"
        return f"this is not YAML: {'{{ is not closed' if self.cause == HALF_PLACEHOLDER else self.problem}"

    @property
    def said(self) -> str:
        """The same with its cause, to stand behind what it is wrong with."""
        return f"has {self.problem}" if self.cause == TOO_MANY else f"is not YAML: {self}"


class NotYaml(Exception):
    """A text that is no YAML from *offset* on; *context* is where the reader began what failed."""

    def __init__(self, problem: str, offset: int, *, context: int = -1, cause: str = "") -> None:
        super().__init__(problem)
        self.problem, self.offset, self.context, self.cause = problem, offset, context, cause


def odd_blank(text: str) -> NotYaml | None:
    """Give the first place where a blank that is none to YAML stands in the indentation."""
    found = _ODD_BLANK.search(text)
    if found is None:
        return None
    name = f"{unicodedata.name(found[1]).lower()} (U+{ord(found[1]):04X})"
    return NotYaml(f"a {name} in the indentation", found.start(1), cause=ODD_BLANK)


def explained(lines: Lines, fault: NotYaml) -> tuple[int, str]:
    """Give the offset at which to look, and the usual cause of such a fault."""
    if fault.cause:
        return fault.offset, fault.cause
    return next(_causes(lines, fault), (fault.offset, ""))


def _causes(lines: Lines, fault: NotYaml) -> Iterator[tuple[int, str]]:
    """What may be behind it, the surest first."""
    rows = _suspects(lines, fault)
    yield from _tabs(lines, fault, rows)
    yield from _placeholders(lines, [*rows, *_begun(lines, fault)])
    yield from _words(lines, fault)
    yield from _unclosed(lines, fault)
    yield from _missing_spaces(lines, rows)
    yield from _colons(lines, fault)
    yield from _odd_starts(lines, fault)
    if re.search(r"expected|not allowed", fault.problem):
        yield fault.offset, INDENTATION


def _suspects(lines: Lines, fault: NotYaml) -> list[int]:
    """The line of the fault, the one before it that is not blank, and the one where the reader began."""
    row = lines.row(fault.offset)
    before = next((r for r in range(row - 1, max(row - 50, -1), -1) if lines.line(r).strip()), row)
    began = _begun(lines, fault) if "simple key" in fault.problem else []
    return list(dict.fromkeys([row, before, *began]))


def _begun(lines: Lines, fault: NotYaml) -> list[int]:
    """The line where the reader began what failed."""
    return [lines.row(fault.context)] if fault.context >= 0 else []


def _tabs(lines: Lines, fault: NotYaml, rows: list[int]) -> Iterator[tuple[int, str]]:
    if lines.text[fault.offset : fault.offset + 1] == "\t":
        yield fault.offset, TAB
    for row in rows:
        indent = _INDENT.match(lines.line(row))
        if indent and "\t" in indent[0]:
            yield lines.starts[row] + indent[0].index("\t"), TAB


def _words(lines: Lines, fault: NotYaml) -> Iterator[tuple[int, str]]:
    """What the reader's own words tell by themselves."""
    if "as a key" in fault.problem:
        yield fault.offset, ODD_KEY
    if "escape" in fault.problem:
        yield fault.offset, BACKSLASH
    if "nesting depth" in fault.problem:
        yield fault.offset, TOO_DEEP
    if "directive" in fault.problem and lines.text[lines.starts[lines.row(fault.offset)]] == "%":
        yield lines.starts[lines.row(fault.offset)], f"a line that begins with {_ODD_STARTS['%']}"
    if "expected key" in fault.problem and fault.offset and lines.text[fault.offset - 1] in "'\"":
        yield fault.offset, OPEN_QUOTE
    if "expected" in fault.problem and lines.text[fault.offset : fault.offset + 1] in ("]", "}"):
        yield fault.offset, OPEN_BRACKET


def _unclosed(lines: Lines, fault: NotYaml) -> Iterator[tuple[int, str]]:
    if "quoted scalar" in fault.problem and fault.context >= 0:
        yield fault.context, OPEN_QUOTE
    if "flow" in fault.problem and "indicator" not in fault.problem:
        far = fault.context >= 0 and lines.row(fault.context) != lines.row(fault.offset)
        yield fault.context if far else fault.offset, OPEN_BRACKET


def _placeholders(lines: Lines, rows: list[int]) -> Iterator[tuple[int, str]]:
    for row in rows:
        line = lines.line(row)
        half = line.rfind("{{")
        if half >= 0 and "}}" not in line[half:]:
            yield lines.starts[row] + half, HALF_PLACEHOLDER
        if half >= 0 and line.strip().startswith("{{") and line.strip().endswith("}}"):
            yield lines.starts[row] + half, ALONE


def _missing_spaces(lines: Lines, rows: list[int]) -> Iterator[tuple[int, str]]:
    for row in rows:
        found = _NO_SPACE.match(lines.line(row))
        if found:
            yield lines.starts[row] + found.end(), NO_SPACE


def _colons(lines: Lines, fault: NotYaml) -> Iterator[tuple[int, str]]:
    if "mapping values" not in fault.problem:
        return
    row = lines.row(fault.offset)
    if _SECOND_COLON.match(lines.line(row)):
        yield fault.offset, SECOND_COLON
    before = next((r for r in range(row - 1, max(row - 50, -1), -1) if lines.line(r).strip()), row)
    depths = [len(_INDENT.match(lines.line(r))[0]) for r in (before, row)]  # type: ignore[index]
    bare = _NO_COLON.match(lines.line(before))
    if bare and before < row and depths[0] == depths[1]:
        yield lines.starts[before] + bare.end(2), NO_COLON
    if depths[0] < depths[1] and _HAS_VALUE.match(lines.line(before)):
        yield fault.offset, DEEPER


def _odd_starts(lines: Lines, fault: NotYaml) -> Iterator[tuple[int, str]]:
    odd = _ODD_STARTS.get(lines.text[fault.offset : fault.offset + 1])
    if odd and ("alias" in fault.problem or "token" in fault.problem or "anchor" in fault.problem):
        yield fault.offset, f"a value that begins with {odd}: put it in quotation marks"
