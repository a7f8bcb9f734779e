"""The rules of the check as results: all of them, and one with its reason and samples."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.base.plural import count
from aicore_magics.base.report import Code, Fact, Mark, Report, Step, Table
from aicore_magics.base.result import Done
from aicore_magics.next_steps import do
from aicore_magics.templates.finding import SEVERITIES

if TYPE_CHECKING:
    from aicore_magics.base.report import State
    from aicore_magics.templates.finding import Rule, Severity

SHOWN_LINES = 40
_STATES: dict[Severity, State] = {"error": "refused", "warning": "warning", "hint": "hint"}


@dataclass(frozen=True, repr=False)
class RuleList(Done):
    """All rules, by their ids."""

    rules: tuple[Rule, ...]

    def report(self) -> Report:
        """How many there are, then each with its severity and what it finds."""
        numbers = [(sum(one.severity == kind for one in self.rules), kind) for kind in SEVERITIES]
        told = ", ".join(count(number, kind) for number, kind in numbers)
        rows = tuple(
            (Mark(one.severity.capitalize(), _STATES[one.severity]), Code(one.id), one.finds)
            for one in self.rules
        )
        return Report(
            f"{len(self.rules)} rules: {told}",
            table=Table(("Severity", "Rule", "Finds"), rows),
            steps=(Step("see why, with samples", (do("rule", id="image-tag"),)),),
        )


@dataclass(frozen=True, repr=False)
class RuleShown(Done):
    """One rule: what it finds, why, where that is from, and two samples."""

    rule: Rule

    def to_dict(self) -> dict[str, Any]:
        """Give the result as plain data, ready for `json.dumps`."""
        return {"result": type(self).__name__, "rule": self.rule.to_dict()}

    def report(self) -> Report:
        """The rule as facts, then a sample that it finds and one that it does not."""
        rule = self.rule
        return Report(
            f"{rule.id}: {rule.finds}",
            facts=(
                Fact("Severity", f"{rule.severity}{'; ' if rule.varies else ''}{rule.varies}"),
                Fact("Why", rule.why),
                Fact("Source", rule.source),
                Fact("Disable", how_to_disable(rule)),
            ),
            samples=tuple(
                Step(f"{word}{place(rule)}:", cut(sample), "yaml")
                for word, sample in (("Bad", rule.bad), ("Good", rule.good))
            ),
        )


def how_to_disable(rule: Rule) -> Code | str:
    """Give the comment that disables *rule* at a line, or say that nothing does."""
    if rule.always:
        return "not possible: nothing can be checked in such a file"
    return Code(f"# aicore-magics: disable={rule.id}")


def place(rule: Rule) -> str:
    """Give the place of the samples as the end of a sentence; nothing for a whole file or a line."""
    return f", in the {rule.place}" if rule.place not in ("file", "path") else ""


def cut(sample: str) -> tuple[str, ...]:
    """Give the lines of *sample*, of a very long one the first."""
    lines = sample.splitlines()
    more = len(lines) - SHOWN_LINES
    return (*lines[:SHOWN_LINES], *([f"# and {more} more lines"] if more > 0 else []))
