"""What %aicore_docker_secret does: options to values, one action, its result."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

from IPython.core.getipython import get_ipython
from IPython.display import display

from aicore_magics import actions
from aicore_magics.errors import Stopped
from aicore_magics.grammar.record_options import note_arguments, recording
from aicore_magics.grammar.secret_grammar import SECRET
from aicore_magics.grammar.secret_options import check_options, login_wish, only_lists
from aicore_magics.jupyter.boundary import Help
from aicore_magics.jupyter.front_end import answers, attended
from aicore_magics.jupyter.notebook_name import notebook_name
from aicore_magics.jupyter.prompts import Prompts
from aicore_magics.jupyter.seconds import shown_seconds
from aicore_magics.model.names import SecretName
from aicore_magics.next_steps import do
from aicore_magics.registry.checks import CHECK_LIMIT

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aicore_magics.actions import CheckOptions
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.aicore.name_list import HiddenName
    from aicore_magics.jupyter.session import Session

    Change = Literal["create", "apply", "update"]


def run_secret(words: list[str], session: Session) -> Any:
    """%aicore_docker_secret."""
    if text := SECRET.help_for(words):
        return Help(text)
    name = SECRET.name(words)
    return _RUN[name](SECRET.parser(name).read(words[1:]), session)


def _store(action: Callable[..., Any], change: Change) -> Callable[[Namespace, Session], Any]:
    def run(options: Namespace, session: Session) -> Any:
        if only_lists(options):
            return actions.found_docker_logins()
        if options.dry_run:
            return _rehearse(change, options, session)
        if change == "create" and _stands_alone(options) and answers(get_ipython()):
            return _form(options, session)
        tenant = session.for_writing(options.profile or "")
        noted = recording(options, notebook_name(get_ipython()))
        name, logins = _name(options), actions.take_logins(login_wish(options), Prompts())
        how = {"images": options.image, "checking": _checking(options), "recording": noted}
        with shown_seconds(f"{change} {name}", options.timeout):
            result = action(tenant, name, logins, **how, timeout=options.timeout)
        session.remember(result)
        return result

    return run


def _check(options: Namespace, session: Session) -> Any:
    if only_lists(options):
        return actions.found_docker_logins()
    # No tenant is asked; but where this notebook is connected to the sandbox, it stays on this machine.
    tenant = _tenant(options, session) if options.profile else session.connection
    logins = actions.take_logins(login_wish(options), Prompts())
    with shown_seconds("check", min(options.timeout, CHECK_LIMIT)):
        result = actions.check_image(
            options.image,
            logins,
            tenant=tenant,
            checking=_checking(options),
            strict=options.strict,
            timeout=options.timeout,
        )
    session.saw(result.verdicts)
    return result


def _checking(options: Namespace) -> CheckOptions:
    return check_options(options, attended=attended(get_ipython()))


def _form(options: Namespace, session: Session) -> Any:
    from aicore_magics.jupyter.form.form import DockerSecretForm

    name, profile = str(SecretName.typed(options.name)) if options.name else "", options.profile or ""
    if profile:
        # What is wrong with it is told here, and not by a form that can do nothing.
        session.for_writing(profile)
    return DockerSecretForm(session, name, profile)


def _stands_alone(options: Namespace) -> bool:
    """Whether nothing was said about the secret to create."""
    named = (options.name, options.registry, options.username, options.login, options.image)
    sources = (
        *(options.password_env, options.password_file, options.password_command),
        *(options.keyring, options.from_file),
    )
    return not any((*named, *sources, options.docker_login))


def _list(options: Namespace, session: Session) -> Any:
    result = actions.list_docker_secrets(
        _tenant(options, session), ends_within=options.ends_within, timeout=options.timeout
    )
    session.listed(result)
    return result


def _show(options: Namespace, session: Session) -> Any:
    tenant = _tenant(options, session)
    result = actions.show_docker_secret(tenant, options.name, wait=options.wait, timeout=options.timeout)
    if result.exists:
        session.saw_name(result)
    return result


def _delete(options: Namespace, session: Session) -> Any:
    tenant, timeout = session.for_writing(options.profile or ""), options.timeout
    name = _hidden(options, session, tenant) if options.position else options.name
    if not options.yes:
        question = actions.deletion_question(tenant, name, timeout=timeout)
        display(question)  # type: ignore[no-untyped-call]
        if Prompts().text(question.prompt, instead="--yes") != question.typed:
            raise Stopped(f"{name} was kept", words="Nothing was sent, nothing was changed.")
    result = actions.delete_docker_secret(tenant, name, timeout=timeout)
    session.forget(result)
    return replace(result, asked=not options.yes)


def _hidden(options: Namespace, session: Session, tenant: Connection) -> HiddenName:
    """The name at the position that was shown. Without a question, only one that a list here has shown."""
    shown = [each for each in session.seen_of(tenant).hidden if each.position == options.position]
    if shown:
        return shown[0]
    if options.yes:
        raise Stopped(
            f"no list in this kernel showed a hidden name at position {options.position}",
            next=("list the names first, and compare it: ", do("list")),
        )
    return actions.hidden_docker_secret(tenant, options.position, timeout=options.timeout)


def _quota(options: Namespace, session: Session) -> Any:
    return actions.docker_secret_quota(_tenant(options, session), timeout=options.timeout)


def _note(options: Namespace, session: Session) -> Any:
    """What the user knows of a secret; of templates, what they use."""
    if options.from_templates:
        tenant = session.named(options.profile) if options.profile else session.connection
        return actions.propose_notes(options.from_templates, tenant)
    known, notebook = note_arguments(options), notebook_name(get_ipython())
    return actions.note_docker_secret(
        _tenant(options, session), options.name, **known, notebook=notebook, timeout=options.timeout
    )


def _forget(options: Namespace, session: Session) -> Any:
    tenant = session.named(options.profile) if options.profile else session.connection
    return actions.forget_records(options.names, tenant=tenant, before=options.before)


_RUN: dict[str, Callable[[Namespace, Session], Any]] = {
    "create": _store(actions.create_docker_secret, "create"),
    "apply": _store(actions.apply_docker_secret, "apply"),
    "update": _store(actions.update_docker_secret, "update"),
    "list": _list,
    "show": _show,
    "delete": _delete,
    "quota": _quota,
    "check": _check,
    "note": _note,
    "forget": _forget,
    "form": _form,
}


def _tenant(options: Namespace, session: Session) -> Connection:
    return session.for_reading(options.profile or "")


def _rehearse(change: Change, options: Namespace, session: Session) -> Any:
    """The request that would be sent, or a script that sends it; no connection has to be asked for."""
    tenant = _tenant(options, session)
    name, timeout = _name(options), options.timeout
    if options.form:
        users = actions.take_users(login_wish(options), Prompts())
        return actions.script_docker_secret(
            tenant, name, users, form=options.form, change=change, timeout=timeout
        )
    logins = actions.take_logins(login_wish(options), Prompts())
    return actions.dry_run_docker_secret(
        tenant,
        name,
        logins,
        images=options.image,
        change=change,
        pulled_by=options.pulled_by,
        timeout=timeout,
    )


def _name(options: Namespace) -> str:
    """The name, checked: a wrong one is refused before anything else is asked for."""
    name = options.name or Prompts().text("Secret name: ", instead="give a name, such as team-ghcr.")
    return str(SecretName.typed(name))
