"""What else of known values stands in a notebook: read as one text, from its first piece to its last."""

from __future__ import annotations

from bisect import bisect_right, insort
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aicore_magics.leaks.files.json_spans import Span
    from aicore_magics.leaks.files.notebook_texts import Piece
    from aicore_magics.leaks.known import Known


class Part(NamedTuple):
    """Where in *piece* a part of a value begins and ends, and the stretches of the file that hold it."""

    piece: Piece
    start: int
    end: int
    spans: tuple[Span, ...]


def parts_in(pieces: Sequence[Piece], known: Known, taken: Iterable[Span]) -> Iterator[Part]:
    """Find the parts of values in *pieces*, read one after the other, but for what is *taken* of the file.

    What Jupyter needs as it is stays.
    """
    read = [piece for piece in pieces if not piece.part.typed]
    starts = [0, *accumulate(len(piece.text) + 1 for piece in read)]
    covered = _Covered(taken)
    for place in known.parts("\n".join(piece.text for piece in read)):
        by_piece: dict[int, list[Span]] = {}
        for start, end in place:
            index = bisect_right(starts, start) - 1
            by_piece.setdefault(index, []).append((start - starts[index], end - starts[index]))
        for index, here in by_piece.items():
            piece = read[index]
            free = [span for span in here if not piece.keeps(*span)]
            spans = covered.take(span for start, end in free for span in piece.spans(start, end))
            if spans:
                yield Part(piece, free[0][0], free[-1][1], tuple(spans))


class _Covered:
    """Stretches of a file that are told of already: in order, and none meets another."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans: list[Span] = []
        for span in sorted(spans):
            self._spans += self._free(span)

    def take(self, spans: Iterable[Span]) -> list[Span]:
        """Give what of *spans* is told of by none, and add it."""
        taken = []
        for span in spans:
            free = self._free(span)
            taken += free
            for each in free:
                insort(self._spans, each)
        return taken

    def _free(self, span: Span) -> list[Span]:
        at, end = span
        free = []
        for index in range(max(0, bisect_right(self._spans, (at, end)) - 1), len(self._spans)):
            first, last = self._spans[index]
            if first >= end:
                break
            if first > at:
                free.append((at, first))
            at = max(at, last)
        return [*free, (at, end)] if at < end else free
