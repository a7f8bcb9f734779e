"""The texts in a notebook: each with its cell and part, and with where it stands in the file."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, NamedTuple

from aicore_magics.base.tokens import token_kind
from aicore_magics.leaks.files.json_spans import JsonText, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aicore_magics.leaks.detectors.match import Style

SOURCE = "source"  # the name of the part that people write
# Pictures and the like are base64 of what nobody typed.
_MEDIA = re.compile(r"(?i)(?:image/(?!svg)|audio/|video/|font/|application/(?:pdf|octet-stream|zip))")
# Without these as they are, a notebook finds no kernel, or its cells are others.
_KEPT_METADATA = ("kernelspec", "language_info")
_KEPT_FIELDS = ("id", "cell_type", "execution_count")
_KEPT_OF_OUTPUTS = ("output_type", "name", "execution_count")
_MIME = re.compile(r"[\w.-]{1,40}/[\w.+-]{1,60}")
_CELL_ID = re.compile(r"[\w-]{1,64}")
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")  # ECMA-48; tracebacks have colours
_PASSWORD_LABEL = re.compile(r"(?i)passw|passphrase|token|\bpwd\b")
_LONGEST_ACROSS = 200_000  # characters: more are read one by one only
# Two escapes that make one character stand first.
_ESCAPE = re.compile(r"(?s)\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.")


@dataclass(frozen=True, slots=True)
class Part:
    """What of a file a text is.

    *cell* counts from 1, and is 0 outside the cells. *whole_file*: its lines are counted in the file.
    """

    name: str
    cell: int = 0
    cell_id: str = ""
    style: Style = "output"
    whole_file: bool = False
    typed: bool = False  # all of it is what somebody typed into a password field
    across: bool = False  # it is what several outputs show, in one


class Literal:
    """A stretch of a file's text. *coded*: it is a JSON string, quotes included, that means other text."""

    def __init__(self, whole: str, span: Span, *, coded: bool) -> None:
        self._raw = whole[span[0] : span[1]]
        self._start = span[0]
        self._coded = coded

    @cached_property
    def text(self) -> str:
        """What the stretch means."""
        return str(json.loads(self._raw)) if self._coded else self._raw

    def at(self, inner: int) -> int:
        """Tell where in the file the character *inner* of `text` stands."""
        decoded, raw = self._after_escapes
        last = bisect_right(decoded, inner) - 1
        return self._start + raw[last] + inner - decoded[last]

    @cached_property
    def _after_escapes(self) -> tuple[list[int], list[int]]:
        """Behind each escape: how far that is in `text`, and how far in the file."""
        decoded, raw = [0], [1 if self._coded else 0]
        if self._coded:
            for escape in _ESCAPE.finditer(self._raw):
                decoded.append(decoded[-1] + escape.start() - raw[-1] + 1)
                raw.append(escape.end())
        return decoded, raw


class _Run(NamedTuple):
    """From *start* up to the next run, a piece's text is that of *literal* from *inner* on; or of no file."""

    start: int
    literal: Literal | None
    inner: int


@dataclass(frozen=True)
class Piece:
    """One text, as a reader sees it. Its repr shows nothing of it. Jupyter itself needs what is *kept*."""

    part: Part
    text: str = field(repr=False)
    find_runs: Callable[[], Iterable[_Run]] = field(repr=False)
    kept: tuple[Span, ...] = ()

    @cached_property
    def runs(self) -> tuple[_Run, ...]:
        """Where its text stands in the file: looked for only where something was found."""
        return tuple(self.find_runs())

    def keeps(self, start: int, end: int) -> bool:
        """Whether one of the characters from *start* to *end* has to stay as it is."""
        return any(start < last and end > first for first, last in self.kept)

    def spans(self, start: int, end: int) -> tuple[Span, ...]:
        """Where the characters from *start* to *end* stand: several stretches if the file parts lines."""
        found = []
        first = bisect_right(self.runs, start, key=lambda run: run.start) - 1
        for index in range(max(0, first), len(self.runs)):
            run = self.runs[index]
            if run.start >= end:
                break
            stop = self.runs[index + 1].start if index + 1 < len(self.runs) else len(self.text)
            inner = (max(start, run.start) - run.start + run.inner, min(end, stop) - run.start + run.inner)
            if run.literal and inner[0] < inner[1]:
                found.append((run.literal.at(inner[0]), run.literal.at(inner[1])))
        return tuple(found)


