"""How often a schedule has to run for a login of some life, and when: as a line of cron."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from aicore_magics.base.plural import count
from aicore_magics.base.spaces import bare
from aicore_magics.errors import InvalidSchedule

DELAY = timedelta(minutes=30)  # that a CI may start a run late; assumed, none promises a limit
_HOUR, _DAY = 60, 24 * 60
# Those that divide an hour or a day: only they are even in cron.
_EVEN = (5, 6, 10, 12, 15, 20, 30, *(hours * _HOUR for hours in (1, 2, 3, 4, 6, 8, 12, 24)))
_OFFERED = (10, 15, 20, 30, *(hours * _HOUR for hours in (1, 2, 4, 8, 12, 24)))
_TEXT = re.compile(r"([0-9]{1,5}) ?(min|h|d)")
_UNITS = {"min": 1, "h": _HOUR, "d": _DAY}
_EXAMPLE = "write it like 30min, 4h or 1d."


@dataclass(frozen=True)
class Interval:
    """A run every so many *minutes*, for a login that lives for *life*."""

    minutes: int
    life: timedelta

    @property
    def missed(self) -> int:
        """How many runs in a row may fail before the login has ended; less than 0: it ends between runs."""
        return (self.life - DELAY) // timedelta(minutes=self.minutes) - 1

    @property
    def shown(self) -> str:
        """The interval in words.

        >>> Interval(240, timedelta(hours=12)).shown, Interval(15, timedelta(hours=1)).shown
        ('4 hours', '15 minutes')
        """
        return in_words(self.minutes)

    def cron(self, seed: int) -> str:
        """Return the line of cron, with a minute that *seed* chooses: never a full hour.

        >>> Interval(240, timedelta(hours=12)).cron(7), Interval(15, timedelta(hours=1)).cron(7)
        ('8 3,7,11,15,19,23 * * *', '8,23,38,53 * * * *')
        """
        if self.minutes < _HOUR:
            first = 1 + seed % (self.minutes - 1)
            return f"{_row(first, self.minutes, _HOUR)} * * * *"
        step = self.minutes // _HOUR
        hours = "*" if step == 1 else _row(seed % step, step, _DAY // _HOUR)
        return f"{1 + seed % (_HOUR - 1)} {hours} * * *"


def interval(every: str, life: timedelta, *, shortest: int) -> Interval:
    """Return the interval *every*, or the longest in which one run may fail, for a login of *life*.

    *shortest* is that of the engine, in minutes. Raises InvalidSchedule for one that cannot work.
    """
    if not bare(every):
        fitting = [Interval(minutes, life) for minutes in _OFFERED if minutes >= shortest]
        return max((each for each in fitting if each.missed > 0), key=_minutes, default=fitting[0])
    chosen = Interval(_parsed(bare(every)), life)
    if chosen.missed < 0:
        most = max((each for each in _EVEN if Interval(each, life).missed >= 0), default=_EVEN[0])
        raise InvalidSchedule(
            f"the login lives {in_words(_whole(life))}, so a run every {chosen.shown} comes too late",
            next=f"use at most {_short(most)}, or leave it out for the interval that fits.",
        )
    if chosen.minutes < shortest:
        raise InvalidSchedule(
            f"this engine starts a run at most every {shortest} minutes",
            next=f"use {_short(shortest)} or longer.",
        )
    if chosen.minutes not in _EVEN:
        near = [max((e for e in _EVEN if e < chosen.minutes), default=0)]
        near += [each for each in _EVEN if each > chosen.minutes and Interval(each, life).missed >= 0][:1]
        raise InvalidSchedule(
            f"a run every {chosen.shown} is not possible in cron: it must divide an hour or a day",
            next=f"use {' or '.join(_short(each) for each in near if each)}.",
        )
    return chosen


def in_words(minutes: int) -> str:
    """Return *minutes* in the largest unit that they are whole in.

    >>> in_words(60), in_words(90), in_words(2880)
    ('1 hour', '90 minutes', '2 days')
    """
    for word, size in (("day", _DAY), ("hour", _HOUR)):
        if minutes >= size and not minutes % size and not (word == "day" and minutes == _DAY):
            return count(minutes // size, word)
    return count(minutes, "minute")


def _parsed(text: str) -> int:
    found = _TEXT.fullmatch(text)
    minutes = int(found[1]) * _UNITS[found[2]] if found else 0
    if not minutes:
        raise InvalidSchedule("the interval is not a number of min, h or d", next=_EXAMPLE)
    return minutes


def _short(minutes: int) -> str:
    return f"{minutes}min" if minutes % _HOUR else f"{minutes // _HOUR}h"


def _row(first: int, step: int, end: int) -> str:
    return ",".join(map(str, range(first, end, step)))


def _whole(life: timedelta) -> int:
    return int(life.total_seconds()) // 60


def _minutes(each: Interval) -> int:
    return each.minutes
