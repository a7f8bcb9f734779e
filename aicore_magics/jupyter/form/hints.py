"""What to do next, for somebody before the form: a button to press, a field to fill in, a line to copy."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aicore_magics.base.report import Bar, Lines, Mark, Said, Step
from aicore_magics.errors import DockerSecretExists, DockerSecretMissing, OutcomeUnknown
from aicore_magics.jupyter.wording import Notebook
from aicore_magics.next_steps import (
    AGAIN,
    OR,
    SOON,
    Action,
    Beside,
    Command,
    Guess,
    Option,
    Quote,
    capitalised,
    closed,
    pieces,
    ways,
)

if TYPE_CHECKING:
    from aicore_magics.base.report import Cell, Report
    from aicore_magics.errors import AICoreError
    from aicore_magics.next_steps import Piece, Words

STORE_AGAIN = "Store again"
# An option with the word in front of it, and what there is for it in the form. No other has a place here.
_FIELDS = {
    ("registry", "with"): "in the field Registry",
    ("registry", "add"): "fill in the field Registry",
    ("image", "an"): "an image",
}
_CHECKS = {"check-image", "check-login"}  # all that they need can be entered in the form
_LONGEST = 2_000  # characters: what a registry says may be long


class FormDoor(Notebook):
    """Says what to do as the form does; *button* is the word on the button that does it once more."""

    def __init__(self, button: str = "") -> None:
        self._again = button if button == STORE_AGAIN else f"{button} again"

    def action(self, action: Action) -> str:
        """Return the button to press, or the line for a cell."""
        return f"press {self._again}" if action == AGAIN else super().action(action)

    def option(self, option: Option) -> str:
        """Return the field that stands for *option*."""
        return _FIELDS[option.name, option.lead]

    def words(self, words: Words) -> str:
        """Return what can be done in the form, of all that *words* name; nothing, if nothing can."""
        return capitalised(self.say(_possible(words)))[:_LONGEST]


def advice(error: AICoreError, button: str) -> tuple[str, Step | None]:
    """Give what to do about *error* as a sentence, and as a line to copy where there is one.

    *button* is the word on the button that does it once more.
    """
    known = _known(error, button)
    if known:
        return known, None
    for way in ways(error.next):
        step = _to_copy(way) if all(map(_has_place, way)) else None
        if step:
            return "".join(piece for piece in way if isinstance(piece, Quote)), step
    return closed(FormDoor(button).words(error.next)), None


def for_form(report: Report, check: str = "press Check") -> Report:
    """Give *report* without what only an option could do, and with fields in place of options.

    *check* is how one checks here what the report says to check.
    """
    table = report.table
    if table:
        rows = tuple(tuple(_cell(cell) for cell in row) for row in table.rows)
        table = replace(table, rows=rows)
    facts = tuple(replace(fact, value=_cell(fact.value)) for fact in report.facts)
    steps = tuple(_step(step, "To" if number else "to", check) for number, step in enumerate(report.steps))
    return replace(report, table=table, facts=facts, steps=steps)


def _step(step: Step, lead: str, check: str) -> Step:
    what = _in_fields(step.what)
    names = {line.name if isinstance(line, Action) else "" for line in step.lines}
    # A check by a line takes options; those that have no field stay a line to copy.
    if names and names <= _CHECKS:
        return Step((f"{lead} ", *pieces(what), f", {check}."), ())
    return replace(step, what=what)


def _cell(cell: Cell) -> Cell:
    return cell if isinstance(cell, (Mark, Lines, Said, Bar)) else _in_fields(cell)


def _in_fields(words: Words) -> Words:
    door = FormDoor()
    return tuple(door.option(each) if isinstance(each, Option) else each for each in _possible(words))


def _possible(words: Words) -> tuple[Piece, ...]:
    """Those ways of *words* that can be gone in the form."""
    ways_here = [way for way in ways(words) if all(map(_has_place, way))]
    return tuple(piece for way in ways_here for piece in (OR, *way))[1:]


def _has_place(piece: Piece) -> bool:
    """Whether the form has something for *piece*."""
    return not isinstance(piece, Option) or (piece.name, piece.lead) in _FIELDS


def _to_copy(way: tuple[Piece, ...]) -> Step | None:
    """The line to copy in *way*, and where it is run; the words before it lead up to it."""
    for number, piece in enumerate(way):
        if isinstance(piece, Command) or (isinstance(piece, Action) and piece != AGAIN):
            lead = FormDoor().say(way[:number])
            where = "a terminal" if isinstance(piece, Command) else "another cell"
            beside = (each.words for each in way[number:] if isinstance(each, Beside))
            return Step(", ".join((f"{lead}run this in {where}", *beside)), (piece,))
    return None


def _known(error: AICoreError, button: str) -> str:
    """The way on that the form itself has for this error, or nothing."""
    if isinstance(error, OutcomeUnknown):
        if SOON in pieces(error.next):
            return f"Wait a minute, then press {button}."
        return f"Press {button}. This makes sure that the secret is stored. Sending it twice does no harm."
    if isinstance(error, DockerSecretExists):
        return f"Press {button} to replace it for the whole tenant. You are asked first."
    if isinstance(error, DockerSecretMissing):
        guess = tuple(piece for piece in pieces(error.next) if isinstance(piece, Guess))
        return f"{FormDoor(button).words(guess)}Press {button} to store it as a new one."
    return ""
