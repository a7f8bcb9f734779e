"""Whatever text comes through a door is taken rightly or refused in words: nothing else, and at once."""

from __future__ import annotations

import time

import pytest

from aicore_magics.errors import InvalidName
from tests.inputs.bench import run
from tests.inputs.doors import DOORS, Door, edited

EXAMPLES = 150  # `make inputs` tries 10,000


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
def test_any_text(door):
    """No wrong outcome, no crash, and nothing takes over 50 ms of the processor."""
    tally = run(door, EXAMPLES)
    assert tally.examples >= EXAMPLES
    assert tally.taken > 0
    assert (tally.wrong, tally.crashes, tally.slow) == ([], [], [])


def slow(_text):
    end = time.thread_time() + 0.06
    while time.thread_time() < end:
        pass


def crash(_text):
    return {}["x"]


def refuse(_text):
    raise InvalidName(700 * "x")


@pytest.mark.parametrize(
    ("enter", "wrong", "counted"),
    [
        (str, lambda _text, _result: "not what it was", "wrong"),
        (refuse, lambda _text, _result: "", "wrong"),
        (crash, lambda _text, _result: "", "crashes"),
        (slow, lambda _text, _result: "", "slow"),
    ],
)
def test_the_bench_sees_what_goes_wrong(enter, wrong, counted):
    """A door that takes the wrong text, talks too much, breaks or dawdles is counted as such, and only so."""
    tally = run(Door("a door", edited("x"), enter, wrong), 3)
    assert not tally.well
    assert len(getattr(tally, counted)) == tally.examples
    assert sum(map(bool, (tally.wrong, tally.crashes, tally.slow))) == 1
