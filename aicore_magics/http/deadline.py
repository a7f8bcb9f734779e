"""How long a call may take: one deadline over all its attempts, and the pauses between them."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

from aicore_magics.errors import Unreachable
from aicore_magics.http.messages import ResponseLost

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.http.messages import Response

TIME_LIMIT = 60.0  # seconds for a whole call, all attempts together
ATTEMPTS = 3
ATTEMPT_SHARE = 0.75  # of the time that is left, for one attempt: what remains is for looking what came of it
FIRST_PAUSE = 0.4  # seconds at most before the second attempt, twice that before the third


class Deadline:
    """The end of a whole call, however many requests it takes. The clock on the wall does not move it."""

    def __init__(self, seconds: float = TIME_LIMIT, *, within: Deadline | None = None) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds
        self._within = within

    def attempt(self) -> Deadline:
        """Give the end of one attempt, which leaves time for another, or to find out what came of it."""
        return Deadline(self.left() * ATTEMPT_SHARE, within=self)

    def end(self) -> None:
        """Leave no time: nothing more is sent under it, by whatever thread."""
        self._end = 0.0

    def left(self) -> float:
        """Seconds left, never below zero."""
        left = max(0.0, self._end - time.monotonic())
        return min(left, self._within.left()) if self._within else left

    def pause(self, seconds: float) -> None:
        """Let *seconds* pass, or what is left."""
        time.sleep(min(seconds, self.left()))


class Retry:
    """The attempts of one call: at most three, full jitter between them, and never beyond the deadline.

    Ctrl-C during a pause leaves as it is.
    """

    def __init__(self, deadline: Deadline) -> None:
        self.deadline = deadline
        self._attempt = 1

    def pause(self, answer: Response | None = None) -> float | None:
        """Give the seconds to wait before another attempt, as *answer* asks; None if there is no other."""
        asked = answer.retry_after() if answer else None
        pause = random.random() * FIRST_PAUSE * 2 ** (self._attempt - 1) if asked is None else asked  # noqa: S311
        return None if self._attempt >= ATTEMPTS or pause >= self.deadline.left() else pause

    def rest(self, pause: float) -> None:
        """Wait the seconds of `pause`; then it is the next attempt."""
        self._attempt += 1
        self.deadline.pause(pause)

    def wait(self, answer: Response | None = None) -> bool:
        """Wait before another attempt; give False at once where there is none."""
        pause = self.pause(answer)
        if pause is not None:
            self.rest(pause)
        return pause is not None

    def send(
        self,
        attempt: Callable[[], Response],
        *,
        passes: Callable[[Response], bool],
        after_lost: Callable[[ResponseLost], bool],
    ) -> Response:
        """Return the answer of *attempt*, made again while that can do no harm and may help.

        *passes* tells of an answer, *after_lost* of one that did not come back, whether another attempt is
        worth it; a host that was not reached is asked again where its error says so.
        """
        while True:
            trouble: Unreachable | ResponseLost
            try:
                answer = attempt()
            except Unreachable as error:
                trouble, again = error, error.again
            except ResponseLost as error:
                trouble, again = error, after_lost(error)
            else:
                if not passes(answer) or not self.wait(answer):
                    return answer
                continue
            if not again or not self.wait():
                try:
                    raise trouble
                finally:
                    del trouble  # its traceback holds this frame
