"""When a login ends, in words: by the days of whoever reads them, and the same for both forms."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.actions.ends_words import HOW, When, ring
from aicore_magics.base.report import Mark
from aicore_magics.model.expiry import NOT_KNOWN, Expiry

NOW = datetime(2026, 11, 29, 11, 0, tzinfo=UTC)
BERLIN, CHATHAM = "Europe/Berlin", "Pacific/Chatham"


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def zoned(name):
    try:
        return ZoneInfo(name)
    except LookupError:
        pytest.skip(f"left out: this system does not know {name}")


# now, zone, end, begin, the card's words, the text's, replace from on the card
ENDS = [
    ("2026-11-29T11:00", "UTC", "2026-11-29T11:00", "", "expired just now", "expired", "now"),
    ("2026-11-29T11:00", "UTC", "2026-11-29T10:20", "", "expired 40 min ago", "expired", "now"),
    ("2026-11-29T11:00", "UTC", "2026-11-29T03:00", "", "expired 8 h ago", "expired", "now"),
    ("2026-11-29T11:00", "UTC", "2026-11-28T12:00", "", "expired 23 h ago", "expired", "now"),
    ("2026-11-29T11:00", "UTC", "2026-11-28T11:00", "", "expired 1 day ago, 28 Nov", "expired", "now"),
    (
        "2026-11-29T11:00",
        "UTC",
        "2025-11-28T11:00",
        "",
        "expired 366 days ago, 28 Nov 2025",
        "expired",
        "now",
    ),
    ("2026-11-29T11:00", "UTC", "0001-01-01T00:00", "", "expired 1 Jan 1", "expired", "now"),
    ("2026-11-29T11:00", "UTC", "2026-11-29T11:00:30", "", "in 1 min", "29 Nov 2026, soon", "now"),
    ("2026-11-29T11:00", "UTC", "2026-11-29T11:25", "", "in 25 min", "29 Nov 2026, soon", "now"),
    ("2026-11-29T11:00", "UTC", "2026-11-29T20:12", "", "in 9 h, 20:12", "29 Nov 2026, soon", "now"),
    ("2026-11-29T11:00", "UTC", "2026-11-30T08:00", "", "in 21 h, tomorrow", "30 Nov 2026, soon", "now"),
    ("2026-11-29T11:00", "UTC", "2026-11-30T11:00", "", "in 1 day, 30 Nov", "30 Nov 2026, soon", "now"),
    ("2026-11-29T11:00", "UTC", "2026-12-03T11:00", "", "in 4 days, 3 Dec", "3 Dec 2026, soon", "now"),
    (
        "2026-11-29T11:00",
        "UTC",
        "2027-01-06T11:00",
        "2026-10-26T11:00",
        *("in 38 days, 6 Jan 2027", "6 Jan 2027", "13 Dec"),
    ),
    (
        "2026-11-29T11:00",
        "UTC",
        "2027-02-08T11:00",
        "",
        "in 71 days, 8 Feb 2027",
        "8 Feb 2027",
        "25 Jan 2027",
    ),
    ("2026-11-29T11:00", "UTC", "9999-12-31T23:59", "", "31 Dec 9999", "31 Dec 9999", "17 Dec 9999"),
    # Twelve hours of life: two thirds of it are over later today.
    (
        "2026-11-29T11:00",
        "UTC",
        "2026-11-29T20:00",
        "2026-11-29T08:00",
        *("in 9 h, 20:00", "29 Nov 2026", "today, 16:00"),
    ),
    # The end of 3 Dec in UTC is on another day elsewhere.
    ("2026-11-29T11:00", BERLIN, "2026-12-03T23:30", "", "in 5 days, 4 Dec", "4 Dec 2026, soon", "now"),
    ("2026-11-29T11:00", CHATHAM, "2026-12-03T10:30", "", "in 4 days, 4 Dec", "4 Dec 2026, soon", "now"),
    ("2026-11-29T11:00", CHATHAM, "2026-12-03T09:30", "", "in 3 days, 3 Dec", "3 Dec 2026, soon", "now"),
    ("2026-11-29T10:30", CHATHAM, "2026-12-03T10:30", "", "in 4 days, 4 Dec", "4 Dec 2026, soon", "now"),
    # The night of 25 hours, and the one of 23: 24 hours from midnight are still today, or 23 are tomorrow.
    ("2026-10-24T22:00", BERLIN, "2026-10-25T22:30", "", "in 24 h, 23:30", "25 Oct 2026, soon", "now"),
    ("2026-10-25T00:15", BERLIN, "2026-10-25T01:30", "", "in 1 h, 02:30", "25 Oct 2026, soon", "now"),
    ("2026-03-28T23:00", BERLIN, "2026-03-29T22:15", "", "in 23 h, tomorrow", "30 Mar 2026, soon", "now"),
    ("2026-03-28T22:45", BERLIN, "2026-03-29T22:15", "", "in 23 h, 30 Mar", "30 Mar 2026, soon", "now"),
    ("2026-10-24T10:00", BERLIN, "2026-10-26T10:00", "", "in 2 days, 26 Oct", "26 Oct 2026, soon", "now"),
    # Nothing is earlier than the year 1, or later than 9999, in any zone.
    (
        "0001-01-01T00:00",
        "America/New_York",
        "0001-01-20T00:00",
        *("", "in 19 days, 20 Jan", "20 Jan 1", "6 Jan"),
    ),
    ("9999-12-30T00:00", CHATHAM, "9999-12-31T23:59", "", "in 1 day, 31 Dec", "31 Dec 9999, soon", "now"),
]


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "UTC", "Pacific/Kiritimati"])
def test_a_date_is_the_same_everywhere(zone):
    """An end at midnight in UTC is shown as the date that was told, in whatever zone one sits."""
    now, ends = datetime(2026, 12, 1, 12, tzinfo=UTC), datetime(2026, 12, 20, tzinfo=UTC)
    assert When(now, ZoneInfo(zone)).date(ends) == "20 Dec"


@pytest.mark.parametrize(("now", "zone", "end", "begin", "card", "text", "due"), ENDS)
def test_ends(now, zone, end, begin, card, text, due):
    """Days are those of the zone, nights of 23 and 25 hours among them; the text has dates alone."""
    when = When(at(now), zoned(zone))
    expiry = Expiry(at(end), at(begin) if begin else None)
    said, replaced = when.ends(expiry), when.replace_from(expiry)
    assert (said.card.word, said.text, replaced.card) == (card, text, due)


@pytest.mark.parametrize(
    ("expiry", "word", "state", "due"),
    [
        (Expiry(endless=True), "does not end", "", "no need"),
        (NOT_KNOWN, "not known", "unknown", "not known"),
        (Expiry(NOW), "expired", "refused", "now"),
        (Expiry(NOW + timedelta(days=14)), "soon", "warning", "now"),
        (Expiry(NOW + timedelta(days=15)), "14 Dec", "", "30 Nov"),
    ],
)
def test_each_state_has_its_word_and_ring(expiry, word, state, due):
    """*Expired*, *soon*, *does not end* and *not known* look different; what is well has no ring."""
    when = When(NOW, UTC)
    said = when.ends(expiry)
    assert isinstance(said.card, Mark)
    assert (said.card.state, ring(expiry, NOW)) == (state, state)
    assert word in said.text
    assert when.replace_from(expiry).card == due
    assert bool(when.replace_from(expiry).text) is expiry.ends.__class__.__name__.startswith("datetime")


def test_a_time_in_the_zone_of_the_reader():
    """How long it is to an end does not depend on the zone in which *now* is given."""
    berlin = zoned(BERLIN)
    now = datetime(2026, 10, 25, 2, 30, tzinfo=berlin)  # before the clock goes back; the end is an hour after
    end = datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=berlin)
    assert When(now, berlin).seconds(end) == 3600


def test_when_it_was_stored():
    """The clock is told of today alone, and on a card alone."""
    when = When(NOW, UTC)
    assert (when.stored(at("2026-11-29T08:12")).card, when.stored(NOW).text) == ("today 08:12", "29 Nov 2026")
    assert when.stored(at("2026-03-02T08:12")).card == "2 Mar 2026"


def test_where_an_end_is_from_has_words():
    """Each way to know an end has its words, but for not knowing it."""
    assert [how for how, words in HOW.items() if not words] == ["unknown"]


TIMES = st.datetimes(timezones=st.just(UTC))
ZONES = st.integers(-24 * 60 + 1, 24 * 60 - 1).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(TIMES, TIMES, TIMES | st.none(), ZONES)
def test_words_for_any_time(now, end, begin, zone):
    """In any zone at any time there are words; they agree with the state, and a text has no clock."""
    when, expiry = When(now, zone), Expiry(end, begin)
    said, due, state = when.ends(expiry), when.replace_from(expiry), expiry.state(now)
    assert said.text
    assert ":" not in said.text + due.text + when.stored(end).text
    assert (state == "expired") is said.card.word.startswith("expired") is (said.text == "expired")
    assert (state == "soon") is said.text.endswith(", soon")
    assert (due.card == "now") is (state in ("expired", "soon"))
    counted = re.match(r"in (\d+) days?", said.card.word)
    assert counted is None or int(counted[1]) == when.days(end)
    assert when.short(expiry) in said.card.word
