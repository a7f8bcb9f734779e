"""The writes of a rotation: the first secret alone, then the rest side by side, and looks around them.

The journal is told of them wave by wave: while one is on its way, what came of others and what goes out next
is written down together, and nothing goes out before that. Whatever stops the run (Ctrl-C, a refusal, a
claim that was lost), nothing new is sent from then on, what is under way gets a moment to end, and each
secret is told as it is: where no answer came, it may hold the old or the new login.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, final

from aicore_magics.base.calls import sending
from aicore_magics.errors import OutcomeUnknown
from aicore_magics.http.deadline import TIME_LIMIT, Deadline
from aicore_magics.http.pacer import Pacer
from aicore_magics.next_steps import unclosed
from aicore_magics.rotation.tally import Tally
from aicore_magics.rotation.targets import Tenant, look_at
from aicore_magics.rotation.writes import Writes

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aicore_magics.rotation.journal import Journal
    from aicore_magics.rotation.outcomes import Outcomes
    from aicore_magics.rotation.targets import Target

WORKERS = 8
GRACE = 5.0  # seconds that requests under way have to end after Ctrl-C
MOST_IN_A_ROW = 3  # writes of one tenant that fail before the rest of it is left alone
_GLANCE = 0.25  # seconds between two looks at the clock while answers are waited for
_GONE = "its tenant no longer has this secret"
_NOT_LISTED = "AI Core accepted it, but no longer lists the secret"


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
        self._tally = Tally(targets, journal)
        self._held = held
        self._workers = workers
        self._timeout = timeout
        self._show = show
        self._writes = Writes(targets, timeout)
        pacers = {target.client.host: Pacer(target.client.host) for target in targets}
        self._tenants = {
            id(target.client): Tenant(target.client, pacers[target.client.host]) for target in targets
        }
        self.interrupted = False
        self._proven = proven
        self._shown = 0.0

    @property
    def outcomes(self) -> Outcomes:
        """What became of each secret, as far as it is known now."""
        return self._tally.outcomes

    @property
    def unrecorded(self) -> str:
        """Why the journal could not take the last of it."""
        return self._tally.unrecorded

    def run(self) -> Outcomes:
        """Write all of them. Returns whatever happens, also after Ctrl-C."""
        unknown = partial(
            OutcomeUnknown,
            "you stopped while logins were being replaced",
            words="Each secret may have the old or the new login.",
        )
        # An interrupt that comes out of here all the same is one of a change that may have been made.
        with sending(unknown):
            try:
                self._go()
            except KeyboardInterrupt:
                self.interrupted = True
            finally:
                self._end()
        return self.outcomes

    def _go(self) -> None:
        for tenant in self._tenants.values():
            tenant.client.pacer = tenant.pacer
        look_at(self._tenants.values(), self._timeout)
        for index in range(len(self._targets)):
            self._begin(index)
        self._tell(at_once=True)
        if not self._proven and not self._first():
            return
        if not self._rest():
            return
        # Looks may take a while, and a run that is cut off meanwhile would not know of its last writes.
        self._tally.tell()
        look_at(self._tenants.values(), self._timeout)
        self._look_again()

    def _begin(self, index: int) -> None:
        """Note what is known of a secret before anything is sent."""
        target = self._targets[index]
        tenant = self._tenants[id(target.client)]
        if tenant.lacks(target.planned.name):
            self._tally.gone(index, _GONE)
        elif target.left:
            self._tally.gone(index, target.left, has="another")
        elif target.before:
            self._proven = True
            self._looked_for(index, seen=tenant.has(target.planned.name))
        elif target.same:
            self._tally.settle(index, "the same")
        elif tenant.fault is not None:
            self._tally.settle(index, "not begun", why=unclosed(tenant.fault.what), fix=tenant.fault.next)

    def _first(self) -> bool:
        """Write the first secret alone, and see it there. Return whether the rest may follow."""
        for index in self._tally.those("waiting")[:1]:
            if not self._announce([index]):
                return False
            self._start(index)
            while self._writes.under_way:
                self._wait()
            why = "the first secret was not replaced, so the run stopped"
            if self._tally[index].state == "replaced":
                seen = self._targets[index].client.seen(
                    self._targets[index].planned.name, Deadline(self._timeout)
                )
                self._proven = seen is True
                self._looked_for(index, seen=seen is not None)
                if seen is False:
                    self._tally.settle(index, "unknown", why=_NOT_LISTED)
                why = "the first secret was not seen after its write, so the run stopped"
            if not self._proven:
                self._tally.leave(why)
                return False
        return True

    def _rest(self) -> bool:
        """Write the rest side by side; return whether the journal could be told of all of them."""
        todo, ready = deque(self._tally.those("waiting")), deque[int]()
        told = True
        while todo or ready or self._writes.under_way:
            if todo and not ready:
                ready.extend(todo.popleft() for _ in range(min(len(todo), self._workers)))
                told = self._announce([*ready])
                if not told:
                    todo.clear()
            while ready and len(self._writes.under_way) < self._workers:
                self._start(ready.popleft())
            if self._writes.under_way:
                self._wait()
        return told

    def _announce(self, wave: Sequence[int]) -> bool:
        """Tell the journal what goes out next. If that may not go out, leave all that wait; return False."""
        if not self._held():
            self._tally.leave("another process has taken over the run")
            return False
        fault = self._tally.announce([index for index in wave if self._waits(index)])
        if fault:
            self._tally.leave(f"this machine could not record it: {fault}")
        return not fault

    def _start(self, index: int) -> None:
        """Begin one write, unless it is left alone by now."""
        if self._waits(index):
            # Before it starts: Ctrl-C may come right behind that.
            self._tally.note(index, self._targets[index].outcome("replacing"))
            self._writes.start(index)
            self._tell(at_once=not self._proven)

    def _waits(self, index: int) -> bool:
        return self._tally[index].state == "waiting"

    def _wait(self) -> None:
        """Take the next answer, or settle what has none long after its time was up."""
        for index in self._writes.settled(_GLANCE):
            self._settle(index)
        self._tell()

    def _collect(self, seconds: float) -> None:
        """Take the answers of all that is under way; after *seconds* what has none is unknown."""
        end = monotonic() + seconds
        while self._writes.under_way and (left := end - monotonic()) > 0:
            for index in self._writes.settled(min(_GLANCE, left)):
                self._settle(index)
            self._tell()
        for index in self._tally.those("replacing"):
            self._settle(index)

    def _settle(self, index: int) -> None:
        """Note what became of a write, and leave the rest of its tenant alone after some failures."""
        answer = self._writes.end(index)
        self._tally.settle(index, *answer)
        client = self._targets[index].client
        tenant = self._tenants[id(client)]
        tenant.failures = 0 if answer.state == "replaced" else tenant.failures + 1
        if tenant.failures >= MOST_IN_A_ROW:
            why = f"{tenant.failures} writes in a row failed in its tenant"
            rest = (index for index, target in enumerate(self._targets) if target.client is client)
            self._tally.leave(why, rest)

    def _tell(self, *, at_once: bool = False) -> None:
        if at_once or monotonic() >= self._shown + _GLANCE:
            self._shown = monotonic()
            self._show(self.outcomes)

    def _end(self) -> None:
        """Send nothing new, and give what is under way a moment; a second Ctrl-C takes that away."""
        try:
            for grace in (GRACE, 0.0, 0.0):
                try:
                    self._close(grace)
                except KeyboardInterrupt:
                    self.interrupted = True
                else:
                    return
            raise KeyboardInterrupt
        finally:
            for tenant in self._tenants.values():
                tenant.client.pacer = None

    def _close(self, grace: float) -> None:
        """Tell the journal the last of it."""
        for tenant in self._tenants.values():
            tenant.pacer.close()
        self._collect(grace)
        self._tally.leave("you stopped the run" if self.interrupted else "")
        self._tally.tell()

    def _look_again(self) -> None:
        """Tell of each secret that was accepted whether its tenant still lists it."""
        for index in self._tally.those("replaced"):
            target = self._targets[index]
            tenant = self._tenants[id(target.client)]
            if tenant.lacks(target.planned.name):
                self._tally.settle(index, "unknown", why=_NOT_LISTED)
            else:
                self._looked_for(index, seen=tenant.has(target.planned.name))
        self._tell(at_once=True)

    def _looked_for(self, index: int, *, seen: bool) -> None:
        """Note that the tenant was asked for its secrets, and whether its answer shows this one."""
        self._tally.note(index, replace(self._tally[index], unseen="" if seen else "not read"))
