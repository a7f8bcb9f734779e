"""`python -m tests.inputs [EXAMPLES [SEED]]`: a table of what any text ends in, 10,000 of them at each door.

The texts are others each time, but for a SEED that was printed before.
"""

from __future__ import annotations

import random
import sys

from tests.inputs.bench import SHOWN, run
from tests.inputs.doors import DOORS


def say(line: str) -> None:
    """Print *line* at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(examples: int, number: int) -> int:
    """Print a row for each door, and below it the first texts that went wrong. 0: none did."""
    say(f"seed {number}")
    say(f"{'door':18} {'examples':>8} {'taken':>7} {'refused':>7} {'wrong':>6} {'crash':>6} {'> 50 ms':>8}")
    well = True
    for door in DOORS:
        tally = run(door, examples, number=number)
        counts = len(tally.wrong), len(tally.crashes), len(tally.slow)
        came = f"{door.name:18} {tally.examples:8} {tally.taken:7} {tally.refused:7}"
        say(f"{came} {counts[0]:6} {counts[1]:6} {counts[2]:8}")
        for text in (*tally.wrong[:SHOWN], *tally.crashes[:SHOWN], *tally.slow[:SHOWN]):
            say(f"    {ascii(text)[:300]}")
        well &= tally.well
    return 0 if well else 1


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    defaults = [10_000, random.SystemRandom().randrange(2**32)]
    sys.exit(main(*given, *defaults[len(given) :]))
