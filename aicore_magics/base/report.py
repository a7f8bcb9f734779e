"""What a result has to say, before anyone decides how it looks.

One `Report` is the source of both forms: `str(report)` is the text for terminals, logs and plain Python;
`jupyter/cards.py` draws the same report as HTML. So the two can never tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aicore_magics.base.redact import written_out

State = Literal["done", "refused", "unknown", "warning", "hint", ""]
WIDTH = 100


class Code(str):
    """Text that one types or that stands in a file. A card shows it in monospace."""

    __slots__ = ()


class Origin(str):
    """A sentence on where something was taken from: worth saying, and no warning."""

    __slots__ = ()


class Command(str):
    """A line to copy, on a line of its own."""

    __slots__ = ()


class Line(str):
    """Words that begin a line of their own."""

    __slots__ = ()


RichText = str | tuple[str, ...]


@dataclass(frozen=True)
class Mark:
    """A word with the ring of a state in front, in a card; in text it is the word alone."""

    word: str
    state: State


Cell = RichText | Mark


@dataclass(frozen=True)
class Fact:
    """One labelled value. *only* limits it to one form: clocks, for instance, would change the text."""

    label: str
    value: RichText
    only: Literal["", "html", "text"] = ""


@dataclass(frozen=True)
class Step:
    """What to do next, or a sample: a few words, and the lines to copy. *kind* is what the lines are."""

    what: str
    lines: tuple[str, ...]
    kind: Literal["command", "yaml"] = "command"


@dataclass(frozen=True)
class Table:
    """Rows under column names, for results that are lists. *only* limits it to one form, as for a Fact."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    only: Literal["", "html"] = ""


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

    def __str__(self) -> str:
        lines = [*_opening(self), *_body(self), *_samples(self), *_steps(self), *filter(None, [self.footer])]
        # A key or a path from somewhere else may hold what moves other text about.
        return "\n".join(map(written_out, lines))


def plain(cell: Cell) -> str:
    """Join the pieces of *cell*."""
    if isinstance(cell, Mark):
        return cell.word
    return cell if isinstance(cell, str) else "".join(cell)


def warns(notes: tuple[str, ...]) -> bool:
    """Whether one of *notes* is more than an Origin."""
    return any(not isinstance(note, Origin) for note in notes)


def uncapitalised(sentence: str) -> str:
    """Give *sentence* as it stands behind a colon."""
    return sentence[:1].lower() + sentence[1:]


def _opening(report: Report) -> list[str]:
    """Headline and sentences on one line where they fit, else a line each."""
    lines = [f"{report.headline}.", *report.sentences]
    together = " ".join(lines)
    return [together] if len(together) <= WIDTH else lines


def _body(report: Report) -> list[str]:
    facts = [(_label(fact), plain(fact.value)) for fact in report.facts if fact.only != "html"]
    wide = max((len(label) for label, _ in facts), default=0)
    lines = [f"  {label:{wide}}  {value}".rstrip() for label, value in facts]
    shown = report.table is not None and not report.table.only
    return [*lines, *(_rows(report.table) if report.table and shown else [])]


def _label(fact: Fact) -> str:
    """In small letters, but for an abbreviation, and for what stands in a file."""
    return fact.label if fact.label.isupper() or isinstance(fact.label, Code) else fact.label.lower()


def _rows(table: Table) -> list[str]:
    """The table as aligned columns; its header only where there is more than one column."""
    header = [tuple(column.lower() for column in table.columns)] if len(table.columns) > 1 else []
    rows = [*header, *(tuple(plain(cell) for cell in row) for row in table.rows)]
    wide = [max(len(row[i]) for row in rows) for i in range(len(table.columns))] if rows else []
    return [
        "  " + "  ".join(f"{cell:{w}}" for cell, w in zip(row, wide, strict=True)).rstrip() for row in rows
    ]


def _samples(report: Report) -> list[str]:
    return [line for one in report.samples for line in (one.what, *(f"  {text}" for text in one.lines))]


def _steps(report: Report) -> list[str]:
    lines = []
    for i, step in enumerate(report.steps):
        lines.append(f"Next: {step.what}" if i == 0 else step.what)
        lines += [f"  {line}" for line in step.lines]
    return lines
