"""How far something is, in one line on a terminal that is written over."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicore_magics.base.progress import StepState


class TerminalLine:
    """One line on standard error, if that is a terminal; anywhere else nothing."""

    _ERASE = "\r\x1b[K"  # ECMA-48: back to the first column, and erase to the end of the line

    def __init__(self) -> None:
        self._shown = False

    def show(self, _step: str, _state: StepState, word: str) -> None:
        """Show *word* in place of what stands there."""
        if sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb":
            self._write(f"{self._ERASE}{word} …")
            self._shown = True

    def show_step(self, step: str, state: StepState, word: str) -> None:
        """Show *word* with the *step* that it is about."""
        self.show(step, state, f"{step}: {word}")

    def clear(self) -> None:
        """Leave nothing of it."""
        if self._shown:
            self._write(self._ERASE)
            self._shown = False

    @staticmethod
    def _write(text: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stderr.write(text)
            sys.stderr.flush()
