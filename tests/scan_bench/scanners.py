"""The scanners that are compared: each is run as a command, and tells what it found in which file."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Found(NamedTuple):
    """How many leaks each file has, how many possible ones there are, and how long it took."""

    leaks: Counter[Path]
    possible: int
    seconds: float


def _run(words: list[str]) -> tuple[dict, float]:
    begin = time.monotonic()
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - begin
    assert done.returncode in (0, 1), done.stderr[-2000:]
    return json.loads(done.stdout), seconds


def ours(folder: Path) -> Found:
    """Run `jupyter aicore scan`."""
    told, seconds = _run([sys.executable, "-m", "aicore_magics.cli", "scan", str(folder), "--format", "json"])
    leaks = Counter(Path(leak["path"]) for leak in told["leaks"])
    return Found(leaks, len(told["possible"]), seconds)


def detect_secrets(program: str) -> Callable[[Path], Found]:
    """Give what runs *program* with all of its detectors, on one core as ours runs, and asks no network."""

    def scan(folder: Path) -> Found:
        told, seconds = _run(
            [program, "-C", str(folder), "--cores", "1", "scan", "--all-files", "--no-verify"]
        )
        leaks = Counter({folder / path: len(each) for path, each in told["results"].items()})
        return Found(leaks, 0, seconds)

    return scan
