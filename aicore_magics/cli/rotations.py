"""`jupyter aicore rotate PLAN.json`: what runs a plan without a notebook."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics import actions
from aicore_magics.base.files import is_there
from aicore_magics.cli.ends import DONE, REFUSED, UNKNOWN
from aicore_magics.cli.output import tell
from aicore_magics.cli.prompts import piped, somebody_is_there
from aicore_magics.cli.rotation_lines import shown_lines
from aicore_magics.cli.tenant import door_of
from aicore_magics.errors import NotConnected, RotationIncomplete
from aicore_magics.grammar.grammar import SEVERAL, add_timeout
from aicore_magics.grammar.rotate_grammar import add_new_login
from aicore_magics.grammar.rotate_options import asking_for, read_plan, rotation_options, rotation_wish
from aicore_magics.grammar.words import WrongUse
from aicore_magics.next_steps import OR, Option

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Sequence

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.base.result import Done
    from aicore_magics.grammar.parsing import Parser
    from aicore_magics.rotation.outcomes import Outcomes
    from aicore_magics.rotation.plan import Plan

    Ended = tuple[Done, int]

_IN_NOTEBOOK = "is in a notebook: %aicore_rotate {word}. Here jupyter aicore rotate PLAN.json runs a plan"
# What to say of a subcommand of the magic that stands where the plan stands here.
_MEANT = {
    "run": "leave out run: jupyter aicore rotate PLAN.json runs a plan",
    "resume": "leave out resume: jupyter aicore rotate PLAN.json with the same plan goes on",
    "due": "did you mean jupyter aicore due?",
}


def refuse_words_of_the_magic(words: Sequence[str]) -> None:
    """Raise WrongUse for *words* that begin as behind %aicore_rotate; a file of that name is a plan."""
    from aicore_magics.grammar.rotate_grammar import ROTATE

    word = words[0] if words else ""
    alone = len(words) == 1 or words[1].startswith("-")
    if word in ROTATE.subcommands and not (alone and is_there(Path(word))):
        meant = _MEANT.get(word, f"{word} {_IN_NOTEBOOK.format(word=word)}")
        raise WrongUse(f"{meant}{'' if meant.endswith('?') else '.'}")


def add(parser: Parser) -> None:
    """Add what `rotate` takes: a plan, the new login, and what opens each tenant of the plan."""
    parser.add_argument("plan", metavar="FILE", help="plan, as %%aicore_rotate plan --out writes it")
    parser.add_argument(
        "--if-due", action="store_true", help="do nothing if the record of this machine says it is not due"
    )
    add_new_login(parser)
    tenants = parser.add_argument_group(
        "tenants (several for a plan of several; default: profiles of the plan)"
    )
    tenants.add_argument("--profile", metavar="NAME", help="config file of SAP's SDK; repeatable", **SEVERAL)
    tenants.add_argument("--service-key", metavar="FILE", help="service key file; repeatable", **SEVERAL)
    tenants.add_argument(
        "--service-key-env", metavar="VAR", help="variable with a service key; repeatable", **SEVERAL
    )
    tenants.add_argument(
        "--trust-host",
        metavar="HOST",
        help="host that is not SAP's, such as your company's reverse proxy; repeatable",
        **SEVERAL,
    )
    add_timeout(parser)


def _rotate(options: Namespace) -> Ended:
    """Run the plan. What each tenant is, is known before anything is asked."""
    plan = read_plan(options.plan)
    with ExitStack() as stack:
        tenants = [stack.enter_context(closing(tenant)) for tenant in _tenants(options, plan)]
        if options.if_due and not actions.is_rotation_due(plan, tenants):
            tell("No login of the plan is due: nothing was done.")
            return actions.planned_rotation(plan), DONE
        wish = rotation_wish(options, plan.registry, plan.username, asking_for(plan))
        logins = actions.take_logins(*piped(wish))
        with shown_lines() as show:
            how = rotation_options(options, show, attended=somebody_is_there())
            try:
                return actions.rotate(plan, tenants, logins, how), DONE
            except RotationIncomplete as error:
                incomplete = error
    incomplete.door = door_of(options)
    tell(f"{incomplete}")
    return incomplete.result, _status(incomplete.result.outcomes)


def _status(outcomes: Outcomes) -> int:
    """Refused where AI Core has refused it, and nothing was changed; else not all is done, or known."""
    changed = outcomes.count("replaced", "unknown")
    return REFUSED if outcomes.count("refused") and not changed else UNKNOWN


def _tenants(options: Namespace, plan: Plan) -> list[Connection]:
    """The tenants that the line names, or else those of the profiles in the plan; nothing is asked yet."""
    from aicore_magics.actions.connections import named_tenant

    named = [{"service_key": each} for each in options.service_key]
    named += [{"service_key_env": each} for each in options.service_key_env]
    named += [{"profile": each} for each in options.profile]
    named = named or [{"profile": each} for each in plan.profiles]
    if not named:
        raise _unnamed("a write needs its tenants on the same line")
    tenants = [named_tenant(**each, trust_hosts=options.trust_host) for each in named]
    there = {(tenant.tenant, tenant.host) for tenant in tenants}
    for tenant, host in plan.tenants:
        if (tenant, host) not in there:
            raise _unnamed(f"the plan has secrets of tenant {tenant} at {host}, which the line does not name")
    return tenants


def _unnamed(what: str) -> NotConnected:
    profile, variable = Option("profile", "NAME"), Option("service-key-env", "VAR")
    step = ("add ", profile, OR, Option("service-key", "FILE"), OR, variable, ".")
    return NotConnected(what, next=step)


RUN: dict[str, Callable[[Namespace], Ended]] = {"rotate": _rotate}
