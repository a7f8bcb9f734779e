"""The one user of the sandbox's registry, and what everybody may pull."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aicore_magics.sandbox.oauth import basic_login, same

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.sandbox.exchange import Request
    from aicore_magics.sandbox.registry_images import Repository

USER = "anna"


# What anna has a right to, whether it is there or not.
OWN = "acme/"


NOBODY = ""


# No name and no password: so skopeo says that it has none, once it has seen a Basic challenge.
_EMPTY = ("basic", "Og==")


@dataclass(frozen=True, slots=True)
class Login:
    """A user of the registry."""

    username: str
    password: str = field(repr=False)

    @classmethod
    def fresh(cls) -> Login:
        """Make a login with a password that nobody has seen."""
        return cls(USER, secrets.token_urlsafe(18))


class Rights:
    """Knows the one login there is, and that the repositories beginning with `acme/` are its own."""

    def __init__(self, login: Login, repositories: Iterable[Repository]) -> None:
        self._login = login
        self._public = frozenset(each.name for each in repositories if each.public)

    def subject(self, request: Request) -> str | None:
        """Give the user whose login came along; empty if none did, None if a wrong one did."""
        scheme, encoded = _authorization(request)
        if not scheme or (scheme, encoded) == _EMPTY:
            return NOBODY
        given = basic_login(encoded) if scheme == "basic" else ("", "")
        return self._login.username if same(given, (self._login.username, self._login.password)) else None

    def is_public(self, repository: str) -> bool:
        """Whether everybody may pull from *repository*."""
        return repository in self._public

    def may_pull(self, subject: str, repository: str) -> bool:
        """Whether *subject*, or nobody in particular, may pull from *repository*."""
        return self.is_public(repository) or (subject != NOBODY and repository.startswith(OWN))


def _authorization(request: Request) -> tuple[str, str]:
    scheme, _, rest = str(request.headers.get("Authorization", "")).strip().partition(" ")
    return scheme.lower(), rest.strip()
