"""One piece of work in a thread of its own, and what came of it until a deadline."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar, final

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.base.progress import Watch
    from aicore_magics.http.deadline import Deadline

T = TypeVar("T")

_GRACE = 0.2  # seconds for a thread that is just about to tell
_GLANCE = 0.1  # seconds between two looks at whether somebody has stopped it


@final
class Run(Generic[T]):
    """One piece of work in a thread of its own. It is a daemon: nobody need wait for a silent server."""

    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._result: T | None = None
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._do, name="aicore-magics-check", daemon=True)
        self._thread.start()

    def result(self, deadline: Deadline, watch: Watch) -> T | None:
        """Give what came of it, or None if nothing has by the deadline. Raises Stopped if *watch* is."""
        while self._thread.is_alive() and not watch.stopped and deadline.left():
            self._thread.join(min(_GLANCE, deadline.left()))
        # Whoever gave up just now at the deadline has a reason to tell.
        self._thread.join(_GRACE)
        if watch.stopped:
            watch.about_to_send()
        if self._error:
            raise self._error
        return self._result

    def _do(self) -> None:
        try:
            self._result = self._work()
        except BaseException as error:  # noqa: BLE001 - it belongs to whoever waits, traceback and all
            self._error = error
