"""`jupyter aicore verify`: which assumptions about AI Core's docker secrets hold on a tenant."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

from aicore_magics.cli.shell import FOUND, NOT_ALL_READ, SHELL, Shell, tell, unwritten
from aicore_magics.errors import PromptImpossible, Stopped
from aicore_magics.http.deadline import TIME_LIMIT
from aicore_magics.next_steps import Effect, Option, do

if TYPE_CHECKING:
    import argparse

    from aicore_magics.actions.verified import TenantVerified, ThrowawaysRemoved
    from aicore_magics.aicore.connection import Connection

FORMATS = ("text", "json")
SHORTEST, LONGEST, USUAL = 10, 900, 300  # seconds that --timeout takes


def add(commands: Any) -> None:
    """Add the command to *commands*, the subparsers of `jupyter aicore`."""
    verify = commands.add_parser(
        "verify",
        help="find out which assumptions about AI Core hold on a tenant",
        description="Find out which assumptions about AI Core's API for Docker registry secrets hold on a "
        "tenant. It creates throw-away secrets with a made-up login, and deletes them whatever happens; no "
        "other secret is changed. The table may be shown to anybody. The exit status is 0 if all is as "
        "assumed, 1 if something is otherwise, 2 if nothing was done, and 3 if not all was seen or something "
        "was left behind.",
        allow_abbrev=False,
    )
    where = verify.add_mutually_exclusive_group()
    where.add_argument("--service-key", metavar="FILE", default="", help="a service key, the sandbox's too")
    where.add_argument("--profile", metavar="NAME", default="", help="that config file of SAP's SDK")
    verify.add_argument("--ca-file", metavar="FILE", default="", help="your company's CA")
    verify.add_argument(
        "--trust-host",
        metavar="HOST",
        action="append",
        default=[],
        help="a host in the service key that is not SAP's, such as your company's reverse proxy; repeatable",
    )
    verify.add_argument("--yes", action="store_true", help="do not ask first; needed where nobody can answer")
    verify.add_argument("--format", choices=FORMATS, default="text", help="default: text")
    verify.add_argument(
        "--timeout",
        type=seconds,
        default=USUAL,
        metavar="SECONDS",
        help=f"for all questions, {SHORTEST} to {LONGEST}; default: {USUAL}. Deleting has 30 s more",
    )
    verify.add_argument(
        "--remove",
        nargs="*",
        metavar="SECRET",
        help="do not verify, only delete these throw-away secrets, or all that the tenant has",
    )
    verify.set_defaults(run=run)


def seconds(text: str) -> int:
    """Read a number of seconds; argparse quotes this function's name when it fails."""
    number = int(text)
    if not SHORTEST <= number <= LONGEST:
        raise ValueError(text)
    return number


def run(options: argparse.Namespace) -> int:
    """Verify the tenant, or clean up there, write the result, and return the exit status."""
    if not (options.yes or (sys.stdin is not None and sys.stdin.isatty())):
        raise PromptImpossible("nobody can be asked in this run", next=("add ", Option("yes"), "."))
    from aicore_magics.actions.connections import connect

    tenant = connect(
        profile=options.profile,
        service_key=options.service_key,
        ca_file=options.ca_file,
        trust_hosts=options.trust_host,
        timeout=min(options.timeout, TIME_LIMIT),
    )
    try:
        result, status = (_verified if options.remove is None else _removed)(tenant, options)
    finally:
        tenant.close()
    again = Shell(*_given(options))
    text = json.dumps(result.to_dict(), indent=2) if options.format == "json" else result.shown(SHELL)
    fault = unwritten(f"{text}\n")
    for left in result.left:
        tell(f"Left behind: {left.name}. To delete it: {again.say(do('remove-throwaway', name=left.name))}")
    return status or (NOT_ALL_READ if fault else 0)


def _verified(tenant: Connection, options: argparse.Namespace) -> tuple[TenantVerified, int]:
    from aicore_magics.actions.verify import verification_question, verify_tenant

    if not options.yes:
        _consent(verification_question(tenant, timeout=options.timeout))
    progress = sys.stderr is not None and sys.stderr.isatty()
    result = verify_tenant(tenant, timeout=options.timeout, tell=tell if progress else None)
    if result.left:
        return result, NOT_ALL_READ
    if result.with_verdict("otherwise"):
        return result, FOUND
    return result, NOT_ALL_READ if result.with_verdict("not seen") else 0


def _removed(tenant: Connection, options: argparse.Namespace) -> tuple[ThrowawaysRemoved, int]:
    from aicore_magics.actions.verify import remove_throwaway_secrets

    if not options.yes:
        what = ", ".join(options.remove) or "all throw-away secrets of verifications"
        _consent(f"Delete {what} in tenant {tenant.tenant} at {tenant.host}?\nType yes to delete: ")
    result = remove_throwaway_secrets(tenant, options.remove)
    return result, NOT_ALL_READ if result.left else 0


def _consent(question: str) -> None:
    """Ask on standard error, since the result goes to standard output. Raises Stopped unless it is yes."""
    sys.stderr.write(question)
    sys.stderr.flush()
    try:
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        answer = ""
        tell("")
    if answer.strip().lower() not in ("y", "yes"):
        raise Stopped("the tenant stays as it is", Effect.NOTHING_CHANGED)


def _given(options: argparse.Namespace) -> list[str]:
    """The words that led to the tenant."""
    pairs = (
        ("--service-key", options.service_key),
        ("--profile", options.profile),
        ("--ca-file", options.ca_file),
        *(("--trust-host", host) for host in options.trust_host),
    )
    return [word for name, value in pairs if value for word in (name, value)]
