"""`python -m tests.leak_bench` enters passwords in every supported way, and says where they were found."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.leak_bench.bench import run

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.leak_bench.bench import Verdict


def table(verdicts: Iterable[Verdict]) -> str:
    """Give a line for each channel, those that are open with the reason, and how many are closed."""
    told = list(verdicts)
    lines = [f"{each.channel.id}  {each.channel.what}: {_said(each)}" for each in told]
    return "\n".join([*lines, f"\nLeak channels closed: {sum(each.closed for each in told)}/{len(told)}"])


def _said(verdict: Verdict) -> str:
    if verdict.closed:
        return "closed"
    seen = "; ".join((*verdict.leaks, *(f"nothing to search in {place}" for place in verdict.unseen)))
    return f"OPEN: {'; '.join(filter(None, (verdict.channel.why_open, seen)))}"


def main() -> int:
    """Run the bench, and give 1 if a channel is open that a library can close."""
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        verdicts = run(Path(folder))
    sys.stdout.write(f"{table(verdicts.values())}\n")
    sys.stderr.write(f"{time.monotonic() - begin:.0f} s\n")
    return int(not all(each.closed or each.channel.why_open for each in verdicts.values()))


if __name__ == "__main__":
    sys.exit(main())
