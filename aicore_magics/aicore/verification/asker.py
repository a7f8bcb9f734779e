"""One request after another, within a number and a time, and what each answer is worth."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from aicore_magics.aicore.client import SECRETS, Request
from aicore_magics.aicore.verification.forms import ENVELOPE, form_of, seen_as
from aicore_magics.errors import AICoreError, Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import JSON, ResponseLost

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.base.redact import Secret
    from aicore_magics.http.messages import Response

    Exchange = Callable[[Request, Deadline], Response]

MOST_REQUESTS = 400
LONGEST_ANSWER = 20.0  # seconds for one request
MOST_LOST = 3  # requests in a row without a clear answer
MOST_WAITS = 3  # times that one request is sent again after 429
UNTOLD_WAIT = 2.0  # seconds after a 429 that names none
_UNAUTHORIZED, _FORBIDDEN, _NOT_FOUND, _TOO_MANY = 401, 403, 404, 429
_NO_NAME = (400, 422)  # what cannot be a name cannot be read by it; the list knows
_GATEWAY = (502, 503, 504)
_PAGES = 50


class NotSeen(Exception):
    """One question stays open, and *why*. *refused*: AI Core said no, so that nothing was done."""

    def __init__(self, why: str, *, refused: bool = False) -> None:
        super().__init__(why)
        self.why = why
        self.refused = refused


class Enough(Exception):
    """No more is asked, and *why*."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Asker:
    """Sends within *deadline* and `MOST_REQUESTS`, and tells clear answers of AI Core from others.

    *exchange* sends one request, once. *hidden* are the made-up login's secrets, which no answer should
    repeat. After *most_lost* requests in a row without a clear answer, no more is asked.
    """

    def __init__(
        self,
        exchange: Exchange,
        deadline: Deadline,
        *,
        hidden: tuple[Secret, ...] = (),
        most_lost: int = MOST_LOST,
    ) -> None:
        self._exchange = exchange
        self._hidden = hidden
        self._most_lost = most_lost
        self._lost = 0
        self.deadline = deadline
        self.requests = 0
        self.echoed = False
        self.answered_bodies = 0
        self.met: dict[int, Response] = {}
        self.envelopes: list[dict[str, Any]] = []

    def ask(
        self,
        method: str,
        path: str,
        *,
        body: Secret | None = None,
        kind: str = "",
        headers: tuple[tuple[str, str], ...] = (),
    ) -> Response:
        """Give AI Core's clear answer. Raises NotSeen if there is none, Enough if there is no use in more."""
        kind = kind or (JSON if body else "")
        request = Request(method, path, "verify docker secrets", body, kind, headers=headers)
        answer = self._clear(lambda deadline: self._exchange(request, deadline), again=method == "GET")
        self.answered_bodies += body is not None
        if answer.status == _UNAUTHORIZED:
            raise Enough(f"the token is not accepted ({seen_as(answer)})")
        if answer.status == _FORBIDDEN:
            self.met.setdefault(_FORBIDDEN, answer)
            raise NotSeen(f"not allowed ({seen_as(answer)})", refused=True)
        return answer

    def ask_otherwise(self, send: Callable[[Deadline], Response]) -> Response:
        """Give the clear answer to what *send* sends, even one that says no. Raises what `ask` raises."""
        return self._clear(send, again=True)

    def _clear(self, send: Callable[[Deadline], Response], *, again: bool) -> Response:
        """Send, and *again* where no answer comes back, which harms no read."""
        try:
            answer = self._answer(send)
        except NotSeen:
            if not again:
                raise
            answer = self._answer(send)
        why = _unclear(answer)
        if why:
            self._count_lost(why)
            raise NotSeen(why)
        self._lost = 0
        return answer

    def exists(self, name: str) -> bool:
        """Tell whether there is a secret *name*. Raises what `ask` raises."""
        answer = self.ask("GET", f"{SECRETS}/{name}")
        if answer.status in _NO_NAME:
            return name in self.listed()
        if not answer.ok and answer.status != _NOT_FOUND:
            raise NotSeen(f"a read returns {seen_as(answer)}")
        return answer.ok

    def delete(self, name: str) -> Response:
        """Ask to delete the secret *name*. Raises what `ask` raises."""
        return self.ask("DELETE", f"{SECRETS}/{name}")

    def page(self, query: str) -> tuple[list[str], dict[str, Any]]:
        """Give the names on one page of the list, and all that it says. Raises what `ask` raises."""
        answer = self.ask("GET", f"{SECRETS}{query}")
        data = answer.json()
        rows = data.get("resources") if isinstance(data, dict) else None
        if not answer.ok or not isinstance(rows, list):
            raise NotSeen(f"the list returns {seen_as(answer)}")
        return [str(row.get("name", "")) for row in rows if isinstance(row, dict)], data

    def listed(self) -> list[str]:
        """List the names of all pages. Raises what `ask` raises."""
        names: dict[str, None] = {}
        for _ in range(_PAGES):
            page, data = self.page(f"?$top=100&$skip={len(names)}&$count=true")
            before = len(names)
            names.update(dict.fromkeys(page))
            total = data.get("count")
            if len(names) == before or (isinstance(total, int) and len(names) >= total):
                break
        return list(names)

    def _answer(self, send: Callable[[Deadline], Response]) -> Response:
        """Send, and again after 429, as long as it asks to wait."""
        for _ in range(MOST_WAITS):
            answer = self._once(send)
            if answer.status != _TOO_MANY:
                return answer
            self.met.setdefault(_TOO_MANY, answer)
            asked = answer.retry_after()
            wait = UNTOLD_WAIT if asked is None else asked
            if wait >= self.deadline.left():
                raise Enough(f"AI Core is rate limiting for {wait:.0f} s (429), longer than the time left")
            time.sleep(wait)
        raise Enough("AI Core is rate limiting again and again (429)")

    def _once(self, send: Callable[[Deadline], Response]) -> Response:
        if not self.deadline.left():
            raise Enough(f"the time limit of {self.deadline.seconds:.0f} s is over")
        if self.requests >= MOST_REQUESTS:
            raise Enough(f"the limit of {MOST_REQUESTS} requests is reached")
        self.requests += 1
        try:
            answer = send(Deadline(LONGEST_ANSWER, within=self.deadline))
        except (Unreachable, ResponseLost):
            answer = None
        except AICoreError as error:
            raise Enough(f"the request failed ({type(error).__name__})") from None
        if answer is None:
            self._count_lost("no answer arrived")
            raise NotSeen("no answer arrived")
        self._note(answer)
        return answer

    def _note(self, answer: Response) -> None:
        self.echoed = self.echoed or any(each.reveal() in answer.text() for each in self._hidden)
        if form_of(answer) == ENVELOPE:
            self.envelopes.append(answer.json()["error"])

    def _count_lost(self, why: str) -> None:
        self._lost += 1
        if self._lost >= self._most_lost:
            raise Enough(f"{why}, {self._lost} times in a row")


def _unclear(answer: Response) -> str:
    """Why *answer* says nothing of AI Core's API; empty if it does."""
    if not form_of(answer):
        return "something other than AI Core answered"
    return f"a gateway answered ({answer.status})" if answer.status in _GATEWAY else ""
