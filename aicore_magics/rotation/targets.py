"""What a rotation writes to: a secret each, and its tenant."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.errors import AICoreError
from aicore_magics.http.deadline import Deadline
from aicore_magics.rotation.outcomes import SecretOutcome

if TYPE_CHECKING:
    from aicore_magics.aicore.client import Client
    from aicore_magics.aicore.name_list import NameList
    from aicore_magics.ledger.record import Record
    from aicore_magics.model.docker_secret import DockerSecret
    from aicore_magics.rotation.outcomes import SecretState
    from aicore_magics.rotation.plan import PlannedSecret


@dataclass(frozen=True)
class Target:
    """A secret that is to hold the logins in *secret*, all of them, at the tenant that *client* speaks to.

    *record* is what the journal says once it does. With *same*, it holds them by the record of this machine;
    with *before*, this run has written it. *tested* counts the images that were tested with them.
    """

    planned: PlannedSecret
    client: Client
    secret: DockerSecret
    record: Record
    same: bool = False
    before: bool = False
    tested: int = 0

    def outcome(self, state: SecretState, **more: object) -> SecretOutcome:
        """Return the outcome of this secret in that *state*."""
        return SecretOutcome(self.planned, state, tested=self.tested, **more)  # type: ignore[arg-type]


@dataclass
class Tenant:
    """One tenant in a run: the *names* of its secrets, or the *fault* for which they are not known."""

    client: Client
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
