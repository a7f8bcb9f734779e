"""What a button of the form sets going: the same actions as the magic, with what was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics import actions
from aicore_magics.actions import CheckOptions
from aicore_magics.base.progress import NAME, STORE

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.base.progress import StepState, Watch
    from aicore_magics.base.result import Done
    from aicore_magics.jupyter.form.entries import Entries

    Work = Callable[[Watch], Done]

_WAITING: tuple[StepState, str] = ("waiting", "waiting")


def storing(act: Callable[..., Any], tenant: Connection, entries: Entries) -> Work:
    """Give the work that stores *entries* with *act*: to create, apply or update."""

    def store(watch: Watch) -> Done:
        logins = actions.take_logins(entries.wish, entries)
        how = CheckOptions(skip=not entries.check, watch=watch)
        done: Done = act(tenant, entries.name, logins, images=entries.images, checking=how)
        return done

    return store


def checking(tenant: Connection | None, entries: Entries) -> Work:
    """Give the work that asks the registries about *entries*, and stores nothing."""

    def check(watch: Watch) -> Done:
        logins = actions.take_logins(entries.wish, entries)
        return actions.check_image(entries.images, logins, tenant=tenant, checking=CheckOptions(watch=watch))

    return check


def steps_to_store(entries: Entries) -> dict[str, tuple[StepState, str]]:
    """Give the steps on the way to a stored secret, none begun."""
    asked = steps_to_check(entries) if entries.check else {}
    return {NAME: _WAITING, **asked, STORE: _WAITING}


def steps_to_check(entries: Entries) -> dict[str, tuple[StepState, str]]:
    """Give the steps of a check, none begun."""
    return dict.fromkeys(entries.subjects(), _WAITING)
