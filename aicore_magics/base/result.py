"""What every finished call gives back, and the tenant that it is about."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from aicore_magics.base.report import Report


@dataclass(frozen=True)
class Where:
    """The tenant and host that a result is about."""

    tenant: str
    host: str

    def __str__(self) -> str:
        return f"Tenant {self.tenant} at {self.host}"


class Done(ABC):
    """A finished call. `report()` is what it has to say, `to_dict()` its data, ready for JSON."""

    @abstractmethod
    def report(self) -> Report:
        """What happened, in words."""

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain data, ready for `json.dumps`, without any secret."""
        data: dict[str, Any] = asdict(self)  # type: ignore[call-overload]
        return {"result": type(self).__name__, **data}

    def __repr__(self) -> str:
        return str(self.report())
