"""Every path that is played, in parts: what each part goes through, and what came of all of it.

Of what multiplies too far, this is left out, and why:

- After the last answer that a path names, a further try gets the same answer again and is never applied:
  paths with two and three tries go through the others.
- The whole table of answers is tried alone, and before or after one of `FEW`. Where two tries are combined
  in full, and three by a sample, `KINDS` stands for the table: one answer of each kind of status and form.
- Paths with more tries go only where one was asked for: a client that does not send again has none there.
- Looks of all kinds meet `KINDS`; the whole table meets `COMMON_LOOKS`. An update is never looked at.
- Ctrl-C and ends of time meet `FEW` and `SLOW` answers: at each point of each of those paths.
"""

from __future__ import annotations

import itertools
import random
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from tests.paths.answers import FEW, KINDS, TABLE
from tests.paths.model import EFFECTS, LOOKS, OPERATIONS, Path
from tests.paths.play import Verdict, play, stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

COMMON_LOOKS = (
    "right",
    "slow",
    "blind-at-first",
    "blind-for-9.5",
    "blind-after-3",
    "text404",
    "page",
    "hang",
)
PAIRED_LOOKS = ("right", "blind-for-9.5", "blind-after-3", "text404")
SLOW = (
    "timeout",
    "504-page-slow",
    "202-object-slow",
    "400-error-slow",
    "500-error-slow",
    "429-error-after3600",
)
SECONDS = (0.3, 1.0, 2.0, 5.0, 9.0, 10.0, 10.5, 12.0, 15.0, 25.0, 45.0, 120.0)
TOKEN_TROUBLE = (
    *("400-error", "401-error", "429-error-after1", "500-error", "503-page", "200-page", "302-page"),
    *("lost", "timeout", "certificate", "unreachable", "untrusted"),
)
# Whose writes a look can tell apart, and whose it cannot.
LOOKED_AT = ("create", "apply", "delete")
INSIDE = tuple(effect for effect in EFFECTS if effect != "12")
SEED = 20261130
MOST_UNKNOWN = 0.05  # of the paths whose truth could be known


def tries(answers: Iterable[str], effects: Iterable[str] = tuple(EFFECTS)) -> list[str]:
    """Give every one of *answers* with every one of *effects*; what was not sent has none."""
    return [
        f"{answer}+{effect}"
        for answer in answers
        for effect in (effects if TABLE[answer].sent else ("never",))
    ]


@dataclass
class Share:
    """About one in *of* of the paths that are gone through, the same each time: all parts in little time."""

    of: int = 1
    dice: random.Random = field(default_factory=lambda: random.Random(SEED))

    def mine(self, path: Path, *, after: Path | None = None) -> Iterator[Verdict]:
        """Play *path* if it is in this share; with *after*, only if another try is made after that path."""
        if self.dice.random() * self.of < 1 and (after is None or goes_on(after)):
            yield play(path)


@cache
def goes_on(path: Path) -> bool:
    """Whether more tries are made than *path* tells of."""
    return play(path).asked_for_more


def one(operation: str, share: Share) -> Iterator[Verdict]:
    """Every answer of the table, everything AI Core may have done, all kinds of looks."""
    looked_at = operation in LOOKED_AT
    for each in tries(TABLE):
        for looks in COMMON_LOOKS if looked_at else ("right", "text404"):
            yield from share.mine(Path(operation, (each,), looks))
    for each in tries(KINDS):
        for looks in LOOKS:
            if looks not in COMMON_LOOKS:
                yield from share.mine(Path(operation, (each,), looks))


def two(operation: str, share: Share) -> Iterator[Verdict]:
    """Every two of `KINDS` one after the other, and the whole table before and after each of `FEW`."""
    looks = PAIRED_LOOKS if operation in LOOKED_AT else ("right",)
    for first, look, second in itertools.product(tries(KINDS), looks, tries(KINDS, INSIDE)):
        head = Path(operation, (first,), look)
        yield from share.mine(head.but(tries=(first, second)), after=head)
    rare = [answer for answer in TABLE if answer not in KINDS]
    for pair in (
        *itertools.product(tries(rare, ("never", "now", "9.9")), tries(FEW, ("never", "now"))),
        *itertools.product(tries(FEW, ("never", "now", "9.9")), tries(rare, ("never", "now"))),
    ):
        yield from share.mine(Path(operation, pair), after=Path(operation, pair[:1]))


