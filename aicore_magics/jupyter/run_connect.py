"""What %aicore_connect does: options to values, one action, its result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from aicore_magics import actions
from aicore_magics.actions.results import Connected, NoConnection
from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.meant import HELP_OPTIONS
from aicore_magics.grammar.parsing import SANDBOX, sandbox_tenant
from aicore_magics.jupyter.boundary import Help

if TYPE_CHECKING:
    from argparse import Namespace

    from aicore_magics.actions.connections import Reading
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.jupyter.session import Session


def run_connect(words: list[str], session: Session) -> Any:
    """%aicore_connect."""
    if words[:1] == ["help"] or {*HELP_OPTIONS} & {*words}:
        return Help(connect_parser().format_help())
    options = connect_parser().read(words)
    if options.disconnect:
        session.disconnect()
        return NoConnection()
    if options.status:
        return NoConnection() if session.connection is None else _describe(session, options)
    connection, reading = _connection(options, session)
    session.use(connection)
    session.trust_hosts = tuple(options.trust_host)
    return _describe(session, options, reading)


def _connection(options: Namespace, session: Session) -> tuple[Connection, Reading | None]:
    """Connect, and read meanwhile which logins are due; in the sandbox that takes no time."""
    group, timeout = options.resource_group or "", options.timeout
    name = options.sandbox if options.sandbox is not None else sandbox_tenant(options.profile or "")
    if options.sandbox is not None or name:
        return session.sandbox_tenants.connect(name, resource_group=group, timeout=timeout), None
    tenant = actions.named_tenant(
        profile=options.profile or "",
        service_key=options.service_key or "",
        resource_group=group,
        ca_file=options.ca_file or "",
        trust_hosts=options.trust_host,
    )
    return tenant, actions.open_connection(tenant, timeout=timeout)


def _describe(session: Session, options: Namespace, reading: Reading | None = None) -> Connected:
    connection = session.for_writing()
    connected = actions.describe_connection(connection, reading=reading, timeout=options.timeout)
    tenants = (f"{SANDBOX}{name}" for name in session.sandbox_tenants.names if connection.sandbox)
    return replace(connected, others=tuple(each for each in tenants if each != connection.tenant))
