"""How far a rotation is, below the cell: one card that is replaced; or a line for each change.

Who runs a notebook headless keeps the last card alone, and a terminal would print them all: both get lines.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from IPython.core.getipython import get_ipython
from IPython.display import display

from aicore_magics.actions.rotation_progress import ProgressLines, progress_report, stopped_report
from aicore_magics.base.progress import ticking
from aicore_magics.errors import Refused, RotationIncomplete
from aicore_magics.jupyter.cards import html_card
from aicore_magics.jupyter.front_end import answers
from aicore_magics.jupyter.wording import NOTEBOOK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from IPython.core.display_functions import DisplayHandle

    from aicore_magics.base.report import Report
    from aicore_magics.rotation.outcomes import Outcomes

# Seconds: the card is as of then at the latest, and is no faster replaced.
EVERY, PACE = 5.0, 0.25
_LAST_WORD = 2.0  # seconds for a card that is just written


@contextmanager
def shown_rotation(kind: str = "rotation") -> Iterator[Callable[[Outcomes], None]]:
    """Give what shows all outcomes as they are: call it whenever one has changed.

    At the end it is gone: the result says more. Where there will be none, it says what each secret is.
    """
    if not answers(get_ipython()):
        lines = ProgressLines(lambda line: print(line, flush=True), kind)  # noqa: T201 - what is shown here
        with ticking(lines.tick):
            yield lines.show
        return
    card = _Card(kind)
    try:
        yield card.show
    except (Refused, RotationIncomplete):
        card.close()
        raise
    except BaseException:
        card.close(stopped=True)
        raise
    card.close()


class _Card:
    """One output of the cell, which a thread replaces: the run does not wait for a front end."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._latest: Outcomes | None = None
        self._said: Outcomes | None = None
        self._handle: DisplayHandle | None = None
        self._changed, self._over = threading.Event(), threading.Event()
        self._writer = threading.Thread(target=self._follow, name="aicore-magics-rotation", daemon=True)

    def show(self, outcomes: Outcomes) -> None:
        """Show *outcomes*, the first at once. A call that brings nothing new costs no update."""
        if outcomes == self._latest:
            return
        self._latest = outcomes
        if self._handle is None:
            data = self._data(progress_report(outcomes, datetime.now(UTC), self._kind))
            self._said = outcomes
            self._handle = display(data, raw=True, display_id=True)  # type: ignore[no-untyped-call]
            self._writer.start()
        else:
            self._changed.set()

    def close(self, *, stopped: bool = False) -> None:
        """Leave nothing of it; or, where a run was *stopped*, what each secret is."""
        self._over.set()
        self._changed.set()
        if self._writer.ident is not None:
            self._writer.join(_LAST_WORD)
        if self._handle is None or self._latest is None:
            return
        last = self._data(stopped_report(self._latest, self._kind)) if stopped else {"text/plain": ""}
        self._handle.update(last, raw=True)  # type: ignore[no-untyped-call]

    def _follow(self) -> None:
        while not self._over.is_set():
            self._changed.wait(EVERY)
            self._changed.clear()
            latest = self._latest
            if self._over.is_set() or latest is None or self._handle is None:
                return
            report = progress_report(latest, datetime.now(UTC), self._kind)
            # A screen reader says what has changed, and not each time that the clock has.
            data = self._data(report, quiet=latest == self._said)
            self._said = latest
            self._handle.update(data, raw=True)  # type: ignore[no-untyped-call]
            self._over.wait(PACE)

    @staticmethod
    def _data(report: Report, *, quiet: bool = False) -> dict[str, str]:
        return {"text/html": html_card(report, quiet=quiet), "text/plain": report.text(NOTEBOOK)}
