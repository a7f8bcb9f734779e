"""Time for tests, which nobody waits for."""

from __future__ import annotations


class Clock:
    """Time that passes only when a test says so. It has as much of the module `time` as our deadlines use."""

    def __init__(self):
        self.now = 1000.0

    def monotonic(self):
        """The time."""
        return self.now

    def sleep(self, seconds):
        """Let *seconds* have passed."""
        self.now += seconds
