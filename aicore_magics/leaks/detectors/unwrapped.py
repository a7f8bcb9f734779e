"""Texts as they were before something wrapped them: without the breaks and escapes inside a long word.

A token, or base64, may be broken at a column, written as several string literals, or have signs in it that
JSON, a URL or HTML escapes. A `View` is the text without that, and knows where it all stood.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, NamedTuple

from aicore_magics.base.token_shapes import SHORTEST_TOKEN, TOKEN_STARTS
from aicore_magics.base.tokens import token_kind
from aicore_magics.leaks.detectors.appended import appended, without_appending
from aicore_magics.leaks.detectors.keywords import NEAR
from aicore_magics.leaks.detectors.string_literals import QUOTE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicore_magics.leaks.files.json_spans import Span


class Gap(NamedTuple):
    """From *start* to *end* of a text stands what reads as *means*: nothing, or a sign."""

    start: int
    end: int
    means: str = ""


class _Stretch(NamedTuple):
    """From *at* on a view has what stands from *start* to *end*: the same, unless that is a gap."""

    at: int
    start: int
    end: int
    gap: bool


class View:
    """The part of a text from *start* to *end*, each of *gaps* in it replaced by what it means."""

    def __init__(self, text: str, start: int, end: int, gaps: Iterable[Gap]) -> None:
        parts: list[str] = []
        self._stretches: list[_Stretch] = []
        self._seams: list[int] = []  # where gaps end, in the view
        length = 0
        at = start
        for gap in (*gaps, Gap(min(end, len(text)), len(text))):
            self._stretches.append(_Stretch(length, at, gap.start, gap=False))
            self._stretches.append(_Stretch(length + gap.start - at, gap.start, gap.end, gap=True))
            parts += [text[at : gap.start], gap.means]
            length += gap.start - at + len(gap.means)
            self._seams.append(length)
            at = gap.end
        del self._stretches[-1], self._seams[-1]  # the end is no gap
        self.text = "".join(parts)

    def crosses(self, start: int, end: int) -> bool:
        """Whether what stands from *start* to *end* has a gap in it, or beside it."""
        first = bisect_left(self._seams, start)
        return first < len(self._seams) and self._seams[first] <= end

    def parts(self, start: int, end: int) -> list[Span]:
        """Where in the text stands what the view has from *start* to *end*, without what means nothing."""
        found = []
        first = bisect_right(self._stretches, start, key=lambda stretch: stretch.at) - 1
        following = [*(stretch.at for stretch in self._stretches[1:]), len(self.text)]
        for stretch, stop in zip(self._stretches[first:], following[first:], strict=True):
            if stretch.at >= end:
                break
            if stop <= max(start, stretch.at):
                continue
            if stretch.gap:
                found.append((stretch.start, stretch.end))
            else:
                inside = (max(start, stretch.at) - stretch.at, min(end, stop) - stretch.at)
                found.append((stretch.start + inside[0], stretch.start + inside[1]))
        return found


_SIGNS = r"A-Za-z0-9+/=_.~$%\-"  # of tokens and of base64
_BEGINS = rf"(?:(?<![{_SIGNS}\\])|(?<=\\[nrt]))"
# What stands for one sign in JSON and Python, in a URL, and in HTML.
_ESCAPE = (
    r"\\{1,15}(?:u00[2-7][0-9a-fA-F]|x[2-7][0-9a-fA-F]|/)|%[2-7][0-9a-fA-F]"
    r"|&\#(?:[0-9]{2,3}|x[0-9a-fA-F]{2});"
)
_ONE_ESCAPE = re.compile(_ESCAPE)
_ESCAPED = re.compile(rf"{_BEGINS}[{_SIGNS}]*(?:{_ESCAPE})(?:[{_SIGNS}]|{_ESCAPE})*")
_ESCAPE_STARTS = ("\\u00", "\\x", "\\/", "%2", "%3", "%5", "%7", "&#")
_A_SIGN = re.compile(rf"[{_SIGNS}]")


def unescaped(text: str) -> Iterator[View]:
    """Give the parts of *text* where signs of long words are escaped, with what these mean."""
    if any([start in text for start in _ESCAPE_STARTS]):  # noqa: C419 - a generator takes longer
        gaps = [
            Gap(*escape.span(), sign)
            for word in _ESCAPED.finditer(text)
            if word.end() - word.start() >= SHORTEST_TOKEN
            for escape in _ONE_ESCAPE.finditer(text, *word.span())
            if _A_SIGN.fullmatch(sign := _meaning(escape[0]))
        ]
        yield from _around(text, gaps)


def _meaning(escape: str) -> str:
    if escape.startswith("&"):
        return html.unescape(escape)
    return "/" if escape.endswith("/") else chr(int(escape[-2:], 16))


# What no value has in it, and what is left out between the literals that make one.
_BREAK = (
    r"(?:\r\n?|\n|\\{1,15}r\\{1,15}n|\\{1,15}[nr]|<br ?/?>"
    r"|</?(?:p|div|pre|span|code|td|tr|li)\b[^<>\n]{0,80}>)"
)
_COMMENT = r"\#[^\n\\]{0,200}(?:\n|(?:\\{1,15}r)?\\{1,15}n)"
_SPACE = rf"(?:\s|\\\r?\n|\\{{1,15}}[nrt]|{_COMMENT}){{0,80}}"
_OPEN = rf"[rbufRBUF]{{0,2}}(?:[\"']{{2}}(?=[\"']))?{QUOTE}"
_CLOSE = rf"{QUOTE}(?:(?<=[\"'])[\"']{{2}})?"
_MAY_END = re.compile(rf"[\"'\\&](?<=[{_SIGNS}].)(?=[\"'\s\#+\\;)]|quot;)")
# Behind a literal, matches `" "`, `" + '` and a backslash at the end of a line; does not match `", "`.
_CONCATENATED = re.compile(
    rf"(?<=[{_SIGNS}])(?:{_CLOSE}(?P<space>{_SPACE})(?P<plus>\+{_SPACE})?{_OPEN}|\\\r?\n)(?=[{_SIGNS}])"
)
_LISTED = re.compile(rf"(?<=[{_SIGNS}]){_CLOSE}{_SPACE},{_SPACE}{_OPEN}(?=[{_SIGNS}])")
_JOIN = re.compile(rf"\.join\(\s{{0,40}}[\[(]?\s{{0,40}}{_OPEN}\Z")
_BORDER = "[│┃║]"  # of a frame that a terminal draws
# Between two lines of one value: a break and what indents or quotes the next line, or lines in quotes.
_WRAPPED = re.compile(
    rf"(?:[ \t]{{0,8}}(?:[`^]|{_BORDER}[ \t]{{0,80}})?(?:{_BREAK}[ \t]{{0,80}}){{1,3}}"
    rf"(?:(?:\#|//|>|\||\*|{_BORDER})[ \t]{{1,4}})?"
    rf"|\\\r?\n[ \t]{{1,80}}"
    rf"|(?:\\{{1,15}}[nr]){{0,2}}{_CLOSE}{_SPACE}[,+]?{_SPACE}{_OPEN})(?=[{_SIGNS}])"
)
# What stands before a literal in code. Matches ` = "` and `f("`; does not match `--password "` or `echo "`.
_TAKES_VALUE = re.compile(rf"[=(\[{{,:+][ \t]{{0,8}}{_OPEN}\Z")
# YAML's text of several lines. Matches `: |` and `: >-` with the break and the spaces behind it.
_BLOCK = re.compile(
    r":[ \t]{1,4}[|>][-+0-9]{0,2}[ \t]{0,8}(?:\#[^\n]{0,200})?(?:\r?\n|\\{1,15}n)[ \t]{1,80}(?=\S)"
)
_SHORTEST_LINE = 12
# A long word at the end of a line, of a literal or of what stands before a tag.
# The end is no condition: the pattern would try each of its signs anew where it does not hold.
_LINE = re.compile(rf"[{_SIGNS}]{{{_SHORTEST_LINE},}}(?:(?=[ \t]{{0,8}}[\r\n\\<\"'&`^│┃║])(?P<ends>))?")
_CHUNK = re.compile(rf"[{_SIGNS}]+")
_LINE_ENDS = re.compile(
    rf"[ \t]{{0,8}}(?:\Z|[\r\n\\\"'`^<&,;)\]}}])|[ \t]{{0,200}}{_BORDER}[ \t]{{0,80}}(?:\Z|{_BREAK})"
)
_WORD = re.compile(r"(?:[A-Z]?[a-z]+|[A-Z]+)(?:[-_./=~+]+(?:[A-Z]?[a-z]+|[A-Z]+|[0-9]{1,2}))*[=.]*")
_SETTING = re.compile(r"[A-Za-z_]\w*=(?![0-9A-F]{2}|=|\Z)")  # `HOME=/home/anna`; no `A=3D` of a mail
_GROUP = 4  # letters of base64
_SHORTEST_REST = 8
_BRACKETS_WITHIN = 400


def unwrapped(text: str) -> Iterator[View]:
    """Give the parts of *text* where long words are broken, or put together of literals, each as one word."""
    blocks = [Gap(*block.span(), ": ") for block in _BLOCK.finditer(text)] if ":" in text else []
    gaps = sorted([*blocks, *_concatenated(text), *_lines(text)])
    yield from _around(text, _apart(gaps))


def _apart(gaps: Iterable[Gap]) -> list[Gap]:
    kept: list[Gap] = []
    for gap in gaps:
        if not kept or gap.start >= kept[-1].end:
            kept.append(gap)
    return kept


def _concatenated(text: str) -> Iterator[Gap]:
    """What stands between literals that a language puts together, and at line ends that it passes over."""
    last, appends = Gap(0, -1), "+=" in text
    for end in _MAY_END.finditer(text):
        seam = _CONCATENATED.match(text, end.start())
        if not seam:
            if appends and (more := appended(text, _word_start(text, end.start()), end.start())):
                yield (last := Gap(*more))
            continue
        goes_on = last.end >= 0 and _CHUNK.fullmatch(text, last.end, seam.start()) is not None
        if goes_on or seam["plus"] or not seam["space"] or _may_go_on(text, seam):
            yield (last := Gap(*seam.span()))
    if ".join(" in text:
        last = Gap(0, -1)
        for seam in _LISTED.finditer(text):
            word = _word_start(text, seam.start())
            if word == last.end or _JOIN.search(text[max(0, word - _BRACKETS_WITHIN) : word]):
                yield (last := Gap(*seam.span()))


def _may_go_on(text: str, seam: re.Match[str]) -> bool:
    """Whether a literal that only stands beside another belongs to it: in a shell it may not."""
    if "\n" in re.sub(r"\\\r?\n", "", seam["space"]):
        return _in_brackets(text, seam.start())
    word = _word_start(text, seam.start())
    return _TAKES_VALUE.search(text[max(0, word - _BRACKETS_WITHIN) : word]) is not None


def _lines(text: str) -> Iterator[Gap]:
    """The breaks inside what was wrapped at a column."""
    at = 0
    for line in _LINE.finditer(text):
        if line["ends"] is None or line.start() < at:
            continue
        at = line.end()
        for gap in _breaks_behind(text, behind_escape(text, line.start()), at):
            yield gap
            chunk = _CHUNK.match(text, gap.end)
            at = chunk.end() if chunk else gap.end


def behind_escape(text: str, at: int) -> int:
    """Where a word begins that a pattern found at *at*: the letter of an escape is none of its own."""
    return at + 1 if text[at] in "nrt" and text[max(0, at - 1) : at] == "\\" else at


def _begins_line(text: str, at: int) -> bool:
    """Whether nothing stands before *at* on its line, or in its literal, but what indents or quotes it."""
    before = text[max(0, at - _BRACKETS_WITHIN) : at].rstrip(" \t")
    if before.endswith(("\n", "\r", '"', "'", ">", "\\n", "\\r")) or not before:
        return True
    return before.rstrip("#/>|*│┃║").rstrip(" \t")[-1:] in ("", "\n", "\r")


def _breaks_behind(text: str, start: int, end: int) -> Iterator[Gap]:
    """The breaks in what begins with the line from *start* to *end*. All but its last are equally long."""
    chunks = [text[start:end]]
    width = 0  # unknown
    while text[end - 1] != "=":  # with which base64 ends
        seam = _WRAPPED.match(text, end)
        chunk = _CHUNK.match(text, seam.end()) if seam else None
        if not seam or not chunk or not _LINE_ENDS.match(text, chunk.end()) or _is_own(chunk[0]):
            return
        if not width and _begins_line(text, start):  # else more stands on it, so that it tells nothing
            width = len(chunks[0])
        size = len(chunk[0])
        last = size < (width or len(chunks[0]))
        if width and size > width:
            return
        sure = len(chunks) > 1 and (not last or size >= _SHORTEST_REST)
        if not sure and not _is_rest(chunk[0], chunks):
            return
        yield Gap(*seam.span())
        if last:
            return
        chunks.append(chunk[0])
        width, end = size, chunk.end()


def _is_own(chunk: str) -> bool:
    """Whether *chunk* is a token or a setting by itself, and so no rest of one."""
    return bool(_SETTING.match(chunk) or chunk.lower().startswith(TOKEN_STARTS) or token_kind(chunk))


def _is_rest(chunk: str, before: list[str]) -> bool:
    """Whether *chunk* is no word, or what base64 or a token lacks to be whole that stands in *before*."""
    if not _WORD.fullmatch(chunk):
        return True
    begun = "".join(before)
    if len(begun) % _GROUP and (len(begun) + len(chunk)) % _GROUP == 0:
        return True
    return token_kind(begun) is None and token_kind(begun + chunk) is not None


def _word_start(text: str, end: int) -> int:
    while end > 0 and _A_SIGN.match(text, end - 1):
        end -= 1
    return end


def _in_brackets(text: str, at: int) -> bool:
    before = text[max(0, at - _BRACKETS_WITHIN) : at]
    return any(before.count(begin) > before.count(end) for begin, end in ("()", "[]", "{}"))


def _around(text: str, gaps: list[Gap]) -> Iterator[View]:
    """The views of what stands around *gaps*, those that are near each other in one."""
    first = 0
    for number, gap in enumerate(gaps, 1):
        if number < len(gaps) and gaps[number].start - gap.end <= 2 * NEAR:
            continue
        start = max(0, _word_start(text, gaps[first].start) - NEAR)
        chunk = _CHUNK.match(text, gap.end)
        yield View(text, start, (chunk.end() if chunk else gap.end) + NEAR, gaps[first:number])
        first = number


def plain(value: str) -> str:
    """Give *value* without what breaks it: as it may stand elsewhere.

    >>> plain('abc" + "def')
    'abcdef'
    """
    return _WRAPPED.sub("", without_appending(_CONCATENATED.sub("", value)))
