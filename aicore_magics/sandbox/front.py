"""What every request meets on its way in, and every answer on its way out: the faults that were ordered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from aicore_magics.sandbox import trouble
from aicore_magics.sandbox.exchange import Answer, Refusal, Request, envelope

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.sandbox.faults import Faults
    from aicore_magics.sandbox.state import State

TOKEN = "/oauth/token"


class Front:
    """Stands before *service*, which answers a request or raises a Refusal.

    *wait* is what slowness waits with: it gives up when the sandbox stops.
    """

    def __init__(
        self,
        service: Callable[[Request], Answer | None],
        *,
        state: State,
        faults: Faults,
        wait: Callable[[float], object],
    ) -> None:
        self._service = service
        self._state = state
        self._faults = faults
        self._wait = wait

    def answer(self, request: Request) -> Answer | None:
        """Give the answer to *request*, or None: then the connection breaks without one."""
        answer = self._met(request) if self._is_hit(request) else self._course(request)
        self._state.note(request, answer.status if answer else 0)
        return self._dressed(answer, request) if answer else None

    def refuse(self, request: Request, refusal: Refusal) -> Answer:
        """Give the answer to a *request* that is refused before its body is read."""
        answer = envelope(refusal, target=request.path, faults=self._faults)
        self._state.note(request, answer.status)
        return self._dressed(answer, request)

    def _is_hit(self, request: Request) -> bool:
        side = "token" if request.path == TOKEN else "api"
        return self._faults.hits in (side, "both")

    def _met(self, request: Request) -> Answer | None:
        if self._faults.slow > 0:
            self._wait(self._faults.slow)
        broken = trouble.interception(request, self._faults)
        if broken is not None:
            return broken
        broken = trouble.breakdown(request, self._faults)
        if broken is not None and not self._faults.apply_anyway:
            return broken
        answer = self._course(request)
        return broken or answer

    def _course(self, request: Request) -> Answer | None:
        try:
            return self._service(request)
        except Refusal as refusal:
            return envelope(refusal, target=request.path, faults=self._faults)

    def _dressed(self, answer: Answer, request: Request) -> Answer:
        answer = replace(answer, close_after=self._faults.close_after)
        if not self._is_hit(request):
            return answer
        return replace(trouble.padded(answer, self._faults.body_bytes), drip=self._faults.drip)
