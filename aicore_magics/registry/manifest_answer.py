"""What came of asking a registry for a manifest, and how it was come by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from aicore_magics.http.messages import Authorization, Response

# With the login, which no other could replace; with any; after the registry has sent the login on to a host
# that gives it to anybody. Or with none: where it was tried as well, where any would be accepted, or neither.
Entered = Literal["ok", "any login", "elsewhere", "public", "public, any login", "public, not tried"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A manifest to be had: its path, its repository, and what nobody got in its place."""

    path: str
    repository: str
    first: Response


@dataclass(frozen=True, slots=True)
class ManifestAnswer:
    """What the registry answered about a manifest at *path*, what it was asked with, and how that came in."""

    answer: Response
    auth: Authorization
    entered: Entered
    path: str

    @property
    def for_login(self) -> bool:
        """Whether the login got it, and not just anybody."""
        return not self.entered.startswith("public")
