"""What a result has to say, before anyone decides how it looks.

One `Report` is the source of both forms: `str(report)` is the text for terminals, logs and plain Python;
`jupyter/cards.py` draws the same report as HTML. So the two can never tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from aicore_magics.base.redact import written_out
from aicore_magics.next_steps import PYTHON, VALUES, closed, pieces

if TYPE_CHECKING:
    from aicore_magics.next_steps import Door, Words

State = Literal["done", "refused", "unknown", "warning", "hint", "running", "waiting", ""]
WIDTH = 100
_MANY_ROWS = 12


class Code(str):
    """Text that one types or that stands in a file. A card shows it in monospace."""

    __slots__ = ()


class Origin(str):
    """A sentence on where something was taken from: worth saying, and no warning."""

    __slots__ = ()


class Line(str):
    """Words that begin a line of their own."""

    __slots__ = ()


@dataclass(frozen=True)
class Mark:
    """A word with the ring of a state in front, in a card; in text it is the word alone."""

    word: Words
    state: State


@dataclass(frozen=True)
class Lines:
    """Several lines in one cell, each words or a Mark."""

    each: tuple[Words | Mark, ...]


@dataclass(frozen=True)
class Said:
    """A cell that a card and the text put otherwise: a clock would make each text another one."""

    card: Words | Mark | Lines
    text: Words | Lines


@dataclass(frozen=True)
class Bar:
    """Words with a bar behind them, in the last column of a table of ends; in text they are the words alone.

    *thin*, then *thick*: how far each part goes, as per cent of the whole. *tick*: the bar ends in one.
    """

    words: Words | Said
    thin: float = 0
    thick: float = 0
    tick: bool = False


Cell: TypeAlias = "Words | Mark | Lines | Said | Bar"


@dataclass(frozen=True)
class Fact:
    """One labelled value. *only* limits it to one form: clocks, for instance, would change the text."""

    label: str
    value: Cell
    only: Literal["", "html", "text"] = ""


@dataclass(frozen=True)
class Step:
    """What to do next, or a sample: a few words, and the lines to copy. *kind* is what the lines are."""

    what: Words
    lines: tuple[Words, ...]
    kind: Literal["command", "yaml"] = "command"

    def blanks(self, door: Door) -> str:
        """Return what is to be filled in, as *door* says it; it stands with the words, so no line has it."""
        return door.blanks(tuple(piece for line in self.lines for piece in pieces(line)))


@dataclass(frozen=True)
class Table:
    """Rows under column names, for results that are lists. *only* limits it to one form, as for a Fact.

    A table of *ends* has short rows, and in its last column bars of 90 days from now. One of *steps* has
    short rows, too: those that run now are strong in it, those that wait are pale.
    """

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    only: Literal["", "html"] = ""
    kind: Literal["", "ends", "steps"] = ""

    @property
    def names(self) -> tuple[Cell, ...]:
        """The cells of a long table with one column, which is read better side by side; else none."""
        many = len(self.columns) == 1 and len(self.rows) >= _MANY_ROWS
        return tuple(cell for (cell,) in self.rows) if many else ()


@dataclass(frozen=True)
class Report:
    """Headline, sentences, facts or table, notes, samples, next steps and tenant, in reading order.

    *as_of* has a clock in it, so that only a card shows it, behind the notes.
    """

    headline: str
    state: State = ""
    sentences: tuple[str | Said, ...] = ()
    facts: tuple[Fact, ...] = ()
    table: Table | None = None
    steps: tuple[Step, ...] = ()
    footer: str = ""
    samples: tuple[Step, ...] = ()
    notes: tuple[Words, ...] = ()
    as_of: Words = ()

    def text(self, door: Door = PYTHON) -> str:
        """Give it as text, with what to do next as *door* says it."""
        lines = [
            *_opening(self),
            *_body(self, door),
            *map(door.say, self.notes),
            *_samples(self, door),
            *_steps(self, door),
            *filter(None, [self.footer]),
        ]
        # A key or a path from somewhere else may hold what moves other text about.
        return "\n".join(map(written_out, lines))

    def __str__(self) -> str:
        return self.text()


def plain(cell: Cell, door: Door = PYTHON) -> str:
    """Join the pieces of *cell*, as *door* says them."""
    return "; ".join(_lines(cell, door))


def as_data(value: Any) -> Any:
    """Give *value* as `dataclasses.asdict` does, with what to do next as Python says it.

    A time is text, and what has a `to_data` of its own is what that gives.
    """
    if isinstance(value, datetime):
        return value.isoformat()
    if hasattr(value, "to_data"):
        return value.to_data()
    if isinstance(value, VALUES) or (isinstance(value, tuple) and any(isinstance(v, VALUES) for v in value)):
        return PYTHON.say(value)
    if is_dataclass(value):
        return {field.name: as_data(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, dict):
        return {key: as_data(inner) for key, inner in value.items()}
    return type(value)(map(as_data, value)) if isinstance(value, (tuple, list)) else value


def warns(notes: tuple[str, ...]) -> bool:
    """Whether one of *notes* is more than an Origin."""
    return any(not isinstance(note, Origin) for note in notes)


def _opening(report: Report) -> list[str]:
    """Headline and sentences on one line where they fit, else a line each."""
    lines = [closed(report.headline), *map(plain, report.sentences)]
    together = " ".join(lines)
    return [together] if len(together) <= WIDTH else lines


def _body(report: Report, door: Door) -> list[str]:
    facts = [
        (_label(fact) if i == 0 else "", line)
        for fact in report.facts
        if fact.only != "html"
        for i, line in enumerate(_lines(fact.value, door))
    ]
    wide = max((len(label) for label, _ in facts), default=0)
    lines = [f"  {label:{wide}}  {value}".rstrip() for label, value in facts]
    if report.table and not report.table.only:
        names = [plain(cell, door) for cell in report.table.names]
        lines += _side_by_side(names) if names else _rows(report.table, door)
    return lines


def _side_by_side(names: list[str]) -> list[str]:
    """*names* in columns, read downwards, as `ls` shows files."""
    wide = max(map(len, names)) + 2
    high = -(-len(names) // max(1, (WIDTH - 2) // wide))
    return [f"  {''.join(f'{name:{wide}}' for name in names[i::high])}".rstrip() for i in range(high)]


def _label(fact: Fact) -> str:
    """In small letters, but for an abbreviation, and for what stands in a file."""
    return fact.label if fact.label.isupper() or isinstance(fact.label, Code) else fact.label.lower()


def _rows(table: Table, door: Door) -> list[str]:
    """The table as aligned columns; its header only where there is more than one column."""
    header = [tuple(column.lower() for column in table.columns)] if len(table.columns) > 1 else []
    rows = [*header, *(row for cells in table.rows for row in _broken(cells, door))]
    wide = [max(len(row[i]) for row in rows) for i in range(len(table.columns))] if rows else []
    return [
        "  " + "  ".join(f"{cell:{w}}" for cell, w in zip(row, wide, strict=True)).rstrip() for row in rows
    ]


def _broken(row: tuple[Cell, ...], door: Door) -> zip_longest[tuple[str, ...]]:
    """The lines of *row*: as many as its highest cell has."""
    return zip_longest(*(_lines(cell, door) for cell in row), fillvalue="")


def _lines(cell: Cell, door: Door) -> list[str]:
    """*cell* in text, line by line."""
    if isinstance(cell, Lines):
        return [line for one in cell.each for line in _lines(one, door)]
    if isinstance(cell, (Said, Bar, Mark)):
        return _lines(_in_text(cell), door)
    return [door.say(cell)]


def _in_text(cell: Said | Bar | Mark) -> Cell:
    if isinstance(cell, Said):
        return cell.text
    return cell.words if isinstance(cell, Bar) else cell.word


def _samples(report: Report, door: Door) -> list[str]:
    return [
        line
        for sample in report.samples
        for line in (door.say(sample.what), *(f"  {door.say(text)}" for text in sample.lines))
    ]


def _steps(report: Report, door: Door) -> list[str]:
    lines = []
    for i, step in enumerate(report.steps):
        what = door.say(step.what) + step.blanks(door)
        lines.append(f"Next: {what}" if i == 0 else what)
        lines += [f"  {said}" for line in step.lines if (said := door.say(line)) or line == ""]
    return lines
