"""What the sandbox holds: its secrets, its tokens, and what it was asked and shown."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, Literal, TypeAlias

from aicore_magics.sandbox.exchange import Refusal
from aicore_magics.sandbox.tokens import Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aicore_magics.sandbox.exchange import Request
    from aicore_magics.sandbox.faults import Faults

KEPT_REQUESTS = 1000
NOT_FOUND, PRECONDITION_FAILED = 404, 412
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


def kept_headers(request: Request) -> dict[str, str]:
    """Give the headers of *request* that may be kept, by their names in small letters."""
    return {name: str(request.headers[name]) for name in KEPT_HEADERS if name in request.headers}


Listener: TypeAlias = Literal["api", "cert"]


class State:
    """The ground truth: what is stored, even if the API shows something else, and what was asked.

    *secrets* holds the `.dockerconfigjson` of each name, *requests* the last thousand requests. Both may be
    read and changed from outside; what is put in by hand shows at once. *client_certificates* has for each
    listener that speaks TLS which certificate each client showed there: its serial number in hexadecimal, ""
    for none, "?" for one that the client CA has not signed.
    """

    def __init__(self, faults: Faults, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.requests: list[Asked] = []
        self.client_certificates: dict[Listener, list[str]] = {"api": [], "cert": []}
        self.tokens = Tokens(faults, clock)
        self._faults = faults
        self._clock = clock
        self._lock = threading.Lock()
        self._secrets: dict[str, str] = {}
        self._to_come: list[tuple[float, Callable[[float], None]]] = []
        self._shown_from: dict[str, float] = {}
        self._shown_until: dict[str, float] = {}

    @property
    def secrets(self) -> dict[str, str]:
        """What is stored by now."""
        with self._settled():
            return self._secrets

    def create(self, name: str, content: str) -> str:
        """Store *content* under *name* and give the message for it."""
        with self._settled():
            if self._is_taken(name):
                return self._create_again(name, content)
            if 0 < self._faults.quota <= len(self._secrets):
                raise Refusal(self._faults.quota_status, "The quota for docker registry secrets is reached")
            self._carry_out(partial(self._add, name, content))
            return "Secret has been created"

    def replace(self, name: str, content: str) -> None:
        """Store *content* in place of what *name* held."""
        with self._settled():
            if self._faults.patch_creates and name not in self._secrets:
                self._carry_out(partial(self._add, name, content))
                return
            self._demand(name)
            self._carry_out(partial(self._change, name, content))

    def delete(self, name: str) -> None:
        """Forget *name*. It may still show for a while."""
        with self._settled():
            if name not in self._secrets and self._faults.delete_missing != NOT_FOUND:
                if self._faults.delete_missing == PRECONDITION_FAILED:
                    raise Refusal(PRECONDITION_FAILED, "Secret not found")
                return
            self._demand(name)
            self._carry_out(partial(self._forget, name))

    def shows(self, name: str) -> bool:
        """Whether a reader sees *name*."""
        with self._settled():
            return self._shows(name)

    def names(self) -> list[str]:
        """The names that a reader sees, in order."""
        with self._settled():
            shown = filter(self._shows, dict.fromkeys((*self._secrets, *self._shown_until)))
            return sorted(shown) if self._faults.order == "name" else list(shown)

    def note(self, request: Request, status: int) -> None:
        """Remember that *request* came and got *status*."""
        asked = Asked(request.method, request.path, request.query, status, kept_headers(request))
        with self._lock:
            self.requests.append(asked)
            del self.requests[:-KEPT_REQUESTS]

    def note_certificate(self, listener: Listener, serial: str) -> None:
        """Remember which certificate a client showed to *listener*."""
        with self._lock:
            shown = self.client_certificates[listener]
            shown.append(serial)
            del shown[:-KEPT_REQUESTS]

    @contextmanager
    def _settled(self) -> Iterator[None]:
        """Hold the lock, with every write carried out that is due."""
        with self._lock:
            now = self._clock()
            due = sorted((each for each in self._to_come if each[0] <= now), key=itemgetter(0))
            self._to_come = [each for each in self._to_come if each[0] > now]
            for at, write in due:
                write(at)
            yield

    def _carry_out(self, write: Callable[[float], None]) -> None:
        now = self._clock()
        if self._faults.stores_later > 0:
            self._to_come.append((now + self._faults.stores_later, write))
        else:
            write(now)

    def _add(self, name: str, content: str, at: float) -> None:
        if name not in self._secrets:
            delay = float("inf") if self._faults.never_visible else self._faults.visible_after
            self._shown_from[name] = at + delay
        elif self._faults.duplicate != "overwrite":
            return
        self._secrets[name] = content

    def _change(self, name: str, content: str, _: float) -> None:
        if name in self._secrets:
            self._secrets[name] = content

    def _forget(self, name: str, at: float) -> None:
        if self._faults.visible_after > 0 and self._shows(name):
            self._shown_until[name] = at + self._faults.visible_after
        self._secrets.pop(name, None)
        self._shown_from.pop(name, None)

    def _create_again(self, name: str, content: str) -> str:
        if self._faults.duplicate == "202-exists":
            return "Secret exists"
        if self._faults.duplicate == "overwrite":
            self._carry_out(partial(self._add, name, content))
            return "Secret has been created"
        raise Refusal(int(self._faults.duplicate), "Secret already exists")

    def _demand(self, name: str) -> None:
        if name not in self._secrets:
            raise Refusal(NOT_FOUND, "Secret not found")

    def _is_taken(self, name: str) -> bool:
        return name in self._secrets or (self._faults.recreate_fails and self._lingers(name))

    def _shows(self, name: str) -> bool:
        stored = name in self._secrets and self._clock() >= self._shown_from.get(name, 0.0)
        return stored or self._lingers(name)

    def _lingers(self, name: str) -> bool:
        return self._clock() < self._shown_until.get(name, float("-inf"))
