"""How each result looks in a notebook: one card of HTML, every value escaped.

The looks must survive without style: an untrusted notebook keeps classes and simple `style=` and drops
`<style>` and `role`. So the order of reading is the order of the HTML, and words stand beside every glyph.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from aicore_magics.base.redact import written_out
from aicore_magics.base.report import Code, Line, Mark
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import Action, Command, pieces

if TYPE_CHECKING:
    from aicore_magics.base.report import Cell, Fact, Report, State, Step, Table
    from aicore_magics.jupyter.wording import Notebook
    from aicore_magics.next_steps import Piece, Words

_RINGS: dict[State, tuple[str, str]] = {
    "done": ("ok", "✓"),
    "refused": ("er", "✕"),
    "unknown": ("wn", "?"),
    "warning": ("wn", "!"),
    "hint": ("nf", "i"),
}
_LEFT = 'style="text-align:left"'


def html_card(report: Report, *, alert: bool = False, door: Notebook = NOTEBOOK) -> str:
    """Give *report* as one HTML card with its style, what to do next as *door* says it.

    *alert*: a screen reader is to say it at once.
    """
    words = _InWords(door)
    parts = (
        _headline(report, alert=alert or report.state in ("refused", "unknown")),
        *(f'<p class="sub">{_text(sentence)}</p>' for sentence in report.sentences),
        words.facts([fact for fact in report.facts if fact.only != "text"]),
        words.table(report.table) if report.table else "",
        words.blocks([door.say(step.what) for step in report.samples], report.samples),
        words.steps(report.steps),
        f'<p class="ft">{_text(report.footer)}</p>' if report.footer else "",
    )
    # JupyterLab would typeset $…$ in a card as maths: robot accounts have dollars in them.
    return f'<style>{card_style()}</style><div class="aic mathjax_ignore">{"".join(parts)}</div>'


def card_style() -> str:
    """Give the style that goes with each card."""
    return resources.files(__package__).joinpath("card.css").read_text("utf-8")


def _headline(report: Report, *, alert: bool) -> str:
    ring = ""
    if report.state:
        kind, glyph = _RINGS[report.state]
        ring = f'<span class="g {kind}" aria-hidden="true">{glyph}</span> '
    role = "alert" if alert else "status"
    return f'<p class="hd" role="{role}">{ring}<strong>{_text(report.headline)}</strong></p>'


@dataclass(frozen=True)
class _InWords:
    """The parts of a card in which something to do may stand, as *door* says it."""

    door: Notebook

    def facts(self, facts: list[Fact]) -> str:
        rows = "".join(
            f'<tr><th scope="row" {_LEFT}>{_text(fact.label)}</th>'
            f"<td {_LEFT}>{self._words(fact.value)}</td></tr>"
            for fact in facts
        )
        return f'<table class="kv">{rows}</table>' if rows else ""

    def table(self, table: Table) -> str:
        if table.names:
            items = "".join(f"<li>{self._cell(name)}</li>" for name in table.names)
            return f'<ul class="nm" aria-label="{_text(table.columns[0])}">{items}</ul>'
        header = "".join(f'<th scope="col" {_LEFT}>{_text(column)}</th>' for column in table.columns)
        rows = "".join(f"<tr>{self._row(row)}</tr>" for row in table.rows)
        return f'<table class="ls"><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>'

    def steps(self, steps: tuple[Step, ...]) -> str:
        words = [self.door.say(step.what) + step.blanks(self.door) for step in steps]
        return self.blocks([f"Next: {text}" if i == 0 else text for i, text in enumerate(words)], steps)

    def blocks(self, headings: list[str], steps: tuple[Step, ...]) -> str:
        blocks = "".join(
            f"<p>{_text(words)}</p>{self._lines(step)}" for words, step in zip(headings, steps, strict=True)
        )
        return f'<div class="nx">{blocks}</div>' if blocks else ""

    def _row(self, row: tuple[Cell, ...]) -> str:
        first, *rest = row
        cells = "".join(f'<td class="bk" {_LEFT}>{self._cell(cell)}</td>' for cell in rest)
        return f'<th scope="row" class="nw" {_LEFT}>{self._cell(first)}</th>{cells}'

    def _cell(self, cell: Cell) -> str:
        if not isinstance(cell, Mark):
            return self._words(cell)
        if not cell.state:
            return _text(cell.word)
        kind, glyph = _RINGS[cell.state]
        return f'<span class="g sm {kind}" aria-hidden="true">{glyph}</span> {_text(cell.word)}'

    def _lines(self, step: Step) -> str:
        """Commands wrap between their words, never inside one; YAML keeps its lines."""
        lines = [self.door.say(line) for line in step.lines]
        if step.kind == "yaml":
            return f'<pre class="y">{chr(10).join(map(_text, lines))}</pre>'
        return "".join(f"<pre>{_command(line)}</pre>" for line in lines)

    def _words(self, words: Words) -> str:
        return "".join(map(self._piece, pieces(words)))

    def _piece(self, piece: Piece) -> str:
        if isinstance(piece, Action):
            return f"<pre>{_command(self.door.say(piece))}</pre>"
        if not isinstance(piece, str):
            return _text(self.door.say(piece))
        if isinstance(piece, Code):
            return f"<code>{_text(piece)}</code>"
        if isinstance(piece, Command):
            return f"<pre>{_command(piece)}</pre>"
        return f"<br>{_text(piece)}" if isinstance(piece, Line) else _text(piece)


def _command(line: str) -> str:
    return " ".join(f'<span class="nw">{_text(word)}</span>' for word in line.split(" "))


def _text(text: str) -> str:
    """Escaped, with unseen characters written out."""
    return escape(written_out(text))
