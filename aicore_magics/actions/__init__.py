"""What a user can ask for. Magic, form, command and script call these same functions.

Each gives a frozen result when it is done, and raises otherwise: a `Refused` when nothing was changed, an
`OutcomeUnknown` when that is not certain. Times are in seconds.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.actions.connections import connect, connect_with, describe_connection
from aicore_magics.actions.docker_secrets import (
    CheckOptions,
    apply_docker_secret,
    create_docker_secret,
    dry_run_docker_secret,
    script_docker_secret,
    update_docker_secret,
)
from aicore_magics.actions.notebooks import NotebookNames, new_notebook
from aicore_magics.actions.results import (
    DockerLogins,
    QuotaUsed,
    SecretDeleted,
    SecretList,
    SecretShown,
)
from aicore_magics.actions.templates import (
    Against,
    check_templates,
    patch_template,
    save_template,
    starter_templates,
    template_rules,
)
from aicore_magics.aicore import secret_store
from aicore_magics.errors import InvalidLogin, bare_errors
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.leaks.scan import scan_notebooks
from aicore_magics.leaks.scrub import plan_scrub, scrub_notebooks
from aicore_magics.logins import sources
from aicore_magics.logins.docker_login import docker_login_places, list_docker_logins
from aicore_magics.logins.wish import TakenLogins
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.kubelet import useless
from aicore_magics.model.names import SecretName
from aicore_magics.registry.checks import CHECK_LIMIT, CheckPlan, Checks, refusal, stopped
from aicore_magics.registry.verdict import RegistryCheck
from aicore_magics.templates.generate.generated import serving_template, workflow_template
from aicore_magics.templates.pull_secret_lines import files_naming, serving_lines, workflow_lines

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.logins.wish import Ask, LoginWish
    from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
    from aicore_magics.model.names import Registry
    from aicore_magics.registry.verdict import Verdict


__all__ = [
    "Against",
    "CheckOptions",
    "NotebookNames",
    "apply_docker_secret",
    "check_image",
    "check_templates",
    "connect",
    "connect_with",
    "create_docker_secret",
    "delete_docker_secret",
    "deletion_question",
    "describe_connection",
    "docker_secret_quota",
    "dry_run_docker_secret",
    "found_docker_logins",
    "list_docker_secrets",
    "new_notebook",
    "patch_template",
    "plan_scrub",
    "save_template",
    "scan_notebooks",
    "script_docker_secret",
    "scrub_notebooks",
    "serving_template",
    "show_docker_secret",
    "starter_templates",
    "take_logins",
    "take_users",
    "template_rules",
    "update_docker_secret",
    "workflow_template",
]


@bare_errors
def take_logins(wish: LoginWish, ask: Ask) -> TakenLogins:
    """Give the logins that *wish* describes; what it leaves open is asked of *ask*, the password last."""
    return sources.take_logins(wish, ask)


@bare_errors
def check_image(
    images: str | Iterable[str],
    logins: Iterable[RegistryLogin],
    *,
    tenant: Connection | None = None,
    checking: CheckOptions | None = None,
    strict: bool = False,
    timeout: float = CHECK_LIMIT,
) -> RegistryCheck:
    """Tell whether *logins* can pull *images*, or without images whether they are accepted. Stores nothing.

    The verdict is the result, whatever it is; with *strict* a refusal raises LoginRefused or ImageRefused. A
    *tenant* is not asked: in the sandbox it keeps the check to registries on this machine, and its CA file is
    trusted. *timeout* is in seconds, for all images, at most 30.
    """
    how, those = checking or CheckOptions(), tuple(logins)
    parsed = tuple(map(ImageReference.parse, (images,) if isinstance(images, str) else images))
    plan = CheckPlan(
        those,
        parsed,
        ca_file=how.ca_file or (tenant.ca_file if tenant else ""),
        realms=how.realms,
        only_here=tenant is not None and tenant.on_this_machine,
        seconds=timeout,
        watch=how.watch,
    )
    if not plan.subjects():
        raise InvalidLogin(
            "there is no login and no image to check. Nothing was sent.", hint="name one of them."
        )
    verdicts, cautions = _verdicts(plan)
    refused = refusal(verdicts) if strict else None
    if refused:
        raise refused
    taken = logins.notes if isinstance(logins, TakenLogins) else ()
    odd = filter(None, (useless(login.key) for login in those))
    return RegistryCheck(verdicts, (*taken, *odd, *cautions))


def _verdicts(plan: CheckPlan) -> tuple[tuple[Verdict, ...], tuple[str, ...]]:
    try:
        with Checks(plan) as checks:
            verdicts = checks.verdicts()
            return verdicts, checks.cautions(verdicts)
    except KeyboardInterrupt:
        pass
    raise stopped()


@bare_errors
def found_docker_logins() -> DockerLogins:
    """List the logins that docker and podman left on this machine, by registry and user; none is read."""
    return DockerLogins(list_docker_logins(), docker_login_places())


@bare_errors
def take_users(wish: LoginWish, ask: Ask) -> tuple[tuple[Registry | AuthKey, str], ...]:
    """Give registry and user of the logins that *wish* describes, without taking any password."""
    return sources.take_users(wish, ask)


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
        near = secret_store.nearest(tenant.client, str(wanted), deadline)
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
        raise secret_store.missing(tenant.client, wanted, deadline)
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
    secret_store.delete(tenant.client, wanted, Deadline(timeout))
    return SecretDeleted(wanted, tenant.where, named_by)


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
