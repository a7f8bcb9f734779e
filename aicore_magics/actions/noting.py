"""What a user tells the record of this machine of secrets that were stored elsewhere."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aicore_magics.actions.notes import NotesProposed, Proposal, SecretNoted
from aicore_magics.actions.recorded import stored_here
from aicore_magics.actions.recording import appended, ledger_of
from aicore_magics.actions.records import known_of
from aicore_magics.aicore import looks
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.files import at_home
from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import token_kind
from aicore_magics.base.version import VERSION
from aicore_magics.errors import (
    InvalidFile,
    InvalidLogin,
    InvalidRegistry,
)
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.ledger.record import NotedImage, NotedLogin, Record
from aicore_magics.model.docker_secret import check_username
from aicore_magics.model.expiry import NOT_KNOWN, told_end
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry, SecretName
from aicore_magics.next_steps import Option
from aicore_magics.templates.pull_needs import pull_needs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.aicore.connection import Connection


@bare_errors
def note_docker_secret(  # noqa: PLR0913 - each something that a user knows
    tenant: Connection,
    name: str,
    *,
    registry: str = "",
    username: str = "",
    ends: str = "",
    images: str | Iterable[str] = (),
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
    each = (images,) if isinstance(images, str) else images
    user, references = _user(username), [ImageReference.typed(image) for image in each]
    if not (host or user or expiry or references):
        raise InvalidLogin("there is nothing to note", next=("add ", Option("ends", "2027-01-31"), "."))
    if not host and references:
        host = str(references[0].registry)
    ledger, now = ledger_of(tenant), datetime.now(UTC)
    before = known_of(ledger.read(), tenant).get(str(wanted))
    had = before.record if before else None
    stored = had.stored_at if had else None
    given = NotedLogin(registry=host, username=user, expiry=expiry or NOT_KNOWN)
    logins = _merged(had.logins if had else (), given)
    deadline = Deadline(timeout)
    if not tenant.client.exists(str(wanted), deadline):
        raise looks.missing(tenant.client, str(wanted), deadline)
    noted = tuple(NotedImage(str(image)) for image in references)
    record = Record(
        tenant=tenant.tenant,
        host=tenant.host,
        secret=str(wanted),
        op="noted",
        logins=logins,
        images=noted or (had.images if had else ()),
        source="told by you",
        notebook=had.notebook if had and stored else notebook,
        version=VERSION,
        stored=stored.isoformat() if stored else "",
    )
    unrecorded = appended(ledger.write, record)
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

    Nothing is noted. Without a *tenant*, a secret that any tenant in the record has is left out. Raises
    InvalidFile if there is no such folder.
    """
    if not os.path.lexists(at_home(folder)):
        raise InvalidFile("there is no such file or folder", next="check the path.")
    reading = ledger_of(tenant).read()
    if tenant is not None:
        recorded = {*known_of(reading, tenant)}
    else:
        recorded = {known.record.secret for known in reading.known()}
    needs, unread = pull_needs([folder])
    return NotesProposed(
        os.fspath(folder),
        tuple(
            Proposal(each.secret, each.images, each.files) for each in needs if each.secret not in recorded
        ),
        known=tuple(each.secret for each in needs if each.secret in recorded),
        unread=unread,
    )


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
    # Another user is another login: of its token nothing is known.
    another = given.username not in ("", login.username)
    kept = NotedLogin(registry=login.registry, username="", key=login.key) if another else login
    changed = replace(
        kept,
        username=given.username or kept.username,
        expiry=given.expiry if given.expiry.known else kept.expiry,
    )
    return (*before[:at], changed, *before[at + 1 :])
