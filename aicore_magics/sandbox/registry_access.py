"""Who may pull what from the sandbox's registry, and how each of its two sides asks for a login."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from aicore_magics.sandbox.registry_answers import error, unauthorized
from aicore_magics.sandbox.registry_rights import NOBODY, Rights, authorization
from aicore_magics.sandbox.registry_token import PATH, SERVICE

if TYPE_CHECKING:
    from aicore_magics.sandbox.exchange import Answer, Request
    from aicore_magics.sandbox.registry_faults import RegistryFaults
    from aicore_magics.sandbox.registry_token import RegistryTokens

_ENDED_AT_AMAZON = "Your authorization token has expired. Reauthenticate and try again."


class Access(Protocol):
    """What stands at one side of the registry."""

    def refusal(self, request: Request, repository: str) -> Answer | None:
        """Give the answer to who may not pull from *repository*, or None. Empty is the registry as such."""


class BasicSide:
    """Asks for name and password each time. Every user with them reads all: this kind knows no rights."""

    def __init__(self, rights: Rights, faults: RegistryFaults) -> None:
        self._rights = rights
        self._faults = faults

    def refusal(self, request: Request, repository: str) -> Answer | None:
        """Refuse a wrong login always, and no login unless *repository* is public."""
        subject = self._rights.subject(request)
        # A wrong login is refused even where none is needed, so that whoever tries it learns of it.
        if subject or (subject == NOBODY and self._rights.is_public(repository)):
            return None
        if self._faults.ended_login == "ecr" and self._rights.has_ended(request):
            return error("DENIED", message=_ENDED_AT_AMAZON)
        return unauthorized('Basic realm="sandbox"', repository)


class BearerSide:
    """Sends everybody to the token service at *url* first, and takes what that one gave out."""

    def __init__(self, tokens: RegistryTokens, *, url: str, faults: RegistryFaults) -> None:
        self._tokens = tokens
        self._realm = url + PATH
        self._faults = faults

    def refusal(self, request: Request, repository: str) -> Answer | None:
        """Refuse whatever is no token of ours, and one that is not for *repository*."""
        scheme, token = authorization(request)
        if scheme != "bearer" or not token:
            return unauthorized(self._challenge(repository), repository)
        repositories = self._tokens.repositories(token)
        if repositories is None:
            return unauthorized(self._challenge(repository, "invalid_token"), repository)
        if repository and repository not in repositories:
            return unauthorized(self._challenge(repository, "insufficient_scope"), repository)
        return None

    def _challenge(self, repository: str, error: str = "") -> str:
        parameters = {
            "realm": self._faults.realm or self._realm,
            "service": SERVICE,
            "scope": f"repository:{repository}:pull" if repository else "",
            "error": error,
        }
        return "Bearer " + ",".join(f'{name}="{value}"' for name, value in parameters.items() if value)


def kind_of_login(request: Request) -> str:
    """Say what *request* came with, right or wrong: "basic", "bearer" or "other"; empty for nothing."""
    scheme, _ = authorization(request)
    if not scheme and "PRIVATE-TOKEN" in request.headers:
        return "other"
    return scheme if scheme in ("", "basic", "bearer") else "other"
