"""Ctrl-C at each line of a rotation, and a second one at each call behind the first."""

from __future__ import annotations

import inspect
import linecache
import sys
from collections import Counter
from pathlib import Path

import aicore_magics
from tests.rotation.cases import course
from tests.rotation.model import Scenario

OURS = Path(aicore_magics.__file__).parent
FILES = {
    *map(str, (OURS / "rotation").glob("*.py")),
    *(str(OURS / "actions" / f"rotation_{name}.py") for name in ("job", "run", "records")),
}
WAITS = (".get(timeout", ".join(", ".wait(", ".result(", ".seen(", "_written(", ".start()", "tested(")
# What is under way when it comes: answers that take a while, that never come, and a tenant in trouble.
WEATHERS = (
    Scenario(),
    Scenario(tries=tuple((name, ("slow+now",)) for name in ("a1", "a2", "a3", "b1", "b2"))),
    Scenario(tries=(("a2", ("held+now",)), ("b1", ("held+never",)), ("a3", ("lost+now",))), timeout=0.3),
    Scenario(tries=(("a1", ("held+5",)),), lists=("right", "right-down", "right"), timeout=0.3),
    Scenario(tries=(("a2", 3 * ("lost+now",)), ("b1", ("403+never",))), workers=3, token=False),
)


class Lines:
    """Counts how often each line of a rotation is run in this thread."""

    def __init__(self):
        self.times = Counter()

    def __call__(self, frame, event, _arg):
        if frame.f_code.co_filename not in FILES:
            return None
        if event == "line":
            self.times[frame.f_code.co_filename, frame.f_lineno] += 1
        return self


class Interrupts:
    """Interrupts at *line*, when it is run for the time of number *at*, and again *second* calls later."""

    def __init__(self, line, at, second=0):
        self.line, self.left, self.second = line, at, second
        self.came = 0

    def __call__(self, frame, event, _arg):
        if frame.f_code.co_filename != self.line[0]:
            return None
        if event == "line" and frame.f_lineno == self.line[1]:
            self.left -= 1
            if not self.left:
                self.came += 1
                sys.settrace(None)
                if self.second:
                    sys.setprofile(self.again)
                raise KeyboardInterrupt
        return self

    def again(self, frame, event, _arg):
        # What comes out of a generator that is closed is dropped by Python itself.
        generator = frame.f_code.co_flags & inspect.CO_GENERATOR
        if not generator and frame.f_code.co_filename in FILES and event in ("call", "return", "c_call"):
            self.second -= 1
            if not self.second:
                self.came += 1
                sys.setprofile(None)
                raise KeyboardInterrupt


def lines_of(scenario):
    """Give the lines that a rotation runs, each with the times that are worth an interrupt."""
    for _ in course(scenario):
        break  # what is imported or kept at first use is not run again
    lines = Lines()
    for _ in course(scenario, lines):
        break
    return [(line, at) for line, times in lines.times.items() for at in sorted({1, min(2, times), times})]


def waits_of(scenario):
    """Give those of the lines at which a rotation waits for others."""
    return [
        (line, at)
        for line, at in lines_of(scenario)
        if any(word in linecache.getline(*line) for word in WAITS)
    ]


def interrupted(scenario, lines, seconds=(0,)):
    """Interrupt at each of *lines*, and again so many calls later; yield where, and what is untrue."""
    for line, at in lines:
        for second in seconds:
            trace = Interrupts(line, at, second)
            for act, said, untrue in course(scenario, trace):
                yield f"{Path(line[0]).name}:{line[1]} #{at} +{second}", act, said, untrue
