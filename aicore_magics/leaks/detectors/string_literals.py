"""Values in quotes, however deep the text that holds them is itself quoted.

A value may be written in several texts, which Python or a shell puts together: `'Tr0ub' + 'dor&3'`.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicore_magics.leaks.files.json_spans import Span

# At any depth of JSON inside a string, and in HTML. Fifteen backslashes are four levels.
QUOTE = r"""(?:\\{0,15}["']|&quot;|&\#34;|&\#x27;|&\#39;)"""
LONGEST_VALUE = 65_536  # characters; a whole docker config may stand there
_LONGEST_REST = 1_000  # characters of a value behind a quote of its own
_BEHIND_END = tuple(" \t\r\n,:;)]}+%.|&<\\`'\"")
_BEFORE_START = tuple(" \t,:=({[+")


def value_end(text: str, start: int, quote: str) -> int:
    r"""Tell where the value ends that *quote* opened just before *start*; -1 if it does not end on its line.

    >>> text = r'x = "a\"b" + "c"'
    >>> text[5 : value_end(text, 5, '"')]
    'a\\"b'
    """
    if quote.startswith("&"):
        return text.find(quote, start, start + LONGEST_VALUE)
    if len(quote) == 1 and text.startswith(2 * quote, start):
        return _three_quotes(text, start + 2, 3 * quote)
    end = _closing(text, start, quote)
    return -1 if "\n" in text[start : max(start, end)] else end


def value_start(text: str, start: int, quote: str) -> int:
    """Give *start*, or where the value begins behind three quotes."""
    return start + 2 if len(quote) == 1 and text.startswith(2 * quote, start) else start


def unquoted(value: str, quote: str) -> str:
    r"""Give *value* as it was before it was put into *quote*, as far as simple means go.

    >>> unquoted('a\\"b', '"')
    'a"b'
    """
    if quote.startswith("&"):
        return html.unescape(value)
    bare = value
    for _ in range(len(quote).bit_length()):
        bare = bare.replace('\\"', '"').replace("\\'", "'").replace("\\/", "/").replace("\\\\", "\\")
    return bare


def _three_quotes(text: str, start: int, quotes: str) -> int:
    at = text.find(quotes, start, start + LONGEST_VALUE)
    while at >= 0 and _backslashes(text, start, at) % 2:
        at = text.find(quotes, at + 1, start + LONGEST_VALUE)
    return at


def _closing(text: str, start: int, quote: str) -> int:
    """Where the quote itself stands that ends the value.

    Each level around doubles the backslashes, and adds one before a quote of its own kind. So behind those
    that the opening quote has, one inside the value has an odd number of 2^levels more.
    """
    own = len(quote) - 1
    step = 2 << own.bit_length()
    limit = min(len(text), start + LONGEST_VALUE)
    at = text.find(quote[-1], start, limit)
    while at >= 0:
        more = _backslashes(text, start, at) - own
        if more == 0 or (more > 0 and more % step == 0 and not _goes_on(text, at, quote)):
            return at - own
        at = text.find(quote[-1], at + 1, limit)
    return -1


def _goes_on(text: str, at: int, quote: str) -> bool:
    """Whether the value goes on behind the quote at *at*, with backslashes before it that may be its own.

    Levels that only double them do not show in the opening quote, as in the repr of JSON. What follows tells:
    another quote on the line that ends a value, and opens none.
    """
    if text[at + 1 : at + 2] not in ("", *_BEHIND_END):
        return True
    end = text.find("\n", at, at + _LONGEST_REST)
    rest = re.compile(rf"(?<!\\){re.escape(quote)}")
    following = rest.search(text, at + 1, end if end >= 0 else at + _LONGEST_REST)
    if not following:
        return False
    ends = text[following.end() : following.end() + 1] in ("", *_BEHIND_END)
    return ends and text[following.start() - 1] not in _BEFORE_START


def _backslashes(text: str, start: int, at: int) -> int:
    run = at
    while run > start and text[run - 1] == "\\":
        run -= 1
    return at - run


def between(text: str, opening: re.Match[str]) -> tuple[int, int]:
    """Give where the value stands that *opening* opens; it ends at -1 if it is none."""
    quote = opening["open"]
    return value_start(text, opening.end(), quote), value_end(text, opening.end(), quote)


MAX_PARTS = 20  # of one value
_LONGEST_LINE = 1_000
_BRACKETS_WITHIN = 400  # characters
_GAP = r"(?:\s|\\\r?\n){0,60}"
# Nothing, spaces, a plus with a variable even, or the end of a line inside brackets.
# Behind a first literal, matches ` + "` and ` + name + "`; does not match ` - "` or `, "`.
_JOINED = re.compile(
    rf"(?P<plus>{_GAP}\+(?:{_GAP}[A-Za-z_][\w.]{{0,80}}{_GAP}\+)?)?(?P<gap>{_GAP})"
    rf"(?P<prefix>[rbufRBUF]{{0,2}})(?P<open>{QUOTE})"
)
_FILLED_IN = re.compile(r"\{[^{}]*\}")
_BETWEEN = re.compile(rf"{QUOTE}{{1,3}}{_JOINED.pattern}(?:[\"']{{2}})?")


def literal_spans(text: str, opening: re.Match[str], *, spaced: bool = True) -> list[Span]:
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
