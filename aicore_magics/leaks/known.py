"""Values that are known, and where parts of them stand: whatever parts them, backwards or encoded even.

A value that was found needs no looks any more. So its letters are sought alone: quotes, line ends, markup,
escapes, numbers of lines and names of variables may stand between them.
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, NamedTuple

from aicore_magics.leaks.letters import NUMBERED, Letters, NumberedSigns
from aicore_magics.leaks.values import codes_of, is_made_up, may_be_words, random_part, with_inner

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from aicore_magics.leaks.files.json_spans import Span

SHORTEST_PART = 8  # characters of what is random: fewer are no risk, and may stand there by chance
_LONGEST = 10_000  # characters of a value that are sought
_BLOCK, _OVERLAP = 100_000, 4_000  # characters of a text that are read at once
_GRAM, _EVERY = 4, 3  # so many letters are looked up, at every third place: six in a row have such
_FEWEST_LETTERS = _GRAM + _EVERY - 1
_MOST_PLACES = 16  # of the same letters in all values
_WITHIN = 60  # letters, between two parts
_SHORTEST_REST = 3
_WITHIN_CHARACTERS = 160  # between two short parts
_SKIPPED = 2  # letters too few to be a part of their own
_SHORT_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{3,7}(?![A-Za-z0-9])")
_NO_SEAM = re.compile(r"""[^\s"'`<>,;|(){}\[\]]{1,24}""")  # between letters of one word: signs, escapes


class _Form(NamedTuple):
    """One way of writing a value: its *letters*, where they stand in *value*, and which are random."""

    value: str
    letters: str
    places: list[int]
    random: Span
    made_up: bool

    def place(self, at: int) -> int:
        """Tell where the letter *at* stands in the value, or that value's end."""
        return self.places[at] if at < len(self.places) else len(self.value)

    def counts(self, start: int, end: int) -> bool:
        """Whether the characters from *start* to *end* are enough of the value to tell of it."""
        enough = min(end, self.random[1]) - max(start, self.random[0]) >= SHORTEST_PART
        return enough and (self.made_up or not may_be_words(self.value[start:end]))

    def around(self, text: str, spans: Sequence[Span], start: int, end: int) -> tuple[int, int]:
        """How many of its signs stand in *text* around *spans*, which are its letters *start* to *end*."""
        before = self.value[self.places[start - 1] + 1 if start else 0 : self.places[start]]
        behind = self.value[self.places[end - 1] + 1 : self.place(end)]
        first, last = spans[0][0], spans[-1][1]
        return (
            _alike(before[::-1], text[max(0, first - len(before)) : first][::-1]),
            _alike(behind, text[last : last + len(behind)]),
        )


