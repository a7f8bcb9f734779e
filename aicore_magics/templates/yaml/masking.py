"""`{{…}}` in templates: AI Core replaces it before anybody reads YAML, so the YAML reader must not see it."""

from __future__ import annotations

import re
from bisect import bisect_left

# Two characters that templates do not hold. One that does gets hidden, too, and comes back like the rest.
_FIRST, _REST = "\ue000", "\ue001"
# Up to the first }} on the same line; a {{ on the way begins another one. So it takes linear time.
_INSIDE = r"[^{}\r\n]*(?:(?!\{\{|\}\})[{}][^{}\r\n]*)*"
_PLACEHOLDER = re.compile(rf"\{{\{{{_INSIDE}\}}\}}")
_OR_OUR_OWN = re.compile(rf"{_PLACEHOLDER.pattern}|[{_FIRST}{_REST}]")
_HIDDEN = re.compile(f"{_FIRST}{_REST}*")


class Masked:
    """A text in which every placeholder is a plain word of the same length: all positions hold.

    >>> masked = Masked("image: {{x}}/img")
    >>> len(masked.text), masked.restored(masked.text[7:], 7, 16)
    (16, '{{x}}/img')
    """

    __slots__ = ("_found", "_starts", "text")

    def __init__(self, text: str) -> None:
        pattern = _OR_OUR_OWN if _FIRST in text or _REST in text else _PLACEHOLDER
        found = list(pattern.finditer(text))
        self._starts = [one.start() for one in found]
        self._found = [one[0] for one in found]
        self.text = pattern.sub(_hidden, text) if found else text

    def restored(self, value: str, start: int, end: int) -> str:
        """Put the placeholders back into *value*, which was read between *start* and *end*."""
        if _FIRST not in value:
            return value
        inside = iter(self._found[bisect_left(self._starts, start) : bisect_left(self._starts, end)])
        return _HIDDEN.sub(lambda hidden: next(inside, hidden[0]), value)


def _hidden(found: re.Match[str]) -> str:
    return _FIRST + _REST * (len(found[0]) - 1)
