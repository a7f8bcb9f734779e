"""What became of each secret in a rotation, as values; the words are found later."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from aicore_magics.next_steps import PYTHON

if TYPE_CHECKING:
    from aicore_magics.next_steps import Words
    from aicore_magics.rotation.plan import PlannedSecret

# Not begun yet, under way, or what came of it: `replaced` was tested, accepted by AI Core, and is there;
# `refused` still has the old login; `unknown` has the old or the new one; `the same` had it before.
SecretState = Literal[
    "waiting", "testing", "replacing", "replaced", "refused", "unknown", "the same", "not begun"
]
# Why nobody has seen it afterwards: there was no look, or the list of secrets could not be read.
Unseen = Literal["", "not looked", "not read"]
DONE: tuple[SecretState, ...] = ("replaced", "the same")


@dataclass(frozen=True)
class SecretOutcome:
    """The *state* of a secret, *why* it is so where that is worth a word, and the *fix*.

    *tested* counts the images that were tested with the new login, *unseen*: AI Core accepted it, and why
    nobody has seen it there since. *has*: a refused secret has not the former login, but nothing, as it is
    gone, or another one.
    """

    secret: PlannedSecret
    state: SecretState = "waiting"
    why: str = ""
    fix: Words = ""
    tested: int = 0
    unseen: Unseen = ""
    has: Literal["", "nothing", "another"] = ""

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "tenant": self.secret.tenant,
            "host": self.secret.host,
            "name": self.secret.name,
            "state": self.state,
            "why": self.why or None,
            "fix": PYTHON.say(self.fix) or None,
            "images_tested": self.tested,
            "seen_afterwards": self.state == "replaced" and not self.unseen,
        }


@dataclass(frozen=True)
class Outcomes:
    """What became of all secrets of a *run*, in turn."""

    run: str
    each: tuple[SecretOutcome, ...]

    def of(self, *states: SecretState) -> tuple[SecretOutcome, ...]:
        """Return those in one of *states*."""
        return tuple(outcome for outcome in self.each if outcome.state in states)

    def count(self, *states: SecretState) -> int:
        """Return how many are in one of *states*."""
        return len(self.of(*states))

    @property
    def counts(self) -> Counter[SecretState]:
        """How many are in each state."""
        return Counter(outcome.state for outcome in self.each)

    @property
    def complete(self) -> bool:
        """Whether all secrets that are still there hold the new login."""
        return all(each.state in DONE or each.has == "nothing" for each in self.each)

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do in this run."""
        return all(each.state in DONE or each.has for each in self.each)

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data: how many are in each state, and what became of each."""
        return {
            "run": self.run,
            "complete": self.complete,
            "secrets": len(self.each),
            "counts": dict(self.counts),
            "each": [outcome.to_data() for outcome in self.each],
        }
