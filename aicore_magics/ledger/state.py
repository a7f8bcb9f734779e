"""What records say together: what each secret is taken to hold, and which of them that rests on.

The later record is believed. One with a time of the days to come counts as the oldest: else a clock that was
wrong once would be believed for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import attrgetter
from time import time_ns
from typing import TYPE_CHECKING

from aicore_magics.ledger.record import SILENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from collections.abc import Set as AbstractSet

    from aicore_magics.ledger.record import Record

_DAY = 86_400 * 10**9
# Marks are kept so long though nothing is seen any more that they are about: it may be in a file that its
# writer on another machine still has.
MARKS_KEPT = 400 * _DAY
# A run that has ended is kept so long: whoever undoes it needs all of it.
RUNS_KEPT = 30 * _DAY
_TURN = attrgetter("time", "id")
_HOLDS = ("created", "replaced", "noted")
_RUN_ENDED, _REFUSED, _FORGOTTEN, _SERVICE_KEY = "run ended", "refused", "forgotten", "service key"


@dataclass(frozen=True)
class Known:
    """What a secret is taken to hold: that of *record*, unless *doubt*, a later record, was done as well.

    Of *doubt* the outcome is unknown. Where nothing else is known of a secret, *record* itself is such a one:
    its `outcome` says so, and *doubt* is the last of them.
    """

    record: Record
    doubt: Record | None = None

    @property
    def in_doubt(self) -> Record | None:
        """The last write of which it is not known whether it was made."""
        return self.doubt or (self.record if self.record.outcome == "unknown" else None)


@dataclass
class _Held:
    """What the records of one secret come to: the last of which all is known, and what is in doubt since."""

    known: Record | None = None
    write: Record | None = None  # the last that may have stored something
    doubt: Record | None = None

    def add(self, record: Record) -> None:
        if record.outcome == "done":
            self.known, self.write, self.doubt = record, None, None
        else:
            self.doubt = record
            self.write = record if record.op in _HOLDS else self.write


def visible(
    records: Iterable[Record], gone: AbstractSet[str] = frozenset(), now: int | None = None
) -> tuple[Record, ...]:
    """Return *records* by their time, without those that one of them takes back, or that are *gone*.

    Those that are ahead of *now*, this moment if it is None, come first.
    """
    records = sorted(records, key=_TURN)
    now = time_ns() if now is None else now
    if records and records[-1].is_ahead(now):
        records.sort(key=lambda record: not record.is_ahead(now))
    gone = gone | taken_back(records)
    return tuple(
        record for record in records if record.id not in gone and not (record.op == _FORGOTTEN and record.of)
    )


def taken_back(records: Iterable[Record]) -> AbstractSet[str]:
    """Return the ids that *records* take back."""
    return {record.of for record in records if record.op == _FORGOTTEN and record.of}


def refused(records: Iterable[Record]) -> AbstractSet[str]:
    """Return the ids of the writes that were not made, as *records* say: they stay, and count no more."""
    return {record.of for record in records if record.op == _REFUSED and record.of}


def known(records: Iterable[Record]) -> tuple[Known, ...]:
    """Return what each secret of *records*, the oldest first, is taken to hold now."""
    records = list(records)
    turn = {record.id: at for at, record in enumerate(records)}
    states = [held for (*_, of_key), held in _held(records).items() if not of_key]
    return tuple(sorted(filter(None, map(_known, states)), key=lambda each: turn[each.record.id]))


def service_keys(records: Iterable[Record]) -> tuple[Record, ...]:
    """Return the last record of each tenant's own service key in *records*, the oldest first."""
    states = [held for (*_, of_key), held in _held(list(records)).items() if of_key]
    return tuple(sorted((held.known for held in states if held.known), key=_TURN))


def needed(
    records: Iterable[Record],
    now: int,
    gone: AbstractSet[str] = frozenset(),
    refused_there: AbstractSet[str] = frozenset(),
) -> set[str]:
    """Return the ids of those of *records* that a merger keeps at *now*.

    They are: of each secret what `known` rests on; all of a run until 30 days after a record says that it has
    ended; and marks, which say that of a run, or take a record back. *gone* and *refused_there* are the ids
    that records elsewhere take back.
    """
    records = list(records)
    shown = visible(records, gone, now)
    kept = {
        record.id: record
        for held in _held(shown, refused_there).values()
        for record in (held.known, held.write, held.doubt)
        if record
    }
    ends = [record for record in shown if record.op == _RUN_ENDED]
    over = {end.run for end in ends} - {end.run for end in ends if end.time > now - RUNS_KEPT}
    kept.update((record.id, record) for record in shown if record.run and record.run not in over)
    runs = {record.run for record in kept.values()}
    marks = [record for record in records if _is_mark(record)]
    return {*kept, *(mark.id for mark in marks if mark.time > now - MARKS_KEPT or (mark.run in runs - {""}))}


def _is_mark(record: Record) -> bool:
    return record.op == _RUN_ENDED or (record.op in (_FORGOTTEN, _REFUSED) and bool(record.of))


def _known(held: _Held) -> Known | None:
    if held.known and held.known.op in _HOLDS:
        return Known(held.known, held.doubt)
    return Known(held.write, held.doubt) if held.write else None


def _held(
    records: Sequence[Record], refused_there: AbstractSet[str] = frozenset()
) -> dict[tuple[str, str, str, bool], _Held]:
    """What the records of each secret, and of each tenant's service key, come to."""
    states: dict[tuple[str, str, str, bool], _Held] = {}
    back = refused_there | refused(records)
    for record in records:
        was_refused = record.outcome == "unknown" and record.id in back
        if not (was_refused or record.op in SILENT or _is_mark(record)):
            states.setdefault((*record.place, record.op == _SERVICE_KEY), _Held()).add(record)
    return states
