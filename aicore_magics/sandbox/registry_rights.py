"""Whose login a request came with, and what everybody may pull from the sandbox's registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.sandbox.oauth import basic_login

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.sandbox.exchange import Request
    from aicore_magics.sandbox.registry_images import Repository
    from aicore_magics.sandbox.registry_logins import RegistryLogins

# What every user has a right to, whether it is there or not.
OWN = "acme/"


NOBODY = ""


# No name and no password: so skopeo says that it has none, once it has seen a Basic challenge.
_EMPTY = ("basic", "Og==")


class Rights:
    """Knows the *logins*, and that the repositories beginning with `acme/` are for everybody who has one."""

    def __init__(self, logins: RegistryLogins, repositories: Iterable[Repository]) -> None:
        self._logins = logins
        self._public = frozenset(each.name for each in repositories if each.public)

    def subject(self, request: Request) -> str | None:
        """Give the user whose login came along; empty if none did, None if a wrong or ended one did."""
        scheme, encoded = authorization(request)
        if not scheme or (scheme, encoded) == _EMPTY:
            return NOBODY
        login = self._logins.find(*_basic(request))
        return login.username if login and self._logins.is_valid(login) else None

    def has_ended(self, request: Request) -> bool:
        """Whether a login came along that was good once."""
        login = self._logins.find(*_basic(request))
        return login is not None and not self._logins.is_valid(login)

    def is_expired_robot(self, request: Request) -> bool:
        """Whether the user who came along is a robot whose login has expired, whatever the password."""
        return self._logins.is_expired_robot(_basic(request)[0])

    def is_public(self, repository: str) -> bool:
        """Whether everybody may pull from *repository*."""
        return repository in self._public

    def may_pull(self, subject: str, repository: str) -> bool:
        """Whether *subject*, or nobody in particular, may pull from *repository*."""
        return self.is_public(repository) or (subject != NOBODY and repository.startswith(OWN))


def authorization(request: Request) -> tuple[str, str]:
    """Give the scheme of the header, in small letters, and what follows it; both empty without one."""
    scheme, _, rest = str(request.headers.get("Authorization", "")).strip().partition(" ")
    return scheme.lower(), rest.strip()


def _basic(request: Request) -> tuple[str, str]:
    scheme, encoded = authorization(request)
    return basic_login(encoded) if scheme == "basic" else ("", "")
