"""What was typed before a button was pressed, and arrives after the press.

ipywidgets sends the next edit of a field only once the kernel is through with the one before. A press waits
for none of them: on a busy machine it comes first, and what is read then is a part of what was typed. That
would be stored under another name, or a password sent to another host.

So the browser is asked for a sign first. Messages keep their order: whoever sees the question has been told
before that the kernel is through, and has sent what was kept back. Then the sign comes behind it.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from aicore_magics.jupyter.form.lookup import Later

if TYPE_CHECKING:
    from collections.abc import Callable

QUIET = 0.3  # seconds without an edit, where no script has answered yet
PATIENCE = 5.0  # seconds for the sign of a script that is there


class LateKeys:
    """Lets what a button does begin when all that was typed before the press is here.

    *ask* asks the script in the browser for a sign. Where none runs, quiet has to do, and an edit may still
    come later.
    """

    def __init__(self, ask: Callable[[], None]) -> None:
        self._ask = ask
        self._act: Callable[[], None] | None = None
        self._lock = threading.Lock()
        self._begun = threading.Event()
        self._begun.set()
        self._answers = False
        self._quiet = Later(self._begin, QUIET)
        self._patience = Later(self._give_up, PATIENCE)

    def then(self, act: Callable[[], None]) -> None:
        """Call *act* once the keys are here. While something waits for that already, do nothing."""
        with self._lock:
            if self._act is not None:
                return
            self._act = act
            self._begun.clear()
        self._patience.begin()
        if not self._answers:
            self._quiet.begin()
        self._ask()

    def script_runs(self) -> None:
        """Note that there is a script that will answer."""
        self._answers = True

    def answered(self) -> None:
        """Take the sign: every key is here."""
        self._answers = True
        self._begin()

    def edited(self) -> None:
        """Note that something came."""
        if self._act is not None and not self._answers:
            self._quiet.begin()

    def let_go(self) -> None:
        """Do not begin what waits."""
        self._taken()
        self._begun.set()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing waits any more. False: not within *seconds*."""
        return self._begun.wait(seconds)

    def _give_up(self) -> None:
        self._answers = False
        self._begin()

    def _begin(self) -> None:
        act = self._taken()
        if act is not None:
            try:
                act()
            finally:
                self._begun.set()

    def _taken(self) -> Callable[[], None] | None:
        with self._lock:
            act, self._act = self._act, None
        self._quiet.cancel()
        self._patience.cancel()
        return act
