"""The credentials of one file, each once: with the text it is in and the stretches of the file it covers.

A value that was found once may stand again, here or in another file: if it is worth that, it is looked for.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import REMOVED, is_placeholder
from aicore_magics.leaks.detectors import hits, read_code
from aicore_magics.leaks.detectors.command_lines import variables_in_commands
from aicore_magics.leaks.detectors.judge import login_in_base64
from aicore_magics.leaks.detectors.keywords import is_about_registry, names_registry, word_starts
from aicore_magics.leaks.detectors.kinds import POSSIBLE, RANK
from aicore_magics.leaks.detectors.match import Match, merged
from aicore_magics.leaks.detectors.string_literals import are_joined
from aicore_magics.leaks.detectors.unwrapped import plain
from aicore_magics.leaks.known import Known
from aicore_magics.leaks.remains import parts_in
from aicore_magics.leaks.values import forms_of, is_distinctive, may_stand_again

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from aicore_magics.leaks.detectors.python import Reading
    from aicore_magics.leaks.files.document import Document
    from aicore_magics.leaks.files.json_spans import Span
    from aicore_magics.leaks.files.notebook_texts import Piece

MAX_FOUND = 500  # in one file
MAX_VALUES = 100  # that are looked for elsewhere
_NO_VALUE = (POSSIBLE, "same-value")  # what nothing is known of, and what is known already
_BESIDE = 8  # hits, before and behind
_PLAIN_NAME = re.compile(r"[a-z0-9_./-]*")  # `python3`, `data/model_v2`: in code it may be just that
_WORD = re.compile(r"\w")
_REMOVED = re.compile(REMOVED)
_QUOTES, _LINE_ENDS = ("'", '"'), ("", "\n", "\r")
_INSIDE = re.compile(r"(?<!\\)\w\Z|\\[^\Wnrt]\Z")  # a word goes on; but `\nHunter2` begins one


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One credential: where it stands in a piece, and in the file. *beside*: it, and the hits next to it."""

    piece: Piece
    hit: Match
    spans: tuple[Span, ...]
    beside: tuple[Match, ...]

    @property
    def envelope(self) -> Span:
        """From where to where it reaches in the file."""
        return self.spans[0][0], self.spans[-1][1]


def detect(document: Document, values: Iterable[str] = ()) -> list[Occurrence]:
    """Find the credentials in *document*, in order, and where one of *values* stands again. At most 501.

    What the whole file speaks of decides whether a password in it is one for a registry, or a possible one.
    """
    standing = values_in(document, values)
    forms = {form for value in standing for form in forms_of(value)}
    pieces = document.pieces()
    readings = _readings(pieces)
    found = _in_context(pieces, _in_pieces(document, readings, forms, frozenset()))
    whole = values_of(found) - distinctive_values(found)
    if whole:
        found = _in_context(pieces, _in_pieces(document, readings, forms, whole))
    return _with_parts(_once(found), pieces, values_of(found) | standing)[: MAX_FOUND + 1]


def _with_parts(
    found: list[Occurrence], pieces: Sequence[Piece], values: Collection[str]
) -> list[Occurrence]:
    """*found*, and where else parts of *values* stand; beside each is what it must not be shown with."""
    taken = [span for one in found for span in one.spans]
    parts = list(parts_in(pieces, Known(values), taken)) if values else []
    if not parts:
        return found
    every = [
        *found,
        *(
            Occurrence(part.piece, Match(part.start, part.end, "same-value"), part.spans, ())
            for part in parts
        ),
    ]
    beside: dict[int, list[Match]] = {}
    for one in sorted(every, key=lambda one: one.hit.start):
        beside.setdefault(id(one.piece), []).append(one.hit)
    return sorted(
        (replace(one, beside=_near(beside[id(one.piece)], one.hit)) for one in every),
        key=lambda one: one.envelope,
    )


def _near(hits_in_piece: list[Match], hit: Match) -> tuple[Match, ...]:
    index = hits_in_piece.index(hit)
    return tuple(hits_in_piece[max(0, index - _BESIDE) : index + _BESIDE])


def values_in(document: Document, values: Iterable[str]) -> set[str]:
    """Give those of *values* that stand in *document* in one of the ways of writing them."""
    return {value for value in values if any(form in document.text for form in forms_of(value))}


def _in_context(pieces: Sequence[Piece], found: Iterable[Occurrence]) -> list[Occurrence]:
    """*found*, with possible passwords as passwords of a registry where one of *pieces* speaks of any."""
    every = list(found)
    if not any(one.hit.possible for one in every) or not any(map(_is_context, pieces)):
        return every
    return [
        replace(one, hit=replace(one.hit, kind_id="registry-password"))
        if one.hit.possible and not one.hit.doubtful
        else one
        for one in every
    ]


def _is_context(piece: Piece) -> bool:
    # What stands in a credential's place names registries, and would be there only once one was taken out.
    return is_about_registry(_REMOVED.sub("", piece.text))


