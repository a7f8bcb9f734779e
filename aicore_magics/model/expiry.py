"""When a login ends, how that is known, and from when on it is to be replaced."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from aicore_magics.errors import InvalidDate

# Where an end is from: the token itself; the user name, which some registries give out with a fixed life; an
# x509 certificate; a header or an endpoint of the issuer; the registry's documentation; the user; nowhere.
How = Literal["token", "user name", "certificate", "header", "service", "documented", "told", "unknown"]
State = Literal["expired", "soon", "valid", "does not end", "not known"]

NEVER = "never"
SOON = timedelta(days=14)  # before the end of a login whose beginning nobody tells
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    rf"({_DATE.pattern})[Tt ]([0-9]{{2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]{{1,9}})?)?)"
    r"(?: ?([Zz]|UTC|[+-][0-9]{2}(?::?[0-9]{2})?))?"
)
_EXAMPLE = "write it like 2027-01-31, 2027-01-31T18:00+01:00, or never."


@dataclass(frozen=True, slots=True)
class Expiry:
    """The end of a login in UTC, or that it has none (*endless*), or that neither is known.

    *begins* is there where the issuer tells it. *how* is where all this is from.
    """

    ends: datetime | None = None
    begins: datetime | None = None
    endless: bool = False
    how: How = "unknown"

    @classmethod
    def lasting(cls, life: timedelta, now: datetime, how: How) -> Expiry:
        """Give the expiry of what lives for *life* from *now*, an aware time.

        >>> Expiry.lasting(timedelta(hours=12), datetime(2027, 1, 31, tzinfo=UTC), "user name").ends.hour
        12
        """
        return cls(now + min(life, _LAST - now), now, how=how)

    @property
    def known(self) -> bool:
        """Whether it is known when the login ends, or that it does not."""
        return self.endless or self.ends is not None

    @property
    def stated(self) -> bool:
        """Whether the login itself or its issuer says so: no guess, and told by nobody else."""
        return self.known and self.how in ("token", "header", "service", "certificate")

    @property
    def replace_from(self) -> datetime | None:
        """When it is time to replace the login: after two thirds of its life, or 14 days before its end.

        None: it does not end, or its end is not known. The two thirds are cert-manager's rule.
        """
        if self.ends is None:
            return None
        if self.begins is None or self.begins >= self.ends:
            return max(self.ends, _FIRST + SOON) - SOON
        return self.begins + (self.ends - self.begins) * 2 / 3

    def state(self, now: datetime) -> State:
        """Return what the login is at *now*, an aware time."""
        if self.ends is None:
            return "does not end" if self.endless else "not known"
        if self.ends <= now:
            return "expired"
        from_then = self.replace_from
        return "soon" if from_then is not None and from_then <= now else "valid"

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, without what is not known."""
        data: dict[str, Any] = {} if self.how == "unknown" else {"how": self.how}
        if self.endless:
            data["endless"] = True
        for name, time in (("ends", self.ends), ("begins", self.begins)):
            if time is not None:
                data[name] = time.isoformat()
        return data

    @classmethod
    def from_data(cls, data: Any) -> Expiry:
        """Read what `to_data` gave. Raises ValueError for anything else."""
        if not isinstance(data, dict) or data.get("how", "unknown") not in _HOWS:
            raise ValueError("no expiry")
        ends, begins = _time(data.get("ends")), _time(data.get("begins"))
        endless = data.get("endless", False)
        if not isinstance(endless, bool) or (endless and ends is not None):
            raise ValueError("no expiry")
        return cls(ends, begins, endless, data.get("how", "unknown"))


_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_HOWS = ("token", "user name", "certificate", "header", "service", "documented", "told", "unknown")
NOT_KNOWN = Expiry()


def enough_life(expiry: Expiry, now: datetime) -> bool | None:
    """Return whether a login has at least two thirds of its life left at *now*, an aware time.

    None: that is not known, since neither the login itself nor its issuer says when it began. What has ended
    has none left, and what does not end has enough, whoever says so.

    >>> noon = datetime(2027, 1, 31, 12, tzinfo=UTC)
    >>> enough_life(Expiry(noon + timedelta(hours=8), noon - timedelta(hours=4), how="token"), noon)
    True
    """
    if expiry.ends is None:
        return True if expiry.endless else None
    if expiry.ends <= now:
        return False
    if not expiry.stated or expiry.begins is None or expiry.begins >= expiry.ends:
        # One that is known by its user's name alone counts as made now, and may be older.
        return None
    return (expiry.ends - now) * 3 >= (expiry.ends - expiry.begins) * 2


def time_in(text: str) -> datetime | None:
    """Return the time in UTC that *text* names: a date is its 00:00 UTC, a time has an offset.

    >>> time_in("2027-01-31 19:30 +01:30").isoformat(), time_in("31.01.2027"), time_in("2027-01-31T18:00")
    ('2027-01-31T18:00:00+00:00', None, None)
    """
    time = _TIME.fullmatch(text)
    if time and time[3]:
        zone = "+00:00" if time[3] in ("Z", "z", "UTC") else time[3]
        text = f"{time[1]}T{time[2]}{zone}"
    elif not _DATE.fullmatch(text):
        return None
    try:
        read = datetime.fromisoformat(text)
        return read.astimezone(UTC) if read.tzinfo else read.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def told_end(text: str) -> Expiry:
    """Read the end that a user tells: a date ends at 00:00 UTC of that day, a time needs an offset.

    `never` is a login that does not end. One that has ended is *expired*. Raises InvalidDate for anything
    else.

    >>> told_end("2027-01-31").ends.isoformat(), told_end("never").endless
    ('2027-01-31T00:00:00+00:00', True)
    """
    text = text.strip()
    if text.lower() == NEVER:
        return Expiry(endless=True, how="told")
    ends = time_in(text)
    if ends is not None:
        return Expiry(ends, how="told")
    local = time_in(f"{text}Z") is not None
    what = "the end has a time without an offset" if local else "the end is not a date"
    raise InvalidDate(what, next=_EXAMPLE)


def _time(text: Any) -> datetime | None:
    if text is None:
        return None
    time = time_in(text) if isinstance(text, str) else None
    if time is None:
        raise ValueError("no time")
    return time
