"""The record of this machine: what it knows of logins, what a user notes in it, and what is taken out."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aicore_magics.actions.notes import NotesProposed, Proposal, RecordsForgotten, SecretNoted
from aicore_magics.actions.recorded import RecordedLogin, recorded_logins, stored_here
from aicore_magics.actions.recording import appended, ledger_of
from aicore_magics.actions.secret_records import SecretRecords
from aicore_magics.aicore import looks
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import token_kind
from aicore_magics.base.version import VERSION
from aicore_magics.errors import AICoreError, InvalidDate, InvalidLogin, InvalidName, InvalidRegistry
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.ledger.record import NotedImage, NotedLogin, Record
from aicore_magics.model.docker_secret import check_username
from aicore_magics.model.expiry import NOT_KNOWN, Expiry, told_end
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry, SecretName
from aicore_magics.next_steps import Option
from aicore_magics.templates.pull_needs import pull_needs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.actions.recorded import StoredHere
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.ledger.reading import Reading
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
    reading, now = ledger_of(tenant).read(), datetime.now(UTC)
    rows = _rows(reading, now, None if all_tenants else tenant)
    if tenant is None:
        return SecretRecords(
            tuple(rows), now, damaged=reading.damaged, newer=reading.newer, fault=reading.fault
        )
    own = [] if any(_is_own_key(row, tenant) for row in rows) else _own_key(tenant, now)
    names = _names(tenant) if ask else None
    held = {row.secret for row in rows if row.secret and _is_of(row, tenant)}
    gone = held - {*names} if names is not None else set()
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
    )


@bare_errors
def note_docker_secret(  # noqa: PLR0913 - each something that a user knows
    tenant: Connection,
    name: str,
    *,
    registry: str = "",
    username: str = "",
    ends: str = "",
    images: Iterable[str] = (),
    notebook: str = "",
    timeout: float = TIME_LIMIT,
) -> SecretNoted:
    """Note what you know of a secret of *tenant* in the record of this machine. Nothing changes at AI Core.

    *ends* is a date, which ends at 00:00 UTC of that day, a time with its offset, or `never`. What is left
    out stays as the record has it. Raises DockerSecretMissing if the tenant has no such secret, InvalidDate,
    InvalidRegistry, InvalidLogin, InvalidImage, and what a connection can raise.
    """
    wanted, expiry = SecretName.typed(name), told_end(ends) if ends else None
    host = str(Registry.typed(registry)) if registry else ""
    user, references = _user(username), [ImageReference.typed(image) for image in images]
    if not (host or user or expiry or references):
        raise InvalidLogin("there is nothing to note", next=("add ", Option("ends", "2027-01-31"), "."))
    if not host and references:
        host = str(references[0].registry)
    deadline = Deadline(timeout)
    if not tenant.client.exists(str(wanted), deadline):
        raise looks.missing(tenant.client, str(wanted), deadline)
    ledger, now = ledger_of(tenant), datetime.now(UTC)
    before = _known_of(ledger.read(), tenant).get(str(wanted))
    had = before.record if before else None
    given = NotedLogin(registry=host, username=user, expiry=expiry or NOT_KNOWN)
    noted = tuple(NotedImage(str(image)) for image in references)
    record = Record(
        tenant=tenant.tenant,
        host=tenant.host,
        secret=str(wanted),
        op="noted",
        logins=_merged(had.logins if had else (), given),
        images=noted or (had.images if had else ()),
        source="told by you",
        notebook=notebook,
        version=VERSION,
    )
    unrecorded = appended(ledger, record)
    shown = stored_here(record, now)
    assert shown is not None  # noqa: S101 - it was just noted
    return SecretNoted(
        shown,
        tenant.where,
        had=stored_here(had, now) if had else None,
        images=tuple(image.reference for image in record.images),
        exists=True,
        notes=unrecorded,
    )


@bare_errors
def propose_notes(folder: str | os.PathLike[str], tenant: Connection | None = None) -> NotesProposed:
    """Return what the templates in *folder* tell of secrets that the record of this machine does not have.

    Nothing is noted. Without a *tenant*, a secret that any tenant in the record has is left out.
    """
    reading = ledger_of(tenant).read()
    if tenant is not None:
        recorded = {*_known_of(reading, tenant)}
    else:
        recorded = {known.record.secret for known in reading.known()}
    needs = pull_needs([folder])
    return NotesProposed(
        os.fspath(folder),
        tuple(
            Proposal(each.secret, each.images, each.files) for each in needs if each.secret not in recorded
        ),
        known=tuple(each.secret for each in needs if each.secret in recorded),
    )


@bare_errors
def forget_records(
    names: Iterable[str] = (), *, tenant: Connection | None = None, before: str = ""
) -> RecordsForgotten:
    """Take records out of the record of this machine: those of *names*, or those from *before* a date.

    With both, those of the names from before that date. With a *tenant*, only its own. Nothing changes at
    AI Core. Raises InvalidDate, and InvalidName, also if neither is given.
    """
    wanted = {str(SecretName.typed(name)) for name in names}
    end = told_end(before).ends if before else None
    if before and end is None:
        raise InvalidDate("records can be forgotten before a date only", next="write it like 2026-01-31.")
    if not wanted and end is None:
        raise InvalidName(
            "it is not clear what to forget",
            next=("name a secret", Option("before", "2026-01-31", lead=", or add"), "."),
        )
    secrets: dict[str, None] = {}

    def matches(record: Record) -> bool:
        named = not wanted or record.secret in wanted
        old = end is None or record.at < end
        of = tenant is None or (record.tenant, record.host) == (tenant.tenant, tenant.host)
        if named and old and of:
            secrets[record.secret] = None
        return named and old and of

    forgotten = ledger_of(tenant).forget(matches)
    return RecordsForgotten(
        forgotten.count,
        tuple(sorted(filter(None, secrets))),
        left=(("record", forgotten.fault),) if forgotten.fault else (),
    )


def recorded_of(tenant: Connection) -> tuple[RecordedLogin, ...]:
    """Return the logins that the record has for *tenant*, and its own key if that ends."""
    now = datetime.now(UTC)
    rows = _rows(ledger_of(tenant).read(), now, tenant)
    return (*rows, *([] if any(not row.secret for row in rows) else _own_key(tenant, now)))


def stored_in(tenant: Connection) -> tuple[StoredHere, ...]:
    """Return what the record has on each secret of *tenant*."""
    now = datetime.now(UTC)
    known = _known_of(ledger_of(tenant).read(), tenant).values()
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


def _known_of(reading: Reading, tenant: Connection) -> dict[str, Known]:
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


def _user(username: str) -> str:
    user = bare(username)
    if user:
        check_username(user)
    if token_kind(user):
        raise InvalidLogin(
            "the user name looks like a token, which is never recorded",
            next="use the account name, such as anna.",
        )
    return user


def _merged(before: tuple[NotedLogin, ...], given: NotedLogin) -> tuple[NotedLogin, ...]:
    """The logins of a secret, with what is *given* in place of what was known of one of them."""
    meant = [i for i, login in enumerate(before) if given.registry in ("", login.registry)]
    if not before or (not meant and given.registry):
        return (*before, given)
    if len(meant) > 1:
        raise InvalidRegistry(
            "the secret has several logins in the record",
            next=("name the one that is meant: ", Option("registry", before[0].registry), "."),
        )
    at = meant[0]
    login = before[at]
    # Another user, or another end, is another login: its token's kind and fingerprint are not known.
    another = given.username not in ("", login.username)
    kept = NotedLogin(registry=login.registry, username="", key=login.key) if another else login
    changed = replace(
        kept,
        username=given.username or kept.username,
        expiry=given.expiry if given.expiry.known else kept.expiry,
    )
    return (*before[:at], changed, *before[at + 1 :])
