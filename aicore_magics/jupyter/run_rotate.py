"""What %aicore_rotate does: options to values, one action, its result."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from aicore_magics import actions
from aicore_magics.errors import AICoreError, OtherLogin, RotationIncomplete, Stopped
from aicore_magics.grammar.rotate_grammar import ROTATE
from aicore_magics.grammar.rotate_options import (
    asking_for,
    names_file,
    read_plan,
    refuse_beside_a_plan,
    rotation_options,
    rotation_wish,
    template_folders,
)
from aicore_magics.jupyter.boundary import Help
from aicore_magics.jupyter.front_end import answers, attended
from aicore_magics.jupyter.notebook_name import notebook_name
from aicore_magics.jupyter.prompts import Prompts
from aicore_magics.jupyter.rotation_view import shown_rotation
from aicore_magics.logins.wish import Asking
from aicore_magics.next_steps import Option, capitalised
from aicore_magics.rotation.plan import Plan

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aicore_magics.actions import RotationOptions, RotationPlanned
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.jupyter.session import Session
    from aicore_magics.logins.wish import TakenLogins


def run_rotate(words: list[str], session: Session) -> Any:
    """%aicore_rotate."""
    if text := ROTATE.help_for(words):
        return Help(text)
    name = ROTATE.name(words)
    return _RUN[name](ROTATE.parser(name).read(words[1:]), session)


def _due(options: Namespace, session: Session) -> Any:
    """All tenants in the record of this machine, or in that of the sandbox; or the one that is named."""
    if options.profile:
        return actions.docker_secret_records(session.named(options.profile))
    records = actions.docker_secret_records(session.connection, all_tenants=True, ask=True)
    return replace(records, profiles=(*records.profiles, *session.known_profiles()))


def _plan(options: Namespace, session: Session) -> Any:
    tenants = _by_profile(options, session.for_reading)
    planned = _planned(options, tenants)
    if options.test:
        plan, shell = planned.plan, get_ipython()
        logins = actions.take_logins(
            rotation_wish(options, plan.registry, plan.username, asking_for(plan)), Prompts()
        )
        with shown_rotation() as show:
            how = rotation_options(options, show, attended=attended(shell))
            planned = actions.try_rotation(planned, tenants.values(), logins, how)
    return actions.save_rotation_plan(planned, options.out, force=options.force) if options.out else planned


def _run(options: Namespace, session: Session) -> Any:
    file = names_file(options.names)
    plan = read_plan(file) if file else None
    if plan:
        refuse_beside_a_plan(options)
        options.profile = options.profile or list(plan.profiles)
    tenants = _by_profile(options, partial(_to_write, session))
    planned = plan or _planned(options, tenants)
    act = partial(actions.rotate, planned, tenants.values())
    of = planned if isinstance(planned, Plan) else planned.plan
    return _written(options, asking_for(of), of.username, act)


def _resume(options: Namespace, session: Session) -> Any:
    return _again(options, session, actions.resume_rotation, only_open=True)


def _undo(options: Namespace, session: Session) -> Any:
    return _again(options, session, actions.undo_rotation, only_open=False)


def _again(options: Namespace, session: Session, action: Callable[..., Any], *, only_open: bool) -> Any:
    """Go on with a former run, or undo it: its tenants are those of its profiles, if none is named."""
    known = session.named(options.profile[0]) if options.profile else session.connection
    run = actions.find_rotation(known, options.run, only_open=only_open)
    if not options.profile:
        options.profile = list(run.profiles)
    tenants = _by_profile(options, partial(_to_write, session))
    user = run.username if only_open else run.former

    def act(logins: TakenLogins, how: RotationOptions) -> Any:
        return action(tenants.values(), logins, run.id, how)

    asking = Asking(run.registry, "New" if only_open and run.kind == "rotation" else "Former")
    return _written(options, asking, user, act, kind=run.kind if only_open else "undo")


def _written(
    options: Namespace, asking: Asking, username: str, act: Callable[..., Any], *, kind: str = "rotation"
) -> Any:
    """Take the login and write it; where it is not the expected one, ask first."""
    shell = get_ipython()
    logins = actions.take_logins(rotation_wish(options, asking.registry, username, asking), Prompts())
    how = partial(rotation_options, options, attended=attended(shell), notebook=notebook_name(shell))
    try:
        return _followed(partial(act, logins), how, kind)
    except OtherLogin as other:
        if not answers(shell):
            raise
        question = f"{capitalised(other.what)}. Write it into all of them? yes/no: "
    if Prompts().text(question, instead=Option("another-login")).lower() != "yes":
        raise Stopped("no login was replaced", words="Nothing was sent, nothing was changed.")
    options.another_login = True
    return _followed(partial(act, logins), how, kind)


def _followed(act: Callable[..., Any], how: Callable[..., RotationOptions], kind: str) -> Any:
    """Write the login, and show how far that is. What is not whole is shown as a card, then raised."""
    try:
        with shown_rotation(kind) as show:
            return act(how(show))
    except RotationIncomplete as incomplete:
        display(incomplete.result)  # type: ignore[no-untyped-call]
        raise


def _status(options: Namespace, session: Session) -> Any:
    if options.record:
        return actions.recorded_rotation(options.record)
    return actions.rotation_status(session.named(options.profile) if options.profile else session.connection)


def _schedule(options: Namespace, session: Session) -> Any:
    plan = read_plan(options.plan)
    tenants = [session.connection] if session.connection else []
    for profile in plan.profiles:
        with suppress(AICoreError):  # its credentials need not be on this machine
            tenants.append(session.named(profile))
    ends = {(tenant.tenant, tenant.host): tenant.key_ends for tenant in tenants if tenant.key_ends}
    return actions.schedule_rotation(
        plan, options.engine, options.out, plan_file=options.plan, every=options.every, key_ends=ends
    )


def _by_profile(options: Namespace, connect: Callable[[str], Connection]) -> dict[str, Connection]:
    """The tenants that the line names, or the connected one, by their profiles."""
    return {profile: connect(profile) for profile in options.profile or [""]}


def _to_write(session: Session, profile: str) -> Connection:
    """The tenant of a profile that was named, which need not answer: then its secrets stay as they are."""
    return session.named(profile) if profile else session.for_writing()


def _planned(options: Namespace, tenants: dict[str, Connection]) -> RotationPlanned:
    return actions.plan_rotation(
        tenants.values(),
        options.names,
        registry=options.registry,
        leave_out=options.leave_out,
        templates=template_folders(options),
        images=options.image,
        profiles={(tenant.tenant, tenant.host): profile for profile, tenant in tenants.items()},
        timeout=options.timeout,
    )


_RUN: dict[str, Callable[[Namespace, Session], Any]] = {
    "plan": _plan,
    "run": _run,
    "resume": _resume,
    "undo": _undo,
    "status": _status,
    "due": _due,
    "schedule": _schedule,
}
