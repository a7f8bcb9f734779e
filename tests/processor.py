"""How much of the processor something takes: the time of this thread alone, however busy others are.

It is in milliseconds of a machine that adds up the numbers below 100,000 in four of them. On a slower one, or
where others share its processor, what was measured counts for less.
"""

from __future__ import annotations

import time

ENOUGH = 1.0  # milliseconds below which one try says it all
_USUAL = 4.0  # milliseconds of the yardstick


def tried(act, kind=(), *, enough=ENOUGH):
    """Give what *act* gives, or raises of *kind*, and the milliseconds of the shortest of three tries."""
    best = float("inf")
    for _ in range(3):
        result, took = _timed(act, kind)
        if took > enough:
            took /= max(1.0, _timed(_yardstick)[1] / _USUAL)
        best = min(best, took)
        if best <= enough:
            break
    return result, best


def _timed(act, kind=()):
    begin = time.thread_time()
    try:
        result = act()
    except kind as error:
        result = error
    return result, 1000 * (time.thread_time() - begin)


def _yardstick():
    total = 0
    for number in range(100_000):
        total += number
    return total
