"""Which tenant a command is for: what names it on the line, and the connection to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.cli.shell import Shell
from aicore_magics.errors import NotConnected
from aicore_magics.grammar.grammar import SEVERAL, add_timeout
from aicore_magics.next_steps import OR, Option

if TYPE_CHECKING:
    from argparse import Namespace

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.grammar.parsing import Parser


def add_tenant(parser: Parser) -> None:
    """Add what names a tenant, and how long a call may take."""
    add_credentials(parser)
    if "--ca-file" not in parser.option_names():  # else it is the registry's
        parser.add_argument(
            "--ca-file", metavar="FILE", default="", help="CA certificate of your company (PEM)"
        )
    add_timeout(parser)


def add_credentials(parser: Parser) -> None:
    """Add what names a tenant, and what allows its hosts."""
    add_names(parser)
    parser.add_argument(
        "--trust-host",
        metavar="HOST",
        help="host that is not SAP's, such as your company's reverse proxy; repeatable",
        **SEVERAL,
    )


def add_names(parser: Parser) -> None:
    """Add what names a tenant."""
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--profile", metavar="NAME", default="", help="config file of SAP's SDK, such as prod")
    where.add_argument("--service-key", metavar="FILE", default="", help="service key file, such as key.json")
    where.add_argument(
        "--service-key-env", metavar="VAR", default="", help="environment variable with the service key"
    )


def is_named(options: Namespace) -> bool:
    """Whether the line names a tenant."""
    return bool(options.profile or options.service_key or options.service_key_env)


def for_reading(options: Namespace) -> Connection:
    """Connect to the tenant that the line names, or else to the one whose credentials are found."""
    from aicore_magics.actions.connections import connect

    return connect(
        profile=options.profile,
        service_key=options.service_key,
        service_key_env=options.service_key_env,
        ca_file="" if "realm" in options else options.ca_file,
        trust_hosts=options.trust_host,
        timeout=options.timeout,
    )


def only_named(options: Namespace) -> Connection:
    """Give the tenant that the line names, and ask it nothing: the record of this machine needs its name."""
    from aicore_magics.actions.connections import named_tenant

    return named_tenant(
        profile=options.profile, service_key=options.service_key, service_key_env=options.service_key_env
    )


def require_tenant(options: Namespace) -> None:
    """Raise NotConnected if the line names no tenant: a write is for none that was only found."""
    if not is_named(options):
        profile, key, variable = (
            Option("profile", "NAME"),
            Option("service-key", "FILE"),
            Option("service-key-env", "VAR"),
        )
        raise NotConnected(
            "a write needs its tenant on the same line", next=("add ", profile, OR, key, OR, variable, ".")
        )


def door_of(options: Namespace) -> Shell:
    """Give the words of a shell, with what named the tenant on this line, and its other options."""
    given = vars(options)
    options_of = {
        "--service-key": given.get("service_key"),
        "--service-key-env": given.get("service_key_env"),
        "--profile": given.get("profile"),
        "--ca-file": None if "realm" in given else given.get("ca_file"),
        "--trust-host": given.get("trust_host"),
    }
    # A rotation takes several tenants.
    pairs = (
        (name, value)
        for name, values in options_of.items()
        for value in ([values] if isinstance(values, str) else values or ())
    )
    words = (word for pair in pairs if pair[1] for word in pair)
    return Shell(*words, line=given.get("line"))