def three(operation: str, share: Share) -> Iterator[Verdict]:
    """A sample of three of `KINDS`: after each of the first two alone, another try is made."""
    for path in triples(operation):
        yield from share.mine(path)


def triples(operation: str) -> Iterator[Path]:
    """Give that sample: each early answer comes before each third, and each third meets every look."""
    dice = random.Random(f"{SEED} {operation}")
    early = [each for each in tries(KINDS, ("never", "now", "9.9")) if goes_on(Path(operation, (each,)))]
    if not early:
        return
    rows = [
        *((one, dice.choice(early), third, dice.choice(LOOKS)) for one in early for third in KINDS),
        *((dice.choice(early), one, third, dice.choice(LOOKS)) for one in early for third in KINDS),
        *((dice.choice(early), dice.choice(early), third, look) for third in KINDS for look in LOOKS),
    ]
    for first, second, third, look in rows:
        yield Path(operation, (first, second, dice.choice(tries([third]))), look)


def stops(operation: str, share: Share) -> Iterator[Verdict]:
    """Ctrl-C, once or twice in a row, at every point of paths with one try and with two."""
    looks = ("right", "page", "blind-after-3") if operation in LOOKED_AT else ("right",)
    for each, look in itertools.product(tries(FEW, ("never", "now", "2")), looks):
        path = Path(operation, (each,), look)
        for point in range(1, points(path) + 1):
            yield from share.mine(path.but(stop=(point,)))
            yield from share.mine(path.but(stop=(point, point + 1)))
    for pair in itertools.product(tries(FEW, ("never", "now")), repeat=2):
        path = Path(operation, pair)
        if goes_on(path.but(tries=pair[:1])):
            for point in range(1, points(path) + 1):
                yield from share.mine(path.but(stop=(point,)))


@cache
def points(path: Path) -> int:
    """How many points there are in *path* where Ctrl-C can come."""
    return play(path).points


def ends(operation: str, share: Share) -> Iterator[Verdict]:
    """Limits of time from a third of a second on; answers and looks come at once, late and never."""
    looks = ("right", "slow", "hang", "page") if operation in LOOKED_AT else ("right",)
    for each, look, seconds in itertools.product(tries((*FEW, *SLOW), INSIDE), looks, SECONDS):
        yield from share.mine(Path(operation, (each,), look, seconds=seconds))
    pairs = itertools.product(tries((*FEW, *SLOW), ("never", "now")), repeat=2)
    for pair, seconds in itertools.product(pairs, (5.0, 12.0, 60.0)):
        yield from share.mine(Path(operation, pair, seconds=seconds), after=Path(operation, pair[:1]))


def before(operation: str, share: Share) -> Iterator[Verdict]:
    """All kinds of looks before the write, too."""
    for first, each in itertools.product(LOOKS, tries(FEW, ("never", "now"))):
        for looks in {"right", first}:
            yield from share.mine(Path(operation, (each,), looks, first))


def tokens(operation: str, share: Share) -> Iterator[Verdict]:
    """No token: at first, or when another is asked for, as a write or a look got a 401."""
    answers = ("401-jwt", "401-page", "202-object", "lost", "503-error")
    for number, trouble, each in itertools.product(
        (1, 2, 3), TOKEN_TROUBLE, tries(answers, ("never", "now"))
    ):
        for looks in ("right", "unauthorized"):
            yield from share.mine(Path(operation, (each,), looks, token=f"{number}:{trouble}"))


