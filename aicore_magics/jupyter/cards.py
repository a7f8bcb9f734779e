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
from aicore_magics.base.report import Bar, Code, Line, Lines, Mark, Said, plain
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
    "running": ("run", "·"),
    "waiting": ("", "·"),
}
_LEFT = 'style="text-align:left"'
_SHORT, _LONG = 24, 40  # characters
_UNSEEN = 'aria-hidden="true"'


def html_card(report: Report, *, alert: bool = False, quiet: bool = False, door: Notebook = NOTEBOOK) -> str:
    """Give *report* as one HTML card with its style, what to do next as *door* says it.

    *alert*: a screen reader is to say it at once; *quiet*: not at all, since it has said as much before.
    """
    words = _InWords(door)
    parts = (
        _headline(report, "" if quiet else _role(report, alert=alert)),
        *(f'<p class="sub">{words.sentence(sentence)}</p>' for sentence in report.sentences),
        words.facts([fact for fact in report.facts if fact.only != "text"]),
        words.table(report.table) if report.table else "",
        *(f'<p class="lg q">{words.inline(note)}</p>' for note in (*report.notes, report.as_of) if note),
        words.blocks([door.say(step.what) for step in report.samples], report.samples),
        words.steps(report.steps),
        f'<p class="ft">{_text(report.footer)}</p>' if report.footer else "",
    )
    # JupyterLab would typeset $…$ in a card as maths: robot accounts have dollars in them.
    more = bool(report.notes or report.as_of) or (report.table is not None and report.table.kind != "")
    style = card_style() + (_style("card_more.css") if more else "")
    return f'<style>{style}</style><div class="aic mathjax_ignore">{"".join(parts)}</div>'


def card_style() -> str:
    """Give the style that goes with each card."""
    return _style("card.css")


