"""What a user can ask for. Magic, form, command and script call these same functions.

Each gives a frozen result when it is done, and raises otherwise: a `Refused` when nothing was changed, an
`OutcomeUnknown` when that is not certain. Times are in seconds.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from aicore_magics import store
from aicore_magics.aicore.client import create_request, update_request
from aicore_magics.aicore.scripts import ScriptedRequest, curl_script, http_file, slots
from aicore_magics.connecting import connect, connect_with, describe_connection
from aicore_magics.docker_secret import DockerSecret, RegistryLogin, key_for_others
from aicore_magics.dry_run import DryRun, RequestScript
from aicore_magics.errors import bare_errors
from aicore_magics.images import ImageReference
from aicore_magics.names import Registry, SecretName
from aicore_magics.outcome import (
    QuotaUsed,
    SecretDeleted,
    SecretList,
    SecretShown,
    SecretStored,
    ServedImage,
)
from aicore_magics.pull_match import serving_keys
from aicore_magics.redact import Secret
from aicore_magics.registry import login_sources
from aicore_magics.registry.login_sources import TakenLogins
from aicore_magics.templates.pull_secret import files_naming, serving_lines, workflow_lines
from aicore_magics.timing import TIME_LIMIT, Deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aicore_magics.aicore.client import Client
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.docker_secret import AuthKey
    from aicore_magics.registry.login_sources import Ask, LoginWish


__all__ = [
    "apply_docker_secret",
    "connect",
    "connect_with",
    "create_docker_secret",
    "delete_docker_secret",
    "deletion_question",
    "describe_connection",
    "docker_secret_quota",
    "dry_run_docker_secret",
    "list_docker_secrets",
    "script_docker_secret",
    "show_docker_secret",
    "take_logins",
    "take_users",
    "update_docker_secret",
]


@bare_errors
def take_logins(wish: LoginWish, ask: Ask) -> TakenLogins:
    """Give the logins that *wish* describes; what it leaves open is asked of *ask*, the password last."""
    return login_sources.take_logins(wish, ask)


@bare_errors
def create_docker_secret(
    tenant: Connection,
    name: str,
    logins: Iterable[RegistryLogin],
    *,
    images: Iterable[str] = (),
    timeout: float = TIME_LIMIT,
) -> SecretStored:
    """Store *logins* under a new *name*, for the whole tenant. Raises DockerSecretExists if it is taken.

    *images* are references this secret is meant to pull; they are not checked by this version.
    """
    return _store(store.create, tenant, _Wanted(name, logins, images), timeout)


@bare_errors
def apply_docker_secret(
    tenant: Connection,
    name: str,
    logins: Iterable[RegistryLogin],
    *,
    images: Iterable[str] = (),
    timeout: float = TIME_LIMIT,
) -> SecretStored:
    """Store *logins* under *name*, new or not; the result's `change` tells which it was."""
    return _store(store.apply, tenant, _Wanted(name, logins, images), timeout)


@bare_errors
def update_docker_secret(
    tenant: Connection,
    name: str,
    logins: Iterable[RegistryLogin],
    *,
    images: Iterable[str] = (),
    timeout: float = TIME_LIMIT,
) -> SecretStored:
    """Replace every login in the secret *name* by *logins*. Raises DockerSecretMissing if there is none."""
    return _store(store.update, tenant, _Wanted(name, logins, images), timeout)


@bare_errors
def dry_run_docker_secret(
    tenant: Connection,
    name: str,
    logins: Iterable[RegistryLogin],
    *,
    images: Iterable[str] = (),
    change: Literal["create", "apply", "update"] = "create",
    timeout: float = TIME_LIMIT,
) -> DryRun:
    """Give the request that would be sent, its secrets masked. Nothing is changed; apply looks first."""
    wanted = _Wanted(name, logins, images)
    known = str(wanted.secret.name)
    change = _resolved(tenant, known, change, timeout)
    request = (create_request if change == "create" else update_request)(
        known, wanted.secret.dockerconfigjson()
    )
    data = {"data": {".dockerconfigjson": wanted.secret.masked()}}
    named = {"name": known} if change == "create" else {}
    return DryRun(
        name=known,
        method=request.method,
        url=tenant.client.api_url + request.path,
        content_type=request.content_type,
        body=json.dumps({**named, **data}, indent=2, ensure_ascii=False),
        where=tenant.where,
        notes=wanted.notes,
    )


