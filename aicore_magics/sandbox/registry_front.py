"""What every request to the registry meets on its way in: the faults that were ordered, and a pen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from aicore_magics.sandbox.exchange import Answer
from aicore_magics.sandbox.registry_access import kind_of_login
from aicore_magics.sandbox.registry_answers import ordered, plain
from aicore_magics.sandbox.registry_issuers import ISSUERS
from aicore_magics.sandbox.registry_token import PATH
from aicore_magics.sandbox.state import KEPT_REQUESTS, Asked, kept_headers
from aicore_magics.sandbox.trouble import LOGIN_PAGE

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.sandbox.exchange import Refusal, Request
    from aicore_magics.sandbox.registry_faults import RegistryFaults

# What is no registry, and does not say that it is one.
_OTHERS = frozenset({PATH, *ISSUERS})
API_VERSION = ("Docker-Distribution-Api-Version", "registry/2.0")

Side: TypeAlias = Literal["bearer", "basic"]


@dataclass(frozen=True, slots=True)
class RegistryAsked(Asked):
    """One request to one *side* of the registry.

    *authorized* says what kind of login came with it, right or wrong: "basic", "bearer" or "other"; empty for
    none.
    """

    side: Side
    authorized: str


class RegistryFront:
    """Stands before the *service* of one side, and notes in *requests* what was asked there.

    *wait* is what slowness waits with: it gives up when the sandbox stops.
    """

    def __init__(
        self,
        service: Callable[[Request], Answer],
        *,
        side: Side,
        faults: RegistryFaults,
        requests: list[RegistryAsked],
        wait: Callable[[float], object],
    ) -> None:
        self._service = service
        self._side: Side = side
        self._faults = faults
        self._requests = requests
        self._wait = wait

    def answer(self, request: Request) -> Answer:
        """Give the answer to *request*."""
        is_hit = self._is_hit(request)
        if is_hit and self._faults.slow > 0:
            self._wait(self._faults.slow)
        answer = (self._intercepted() if is_hit else None) or self._answer(request, is_hit=is_hit)
        self._note(request, answer.status)
        return self._dressed(answer) if is_hit else answer

    def refuse(self, request: Request, refusal: Refusal) -> Answer:
        """Give the answer to a *request* that is refused before its body is read."""
        self._note(request, refusal.status)
        return plain(refusal.status, refusal.message)

    def _is_hit(self, request: Request) -> bool:
        side = "issuers" if request.path in ISSUERS else "registry"
        return self._faults.hits in ("", side)

    def _intercepted(self) -> Answer | None:
        if self._faults.redirect_to is not None:
            return Answer.text(307, "", ("Location", self._faults.redirect_to))
        if self._faults.html:
            return Answer(200, LOGIN_PAGE, "text/html; charset=utf-8")
        return None

    def _answer(self, request: Request, *, is_hit: bool) -> Answer:
        answer = (self._ordered() if is_hit else None) or self._service(request)
        is_other = request.path in _OTHERS
        return answer if is_other else replace(answer, headers=(API_VERSION, *answer.headers))

    def _dressed(self, answer: Answer) -> Answer:
        # Spaces: JSON stays what it is.
        body = answer.body.ljust(self._faults.body_bytes)
        return replace(answer, body=body, drip=self._faults.drip)

    def _ordered(self) -> Answer | None:
        status = self._faults.take_status()
        retry_after = self._faults.retry_after
        headers = () if retry_after is None else (("Retry-After", retry_after),)
        return ordered(status, *headers) if status else None

    def _note(self, request: Request, status: int) -> None:
        headers, login = kept_headers(request), kind_of_login(request)
        # Google takes a token there.
        query = "..." if request.query and request.path in ISSUERS else request.query
        asked = (request.method, request.path, query, status, headers, self._side, login)
        # No lock: each of the two steps is one, and what is taken away between them is old in any case.
        self._requests.append(RegistryAsked(*asked))
        del self._requests[:-KEPT_REQUESTS]
