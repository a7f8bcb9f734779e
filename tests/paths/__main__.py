"""`python -m tests.paths` plays every path, and prints what came of it. 0: nothing untrue was said.

With `--replay LINE` it plays the one path that LINE is the text of, and tells it step by step; with
`--part PART` only that part, with `--operation OPERATION` only that one, with `--share N` one in N.
"""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

from tests.paths.bugs import BUGS, WITNESSES
from tests.paths.explore import PARTS, Tally, explored
from tests.paths.model import OPERATIONS, Path
from tests.paths.play import play, stage

if TYPE_CHECKING:
    from tests.paths.play import Verdict

LONGEST_LIST = 20


def say(*lines: str) -> None:
    """Print *lines* at once."""
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def replay(line: str, bug: str) -> int:
    """Tell the path that *line* is the text of, step by step."""
    with stage(bug):
        verdict = play(Path.parse(line))
    say(str(verdict.path), *(f"  {step}" for step in verdict.heard), *told(verdict))
    return bool(verdict.wrong)


def told(verdict: Verdict) -> list[str]:
    """What was said, and what is wrong with it."""
    waited = "" if verdict.waited is None else f", {verdict.waited:.2f} s after the last write"
    return [
        f"said: {verdict.said}, {verdict.kind}{waited}",
        *(f"  | {line}" for line in verdict.text.splitlines()),
        f"untrue: {'; '.join(verdict.untrue) or 'nothing'}",
        f"too late: {'; '.join(verdict.over) or 'nothing'}",
        f"assumptions not kept: {' '.join(sorted(verdict.broken)) or 'none'}",
        f"the truth could be known: {'yes' if verdict.knowable else 'no'}",
    ]


def everything(parts: list[str], operations: list[str], share: int) -> Tally:
    """Go through it all, on every processor."""
    tally = Tally()
    units = [([part], [operation], share) for part in parts for operation in operations]
    with ProcessPoolExecutor() as pool:
        for each in pool.map(explored, *zip(*units, strict=True)):
            tally.merge(each)
    return tally


def report(tally: Tally, seconds: float) -> None:
    """Print what came of it."""
    say(f"{tally.paths:,} paths in {seconds:.0f} s", "", "by part")
    say(*(f"  {part:10} {count:9,}" for part, count in tally.parts.items()), "", "said")
    saids = ("done", "refused", "unknown", "fault")
    say(f"  {'':16}" + "".join(f"{said:>10}" for said in saids))
    for operation in dict.fromkeys(operation for operation, _ in tally.outcomes):
        counts = (f"{tally.outcomes[operation, said]:10,}" for said in saids)
        say(f"  {operation:16}" + "".join(counts))
    waits = (f"{said} {tally.longest.get(said, 0.0):.1f} s" for said in saids[:3])
    say("", f"longest from the end of the last write to the word: {', '.join(waits)}")
    say(f"most requests of a path: {tally.requests}")
    inside = tally.paths - sum(tally.outside.values())
    say("", f"inside the assumptions: {inside:,} paths, {sum(tally.wrong.values()):,} wrong")
    for key, count in tally.wrong.most_common():
        say(f"  {count:8,}  {' / '.join(key)}", f"            {tally.shortest[key]}")
    say("outside, by the assumptions that are not kept")
    for letters, count in sorted(tally.outside.items()):
        say(f"  {letters:4} {count:9,} paths, {tally.untrue_outside[letters]:,} untrue")
    knowable, shrugs = sum(tally.knowable.values()), sum(tally.shrugs.values())
    say(
        "",
        f"unknown where the truth could be known: {shrugs:,} of {knowable:,}, {tally.share_of_unknown:.1%}",
    )
    for operation, count in tally.knowable.items():
        if tally.shrugs[operation]:
            say(f"  {operation:16} {tally.shrugs[operation]:8,} of {count:,}")
    for words, count in tally.shrugged_at.most_common(LONGEST_LIST):
        say(f"  {count:8,}  {' '.join(words)}")


def main(words: list[str]) -> int:
    """Play, and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.paths")
    parser.add_argument("--replay", metavar="LINE")
    parser.add_argument("--part", choices=PARTS, action="append")
    parser.add_argument("--operation", choices=OPERATIONS, action="append")
    parser.add_argument("--share", type=int, default=1)
    parser.add_argument("--bug", choices=BUGS, default="")
    given = parser.parse_args(words)
    if given.replay:
        return replay(given.replay, given.bug)
    begin = time.monotonic()
    tally = everything(given.part or list(PARTS), given.operation or list(OPERATIONS), given.share)
    report(tally, time.monotonic() - begin)
    say("", "bugs that are put in, and the path on which each is seen")
    missed = [bug for bug in BUGS if not seen(bug)]
    return not tally.well or bool(missed)


def seen(bug: str) -> bool:
    """Tell whether a *bug* that is put in is seen on its path, and only then."""
    path = Path.parse(WITNESSES[bug])
    with stage(bug):
        with_it = play(path)
    with stage():
        without = play(path)
    what = "; ".join(with_it.wrong) or ("unknown, and could be known" if with_it.shrug else "")
    well = bool(what) and not without.wrong and not without.shrug
    say(f"  {'red' if well else 'NOT SEEN'}  {bug:32} {path}", f"       {what}")
    return well


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
