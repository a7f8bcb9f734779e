"""What the form looks up by itself: whether a name is free, and which logins docker left."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from aicore_magics import actions
from aicore_magics.base.spaces import bare
from aicore_magics.errors import AICoreError
from aicore_magics.model.names import SecretName

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.jupyter.form.entries import Fields
    from aicore_magics.jupyter.form.fields import Field
    from aicore_magics.jupyter.session import Session

PAUSE = 0.3  # seconds after the last key


class NameLookup:
    """Says below the name's field whether it is free, a moment after the last key.

    *on_answer* is told whether it is taken.
    """

    def __init__(self, field: Field, session: Session, on_answer: Callable[[bool], None]) -> None:
        self._field = field
        self._session = session
        self._on_answer = on_answer
        self._timer: threading.Timer | None = None

    def later(self, guarded: Callable[[Callable[[], None]], Callable[[], None]]) -> None:
        """Look once nothing more is typed, in a thread, with *guarded* around it."""
        self.cancel()
        self._timer = threading.Timer(PAUSE, guarded(self.look))
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Look no more."""
        if self._timer:
            self._timer.cancel()

    def look(self) -> None:
        """Ask the tenant, and say so, unless something else has been typed meanwhile."""
        name, tenant = bare(self._field.value), self._session.connection
        if tenant is None or not SecretName.fits(name):
            return
        known = self._read(tenant)
        there = name in self._session.known_names
        # What is not known is not said: a name that is not in an old list may be taken by now.
        if name != bare(self._field.value) or not (known or there):
            return
        self._on_answer(there)
        where = f"tenant {tenant.tenant}"
        if there:
            self._field.show_note(f"{name} exists in {where}: this would replace it.", warning=True)
        else:
            self._field.show_note(f"{name} is free in {where}.")

    def _read(self, tenant: Connection) -> bool:
        """Read which names there are, and say whether they are known to be all that can be asked for."""
        try:
            names = actions.list_docker_secrets(tenant)
        except AICoreError:
            # While somebody types is no time for an error; the button will tell.
            return False
        self._session.known_names = names.names
        return names.complete


def offer_docker_logins(entered: Fields) -> None:
    """Offer the logins that docker left on this machine, or say what is wrong with its file."""
    try:
        logins = actions.found_docker_logins().logins
    except AICoreError as error:
        entered.login.show_note(error.message, warning=True)
        return
    if logins:
        entered.offer(logins)
