"""The registry's token service: a login and a wish in, a token for what that login may do out."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import threading
import time
import uuid
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from aicore_magics.sandbox.registry_answers import document, error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aicore_magics.sandbox.exchange import Answer, Request
    from aicore_magics.sandbox.registry_faults import RegistryFaults
    from aicore_magics.sandbox.registry_rights import Rights

PATH = "/token"
SERVICE = "sandbox-registry"
LIFE = 300
KEPT_TOKENS = 1000
_NO_STORE = ("Cache-Control", "no-store")
_HEADER = {"alg": "HS256", "typ": "JWT"}


class RegistryTokens:
    """Gives the tokens of *issuer*, and reads them again. The key is made afresh at each start."""

    def __init__(
        self, issuer: str, faults: RegistryFaults, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._issuer = issuer
        self._faults = faults
        self._clock = clock
        self._key = secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._opaque: dict[str, dict[str, Any]] = {}

    def grant(
        self,
        subject: str,
        audience: str,
        repositories: Iterable[str],
        *,
        actions: tuple[str, ...] = ("pull",),
    ) -> dict[str, object]:
        """Give the content of the answer with a fresh token: *subject* may do *actions* in *repositories*.

        Whatever happens to the login of *subject*, the token lives for its own five minutes: nobody asks for
        the login again, here as with Docker's token authentication.
        """
        now = int(self._clock())
        claims = {
            "iss": self._issuer,
            "sub": subject,
            "aud": audience,
            "iat": now,
            "nbf": now,
            "exp": now + LIFE,
            "jti": str(uuid.uuid4()),
            "access": [{"type": "repository", "name": name, "actions": [*actions]} for name in repositories],
        }
        token = self._opaque_token(claims) if self._faults.opaque_tokens else self._jwt(claims)
        issued_at = datetime.fromtimestamp(now, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {"token": token, "access_token": token, "expires_in": LIFE, "issued_at": issued_at}

    def repositories(self, token: str) -> frozenset[str] | None:
        """Give what may be pulled with *token*; None if it is no token of ours, or no longer one."""
        with self._lock:
            claims = self._opaque.get(token)
        claims = claims or self._claims(token)
        if claims is None or claims["aud"] != SERVICE or not claims["nbf"] <= self._clock() < claims["exp"]:
            return None
        return frozenset(each["name"] for each in claims["access"] if "pull" in each["actions"])

    def _opaque_token(self, claims: dict[str, Any]) -> str:
        token = secrets.token_urlsafe(48)
        with self._lock:
            self._opaque[token] = claims
            if len(self._opaque) > KEPT_TOKENS:
                del self._opaque[next(iter(self._opaque))]
        return token

    def _jwt(self, claims: dict[str, Any]) -> str:
        signed = ".".join(_base64(json.dumps(each).encode()) for each in (_HEADER, claims))
        return f"{signed}.{self._signature(signed)}"

    def _claims(self, token: str) -> dict[str, Any] | None:
        signed, _, signature = token.rpartition(".")
        if not hmac.compare_digest(signature.encode("utf-8", "replace"), self._signature(signed).encode()):
            return None
        # Whatever this key has signed is a JWT of ours.
        claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(signed.partition(".")[2] + "=="))
        return claims

    def _signature(self, signed: str) -> str:
        return _base64(hmac.digest(self._key, signed.encode("utf-8", "replace"), hashlib.sha256))


class TokenService:
    """Answers at `/token`: who brings the right login, or none, gets a token for as much as is theirs."""

    def __init__(self, tokens: RegistryTokens, rights: Rights, faults: RegistryFaults) -> None:
        self._tokens = tokens
        self._rights = rights
        self._faults = faults

    def answer(self, request: Request) -> Answer:
        """Give a token to the login that came along, or without one to nobody in particular."""
        if request.method != "GET":
            return error("UNSUPPORTED", ("Allow", "GET"))
        subject = self._rights.subject(request)
        if subject is None:
            return self._refused(request)
        audience, wishes = _wishes(request)
        granted = [name for name in wishes if self._rights.may_pull(subject, name)]
        return document(self._tokens.grant(subject, audience, granted), _NO_STORE)

    def _refused(self, request: Request) -> Answer:
        """Give the answer to a login that is wrong or has ended."""
        ended = self._faults.ended_login
        if ended == "harbor" and self._rights.is_expired_robot(request):
            audience, wishes = _wishes(request)
            return document(self._tokens.grant("", audience, wishes, actions=()), _NO_STORE)
        if ended == "ghcr" and self._rights.has_ended(request):
            return error("DENIED", message="denied")
        challenge = ("WWW-Authenticate", f'Basic realm="{SERVICE}"')
        return error("UNAUTHORIZED", challenge, message="incorrect username or password")


def _wishes(request: Request) -> tuple[str, list[str]]:
    """Read for which service a token is wanted, and for which repositories."""
    query = parse_qs(request.query)
    return query.get("service", [""])[0], _repositories(" ".join(query.get("scope", [])).split())


def _repositories(scopes: Iterable[str]) -> list[str]:
    """Read `repository:NAME:pull`, and skip whatever is not that: each name once."""
    names: dict[str, None] = {}
    for scope in scopes:
        kind, _, rest = scope.partition(":")
        name, _, actions = rest.rpartition(":")
        if kind == "repository" and name and "pull" in actions.split(","):
            names[name] = None
    return list(names)


def _base64(body: bytes) -> str:
    return base64.urlsafe_b64encode(body).decode().rstrip("=")
