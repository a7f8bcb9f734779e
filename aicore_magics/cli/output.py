"""Where a command's words go: its result to standard output, everything else to standard error."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicore_magics.base.progress import StepState


def never_fail_to_encode() -> None:
    """Let a stream write what its encoding does not have, such as half a character, as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def unwritten(text: str) -> bool:
    """Write *text* to standard output, and return whether that failed: then nobody has read the result."""
    stream = sys.stdout
    fault = "closed"
    try:
        if stream is not None:
            stream.write(text)
            stream.flush()
            return False
    except BrokenPipeError:
        # Whoever read has seen enough; what is left would be written again when Python ends, and fail loudly.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return False
    except (OSError, ValueError) as error:  # a full disk; a closed stream
        fault = type(error).__name__
    tell(f"The result cannot be written to standard output ({fault}).")
    return True


def tell(text: str) -> None:
    """Write *text* to standard error, if there is one."""
    with contextlib.suppress(OSError, ValueError):
        if sys.stderr is not None:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()


class ProgressLine:
    """One line on a terminal's standard error that is written over; anywhere else nothing."""

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