def _style(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text("utf-8")


def _role(report: Report, *, alert: bool) -> str:
    return "alert" if alert or report.state in ("refused", "unknown") else "status"


def _headline(report: Report, role: str) -> str:
    ring = ""
    if report.state:
        kind, glyph = _RINGS[report.state]
        ring = f'<span class="g {kind}" {_UNSEEN}>{glyph}</span> '
    said = f' role="{role}"' if role else ""
    return f'<p class="hd"{said}>{ring}<strong>{_text(report.headline)}</strong></p>'


@dataclass(frozen=True)
class _InWords:
    """The parts of a card in which something to do may stand, as *door* says it."""

    door: Notebook

    def facts(self, facts: list[Fact]) -> str:
        rows = "".join(
            f"<tr>{_label(fact.label)}<td {_LEFT}>{self._cell(fact.value)}</td></tr>" for fact in facts
        )
        return f'<table class="kv">{rows}</table>' if rows else ""

    def table(self, table: Table) -> str:
        if table.names:
            items = "".join(f"<li>{self._cell(name)}</li>" for name in table.names)
            return f'<ul class="nm" aria-label="{_text(table.columns[0])}">{items}</ul>'
        if table.kind == "ends":
            return self._ends(table)
        header = "".join(f'<th scope="col" {_LEFT}>{_text(column)}</th>' for column in table.columns)
        row_of, kind = (self._step, "ls tl") if table.kind == "steps" else (self._row, "ls")
        rows = "".join(f"<tr>{row_of(row)}</tr>" for row in table.rows)
        return f'<table class="{kind}"><thead><tr>{header}</tr></thead><tbody>{rows}</tbody></table>'

    def steps(self, steps: tuple[Step, ...]) -> str:
        words = [self.door.say(step.what) + step.blanks(self.door) for step in steps]
        return self.blocks([f"Next: {text}" if i == 0 else text for i, text in enumerate(words)], steps)

    def blocks(self, headings: list[str], steps: tuple[Step, ...]) -> str:
        blocks = "".join(
            f"<p>{_text(words)}</p>{self._lines(step)}" for words, step in zip(headings, steps, strict=True)
        )
        return f'<div class="nx">{blocks}</div>' if blocks else ""

    def sentence(self, sentence: str | Said) -> str:
        """Give a sentence of a card."""
        return self._cell(sentence)

    def inline(self, words: Words) -> str:
        """Give *words* as part of a sentence, with what to do in them in monospace."""
        return "".join(
            f"<code>{_text(self.door.say(piece))}</code>" if isinstance(piece, Action) else self._piece(piece)
            for piece in pieces(words)
        )

    def _step(self, row: tuple[Cell, ...]) -> str:
        """A row of a run: strong while it is done, pale as long as it waits."""
        first, *rest = row
        state = first.state if isinstance(first, Mark) else ""
        tag, end = {"running": ("<strong>", "</strong>"), "waiting": ('<span class="q">', "</span>")}.get(
            state, ("", "")
        )
        mark = self._ring(state) if state else ""
        name = self._names(first.word if isinstance(first, Mark) else first)
        pale = (tag, end) if state == "waiting" else ("", "")
        cells = "".join(
            f'<td class="bk" {_LEFT}>{said.join(pale) if said else ""}</td>'
            for said in map(self._named, rest[1:])
        )
        torn = "bk" if len(plain(first)) > _LONG else "nw"
        return (
            f'<th scope="row" class="{torn}" {_LEFT}>{mark}{tag}{name}{end}</th>'
            f'<td class="nw" {_LEFT}>{tag}{self._cell(rest[0])}{end}</td>{cells}'
        )

    def _ends(self, table: Table) -> str:
        """Short rows; behind the words of the last column, a bar of 90 days that only eyes see."""
        *columns, last = table.columns
        header = "".join(f'<th scope="col" {_LEFT}>{_text(column)}</th>' for column in columns)
        axis = (
            f'<span class="fr">{_text(last)}</span> <span class="ax" {_UNSEEN}><i></i><i></i><i></i></span>'
        )
        rows = "".join(f"<tr>{self._end(*row)}</tr>" for row in table.rows)
        return (
            f'<table class="ls tl en"><thead><tr>{header}<th scope="col" {_LEFT}>{axis}</th></tr></thead>'
            f"<tbody>{rows}</tbody></table>"
        )

    def _end(self, login: Cell, ends: Cell, due: Cell) -> str:
        bar = _bar(due) if isinstance(due, Bar) else ""
        words = due.words if isinstance(due, Bar) else due
        return (
            f'<th scope="row" {_LEFT}>{self._names(login)}</th><td class="nw" {_LEFT}>{self._cell(ends)}</td>'
            f'<td {_LEFT}><span class="fr">{self._cell(words)}</span>{bar}</td>'
        )

    def _names(self, cell: Cell) -> str:
        """A name is never torn, however many there are."""
        words = cell.card if isinstance(cell, Said) else cell
        if not isinstance(words, (str, tuple)):
            return self._cell(words)
        each: list[str] = []
        for piece in pieces(words):
            said = self._piece(piece)
            if isinstance(piece, Code):
                said = f'<span class="nw">{said}</span>'
            elif (
                said.startswith(",") and each and each[-1].endswith("</span>")
            ):  # a line begins with no comma
                each[-1], said = f"{each[-1].removesuffix('</span>')},</span>", said[1:]
            each.append(said)
        return "".join(each)

    def _named(self, cell: Cell) -> str:
        """A cell in which no name is torn, as long as there is room for it."""
        return self._names(cell) if isinstance(cell, tuple) else self._cell(cell)

    def _row(self, row: tuple[Cell, ...]) -> str:
        first, *rest = row
        cells = "".join(f'<td class="bk" {_LEFT}>{self._short(cell)}</td>' for cell in rest)
        torn = len(plain(first)) > (_SHORT if any(isinstance(cell, Said) for cell in rest) else _LONG)
        return f'<th scope="row" class="{"bk" if torn else "nw"}" {_LEFT}>{self._cell(first)}</th>{cells}'

    def _short(self, cell: Cell) -> str:
        """Dates and times stay in one piece, so that another column is narrow."""
        if not isinstance(cell, Said):
            return self._cell(cell)
        lines = cell.card.each if isinstance(cell.card, Lines) else (cell.card,)
        each = ((len(plain(line)) <= _SHORT, self._named(line)) for line in lines)
        return "<br>".join(f'<span class="nw">{said}</span>' if short else said for short, said in each)

    def _cell(self, cell: Cell) -> str:
        if isinstance(cell, Lines):
            return "<br>".join(map(self._cell, cell.each))
        if isinstance(cell, (Said, Bar)):
            return self._cell(cell.card if isinstance(cell, Said) else cell.words)
        if not isinstance(cell, Mark):
            return self._words(cell)
        if not cell.state:
            return self._words(cell.word)
        return f"{self._ring(cell.state)}{self._words(cell.word)}"

    def _ring(self, state: State) -> str:
        kind, glyph = _RINGS[state]
        return f'<span class="{" ".join(filter(None, ("g", "sm", kind)))}" {_UNSEEN}>{glyph}</span> '

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


def _label(label: str) -> str:
    """The header of a fact; a line more of the fact above has none."""
    return f'<th scope="row" {_LEFT}>{_text(label)}</th>' if label else "<td></td>"


def _bar(bar: Bar) -> str:
    thin = f'<i style="width:{bar.thin:.1f}%"></i>' if bar.thin else ""
    far = "" if bar.tick else 'class="far" '
    at = f' {far}style="left:{bar.thin:.1f}%;width:{bar.thick:.1f}%"' if bar.thin or bar.thick else ""
    thick = f"<b{at}></b>" if bar.thick or bar.tick else ""
    return f' <span class="br" {_UNSEEN}>{thin}{thick}</span>'


def _command(line: str) -> str:
    return " ".join(f'<span class="nw">{_text(word)}</span>' for word in line.split(" "))


def _text(text: str) -> str:
    """Escaped, with unseen characters written out."""
    return escape(written_out(text))