_Read = list[tuple["Piece", "Reading | None"]]


def _readings(pieces: Sequence[Piece]) -> _Read:
    """*pieces*, those that are code with what Python says of them."""
    readings = iter(read_code([piece.text for piece in pieces if piece.part.style == "code"]))
    return [(piece, next(readings) if piece.part.style == "code" else None) for piece in pieces]


def _in_pieces(
    document: Document, readings: _Read, forms: Collection[str], whole: Collection[str]
) -> Iterator[Occurrence]:
    known = names_registry(document.path.stem)
    variables = set().union(*(variables_in_commands(piece.text) for piece, reading in readings if reading))
    every = (
        one
        for piece, reading in readings
        for one in in_piece(piece, forms, whole, known=known, variables=variables, reading=reading)
    )
    return islice(every, 2 * MAX_FOUND)


def distinctive_values(found: Iterable[Occurrence]) -> set[str]:
    """Give the values that are worth looking for elsewhere: too special to stand there by chance."""
    return {value for value in values_of(found) if is_distinctive(value)}


def values_of(found: Iterable[Occurrence]) -> set[str]:
    """Give the values in *found* that may stand again, of logins in base64 the password: at most 100."""
    values = set()
    for value, one in _joined(one for one in found if one.hit.kind_id not in _NO_VALUE):
        login = login_in_base64(value) if one.hit.kind_id in ("registry-login", "basic-login") else None
        values.add(login[1] if login else value)
        if len(values) >= MAX_VALUES:
            break
    return {value for value in values if may_stand_again(value)}


def _joined(found: Iterable[Occurrence]) -> Iterator[tuple[str, Occurrence]]:
    """Each of *found* with its value, those that are parts of one value together."""
    value, last = "", None
    for one in found:
        text = one.piece.text
        own = one.hit.whole or plain(text[one.hit.start : one.hit.end])
        if (
            last
            and last.piece is one.piece
            and not one.hit.whole
            and are_joined(text, last.hit.end, one.hit.start)
        ):
            value += own
        else:
            if last:
                yield value, last
            value = own
        last = one
    if last:
        yield value, last


def in_piece(
    piece: Piece,
    forms: Collection[str] = (),
    whole: Collection[str] = (),
    *,
    known: bool = False,
    variables: Collection[str] | None = None,
    reading: Reading | None = None,
) -> Iterator[Occurrence]:
    """Find the credentials in one *piece*, and where one of *forms* stands, or one of *whole* alone."""
    if piece.part.typed:
        typed = bool(piece.text) and not is_placeholder(piece.text)
        here = [Match(0, len(piece.text), "typed-password")] if typed else []
    else:
        here = hits(piece.text, piece.part.style, known=known, variables=variables, reading=reading)
        if piece.part.across:  # a name in one output tells nothing of what another begins with
            here = [hit for hit in here if hit.kind.shape]
    if forms or whole:
        here = merged([*here, *again_hits(piece, forms), *lone_hits(piece, whole)])
    for index, hit in enumerate(here):
        spans = piece.spans(hit.start, hit.end)
        if spans:
            yield Occurrence(piece, hit, spans, tuple(here[max(0, index - _BESIDE) : index + _BESIDE]))


def _once(found: list[Occurrence]) -> list[Occurrence]:
    """*found* in the file's order; of two that cover one place, as two readings of it, what says more."""
    kept: list[Occurrence] = []
    for one in sorted(found, key=lambda one: one.envelope):
        if kept and one.envelope[0] < kept[-1].envelope[1]:
            kept[-1] = min(kept[-1], one, key=lambda each: (RANK[each.hit.kind_id], -len(each.spans)))
        else:
            kept.append(one)
    return kept


def again_hits(piece: Piece, forms: Iterable[str]) -> Iterator[Match]:
    """Find where one of *forms* stands, but for the inside of words and what Jupyter needs as it is."""
    for at, form in word_starts(piece.text, forms):
        end = at + len(form)
        inside = _INSIDE.search(piece.text[max(0, at - 2) : at]) or _WORD.match(piece.text, end)
        if not inside and not piece.keeps(at, end):
            yield Match(at, end, "same-value")


def lone_hits(piece: Piece, values: Collection[str]) -> Iterator[Match]:
    """Where one of *values* is all that stands in quotes in code, or on a line of an output."""
    text, style = piece.text, piece.part.style
    if piece.part.whole_file and style == "output":
        return
    alone = [value for value in values if style == "output" or not _PLAIN_NAME.fullmatch(value)]
    for at, value in word_starts(text, alone):
        end = at + len(value)
        quoted = text[max(0, at - 1) : at] in _QUOTES and text[end : end + 1] == text[at - 1]
        start, stop = (at - 1, end + 1) if quoted else (at, end)
        line = text[max(0, start - 1) : start] in _LINE_ENDS and text[stop : stop + 1] in _LINE_ENDS
        if line if style == "output" else quoted:
            yield Match(at, end, "same-value")
