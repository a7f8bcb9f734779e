"""`python -m tests.rotation [STEP]`: each two troubles of a rotation together, and Ctrl-C at every line.

With *STEP* every so many of both.
"""

from __future__ import annotations

import sys
import time
from collections import Counter

from tests.rotation.cases import course, pairs
from tests.rotation.ctrl_c import WEATHERS, interrupted, lines_of


def every_pair(step):
    """Play each two troubles."""
    for scenario in [*pairs()][::step]:
        for act, said, untrue in course(scenario):
            yield str(scenario), act, said, untrue


def every_line(step, second):
    """Interrupt at every line, and *second* calls later, while answers are slow, lost or held back."""
    for number, scenario in enumerate(WEATHERS):
        yield from interrupted(scenario, lines_of(scenario)[number::step], (second,))


def main():
    """Print what was told, and what of it is untrue."""
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    wrong = 0
    plays = {
        "two troubles": every_pair(step),
        "Ctrl-C": every_line(step, 0),
        "Ctrl-C twice": every_line(3 * step, 7),
    }
    for name, each in plays.items():
        begin, acts, told = time.monotonic(), 0, Counter()
        for where, act, said, untrue in each:
            acts += 1
            told.update(said.states.values() or [type(said.came).__name__])
            if untrue:
                wrong += 1
                sys.stdout.write(f"{where}, {act}: {untrue}\n")
        counts = ", ".join(f"{count} {state}" for state, count in sorted(told.items()))
        sys.stdout.write(f"{name}: {acts} acts in {time.monotonic() - begin:.0f} s: {counts}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{wrong} untrue\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
