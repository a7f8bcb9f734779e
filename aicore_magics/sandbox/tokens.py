"""The tokens that were given: whose life is not over yet, and what is wrong with the others."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.sandbox.faults import Faults

KEPT_TOKENS = 10_000


class Tokens:
    """Knows the last ten thousand tokens."""

    def __init__(self, faults: Faults, clock: Callable[[], float]) -> None:
        self._faults = faults
        self._clock = clock
        self._lock = threading.Lock()
        self._until: dict[str, float] = {}

    @property
    def known(self) -> tuple[str, ...]:
        """The tokens that are remembered, the oldest first."""
        with self._lock:
            return tuple(self._until)

    def grant(self, *, issuer: str, jti: str) -> str:
        """Give a fresh token that the API takes until it has expired."""
        life = self._faults.expires_in
        token = _token(issuer=issuer, jti=jti, life=life)
        with self._lock:
            self._until[token] = self._clock() + life
            if len(self._until) > KEPT_TOKENS:
                del self._until[next(iter(self._until))]
        return token

    def revoke(self) -> None:
        """Let every token given so far be expired."""
        with self._lock:
            self._until = dict.fromkeys(self._until, float("-inf"))

    def problem(self, token: str) -> str:
        """Say in the gateway's words why *token* is not taken; empty if it is."""
        with self._lock:
            until = self._until.get(token)
        if until is None:
            return "Jwt issuer is not configured"
        return "" if self._clock() < until else "Jwt is expired"


def _token(*, issuer: str, jti: str, life: int) -> str:
    """Make a text that looks like a JWT to clients and to leak scanners, and is signed by nobody."""
    now = int(time.time())
    header = {"alg": "RS256", "typ": "JWT", "kid": "sandbox"}
    claims = {"iss": f"{issuer}/oauth/token", "jti": jti, "iat": now, "exp": now + life}
    texts = [json.dumps(each, separators=(",", ":")).encode() for each in (header, claims)]
    parts = [*texts, secrets.token_bytes(64)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
