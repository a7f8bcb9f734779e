"""Any text through every door: what it ends in, and how long that takes on this machine's processor."""

from __future__ import annotations

import time
import traceback
from dataclasses import dataclass, field

from hypothesis import HealthCheck, Phase, given, seed, settings

from aicore_magics.errors import AICoreError

LONGEST = 0.05  # seconds of processor time
LONGEST_MESSAGE = 600  # characters
SHOWN = 3


@dataclass
class Tally:
    """What came of the texts at one door."""

    door: str
    examples: int = 0
    taken: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)
    crashes: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    @property
    def well(self):
        return not (self.wrong or self.crashes or self.slow)


def run(door, examples, *, number=0):
    """Try so many *examples* at *door*, and count. What goes wrong does not end it.

    The same *number* gives the same examples.
    """
    tally = Tally(door.name)

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(door.texts)
    def every(text):
        tally.examples += 1
        result = _entered(door, text, tally)
        if isinstance(result, AICoreError):
            tally.refused += 1
            if not 0 < len(str(result)) <= LONGEST_MESSAGE:
                tally.wrong.append(f"a message of {len(str(result))} characters: {text!r}")
        elif result is not None:
            tally.taken += 1
            wrong = door.wrong(text, result)
            if wrong:
                tally.wrong.append(f"{wrong}: {text!r}")
        if _seconds(door, text) > LONGEST:
            tally.slow.append(repr(text))

    every()
    return tally


def _entered(door, text, tally):
    """What the door gave, or the error that it raised; None after a crash."""
    try:
        return door.enter(text)
    except AICoreError as error:
        return error
    except Exception:  # noqa: BLE001 - whatever it is, it is counted
        tally.crashes.append(f"{traceback.format_exc(limit=-1).splitlines()[-1]}: {text!r}")
        return None


def _seconds(door, text):
    """The shortest of up to three tries, of this thread's processor time: others may keep it busy."""
    best = float("inf")
    for _ in range(3):
        begin = time.thread_time()
        _entered(door, text, Tally(""))
        best = min(best, time.thread_time() - begin)
        if best < LONGEST:
            break
    return best
