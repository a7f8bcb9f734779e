"""What a verification of a tenant gives back, and what the deletion of its throw-away secrets does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.aicore.verification.questions import NEVER_ASKED
from aicore_magics.base.plural import count
from aicore_magics.base.report import Fact, Mark, Report, Step, Table
from aicore_magics.base.result import Done
from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicore_magics.aicore.verification.findings import Row
    from aicore_magics.aicore.verification.throwaways import LeftBehind
    from aicore_magics.base.report import State

_STATES: dict[str, State] = {"as assumed": "done", "otherwise": "warning", "not seen": "unknown"}


@dataclass(frozen=True, repr=False)
class TenantVerified(Done):
    """What was seen of each assumption, in rows without tenant, host or id that anybody may see.

    *left* are throw-away secrets that may still be there, *others* those that other runs may be at work
    with. *ended* says why not everything was asked; empty if it was. *date* is in UTC.
    """

    rows: tuple[Row, ...]
    left: tuple[LeftBehind, ...]
    others: tuple[str, ...]
    ended: str
    requests: int
    seconds: float
    date: str
    sandbox: bool
    version: str

    def with_verdict(self, verdict: str) -> tuple[Row, ...]:
        """Give the rows with this *verdict*: "as assumed", "otherwise" or "not seen"."""
        return tuple(row for row in self.rows if row.verdict == verdict)

    def report(self) -> Report:
        """How many are as assumed; each that is not, with what it means here; then all of them."""
        numbers = {verdict: len(self.with_verdict(verdict)) for verdict in _STATES}
        summary = ", ".join(f"{number} {verdict}" for verdict, number in numbers.items() if number)
        worst = next((v for v in ("otherwise", "not seen") if numbers[v]), "as assumed")
        return Report(
            f"Docker secret API: {summary}",
            "unknown" if self.left else _STATES[worst],
            tuple(self._sentences()),
            tuple(Fact(row.asks, f"aicore-magics {row.ours}") for row in self.with_verdict("otherwise")),
            Table(
                ("Question", "Verdict", "Assumed", "Seen"),
                tuple(
                    (row.asks, Mark(row.verdict, _STATES[row.verdict]), row.assumed, row.seen)
                    for verdict in ("otherwise", "not seen", "as assumed")
                    for row in self.with_verdict(verdict)
                ),
            ),
            _removal((each.name for each in self.left), "delete it")
            + _removal(self.others, "delete it, if no other run is at work with it"),
        )

    def _sentences(self) -> Iterator[str]:
        yield (
            f"{_left_words(self.left)} {self.requests} requests in {self.seconds:.0f} s by aicore-magics "
            f"{self.version}, {self.date}{', in a sandbox' if self.sandbox else ''}."
        )
        if self.ended:
            yield f"Not all questions were asked: {self.ended}."
        if self.others:
            yield f"Throw-away secrets of other runs, which may go on: {', '.join(self.others)}."
        yield f"Never asked: {NEVER_ASKED}."


@dataclass(frozen=True, repr=False)
class ThrowawaysRemoved(Done):
    """Throw-away secrets of verifications that are gone now, and those that may still be there."""

    removed: tuple[str, ...]
    left: tuple[LeftBehind, ...]
    absent: tuple[str, ...] = ()

    def report(self) -> Report:
        """How many are gone, which are not, and which were not there."""
        headline = f"{count(len(self.removed), 'throw-away secret')} deleted"
        state: State = "unknown" if self.left else "hint" if self.absent else "done"
        absent = (f"Not in the list: {', '.join(self.absent)}.",) if self.absent else ()
        return Report(
            headline,
            state,
            (*absent, _left_words(self.left)),
            steps=_removal((each.name for each in self.left), "delete it"),
        )


def _left_words(left: tuple[LeftBehind, ...]) -> str:
    if not left:
        return "Nothing is left behind."
    names = ", ".join(f"{each.name} ({each.why})" for each in left)
    return f"{count(len(left), 'throw-away secret')} may be left behind: {names}."


def _removal(names: Iterable[str], what: str) -> tuple[Step, ...]:
    return tuple(Step(what, (do("remove-throwaway", name=name),)) for name in names)
