from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.ledger.record import OPS, NotedImage, NotedLogin, Record
from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from tests.ledger.acts import record

TEXT = st.text(max_size=20)
TIMES = st.datetimes(timezones=st.just(UTC))
ENDS = st.builds(Expiry, ends=TIMES, begins=st.none() | TIMES, how=st.sampled_from(["token", "told"]))
LOGINS = st.builds(
    NotedLogin,
    registry=TEXT,
    username=TEXT,
    key=TEXT,
    kind=TEXT,
    fingerprint=TEXT,
    expiry=ENDS | st.just(NOT_KNOWN) | st.just(Expiry(endless=True, how="documented")),
)
IMAGES = st.builds(NotedImage, reference=TEXT, verdict=TEXT, digest=TEXT)
TEXTS = dict.fromkeys(
    ("tenant", "host", "source", "notebook", "version", "run", "of", "profile", "detail", "undoes"), TEXT
)
RECORDS = st.builds(
    Record,
    **TEXTS,
    secret=st.sampled_from(["", "a", "team-ghcr", "T.e_a-m", 253 * "a"]),
    op=st.sampled_from(OPS),
    outcome=st.sampled_from(["done", "unknown"]),
    logins=st.lists(LOGINS, max_size=2).map(tuple),
    images=st.lists(IMAGES, max_size=2).map(tuple),
    time=st.integers(0, 253_402_300_800 * 10**9 - 1),
    id=st.text(min_size=1, max_size=5),
)


@given(RECORDS)
def test_there_and_back(one):
    """A record is the same when it is read again, and it has a time."""
    read = Record.from_data(json.loads(json.dumps(one.to_data())))
    assert read == one
    assert hash(read) == hash(one)
    assert read.at <= datetime.max.replace(tzinfo=UTC)


@pytest.mark.parametrize("data", [None, 1, "x", [], {}, {"id": "x"}, {"id": "x", "t": True, "op": "noted"}])
def test_what_is_no_record(data):
    """Anything else is refused with one kind of error."""
    for read in (Record, NotedLogin, NotedImage):
        if read is Record or not isinstance(data, dict):
            with pytest.raises(ValueError, match="no "):
                read.from_data(data)


def test_a_fresh_one():
    """What is made of a record is another one, of now, about the same secret."""
    one = record()
    again = one.with_(op="deleted")
    assert (again.place, again.op) == (one.place, "deleted")
    assert again.id != one.id
    assert again.time >= one.time
