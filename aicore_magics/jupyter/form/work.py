"""What a button of the form sets going: the same actions as the magic, with what was entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics import actions
from aicore_magics.actions import CheckOptions
from aicore_magics.base.progress import NAME, STORE
from aicore_magics.http.deadline import TIME_LIMIT
from aicore_magics.registry.checks import CHECK_LIMIT

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.base.progress import StepState, Watch
    from aicore_magics.base.result import Done
    from aicore_magics.jupyter.form.entries import Entries

    Work = Callable[[Watch], Done]
    Steps = dict[str, tuple[StepState, str]]

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


def to_store(entries: Entries) -> tuple[Steps, float]:
    """Give the steps on the way to a stored secret, none begun, and the seconds that they may take."""
    asked = _asked(entries) if entries.check else {}
    return {NAME: _WAITING, **asked, STORE: _WAITING}, TIME_LIMIT


def to_check(entries: Entries) -> tuple[Steps, float]:
    """Give the steps of a check, none begun, and the seconds that they may take."""
    return _asked(entries), CHECK_LIMIT


def _asked(entries: Entries) -> Steps:
    return dict.fromkeys(entries.subjects(), _WAITING)
