"""Storing a secret: read what is wanted, check it with the registries, and write it.

The name is looked up while the registries are asked. Nothing is sent to AI Core before they have answered.
"""

from __future__ import annotations

import json
import re
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from aicore_magics.actions.dry_run import DryRun, RequestScript
from aicore_magics.actions.recording import in_doubt
from aicore_magics.actions.secret_write import SecretWrite
from aicore_magics.actions.stored_secret import SecretStored
from aicore_magics.actions.wanted_secret import WantedSecret
from aicore_magics.aicore import secret_store
from aicore_magics.aicore.client import create_request, update_request
from aicore_magics.aicore.scripts import ScriptedRequest, curl_script, http_file, slots
from aicore_magics.base.calls import bare_errors, may_have_changed, stopped
from aicore_magics.base.progress import NAME, Watch
from aicore_magics.base.redact import Secret, hiding
from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import token_kind
from aicore_magics.errors import InvalidLogin, InvalidRegistry
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin, key_for_others
from aicore_magics.model.names import Registry, SecretName, refuse_token
from aicore_magics.model.pullers import require_kind
from aicore_magics.registry.checks import Checks, checks_stopped, refusal
from aicore_magics.registry.common_passwords import common_passwords
from aicore_magics.registry.lifetimes import beside_ends

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.actions.recording import Recording
    from aicore_magics.aicore.client import Client
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.ledger.record import Op
    from aicore_magics.model.docker_secret import AuthKey
    from aicore_magics.model.pullers import PulledBy

    Wish = Literal["create", "apply", "update"]


@dataclass(frozen=True)
class CheckOptions:
    """Whether and how the registries are asked before a write; `CheckOptions(skip=True)` asks none.

    *realms* are hosts that a login may be sent to for a token, beside its registry's own. *ca_file* is
    trusted in place of what the connection to AI Core trusts. *pulled_by*, `workflow` or `serving`, is the
    kind of template that the images are for; without it the check tells what may fail in serving alone, too.
    With *expiry_lookup* GitHub, GitLab and Google are sent a login of theirs, and asked when it ends. *watch*
    follows it all, and may stop it.
    """

    skip: bool = False
    realms: tuple[str, ...] = ()
    ca_file: str = ""
    pulled_by: PulledBy = ""
    expiry_lookup: bool = False
    watch: Watch = field(default_factory=Watch, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Read each host. Raises InvalidRegistry for what is none, InvalidTemplate for another kind."""
        require_kind(self.pulled_by)
        object.__setattr__(self, "realms", tuple(map(_token_server, self.realms)))


def _token_server(realm: str) -> str:
    """Give the host, without its port: read as a registry is, whose refusals speak of registries."""
    host = Registry.find(bare(realm))
    if host is None:
        refuse_token(realm, InvalidRegistry)
        raise InvalidRegistry("--realm must be a host", next="write it like auth.example.com.")
    return re.sub(r":[0-9]+\Z", "", str(host))


@bare_errors
def create_docker_secret(  # noqa: PLR0913 - each a part of one write
    tenant: Connection,
    name: str,
    logins: Iterable[RegistryLogin],
    *,
    images: Iterable[str] = (),
    checking: CheckOptions | None = None,
    recording: Recording | None = None,
    timeout: float = TIME_LIMIT,
) -> SecretStored:
    """Store *logins* under a new *name*, for the whole tenant. Raises DockerSecretExists if it is taken.

    *images* are references that this secret must be able to pull. Each is checked with its registry first, or
    the logins alone where there is none: LoginRefused and ImageRefused mean that nothing was stored. What
    could not be checked is stored, and told in the result's `verdicts`. *timeout* is in seconds, for all.
    """
    write = SecretWrite.read(
        tenant, name, logins, images=images, checking=checking or CheckOptions(), recording=recording
    )
    return _store("create", write, timeout=timeout)


@bare_errors
def apply_docker_secret(  # noqa: PLR0913 - each a part of one write
    tenant: Connection,
    name: str,
    logins: Iterable[RegistryLogin],
    *,
    images: Iterable[str] = (),
    checking: CheckOptions | None = None,
    recording: Recording | None = None,
    timeout: float = TIME_LIMIT,
) -> SecretStored:
    """Create or replace the secret *name*; the result's `change` says which. Otherwise as create."""
    write = SecretWrite.read(
        tenant, name, logins, images=images, checking=checking or CheckOptions(), recording=recording
    )
    return _store("apply", write, timeout=timeout)


@bare_errors
def update_docker_secret(  # noqa: PLR0913 - each a part of one write
    tenant: Connection,
    name: str,
    logins: Iterable[RegistryLogin],
    *,
    images: Iterable[str] = (),
    checking: CheckOptions | None = None,
    recording: Recording | None = None,
    timeout: float = TIME_LIMIT,
) -> SecretStored:
    """Replace every login in the secret *name* by *logins*. Raises DockerSecretMissing if there is none.

    Else as create.
    """
    write = SecretWrite.read(
        tenant, name, logins, images=images, checking=checking or CheckOptions(), recording=recording
    )
    return _store("update", write, timeout=timeout)


@bare_errors
def dry_run_docker_secret(  # noqa: PLR0913 - what a create takes, and what it would be
    tenant: Connection,
    name: str,
    logins: Iterable[RegistryLogin],
    *,
    images: Iterable[str] = (),
    change: Wish = "create",
    pulled_by: PulledBy = "",
    timeout: float = TIME_LIMIT,
) -> DryRun:
    """Give the request that would be sent, its secrets masked. Nothing is changed; apply looks first.

    *pulled_by* is as in `CheckOptions`; no registry is asked.
    """
    require_kind(pulled_by)
    wanted = WantedSecret.read(name, logins, images)
    known = str(wanted.secret.name)
    change = _resolved(change, tenant.client, known, Deadline(timeout))
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
        notes=(*wanted.notes, *(each.sentences for each in wanted.serving_cautions(pulled_by))),
    )