@bare_errors
def script_docker_secret(
    tenant: Connection,
    name: str,
    users: Iterable[tuple[Registry | AuthKey | str, str]],
    *,
    form: Literal["curl", "http"],
    change: Literal["create", "apply", "update"] = "create",
    timeout: float = TIME_LIMIT,
) -> RequestScript:
    """Give the request as a script for curl or a request file, for *users*: pairs of registry and user.

    It reads every secret from the environment when it runs. Nothing is changed; apply looks first.
    """
    # With any password at all, registries and users pass the same checks as those of a secret.
    logins = (RegistryLogin(registry, username, Secret("filled in later")) for registry, username in users)
    secret = DockerSecret(SecretName.parse(name), tuple(logins))
    known = str(secret.name)
    request = ScriptedRequest(
        _resolved(tenant, known, change, timeout),
        known,
        slots(tuple((key_for_others(login), login.username) for login in secret.logins)),
        tenant.client.api_url,
        tenant.token_url,
        tenant.x509,
    )
    script = (curl_script if form == "curl" else http_file)(request)
    return RequestScript(known, form, script, request.variables, tenant.where)


@bare_errors
def take_users(wish: LoginWish, ask: Ask) -> tuple[tuple[Registry | AuthKey, str], ...]:
    """Give registry and user of the logins that *wish* describes, without taking any password."""
    return login_sources.take_users(wish, ask)


@bare_errors
def list_docker_secrets(tenant: Connection, *, timeout: float = TIME_LIMIT) -> SecretList:
    """List the names of all Docker registry secrets of the tenant, through all pages."""
    deadline = Deadline(timeout)
    names = tenant.client.names(deadline)
    return SecretList(names, tenant.where, tenant.client.quota_if_told(deadline)[1])


@bare_errors
def show_docker_secret(tenant: Connection, name: str, *, timeout: float = TIME_LIMIT) -> SecretShown:
    """Tell whether the secret exists, and the lines that name it in a template. No content comes back."""
    deadline = Deadline(timeout)
    wanted = SecretName.parse(name)
    if not tenant.client.exists(str(wanted), deadline):
        near = store.nearest(tenant.client, str(wanted), deadline)
        return SecretShown(str(wanted), exists=False, where=tenant.where, suggestions=near)
    return SecretShown(
        str(wanted),
        exists=True,
        where=tenant.where,
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
        raise store.missing(tenant.client, wanted, deadline)
    files = _files_naming(wanted)
    some = f"{len(files)} template{'s' if len(files) > 1 else ''} in this folder name it: {', '.join(files)}"
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
    store.delete(tenant.client, wanted, Deadline(timeout))
    return SecretDeleted(wanted, tenant.where, named_by)


@bare_errors
def docker_secret_quota(tenant: Connection, *, timeout: float = TIME_LIMIT) -> QuotaUsed:
    """Tell how many Docker registry secrets the tenant holds, and how many it may hold."""
    used, maximum = tenant.client.quota(Deadline(timeout))
    return QuotaUsed(used, maximum, tenant.where)


def _resolved(
    tenant: Connection, name: str, change: Literal["create", "apply", "update"], timeout: float
) -> Literal["create", "update"]:
    """What an apply would be now."""
    if change != "apply":
        return change
    return "update" if tenant.client.exists(name, Deadline(timeout)) else "create"


def _files_naming(name: str) -> tuple[str, ...]:
    """The templates in this folder that name the secret; none where the folder is gone."""
    try:
        return files_naming(name, Path.cwd())
    except OSError:
        return ()


class _Wanted:
    """What is to be stored, read whole before anything is sent."""

    def __init__(self, name: str, logins: Iterable[RegistryLogin], images: Iterable[str]) -> None:
        self.secret = DockerSecret(SecretName.parse(name), tuple(logins))
        self.images = tuple(ImageReference.parse(image) for image in images)
        taken = logins.notes if isinstance(logins, TakenLogins) else ()
        caution = self.secret.name.caution
        self.notes = (*taken, *((caution,) if caution else ()), *self._unserved())

    def served(self) -> tuple[ServedImage, ...]:
        """Each image with the key that the kubelet tries first."""
        keys = [login.key for login in self.secret.logins]
        return tuple(ServedImage(str(i), next(iter(serving_keys(keys, i)), "")) for i in self.images)

    def _unserved(self) -> tuple[str, ...]:
        """A sentence for each image that no login in the secret serves."""
        return tuple(
            f"No login in this secret serves {image.reference}." for image in self.served() if not image.key
        )


def _store(
    write: Callable[[Client, DockerSecret, Deadline], Literal["created", "replaced"]],
    tenant: Connection,
    wanted: _Wanted,
    timeout: float,
) -> SecretStored:
    change = write(tenant.client, wanted.secret, Deadline(timeout))
    return SecretStored(
        name=str(wanted.secret.name),
        change=change,
        where=tenant.where,
        logins=tuple(login.stored() for login in wanted.secret.logins),
        images=wanted.served(),
        notes=wanted.notes,
    )