def plain_piece(text: str, part: Part, span: Span | None = None, kept: Iterable[Span] = ()) -> Piece:
    """Give a stretch of a file's *text*, or all of it, as it stands there. *kept* are places in the file."""
    start, end = span or (0, len(text))
    literal = Literal(text, (start, end), coded=False)
    kept_here = tuple((first - start, last - start) for first, last in kept)
    return Piece(part, literal.text, lambda: (_Run(0, literal, 0),), kept_here)


def notebook_pieces(text: str) -> list[Piece]:
    """List every text in the notebook *text*, valid JSON of format 4, but for the data of media."""
    return list(_pieces(JsonText(text)))


def _pieces(book: JsonText) -> Iterator[Piece]:
    text = book.text
    for key, _, at in book.members(book.whole()):
        if key == "cells" and text[at[0]] == "[":
            for number, cell in enumerate(book.elements(at), 1):
                yield from _cell(book, cell, number)
        else:
            kept = [value for name, _, value in book.members(at) if name in _KEPT_METADATA]
            yield plain_piece(text, Part("notebook metadata", whole_file=True), at, kept)
            yield from _typed(book, at)


def _cell(book: JsonText, cell: Span, number: int) -> Iterator[Piece]:
    text = book.text
    fields = [(key, at) for key, _, at in book.members(cell)]
    id_ = _cell_id(text, dict(fields).get("id"))
    if not fields:
        yield plain_piece(text, Part("cell", number, id_, whole_file=True), cell)
    for key, at in fields:
        lines = book.strings(at) if key == "source" else None
        if lines is not None:
            style: Style = "code" if _is_code(text, fields) else "output"
            yield _joined(book, at, lines, Part(SOURCE, number, id_, style))
        elif key == "outputs" and text[at[0]] == "[":
            for count, output in enumerate(book.elements(at), 1):
                yield from _output(book, output, Part(f"output {count}", number, id_))
            yield from _across(book, at, Part("output 1", number, id_, across=True))
        elif key == "attachments":
            yield from _attachments(book, at, Part("attachment", number, id_))
        else:
            name = "metadata" if key == "metadata" else "another field"
            kept = [at] if key in _KEPT_FIELDS else []
            yield plain_piece(text, Part(name, number, id_, whole_file=True), at, kept)


def _is_code(text: str, fields: Sequence[tuple[str, Span]]) -> bool:
    """Whether the cell with these *fields* is run. Prose has no quotes around what it names."""
    at = dict(fields).get("cell_type", (0, 0))
    return text[slice(*at)] not in ('"markdown"', '"raw"')


def _output(book: JsonText, output: Span, part: Part) -> Iterator[Piece]:
    fields = book.members(output)
    if not fields:
        yield plain_piece(book.text, _of(part, "", whole_file=True), output)
    for key, _, at in fields:
        lines = book.strings(at) if key in ("text", "traceback", "evalue") else None
        if key == "data":
            yield from _bundle(book, at, part)
        elif lines is not None:
            word = "" if key == "text" else "error"
            yield _joined(book, at, lines, _of(part, word), between="\n" if key == "traceback" else "")
        else:
            kept = [at] if key in _KEPT_OF_OUTPUTS else []
            yield plain_piece(book.text, _of(part, "metadata", whole_file=True), at, kept)


def _across(book: JsonText, outputs: Span, part: Part) -> Iterator[Piece]:
    """What the outputs of a cell print, in one text: what is printed in parts may come in several of them."""
    members = (member for output in book.elements(outputs) for member in book.members(output))
    printed = [(at, book.strings(at) or ()) for key, _, at in members if key == "text"]
    if len(printed) < 2 or sum(end - start for (start, end), _ in printed) > _LONGEST_ACROSS:  # noqa: PLR2004
        return
    text = "".join(_ANSI.sub("", line) for _, lines in printed for line in lines)
    yield Piece(part, text, partial(_runs_across, book, [at for at, _ in printed]))