@bare_errors
def script_docker_secret(
    tenant: Connection,
    name: str,
    users: Iterable[tuple[Registry | AuthKey | str, str]],
    *,
    form: Literal["curl", "http"],
    change: Wish = "create",
    timeout: float = TIME_LIMIT,
) -> RequestScript:
    """Give the request as a script for curl or a request file, for *users*: pairs of registry and user.

    It reads every secret from the environment when it runs. Nothing is changed; apply looks first.
    """
    # With any password at all, registries and users pass the same checks as those of a secret.
    logins = (RegistryLogin(registry, username, Secret("filled in later")) for registry, username in users)
    secret = DockerSecret(SecretName.typed(name), tuple(logins))
    if any(token_kind(login.username) for login in secret.logins):
        raise InvalidLogin(
            "a user name looks like a token, and it would be in the script",
            next="use the account name, such as anna. Give the token as the password.",
        )
    known = str(secret.name)
    request = ScriptedRequest(
        _resolved(change, tenant.client, known, Deadline(timeout)),
        known,
        slots(tuple((key_for_others(login), login.username) for login in secret.logins)),
        tenant.client.api_url,
        tenant.token_url,
        tenant.x509,
    )
    script = (curl_script if form == "curl" else http_file)(request)
    return RequestScript(known, form, script, request.variables, tenant.where)


def _store(wish: Wish, write: SecretWrite, *, timeout: float) -> SecretStored:
    """Store it, with no password in anything that AI Core answers meanwhile."""
    with hiding(*(login.password for login in write.wanted.secret.logins)):
        return _checked_and_written(wish, write, timeout=timeout)


def _checked_and_written(wish: Wish, write: SecretWrite, *, timeout: float) -> SecretStored:
    """Look up the name while the registries are asked, write unless one says no, and look again."""
    tenant, wanted, checking = write.tenant, write.wanted, write.checking
    client, watch = tenant.client, checking.watch
    secret, name = wanted.secret, str(wanted.secret.name)
    plan = write.check_plan(timeout)
    try:
        watch.tell(NAME, "running", "asking")
        with nullcontext() if checking.skip else Checks(plan) as checks:
            deadline = Deadline(timeout)
            secret_store.wait_for_earlier(client, name, deadline)
            if wish == "create":
                secret_store.demand_free(client, name, deadline)
            change = _resolved(wish, client, name, deadline)
            watch.tell(NAME, "done", "looked up")
            verdicts = checks.verdicts() if checks else ()
            refused = refusal(verdicts)
            if refused:
                raise refused
            cautions = checks.cautions(verdicts) if checks else ()
            serving = checks.serving(verdicts) if checks else wanted.serving_cautions(checking.pulled_by)
            found = checks.expiries() if checks else write.readable()
            ends = write.ends(found)
        watch.about_to_send()
        seen: tuple[str, ...] = ()
        done: Literal["created", "replaced"] = "replaced"
        op: Op = "created" if change == "create" else "replaced"
        with in_doubt(lambda: write.record(op, "unknown", ends)):
            if change == "create":
                done, seen = secret_store.create(client, secret, deadline, or_replace=wish == "apply")
            else:
                secret_store.replace(client, secret, deadline)
            known, unrecorded = write.record(done, "done", ends, verdicts)
        return SecretStored(
            name=name,
            change=done,
            where=tenant.where,
            logins=tuple(login.stored() for login in secret.logins),
            images=wanted.served(),
            verdicts=verdicts,
            notes=(
                *beside_ends(wanted.notes, secret.logins),
                *write.unused(found),
                *cautions,
                *common_passwords(secret.logins, verdicts),
                *seen,
                *unrecorded,
            ),
            serving=serving,
            pulled_by=checking.pulled_by,
            sandbox=tenant.on_this_machine,
            ca_file=checking.ca_file,
            realms=checking.realms,
            known=known,
        )
    except KeyboardInterrupt:
        if may_have_changed():
            raise
    raise checks_stopped() if not checking.skip and plan.asks() else stopped()


def _resolved(wish: Wish, client: Client, name: str, deadline: Deadline) -> Literal["create", "update"]:
    """What is to be sent: an apply looks which it is."""
    if wish != "apply":
        return wish
    return "update" if client.exists(name, deadline) else "create"
