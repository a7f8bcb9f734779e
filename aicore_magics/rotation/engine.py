"""The writes of a rotation: the first secret alone, then the rest in waves side by side, and looks around it.

Each wave is in the journal before a byte of it goes out. Whatever stops the run (Ctrl-C, a refusal, a claim
that was lost), nothing new is sent from then on, what is under way gets a moment to end, and each secret is
told as it is: where no answer came, it may hold the old or the new login.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, final

from aicore_magics.aicore import secret_store
from aicore_magics.base.calls import sending
from aicore_magics.base.redact import hiding
from aicore_magics.errors import AICoreError, OutcomeUnknown
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.http.pacer import Pacer
from aicore_magics.next_steps import Effect, unclosed
from aicore_magics.rotation.outcomes import Outcomes
from aicore_magics.rotation.targets import Tenant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from aicore_magics.ledger.record import Record
    from aicore_magics.rotation.journal import Journal
    from aicore_magics.rotation.outcomes import SecretOutcome, SecretState
    from aicore_magics.rotation.targets import Target

WORKERS = 8
GRACE = 5.0  # seconds that requests under way have to end after Ctrl-C
MOST_IN_A_ROW = 3  # writes of one tenant that fail before the rest of it is left alone
_GLANCE = 0.25  # seconds between two looks at the clock while answers are waited for
_LATE = 5.0  # seconds beyond its time limit that a write has to tell what became of it
_GONE = "its tenant has no secret of this name any more"
_NOT_LISTED = "AI Core accepted it, and does not list the secret any more"


def _nobody(_outcomes: Outcomes) -> None:
    """Show nobody."""


@final
class Engine:
    """Writes *targets*, in turn, and tells what became of each. `interrupted`: Ctrl-C has ended it early.

    *held* is asked before each wave whether this process still has the run. With *proven* no secret goes
    first: one has been written with these logins before, and was seen afterwards. *show* is called with all
    outcomes when some have changed, in the thread of the caller, at most four times a second.
    """

    def __init__(  # noqa: PLR0913 - what a run is, and who looks at it
        self,
        targets: Sequence[Target],
        journal: Journal,
        *,
        held: Callable[[], bool] = lambda: True,
        workers: int = WORKERS,
        timeout: float = TIME_LIMIT,
        proven: bool = False,
        show: Callable[[Outcomes], None] = _nobody,
    ) -> None:
        self._targets = targets
        self._journal = journal
        self._held = held
        self._workers = workers
        self._timeout = timeout
        self._show = show
        self._outcomes = [target.outcome("waiting") for target in targets]
        self._sent: dict[int, Record] = {}  # the records that say a write is about to go out
        self._threads: dict[int, Thread] = {}
        self._under_way: set[int] = set()
        self._answers: SimpleQueue[tuple[int, SecretOutcome]] = SimpleQueue()
        self._unsettled: list[Record] = []  # what the next wave tells the journal of the last one
        self._tenants = {id(target.client): Tenant(target.client) for target in targets}
        self.interrupted = False
        self.unrecorded = ""
        self._proven = proven
        self._shown = 0.0

    @property
    def outcomes(self) -> Outcomes:
        """What became of each secret, as far as it is known now."""
        return Outcomes(self._journal.run, tuple(self._outcomes))

    def run(self) -> Outcomes:
        """Write all of them. Returns whatever happens, also after Ctrl-C."""
        unknown = partial(
            OutcomeUnknown,
            "you stopped while logins were being replaced",
            words="Each secret may hold the old or the new login.",
        )
        for tenant in self._tenants.values():
            tenant.client.pacer = Pacer(tenant.client.host)
        # An interrupt that comes out of here all the same is one of a change that may have been made.
        with sending(unknown):
            try:
                self._go()
            except KeyboardInterrupt:
                self._stop()
            self._close()
        return self.outcomes

    def _go(self) -> None:
        self._look(self._tenants.values())
        for index, target in enumerate(self._targets):
            self._outcomes[index] = self._begun(target)
        self._tell(at_once=True)
        if not self._proven and not self._first():
            return
        while wave := self._waiting()[: self._workers]:
            if not self._wave(wave):
                return
        self._look(self._tenants.values())
        self._look_again()

    def _begun(self, target: Target) -> SecretOutcome:
        """What is known of a secret before anything is sent."""
        tenant = self._tenants[id(target.client)]
        if tenant.lacks(target.planned.name):
            self._unsettled.append(target.record.with_(op="refused", detail=_GONE))
            return target.outcome("refused", why=_GONE)
        if target.same:
            self._unsettled.append(target.record.with_(op="same"))
            return target.outcome("the same")
        if target.before:
            self._proven = True
            return target.outcome("replaced", unseen=not tenant.has(target.planned.name))
        if tenant.fault is not None:
            return target.outcome("not begun", why=unclosed(tenant.fault.what), fix=tenant.fault.next)
        return target.outcome("waiting")

    def _first(self) -> bool:
        """Write the first secret alone, and see it there. Return whether the rest may follow."""
        for index in self._waiting()[:1]:
            name = self._targets[index].planned.name
            if not self._wave([index]):
                return False
            if self._outcomes[index].state == "replaced":
                seen = self._targets[index].client.seen(name, Deadline(self._timeout))
                if seen is False:
                    self._settle(index, self._targets[index].outcome("unknown", why=_NOT_LISTED))
                self._proven = seen is True
                self._outcomes[index] = replace(self._outcomes[index], unseen=seen is None)
            if not self._proven:
                self._leave("the first secret was not replaced, so the run stopped")
                return False
        return True

    def _waiting(self) -> list[int]:
        return [index for index, outcome in enumerate(self._outcomes) if outcome.state == "waiting"]

    def _wave(self, wave: Sequence[int]) -> bool:
        """Write some secrets side by side; return whether another wave may follow."""
        if not self._held():
            self._leave("another process has taken over the run")
            return False
        records = {index: self._targets[index].record.with_(outcome="unknown") for index in wave}
        settled, self._unsettled = self._unsettled, []
        fault = self._journal.wave(settled, [*records.values()])
        if fault:
            self.unrecorded = fault
            self._leave(f"this machine could not record it: {fault}")
            return False
        for index in wave:
            thread = Thread(target=self._write, args=(index,), name="aicore-magics-rotate", daemon=True)
            self._sent[index], self._threads[index] = records[index], thread
            # Before it starts: Ctrl-C may come right behind that.
            self._outcomes[index] = self._targets[index].outcome("replacing")
            self._under_way.add(index)
            thread.start()
        self._tell(at_once=len(wave) == 1)
        self._collect(self._timeout + _LATE)
        return True

    def _write(self, index: int) -> None:
        """Write one secret, in a thread of its own, and tell what became of it."""
        target = self._targets[index]
        outcome = target.outcome("unknown", why="no answer came back")
        try:
            with hiding(*(login.password for login in target.secret.logins)):
                secret_store.replace(target.client, target.secret, Deadline(self._timeout))
            outcome = target.outcome("replaced", unseen=True)
        except OutcomeUnknown as error:
            outcome = target.outcome("unknown", why=unclosed(error.what))
        except AICoreError as error:
            sent = error.effect is not Effect.NOTHING_SENT
            state: SecretState = "refused" if sent else "not begun"
            outcome = target.outcome(state, why=unclosed(error.what), fix=error.next)
        finally:
            self._answers.put((index, outcome))

    def _collect(self, seconds: float) -> None:
        """Take the answers of all that is under way; after *seconds* what has none is unknown."""
        end = monotonic() + seconds
        while self._under_way and (left := end - monotonic()) > 0:
            try:
                index, outcome = self._answers.get(timeout=min(_GLANCE, left))
            except Empty:
                pass
            else:
                if index in self._under_way:
                    self._settle(index, outcome)
            self._tell()
        for index in sorted(self._under_way):
            begun = self._threads[index].ident is not None
            why = "no answer came back in time" if begun else ""
            self._settle(index, self._targets[index].outcome("unknown" if begun else "not begun", why=why))

    def _tell(self, *, at_once: bool = False) -> None:
        if at_once or monotonic() >= self._shown + _GLANCE:
            self._shown = monotonic()
            self._show(self.outcomes)

    def _settle(self, index: int, outcome: SecretOutcome) -> None:
        """Note what became of a secret, for the journal, too, which has it with the next wave."""
        target, sent = self._targets[index], self._sent[index]
        self._outcomes[index] = outcome
        self._under_way.discard(index)
        if outcome.state == "replaced":
            self._unsettled.append(target.record.with_())
        elif outcome.state == "unknown":
            self._unsettled.append(target.record.with_(outcome="unknown", detail=outcome.why))
        else:
            self._unsettled.append(sent.with_(op="refused", outcome="done", of=sent.id, detail=outcome.why))
        self._count(target, failed=outcome.state != "replaced")

    def _count(self, target: Target, *, failed: bool) -> None:
        """Leave the rest of a tenant alone after some failures in a row."""
        tenant = self._tenants[id(target.client)]
        tenant.failures = tenant.failures + 1 if failed else 0
        if tenant.failures >= MOST_IN_A_ROW:
            why = f"{tenant.failures} writes in a row failed in its tenant"
            for index in self._waiting():
                if self._targets[index].client is target.client:
                    self._outcomes[index] = self._targets[index].outcome("not begun", why=why)

    def _leave(self, why: str) -> None:
        """Begin none of those that wait."""
        for index in self._waiting():
            self._outcomes[index] = self._targets[index].outcome("not begun", why=why)

    def _stop(self) -> None:
        """Send nothing new, and give what is under way a moment; a second Ctrl-C takes that away."""
        self.interrupted = True
        for tenant in self._tenants.values():
            if tenant.client.pacer:
                tenant.client.pacer.close()
        try:
            self._collect(GRACE)
        except KeyboardInterrupt:
            self._collect(0)

    def _close(self) -> None:
        """Tell the journal the last of it. Ctrl-C can come here as well: what is known is written."""
        self._leave("you stopped the run" if self.interrupted else "")
        settled, self._unsettled = self._unsettled, []
        if settled:
            self.unrecorded = self._journal.wave(settled, ()) or self.unrecorded
        for tenant in self._tenants.values():
            tenant.client.pacer = None

    def _look(self, tenants: Iterable[Tenant]) -> None:
        """Read the names of the secrets of all *tenants*, side by side."""
        threads = [
            Thread(target=tenant.look, args=(self._timeout,), name="aicore-magics-names", daemon=True)
            for tenant in tenants
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_GLANCE)

    def _look_again(self) -> None:
        """Tell of each secret that was accepted whether its tenant still lists it."""
        for index, target in enumerate(self._targets):
            tenant, outcome = self._tenants[id(target.client)], self._outcomes[index]
            if outcome.state != "replaced":
                continue
            if tenant.lacks(target.planned.name):
                self._outcomes[index] = target.outcome("unknown", why=_NOT_LISTED)
                self._unsettled.append(target.record.with_(outcome="unknown", detail=_NOT_LISTED))
            else:
                self._outcomes[index] = replace(outcome, unseen=not tenant.has(target.planned.name))
        self._tell(at_once=True)
