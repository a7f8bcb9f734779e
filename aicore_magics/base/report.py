"""What a result has to say, before anyone decides how it looks.

One `Report` is the source of both forms: `str(report)` is the text for terminals, logs and plain Python;
`jupyter/cards.py` draws the same report as HTML. So the two can never tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, is_dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from aicore_magics.base.redact import written_out
from aicore_magics.next_steps import PYTHON, VALUES, closed, pieces

if TYPE_CHECKING:
    from aicore_magics.next_steps import Door, Words

State = Literal["done", "refused", "unknown", "warning", "hint", ""]
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

    word: str
    state: State


Cell: TypeAlias = "Words | Mark"


@dataclass(frozen=True)
class Fact:
    """One labelled value. *only* limits it to one form: clocks, for instance, would change the text."""

    label: str
    value: Words
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
    """Rows under column names, for results that are lists. *only* limits it to one form, as for a Fact."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    only: Literal["", "html"] = ""

    @property
    def names(self) -> tuple[Cell, ...]:
        """The cells of a long table with one column, which is read better side by side; else none."""
        many = len(self.columns) == 1 and len(self.rows) >= _MANY_ROWS
        return tuple(cell for (cell,) in self.rows) if many else ()


@dataclass(frozen=True)
class Report:
    """Headline, sentences, facts or table, samples, next steps and tenant, in reading order."""

    headline: str
    state: State = ""
    sentences: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    table: Table | None = None
    steps: tuple[Step, ...] = ()
    footer: str = ""
    samples: tuple[Step, ...] = ()

    def text(self, door: Door = PYTHON) -> str:
        """Give it as text, with what to do next as *door* says it."""
        lines = [
            *_opening(self),
            *_body(self, door),
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
    return cell.word if isinstance(cell, Mark) else door.say(cell)


def as_data(value: Any) -> Any:
    """Give *value* as `dataclasses.asdict` does, with what to do next as Python says it."""
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
    lines = [closed(report.headline), *report.sentences]
    together = " ".join(lines)
    return [together] if len(together) <= WIDTH else lines


def _body(report: Report, door: Door) -> list[str]:
    facts = [(_label(fact), plain(fact.value, door)) for fact in report.facts if fact.only != "html"]
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
    rows = [*header, *(tuple(plain(cell, door) for cell in row) for row in table.rows)]
    wide = [max(len(row[i]) for row in rows) for i in range(len(table.columns))] if rows else []
    return [
        "  " + "  ".join(f"{cell:{w}}" for cell, w in zip(row, wide, strict=True)).rstrip() for row in rows
    ]


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
