"""What a result has to say, before anyone decides how it looks.

One `Report` is the source of both forms: `str(report)` is the text for terminals, logs and plain Python;
`jupyter/cards.py` draws the same report as HTML. So the two can never tell different stories.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aicore_magics.redact import written_out

State = Literal["done", "refused", "unknown", "warning", "hint", ""]
WIDTH = 100


class Code(str):
    """Text that one types or that stands in a file. A card shows it in monospace."""

    __slots__ = ()


Words = str | tuple[str, ...]


@dataclass(frozen=True)
class Fact:
    """One labelled value. *only* limits it to one form: clocks, for instance, would change the text."""

    label: str
    value: Words
    only: Literal["", "html", "text"] = ""


@dataclass(frozen=True)
class Step:
    """What to do next: a few words, and the lines to copy. *kind* is what the lines are."""

    what: str
    lines: tuple[str, ...]
    kind: Literal["command", "yaml"] = "command"


@dataclass(frozen=True)
class Table:
    """Rows under column names, for results that are lists."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Words, ...], ...]


@dataclass(frozen=True)
class Report:
    """Headline, sentences, facts or table, next steps and tenant, in reading order."""

    headline: str
    state: State = ""
    sentences: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    table: Table | None = None
    steps: tuple[Step, ...] = ()
    footer: str = ""

    def __str__(self) -> str:
        lines = [*_opening(self), *_body(self), *_steps(self), *filter(None, [self.footer])]
        # A key or a path from somewhere else may hold what moves other text about.
        return "\n".join(map(written_out, lines))


def plain(words: Words) -> str:
    """Join the pieces of *words*."""
    return words if isinstance(words, str) else "".join(words)


def _opening(report: Report) -> list[str]:
    """Headline and sentences on one line where they fit, else a line each."""
    lines = [f"{report.headline}.", *report.sentences]
    together = " ".join(lines)
    return [together] if len(together) <= WIDTH else lines


def _body(report: Report) -> list[str]:
    facts = [(_label(fact), plain(fact.value)) for fact in report.facts if fact.only != "html"]
    wide = max((len(label) for label, _ in facts), default=0)
    lines = [f"  {label:{wide}}  {value}".rstrip() for label, value in facts]
    return [*lines, *(_rows(report.table) if report.table else [])]


def _label(fact: Fact) -> str:
    """In small letters, but for what is an abbreviation."""
    return fact.label if fact.label.isupper() else fact.label.lower()


def _rows(table: Table) -> list[str]:
    """The table as aligned columns; its header only where there is more than one column."""
    header = [tuple(column.lower() for column in table.columns)] if len(table.columns) > 1 else []
    rows = [*header, *(tuple(plain(cell) for cell in row) for row in table.rows)]
    wide = [max(len(row[i]) for row in rows) for i in range(len(table.columns))] if rows else []
    return [
        "  " + "  ".join(f"{cell:{w}}" for cell, w in zip(row, wide, strict=True)).rstrip() for row in rows
    ]


def _steps(report: Report) -> list[str]:
    lines = []
    for i, step in enumerate(report.steps):
        lines.append(f"Next: {step.what}" if i == 0 else step.what)
        lines += [f"  {line}" for line in step.lines]
    return lines
