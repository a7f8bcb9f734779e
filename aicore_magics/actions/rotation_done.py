"""What a finished rotation says: the worst first, what to do about it, and what to do with the old login."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.actions.ends_words import When
from aicore_magics.actions.rotation_words import (
    PROOF,
    ROTATION,
    Places,
    counted,
    ended_rows,
    plural_verb,
    some,
    wording_of,
)
from aicore_magics.base.plural import count
from aicore_magics.base.report import Code, Fact, Report, Step, Table, warns
from aicore_magics.errors import RotationIncomplete
from aicore_magics.next_steps import do, pieces, uncapitalised, unclosed
from aicore_magics.registry.renewal import renewal_of, safe_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.actions.rotation_results import RotationDone
    from aicore_magics.base.report import State
    from aicore_magics.next_steps import Words
    from aicore_magics.rotation.outcomes import SecretState

_HAVE_IT: tuple[SecretState, ...] = ("refused", "not begun", "waiting", "testing")
_MAY: tuple[SecretState, ...] = ("unknown", "replacing")


def done_report(done: RotationDone) -> Report:
    """Say what became of each secret."""
    return _Said(done).report()


def incomplete(done: RotationDone) -> RotationIncomplete:
    """Return what is to be raised for a run that is not *done* with all of its secrets."""
    of = wording_of(done.kind)
    what = counted(done.outcomes, of, ("replaced", "refused", "unknown", "replacing", "not begun", "waiting"))
    unchanged = not done.outcomes.count("replaced", "unknown")
    error = RotationIncomplete(
        what,
        next=do("rotate-resume", run=done.outcomes.run),
        words="Nothing was changed." if unchanged else f"The {of.before} login was not revoked.",
    )
    error.result = done
    return error


@dataclass(frozen=True)
class _Said:
    """The parts of the report on *of*."""

    of: RotationDone

    def report(self) -> Report:
        outcomes, of = self.of.outcomes, wording_of(self.of.kind)
        places = Places(outcome.secret for outcome in outcomes.each)
        return Report(
            self.of.counted,
            self._state(),
            tuple(self._sentences(places)),
            tuple(self._facts()),
            Table(("Secret", "State", "What shows it"), ended_rows(outcomes, places, of)),
            steps=tuple(self._steps()),
            footer=places.footer,
            notes=tuple(self._notes()),
        )

    @property
    def _nothing_new(self) -> bool:
        """Whether all secrets had this login before."""
        outcomes = self.of.outcomes
        return bool(outcomes.each) and outcomes.count("the same") == len(outcomes.each)

    def _state(self) -> State:
        outcomes = self.of.outcomes
        if outcomes.count(*_MAY):
            return "unknown"
        if outcomes.count("refused"):
            return "refused"
        warned = warns(self.of.notes) or self.of.serving or self.of.unchecked or self._nothing_new
        return "done" if self.of.complete and not warned else "warning"

    def _sentences(self, places: Places) -> Iterator[str]:
        if self._nothing_new:
            yield "Nothing was sent: the new login is the one that was there."
        else:
            revoked = f"The {wording_of(self.of.kind).before} login was not revoked."
            yield " ".join([revoked, *self._keep(places)])
        if self.of.unchecked:
            yield f"Not asked about the login, as you wished: {some(self.of.unchecked)}."
        yield from self.of.notes

    def _keep(self, places: Places) -> Iterator[str]:
        """Where the former login is still in use, or may be."""
        outcomes = self.of.outcomes
        has = [places.in_sentence(each.secret) for each in outcomes.of(*_HAVE_IT) if not each.has]
        may = [places.in_sentence(each.secret) for each in outcomes.of(*_MAY)]
        elsewhere = [f"{name} in {tenant}" for name, tenant in self.of.elsewhere]
        parts = [
            f"{some(has)} {plural_verb(len(has))} it" if has else "",
            f"{some(may)} may{'' if has else ' have it'}" if may else "",
            f"{some(elsewhere)} {plural_verb(len(elsewhere))} it too" if elsewhere else "",
        ]
        if any(parts):
            yield f"Keep it for now: {', '.join(filter(None, parts))}."

    def _facts(self) -> Iterator[Fact]:
        """What no row says: where serving may fail, and what a registry did not answer clearly."""
        for i, caution in enumerate(self.of.serving):
            subject = (Code(caution.image), ": ") if caution.image else ()
            yield Fact("" if i else "Serving", ("may fail. ", *subject, caution.explained))
        for i, verdict in enumerate(verdict for verdict in self.of.verdicts if not verdict.ok):
            yield Fact("" if i else "Checked", (Code(verdict.subject), ": ", *pieces(verdict.told)))

    def _notes(self) -> Iterator[Words]:
        outcomes = self.of.outcomes
        if wording_of(self.of.kind) is ROTATION:
            if outcomes.count("replaced"):
                yield PROOF
                yield ("To put the former login in again: ", do("rotate-undo", run=outcomes.run))
        elif outcomes.count("replaced"):
            yield PROOF.replace("Replaced", "Restored")

    def _steps(self) -> Iterator[Step]:
        if not self.of.complete:
            yield Step(self._then(), (do("rotate-resume", run=self.of.outcomes.run),))
        if self.of.elsewhere:
            name, tenant = self.of.elsewhere[0]
            more = f" ({count(len(self.of.elsewhere), 'secret')})" if len(self.of.elsewhere) > 1 else ""
            yield Step(
                f"plan the rest: {name} in {tenant}{more}", (do("rotate-plan", name=name, names=(name,)),)
            )
        if not self._nothing_new:
            yield Step(self._end(), ())

    def _then(self) -> Words:
        """What is to be done before the run goes on: the one fix, or those of the rows."""
        outcomes = self.of.outcomes
        fixes = list(dict.fromkeys(each.fix for each in outcomes.each if each.fix))
        if len(fixes) == 1 and isinstance(fixes[0], str):
            return f"{uncapitalised(unclosed(fixes[0]))}, then go on; it asks for the login again"
        if fixes:
            return "fix what the table says, then go on; it asks for the login again"
        return "go on; it asks for the login again, since no login is ever kept"

    def _end(self) -> str:
        """Where and from when on the former login may be ended. Nothing here does it."""
        of = wording_of(self.of.kind)
        where = renewal_of(self.of.registry, self.of.former or self.of.username).end
        if of is not ROTATION:
            return f"when nothing uses it any longer, end the newer login ({where})"
        day = When(self.of.now).date(safe_from(self.of.now, self.of.expiry))
        total = len(self.of.outcomes.each)
        each = f"all {total} are" if total > 1 else "it is"
        when = "" if self.of.complete else f"when {each} replaced, "
        return f"{when}from {day} on, end the old login ({where})"
