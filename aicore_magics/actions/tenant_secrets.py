"""The Docker registry secrets that a tenant holds: listed, shown, deleted, counted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.actions.results import (
    QuotaUsed,
    SecretDeleted,
    SecretList,
    SecretShown,
    Settled,
)
from aicore_magics.aicore import looks, secret_store
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.plural import count
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.model.names import SecretName
from aicore_magics.templates.pull_secret_lines import files_naming, serving_lines, workflow_lines

if TYPE_CHECKING:
    from aicore_magics.aicore.connection import Connection


@bare_errors
def list_docker_secrets(tenant: Connection, *, timeout: float = TIME_LIMIT) -> SecretList:
    """List the names of all Docker registry secrets of the tenant, through all pages."""
    deadline = Deadline(timeout)
    names = tenant.client.names(deadline)
    return SecretList(names, tenant.where, tenant.client.quota_if_told(deadline)[1])


@bare_errors
def show_docker_secret(
    tenant: Connection, name: str, *, wait: float = 0.0, timeout: float = TIME_LIMIT
) -> SecretShown:
    """Tell whether the secret exists, and the lines that name it in a template. No content comes back.

    After a create, update or delete of this connection whose outcome is unknown, the result's `settled` tells
    what became of it; *wait* looks for at most so many seconds until that is clear. Else it waits until the
    secret is there.
    """
    deadline = Deadline(max(timeout, wait + looks.LAST_LOOK))
    wanted = SecretName.parse(name)
    change, seen = looks.settled(tenant.client, str(wanted), wait, deadline)
    # What could not be seen is asked for once more, to be told why.
    exists = tenant.client.exists(str(wanted), deadline) if seen == "not seen" else seen == "there"
    settled = Settled(change, wait, certain=wait >= looks.VISIBLE_WITHIN) if change else None
    if not exists:
        near = () if settled else looks.nearest(tenant.client, str(wanted), deadline)
        return SecretShown(str(wanted), exists, tenant.where, suggestions=near, settled=settled)
    return SecretShown(
        str(wanted),
        exists,
        tenant.where,
        settled=settled,
        workflow_lines=workflow_lines(str(wanted)),
        serving_lines=serving_lines(str(wanted)),
        notes=(wanted.caution,) if wanted.caution else (),
    )


@bare_errors
def deletion_question(tenant: Connection, name: str, *, timeout: float = TIME_LIMIT) -> str:
    """Give the question to ask before a delete: what is lost, for whom, and which local templates name it.

    Raises DockerSecretMissing if there is nothing to delete.
    """
    deadline = Deadline(timeout)
    wanted = str(SecretName.parse(name))
    if not tenant.client.exists(wanted, deadline):
        raise looks.missing(tenant.client, wanted, deadline)
    files = _files_naming(wanted)
    some = f"{count(len(files), 'template')} in this folder name it: {', '.join(files)}"
    return (
        f"Delete {wanted} from tenant {tenant.tenant}? "
        "Every resource group loses it, and it cannot be read back. "
        f"{some if files else 'No template in this folder names it'}; others are not known. "
        "Running pods keep going, the next pull fails. "
        "Type the name to delete it, Enter to keep it: "
    )


@bare_errors
def delete_docker_secret(tenant: Connection, name: str, *, timeout: float = TIME_LIMIT) -> SecretDeleted:
    """Delete the secret for the whole tenant, without asking. Raises DockerSecretMissing if there is none."""
    wanted = str(SecretName.parse(name))
    # Looked for before: once it is deleted, nothing may come between that and saying so.
    named_by = _files_naming(wanted)
    notes = secret_store.delete(tenant.client, wanted, Deadline(timeout))
    return SecretDeleted(wanted, tenant.where, named_by, notes)


@bare_errors
def docker_secret_quota(tenant: Connection, *, timeout: float = TIME_LIMIT) -> QuotaUsed:
    """Tell how many Docker registry secrets the tenant holds, and how many it may hold."""
    used, maximum = tenant.client.quota(Deadline(timeout))
    return QuotaUsed(used, maximum, tenant.where)


def _files_naming(name: str) -> tuple[str, ...]:
    """The templates in this folder that name the secret; none where the folder is gone."""
    try:
        return files_naming(name, Path.cwd())
    except OSError:
        return ()
