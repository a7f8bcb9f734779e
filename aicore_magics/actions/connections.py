"""Connecting to a tenant: find what opens it, and get a token."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from aicore_magics.aicore.connection import Connection, sandbox_id
from aicore_magics.aicore.credential_sources import (
    find_service_key,
    read_service_key,
    service_key_in,
    service_key_of,
)
from aicore_magics.aicore.trusted_hosts import refuse_untrusted
from aicore_magics.base.aside import Aside
from aicore_magics.base.calls import bare_errors
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.model.names import ResourceGroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aicore_magics.actions.records import TenantRecord
    from aicore_magics.actions.results import Connected
    from aicore_magics.aicore.service_key import ServiceKey

    Reading = Aside[TenantRecord | None]

# Seconds that the record of this machine has once everything else is there. The sandbox answers at once.
READ_WITHIN, READ_WITHIN_HERE = 0.02, 0.2


@bare_errors
def connect(  # noqa: PLR0913 - each a way to name a tenant, or how it is reached
    *,
    profile: str = "",
    service_key: str = "",
    service_key_env: str = "",
    resource_group: str = "",
    ca_file: str = "",
    trust_hosts: Iterable[str] = (),
    timeout: float = TIME_LIMIT,
) -> Connection:
    """Connect to the tenant whose credentials are found, and get a token for it.

    They are looked for where SAP's SDK looks: AICORE_SERVICE_KEY, AICORE_* variables, the config file,
    VCAP_SERVICES. With *profile* only that config file counts, with *service_key* only that file, with
    *service_key_env* only that variable.
    *ca_file* is trusted instead of what REQUESTS_CA_BUNDLE or `requests` itself names. Credentials that lead
    to other hosts than SAP's are refused, unless *trust_hosts* names these, such as a company's proxy.
    Raises CredentialsNotFound, CredentialsIncomplete, CredentialsRefused, InvalidAddress and what a
    connection can raise.
    """
    tenant = named_tenant(
        profile=profile,
        service_key=service_key,
        service_key_env=service_key_env,
        resource_group=resource_group,
        ca_file=ca_file,
        trust_hosts=trust_hosts,
    )
    tenant.open(Deadline(timeout))
    return tenant


@bare_errors
def named_tenant(
    *,
    profile: str = "",
    service_key: str = "",
    service_key_env: str = "",
    resource_group: str = "",
    ca_file: str = "",
    trust_hosts: Iterable[str] = (),
) -> Connection:
    """Return the tenant whose credentials are found, as `connect` does, and ask it nothing yet.

    That is enough for the record of this machine, which needs its name alone.
    """
    if service_key:
        key = read_service_key(service_key)
    elif service_key_env:
        key = service_key_in(service_key_env)
    else:
        key = find_service_key(profile=profile)
    return _connection(key, resource_group, ca_file=ca_file, trust_hosts=trust_hosts)


@bare_errors
def open_connection(tenant: Connection, *, timeout: float = TIME_LIMIT) -> Reading:
    """Get a token for a tenant that was only named, and return what reads its record meanwhile.

    Raises what `connect` raises when it asks for a token. *timeout* is in seconds.
    """
    reading = _reading(tenant)
    tenant.open(Deadline(timeout))
    return reading


@bare_errors
def connect_with(
    service_key: Mapping[str, object],
    *,
    resource_group: str = "",
    ca_file: str = "",
    trust_hosts: Iterable[str] = (),
    sandbox: bool = False,
    timeout: float = TIME_LIMIT,
) -> Connection:
    """Connect with a service key at hand, such as the sandbox's own."""
    source = "the sandbox's own service key" if sandbox else "service key, given in Python"
    try:
        text = json.dumps(dict(service_key))
    except (TypeError, ValueError):
        text = "null"  # which is no service key either, and is told so
    key = service_key_of(text, source)
    tenant = _connection(key, resource_group, ca_file=ca_file, trust_hosts=trust_hosts, sandbox=sandbox)
    tenant.open(Deadline(timeout))
    return tenant


@bare_errors
def describe_connection(
    tenant: Connection, *, reading: Reading | None = None, timeout: float = TIME_LIMIT
) -> Connected:
    """Return the tenant, the source of its credentials, how many secrets it has, and which logins are due.

    *reading* is what `open_connection` gave, which has read the record since then.
    """
    # At first use: a client without results does not pay for them.
    from aicore_magics.actions.results import EXAMPLE, Connected

    deadline = Deadline(timeout)
    reading = reading or _reading(tenant)
    seconds = tenant.open(deadline)
    used, maximum = tenant.client.quota_if_told(deadline)
    example_stored = tenant.registry is not None and bool(tenant.client.seen(EXAMPLE, deadline))
    record = _read(reading, tenant)
    return Connected(
        where=tenant.where,
        api_url=tenant.client.api_url,
        credentials=tenant.source,
        resource_group=tenant.resource_group,
        token_seconds=seconds,
        used=used,
        quota=maximum,
        sandbox=tenant.sandbox,
        notes=tenant.notes,
        registry=tenant.registry,
        example_stored=example_stored,
        logins=record.logins if record else (),
        cut_off=record.cut_off if record else None,
    )


def remove_sandbox_record(client_id: str) -> None:
    """Take away the record of a sandbox that has ended, by the *client_id* in one of its service keys."""
    from aicore_magics.ledger.place import remove_sandbox_folder

    remove_sandbox_folder(sandbox_id(client_id))


def _reading(tenant: Connection) -> Reading:
    """Read beside the requests what the record has for *tenant*: nobody waits for it longer than for them."""
    return Aside(partial(_recorded, tenant), name="record")


def _recorded(tenant: Connection) -> TenantRecord:
    from aicore_magics.actions.records import recorded_of  # beside the requests as well

    return recorded_of(tenant)


def _read(reading: Reading, tenant: Connection) -> TenantRecord | None:
    """What was read; nothing where that takes long, as in a home folder on a network: `due` tells it."""
    try:
        return reading.result(READ_WITHIN_HERE if tenant.on_this_machine else READ_WITHIN)
    except TimeoutError:
        return None


def _connection(
    key: ServiceKey,
    resource_group: str,
    *,
    ca_file: str = "",
    trust_hosts: Iterable[str] = (),
    sandbox: bool = False,
) -> Connection:
    refuse_untrusted(key, trust_hosts)
    if resource_group:
        key = replace(key, resource_group=ResourceGroup.typed(resource_group))
    return Connection(key, ca_file=ca_file, sandbox=sandbox)