def _runs_across(book: JsonText, places: Iterable[Span]) -> Iterator[_Run]:
    length = 0
    for at in places:
        for span in book.string_spans(at):
            literal = Literal(book.text, span, coded=True)
            for start, end in _uncoloured(literal.text):
                yield _Run(length, literal, start)
                length += end - start


def _bundle(book: JsonText, at: Span, part: Part) -> Iterator[Piece]:
    """The texts of a MIME bundle; the keys as well."""
    fields = book.members(at)
    if not fields:
        yield plain_piece(book.text, _of(part, "", whole_file=True), at)
    for mime, key, value in fields:
        word = mime if _MIME.fullmatch(mime) and not token_kind(mime) else ""
        if not word:
            yield _joined(book, key, [mime], part)
        if word and _MEDIA.match(mime):
            continue
        lines = book.strings(value)
        if lines is None:
            yield plain_piece(book.text, _of(part, word, whole_file=True), value)
        else:
            yield _joined(book, value, lines, _of(part, word))


def _attachments(book: JsonText, at: Span, part: Part) -> Iterator[Piece]:
    fields = book.members(at)
    if not fields:
        yield plain_piece(book.text, _of(part, "", whole_file=True), at)
    for count, (name, key, bundle) in enumerate(fields, 1):
        numbered = Part(f"{part.name} {count}", part.cell, part.cell_id)
        yield _joined(book, key, [name], _of(numbered, "name"))
        yield from _bundle(book, bundle, numbered)


def _of(part: Part, word: str, *, whole_file: bool = False) -> Part:
    return Part(f"{part.name}, {word}" if word else part.name, part.cell, part.cell_id, "output", whole_file)


def _cell_id(text: str, at: Span | None) -> str:
    """The id, if it is one that nbformat allows, and no token."""
    if at is None or text[at[0]] != '"':
        return ""
    id_ = text[at[0] + 1 : at[1] - 1]
    return id_ if _CELL_ID.fullmatch(id_) and not token_kind(id_) else ""


def _joined(book: JsonText, at: Span, lines: Sequence[str], part: Part, *, between: str = "") -> Piece:
    """The strings at *at*, which are read as *lines*, as one text, without the codes of colours."""
    text = between.join(lines)
    if "\x1b" in text:
        text = between.join(_ANSI.sub("", line) for line in lines)
    return Piece(part, text, partial(_runs, book, at, between))


def _runs(book: JsonText, at: Span, between: str) -> Iterator[_Run]:
    length = 0
    for number, span in enumerate(book.string_spans(at)):
        if between and number:
            yield _Run(length, None, 0)
            length += len(between)
        literal = Literal(book.text, span, coded=True)
        for start, end in _uncoloured(literal.text):
            yield _Run(length, literal, start)
            length += end - start


def _uncoloured(text: str) -> Iterator[Span]:
    start = 0
    if "\x1b" in text:
        for code in _ANSI.finditer(text):
            yield start, code.start()
            start = code.end()
    yield start, len(text)


def _typed(book: JsonText, metadata: Span) -> Iterator[Piece]:
    """What stands in password fields, where the state of widgets was saved with the notebook."""
    for key, _, widgets in book.members(metadata):
        for _, _, saved in book.members(widgets) if key == "widgets" else ():
            for name, _, models in book.members(saved):
                for _, _, model in book.members(models) if name == "state" else ():
                    yield from _typed_into(book, model)


def _typed_into(book: JsonText, model: Span) -> Iterator[Piece]:
    text = book.text
    fields = {key: at for key, _, at in book.members(model)}
    state = {key: at for key, _, at in book.members(fields.get("state", model))}
    label = text[slice(*state.get("description", (0, 0)))]
    password = text[slice(*fields.get("model_name", (0, 0)))] == '"PasswordModel"'
    value = state.get("value")
    if (password or _PASSWORD_LABEL.search(label)) and value and text[value[0]] == '"':
        typed = book.strings(value) or []
        yield _joined(book, value, typed, Part("widget state", whole_file=True, typed=True))
