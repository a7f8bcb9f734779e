"""One run of a rotation, which this process alone has: what is compared, tested, written and told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from aicore_magics.actions.recording import fault_words
from aicore_magics.actions.rotation_changes import (
    STORED_LATER,
    refuse_other_tokens,
    refuse_stale,
    stored_later,
)
from aicore_magics.actions.rotation_checks import Tested, tested
from aicore_magics.actions.rotation_done import incomplete
from aicore_magics.actions.rotation_records import RunRecords, former_login, holders_elsewhere, planned_record
from aicore_magics.actions.rotation_results import RotationDone
from aicore_magics.actions.rotation_scope import cannot_record, host_of
from aicore_magics.actions.rotation_wanted import Wanted, wanted_of
from aicore_magics.base.calls import may_have_changed
from aicore_magics.base.plural import count
from aicore_magics.base.report import Origin
from aicore_magics.base.version import VERSION
from aicore_magics.errors import OtherLogin, RotationRefused
from aicore_magics.ledger.fingerprint import Fingerprints
from aicore_magics.ledger.record import NotedLogin, Record
from aicore_magics.model.docker_secret import AuthKey, DockerSecret, RegistryLogin
from aicore_magics.model.expiry import NOT_KNOWN
from aicore_magics.model.names import SecretName
from aicore_magics.next_steps import Effect, Option, capitalised, closed
from aicore_magics.registry.checks import checks_stopped
from aicore_magics.registry.lifetimes import beside_ends
from aicore_magics.rotation.engine import Engine
from aicore_magics.rotation.journal import Journal, runs
from aicore_magics.rotation.outcomes import DONE, Outcomes, SecretOutcome
from aicore_magics.rotation.targets import Target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from aicore_magics.actions.rotation_job import Job
    from aicore_magics.actions.rotation_results import Kind
    from aicore_magics.ledger.reading import Reading
    from aicore_magics.ledger.state import Known
    from aicore_magics.rotation.journal import Run
    from aicore_magics.rotation.outcomes import SecretState
    from aicore_magics.rotation.plan import Plan

    Place = tuple[str, str, str]


@dataclass(frozen=True)
class OneRun:
    """One run, which this process alone has now: its *name*, and what asks whether it still has it.

    It goes on with the run that it *resumes*, or puts back what the one has replaced that it *undoes*.
    """

    job: Job
    plan: Plan
    kind: Kind
    name: str
    held: Callable[[], bool]
    resumes: Run | None = None
    undoes: Run | None = None

    @cached_property
    def _reading(self) -> Reading:
        return self.job.ledger.read()

    @cached_property
    def _known(self) -> dict[Place, Known]:
        return {known.record.place: known for known in self._reading.known()}

    @cached_property
    def _new(self) -> RegistryLogin:
        return self.job.login_of(self.plan.registry)

    @cached_property
    def _prints(self) -> Fingerprints:
        return Fingerprints(self.job.folder)

    @cached_property
    def _print(self) -> str:
        return self._prints.of(self._new)

    def tried(self) -> Tested:
        """Test the logins for all secrets, and change nothing. Raises RotationRefused as a run does."""
        found = self._tested([wanted_of(secret, self._new, self.job.logins) for secret in self.plan.secrets])
        self._require_life(found)
        return found

    def done(self) -> RotationDone:
        """Do all of it."""
        self._require_expected()
        if not self.resumes and not self.undoes:
            refuse_stale(self.plan, self._known, self._new.stored().username)
        wanted = {secret.place: wanted_of(secret, self._new, self.job.logins) for secret in self.plan.secrets}
        refuse_other_tokens(self.plan, wanted, self._known, self._prints)
        aside = self._aside(wanted)
        to_write = [secret for secret in self.plan.secrets if secret.place not in aside]
        self._show(aside)
        found = self._tested([wanted[secret.place] for secret in to_write])
        self._require_life(found)
        journal = Journal(self.job.ledger, self.name, since=self.resumes.time if self.resumes else 0)
        targets = self._targets(wanted, found, aside)
        if to_write and not self.resumes:
            self._begin(journal, targets)
        how = self.job.options
        engine = Engine(
            targets, journal, held=self.held, workers=how.workers, timeout=how.timeout, show=how.show
        )
        outcomes = engine.run()
        unrecorded = engine.unrecorded
        if outcomes.settled and (to_write or self.resumes):
            unrecorded = self._end(journal, outcomes) or unrecorded
        return self._result(outcomes, found, unrecorded)

    def _aside(self, wanted: Mapping[Place, Wanted]) -> dict[Place, SecretState]:
        """The secrets that nothing is sent to: this run has written them, they are as wished, or changed."""
        run = self.resumes or self.undoes
        later = stored_later(self._known, run) if run else set()
        aside: dict[Place, SecretState] = {}
        for place, each in wanted.items():
            if self._holds(place, each.logins):
                aside[place] = "the same"
            elif place in later:
                aside[place] = "refused"
        # What this run has written is its own: an undo puts it back, unlike what was the same before.
        fits = (True,) if self.job.options.another else (True, None)
        for secret in self.resumes.secrets if self.resumes else ():
            written = secret.state == "replaced" and self._is_new(secret.login) in fits
            if written and secret.planned.place not in later:
                aside[secret.planned.place] = "replaced"
        return aside

    def _require_expected(self) -> None:
        """Raise RotationRefused for a login that is not the one that secrets of a former run have, or had."""
        if self.job.options.another:
            return
        if self.resumes:
            others = [each for each in self.resumes.secrets if each.state == "replaced"]
            others = [each for each in others if self._is_new(each.login) is False]
            what = f"this is not the login that {count(len(others), 'secret')} got in run {self.name}"
        elif self.undoes:
            planned = {secret.place for secret in self.plan.secrets}
            others = [each for each in self.undoes.secrets if each.planned.place in planned]
            others = [each for each in others if self._is_new(each.planned.logins) is False]
            run, had = self.undoes, f"this is not the login that {count(len(others), 'secret')} had before"
            what = f"run {run.id} undid run {run.undoes}; {had} it" if run.undoes else f"{had} run {run.id}"
        else:
            return
        if others:
            raise OtherLogin(
                what, next=("give that one, or let all of them have this one: ", Option("another-login"), ".")
            )

    def _is_new(self, logins: Sequence[NotedLogin]) -> bool | None:
        """Whether those of *logins* for this registry are the new one; None if that cannot be told."""
        mine = [login for login in logins if host_of(login.key or login.registry) == self.plan.registry]
        if not mine:
            return None
        if any(login.username != self._new.stored().username for login in mine):
            return False
        new = self._new
        # A fingerprint is of the key, too.
        under = (RegistryLogin(AuthKey(each.key or new.key), new.username, new.password) for each in mine)
        pairs = [(each.fingerprint, self._prints.of(login)) for each, login in zip(mine, under, strict=True)]
        return all(noted == given for noted, given in pairs) if all(map(all, pairs)) else None

    def _holds(self, place: tuple[str, str, str], logins: Sequence[RegistryLogin]) -> bool:
        """Whether the secret at *place* holds just *logins* for sure, by their fingerprints."""
        known = self._known.get(place)
        if known is None or known.doubt or known.record.outcome != "done":
            return False
        there = {(login.key, login.fingerprint) for login in known.record.logins}
        mine = {(login.stored().key, self._prints.of(login)) for login in logins}
        return there == mine and all(mark for _, mark in mine)

    def _tested(self, wanted: Sequence[Wanted]) -> Tested:
        options, tenant = self.job.options, next(iter(self.job.tenants.values()))
        try:
            return tested(wanted, tenant, options.checking, options.hosts, now=self.job.now)
        except KeyboardInterrupt:
            if may_have_changed():
                raise
        raise checks_stopped(Effect.NOTHING_CHANGED)

    def _require_life(self, found: Tested) -> None:
        """Raise RotationRefused for a new login that is old, unless a run goes on or is undone with it."""
        old = found.old(self.plan.registry, self.job.now)
        if old and not self.resumes and self.kind == "rotation":
            fresh = "create a fresh one; a program may give an old one from its cache."
            raise RotationRefused(old, next=fresh)

    def _targets(
        self, wanted: Mapping[Place, Wanted], found: Tested, aside: Mapping[Place, SecretState]
    ) -> list[Target]:
        job, written = self.job, self._written(found)
        return [
            Target(
                secret,
                job.tenants[secret.tenant, secret.host].client,
                DockerSecret(SecretName.parse(secret.name), wanted[secret.place].logins),
                written.record(secret, wanted[secret.place]),
                same=aside.get(secret.place) == "the same",
                before=aside.get(secret.place) == "replaced",
                left=STORED_LATER if aside.get(secret.place) == "refused" else "",
                doubt=known.in_doubt if (known := self._known.get(secret.place)) else None,
                tested=len({verdict.image for verdict in found.verdicts}.intersection(secret.images)),
            )
            for secret in self.plan.secrets
        ]

    def _written(self, found: Tested) -> RunRecords:
        job, noted = self.job, self.job.options.recording
        return RunRecords(
            self.name, job.logins, job.source, noted.notebook, found, noted.told(job.logins), self._prints
        )

    def _show(self, aside: Mapping[Place, SecretState]) -> None:
        """Show what is tested now."""
        each = (SecretOutcome(secret, aside.get(secret.place, "testing")) for secret in self.plan.secrets)
        self.job.options.show(Outcomes(self.name, tuple(each)))

    def _begin(self, journal: Journal, targets: Sequence[Target]) -> None:
        """Write down what is to be done. Raises RotationRefused where that cannot be written."""
        undoes = self.undoes.id if self.undoes else ""
        known = [(each.record, each.planned, self._known.get(each.planned.place)) for each in targets]
        fault = journal.begin([planned_record(*each, undoes) for each in known])
        if fault:
            raise cannot_record(fault)

    def _end(self, journal: Journal, outcomes: Outcomes) -> str:
        """Write down that the run has ended, and those that it leaves nothing to do for."""
        places = {secret.place for secret in self.plan.secrets}
        others = [
            run
            for run in runs(self._reading.records)
            if run.open and {each.planned.place for each in run.secrets} <= places
            if host_of(run.secrets[0].planned.logins[0].registry) == self.plan.registry
        ]
        undone = self.undoes.id if self.undoes else self.resumes.undoes if self.resumes else ""
        names = dict.fromkeys(filter(None, (self.name, *(run.id for run in others), undone)))
        first = self.plan.secrets[0]
        record = Record(
            tenant=first.tenant,
            host=first.host,
            secret="",
            op="run ended",
            detail=f"{outcomes.count(*DONE)} of {len(outcomes.each)}",
            version=VERSION,
        )
        return journal.wave([record.with_(run=name) for name in names], ())

    def _result(self, outcomes: Outcomes, found: Tested, unrecorded: str) -> RotationDone:
        """Return what became of each. Raises RotationIncomplete if that is not all that was wished."""
        former = former_login(self._known, self.plan, self.resumes, self._is_new)
        ends = self._written(found).end_of(self._new)
        elsewhere, likely = holders_elsewhere(self._known.values(), self.plan, former)
        notes = beside_ends(self._notes(found), (self._new,) if ends.known else ())
        result = RotationDone(
            outcomes,
            self.kind,
            self.plan.registry,
            self._new.stored().username,
            former.username if former else self.plan.username,
            datetime.now(UTC),
            expiry=former.expiry if former else NOT_KNOWN,
            ends=ends,
            elsewhere=elsewhere,
            likely=likely,
            verdicts=found.verdicts,
            serving=found.serving,
            unchecked=tuple(map(str, self.job.options.hosts)),
            notes=(*notes, *fault_words(unrecorded)),
        )
        if outcomes.complete:
            return result
        raise incomplete(result)

    def _notes(self, found: Tested) -> tuple[str, ...]:
        """What to know about the logins: where they came from, what was tested, and how old they are."""
        of_logins = (note for login in self.job.logins for note in login.notes)
        old = closed(capitalised(found.old(self.plan.registry, self.job.now)))
        without = sum(not secret.images for secret in self.plan.secrets)
        alone = f"Only the login was tested for {count(without, 'secret')}: no image of them is known."
        words = (old, alone if without else "")
        return (*self.job.notes, *of_logins, *filter(None, words), *found.cautions, *self._compared())

    def _compared(self) -> Iterator[str]:
        """A sentence on the run of before, where it is worth one."""
        if self.resumes and self.resumes.count("replaced") and not self._print:
            yield "No fingerprint of this login is kept: use the one that the run began with."
        if self.undoes and self.undoes.undoes:
            yield Origin(f"Run {self.undoes.id} was an undo itself, of run {self.undoes.undoes}.")
