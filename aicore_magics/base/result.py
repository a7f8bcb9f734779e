"""What every finished call gives back, and the tenant that it is about."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.base.report import Report, as_data
from aicore_magics.next_steps import PYTHON

if TYPE_CHECKING:
    from aicore_magics.next_steps import Door


@dataclass(frozen=True)
class Where:
    """The tenant and host that a result is about."""

    tenant: str
    host: str

    def __str__(self) -> str:
        return f"Tenant {self.tenant} at {self.host}"


@dataclass(frozen=True)
class JustStarted(Where):
    """A tenant of the sandbox that did not run before this call."""

    def __str__(self) -> str:
        return f"{super().__str__()}. This call started it, so it was empty."


class Done(ABC):
    """A finished call: `report()` is what it has to say, in the words of *door*; `to_dict()` its data."""

    door = PYTHON

    @property
    def complete(self) -> bool:
        """Whether all that was asked for was done and is known: a shell ends with 0 then, else with 3."""
        return True

    @abstractmethod
    def report(self) -> Report:
        """What happened, in words."""

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain data, ready for `json.dumps`, without any secret."""
        return {"result": type(self).__name__, **as_data(self)}

    def shown(self, door: Door) -> str:
        """Give the result as text, as *door* words it."""
        return self.report().text(door)

    def __repr__(self) -> str:
        return self.shown(self.door)
