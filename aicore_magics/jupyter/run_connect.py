"""What %aicore_connect does: options to values, one action, its result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from aicore_magics import actions
from aicore_magics.actions.results import NoConnection
from aicore_magics.grammar.connect_grammar import connect_parser
from aicore_magics.grammar.meant import HELP_OPTIONS
from aicore_magics.jupyter.boundary import Help

if TYPE_CHECKING:
    from argparse import Namespace

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.jupyter.session import Session

    Change = Literal["create", "apply", "update"]


def run_connect(words: list[str], session: Session) -> Any:
    """%aicore_connect."""
    if words[:1] == ["help"] or {*HELP_OPTIONS} & {*words}:
        return Help(connect_parser().format_help())
    options = connect_parser().read(words)
    if options.disconnect:
        session.disconnect()
        return NoConnection()
    if options.status:
        return NoConnection() if session.connection is None else _describe(session.connection, options)
    connection = session.use(_connection(options, session))
    session.trust_hosts = tuple(options.trust_host)
    return _describe(connection, options)


def _connection(options: Namespace, session: Session) -> Connection:
    group, timeout = options.resource_group or "", options.timeout
    if options.sandbox:
        key = session.sandbox().service_key
        connection = actions.connect_with(key, resource_group=group, sandbox=True, timeout=timeout)
        connection.registry = session.sandbox_registry()
        return connection
    return actions.connect(
        profile=options.profile or "",
        service_key=options.service_key or "",
        resource_group=group,
        ca_file=options.ca_file or "",
        trust_hosts=options.trust_host,
        timeout=timeout,
    )


def _describe(connection: Connection, options: Namespace) -> Any:
    return actions.describe_connection(connection, timeout=options.timeout)
