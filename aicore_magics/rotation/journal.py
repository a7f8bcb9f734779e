"""The journal of a run: what it is to reach, what it is about to send, and what came of that, in the ledger.

Each wave is one append, so one sync: how the writes of the last wave ended, and what the next one is about to
send. Whatever stops a run, its journal then says of each secret no more and no less than is known.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from time import time_ns
from typing import TYPE_CHECKING, Literal

from aicore_magics.base.aside import whole
from aicore_magics.ledger.ledger_files import DAY
from aicore_magics.rotation.run_id import is_run_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from aicore_magics.ledger.ledger import Ledger
    from aicore_magics.ledger.record import NotedLogin, Record

State = Literal["not begun", "unknown", "replaced", "refused", "same"]
EARLIER = "an earlier write may have been made"
WRITTEN_WITHIN = 10.0  # seconds that a wave waits for the disk
_OF_A_RUN = ("planned", "replaced", "refused", "same", "run ended")


class Journal:
    """Writes the records of *run* into *ledger*, and sets their run where they name none.

    Each method returns "" once all is on the disk, else the reason in words: then nothing may be sent. Ctrl-C
    meanwhile is raised when the write has ended. *since* is the time of the run's last record: what follows
    is later, though this clock may be behind that of another machine.
    """

    def __init__(self, ledger: Ledger, run: str, *, since: int = 0) -> None:
        self.run = run
        self._ledger = ledger
        self._last = since if since <= time_ns() + DAY else 0

    def begin(self, planned: Sequence[Record]) -> str:
        """Write what the run is to reach, in turn order."""
        return self._write(planned)

    def wave(self, settled: Sequence[Record], sending: Sequence[Record]) -> str:
        """Write how the wave before has ended, and what the next one is about to send."""
        return self._write((*settled, *sending))

    def end(self, settled: Sequence[Record], ended: Record | None) -> str:
        """Write how the last wave has ended; with *ended*, that the run is over."""
        return self._write((*settled, ended) if ended else settled)

    def _write(self, records: Sequence[Record]) -> str:
        return _written(partial(self._ledger.write, *map(self._in_run, records)))

    def _in_run(self, record: Record) -> Record:
        self._last = max(record.time, self._last + 1)
        return replace(record, run=record.run or self.run, time=self._last)


def _written(write: Callable[[], str]) -> str:
    """Return what *write* gives. Ctrl-C finds it not begun, and then it never is, or over."""
    try:
        return whole(write, WRITTEN_WITHIN, name="journal")
    except TimeoutError:
        return "the disk does not answer"
    except (MemoryError, RuntimeError, ImportError) as error:
        return type(error).__name__


@dataclass(frozen=True, kw_only=True)
class RunSecret:
    """What a run has done to one secret: what was *planned*, and its *state*, with why in *detail*.

    *login* is what was sent, or was there already; *at* when the state came to be, None before it is begun.
    """

    planned: Record
    state: State = "not begun"
    detail: str = ""
    login: tuple[NotedLogin, ...] = ()
    at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Run:
    """A run as its records tell it; *secrets* are in turn order. *time* is that of its last record."""

    id: str
    secrets: tuple[RunSecret, ...]
    undoes: str
    begun: datetime
    last: datetime
    ended: bool
    notebook: str
    version: str
    time: int

    @property
    def open(self) -> bool:
        """Whether no record says that it is over."""
        return not self.ended

    def count(self, state: State) -> int:
        """Return how many secrets are in this *state*."""
        return sum(secret.state == state for secret in self.secrets)

    @property
    def login(self) -> NotedLogin | None:
        """The login that it brings: of those sent to a secret the one that was not there before."""
        sent = next((secret for secret in self.secrets if secret.login), None)
        if sent is None:
            return None
        return next((login for login in sent.login if login not in sent.planned.logins), sent.login[0])


def runs(records: Iterable[Record]) -> tuple[Run, ...]:
    """Return the runs that *records*, those of a ledger in their order, tell of, the newest last.

    What is left of a run without anything planned is none: there is nothing to go on with. One that is begun
    again after its end, under the same id, is another one.
    """
    parts: list[list[Record]] = []
    latest: dict[str, list[Record]] = {}
    over: set[str] = set()
    for record in records:
        if record.op not in _OF_A_RUN or not is_run_id(record.run):
            continue
        if record.run not in latest or (record.op == "planned" and record.run in over):
            parts.append([])
            latest[record.run] = parts[-1]
            over.discard(record.run)
        latest[record.run].append(record)
        if record.op == "run ended":
            over.add(record.run)
    return tuple(filter(None, map(_run, parts)))


@dataclass
class _Course:
    """What the records of one secret in a run come to."""

    planned: Record
    doubts: dict[str, Record] = field(default_factory=dict)
    settled: Record | None = None
    taken_back: set[str] = field(default_factory=set)
    sent: tuple[NotedLogin, ...] = ()

    def add(self, record: Record) -> None:
        """Take a later record; a write in doubt may come behind what settles it, if a clock was set back."""
        self.sent = record.logins or self.sent
        if record.op == "replaced" and record.outcome == "unknown":
            if record.id not in self.taken_back:
                self.doubts[record.id] = record
            return
        if record.of:
            self.taken_back.add(record.of)
            self.doubts.pop(record.of, None)
        if record.op != "refused" or not record.of:
            self.doubts.clear()
        self.settled = record

    def come_to(self) -> RunSecret:
        """Return what is known: a write in doubt that nothing settles outweighs all that is settled."""
        record = next(reversed(self.doubts.values()), self.settled)
        state: State = "not begun" if record is None else "unknown" if self.doubts else _SETTLED[record.op]
        detail = record.detail if record else ""
        # Whatever became of this run's write, one before it may have been made.
        if self.planned.outcome == "unknown" and state in ("refused", "not begun"):
            state, detail = "unknown", detail or EARLIER
        if record is None:
            return RunSecret(planned=self.planned, state=state, detail=detail)
        return RunSecret(
            planned=self.planned,
            state=state,
            detail=detail,
            login=record.logins or self.sent,
            at=record.at,
        )


_SETTLED: dict[str, State] = {"replaced": "replaced", "refused": "refused", "same": "same"}


def _run(records: list[Record]) -> Run | None:
    """Return the run of *records*, which have one id, or None if nothing was planned in it.

    A secret whose own plan is lost is still told, behind the others.
    """
    about = [record for record in records if record.secret and record.op != "run ended"]
    planned = [record for record in about if record.op == "planned"]
    if not planned:
        return None
    courses: dict[tuple[str, str, str], _Course] = {}
    for record in planned:
        courses.setdefault(record.place, _Course(record))
    for record in about:
        if record.op != "planned":
            courses.setdefault(record.place, _Course(record)).add(record)
    first, last = planned[0], max(records, key=lambda record: record.time)
    return Run(
        id=first.run,
        secrets=tuple(course.come_to() for course in courses.values()),
        undoes=first.undoes if is_run_id(first.undoes) else "",
        begun=first.at,
        last=last.at,
        ended=any(record.op == "run ended" for record in records),
        notebook=first.notebook,
        version=first.version,
        time=last.time,
    )
