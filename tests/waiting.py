"""How a test waits for what another thread or process does: until it is there, with a bound."""

from __future__ import annotations

import time

PATIENCE = 60  # seconds, far more than anything needs, on a busy machine too


def until(condition, what="it did not happen", *, pause=0.005):
    """Wait until *condition* gives something true, and give that; *pause* seconds between two looks.

    Fails with *what* when PATIENCE is over.
    """
    end = time.monotonic() + PATIENCE
    while not (result := condition()):
        assert time.monotonic() < end, what
        time.sleep(pause)
    return result
