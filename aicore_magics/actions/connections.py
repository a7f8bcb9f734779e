"""Connecting to a tenant: find what opens it, and get a token."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from aicore_magics.aicore.connection import Connection
from aicore_magics.aicore.credential_sources import (
    find_service_key,
    read_service_key,
    service_key_in,
    service_key_of,
)
from aicore_magics.aicore.trusted_hosts import refuse_untrusted
from aicore_magics.base.calls import bare_errors
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.model.names import ResourceGroup

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aicore_magics.actions.results import Connected
    from aicore_magics.aicore.service_key import ServiceKey


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
    if service_key:
        key = read_service_key(service_key)
    elif service_key_env:
        key = service_key_in(service_key_env)
    else:
        key = find_service_key(profile=profile)
    return _opened(key, resource_group, timeout, ca_file=ca_file, trust_hosts=trust_hosts)


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
    return _opened(key, resource_group, timeout, ca_file=ca_file, trust_hosts=trust_hosts, sandbox=sandbox)


@bare_errors
def describe_connection(tenant: Connection, *, timeout: float = TIME_LIMIT) -> Connected:
    """Return the tenant, the source of its credentials, and how many secrets it has."""
    # At first use: a client without results does not pay for them.
    from aicore_magics.actions.results import EXAMPLE, Connected

    deadline = Deadline(timeout)
    seconds = tenant.open(deadline)
    used, maximum = tenant.client.quota_if_told(deadline)
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
        example_stored=tenant.registry is not None and bool(tenant.client.seen(EXAMPLE, deadline)),
    )


def _opened(
    key: ServiceKey,
    resource_group: str,
    timeout: float,
    *,
    ca_file: str = "",
    trust_hosts: Iterable[str] = (),
    sandbox: bool = False,
) -> Connection:
    refuse_untrusted(key, trust_hosts)
    if resource_group:
        key = replace(key, resource_group=ResourceGroup.typed(resource_group))
    connection = Connection(key, ca_file=ca_file, sandbox=sandbox)
    connection.open(Deadline(timeout))
    return connection
