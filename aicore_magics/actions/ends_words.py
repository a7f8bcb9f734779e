"""When a login ends, in words: a card says how much time is left, a text the date alone.

People read days and hours of their own zone; data has UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from datetime import date as Day  # noqa: N812 - `date` is a method here
from typing import TYPE_CHECKING

from aicore_magics.base.plural import count
from aicore_magics.base.report import Mark, Said

if TYPE_CHECKING:
    from datetime import tzinfo

    from aicore_magics.base.report import State as Ring
    from aicore_magics.model.expiry import Expiry, How, State

_MIDNIGHT = time()
_RINGS: dict[State, Ring] = {"expired": "refused", "soon": "warning", "not known": "unknown"}
HOW: dict[How, str] = {
    "token": "read from the token",
    "user name": "from the user name",
    "certificate": "read from the certificate",
    "header": "asked at its issuer",
    "service": "asked at its issuer",
    "documented": "documented by the registry",
    "told": "entered by you",
    "unknown": "",
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_MOST_DAYS = 999  # a longer time says less than its date


@dataclass(frozen=True)
class When:
    """Words for times, as they are at *now* in *zone*; None is the zone of this machine."""

    now: datetime
    zone: tzinfo | None = None

    def date(self, time: datetime, *, year: bool = False) -> str:
        """Return the day of *time*: 3 Dec; with its *year* where that is wanted, or is not this one."""
        day = self._day(time)
        short = f"{day.day} {_MONTHS[day.month - 1]}"
        return f"{short} {day.year}" if year or day.year != self._local(self.now).year else short

    def clock(self, time: datetime, *, seconds: bool = False) -> str:
        """Return the hour and minute of *time*, and the *seconds* if wanted."""
        return f"{self._local(time):{'%H:%M:%S' if seconds else '%H:%M'}}"

    def days(self, time: datetime) -> int:
        """Return how many days from today the day of *time* is. The nights between count, not the hours."""
        return (self._day(time) - self._local(self.now).date()).days

    def seconds(self, time: datetime) -> float:
        """Return how long it is to *time*."""
        # Of two times in one zone, Python takes the clocks' difference, and not that of the times.
        return (_utc(time) - _utc(self.now)).total_seconds()

    def ends(self, expiry: Expiry) -> Said:
        """Return when a login ends, with the ring of its state."""
        return Said(Mark(self.left(expiry), ring(expiry, self.now)), self.written(expiry))

    def left(self, expiry: Expiry) -> str:
        """Return when a login ends, for a card: in 4 days, 3 Dec."""
        return ", ".join(filter(None, self._left(expiry)))

    def short(self, expiry: Expiry) -> str:
        """Return when a login ends, in few words: in 4 days."""
        span, date = self._left(expiry)
        return span or date

    def written(self, expiry: Expiry) -> str:
        """Return when a login ends, for a text: 3 Dec 2026, soon."""
        state = expiry.state(self.now)
        if expiry.ends is None or state == "expired":
            return state
        day = self.date(expiry.ends, year=True)
        return f"{day}, soon" if state == "soon" else day

    def replace_from(self, expiry: Expiry) -> Said:
        """Return from when on a login is to be replaced; a text says nothing where there is nothing to do."""
        state = expiry.state(self.now)
        if state in ("expired", "soon"):
            return Said("now", "now")
        due = expiry.replace_from
        if due is None:
            return Said("no need" if state == "does not end" else state, "")
        card = f"today, {self.clock(due)}" if self.days(due) == 0 else self.date(due)
        return Said(card, self.date(due, year=True))

    def stored(self, time: datetime) -> Said:
        """Return when something was stored: with the clock if it was today, and else with the year."""
        day = self.date(time, year=True)
        return Said(f"today {self.clock(time)}" if self.days(time) == 0 else day, day)

    def _left(self, expiry: Expiry) -> tuple[str, str]:
        """How long it is to the end, and the day; either may be left out."""
        state = expiry.state(self.now)
        if expiry.ends is None:
            return state, ""
        if state != "expired":
            return self._future(expiry.ends)
        span, date = self._past(expiry.ends)
        return f"expired {span or date}", date if span else ""

    def _past(self, time: datetime) -> tuple[str, str]:
        seconds, days = -self.seconds(time), -self.days(time)
        if seconds < _MINUTE:
            return "just now", ""
        if seconds < _HOUR:
            return f"{int(seconds // _MINUTE)} min ago", ""
        if seconds < _DAY or days < 1:
            return f"{int(seconds // _HOUR)} h ago", ""
        return f"{count(days, 'day')} ago" if days <= _MOST_DAYS else "", self.date(time)

    def _future(self, time: datetime) -> tuple[str, str]:
        seconds, days = self.seconds(time), self.days(time)
        if seconds < _HOUR:
            return f"in {max(1, int(seconds // _MINUTE))} min", ""
        if seconds < _DAY or days < 1:
            when = {0: self.clock(time), 1: "tomorrow"}.get(days) or self.date(time)
            return f"in {int(seconds // _HOUR)} h", when
        return f"in {count(days, 'day')}" if days <= _MOST_DAYS else "", self.date(time)

    def _day(self, time: datetime) -> Day:
        """The local day of *time*; of a midnight in UTC, which is how dates are told, that date."""
        in_utc = _utc(time)
        return (in_utc if in_utc.time() == _MIDNIGHT else self._local(time)).date()

    def _local(self, time: datetime) -> datetime:
        try:
            return time.astimezone(self.zone)
        except (OverflowError, ValueError, OSError):  # in the years 1 and 9999, and before 1970 on Windows
            return time


def ring(expiry: Expiry, now: datetime) -> Ring:
    """Return the ring that a login has at *now*: none, as long as nothing is to be done."""
    return _RINGS.get(expiry.state(now), "")


def _utc(time: datetime) -> datetime:
    try:
        return time.astimezone(UTC)
    except OverflowError:
        return time
