"""`python -m tests.scan_bench` scans planted and clean notebooks, and prints the figures.

DETECT_SECRETS names the program of that name, which is run beside ours. Each scans both folders three times,
in turn.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from aicore_magics.leaks.scrub import plan_scrub, scrub_notebooks
from tests.leaks.wraps import parts
from tests.scan_bench.clean import CLEAN, write_clean
from tests.scan_bench.planted import write_planted
from tests.scan_bench.scanners import detect_secrets, ours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.scan_bench.scanners import Found

TIMES = 3
SHOWN = 20


def main() -> int:
    """Run the bench; 1 if a planted credential is missed or left, or a clean notebook has a leak."""
    program = os.environ.get("DETECT_SECRETS")
    scanners = {"aicore-magics": ours} | ({"detect-secrets": detect_secrets(program)} if program else {})
    with tempfile.TemporaryDirectory() as temporary:
        planted, clean = (Path(temporary, name) for name in ("planted", "clean"))
        planted.mkdir()
        clean.mkdir()
        plants = write_planted(planted)
        write_clean(clean)
        rounds = [
            {name: (scan(planted), scan(clean)) for name, scan in scanners.items()} for _ in range(TIMES)
        ]
        for name in scanners:
            tell(figures(name, [each[name] for each in rounds], len(plants)))
        missed = {
            name: [plant for path, plant in plants.items() if path not in at_planted.leaks]
            for name, (at_planted, _) in rounds[0].items()
        }
        scrub_notebooks(plan_scrub(planted))
        left = [plant for path, plant in plants.items() if has_left(path, plant.value)]
    for group, of in Counter(plant.group for plant in plants.values()).items():
        each = (f"{name} {sum(one.group == group for one in some)}" for name, some in missed.items())
        tell(f"missed of {of}, {group}: {', '.join(each)}")
    tell(f"left after a scrub: {len(left)} of {len(plants)}")
    ours_missed = missed["aicore-magics"]
    for title, some in (("missed", ours_missed), ("left", left)):
        for plant in some[:SHOWN]:
            tell(f"  {title}: {plant.group}, {plant.name}")
    return int(bool(ours_missed or left or rounds[0]["aicore-magics"][1].leaks))


def figures(name: str, rounds: Sequence[tuple[Found, Found]], planted: int) -> str:
    """Give the line of one scanner: what it found, and the medians of its seconds."""
    at_planted, at_clean = rounds[0]
    seconds = [median(each[index].seconds for each in rounds) for index in (0, 1)]
    return (
        f"{name}: found {len(at_planted.leaks)} of {planted}; in {CLEAN} clean ones false "
        f"{sum(at_clean.leaks.values())}, possible {at_clean.possible}; "
        f"{seconds[0]:.1f} s planted, {seconds[1]:.1f} s clean"
    )


def tell(line: str) -> None:
    """Print *line*."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def has_left(path: Path, value: str) -> bool:
    """Whether the file *path* has a part of *value* that tells something, or all of a short one."""
    text = path.read_bytes().decode()
    return any(part in text for part in parts(value)) if len(value) > 24 else value in text


if __name__ == "__main__":
    sys.exit(main())
