"""The writes of a rotation that are under way, each in a thread of its own, and what came of them."""

from __future__ import annotations

from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, final

from aicore_magics.aicore import secret_store
from aicore_magics.base.redact import hiding
from aicore_magics.errors import AICoreError, OutcomeUnknown
from aicore_magics.http.deadline import Deadline
from aicore_magics.next_steps import Effect, unclosed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.next_steps import Words
    from aicore_magics.rotation.outcomes import SecretState
    from aicore_magics.rotation.targets import Target

LATE = 5.0  # seconds beyond its time limit that a write has to tell what became of it


class Answer(NamedTuple):
    """What came of a write."""

    state: SecretState
    why: str = ""
    fix: Words = ""


@final
class Writes:
    """Writes *targets*, by index, each within *timeout* seconds. *under_way* are those without an end."""

    def __init__(self, targets: Sequence[Target], timeout: float) -> None:
        self._targets = targets
        self._timeout = timeout
        self._limits: dict[int, Deadline] = {}
        self._late: dict[int, float] = {}  # when nobody waits for them any longer
        self._sending: set[int] = set()  # those of which something may be sent
        self._answers: dict[int, Answer] = {}
        self._came: SimpleQueue[int] = SimpleQueue()
        self.under_way: set[int] = set()

    def start(self, index: int) -> None:
        """Begin to write one secret."""
        self._limits[index] = Deadline(self._timeout)
        self._late[index] = monotonic() + self._timeout + LATE
        self.under_way.add(index)
        Thread(target=self._write, args=(index,), name="aicore-magics-rotate", daemon=True).start()

    def settled(self, seconds: float) -> list[int]:
        """Wait at most *seconds* for an answer; return those with one, or that are too late."""
        with suppress(Empty):
            index = self._came.get(timeout=seconds)
            return [index] if index in self.under_way else []
        return [each for each in self.under_way if each in self._answers or self._late[each] < monotonic()]

    def end(self, index: int) -> Answer:
        """Return what came of one, as far as that is known now; it sends nothing more."""
        # What would come late could undo what comes next.
        if index in self._limits:
            self._limits[index].end()
        self.under_way.discard(index)
        if index in self._answers:
            return self._answers[index]
        if index in self._sending:
            return Answer("unknown", "AI Core did not answer in time")
        return Answer("not begun")

    def _write(self, index: int) -> None:
        """Write one secret, in a thread of its own, and note what came of it."""
        target, limit = self._targets[index], self._limits[index]
        answer = Answer("unknown", "AI Core did not answer")
        try:
            limit.pause(target.seconds_in_doubt())
            secret_store.wait_for_earlier(target.client, target.planned.name, limit)
            self._sending.add(index)
            with hiding(*(login.password for login in target.secret.logins)):
                secret_store.replace(target.client, target.secret, limit)
            answer = Answer("replaced")
        except OutcomeUnknown as error:
            answer = Answer("unknown", unclosed(error.what))
        except AICoreError as error:
            sent = error.effect is not Effect.NOTHING_SENT
            answer = Answer("refused" if sent else "not begun", unclosed(error.what), error.next)
        finally:
            self._answers[index] = answer
            self._came.put(index)
