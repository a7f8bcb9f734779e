"""How far a rotation is: as a card that is replaced, and as lines that are printed where nothing can be."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from aicore_magics.actions.ends_words import When
from aicore_magics.actions.rotation_words import (
    MOST_ROWS,
    PROOF,
    RINGS,
    Places,
    counted,
    ended_rows,
    plural_verb,
    row_of,
    shows,
    wording_of,
)
from aicore_magics.actions.rotation_words import word as state_word
from aicore_magics.base.plural import SHOWN, are, count
from aicore_magics.base.redact import written_out
from aicore_magics.base.report import Code, Mark, Report, Step, Table, plain
from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from aicore_magics.actions.rotation_words import Row, Wording
    from aicore_magics.next_steps import Piece, Words
    from aicore_magics.rotation.outcomes import Outcomes, SecretOutcome, SecretState

# The order of rows where those of one state share one: what went wrong, is done, goes on, waits.
_SHARED: tuple[SecretState, ...] = (
    *("unknown", "refused", "the same", "replaced", "replacing", "testing", "waiting", "not begun"),
)
_ENDED: tuple[SecretState, ...] = ("replaced", "refused", "unknown", "the same")
_WIDEST = 40  # characters of a name in a line
MOST_NAMED_ROWS = 4  # of secrets in one state, where there are many
STILL = 60  # seconds without a line, after which there is one that says how far it is
_STOP = "You can interrupt this cell: nothing new is sent, and each secret then says what it is."
_STOPPED: dict[SecretState, SecretState] = {
    "replacing": "unknown",
    "testing": "not begun",
    "waiting": "not begun",
}


def progress_report(outcomes: Outcomes, now: datetime, kind: str = "rotation") -> Report:
    """Say how far a run is at *now*: all its rows are there from the first moment on."""
    words = wording_of(kind)
    places = Places(outcome.secret for outcome in outcomes.each)
    still = len(outcomes.each) - outcomes.count(*_ENDED, "not begun")
    many = len(outcomes.each) > MOST_ROWS
    rows = _shared(outcomes, places, words) if many else _each(outcomes, places, words)
    clock = When(now).clock(now, seconds=True)
    return Report(
        f"{words.run}: {how_many(outcomes, words)}",
        sentences=(_now(outcomes), *([_STOP] if still else [])),
        table=Table(("Secret", "State", "What shows it"), tuple(rows), kind="steps"),
        footer=places.footer,
        notes=(PROOF.replace("Replaced", words.replaced.capitalize()),),
        as_of=(
            f"As of {clock}. If this time does not change, the kernel has ended. To go on: ",
            do("rotate-resume", run=outcomes.run),
        ),
    )


def stopped_report(outcomes: Outcomes, kind: str = "rotation") -> Report:
    """Say what each secret is where a run was stopped before it could say so itself."""
    words, places = wording_of(kind), Places(outcome.secret for outcome in outcomes.each)
    each = (replace(one, state=_STOPPED.get(one.state, one.state)) for one in outcomes.each)
    known = replace(outcomes, each=tuple(each))
    return Report(
        f"{words.run} {known.run} was stopped: {counted(known, words)}",
        "unknown" if known.count("unknown") else "warning",
        table=Table(("Secret", "State", "What shows it"), ended_rows(known, places, words)),
        steps=(Step("go on; it asks for the login again", (do("rotate-resume", run=known.run),)),),
        footer=places.footer,
    )


def how_many(outcomes: Outcomes, words: Wording) -> str:
    """Say how many secrets hold the login now: 4 of 9 secrets replaced."""
    same = outcomes.count("the same")
    has = f", {same} {plural_verb(same)} it already" if same else ""
    return f"{outcomes.count('replaced')} of {count(len(outcomes.each), 'secret')} {words.replaced}{has}"


def _now(outcomes: Outcomes) -> str:
    sent, tested = outcomes.count("replacing"), outcomes.count("testing")
    if sent and tested:
        return f"{sent} {are(sent)} being sent, {tested} {are(tested)} being tested."
    if sent or tested:
        return f"{sent or tested} {are(sent or tested)} being {'sent' if sent else 'tested'}."
    waiting = outcomes.count("waiting")
    if waiting:
        return f"{waiting} {'waits for its' if waiting == 1 else 'wait for their'} turn."
    return "Nothing waits."


def _each(outcomes: Outcomes, places: Places, words: Wording) -> Iterator[Row]:
    for outcome in outcomes.each:
        if outcome.state == "testing":
            mark, word, _ = row_of(outcome, places, words)
            yield (mark, word, _tested(outcome, words))
        elif outcome.state == "replacing":
            mark, word, _ = row_of(outcome, places, words)
            yield (mark, word, "sent to AI Core")
        else:
            yield row_of(outcome, places, words)


def _tested(outcome: SecretOutcome, words: Wording) -> Words:
    images = outcome.secret.images
    if not images:
        return "the login alone"
    more = f" and {len(images) - 1} more" if len(images) > 1 else ""
    return (Code(images[0]), f"{more} with the {words.put_in} login")


def _shared(outcomes: Outcomes, places: Places, words: Wording) -> Iterator[Row]:
    """A row for all of one state; what went wrong has one each, as long as they are few."""
    for state in _SHARED:
        each = outcomes.of(state)
        if not each:
            continue
        if state in ("unknown", "refused") and len(each) <= MOST_NAMED_ROWS:
            yield from (row_of(outcome, places, words) for outcome in each)
            continue
        mark = Mark(count(len(each), "secret"), RINGS[state])
        yield (mark, state_word(state, words), _some(each, places))


def _some(each: Sequence[SecretOutcome], places: Places) -> Words:
    """The first names: the card that follows has them all."""
    said: list[Piece] = []
    for tenant, secrets in places.by_tenant(outcome.secret for outcome in each[:SHOWN]):
        said.append(f"{'; ' if said else ''}{'' if places.single else f'{tenant}: '}")
        said += [piece for secret in secrets for piece in (", ", Code(secret.name))][1:]
    return (*said, f" and {len(each) - SHOWN:,} more" if len(each) > SHOWN else "")


class ProgressLines:
    """Writes a line for each secret that has reached its end; and one after a minute without any."""

    def __init__(self, write: Callable[[str], object], kind: str = "rotation") -> None:
        self._write, self._kind = write, kind
        self._last: Outcomes | None = None
        self._written = time.monotonic()

    def show(self, outcomes: Outcomes) -> None:
        """Write what has changed."""
        for line in lines_between(self._last, outcomes, self._kind):
            self._put(line)
        self._last = outcomes

    def tick(self, _seconds: int) -> None:
        """Write how far it is, if nothing was written for a minute."""
        if self._last is not None and time.monotonic() - self._written >= STILL:
            self._put(f"still {how_many(self._last, wording_of(self._kind))}")

    def _put(self, line: str) -> None:
        self._written = time.monotonic()
        self._write(line)


def lines_between(before: Outcomes | None, after: Outcomes, kind: str = "rotation") -> list[str]:
    """Return a line for each secret that has reached its end since *before*, to be printed.

    >>> from aicore_magics.rotation.outcomes import Outcomes
    >>> lines_between(None, Outcomes("r1", ()))
    []
    """
    words = wording_of(kind)
    places = Places(outcome.secret for outcome in after.each)
    total = len(after.each)
    wide = min(_WIDEST, max((len(plain(places.name(each.secret))) for each in after.each), default=0))
    states = [outcome.state for outcome in before.each] if before else ["waiting"] * total
    return [
        _line(
            f"{i:>{len(str(total)) + 1}} of {total}",
            f"{plain(places.name(outcome.secret)):{wide}}",
            outcome,
            words,
        )
        for i, (state, outcome) in enumerate(zip(states, after.each, strict=False), 1)
        if outcome.state != state and outcome.state in _ENDED
    ]


def _line(number: str, name: str, outcome: SecretOutcome, words: Wording) -> str:
    why = plain(shows(outcome, words)[0])
    return written_out(f"{number}  {name}  {state_word(outcome.state, words):8}  {why}")
