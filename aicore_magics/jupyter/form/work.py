"""What a button of the form sets going: the same actions as the magic, with what was entered."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from IPython.core.getipython import get_ipython

from aicore_magics import actions
from aicore_magics.actions import CheckOptions, Recording
from aicore_magics.base.progress import NAME, STORE
from aicore_magics.http.deadline import TIME_LIMIT
from aicore_magics.jupyter.notebook_name import notebook_name
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


@dataclass(frozen=True)
class Storing:
    """Gives the work that stores, as done from *notebook*: the one that asks for the form."""

    # Asked when the form is made: later it may be another program that has run something in this kernel.
    notebook: str = field(default_factory=lambda: notebook_name(get_ipython()))

    def __call__(self, act: Callable[..., Any], tenant: Connection, entries: Entries) -> Work:
        """Give the work that stores *entries* with *act*: to create, apply or update."""
        recording = Recording(notebook=self.notebook)

        def store(watch: Watch) -> Done:
            logins = actions.take_logins(entries.wish, entries)
            how = CheckOptions(skip=not entries.check, watch=watch, expiry_lookup=entries.check)
            more = {"images": entries.images, "checking": how, "recording": recording}
            done: Done = act(tenant, entries.name, logins, **more)
            return done

        return store


def checking(tenant: Connection | None, entries: Entries) -> Work:
    """Give the work that asks the registries about *entries*, and stores nothing."""

    def check(watch: Watch) -> Done:
        logins = actions.take_logins(entries.wish, entries)
        how = CheckOptions(watch=watch, expiry_lookup=True)
        return actions.check_image(entries.images, logins, tenant=tenant, checking=how)

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
