"""What the form looks up by itself: whether a name is free, what is recorded of it, and docker's logins."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from aicore_magics import actions
from aicore_magics.actions.records import stored_in
from aicore_magics.base.spaces import bare
from aicore_magics.errors import AICoreError
from aicore_magics.model.names import SecretName

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.actions.recorded import StoredHere
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.base.result import Where
    from aicore_magics.jupyter.form.entries import Fields
    from aicore_magics.jupyter.form.fields import Field
    from aicore_magics.jupyter.form.head import Head
    from aicore_magics.jupyter.session import Session

RECORD_WITHIN = 0.15  # seconds for the record of this machine, which may be long, or on a slow disk
PAUSE = 0.3  # seconds after the last key
REST = 1.0  # seconds after which nobody seems to type any more


class Later:
    """Calls *act* once, *seconds* after it was last asked to, in a thread of its own."""

    def __init__(self, act: Callable[[], None], seconds: float) -> None:
        self._act = act
        self._seconds = seconds
        self._timer: threading.Timer | None = None

    def begin(self) -> None:
        """Begin to wait, anew if it waits already."""
        self.cancel()
        self._timer = threading.Timer(self._seconds, self._act)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Wait no more."""
        if self._timer:
            self._timer.cancel()


class NameLookup:
    """Says below the name's field whether it is free. *on_answer* is told whether it is taken."""

    def __init__(self, field: Field, session: Session, head: Head, on_answer: Callable[[bool], None]) -> None:
        self._field = field
        self._session = session
        self._head = head
        self._on_answer = on_answer
        self._recorded: dict[Where, tuple[StoredHere, ...]] = {}  # when each tenant was last asked

    def look(self) -> None:
        """Ask the tenant, and say so, unless something else has been typed meanwhile."""
        name = bare(self._field.value)
        if not SecretName.fits(name):
            return
        try:
            tenant = self._head.tenant()
            known, complete = self._read(tenant) if tenant else ((), False)
        except AICoreError:
            # While somebody types is no time for an error; the button will tell.
            return
        there = name in known
        # What is not known is not said: a name that is not in an old list may be taken by now.
        if tenant is None or name != bare(self._field.value) or not (complete or there):
            return
        self._on_answer(there)
        where = f"tenant {tenant.tenant}"
        if there:
            self._field.show_note(f"{name} exists in {where}: this would replace it.", warning=True)
        else:
            self._field.show_note(f"{name} is free in {where}.")

    def recorded(self, tenant: Connection, name: str) -> StoredHere | None:
        """Return what the record of this machine has on the secret *name*, now or at the last look."""
        read: list[tuple[StoredHere, ...]] = []
        reading = threading.Thread(target=lambda: read.append(stored_in(tenant)), daemon=True)
        reading.start()
        reading.join(RECORD_WITHIN)
        known = read[0] if read else self._recorded.get(tenant.where, ())
        return next((each for each in known if each.name == name), None)

    def _read(self, tenant: Connection) -> tuple[tuple[str, ...], bool]:
        """Read which names there are, and whether they are known to be all that can be asked for."""
        seen = self._session.seen_of(tenant)
        try:
            names = actions.list_docker_secrets(tenant)
        except AICoreError:
            return seen.names, False
        seen.names, self._recorded[tenant.where] = names.names, names.known
        return names.names, names.complete


def offer_docker_logins(entered: Fields) -> None:
    """Offer the logins that docker left on this machine, or say what is wrong with its file."""
    try:
        logins = actions.found_docker_logins().logins
    except AICoreError as error:
        entered.login.show_note(error.message, warning=True)
        return
    if logins:
        entered.offer(logins)
