"""The record of this machine: what it knows of logins, and what is taken out of it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import TYPE_CHECKING

from aicore_magics.actions.notes import RecordsForgotten
from aicore_magics.actions.recorded import RecordedLogin, recorded_logins, stored_here
from aicore_magics.actions.recording import ledger_of
from aicore_magics.actions.secret_records import SecretRecords
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.plural import count
from aicore_magics.errors import (
    AICoreError,
    InvalidDate,
    InvalidName,
)
from aicore_magics.http.deadline import Deadline
from aicore_magics.ledger.reading import Reading
from aicore_magics.model.expiry import Expiry, time_in
from aicore_magics.model.names import SecretName
from aicore_magics.next_steps import Option
from aicore_magics.rotation.claim import running
from aicore_magics.rotation.journal import runs

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aicore_magics.actions.recorded import StoredHere
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.ledger.record import Record
    from aicore_magics.ledger.state import Known

_LOOK_WITHIN = 5.0  # seconds for the names of a tenant, without which there is a table all the same


@bare_errors
def docker_secret_records(
    tenant: Connection | None = None, *, all_tenants: bool = False, ask: bool = False
) -> SecretRecords:
    """Return which logins end when, as far as the record of this machine knows.

    Without a *tenant*, or with *all_tenants*, it is of all tenants in the record; the sandbox has a record of
    its own. Only with *ask* AI Core is asked which secrets the tenant has. Times are in UTC.
    """
    ledger, now = ledger_of(tenant), datetime.now(UTC)
    reading = ledger.read() if ledger.folder else Reading(fault="AICORE_MAGICS_STATE turns it off")
    rows = _rows(reading, now, None if all_tenants else tenant)
    if tenant is None:
        return SecretRecords(
            tuple(rows),
            now,
            damaged=reading.damaged,
            newer=reading.newer,
            fault=reading.fault,
            profiles=_profiles(reading),
        )
    own = [] if any(_is_own_key(row, tenant) for row in rows) else _own_key(tenant, now)
    names = _names(tenant) if ask else None
    held = {row.secret for row in rows if row.secret and _is_of(row, tenant)}
    doubted = {row.secret for row in rows if row.doubt}
    gone = held - doubted - {*names} if names is not None else set()
    rows = [row for row in rows if not (row.secret in gone and _is_of(row, tenant))]
    return SecretRecords(
        (*rows, *own),
        now,
        where=tenant.where,
        known=None if names is None else len(held & {*names}),
        total=None if names is None else len(names),
        gone=tuple(sorted(gone)),
        damaged=reading.damaged,
        newer=reading.newer,
        fault=reading.fault,
        profiles=_profiles(reading),
    )


def _profiles(reading: Reading) -> tuple[tuple[str, str, str], ...]:
    """The profiles that led to tenants in former rotations, each behind its tenant and host."""
    last = {(each.tenant, each.host): each.profile for each in reading.records if each.profile}
    return tuple((*place, profile) for place, profile in last.items())


@bare_errors
def forget_records(
    names: str | Iterable[str] = (), *, tenant: Connection | None = None, before: str = ""
) -> RecordsForgotten:
    """Take records out of the record of this machine: those of *names*, or those from *before* a date.

    With both, those of the names from before that date. With a *tenant*, only its own. Nothing changes at
    AI Core. Raises InvalidDate, and InvalidName, also if neither is given.
    """
    each = (names,) if isinstance(names, str) else names
    wanted = {str(SecretName.typed(name)) for name in each}
    end = time_in(before.strip())
    if before and end is None:
        raise InvalidDate(
            "the day before which records are forgotten is not a date", next="write it like 2026-01-31."
        )
    if not wanted and end is None:
        raise InvalidName(
            "it is not clear what to forget",
            next=("name a secret", Option("before", "2026-01-31", lead=", or add"), "."),
        )
    found: set[tuple[str, str, str]] = set()

    def matches(record: Record) -> bool:
        named = not wanted or record.secret in wanted
        old = end is None or record.at < end
        of = tenant is None or record.place[:2] == (tenant.host, tenant.tenant)
        if named and old and of:
            found.add(record.place)
        return named and old and of

    forgotten = ledger_of(tenant).forget(matches)
    left = [("record", forgotten.fault)] if forgotten.fault else []
    if forgotten.hidden:
        still = (
            f"{count(forgotten.hidden, 'record')} in a file of another machine; hidden until that is merged"
        )
        left.append(("record", still))
    return RecordsForgotten(
        forgotten.count - forgotten.hidden,
        tuple(_called(place, found) for place in sorted(found, key=itemgetter(2)) if place[2]),
        left=tuple(left),
    )


def _called(place: tuple[str, str, str], places: set[tuple[str, str, str]]) -> str:
    """The name of the secret at *place*, with its tenant where *places* are of several."""
    _, tenant, secret = place
    return f"{secret}, {tenant}" if len({each[:2] for each in places}) > 1 else secret


@dataclass(frozen=True)
class CutOff:
    """A rotation that began, and did not come to its end: of *total* secrets so many are replaced."""

    run: str
    total: int
    replaced: int
    unknown: int

    @property
    def words(self) -> str:
        """What it is, on one line."""
        unknown = f", {self.unknown} unknown" if self.unknown else ""
        return f"{self.run} was cut off: {self.replaced} of {count(self.total, 'secret')} replaced{unknown}"


@dataclass(frozen=True)
class TenantRecord:
    """What the record has for one tenant: its *logins*, and a rotation that was *cut_off*."""

    logins: tuple[RecordedLogin, ...] = ()
    cut_off: CutOff | None = None


def recorded_of(tenant: Connection) -> TenantRecord:
    """Return the logins that the record has for *tenant*, its own key if that ends, and what was cut off."""
    now, ledger = datetime.now(UTC), ledger_of(tenant)
    reading = ledger.read()
    rows = _rows(reading, now, tenant)
    own = [] if any(not row.secret for row in rows) else _own_key(tenant, now)
    return TenantRecord((*rows, *own), _cut_off(reading, tenant, ledger.folder))


def _cut_off(reading: Reading, tenant: Connection, folder: Path | None) -> CutOff | None:
    """The last run with a secret of *tenant* that nobody goes on with."""
    going = running(folder) if folder else ""
    place = (tenant.host, tenant.tenant)
    left = [
        run
        for run in runs(reading.records)
        if run.open and run.id != going and any(each.planned.place[:2] == place for each in run.secrets)
    ]
    if not left:
        return None
    run = left[-1]
    replaced = run.count("replaced") + run.count("same")
    return CutOff(run.id, len(run.secrets), replaced, run.count("unknown"))


def stored_in(tenant: Connection) -> tuple[StoredHere, ...]:
    """Return what the record has on each secret of *tenant*."""
    now = datetime.now(UTC)
    known = known_of(ledger_of(tenant).read(), tenant).values()
    each = (stored_here(one.record, now, doubt=one.doubt is not None) for one in known)
    return tuple(filter(None, each))


def _rows(reading: Reading, now: datetime, tenant: Connection | None) -> list[RecordedLogin]:
    """The logins of the record, or those of *tenant* alone, and then the service keys."""
    known = [(one.record, one.doubt is not None) for one in reading.known()]
    known += [(key, False) for key in reading.service_keys()]
    return [
        row
        for record, doubt in known
        if tenant is None or record.place[:2] == (tenant.host, tenant.tenant)
        for row in recorded_logins(record, now, doubt=doubt)
    ]


def known_of(reading: Reading, tenant: Connection) -> dict[str, Known]:
    """What the record knows of each secret of *tenant*, by its name."""
    place = (tenant.host, tenant.tenant)
    return {known.record.secret: known for known in reading.known() if known.record.place[:2] == place}


def _is_of(row: RecordedLogin, tenant: Connection) -> bool:
    return (row.tenant, row.host) == (tenant.tenant, tenant.host)


def _is_own_key(row: RecordedLogin, tenant: Connection) -> bool:
    return not row.secret and _is_of(row, tenant)


def _own_key(tenant: Connection, now: datetime) -> list[RecordedLogin]:
    if tenant.key_ends is None:
        return []
    expiry = Expiry(tenant.key_ends, how="certificate")
    return [RecordedLogin(tenant=tenant.tenant, host=tenant.host, secret="", now=now, expiry=expiry)]


def _names(tenant: Connection) -> tuple[str, ...] | None:
    """The names of all secrets of *tenant*; None if AI Core does not tell, or not all."""
    with suppress(AICoreError):
        names = tenant.client.names(Deadline(_LOOK_WITHIN))
        return names.names if names.complete else None
    return None
