"""A telling name in a text, and what stands around it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicore_magics.leaks.detectors.match import Style
    from aicore_magics.leaks.files.json_spans import Span

_LONGEST_LINE = 1_000
_NAME = re.compile(r"_*(?:[a-z]+|[A-Z]+|(?:[a-z]+)?(?:[A-Z][a-z]{2,})+)\d{0,2}(?:_\w*)?")


@dataclass(frozen=True)
class Named:
    """A name at *span* of a text that is searched in that *style*. *group*: what its value is."""

    text: str
    span: Span
    style: Style
    group: str

    @property
    def name(self) -> str:
        """The name itself."""
        return self.text[slice(*self.span)]

    @cached_property
    def command(self) -> str:
        """What stands before it on its line, and on those that a backslash joins to it."""
        text, at = self.text, self.span[0]
        first = max(0, at - _LONGEST_LINE)
        start = text.rfind("\n", first, at)
        while start > first and text[max(first, start - 8) : start].rstrip(" \t\r").endswith("\\"):
            start = text.rfind("\n", first, start)
        return text[max(first, start + 1) : at]

    @cached_property
    def line(self) -> str:
        """What stands before it on its own line."""
        return self.command.rpartition("\n")[2]

    def is_argument(self, value: str, end: int) -> bool:
        """Whether *value*, up to *end*, is as likely a variable in code: inside a call, or a line of one."""
        if not _NAME.fullmatch(value):
            return False
        quote = max(self.command.rfind('"'), self.command.rfind("'"))
        in_call = self.command.count("(", quote + 1) > self.command.count(")", quote + 1)
        return in_call or (self.text.startswith(",", end) and not self.command.strip())
