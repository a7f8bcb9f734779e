"""`jupyter aicore verify`: which assumptions about AI Core's docker secrets hold on a tenant."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import TYPE_CHECKING

from aicore_magics.cli.ends import DONE, FOUND, NOT_ALL_READ
from aicore_magics.cli.output import tell
from aicore_magics.cli.prompts import Kept
from aicore_magics.cli.tenant import add_credentials, door_of, for_reading
from aicore_magics.errors import PromptImpossible
from aicore_magics.grammar.words import WrongUse
from aicore_magics.next_steps import Option, do

if TYPE_CHECKING:
    from argparse import Namespace

    from aicore_magics.actions.verified import TenantVerified, ThrowawaysRemoved
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.grammar.parsing import Parser

    Ended = tuple[TenantVerified | ThrowawaysRemoved, int]

SHORTEST, LONGEST, USUAL = 10, 900, 300  # seconds that --timeout takes


def add(parser: Parser) -> None:
    """Add what it takes."""
    parser.description = (
        "Check on a tenant what we assume about AI Core's API for Docker registry\n"
        "secrets. It creates throw-away secrets with a made-up login, and always\n"
        "deletes them. No other secret is changed. The table is safe to share."
    )
    add_credentials(parser)
    parser.add_argument("--ca-file", metavar="FILE", default="", help="CA certificate of your company (PEM)")
    parser.add_argument("--yes", action="store_true", help="do not ask first; needed without a terminal")
    parser.add_argument(
        "--timeout",
        dest="limit",
        metavar="SECONDS",
        default=str(USUAL),
        help=f"limit for all questions, {SHORTEST} to {LONGEST}; default: {USUAL}; 30 s more to delete",
    )
    parser.add_argument(
        "--remove",
        nargs="*",
        metavar="SECRET",
        help="only delete these throw-away secrets; without a name: all of them",
    )


def run(options: Namespace) -> Ended:
    """Verify the tenant, or clean up there."""
    options.limit = _seconds(options.limit)
    options.timeout = min(options.limit, options.timeout)
    if not (options.yes or (sys.stdin is not None and sys.stdin.isatty())):
        raise PromptImpossible("there is no terminal to ask in", next=("add ", Option("yes"), "."))
    with closing(for_reading(options)) as tenant:
        result, status = (_verified if options.remove is None else _removed)(tenant, options)
    again = door_of(options)
    for left in result.left:
        tell(f"Left behind: {left.name}. To delete it: {again.say(do('remove-throwaway', name=left.name))}")
    return result, status


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and SHORTEST <= int(text) <= LONGEST):  # noqa: PLR2004
        raise WrongUse(f"--timeout takes whole seconds, from {SHORTEST} to {LONGEST}.")
    return int(text)


def _verified(tenant: Connection, options: Namespace) -> Ended:
    from aicore_magics.actions.verify import verification_question, verify_tenant

    if not options.yes:
        _consent(verification_question(tenant, timeout=options.limit))
    progress = sys.stderr is not None and sys.stderr.isatty()
    result = verify_tenant(tenant, timeout=options.limit, tell=tell if progress else None)
    if result.left:
        return result, NOT_ALL_READ
    if result.with_verdict("otherwise"):
        return result, FOUND
    return result, NOT_ALL_READ if result.with_verdict("not seen") else DONE


def _removed(tenant: Connection, options: Namespace) -> Ended:
    from aicore_magics.actions.verify import remove_throwaway_secrets

    if not options.yes:
        what = ", ".join(options.remove) or "all throw-away secrets of verifications"
        _consent(f"Delete {what} in tenant {tenant.tenant} at {tenant.host}?\nType yes to delete: ")
    result = remove_throwaway_secrets(tenant, options.remove)
    return result, NOT_ALL_READ if result.left else DONE


def _consent(question: str) -> None:
    """Ask on standard error, since the result goes to standard output. Raises Kept unless it is yes."""
    sys.stderr.write(question)
    sys.stderr.flush()
    try:
        answer = sys.stdin.readline()
    except KeyboardInterrupt:
        answer = ""
        tell("")
    if answer.strip().lower() not in ("y", "yes"):
        raise Kept("the tenant stays as it is")


RUN = {"verify": run}
