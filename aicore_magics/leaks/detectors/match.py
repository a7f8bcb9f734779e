"""A stretch of text that is a credential, and what two that meet become."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from aicore_magics.leaks.detectors.kinds import BY_ID, POSSIBLE, RANK

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.leaks.detectors.kinds import Kind

# What a text is decides where a value may stand without quotes: in a file of settings everywhere, in what was
# printed if it looks random, in code only behind `%env` and the like.
Style = Literal["code", "output", "file"]


@dataclass(frozen=True, slots=True)
class Match:
    """From *start* up to *end* a text is a credential of the kind with that id.

    *doubtful*: its place says too little for a password even where all is about registries. *whole* is the
    value that it is only a part of.
    """

    start: int
    end: int
    kind_id: str
    doubtful: bool = False
    whole: str = field(default="", repr=False, compare=False)

    @property
    def kind(self) -> Kind:
        """The kind itself."""
        return BY_ID[self.kind_id]

    @property
    def possible(self) -> bool:
        """Whether it is only a possible password: nothing near says what it is for."""
        return self.kind_id == POSSIBLE


def merged(hits: Iterable[Match]) -> list[Match]:
    """Give *hits* in order, those that overlap as one: it covers both, and is of the kind that says more."""
    result: list[Match] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.end)):
        if result and hit.start < result[-1].end:
            last = result.pop()
            kind = min(last.kind_id, hit.kind_id, key=RANK.__getitem__)
            doubtful = last.doubtful and hit.doubtful
            whole = max(last.whole, hit.whole, key=len)
            result.append(Match(last.start, max(last.end, hit.end), kind, doubtful, whole))
        else:
            result.append(hit)
    return result
