"""Work that nobody waits for longer than he may, and what each process has of its own."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class Aside(Generic[T]):
    """Does *work* from now on, in a thread of its own that no exit waits for."""

    def __init__(self, work: Callable[[], T], *, name: str) -> None:
        self._work = work
        self._results: list[T] = []
        self._error: Exception | None = None
        # No join: Python takes a thread for ended once Ctrl-C has struck in one (bpo-45274).
        self._ended = threading.Event()
        threading.Thread(target=self._do, name=f"aicore-magics-{name}", daemon=True).start()

    def result(self, seconds: float) -> T:
        """Return what the work gave, or raise what it raised, or TimeoutError if *seconds* are not enough."""
        self._ended.wait(min(seconds, threading.TIMEOUT_MAX))
        if self._error:
            raise self._error
        if not self._results:
            raise TimeoutError("it takes longer")
        return self._results[0]

    def _do(self) -> None:
        try:
            self._results.append(self._work())
        except Exception as error:  # noqa: BLE001 - it belongs to whoever waits
            self._error = error
        finally:
            self._ended.set()


def whole(work: Callable[[], T], seconds: float, *, name: str) -> T:
    """Do *work* aside, and return what it gave within *seconds*, else raise TimeoutError.

    Ctrl-C meanwhile is raised when the work has ended, or before it has begun, and then it never is.
    """
    turn, ended = [work], threading.Event()

    def once() -> T:
        try:
            return turn.pop()()
        finally:
            ended.set()

    try:
        return Aside(once, name=name).result(seconds)
    except KeyboardInterrupt:
        # It may have come before the thread is there, or is known here.
        try:
            turn.pop()
        except IndexError:
            ended.wait(seconds)
        raise


class PerProcess(Generic[T]):
    """What *make* makes, once in each process.

    A fork copies locks that nobody opens any more, and connections that two would speak on. What it copies is
    left alone here: neither used nor closed.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._made: dict[int, T] = {}

    def __call__(self) -> T:
        """Return that of this process."""
        process = os.getpid()
        if process not in self._made:
            # Of two threads that get here at once, both use what the first has put.
            self._made.setdefault(process, self._make())
        return self._made[process]

    def forget(self) -> None:
        """Drop that of this process: the next who asks has another made."""
        self._made.pop(os.getpid(), None)

    def __getstate__(self) -> object:
        raise TypeError("a process's own objects cannot be pickled")
