"""What the sandbox holds: its secrets, its tokens, and what it was asked."""

from __future__ import annotations

import base64
import json
import secrets
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.sandbox.exchange import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aicore_magics.sandbox.exchange import Request
    from aicore_magics.sandbox.faults import Faults

KEPT_REQUESTS = 1000
KEPT_TOKENS = 10_000
# No Authorization among them, and no body anywhere: what is kept here may be printed.
KEPT_HEADERS = (
    "accept",
    "ai-client-type",
    "ai-resource-group",
    "ai-tenant-scope",
    "connection",
    "content-type",
    "user-agent",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in. *status* is 0 if it got no answer."""

    method: str
    path: str
    query: str
    status: int
    headers: Mapping[str, str]


class State:
    """The ground truth: what is stored, whatever the API shows, and what was asked.

    *secrets* holds the `.dockerconfigjson` of each name, *requests* the last thousand requests. Both may be
    read and changed from outside; what is put in by hand shows at once.
    """

    def __init__(self, faults: Faults, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.secrets: dict[str, str] = {}
        self.requests: list[Asked] = []
        self._faults = faults
        self._clock = clock
        self._lock = threading.Lock()
        self._shown_from: dict[str, float] = {}
        self._shown_until: dict[str, float] = {}
        self._tokens: dict[str, float] = {}

    def create(self, name: str, content: str) -> str:
        """Store *content* under *name* and give the message for it."""
        with self._lock:
            if self._is_taken(name):
                return self._create_again(name, content)
            if 0 < self._faults.quota <= len(self.secrets):
                raise Refusal(self._faults.quota_status, "The quota for docker registry secrets is reached")
            delay = float("inf") if self._faults.never_visible else self._faults.visible_after
            self._shown_from[name] = self._clock() + delay
            self.secrets[name] = content
            return "Secret has been created"

    def replace(self, name: str, content: str) -> None:
        """Store *content* in place of what *name* held."""
        with self._lock:
            self._demand(name)
            self.secrets[name] = content

    def delete(self, name: str) -> None:
        """Forget *name*. It may still show for a while."""
        with self._lock:
            self._demand(name)
            if self._faults.visible_after > 0 and self._shows(name):
                self._shown_until[name] = self._clock() + self._faults.visible_after
            del self.secrets[name]
            self._shown_from.pop(name, None)

    def shows(self, name: str) -> bool:
        """Whether a reader sees *name*."""
        with self._lock:
            return self._shows(name)

    def names(self) -> list[str]:
        """The names that a reader sees, in order."""
        with self._lock:
            return sorted(filter(self._shows, {*self.secrets, *self._shown_until}))

    def note(self, request: Request, status: int) -> None:
        """Remember that *request* came and got *status*."""
        headers = {name: str(request.headers[name]) for name in KEPT_HEADERS if name in request.headers}
        asked = Asked(request.method, request.path, request.query, status, headers)
        with self._lock:
            self.requests.append(asked)
            del self.requests[:-KEPT_REQUESTS]

    def grant_token(self, *, issuer: str, jti: str) -> str:
        """Give a fresh token that the API takes until it has expired."""
        token = _token(issuer=issuer, jti=jti, life=self._faults.expires_in)
        with self._lock:
            self._tokens[token] = self._clock() + self._faults.expires_in
            if len(self._tokens) > KEPT_TOKENS:
                del self._tokens[next(iter(self._tokens))]
        return token

    def revoke_tokens(self) -> None:
        """Let every token given so far be expired."""
        with self._lock:
            self._tokens = dict.fromkeys(self._tokens, float("-inf"))

    def token_problem(self, token: str) -> str:
        """Say in the gateway's words why *token* is not taken; empty if it is."""
        with self._lock:
            until = self._tokens.get(token)
        if until is None:
            return "Jwt issuer is not configured"
        return "" if self._clock() < until else "Jwt is expired"

    def _create_again(self, name: str, content: str) -> str:
        if self._faults.duplicate == "202-exists":
            return "Secret exists"
        if self._faults.duplicate == "overwrite":
            self.secrets[name] = content
            return "Secret has been created"
        raise Refusal(int(self._faults.duplicate), "Secret already exists")

    def _demand(self, name: str) -> None:
        if name not in self.secrets:
            raise Refusal(404, "Secret not found")

    def _is_taken(self, name: str) -> bool:
        return name in self.secrets or (self._faults.recreate_fails and self._lingers(name))

    def _shows(self, name: str) -> bool:
        stored = name in self.secrets and self._clock() >= self._shown_from.get(name, 0.0)
        return stored or self._lingers(name)

    def _lingers(self, name: str) -> bool:
        return self._clock() < self._shown_until.get(name, float("-inf"))


def _token(*, issuer: str, jti: str, life: int) -> str:
    """Make a text that looks like a JWT to clients and to leak scanners, and is signed by nobody."""
    now = int(time.time())
    header = {"alg": "RS256", "typ": "JWT", "kid": "sandbox"}
    claims = {"iss": f"{issuer}/oauth/token", "jti": jti, "iat": now, "exp": now + life}
    texts = [json.dumps(each, separators=(",", ":")).encode() for each in (header, claims)]
    parts = [*texts, secrets.token_bytes(64)]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)
