"""What a token is asked for: what the registry's challenge names, and of a repository no more than a pull.

Source: the distribution specification, auth/token.md and auth/scope.md. A challenge may name a repository
that the address does not, behind a proxy that rewrites names, or several scopes: all are asked for.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.wrappers import jwt_claims

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret
    from aicore_magics.registry.auth import Challenge

MOST = 8  # scopes of one challenge; two are the most that were seen
_SCOPE = re.compile(r"[\x21\x23-\x5b\x5d-\x7e]{1,512}")  # RFC 6749, 3.3
_OF_REPOSITORY = re.compile(r"(repository(?:\([a-z]+\))?):(.+):([^:]*)")
_PULL = ("pull", "*")


def scopes_for(challenge: Challenge, repository: str) -> tuple[str, ...]:
    """Return the scopes to ask for, in the challenge's order; without *repository* the challenge's alone.

    >>> from aicore_magics.registry.auth import Challenge
    >>> scopes_for(Challenge("bearer", {"scope": "repository:library/churn:pull,push aws"}), "mirror/churn")
    ('repository:library/churn:pull', 'aws')
    """
    named = [word for word in challenge.parameters.get("scope", "").split() if _SCOPE.fullmatch(word)]
    scopes = list(map(_at_most_pull, named[:MOST]))
    if repository and not repositories_in(scopes):
        scopes.append(f"repository:{repository}:pull")
    return tuple(dict.fromkeys(scopes))


def token_query(challenge: Challenge, repository: str) -> dict[str, str | tuple[str, ...]]:
    """Return what the token service is asked, with each scope on its own."""
    service, scopes = challenge.parameters.get("service"), scopes_for(challenge, repository)
    return {**({"service": service} if service else {}), **({"scope": scopes} if scopes else {})}


def _at_most_pull(scope: str) -> str:
    of_repository = _OF_REPOSITORY.fullmatch(scope)
    return f"{of_repository[1]}:{of_repository[2]}:pull" if of_repository else scope


def repositories_in(scopes: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return the names of the repositories that *scopes* are about."""
    found = map(_OF_REPOSITORY.fullmatch, scopes)
    return tuple(match[2] for match in found if match)


def grants_pull(token: Secret, scopes: tuple[str, ...]) -> bool | None:
    """Return whether *token* lets a repository of *scopes* be pulled; None if that cannot be read in it.

    It can where the token is a JWT as the distribution specification has it. It is read, not verified:
    whether it does so in fact, the registry's own answer tells.
    """
    claims = jwt_claims(token.reveal())
    # An empty list, as some services write it.
    access = [] if "access" in claims and claims["access"] is None else claims.get("access")
    names = repositories_in(scopes)
    if not isinstance(access, list) or not names:
        return None
    return any(
        isinstance(one, dict)
        and one.get("name") in names
        and isinstance(one.get("actions"), list)
        and any(action in _PULL for action in one["actions"])
        for one in access
    )
