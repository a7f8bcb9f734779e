"""What is known of each secret in a run, and what its journal has yet to be told of that.

Ctrl-C can strike between any two lines. So what is known of a secret changes in one step, together with the
record that tells it, and a record counts as told once the journal has it; telling it twice does no harm.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, final

from aicore_magics.rotation.outcomes import Outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from aicore_magics.ledger.record import Record
    from aicore_magics.next_steps import Words
    from aicore_magics.rotation.journal import Journal
    from aicore_magics.rotation.outcomes import SecretOutcome, SecretState
    from aicore_magics.rotation.targets import Target


@final
class Tally:
    """The outcomes of *targets* by their index, and their records in the *journal*.

    *unrecorded* is why the journal could not take the last of them.
    """

    def __init__(self, targets: Sequence[Target], journal: Journal) -> None:
        self._targets = targets
        self._journal = journal
        self._each: list[tuple[SecretOutcome, Record | None]] = [(each.at_first(), None) for each in targets]
        self._sent: dict[int, Record] = {}  # the records that say that a write is about to go out
        self._told: set[str] = set()
        self.unrecorded = ""

    @property
    def outcomes(self) -> Outcomes:
        """What became of each secret, as far as it is known now."""
        return Outcomes(self._journal.run, tuple(outcome for outcome, _ in self._each))

    def __getitem__(self, index: int) -> SecretOutcome:
        return self._each[index][0]

    def those(self, state: SecretState) -> list[int]:
        """Return those in this *state*, in turn."""
        return [index for index, (outcome, _) in enumerate(self._each) if outcome.state == state]

    def note(self, index: int, outcome: SecretOutcome) -> None:
        """Note more of a secret that the journal need not know."""
        self._each[index] = outcome, self._each[index][1]

    def settle(self, index: int, state: SecretState, why: str = "", fix: Words = "") -> None:
        """Note what became of a secret, and the record that tells it."""
        unseen = "not looked" if state == "replaced" else ""
        outcome = self._targets[index].outcome(state, why=why, fix=fix, unseen=unseen)
        self._each[index] = outcome, self._record(index, state, why)

    def gone(self, index: int, why: str, *, has: Literal["nothing", "another"] = "nothing") -> None:
        """Note that a secret is gone or left as it is, whatever an earlier write has done."""
        target = self._targets[index]
        outcome = replace(target.outcome("waiting"), state="refused", why=why, has=has)
        self._each[index] = outcome, target.record.with_(op="refused", detail=why)

    def leave(self, why: str, some: Iterable[int] | None = None) -> None:
        """Begin none of those that wait, or of *some* of them."""
        for index in {*self.those("waiting")}.intersection(range(len(self._each)) if some is None else some):
            self.settle(index, "not begun", why=why)

    def announce(self, wave: Sequence[int]) -> str:
        """Tell the journal of what is settled, and that *wave* goes out; return why it could not, if so."""
        for index in wave:
            self._sent[index] = self._targets[index].record.with_(outcome="unknown")
        return self._write([self._sent[index] for index in wave])

    def tell(self) -> None:
        """Tell the journal what is settled, and it does not know yet."""
        self._write([])

    def _write(self, sending: Sequence[Record]) -> str:
        settled = [record for _, record in self._each if record and record.id not in self._told]
        if not settled and not sending:
            return ""
        self.unrecorded = self._journal.wave(settled, sending)
        if not self.unrecorded:
            self._told.update(record.id for record in settled)
        return self.unrecorded

    def _record(self, index: int, state: SecretState, why: str) -> Record | None:
        record, sent = self._targets[index].record, self._sent.get(index)
        if state == "the same":
            return record.with_(op="same")
        if state == "replaced":
            return record.with_()
        if state == "unknown":
            return record.with_(outcome="unknown", detail=why)
        # What was announced, and did nothing, is taken back.
        return sent.with_(op="refused", outcome="done", of=sent.id, detail=why) if sent else None
