"""How each result looks in a notebook: one card of HTML, every value escaped.

The looks must survive without style: an untrusted notebook keeps classes and simple `style=` and drops
`<style>` and `role`. So the order of reading is the order of the HTML, and words stand beside every glyph.
"""

from __future__ import annotations

from html import escape
from importlib import resources
from typing import TYPE_CHECKING

from aicore_magics.base.redact import written_out
from aicore_magics.base.report import Code, Line, Mark
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.next_steps import Action, Command, pieces

if TYPE_CHECKING:
    from aicore_magics.base.report import Cell, Fact, Report, State, Step, Table
    from aicore_magics.next_steps import Piece, Words

_RINGS: dict[State, tuple[str, str]] = {
    "done": ("ok", "✓"),
    "refused": ("er", "✕"),
    "unknown": ("wn", "?"),
    "warning": ("wn", "!"),
    "hint": ("nf", "i"),
}
_LEFT = 'style="text-align:left"'


def html_card(report: Report, *, alert: bool = False) -> str:
    """Give *report* as one HTML card with its style; *alert*: a screen reader is to say it at once."""
    parts = (
        _headline(report, alert=alert or report.state in ("refused", "unknown")),
        *(f'<p class="sub">{_text(sentence)}</p>' for sentence in report.sentences),
        _facts([fact for fact in report.facts if fact.only != "text"]),
        _table(report.table) if report.table else "",
        _blocks(_headings(report.samples), report.samples),
        _steps(report.steps),
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


def _facts(facts: list[Fact]) -> str:
    rows = "".join(
        f'<tr><th scope="row" {_LEFT}>{_text(fact.label)}</th><td {_LEFT}>{_words(fact.value)}</td></tr>'
        for fact in facts
    )
    return f'<table class="kv">{rows}</table>' if rows else ""


def _table(table: Table) -> str:
    if table.names:
        items = "".join(f"<li>{_cell(name)}</li>" for name in table.names)
        return f'<ul class="nm" aria-label="{_text(table.columns[0])}">{items}</ul>'
    header = "".join(f'<th scope="col" {_LEFT}>{_text(column)}</th>' for column in table.columns)
    rows = "".join(f"<tr>{_row(row)}</tr>" for row in table.rows)
    return f'<table class="ls"><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>'


def _row(row: tuple[Cell, ...]) -> str:
    first, *rest = row
    cells = "".join(f'<td class="bk" {_LEFT}>{_cell(cell)}</td>' for cell in rest)
    return f'<th scope="row" class="nw" {_LEFT}>{_cell(first)}</th>{cells}'


def _cell(cell: Cell) -> str:
    if not isinstance(cell, Mark):
        return _words(cell)
    if not cell.state:
        return _text(cell.word)
    kind, glyph = _RINGS[cell.state]
    return f'<span class="g sm {kind}" aria-hidden="true">{glyph}</span> {_text(cell.word)}'


def _steps(steps: tuple[Step, ...]) -> str:
    return _blocks([f"Next: {words}" if i == 0 else words for i, words in enumerate(_headings(steps))], steps)


def _blocks(headings: list[str], steps: tuple[Step, ...]) -> str:
    blocks = "".join(
        f"<p>{_text(words)}</p>{_lines(step)}" for words, step in zip(headings, steps, strict=True)
    )
    return f'<div class="nx">{blocks}</div>' if blocks else ""


def _headings(steps: tuple[Step, ...]) -> list[str]:
    return [NOTEBOOK.say(step.what) for step in steps]


def _lines(step: Step) -> str:
    """Commands wrap between their words, never inside one; YAML keeps its lines."""
    if step.kind == "yaml":
        return f'<pre class="y">{chr(10).join(_text(NOTEBOOK.say(line)) for line in step.lines)}</pre>'
    return "".join(f"<pre>{_command(NOTEBOOK.say(line))}</pre>" for line in step.lines)


def _command(line: str) -> str:
    return " ".join(f'<span class="nw">{_text(word)}</span>' for word in line.split(" "))


def _words(words: Words) -> str:
    return "".join(map(_piece, pieces(words)))


def _piece(piece: Piece) -> str:
    if isinstance(piece, Action):
        return f"<pre>{_command(NOTEBOOK.say(piece))}</pre>"
    if not isinstance(piece, str):
        return _text(NOTEBOOK.say(piece))
    if isinstance(piece, Code):
        return f"<code>{_text(piece)}</code>"
    if isinstance(piece, Command):
        return f"<pre>{_command(piece)}</pre>"
    return f"<br>{_text(piece)}" if isinstance(piece, Line) else _text(piece)


def _text(text: str) -> str:
    """Escaped, with unseen characters written out."""
    return escape(written_out(text))
