"""`jupyter aicore check`, `create` and what else is done with Docker registry secrets."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Literal, NoReturn

from aicore_magics import actions
from aicore_magics.base.progress import Watch, paced
from aicore_magics.base.terminal_line import TerminalLine
from aicore_magics.cli.ends import DONE, REFUSED, UNKNOWN
from aicore_magics.cli.output import tell
from aicore_magics.cli.prompts import Kept, Prompts, piped, somebody_is_there
from aicore_magics.cli.tenant import door_of, for_reading, is_named, require_tenant
from aicore_magics.errors import PromptImpossible
from aicore_magics.grammar.record_options import recording
from aicore_magics.grammar.secret_options import check_options, login_wish, only_lists
from aicore_magics.grammar.words import WrongUse
from aicore_magics.model.names import SecretName
from aicore_magics.next_steps import Option

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable

    from aicore_magics.actions import CheckOptions
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.aicore.name_list import HiddenName
    from aicore_magics.base.result import Done
    from aicore_magics.logins.wish import TakenLogins
    from aicore_magics.registry.verdict import RegistryCheck

    Change = Literal["create", "apply", "update"]
    Ended = tuple[Done | None, int]

_IMAGE = "Image to pull, such as ghcr.io/acme/churn:1.4 (optional, Enter leaves it out): "


def _store(change: Change, options: Namespace) -> Ended:
    """Create, apply or update: the tenant is named on the line before anything is asked."""
    if only_lists(options):
        _listed(options)
    if options.dry_run:
        return _rehearsed(change, options), DONE
    noted = recording(options)
    name = _name(options)
    action = {
        "create": actions.create_docker_secret,
        "apply": actions.apply_docker_secret,
        "update": actions.update_docker_secret,
    }[change]
    require_tenant(options)
    progress = TerminalLine()
    # Where nobody can be asked, what is missing is said before anything is sent.
    logins = None if somebody_is_there() else _logins(options)
    with closing(for_reading(options)) as tenant:
        logins = logins or _logins(options)
        try:
            stored = action(
                tenant,
                name,
                logins,
                images=options.image,
                checking=_checking(options, progress),
                recording=noted,
                timeout=options.timeout,
            )
        finally:
            progress.clear()
    return stored, DONE if stored.complete else UNKNOWN


def _check(options: Namespace) -> Ended:
    """Ask the registries; a tenant is named for the sandbox alone, which stays on this machine."""
    if only_lists(options):
        _listed(options)
    if not is_named(options):
        return _verdicts(options, None)
    with closing(for_reading(options)) as tenant:
        return _verdicts(options, tenant)


def _verdicts(options: Namespace, tenant: Connection | None) -> tuple[RegistryCheck, int]:
    progress = TerminalLine()
    logins = _logins(options)
    try:
        check = actions.check_image(
            options.image,
            logins,
            tenant=tenant,
            checking=_checking(options, progress),
            timeout=options.timeout,
        )
    finally:
        progress.clear()
    return check, REFUSED if check.refused else DONE if check.complete else UNKNOWN


def _list(options: Namespace) -> Ended:
    with closing(for_reading(options)) as tenant:
        return _known(
            actions.list_docker_secrets(tenant, ends_within=options.ends_within, timeout=options.timeout)
        )


def _show(options: Namespace) -> Ended:
    with closing(for_reading(options)) as tenant:
        shown = actions.show_docker_secret(tenant, options.name, wait=options.wait, timeout=options.timeout)
    return shown, DONE if shown.exists else REFUSED


def _delete(options: Namespace) -> Ended:
    if options.position and options.yes:
        raise WrongUse("--position asks first, so that it is the name you saw: leave out --yes.")
    require_tenant(options)
    if not options.yes and not somebody_is_there():
        raise PromptImpossible("there is no terminal to ask in", next=("add ", Option("yes"), "."))
    timeout = options.timeout
    with closing(for_reading(options)) as tenant:
        name: str | HiddenName = options.name
        if options.position:
            name = actions.hidden_docker_secret(tenant, options.position, timeout=timeout)
        if not options.yes:
            question = actions.deletion_question(tenant, name, timeout=timeout)
            tell(question.shown(door_of(options)))
            if Prompts().text(question.prompt, instead=Option("yes")) != question.typed:
                raise Kept(f"{name} was kept")
        deleted = actions.delete_docker_secret(tenant, name, timeout=timeout)
        return replace(deleted, asked=not options.yes), DONE


def _quota(options: Namespace) -> Ended:
    with closing(for_reading(options)) as tenant:
        return _known(actions.docker_secret_quota(tenant, timeout=options.timeout))


def _known(result: Done) -> Ended:
    return result, DONE if result.complete else UNKNOWN


def _listed(options: Namespace) -> NoReturn:
    """--docker-login without a registry takes nothing: what there is to choose from is said."""
    raise WrongUse(actions.found_docker_logins().shown(door_of(options)))


def _rehearsed(change: Change, options: Namespace) -> Done:
    """The request that would be sent, or a script that sends it; no tenant has to be named for that."""
    name = _name(options)
    with closing(for_reading(options)) as tenant:
        if options.form:
            users = actions.take_users(login_wish(options), Prompts())
            return actions.script_docker_secret(
                tenant, name, users, form=options.form, change=change, timeout=options.timeout
            )
        return actions.dry_run_docker_secret(
            tenant,
            name,
            _logins(options),
            images=options.image,
            change=change,
            pulled_by=options.pulled_by,
            timeout=options.timeout,
        )


def _name(options: Namespace) -> str:
    """The name, checked: a wrong one is refused before anything else is asked for."""
    return str(
        SecretName.typed(
            options.name or Prompts().text("Secret name: ", instead="add a name, such as team-ghcr.")
        )
    )


def _checking(options: Namespace, progress: TerminalLine) -> CheckOptions:
    how = check_options(options, attended=somebody_is_there())
    return replace(how, watch=Watch(paced(progress.show_step)))


def _logins(options: Namespace) -> TakenLogins:
    """Take the logins. Where all is asked for, an image is too, and *options* have it then."""
    if _says_nothing(options) and somebody_is_there():
        image = Prompts().text(_IMAGE, instead=Option("image", "REF"))
        options.image = [image] if image else []
    return actions.take_logins(*piped(login_wish(options)))


def _says_nothing(options: Namespace) -> bool:
    """Whether the line says nothing of the login: then what can be checked is not known either."""
    named = (options.registry, options.username, options.login, options.image, options.docker_login)
    sources = (
        *(options.password_env, options.password_file, options.password_command),
        *(options.keyring, options.from_file),
    )
    return not any((*named, *sources, getattr(options, "no_check", False)))


RUN: dict[str, Callable[[Namespace], Ended]] = {
    "check": _check,
    "create": partial(_store, "create"),
    "apply": partial(_store, "apply"),
    "update": partial(_store, "update"),
    "list": _list,
    "show": _show,
    "delete": _delete,
    "quota": _quota,
}
