"""The Docker registry secrets that a tenant holds: listed, shown, deleted, counted."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.actions.deletion import DeletionQuestion, SecretDeleted
from aicore_magics.actions.recording import in_doubt, record_deletion
from aicore_magics.actions.records import stored_in
from aicore_magics.actions.results import QuotaUsed, SecretShown, Settled
from aicore_magics.actions.secret_list import SecretList
from aicore_magics.aicore import looks, secret_store
from aicore_magics.aicore.name_list import HiddenName
from aicore_magics.base.calls import bare_errors
from aicore_magics.errors import DockerSecretMissing
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.model.names import SecretName
from aicore_magics.next_steps import do
from aicore_magics.templates.pull_secret_lines import files_naming, serving_lines, workflow_lines

if TYPE_CHECKING:
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.aicore.name_list import NameList
    from aicore_magics.base.redact import Secret


@bare_errors
def list_docker_secrets(
    tenant: Connection, *, ends_within: int | None = None, timeout: float = TIME_LIMIT
) -> SecretList:
    """List the names of all Docker registry secrets of the tenant, through all pages.

    The result's `complete` tells whether they are known to be all, `hidden` which names are not shown, and
    `known` what the record of this machine has on them. With *ends_within*, in days, only those are shown
    that have a login which ends by then.
    """
    deadline = Deadline(timeout)
    names, quota = names_and_quota(tenant, deadline)
    return SecretList(
        names.names,
        tenant.where,
        quota,
        hidden=names.hidden,
        complete=names.complete,
        known=tuple(each for each in stored_in(tenant) if each.name in names.names),
        ends_within=ends_within,
    )


def names_and_quota(tenant: Connection, deadline: Deadline) -> tuple[NameList, int | None]:
    """Give the names of the tenant's secrets, complete only if the quota counts no more; and the quota."""
    names = tenant.client.names(deadline)
    used, maximum = tenant.client.quota_if_told(deadline)
    return replace(names, complete=names.complete and (used or 0) <= len(names)), maximum


@bare_errors
def show_docker_secret(
    tenant: Connection, name: str, *, wait: float = 0.0, timeout: float = TIME_LIMIT
) -> SecretShown:
    """Check that the secret exists, and return the YAML that uses it. Its content is never returned.

    After a create, update or delete of this connection whose outcome is unknown, the result's `settled` tells
    what became of it; *wait* looks for at most so many seconds until that is clear. Else it waits until the
    secret is there.
    """
    deadline = Deadline(max(timeout, wait + looks.LAST_LOOK))
    wanted = SecretName.typed(name)
    last, seen = looks.settled(tenant.client, str(wanted), wait, deadline)
    # What could not be seen is asked for once more, to be told why.
    exists = tenant.client.exists(str(wanted), deadline) if seen == "not seen" else seen == "there"
    settled = None
    if last:
        sure = wait >= looks.VISIBLE_WITHIN and not last.accepted
        settled = Settled(last.change, wait, last.accepted, last.unclear, certain=sure)
    if not exists:
        near = () if settled else looks.nearest(tenant.client, str(wanted), deadline)
        return SecretShown(str(wanted), exists, tenant.where, suggestions=near, settled=settled)
    return SecretShown(
        str(wanted),
        exists,
        tenant.where,
        settled=settled,
        known=next((each for each in stored_in(tenant) if each.name == str(wanted)), None),
        workflow_lines=workflow_lines(str(wanted)),
        serving_lines=serving_lines(str(wanted)),
        notes=(wanted.caution,) if wanted.caution else (),
    )


@bare_errors
def hidden_docker_secret(tenant: Connection, position: int, *, timeout: float = TIME_LIMIT) -> HiddenName:
    """Give the hidden name that the list has at *position*, counted from 1, to delete its secret.

    Raises DockerSecretMissing if no name is hidden there.
    """
    names = tenant.client.names(Deadline(timeout))
    for hidden in names.hidden:
        if hidden.position == position:
            return hidden
    raise DockerSecretMissing(
        f"tenant {tenant.tenant} has no hidden name at position {position}",
        next=("all names and positions: ", do("list")),
    )


@bare_errors
def deletion_question(
    tenant: Connection, name: str | HiddenName, *, timeout: float = TIME_LIMIT
) -> DeletionQuestion:
    """Give what to ask before a delete: what is lost, for whom, and which local templates name it.

    Raises DockerSecretMissing if there is nothing to delete.
    """
    deadline = Deadline(timeout)
    if isinstance(name, HiddenName):
        files = _files_naming(_text_of(tenant, name, deadline).reveal())
        called = f"the secret {name}, whose name {name.why},"
        return DeletionQuestion(str(name), tenant.where, name.mark, called, files)
    wanted = str(SecretName.typed(name))
    if not tenant.client.exists(wanted, deadline):
        raise looks.missing(tenant.client, wanted, deadline)
    return DeletionQuestion(wanted, tenant.where, wanted, wanted, _files_naming(wanted))


@bare_errors
def delete_docker_secret(
    tenant: Connection, name: str | HiddenName, *, timeout: float = TIME_LIMIT
) -> SecretDeleted:
    """Delete the secret for the whole tenant, without asking. Raises DockerSecretMissing if there is none.

    *name* may be one of the `hidden` of a list: it is deleted if the very name is still at that position.
    """
    deadline = Deadline(timeout)
    hidden = isinstance(name, HiddenName)
    wanted = (
        _text_of(tenant, name, deadline).reveal()
        if isinstance(name, HiddenName)
        else str(SecretName.typed(name))
    )
    # Looked for before: once it is deleted, nothing may come between that and saying so.
    named_by = _files_naming(wanted)
    with nullcontext() if hidden else in_doubt(lambda: record_deletion(tenant, wanted, "unknown")):
        notes = secret_store.delete(tenant.client, wanted, deadline, called=str(name) if hidden else "")
        # A hidden name is recorded nowhere: it looks like a token.
        notes += () if hidden else record_deletion(tenant, wanted)
    if isinstance(name, HiddenName):
        notes = (*notes, f"Its name {name.why}: all who may list secrets could read it. Revoke it.")
    return SecretDeleted(str(name) if hidden else wanted, tenant.where, named_by, notes)


@bare_errors
def docker_secret_quota(tenant: Connection, *, timeout: float = TIME_LIMIT) -> QuotaUsed:
    """Return how many Docker registry secrets the tenant has, and its limit."""
    used, maximum = tenant.client.quota(Deadline(timeout))
    return QuotaUsed(used, maximum, tenant.where)


def _text_of(tenant: Connection, hidden: HiddenName, deadline: Deadline) -> Secret:
    """The hidden name itself, as it is listed now. Raises DockerSecretMissing unless it is the same."""
    text = tenant.client.names(deadline).text_of(hidden)
    if text is None:
        raise DockerSecretMissing(
            f"the list has changed: position {hidden.position} has another name now, or none",
            next=("all names and positions: ", do("list")),
        )
    return text


def _files_naming(name: str) -> tuple[str, ...]:
    """The templates in this folder that name the secret; none where the folder is gone."""
    try:
        return files_naming(name, Path.cwd())
    except OSError:
        return ()
