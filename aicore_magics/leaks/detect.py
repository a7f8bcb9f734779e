"""The credentials of one file, each once: with the text it is in and the stretches of the file it covers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from aicore_magics.leaks.hit import Hit, merged
from aicore_magics.leaks.kinds import RANK
from aicore_magics.leaks.placeholders import is_placeholder, looks_random
from aicore_magics.leaks.search import hits
from aicore_magics.leaks.values import login_in_base64
from aicore_magics.leaks.words import names_registry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicore_magics.leaks.json_spans import Span
    from aicore_magics.leaks.places import Piece
    from aicore_magics.leaks.reading import Document

MAX_FOUND = 500  # in one file
MAX_VALUES = 100  # that are looked for elsewhere
_BESIDE = 8  # hits, before and behind
_SHORTEST_VALUE = 6
_SHORTEST_WORD = 12  # of letters alone: shorter ones may be words


@dataclass(frozen=True, slots=True)
class Found:
    """One credential: where it stands in a piece, and in the file. *beside*: it, and the hits next to it."""

    piece: Piece
    hit: Hit
    spans: tuple[Span, ...]
    beside: tuple[Hit, ...]

    @property
    def envelope(self) -> Span:
        """From where to where it reaches in the file."""
        return self.spans[0][0], self.spans[-1][1]


def detect(document: Document, values: Iterable[str] = ()) -> list[Found]:
    """Find the credentials in *document*, in order, and where one of *values* stands again. At most 501."""
    each = [forms_of(value) for value in values]
    forms = set().union(*(some for some in each if any(form in document.text for form in some)))
    known = names_registry(document.path.stem)
    found: list[Found] = []
    for piece in document.pieces():
        found += in_piece(piece, forms, known=known)
        if len(found) > 2 * MAX_FOUND:
            break
    return _once(found)[: MAX_FOUND + 1]


def distinctive_values(found: Iterable[Found]) -> set[str]:
    """Give the values that are worth looking for elsewhere: too special to stand there by chance."""
    values = set()
    for one in found:
        value = one.piece.text[one.hit.start : one.hit.end]
        login = login_in_base64(value) if one.hit.kind_id in ("registry-login", "basic-login") else None
        values.add(login[1] if login else value)
        if len(values) >= MAX_VALUES:
            break
    return {value for value in values if _is_distinctive(value)}


def in_piece(piece: Piece, forms: Iterable[str] = (), *, known: bool = False) -> Iterator[Found]:
    """Find the credentials in one *piece*, and where one of *forms* stands in it."""
    if piece.part.typed:
        typed = bool(piece.text) and not is_placeholder(piece.text)
        here = [Hit(0, len(piece.text), "typed-password")] if typed else []
    else:
        here = hits(piece.text, piece.part.style, known=known)
    if forms:
        here = merged([*here, *_again(piece.text, forms)])
    for index, hit in enumerate(here):
        spans = piece.spans(hit.start, hit.end)
        if spans:
            yield Found(piece, hit, spans, tuple(here[max(0, index - _BESIDE) : index + _BESIDE]))


def _again(text: str, forms: Iterable[str]) -> Iterator[Hit]:
    for form in forms:
        at = text.find(form)
        while at >= 0:
            end = at + len(form)
            if not (text[at - 1 : at].isalnum() or text[end : end + 1].isalnum()):
                yield Hit(at, end, "same-value")
            at = text.find(form, end)


def _once(found: list[Found]) -> list[Found]:
    """*found* in the file's order; of two that cover one place, as two readings of it, what says more."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: one.envelope):
        if kept and one.envelope[0] < kept[-1].envelope[1]:
            kept[-1] = min(kept[-1], one, key=lambda each: (RANK[each.hit.kind_id], -len(each.spans)))
        else:
            kept.append(one)
    return kept


def _is_distinctive(value: str) -> bool:
    long = len(value) >= _SHORTEST_WORD or (len(value) >= _SHORTEST_VALUE and looks_random(value))
    return long and "\n" not in value and not is_placeholder(value)


def forms_of(value: str) -> set[str]:
    """Give *value* as it may be written: as it is, in JSON, in a URL."""
    whole = value.encode("utf-8", "surrogatepass")
    return {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        quote(whole, safe=""),
    }
