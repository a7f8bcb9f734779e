"""Passwords that a sentence, a list, a comment or a log names: `**Password:** value`, `# password: value`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.detectors.bare_values import is_random_value, is_strong_value

if TYPE_CHECKING:
    from aicore_magics.leaks.detectors.named import Named
    from aicore_magics.leaks.files.json_spans import Span

# Between a name and its value. Matches `:** `, ` is `, ` (temporary): `, `</b> ` and ` `.
_LABELLED = re.compile(
    r"[0-9]{0,3}(?P<mark>[*_`]{1,3}|</\w{1,8}>)?(?:[ \t]{1,4}\([^()\n]{0,40}\))?"
    r"(?:(?P<sign>[ \t]{0,8}(?::=|=>|->|→|[:=]))|[ \t]{1,4}(?P<verb>is|was|lautet|ist)(?=[ \t:]):?"
    r"|(?P<columns>[ \t]{2,60})|[ \t])"
    r"(?P<space>(?:[*_`]{1,3}|</\w{1,8}>)?[ \t]{0,60})(?P<open>\*{1,3}|__|`{1,3}|[\"'“„«]|<\w{1,8}>)?"
    r"(?P<value>[^\s<>`\"“”„«»]{4,200})"
)
# Matches `:` with the value alone on the next line, or in a block behind it.
_ON_NEXT_LINE = re.compile(
    r"[0-9]{0,3}[*_`]{0,3}(?:[ \t]is)?[ \t]{0,4}:[*_`]{0,3}[ \t\r]{0,8}\n(?:[ \t\r]{0,8}\n)?"
    r"(?:```\w{0,16}\r?\n)?"
    r"[ \t>]{0,16}`?(?P<value>[^\s<>`]{4,200})`?[ \t\r]{0,8}(?:\n|\Z)"
)
_ENDS_LINE = re.compile(r"[*_`\"'”“».,;:!?)]{0,6}[ \t]{0,80}(?:[\r\n<]|\Z|[ \t](?:#|;|//|\())")
_COMMENT = re.compile(r"(?:\A|[ \t])(?:#|//|;)|\A[ \t]{0,80}(?:--|rem|REM)[ \t]")
_LONGEST_BEFORE = 200  # characters
_USER = re.compile(r"(?i)\b(?:user|login|name|account)")


def in_prose(named: Named) -> Span | None:
    """Give where the value stands that the prose around the name says; in code and settings, a comment."""
    line = named.line[-_LONGEST_BEFORE:]
    if named.style != "output" and not _in_comment(line, code=named.style == "code"):
        return None
    below = _ON_NEXT_LINE.match(named.text, named.span[1])
    if below:
        return below.span("value") if is_strong_value(named.group, below["value"]) else None
    label = _LABELLED.match(named.text, named.span[1])
    if not label or _is_shell_word(label):
        return None
    value = _without_end(label["value"], label["open"] or "")
    start, end = label.start("value"), label.start("value") + len(value)
    sure = _is_sure(named.text, line, label, end)
    if sure is None or named.is_argument(value, end):
        return None
    fits = is_random_value if sure else is_strong_value
    return (start, end) if fits(named.group, value) else None


def _in_comment(line: str, *, code: bool) -> bool:
    if code:
        return "#" in line and line.count('"') % 2 == 0 and line.count("'") % 2 == 0
    return _COMMENT.search(line) is not None


def _is_shell_word(label: re.Match[str]) -> bool:
    """Whether it is written as a shell has it: `password=value`."""
    return label["sign"] == "=" and not label["mark"] and label["space"][-1:] not in (" ", "\t")


def _is_sure(text: str, line: str, label: re.Match[str], end: int) -> bool | None:
    """Whether a value up to *end* is one for sure, or may be a word of a sentence; None if it is none."""
    last = _ENDS_LINE.match(text, end) is not None
    if label["columns"]:  # as pandas prints one row, an entry a line
        return True if last and not line.strip() else None
    if label["open"]:
        return True
    if label["sign"] or label["verb"]:
        return line.endswith("`") or (last and not label["verb"])
    return False if _USER.search(line) else None


def _without_end(value: str, opened: str) -> str:
    """Give *value* without what ends its sentence, or what *opened* began."""
    if opened == "'":
        value = value.partition("'")[0]
    value = value.rstrip(f".,;:{opened if opened[:1] in '*_' else ''}")
    return value.rstrip("".join(end for begin, end in ("()", "[]", "''") if begin not in value[:-1]))