def _alike(one: str, other: str) -> int:
    """How many signs are the same at the beginning of both."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


class _Run(NamedTuple):
    """From *start* to *end* the letters of a text are those of *form* from *first* on."""

    start: int
    end: int
    form: _Form
    first: int

    @property
    def last(self) -> int:
        return self.first + self.end - self.start

    @property
    def may_count(self) -> bool:
        """Whether it counts if all signs of the value beside it are there."""
        form = self.form
        before = form.places[self.first - 1] + 1 if self.first else 0
        inner = form.places[self.first], form.places[self.last - 1] + 1
        long = self.end - self.start >= _FEWEST_LETTERS
        return long and (form.counts(before, form.place(self.last)) or form.counts(*inner))


class Known:
    """The values that are known, and where parts of them stand in texts. Shows nothing of them."""

    def __init__(self, values: Iterable[str]) -> None:
        forms = [_forms(value) for value in sorted(with_inner(values))]
        self._index: _Index = {}
        for form in (form for some in forms for form in some):
            for at in range(len(form.letters) - _GRAM + 1):
                _note(self._index, form.letters[at : at + _GRAM], (form, at))
        self._short: _Index = {}
        for form, *_ in forms:
            for length in range(_SHORTEST_REST, SHORTEST_PART):
                for at in range(len(form.letters) - length + 1):
                    _note(self._short, form.letters[at : at + length], (form, at))

    def parts(self, text: str) -> Iterator[list[Span]]:
        """List the stretches of each place in *text* that holds a part of a value, or several in order."""
        for start in range(0, max(1, len(text) - _OVERLAP), _BLOCK):
            end = start + _BLOCK + _OVERLAP
            yield from _shifted(self._read(Letters(text[start:end])), start)
        for numbered in NUMBERED.finditer(text):
            yield from _shifted(self._read(NumberedSigns(numbered[0])), numbered.start())
        yield from self._short_parts(text)

    def lines(self, text: str) -> list[int]:
        """List the lines of *text*, counted from 1, on which a part of a value begins."""
        starts = {place[0][0] for place in self.parts(text)}
        return sorted({text.count("\n", 0, start) + 1 for start in starts})

    def _read(self, reading: Letters) -> Iterator[list[Span]]:
        """The same in what is read."""
        for runs in _runs(reading.letters, self._index):
            place: list[Span] = []
            enough = False
            for run in runs:
                spans = _trimmed(reading.text, reading.spans(run.start, run.end))
                if not spans:
                    continue
                form = run.form
                before, behind = form.around(reading.text, spans, run.first, run.last)
                start, end = form.places[run.first] - before, form.places[run.last - 1] + 1 + behind
                letters = sum(last - first for first, last in spans)
                enough = enough or (letters >= _FEWEST_LETTERS and form.counts(start, end))
                place += _joined(reading.text, spans, before, behind)
            if enough:
                yield place

    def _short_parts(self, text: str) -> Iterator[list[Span]]:
        """The same of what is parted into so short parts that only their order tells of them."""
        chains: dict[tuple[int, int], list[tuple[Span, int]]] = {}
        every: list[tuple[_Form, list[tuple[Span, int]]]] = []
        for word in _SHORT_WORD.finditer(text) if self._short else ():
            for form, at in self._short.get(word[0], ()):
                chain: list[tuple[Span, int]] = []
                for skipped in range(_SKIPPED + 1):
                    before = chains.pop((id(form), at - skipped), None)
                    if before and word.start() - before[-1][0][1] <= _WITHIN_CHARACTERS:
                        chain = before
                        break
                else:
                    every.append((form, chain))
                chain.append((word.span(), at))
                chains[id(form), at + len(word[0])] = chain
        for form, chain in every:
            (first, last), at = chain[-1]
            if len(chain) > 1 and form.counts(
                form.places[chain[0][1]], form.places[at + last - first - 1] + 1
            ):
                yield [span for span, _ in chain]


def _forms(value: str) -> list[_Form]:
    """The value itself, and what it becomes backwards and in other codes."""
    start, end = random_part(value)
    written = value[: start + _LONGEST]
    forms = [_form(written, (start, end), made_up=is_made_up(value))]
    if len(value) <= _LONGEST:
        backwards, *codes = codes_of(value)
        forms.append(_form(backwards, (len(value) - end, len(value) - start), made_up=forms[0].made_up))
        forms += [_form(code, (0, len(code)), made_up=True) for code in codes]
    return forms


def _form(value: str, random: Span, *, made_up: bool) -> _Form:
    reading = Letters(value)
    return _Form(value, reading.letters, reading.places(), random, made_up)


_Index = dict[str, list[tuple[_Form, int]]]


def _note(index: _Index, letters: str, place: tuple[_Form, int]) -> None:
    places = index.setdefault(letters, [])
    if len(places) < _MOST_PLACES:
        places.append(place)


def _runs(letters: str, index: _Index) -> Iterator[list[_Run]]:
    """Where *letters* have a part of a value, with what goes on with it near by."""
    behind = 0
    for at in range(0, len(letters) - _GRAM + 1, _EVERY):
        if at >= behind and letters[at : at + _GRAM] in index:
            runs = (_extended(letters, at, *place) for place in index[letters[at : at + _GRAM]])
            run = max(runs, key=lambda run: (run.may_count, run.end - run.start))
            if run.may_count:
                found = [*reversed(list(_before(letters, run))), run, *_behind(letters, run)]
                yield found
                behind = run.end


def _extended(letters: str, at: int, form: _Form, first: int) -> _Run:
    """The longest run that has the letter at *at*, which is that of *form* at *first*."""
    own = form.letters
    start, end = at, at
    while start > 0 and first > 0 and letters[start - 1] == own[first - 1]:
        start, first = start - 1, first - 1
    while end < len(letters) and first + end - start < len(own) and letters[end] == own[first + end - start]:
        end += 1
    return _Run(start, end, form, first)


def _behind(letters: str, run: _Run) -> Iterator[_Run]:
    own = run.form.letters
    while len(own) - run.last >= _SHORTEST_REST:
        at = letters.find(own[run.last : run.last + _GRAM], run.end, run.end + _WITHIN)
        if at < 0:
            return
        run = _extended(letters, at, run.form, run.last)
        yield run


def _before(letters: str, run: _Run) -> Iterator[_Run]:
    own = run.form.letters
    while run.first >= _SHORTEST_REST:
        rest = own[max(0, run.first - _GRAM) : run.first]
        at = letters.rfind(rest, max(0, run.start - _WITHIN), run.start)
        if at < 0:
            return
        run = _extended(letters, at, run.form, run.first - len(rest))
        yield run


def _shifted(places: Iterable[list[Span]], by: int) -> Iterator[list[Span]]:
    return ([(start + by, end + by) for start, end in place] for place in places)


def _trimmed(text: str, spans: list[Span]) -> list[Span]:
    """*spans* without a letter or two of the word before and of the next one."""
    first, last = 0, len(spans)
    while last > first and _cuts_word(text, spans[last - 1]):
        last -= 1
    while first < last and _cuts_word(text, spans[first]):
        first += 1
    return spans[first:last]


def _joined(text: str, spans: list[Span], before: int, behind: int) -> list[Span]:
    """*spans* with so many signs *before* and *behind* them, those that only signs part in one."""
    joined = [(spans[0][0] - before, spans[0][1])]
    for start, end in spans[1:]:
        if _NO_SEAM.fullmatch(text, joined[-1][1], start):
            joined[-1] = joined[-1][0], end
        else:
            joined.append((start, end))
    joined[-1] = joined[-1][0], joined[-1][1] + behind
    return joined


def _cuts_word(text: str, span: Span) -> bool:
    start, end = span
    short = end - start < _SHORTEST_REST
    return short and (text[end : end + 1].isalnum() or text[max(0, start - 1) : start].isalnum())
