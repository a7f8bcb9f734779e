"""How far a long search is, shown below the cell while it runs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from IPython.core.getipython import get_ipython
from IPython.display import display

from aicore_magics.base.progress import Watch, paced
from aicore_magics.base.terminal_line import TerminalLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from IPython.core.display_functions import DisplayHandle

    from aicore_magics.base.progress import StepState


class _Output:
    """One output of the cell, whose text is replaced."""

    def __init__(self) -> None:
        self._handle: DisplayHandle | None = None

    def show(self, _step: str, _state: StepState, word: str) -> None:
        text = {"text/plain": f"{word} …"}
        if self._handle is None:
            self._handle = display(text, raw=True, display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(text, raw=True)  # type: ignore[no-untyped-call]

    def clear(self) -> None:
        if self._handle is not None:
            self._handle.update({"text/plain": ""}, raw=True)  # type: ignore[no-untyped-call]


@contextmanager
def shown_progress() -> Iterator[Watch]:
    """Give a watch whose words are shown in one line, from the second second on; at the end it is gone."""
    # IPython in a terminal cannot replace an output: it would print each below the last.
    line = _Output() if hasattr(get_ipython(), "kernel") else TerminalLine()
    try:
        yield Watch(paced(line.show))
    finally:
        line.clear()
