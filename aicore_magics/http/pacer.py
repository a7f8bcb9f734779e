"""One pace for all who ask one host: a 429 holds all of them back, and from then on they share a rate.

Workers that each wait on their own come back as a herd, and most of them are refused again.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from aicore_magics.errors import AICoreError, Unreachable
from aicore_magics.http.messages import ResponseLost
from aicore_magics.next_steps import AGAIN

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.http.deadline import Deadline
    from aicore_magics.http.messages import Response
    from aicore_magics.next_steps import Piece

# A 429 tells that there is a limit, and not which: it begins with a guess. From there the rate grows by a
# step a second. Each 429 costs a whole pause, so the steps become smaller with each.
FIRST_RATE, FIRST_STEP = 80.0, 10.0
SLOWER, SMALLER = 0.8, 0.2  # what another 429 leaves of the rate, and of the step
OWN_PAUSE, LONGEST_OWN_PAUSE = 1.0, 30.0  # seconds where a 429 asks for none: doubled from one to the next
_TOO_MANY = 429


class Pace:
    """How fast requests may follow each other: *rate* a second; 0 until a limit is met."""

    def __init__(self) -> None:
        self.rate = 0.0
        self._step = FIRST_STEP
        self._next = 0.0  # when another may go out
        self._slowed = 0.0  # what went out before that has a part in the last 429
        self._in_turn = 0  # 429s without another answer between them

    def wait(self, now: float) -> float:
        """Give the seconds until another request may go out. If there are none, it counts as sent."""
        wait = max(0.0, self._next - now)
        if self.rate and not wait:
            gap = 1 / self.rate
            self._next = max(self._next, now - gap) + gap
        return wait

    def answered(self, answer: Response, sent: float, now: float) -> None:
        """Learn from the *answer* to what went out at *sent*."""
        if answer.status != _TOO_MANY:
            self._in_turn = 0
            if self.rate and answer.ok:
                self.rate += self._step / self.rate
            return
        first, echo = not self.rate, sent <= self._slowed
        self._in_turn += not echo
        own = min(OWN_PAUSE * 2.0 ** (self._in_turn - 1), LONGEST_OWN_PAUSE)
        asked = answer.retry_after()
        self._next = max(self._next, now + (own if asked is None else asked))
        if not echo:
            self._slowed = now
            self._step *= 1.0 if first else SMALLER
            self.rate = FIRST_RATE if first else self.rate * SLOWER


class Pacer:
    """The turns of all threads that ask one *host*. Without a limit nobody waits."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._pace, self._lock = Pace(), threading.Lock()
        self._turn = threading.Lock()
        self._closed = threading.Event()

    @property
    def closed(self) -> bool:
        """Whether nothing more goes out."""
        return self._closed.is_set()

    def send(self, ask: Callable[[], Response], deadline: Deadline, *, again: bool) -> Response:
        """Let *ask* send when it may, also *again* after a 429, as long as there is time. Give the answer.

        Raises what *ask* raises, and Unreachable if nothing was sent: there is no turn within *deadline*.
        """
        answer = None
        while True:
            try:
                sent = self.turn(deadline)
                answer = ask()
            except ResponseLost:
                raise
            except AICoreError:
                if answer is None:
                    raise
                return answer  # what became of what was sent is in there
            self.answered(answer, sent)
            if answer.status != _TOO_MANY or not again:
                return answer

    def turn(self, deadline: Deadline) -> float:
        """Wait until another request may go out; return when it does, for `answered`.

        Raises Unreachable if that is not within *deadline*, or after `close`: nothing was sent.
        """
        if self._pace.rate or self.closed:
            # One waits for the time, the others for the one: so nobody wakes up in vain.
            mine = self._turn.acquire(timeout=min(deadline.left(), threading.TIMEOUT_MAX))
            try:
                self._wait(deadline)
            finally:
                if mine:
                    self._turn.release()
        return time.monotonic()

    def answered(self, answer: Response, sent: float) -> None:
        """Learn from the *answer* to the request whose `turn` was *sent*."""
        if self._pace.rate or answer.status == _TOO_MANY:
            with self._lock:
                self._pace.answered(answer, sent, time.monotonic())

    def close(self) -> None:
        """Let nothing more go out. Whoever waits is told so at once."""
        self._closed.set()

    def _wait(self, deadline: Deadline) -> None:
        while not self.closed:
            with self._lock:
                wait = self._pace.wait(time.monotonic())
            if not wait:
                return
            if wait >= deadline.left():
                raise _not_sent(f"{self._host} is rate limiting for longer than your time limit", " later.")
            self._closed.wait(min(wait, threading.TIMEOUT_MAX))
        raise _not_sent(f"{self._host} was not contacted: the run was stopped", " when you like.")


def _not_sent(what: str, when: Piece) -> Unreachable:
    error = Unreachable(what, next=(AGAIN, when))
    error.again = False
    return error
