"""What a rotation writes to: a secret each, and its tenant."""

from __future__ import annotations

from dataclasses import dataclass, replace
from threading import Thread
from time import time_ns
from typing import TYPE_CHECKING

from aicore_magics.aicore.looks import VISIBLE_WITHIN
from aicore_magics.errors import AICoreError
from aicore_magics.http.deadline import Deadline
from aicore_magics.rotation.journal import EARLIER
from aicore_magics.rotation.outcomes import SecretOutcome

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.aicore.client import Client
    from aicore_magics.aicore.name_list import NameList
    from aicore_magics.http.pacer import Pacer
    from aicore_magics.ledger.record import Record
    from aicore_magics.model.docker_secret import DockerSecret
    from aicore_magics.rotation.outcomes import SecretState
    from aicore_magics.rotation.plan import PlannedSecret

_GLANCE = 0.25  # seconds between two moments at which Ctrl-C is heard


@dataclass(frozen=True)
class Target:
    """A secret that is to hold the logins in *secret*, all of them, at the tenant that *client* speaks to.

    *record* is what the journal says once it does. With *same*, it holds them by the record of this machine;
    with *before*, this run has written it. *left* says why nothing is sent to it. *doubt* is the record of an
    earlier write that may have been made. *tested* counts the images that were tested with them.
    """

    planned: PlannedSecret
    client: Client
    secret: DockerSecret
    record: Record
    same: bool = False
    before: bool = False
    left: str = ""
    doubt: Record | None = None
    tested: int = 0

    def outcome(self, state: SecretState, **more: object) -> SecretOutcome:
        """Return the outcome of this secret in that *state*: unknown as long as *doubt* may be so.

        What comes of this write, or does not, says nothing of an earlier one.
        """
        told = SecretOutcome(self.planned, state, tested=self.tested, **more)  # type: ignore[arg-type]
        if self.doubt and state in ("refused", "not begun"):
            why = f"{EARLIER}{told.why and f'; {told.why}'}"
            return replace(told, state="unknown", why=why)
        return told

    def at_first(self) -> SecretOutcome:
        """Return its outcome before anything is asked."""
        if self.before:
            return self.outcome("replaced", unseen="not looked")
        return self.outcome("the same" if self.same else "waiting")

    def seconds_in_doubt(self) -> float:
        """Return for how long an earlier write with other logins can still come, and undo this one."""
        if self.doubt is None or _marks(self.doubt) == _marks(self.record) != ():
            return 0.0
        since = (time_ns() - self.doubt.time) / 1e9
        return max(0.0, VISIBLE_WITHIN - since) if since >= 0 else VISIBLE_WITHIN


def _marks(record: Record) -> tuple[tuple[str, str], ...]:
    """What tells the logins of *record* from others; nothing if it cannot tell."""
    marks = tuple(sorted((login.key, login.fingerprint) for login in record.logins))
    return marks if all(mark for _, mark in marks) else ()


@dataclass
class Tenant:
    """One tenant in a run: the *names* of its secrets, or the *fault* for which they are not known.

    *pacer* gives turns to all that ask its host. *failures* counts its writes that failed in a row.
    """

    client: Client
    pacer: Pacer
    names: NameList | None = None
    fault: AICoreError | None = None
    failures: int = 0

    def look(self, seconds: float) -> None:
        """Read the names of all its secrets, or note why they cannot be read."""
        self.names = self.fault = None
        try:
            self.names = self.client.names(Deadline(seconds))
        except AICoreError as error:
            self.fault = error

    def lacks(self, name: str) -> bool:
        """Whether it is known that the tenant has no secret *name*."""
        names = self.names
        return names is not None and names.complete and name not in names.names and not names.hidden

    def has(self, name: str) -> bool:
        """Whether the tenant was seen to have it."""
        return self.names is not None and name in self.names.names


def look_at(tenants: Iterable[Tenant], seconds: float) -> None:
    """Read the names of the secrets of all *tenants*, side by side."""
    threads = [
        Thread(target=tenant.look, args=(seconds,), name="aicore-magics-names", daemon=True)
        for tenant in tenants
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        while thread.is_alive():
            thread.join(_GLANCE)
