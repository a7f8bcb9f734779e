"""What the form has going on: one piece of work in a thread, its steps, and who waits for it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from aicore_magics.errors import AICoreError
from aicore_magics.watch import Watch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Steps = Mapping[str, str]
    Guarded = Callable[[Callable[[], None]], Callable[[], None]]


class Runner:
    """Runs one thing at a time. *stepped* is told how its steps stand, *ended* what came of it.

    Neither is called for work that was let go of, and no step after the end.
    """

    def __init__(
        self, guarded: Guarded, stepped: Callable[[Steps], None], ended: Callable[[Any], None]
    ) -> None:
        self._guarded = guarded
        self._stepped = stepped
        self._ended = ended
        self._lock = threading.RLock()
        self._watch = Watch()
        self._over = threading.Event()
        self._over.set()

    def start(self, told: dict[str, str], work: Callable[[Watch], Any]) -> None:
        """Begin *work*, whose steps are *told* so far, and show them."""

        def step(name: str, said: str) -> None:
            with self._lock:
                if self._watch is watch:
                    told[name] = said
                    self._stepped(told)

        watch, over = Watch(step), threading.Event()
        self._watch, self._over = watch, over
        self._stepped(told)
        act = self._guarded(lambda: self._work(watch, work))
        self._apart(lambda: _and_then(act, over.set))

    def wait(self, seconds: float) -> bool:
        """Wait until the last work is over and its end was told, or it was let go of. False: not in time."""
        return self._over.wait(seconds)

    def stop(self) -> bool:
        """Stop what runs if it can be: then its end will not be told. False: it is being sent."""
        with self._lock:
            if not self._watch.stop():
                return False
            self.let_go()
            return True

    def let_go(self) -> None:
        """Hear no more of what runs."""
        with self._lock:
            self._watch = Watch()
            self._over.set()

    def apart(self, act: Callable[[], None]) -> None:
        """Call *act* in a thread of its own."""
        self._apart(self._guarded(act))

    @staticmethod
    def _apart(act: Callable[[], None]) -> None:
        threading.Thread(target=act, name="aicore-magics-form", daemon=True).start()

    def _work(self, watch: Watch, work: Callable[[Watch], Any]) -> None:
        try:
            done = work(watch)
        except AICoreError as error:
            done = error
        with self._lock:
            if self._watch is watch:
                self._watch = Watch()
                self._ended(done)


def _and_then(act: Callable[[], None], then: Callable[[], None]) -> None:
    try:
        act()
    finally:
        then()
