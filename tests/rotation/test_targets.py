"""A secret that a rotation writes to, and what can be said of it."""

from __future__ import annotations

from time import time_ns
from typing import get_args

import pytest

from aicore_magics.aicore.looks import VISIBLE_WITHIN
from aicore_magics.aicore.name_list import HiddenName, NameList
from aicore_magics.http.pacer import Pacer
from aicore_magics.ledger.record import NotedLogin, Record
from aicore_magics.rotation.outcomes import SecretState
from aicore_magics.rotation.plan import HeldLogin, PlannedSecret
from aicore_magics.rotation.targets import Target, Tenant

PLANNED = PlannedSecret("acme-dev", "api.ai.example", "team-a", HeldLogin("ghcr.io", "bot"))


def record(fingerprint="", *, age=0.0, **changes):
    login = NotedLogin(registry="ghcr.io", username="bot", key="ghcr.io", fingerprint=fingerprint)
    time = time_ns() - int(age * 1e9)
    return Record(
        tenant="acme-dev", host="api", secret="team-a", op="replaced", logins=(login,), time=time, **changes
    )


def target(doubt=None, **more):
    return Target(PLANNED, None, None, record("new"), doubt=doubt, **more)


@pytest.mark.parametrize("state", get_args(SecretState))
def test_an_earlier_write_in_doubt_stays_in_doubt(state):
    """Where this write did nothing, an earlier one may have: only a write that was made settles both."""
    doubt = record("other", outcome="unknown")
    told = target(doubt).outcome(state, why="AI Core refused it")
    settled = state not in ("refused", "not begun")
    assert told.state == (state if settled else "unknown")
    assert ("earlier write" in told.why) != settled
    assert "AI Core refused it" in told.why
    assert target().outcome(state).state == state


@pytest.mark.parametrize(
    ("fingerprint", "age", "waits"),
    [
        (None, 0, False),
        ("new", -60, False),  # whichever of the two comes last, it is the same login
        ("old", -60, True),  # by a clock that is ahead, as all that wait here: no machine is that slow
        ("", -60, True),
        ("old", VISIBLE_WITHIN + 1, False),
    ],
)
def test_a_write_waits_until_an_earlier_one_can_come_no_more(fingerprint, age, waits):
    """It waits for one with other logins, or that cannot be compared, and never longer than that can take."""
    doubt = None if fingerprint is None else record(fingerprint, age=age)
    seconds = target(doubt).seconds_in_doubt()
    assert (seconds > 0) == waits
    assert seconds <= VISIBLE_WITHIN


@pytest.mark.parametrize(
    ("more", "state"), [({}, "waiting"), ({"same": True}, "the same"), ({"before": True}, "replaced")]
)
def test_what_is_known_before_anything_is_asked_is_told(more, state):
    """Ctrl-C at the very first moment finds each secret told as it is."""
    assert target(**more).at_first().state == state


@pytest.mark.parametrize(
    ("names", "lacks", "has"),
    [
        (None, False, False),
        (NameList(("team-a",)), False, True),
        (NameList(("team-b",)), True, False),
        (NameList(("team-b",), complete=False), False, False),
        (NameList(("team-b",), (HiddenName(2, "looks like a token", "x"),)), False, False),
    ],
)
def test_a_secret_is_missing_only_where_the_list_is_whole(names, lacks, has):
    """A list that was not read, is cut, or hides a name proves nothing missing."""
    tenant = Tenant(None, Pacer("api"), names)
    assert (tenant.lacks("team-a"), tenant.has("team-a")) == (lacks, has)
