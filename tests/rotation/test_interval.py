"""How often a schedule runs: seldom enough to be cheap, often enough that a run may fail."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidSchedule
from aicore_magics.rotation.interval import Interval, interval

LIVES = {"google": timedelta(hours=1), "azure": timedelta(hours=3), "aws": timedelta(hours=12)}


def times(cron):
    """The minutes of a day at which *cron* is due."""
    minutes, hours, *rest = cron.split()
    assert rest == ["*", "*", "*"]
    each_hour = range(24) if hours == "*" else map(int, hours.split(","))
    return sorted(hour * 60 + int(minute) for hour in each_hour for minute in minutes.split(","))


@pytest.mark.parametrize(
    ("cloud", "shown", "missed"),
    [("google", "15 minutes", 1), ("azure", "1 hour", 1), ("aws", "4 hours", 1)],
)
def test_the_longest_in_which_a_run_may_fail(cloud, shown, missed):
    """Without a wish it is the longest of the usual ones in which one run may fail."""
    for shortest in (5, 10):
        chosen = interval(" ", LIVES[cloud], shortest=shortest)
        assert (chosen.shown, chosen.missed) == (shown, missed)


@pytest.mark.parametrize(
    ("cloud", "every", "missed"),
    [
        *(
            ("aws", every, missed)
            for every, missed in (("8h", 0), ("6h", 0), ("4 h", 1), ("3h", 2), ("1h", 10))
        ),
        *(("azure", "1h", 1), ("azure", "2h", 0), ("azure", "30min", 4)),
        *(("google", "30min", 0), ("google", "20min", 0), ("google", "10min", 2)),
    ],
)
def test_how_many_runs_may_fail(cloud, every, missed):
    """As many as fit into the life, less half an hour for a late start, but for the one in time."""
    assert interval(every, LIVES[cloud], shortest=5).missed == missed


@pytest.mark.parametrize(
    ("cloud", "every", "says", "fix"),
    [
        ("google", "1d", "the login lives 1 hour", "30min"),
        ("google", "1h", "comes too late", "30min"),
        ("azure", "3h", "the login lives 3 hours", "2h"),
        ("aws", "12h", "the login lives 12 hours", "8h"),
        ("aws", "90d", "every 90 days", "8h"),
        ("aws", "5min", "at most every 10 minutes", "10min"),
        ("aws", "5h", "must divide an hour or a day", "4h or 6h"),
        ("aws", "45min", "must divide", "30min or 1h"),
        ("google", "25min", "must divide", "20min or 30min"),
        *(
            ("aws", every, "not a number", "30min, 4h")
            for every in ("0h", "4", "h", "-4h", "4hours", "1e9h", "٤h")
        ),
    ],
)
def test_what_cannot_work_is_refused(cloud, every, says, fix):
    """An interval in which the login ends, or that engine or cron does not have, is refused."""
    with pytest.raises(InvalidSchedule) as caught:
        interval(every, LIVES[cloud], shortest=10)
    assert says in caught.value.message
    assert fix in caught.value.hint
    assert "Nothing was written." in caught.value.message


@given(
    st.sampled_from([5, 6, 10, 12, 15, 20, 30, 60, 120, 180, 240, 360, 480, 720, 1440]),
    st.integers(min_value=0, max_value=2**32),
)
def test_runs_are_evenly_apart_and_never_at_a_full_hour(minutes, seed):
    """Each gap of a day is the interval, over midnight as well, and no run is due when all others are."""
    due = times(Interval(minutes, timedelta(hours=12)).cron(seed))
    gaps = {(after - before) % 1440 for before, after in zip(due, [*due[1:], due[0]], strict=True)}
    assert gaps == {minutes % 1440}
    assert not any(each % 60 == 0 for each in due)
