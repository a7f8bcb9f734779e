"""Where a command's words go: its result to standard output, everything else to standard error."""

from __future__ import annotations

import contextlib
import errno
import os
import sys


def never_fail_to_encode() -> None:
    """Let a stream write what its encoding does not have, such as half a character, as an escape."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")


def unwritten(text: str, done: str = "") -> bool:
    """Write *text* to standard output, and return whether that failed: then no one has read the result.

    What was *done* is said then, in a sentence: a secret may be stored all the same.
    """
    stream = sys.stdout
    fault = "closed"
    try:
        if stream is not None:
            stream.write(text)
            stream.flush()
            return False
    except (OSError, ValueError) as error:  # a full disk; a closed stream
        if isinstance(error, BrokenPipeError) or (
            os.name == "nt" and getattr(error, "errno", 0) == errno.EINVAL
        ):
            # Whoever read has seen enough; the rest would be written again at Python's end, and fail loudly.
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
            return False
        fault = type(error).__name__
    tell(" ".join(filter(None, (done, f"The result cannot be written to standard output ({fault})."))))
    return True


def tell(text: str) -> None:
    """Write *text* to standard error, if there is one."""
    with contextlib.suppress(OSError, ValueError):
        if sys.stderr is not None:
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()
