"""What was seen of each assumption, as rows that may be shown to anybody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from aicore_magics.aicore.verification.questions import MET, QUESTIONS

Verdict: TypeAlias = Literal["as assumed", "otherwise", "not seen"]


@dataclass(frozen=True)
class Row:
    """One assumption and what AI Core does. *ours* is what this package makes of it.

    *seen* is what was seen, or for the verdict "not seen" why it was not.
    """

    id: str
    asks: str
    assumed: str
    ours: str
    seen: str
    verdict: Verdict


class Findings:
    """What was seen so far, by the ids of the questions. What is noted first stands."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[str, Verdict]] = {}

    def note(self, key: str, seen: str, *, as_assumed: bool) -> None:
        """Note what was seen of the question *key*."""
        self._seen.setdefault(key, (seen, "as assumed" if as_assumed else "otherwise"))

    def leave_open(self, key: str, why: str) -> None:
        """Note why the question *key* has no answer, if it has none."""
        self._seen.setdefault(key, (why, "not seen"))

    def why_open(self, key: str) -> str:
        """Give why the question *key* has no answer; empty if it has one, or was not asked."""
        seen, verdict = self._seen.get(key, ("", "as assumed"))
        return seen if verdict == "not seen" else ""

    def rows(self, why: str) -> tuple[Row, ...]:
        """Give a row for each question; *why* those have none that were not come to."""
        return tuple(
            Row(each.id, each.asks, each.assumed, each.ours, *self._seen.get(each.id, (why, "not seen")))
            for each in (*QUESTIONS, *MET)
            if each.id in self._seen or each not in MET
        )