def others(operation: str, share: Share) -> Iterator[Verdict]:
    """A colleague stores the name, or deletes it, between our look and our write."""
    deed = "remove" if OPERATIONS[operation][1] else "store"
    for each, looks in itertools.product(tries(KINDS), COMMON_LOOKS):
        yield from share.mine(Path(operation, (each,), looks, others=deed))


def full(operation: str, share: Share) -> Iterator[Verdict]:
    """A tenant that holds as many secrets as it may."""
    for each, looks in itertools.product(tries(KINDS), ("right", "text404")):
        yield from share.mine(Path(operation, (each,), looks, full=True))
    for pair in itertools.product(tries(FEW, ("never", "now")), repeat=2):
        yield from share.mine(Path(operation, pair, full=True))


PARTS: dict[str, Callable[[str, Share], Iterator[Verdict]]] = {
    part.__name__: part for part in (one, two, three, stops, ends, before, tokens, others, full)
}


@dataclass
class Tally:
    """What came of many paths. Of what is wrong, the shortest path of each kind is kept.

    *requests* are the most that a path took, *longest* the most seconds from the end of the last write to the
    word, by what was said.
    """

    paths: int = 0
    requests: int = 0
    longest: dict[str, float] = field(default_factory=dict)
    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    outside: Counter[str] = field(default_factory=Counter)
    untrue_outside: Counter[str] = field(default_factory=Counter)
    wrong: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    shortest: dict[tuple[str, str, str], str] = field(default_factory=dict)
    knowable: Counter[str] = field(default_factory=Counter)
    shrugs: Counter[str] = field(default_factory=Counter)
    shrugged_at: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, part: str, verdict: Verdict) -> None:
        """Count one."""
        path, operation = verdict.path, verdict.path.operation
        self.paths += 1
        self.parts[part] += 1
        self._top(verdict.requests, {verdict.said: verdict.waited or 0.0})
        self.outcomes[operation, verdict.said] += 1
        letters = "".join(sorted(verdict.broken))
        if letters:
            self.outside[letters] += 1
            self.untrue_outside[letters] += bool(verdict.untrue)
        for what in verdict.wrong:
            key = (operation.partition("-")[0], verdict.kind, what.partition(" comes ")[0])
            self.wrong[key] += 1
            line = str(path)
            if key not in self.shortest or len(line) < len(self.shortest[key]):
                self.shortest[key] = line
        if verdict.knowable:
            self.knowable[operation] += 1
            if verdict.shrug:
                self.shrugs[operation] += 1
                for answer in {each.partition("+")[0] for each in path.tries}:
                    self.shrugged_at[operation, answer] += 1

    def merge(self, other: Tally) -> None:
        """Count all that *other* counted."""
        self.paths += other.paths
        self._top(other.requests, other.longest)
        for name in (
            "outcomes",
            "parts",
            "outside",
            "untrue_outside",
            "wrong",
            "knowable",
            "shrugs",
            "shrugged_at",
        ):
            getattr(self, name).update(getattr(other, name))
        for key, line in other.shortest.items():
            if key not in self.shortest or len(line) < len(self.shortest[key]):
                self.shortest[key] = line

    def _top(self, requests: int, longest: dict[str, float]) -> None:
        self.requests = max(self.requests, requests)
        for said, seconds in longest.items():
            self.longest[said] = max(seconds, self.longest.get(said, 0.0))

    @property
    def well(self) -> bool:
        """Whether nothing is wrong, and little unknown that could be known."""
        return not self.wrong and self.share_of_unknown <= MOST_UNKNOWN

    @property
    def share_of_unknown(self) -> float:
        """How many of the paths whose truth could be known end in unknown."""
        return sum(self.shrugs.values()) / max(1, sum(self.knowable.values()))


def explored(parts: Iterable[str], operations: Iterable[str], share: int = 1) -> Tally:
    """Go through *parts* for *operations*, or through one in *share* of their paths."""
    goes_on.cache_clear()
    points.cache_clear()
    tally = Tally()
    with stage():
        for part, operation in itertools.product(parts, operations):
            for verdict in PARTS[part](operation, Share(share)):
                tally.add(part, verdict)
    return tally
