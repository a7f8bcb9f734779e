"""Following one write from another thread, and stopping it as long as nothing has been sent."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal, final

from aicore_magics.base.calls import stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    # Not begun, under way, or ended as the states of results are called.
    StepState = Literal["waiting", "running", "done", "refused", "unknown", "warning", "hint", ""]
    Tell = Callable[[str, StepState, str], None]

_LAST_WORD = 1.0  # seconds for a clock that is just telling
NAME, STORE = "name", "store"  # the first and the last step; those between are images or registries


def _nobody(_step: str, _state: StepState, _word: str) -> None:
    """Tell nobody."""


def paced(tell: Tell, *, after: float = 1.0, every: float = 0.25) -> Tell:
    """Return what passes on to *tell* as much as a reader can take in.

    Nothing in the first seconds, *after* of them, then once in *every* seconds: short work tells nothing.
    """
    due = time.monotonic() + after

    def told(step: str, state: StepState, word: str) -> None:
        nonlocal due
        now = time.monotonic()
        if now >= due:
            due = now + every
            tell(step, state, word)

    return told


@contextmanager
def ticking(tell: Callable[[int], None]) -> Iterator[None]:
    """Call *tell* after each second with the seconds so far, from a thread; after the block no more."""
    over, begun = threading.Event(), time.monotonic()

    def tick() -> None:
        seconds = 1
        while not over.wait(begun + seconds - time.monotonic()):
            tell(seconds)
            seconds = max(seconds, int(time.monotonic() - begun)) + 1

    clock = threading.Thread(target=tick, name="aicore-magics-clock", daemon=True)
    clock.start()
    try:
        yield
    finally:
        over.set()
        clock.join(_LAST_WORD)


def time_words(seconds: int, limit: float) -> str:
    """Return how long something has taken, and how long it may.

    >>> time_words(7, 60.0)
    '7 s of at most 60 s'
    """
    return f"{seconds} s of at most {limit:g} s"


@final
class Watch:
    """What is told of a write while it goes on, and whether it may still be stopped.

    *tell* is called with a step, how it stands, and a word or two on that, from whatever thread gets there:
    when a step begins, then how it ended.
    """

    def __init__(self, tell: Tell = _nobody) -> None:
        self.tell = tell
        self._lock = threading.Lock()
        self._stopped = self._sending = False

    @property
    def stopped(self) -> bool:
        """Whether it was stopped in time."""
        return self._stopped

    @property
    def sending(self) -> bool:
        """Whether the write has been begun: from then on it may have been made."""
        return self._sending

    def stop(self) -> bool:
        """Stop the write if nothing has been sent yet, and say whether that is so: then nothing will be."""
        with self._lock:
            self._stopped = not self._sending
            return self._stopped

    def about_to_send(self) -> None:
        """Note that the write is sent now. Raises Stopped if it was stopped before."""
        with self._lock:
            self._sending = not self._stopped
        if self._stopped:
            raise stopped()
        self.tell(STORE, "running", "asking")
