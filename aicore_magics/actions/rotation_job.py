"""What a run of a rotation is given: tenants, logins, the record of this machine, and a former run."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aicore_magics.actions.rotation_run import OneRun
from aicore_magics.actions.rotation_scope import all_tenants, cannot_record, host_of, readable_record
from aicore_magics.base.redact import hiding
from aicore_magics.errors import InvalidLogin, RotationRefused
from aicore_magics.ledger.faults import Unusable
from aicore_magics.logins.wish import TakenLogins
from aicore_magics.next_steps import Option, do
from aicore_magics.rotation.claim import Claimed, claim
from aicore_magics.rotation.journal import runs
from aicore_magics.rotation.plan import HeldLogin, Plan, PlannedSecret
from aicore_magics.rotation.run_id import fresh_run_id

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from aicore_magics.actions.rotation_checks import Tested
    from aicore_magics.actions.rotation_results import Kind, RotationDone
    from aicore_magics.actions.rotations import RotationOptions
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.ledger.ledger import Ledger
    from aicore_magics.ledger.record import NotedLogin, Record
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.rotation.journal import Run, RunSecret

RUN_TIME = timedelta(minutes=10)  # that a service key must live for a run


@dataclass(frozen=True)
class Job:
    """The tenants and logins of one call, and the record of this machine."""

    tenants: Mapping[tuple[str, str], Connection]
    logins: tuple[RegistryLogin, ...]
    source: str
    notes: tuple[str, ...]
    options: RotationOptions
    ledger: Ledger
    folder: Path
    now: datetime

    @classmethod
    def read(
        cls,
        tenants: Connection | Iterable[Connection],
        logins: Iterable[RegistryLogin],
        options: RotationOptions,
    ) -> Job:
        """Read all of it before anything is sent. Raises RotationRefused where there is no record."""
        each, given = all_tenants(tenants), tuple(logins)
        taken = logins if isinstance(logins, TakenLogins) else None
        ledger, folder = readable_record(each[0])
        return cls(
            {(tenant.tenant, tenant.host): tenant for tenant in each},
            given,
            taken.source if taken else "Python",
            taken.notes if taken else (),
            options,
            ledger,
            folder,
            datetime.now(UTC),
        )

    def find_run(self, name: str, *, only_open: bool) -> Run:
        """Return the run *name*, or the last one that may be meant. Raises RotationRefused."""
        return find_run(self.ledger, name, only_open=only_open)

    def plan_of(self, run: Run, secrets: Iterable[RunSecret]) -> Plan:
        """Return what is to be done with *secrets* of a former run, in the turn that they had."""
        planned = tuple(_planned(each.planned) for each in secrets)
        first = planned[0].login
        return Plan(first.registry, first.username, planned)

    def run(
        self, plan: Plan, kind: Kind, *, resumes: Run | None = None, undoes: Run | None = None
    ) -> RotationDone:
        """Test the logins, write them into all secrets of *plan*, and return what became of each.

        Raises RotationRefused where nothing was sent, RotationIncomplete where not all secrets have them.
        """
        self._require_tenants(plan)
        with hiding(*(login.password for login in self.logins)):
            taken = {record.run for record in self.ledger.read().records}
            name = resumes.id if resumes else fresh_run_id(plan.registry, self.now, taken)
            try:
                with claim(self.folder, name) as mine:
                    self._require_untouched(name, resumes)
                    return OneRun(self, plan, kind, name, mine.held, resumes, undoes).done()
            except Claimed as claimed:
                other = f"run {claimed.run} is" if claimed.run else "another run is"
                refused = RotationRefused(f"{other} going on now", next="wait until it has ended.")
            except Unusable as unusable:
                refused = cannot_record(unusable)
            raise refused

    def tried(self, plan: Plan) -> Tested:
        """Test the logins for all secrets of *plan*, and change nothing. Raises RotationRefused."""
        self._require_tenants(plan)
        with hiding(*(login.password for login in self.logins)):
            return OneRun(self, plan, "rotation", "", lambda: True).tried()

    def login_of(self, registry: str) -> RegistryLogin:
        """Return the login for *registry* among those that were given. Raises InvalidLogin."""
        mine = [login for login in self.logins if host_of(login.key) == registry]
        if len(mine) != 1:
            what = "several logins are" if mine else "no login is"
            raise InvalidLogin(
                f"{what} given for {registry}", next=("give one: ", Option("login", f"{registry}=USER"))
            )
        return mine[0]

    def _require_untouched(self, name: str, resumes: Run | None) -> None:
        """Raise RotationRefused if another process has had the run *name* since it was read."""
        times = [run.time for run in runs(self.ledger.read().records) if run.id == name]
        if times[-1:] != ([resumes.time] if resumes else []):
            raise RotationRefused(
                f"another process has just worked on run {name}", next=("see it: ", do("rotate-status"))
            )

    def _require_tenants(self, plan: Plan) -> None:
        """Raise RotationRefused if a tenant of *plan* was not given, or its key ends too soon."""
        missing = [place for place in plan.tenants if place not in self.tenants]
        if missing:
            tenant, host = missing[0]
            raise RotationRefused(
                f"the plan has secrets of tenant {tenant} at {host}, which is not connected",
                next=("connect to it, or add ", Option("profile", "NAME"), "."),
            )
        for place in plan.tenants:
            ends = self.tenants[place].key_ends
            if ends is not None and ends < self.now + RUN_TIME:
                raise RotationRefused(
                    f"the service key of tenant {place[0]} ends before the run is over",
                    next=("create a new service key, then ", do("connect-key")),
                )


def find_run(ledger: Ledger, name: str, *, only_open: bool) -> Run:
    """Return the run *name* of *ledger*, or the last one that may be meant. Raises RotationRefused."""
    there = runs(ledger.read().records)
    named = [run for run in there if run.id == name] if name else list(there)
    meant = [run for run in named if run.open] if only_open else named
    if not meant:
        what = f"no run {name} is in the record of this machine" if name else "no run is in the record"
        if named:
            what = f"run {name} has ended" if name else "no run was cut off"
        raise RotationRefused(what, next=("see all: ", do("rotate-status")))
    return meant[-1]


def _planned(record: Record) -> PlannedSecret:
    """The secret of a former run as it was planned: the login to replace stands first."""
    first, *others = map(_held, record.logins)
    return PlannedSecret(
        tenant=record.tenant,
        host=record.host,
        name=record.secret,
        login=first,
        others=tuple(others),
        images=tuple(image.reference for image in record.images),
        profile=record.profile,
    )


def _held(login: NotedLogin) -> HeldLogin:
    return HeldLogin(host_of(login.key or login.registry), login.username, login.key)
