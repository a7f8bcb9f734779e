"""What a finished rotation says: the worst first, what to do about it, and what to do with the old login."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.actions.ends_words import When
from aicore_magics.actions.rotation_words import (
    PROOF,
    ROTATION,
    Places,
    coded,
    counted,
    ended_rows,
    gone_words,
    have_it_too,
    plural_verb,
    some,
    wording_of,
)
from aicore_magics.base.plural import count
from aicore_magics.base.report import Code, Fact, Report, Step, Table, warns
from aicore_magics.errors import RotationIncomplete
from aicore_magics.next_steps import NO_TENANT, do, pieces, uncapitalised, unclosed
from aicore_magics.registry.renewal import renewal_of, safe_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.actions.rotation_results import RotationDone
    from aicore_magics.base.report import State
    from aicore_magics.next_steps import Words
    from aicore_magics.rotation.outcomes import SecretState

_HAVE_IT: tuple[SecretState, ...] = ("refused", "not begun", "waiting", "testing")
_SANDBOX = "sandbox:"  # such a tenant is called as its profile is
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
        words="Nothing was changed." if unchanged else f"The {of.before} was not revoked.",
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
        due = self.of.ends.state(self.of.now) in ("expired", "soon")
        warned = warns(self.of.notes) or self.of.serving or self.of.unchecked or self._nothing_new or due
        return "done" if self.of.complete and not warned else "warning"

    def _sentences(self, places: Places) -> Iterator[str]:
        if self._nothing_new:
            yield "Nothing was sent: the new login is the one that was there."
        else:
            revoked = f"The {wording_of(self.of.kind).before} was not revoked."
            yield " ".join([revoked, *self._keep(places)])
        if self.of.unchecked:
            yield f"Not asked about the login, as you wished: {some(self.of.unchecked)}."
        yield from self.of.notes

    def _keep(self, places: Places) -> Iterator[str]:
        """Where the former login is still in use, or may be."""
        outcomes = self.of.outcomes
        has = [places.in_sentence(each.secret) for each in outcomes.of(*_HAVE_IT) if not each.has]
        may = [places.in_sentence(each.secret) for each in outcomes.of(*_MAY)]
        parts = [
            f"{some(has)} {plural_verb(len(has))} it" if has else "",
            f"{some(may)} may{'' if has else ' have it'}" if may else "",
            *have_it_too(self.of.elsewhere, self.of.likely),
        ]
        if any(parts):
            yield f"Keep it for now: {', '.join(filter(None, parts))}."

    def _facts(self) -> Iterator[Fact]:
        """What no row says: the new end, where serving may fail, what a registry did not answer clearly."""
        if self.of.ends.known and self.of.outcomes.count("replaced"):
            yield Fact("Ends", When(self.of.now).ends(self.of.ends))
        for i, caution in enumerate(self.of.serving):
            subject = (Code(caution.image), ": ") if caution.image else ()
            yield Fact("" if i else "Serving", ("may fail. ", *subject, caution.explained))
        for i, verdict in enumerate(verdict for verdict in self.of.verdicts if not verdict.ok):
            yield Fact("" if i else "Checked", (Code(verdict.subject), ": ", *pieces(verdict.told)))

    def _notes(self) -> Iterator[Words]:
        outcomes = self.of.outcomes
        if self.of.gone:
            yield gone_words(self.of.gone)
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
            here = (tenant,) if tenant.startswith(_SANDBOX) else ()
            plan = do("rotate-plan", name=name, names=(name,), profiles=here, tenant=NO_TENANT)
            where = "" if here else ", with the profile of that tenant"
            yield Step(f"plan the rest: {name} in {tenant}{more}{where}", (plan,))
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

    def _end(self) -> Words:
        """Where and from when on the former login may be ended, or ends. Nothing here does it."""
        done, ends = self.of, self.of.expiry.ends
        user = done.former or done.username
        where = coded(f" ({renewal_of(done.registry, user).end})")
        login = f"{wording_of(done.kind).before}, {user} at {done.registry}"
        if done.kind != "rotation":
            return (f"when nothing uses it any longer, end the {login}", *where)
        safe = safe_from(done.now, done.expiry)
        day = When(done.now).date(safe)
        total = len(done.outcomes.each)
        if ends and ends <= done.now:
            return f"nothing to end: the {login}, ended by itself on {When(done.now).date(ends)}"
        if ends and ends <= safe:
            if done.complete and not done.elsewhere:
                return f"let the {login}, end by itself on {day}"
            each = "the rest" if done.complete else f"all {total}" if total > 1 else "it"
            return f"replace {each} before {day}: then the {login}, ends by itself"
        each = f"all {total} are" if total > 1 else "it is"
        when = "" if done.complete else f"when {each} replaced, "
        return (f"{when}from {day} on, end the {login}", *where)
