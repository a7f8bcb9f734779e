"""When a login ends: what people type, what is kept, and what that means at a given time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidDate
from aicore_magics.model.expiry import NOT_KNOWN, SOON, Expiry, enough_life, time_in, told_end

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
TIMES = st.datetimes(timezones=st.just(UTC))
EXPIRIES = st.one_of(
    st.builds(
        Expiry, st.none() | TIMES, st.none() | TIMES, how=st.sampled_from(["token", "told", "unknown"])
    ),
    st.builds(Expiry, begins=st.none() | TIMES, endless=st.just(True), how=st.just("documented")),
)

TOLD = {
    "2027-01-31": "2027-01-31T00:00+00:00",
    "  2027-01-31\n": "2027-01-31T00:00+00:00",
    "2027-01-31T18:00Z": "2027-01-31T18:00+00:00",
    "2027-01-31t18:00z": "2027-01-31T18:00+00:00",
    "2027-01-31 18:00Z": "2027-01-31T18:00+00:00",
    "2027-01-31 18:00:30 UTC": "2027-01-31T18:00:30+00:00",
    "2027-01-31T18:00+01:00": "2027-01-31T17:00+00:00",
    "2027-01-31 18:00 +0100": "2027-01-31T17:00+00:00",
    "2027-01-31T18:00+01": "2027-01-31T17:00+00:00",
    "2027-01-31T18:00:00.123456789-07:30": "2027-02-01T01:30:00.123456+00:00",
    "2027-01-31T01:00+13:45": "2027-01-30T11:15+00:00",
    # The hour that summer time leaves out, and both that it has twice: an offset says which.
    "2027-03-28T02:30+01:00": "2027-03-28T01:30+00:00",
    "2027-10-31T02:30+02:00": "2027-10-31T00:30+00:00",
    "2027-10-31T02:30+01:00": "2027-10-31T01:30+00:00",
    "2028-02-29": "2028-02-29T00:00+00:00",
    "1999-12-31": "1999-12-31T00:00+00:00",
    "0001-01-01": "0001-01-01T00:00+00:00",
    "9999-12-31T23:59:59Z": "9999-12-31T23:59:59+00:00",
}
NO_DATE = [
    "",
    "soon",
    "31.01.2027",
    "01/31/2027",
    "2027/01/31",
    "20270131",
    "20270131T180000Z",
    "2027-1-31",
    "2027-02-30",
    "2027-02-29",
    "2027-13-01",
    "2027-W05-1",
    "27-01-31",
    "10000-01-01",
    "-2027-01-31",
    "2027-01-31x18:00Z",
    "2027-01-31T18Z",
    "2027-01-31T23:59:60Z",
    "2027-01-31T25:00Z",
    "2027-01-31T18:00+25:00",
    "2027-01-31T18:00CET",
    "2027-01-31T18:00 Europe/Berlin",
    "1769904000",
    "\u0662\u0660\u0662\u0667-\u0660\u0661-\u0663\u0661",
    "2027-01-3\u0661",
    "2027-01-31T18:0\uff10Z",
    "2027-01-31\0",
    "0001-01-01T00:00+13:45",  # in UTC it would be before the first day of all
    "9999-12-31T23:59-13:45",
    "9" * 100_000,
]


@pytest.mark.parametrize(("text", "ends"), TOLD.items(), ids=str)
def test_what_people_type(text, ends):
    """A date ends at 00:00 UTC of its day; a time is what its offset makes of it; a past one is accepted."""
    told = told_end(text)
    assert told == Expiry(datetime.fromisoformat(ends), how="told")
    assert told.ends.tzinfo is UTC
    assert (told.state(NOW) == "expired") == (told.ends <= NOW)


@pytest.mark.parametrize("text", ["never", " Never ", "NEVER"])
def test_never(text):
    """A login may be told not to end."""
    assert told_end(text) == Expiry(endless=True, how="told")


@pytest.mark.parametrize("text", NO_DATE, ids=lambda text: ascii(text)[:30])
def test_no_date(text):
    """Any other form is refused, with an example, and is not repeated."""
    with pytest.raises(InvalidDate, match="the end is not a date") as caught:
        told_end(text)
    assert "2027-01-31T18:00+01:00" in str(caught.value.next)
    assert caught.value.what == "the end is not a date"


@pytest.mark.parametrize("text", ["2027-01-31T18:00", "2027-01-31 18:00:00"])
def test_a_time_without_an_offset(text):
    """A time of nobody knows which clock is refused for that."""
    with pytest.raises(InvalidDate, match="without an offset"):
        told_end(text)


@given(st.text() | st.from_regex(r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{0,12}[ Z+-]?[0-9:]{0,6})?"))
def test_any_text(text):
    """Whatever is typed is an end in UTC, or refused."""
    time = time_in(text)
    assert time is None or time.tzinfo is UTC
    try:
        assert told_end(text).known
    except InvalidDate:
        assert time is None


STATES = [
    (Expiry(), "not known"),
    (Expiry(how="token"), "not known"),
    (Expiry(endless=True, how="documented"), "does not end"),
    (Expiry(NOW), "expired"),
    (Expiry(NOW - HOUR, NOW - DAY), "expired"),
    (Expiry(FIRST), "expired"),
    (Expiry(FIRST, FIRST), "expired"),
    (Expiry(NOW + timedelta(microseconds=1)), "soon"),
    (Expiry(NOW + SOON), "soon"),
    (Expiry(NOW + SOON + HOUR), "valid"),
    # Two thirds of a life of 12 hours are 8.
    (Expiry(NOW + 4 * HOUR, NOW - 8 * HOUR), "soon"),
    (Expiry(NOW + 5 * HOUR, NOW - 7 * HOUR), "valid"),
    (Expiry(NOW + 121 * DAY, NOW - 244 * DAY), "soon"),
    (Expiry(NOW + 122 * DAY, NOW - 243 * DAY), "valid"),
    # A beginning after the end is none.
    (Expiry(NOW + 2 * HOUR, NOW + 3 * HOUR), "soon"),
    (Expiry(LAST), "valid"),
    (Expiry(LAST, FIRST), "valid"),
]


@pytest.mark.parametrize(("expiry", "state"), STATES, ids=str)
def test_states(expiry, state):
    """*Soon* is after two thirds of a life whose beginning is known, else 14 days before the end."""
    assert expiry.state(NOW) == state
    assert expiry.known == (state != "not known")


@given(EXPIRIES, TIMES)
def test_any_time(expiry, now):
    """No time in the calendar is too early or too late: replacing comes before the end, never after it."""
    state, due = expiry.state(now), expiry.replace_from
    assert (due is None) == (expiry.ends is None)
    assert due is None or due <= expiry.ends
    assert due is None or (state in ("soon", "expired")) == (due <= now or expiry.ends <= now)


@given(TIMES, st.timedeltas(timedelta(0), timedelta.max))
def test_what_lasts(now, life):
    """What lives for a while from now on ends in the calendar, however long that is."""
    expiry = Expiry.lasting(life, now, "user name")
    assert expiry.begins == now <= expiry.ends
    assert expiry.ends == LAST or expiry.ends - now == life


@given(EXPIRIES)
def test_there_and_back(expiry):
    """What is kept as plain data is read as it was."""
    data = expiry.to_data()
    assert Expiry.from_data(data) == expiry
    assert all(isinstance(value, str | bool) for value in data.values())


def test_nothing_known():
    """Of what is not known, nothing is kept."""
    assert NOT_KNOWN.to_data() == {}
    assert Expiry.from_data({}) == NOT_KNOWN


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "never",
        {"how": "magic"},
        {"how": ["told"]},
        {"how": {}},
        {"endless": "yes"},
        {"endless": 1},
        {"endless": True, "ends": "2027-01-31T00:00:00+00:00"},
        {"ends": 1_800_000_000},
        {"ends": ""},
        {"ends": "2027-01-31T18:00:00"},
        {"ends": "0001-01-01T00:00:00+13:45"},
        {"begins": "yesterday"},
        {"begins": ["2027-01-31"]},
    ],
    ids=str,
)
def test_no_expiry(data):
    """What was not written by it is not read, and no other error than ValueError comes of it."""
    with pytest.raises(ValueError, match=r"no (expiry|time)"):
        Expiry.from_data(data)


SECOND = timedelta(seconds=1)
STATED = ("token", "header", "service", "certificate")
NOT_STATED = ("user name", "documented", "told", "unknown")


def aged(hours, how, begins=True):
    """What has 12 hours, of which so many are left."""
    ends = NOW + timedelta(hours=hours)
    return Expiry(ends, ends - 12 * HOUR if begins else None, how=how)


@pytest.mark.parametrize("how", [*STATED, *NOT_STATED])
@pytest.mark.parametrize(
    ("left", "enough"),
    [
        (13 * HOUR, True),  # it begins in an hour, by its issuer's clock
        (12 * HOUR, True),
        (8 * HOUR, True),
        (8 * HOUR - SECOND, False),
        (SECOND, False),
        (0 * HOUR, False),
        (-HOUR, False),
    ],
    ids=str,
)
def test_enough_life(how, left, enough):
    """Two thirds are enough to the second, by what the issuer states; what has ended never is."""
    over = left <= timedelta(0)
    assert enough_life(aged(left / HOUR, how), NOW) is (enough if how in STATED or over else None)
    assert enough_life(aged(left / HOUR, how, begins=False), NOW) is (False if over else None)


@pytest.mark.parametrize("how", [*STATED, *NOT_STATED])
def test_the_life_of_what_does_not_end(how):
    """It has enough, whoever says so; of what is not known, nothing is said; an odd beginning is none."""
    assert enough_life(Expiry(endless=True, how=how), NOW) is True
    assert enough_life(Expiry(how=how), NOW) is None
    for later in (HOUR, 2 * HOUR):
        assert enough_life(Expiry(NOW + HOUR, NOW + later, how=how), NOW) is None


@given(EXPIRIES, TIMES)
def test_any_life(expiry, now):
    """No time is an error. Who has enough is not due, and what is due has not enough."""
    enough = enough_life(expiry, now)
    assert enough in (True, False, None)
    if enough:
        assert expiry.state(now) in ("valid", "does not end")
