"""What the form has going on: one piece of work in a thread, its steps, and who waits for it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Literal

from aicore_magics.base.progress import Watch, ticking
from aicore_magics.errors import AICoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aicore_magics.base.progress import StepState

    Steps = Mapping[str, tuple[StepState, str]]
    Guarded = Callable[[Callable[[], None]], Callable[[], None]]


class Runner:
    """Runs one thing at a time. *stepped* is told how its steps stand, *ended* what came of it.

    Neither is called for work that was let go of, no step after the end, and none once it was too late to
    stop. With `lock` held nothing is told: so whoever stops can say so before an end comes.
    """

    def __init__(
        self, guarded: Guarded, stepped: Callable[[Steps], None], ended: Callable[[Any], None]
    ) -> None:
        self.lock = threading.RLock()
        self._guarded = guarded
        self._stepped = stepped
        self._ended = ended
        self._watch: Watch | None = None
        self._hushed = False
        self._over = threading.Event()
        self._over.set()

    @property
    def running(self) -> bool:
        """Whether there is work whose end will be told."""
        return self._watch is not None

    def start(
        self,
        steps: dict[str, tuple[StepState, str]],
        work: Callable[[Watch], Any],
        ticked: Callable[[int], None] = lambda _seconds: None,
    ) -> None:
        """Begin *work*, whose *steps* stand so at first, and show them. *ticked* is told of each second."""

        def step(name: str, state: StepState, word: str) -> None:
            with self.lock:
                if self._watch is watch and not self._hushed:
                    steps[name] = state, word
                    self._stepped(steps)

        def tick(seconds: int) -> None:
            with self.lock:
                if self._watch is watch:
                    ticked(seconds)

        def timed(watch: Watch) -> Any:
            with ticking(tick):
                return work(watch)

        watch, over = Watch(step), threading.Event()
        with self.lock:
            self._watch, self._over, self._hushed = watch, over, False
            self._stepped(steps)
        act = self._guarded(lambda: self._work(watch, timed))
        self._apart(lambda: _and_then(act, over.set))

    def wait(self, seconds: float) -> bool:
        """Wait until the last work is over and its end was told, or it was let go of. False: not in time."""
        return self._over.wait(seconds)

    def stop(self) -> Literal["stopped", "sent", "over"]:
        """Stop what runs if it can be: then its end will not be told.

        `sent`: its write is under way, and its end will be told. `over`: nothing runs any more.
        """
        with self.lock:
            if self._watch is None:
                return "over"
            if not self._watch.stop():
                self._hushed = True
                return "sent"
            self.let_go()
            return "stopped"

    def let_go(self) -> None:
        """Hear no more of what runs."""
        with self.lock:
            self._watch = None
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
        except BaseException:
            self._is_over(watch)
            raise
        with self.lock:
            if self._is_over(watch):
                self._ended(done)

    def _is_over(self, watch: Watch) -> bool:
        """Note that the work of *watch* runs no more; False if something else does by now, or nothing."""
        with self.lock:
            runs = self._watch is watch
            if runs:
                self._watch = None
            return runs


def _and_then(act: Callable[[], None], then: Callable[[], None]) -> None:
    try:
        act()
    finally:
        then()
