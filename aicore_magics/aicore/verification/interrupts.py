"""Ctrl-C and SIGTERM while there is something to clean up: only the first one counts."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Interrupts:
    """Raises KeyboardInterrupt once, at the first signal before `hold`; *tell* hears of each later one.

    In a thread other than the main one there are no signals, and nothing is changed.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        self._tell = tell
        self._raises = True
        self._former: list[tuple[int, Any]] = []

    def begin(self) -> None:
        """Take the signals."""
        if threading.current_thread() is threading.main_thread():
            # What is ignored stays so, as a hang-up under nohup does.
            for each in (each for each in _SIGNALS if signal.getsignal(each) is not signal.SIG_IGN):
                self._former.append((each, signal.signal(each, self._hear)))

    def hold(self) -> None:
        """Raise nothing from now on."""
        self._raises = False

    def end(self) -> None:
        """Give the signals back."""
        while self._former:
            number, handler = self._former.pop()
            # None: it was set by something that is not Python, and cannot be set again.
            signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _hear(self, _number: int, _frame: object) -> None:
        if self._raises:
            self._raises = False
            raise KeyboardInterrupt
        self._tell("deleting what was created: this ends by itself")
