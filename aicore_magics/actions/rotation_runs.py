"""What the record of this machine says of the last rotations, and what was cut off."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from aicore_magics.actions.ends_words import When
from aicore_magics.actions.rotation_words import Places, counted, ended_rows, wording_of
from aicore_magics.base.plural import are
from aicore_magics.base.report import Code, Fact, Mark, Report, Said, Step, Table
from aicore_magics.next_steps import do, unclosed
from aicore_magics.rotation.outcomes import Outcomes, SecretOutcome
from aicore_magics.rotation.plan import HeldLogin, PlannedSecret

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from aicore_magics.actions.rotation_results import RotationStatus
    from aicore_magics.base.report import State
    from aicore_magics.rotation.journal import Run, RunSecret
    from aicore_magics.rotation.outcomes import SecretState

MOST_RUNS = 20
_ABOUT_TO = "the request was about to be sent"
_RUNNING: dict[SecretState, SecretState] = {"unknown": "replacing", "not begun": "waiting"}
_CUT_OFF: tuple[SecretState, ...] = (*("replaced", "the same", "unknown", "replacing", "refused", "testing"),)
_UNTOUCHED: tuple[SecretState, ...] = ("not begun", "waiting")


@dataclass(frozen=True)
class RunSeen:
    """A run as the record of this machine has it: *began*, and *seen* last. *ended*: it was not cut off.

    *username* at *registry* is the login that was put in, if one was. *notebook* is where it ran.
    """

    outcomes: Outcomes
    kind: str
    registry: str
    username: str
    began: datetime
    seen: datetime
    notebook: str = ""
    ended: bool = False


def seen_run(run: Run, *, running: bool = False) -> RunSeen:
    """Return what the journal has of *run* as outcomes; *running*: it goes on now."""
    login = run.login
    first = next((login for each in run.secrets for login in each.planned.logins), None)
    of = login or first
    return RunSeen(
        Outcomes(run.id, tuple(_outcome(each, running=running) for each in run.secrets)),
        "undo" if run.undoes else "rotation",
        of.registry if of else "",
        of.username if of else "",
        run.begun,
        run.last,
        run.notebook,
        run.ended,
    )


def _outcome(secret: RunSecret, *, running: bool) -> SecretOutcome:
    """The outcome of a secret. The journal does not say whether it was seen afterwards."""
    record = secret.planned
    login = record.logins[0] if record.logins else None
    held = HeldLogin(login.registry, login.username) if login else HeldLogin("", "")
    images = tuple(image.reference for image in record.images)
    state: SecretState = "the same" if secret.state == "same" else secret.state
    why = secret.detail or {"replaced": "accepted by AI Core", "unknown": _ABOUT_TO}.get(state, "")
    if running and not secret.detail:
        state = _RUNNING.get(state, state)
    return SecretOutcome(
        PlannedSecret(record.tenant, record.host, record.secret, held, images=images), state, why
    )


def status_report(status: RotationStatus) -> Report:
    """Say what goes on now, what was cut off, or what ran last."""
    said = _Said(status, When(status.now))
    if status.recorded is not None or status.refused is not None:
        return said.recorded()
    if status.fault and not status.runs:
        return Report(f"No record: {unclosed(status.fault)}", "hint")
    if not status.runs:
        words = "plan the rotation of a login that is due"
        return Report(
            "No rotation in the record of this machine", "hint", steps=(Step(words, (do("rotate-plan"),)),)
        )
    first = said.runs[0]
    if first.outcomes.run == status.running:
        return said.of_one(first, "is running", "", cut_off=False)
    if not first.ended:
        return said.of_one(first, "was cut off", "unknown", cut_off=True)
    return said.of_all()


@dataclass(frozen=True)
class _Said:
    of: RotationStatus
    when: When

    @cached_property
    def runs(self) -> tuple[RunSeen, ...]:
        return tuple(seen_run(run, running=run.id == self.of.running) for run in self.of.runs)

    def of_one(self, run: RunSeen, what: str, state: State, *, cut_off: bool) -> Report:
        """Each secret of *run*, with what came of the earlier runs below."""
        words, places = wording_of(run.kind), Places(each.secret for each in run.outcomes.each)
        go_on = "go on; it asks for the login again, since no login is ever kept"
        return Report(
            f"{words.run} {run.outcomes.run} {what}: {counted(run.outcomes, words, _CUT_OFF)}",
            state,
            (*self._began(run, ended=cut_off), *self._fault()),
            self._earlier(self.runs[1:]),
            Table(("Secret", "State", "What shows it"), ended_rows(run.outcomes, places, words)),
            steps=(
                Step(go_on, (do("rotate-resume", run=run.outcomes.run),))
                if cut_off
                else Step("look again", (do("rotate-status"),)),
            ),
            footer=places.footer,
        )

    def of_all(self) -> Report:
        """The last runs, one a row."""
        last, runs = self.runs[0], self.runs
        words = wording_of(last.kind)
        cut_off = next((run for run in runs if not run.ended), None)
        go_on = do("rotate-resume", run=cut_off.outcomes.run) if cut_off else do("rotate-plan")
        what = "go on with the run that was cut off" if cut_off else "plan the next rotation"
        more = len(runs) - MOST_RUNS
        return Report(
            f"Last run {last.outcomes.run}: {counted(last.outcomes, words)}",
            self._state(last),
            (*([f"The record has {more:,} earlier runs."] if more > 0 else []), *self._fault()),
            table=Table(
                ("Run", "Began", "Login", "Result"),
                tuple(
                    (
                        Code(run.outcomes.run),
                        self.when.stored(run.began),
                        f"{run.username} at {run.registry}",
                        Mark(self._result(run), self._state(run)),
                    )
                    for run in runs[:MOST_RUNS]
                ),
            ),
            steps=(Step(what, (go_on,)),),
        )

    def recorded(self) -> Report:
        """What a scheduled run has left, as that run says it, and when it was."""
        run = self.of.recorded
        if run is None:
            why, fix = self.of.refused or ("", "")
            fixes = (Step(unclosed(fix), ()),) if fix else ()
            changed = ("The scheduled run changed nothing.",)
            return Report(unclosed(why), "refused" if fix else "hint", changed, steps=fixes)
        report = run.report()
        day = self.when.date(run.now, year=True)
        card = f"This run ended on {day} at {self.when.clock(run.now)}."
        # It ran elsewhere, so its record is not here: no line of this machine goes on with it.
        steps = tuple(step for step in report.steps if not step.lines)
        if not run.complete:
            steps = (Step("fix what the table says, then start the scheduled run again", ()), *steps)
        return Report(
            f"Recorded run {run.outcomes.run}: {report.headline}",
            report.state,
            (Said(card, f"This run ended on {day}."), *report.sentences),
            report.facts,
            report.table,
            steps,
            report.footer,
            notes=tuple(note for note in report.notes if isinstance(note, str)),
        )

    def _fault(self) -> tuple[str, ...]:
        fault = self.of.fault
        return (f"Not all of the record could be read: {unclosed(fault)}.",) if fault else ()

    def _began(self, run: RunSeen, *, ended: bool) -> Iterator[str | Said]:
        """When and where it began, and was last seen; a text has no clock."""
        day = self.when.date(run.began, year=True)
        where = f" in {run.notebook}" if run.notebook else ""
        today = self.when.days(run.began) == 0
        card = f"today {self.when.clock(run.began)}" if today else f"on {day} at {self.when.clock(run.began)}"
        same = self.when.date(run.seen, year=True) == day
        seen = "" if same else f"{self.when.date(run.seen, year=True)}, "
        last = f"; last seen at {seen}{self.when.clock(run.seen)}" if ended else ""
        yield Said(f"It began {card}{where}{last}.", f"It began on {day}{where}.")
        untouched = run.outcomes.count(*_UNTOUCHED)
        if ended and untouched:
            other = "other " if untouched < len(run.outcomes.each) else ""
            yield f"The {other}{untouched} {'was' if are(untouched) == 'is' else 'were'} not touched."

    def _earlier(self, runs: tuple[RunSeen, ...]) -> tuple[Fact, ...]:
        return tuple(
            Fact("" if i else "Earlier", (Code(run.outcomes.run), f": {self._result(run)}"))
            for i, run in enumerate(runs[:3])
        )

    def _result(self, run: RunSeen) -> str:
        cut = "" if run.ended else "cut off: "
        return f"{cut}{counted(run.outcomes, wording_of(run.kind))}"

    def _state(self, run: RunSeen) -> State:
        if run.outcomes.complete:
            return "done"
        return "refused" if run.outcomes.count("refused") and run.ended else "unknown"
