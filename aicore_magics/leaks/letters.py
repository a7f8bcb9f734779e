"""The letters and digits of a text, without what may part those of a word: markup, escapes, colours."""

from __future__ import annotations

import re
import string
from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.leaks.files.json_spans import Span

_SIGNS_OF_NOISE = ("\\", "<", "&", "%", "\x1b")
_NOISE = re.compile(
    r"""(?x)(?:
    \x1b\[[0-?]*[\ -/]*[@-~] | \\+(?:u001b|x1b|033)\[[0-9;]{0,20}m      # colours
    | \\+(?:u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[nrtbfv]) | %[0-9A-F]{2}    # escapes
    | &(?:[a-zA-Z]{2,8}|\#[0-9]{1,5}|\#x[0-9a-fA-F]{1,4});
    | </?[a-zA-Z][^<>]{0,200}>
    | [^A-Za-z0-9])+"""
)
_NO_LETTERS = re.compile(r"[^A-Za-z0-9]+")
_LETTERS = frozenset(string.ascii_letters + string.digits)
_DELETED = bytes(code for code in range(128) if chr(code) not in _LETTERS)
# One sign after the other, each with its number: it may be a list, a table, or what a loop printed.
_NUMBERED_SIGN = (
    r"(?<![A-Za-z0-9])[0-9]{1,6}[^A-Za-z0-9\n]{1,12}?([A-Za-z0-9]{1,2}|[^\sA-Za-z0-9])(?![A-Za-z0-9])"
)
_A_SIGN = re.compile(_NUMBERED_SIGN)
NUMBERED = re.compile(rf"(?:{_NUMBERED_SIGN}[^A-Za-z0-9]{{0,40}}){{4,}}")


class Letters:
    """The letters and digits of a text, without the noise between them."""

    def __init__(self, text: str) -> None:
        self.text = text
        noisy = any(sign in text for sign in _SIGNS_OF_NOISE)
        self._noise = _NOISE if noisy else _NO_LETTERS
        if noisy:
            self.letters = _NOISE.sub("", text)
        else:  # as the pattern would do it, and many times as fast
            self.letters = text.encode("ascii", "ignore").translate(None, _DELETED).decode()

    @cached_property
    def _words(self) -> tuple[list[int], list[int]]:
        """Where each run of letters begins: in `letters`, and in the text."""
        places, starts, length, at = [], [], 0, 0
        for start, end in self._gaps():
            if start > at:
                places.append(length)
                starts.append(at)
                length += start - at
            at = end
        return places, starts

    def _gaps(self) -> Iterator[Span]:
        """What stands between the letters, and the end."""
        yield from (gap.span() for gap in self._noise.finditer(self.text))
        yield len(self.text), len(self.text)

    def places(self) -> list[int]:
        """Tell where in the text each letter stands."""
        return [at for span in self.spans(0, len(self.letters)) for at in range(*span)]

    def spans(self, start: int, end: int) -> list[Span]:
        """Tell where in the text the letters from *start* to *end* stand."""
        places, starts = self._words
        found: list[Span] = []
        for index in range(max(0, bisect_right(places, start) - 1), len(places)):
            stop = min(end, places[index + 1] if index + 1 < len(places) else len(self.letters))
            first = max(start, places[index])
            if first < stop:
                found.append((starts[index] + first - places[index], starts[index] + stop - places[index]))
            if stop == end:
                break
        return found


class NumberedSigns(Letters):
    """The signs that stand one by one in a text, each behind its number."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._signs = [sign.span(1) for sign in _A_SIGN.finditer(text) if sign[1].isalnum()]
        self.letters = "".join(text[start:end] for start, end in self._signs)

    def _gaps(self) -> Iterator[Span]:
        ends = (0, *(end for _, end in self._signs))
        starts = (*(start for start, _ in self._signs), len(self.text))
        return zip(ends, starts, strict=True)
