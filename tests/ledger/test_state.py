"""What records come to, and what of them a merger keeps: beside a model that tries all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.ledger.state import (
    MARKS_KEPT,
    RUNS_KEPT,
    known,
    needed,
    refused,
    service_keys,
    taken_back,
    visible,
)
from tests.ledger.acts import record

NOW = 500 * 86_400 * 10**9
HOLDS = ("created", "replaced", "noted")
SILENT = ("planned", "refused", "same", "run ended")
OPS = (*HOLDS, "deleted", "service key", "forgotten", *SILENT)


@st.composite
def histories(draw):
    """Records of two secrets and two runs, some of them taken back."""
    count = draw(st.integers(0, 12))
    made = []
    for number in range(count):
        op = draw(st.sampled_from(OPS))
        others = [each.id for each in made if not each.of]
        of = draw(st.sampled_from(["", *others])) if op in ("forgotten", "refused") else ""
        run = (
            draw(st.sampled_from(["", "r1", "r2"]))
            if op != "run ended"
            else draw(st.sampled_from(["r1", "r2"]))
        )
        changes = {"op": op, "outcome": draw(st.sampled_from(["done", "unknown"])), "of": of, "run": run}
        time = draw(st.integers(NOW - MARKS_KEPT + 1, NOW))
        made.append(
            record(draw(st.integers(1, 2)), id=f"id{number}", time=time, logins=(), images=(), **changes)
        )
    return made


def by_brute_force(records):
    """What is known of each secret, looked up from its end."""
    found = {}
    refused = {each.of for each in records if each.op == "refused" and each.of}
    for place in {each.place for each in records}:
        own = [
            each
            for each in records
            if each.place == place and each.op not in ("service key", *SILENT) and not each.of
            if each.outcome == "done" or each.id not in refused
        ]
        done = [at for at, each in enumerate(own) if each.outcome == "done"]
        since = own[done[-1] + 1 :] if done else own
        last, writes = (own[done[-1]] if done else None), [each for each in since if each.op in HOLDS]
        doubt = since[-1].id if since else None
        if last and last.op in HOLDS:
            found[place] = last.id, doubt
        elif writes:
            found[place] = writes[-1].id, doubt
    return found


def told(records):
    return {each.record.place: (each.record.id, each.doubt and each.doubt.id) for each in known(records)}


@given(histories(), st.randoms())
def test_what_is_known(history, random):
    """It is the last that is known to be done, and a later one in doubt, in whatever order they were read."""
    random.shuffle(history)
    assert told(visible(history)) == by_brute_force(visible(history))


@given(histories(), st.data())
def test_a_merger_keeps_what_is_needed(history, data):
    """Merged in any parts, and those again: the same is known, and open runs, keys and marks are whole."""
    parts = [[], []]
    for each in history:
        parts[data.draw(st.integers(0, 1))].append(each)
    gone = taken_back(history), refused(visible(history))
    merged = [each for part in parts for each in part if each.id in needed(part, NOW, *gone)]
    merged = [each for each in merged if each.id in needed(merged, NOW)]
    before, after = visible(history), visible(merged)
    assert told(after) == told(before)
    assert service_keys(after) == service_keys(before)
    ended = {each.run for each in before if each.op == "run ended"}
    lately = {each.run for each in before if each.op == "run ended" and each.time > NOW - RUNS_KEPT}
    kept = {each.id for each in before if each.run and each.run not in ended - lately}
    assert kept <= {each.id for each in after}
    assert all(each in merged for each in history if each.of)
    # No run that has ended looks open again.
    assert {e.run for e in after if e.run} - {e.run for e in after if e.op == "run ended"} <= (
        {each.run for each in before if each.run} - ended
    )


@given(histories())
def test_a_merger_keeps_no_more(history):
    """Of a secret without an open run at most three records stay: the last known, and two in doubt."""
    plain = [
        each.with_(id=each.id, time=each.time, run="") for each in history if each.op in (*HOLDS, "deleted")
    ]
    kept = needed(plain, NOW)
    for place in {each.place for each in plain}:
        assert sum(each.id in kept for each in plain if each.place == place) <= 3
    assert needed([each for each in plain if each.id in kept], NOW) == kept


WAYS = {  # what a run writes of a secret after it was planned, and whether that has changed what is known
    "cut off before": ([], False),
    "refused": (["unknown", "refused"], False),
    "refused, asked again, refused": (["unknown", "refused", "unknown", "refused"], False),
    "the same": (["same"], False),
    "in doubt": (["unknown"], True),
    "refused, then in doubt": (["unknown", "refused", "unknown"], True),
    "done": (["unknown", "done"], True),
}
BEFORE = {
    "known": [{}],
    "in doubt": [{}, {"op": "replaced", "outcome": "unknown"}],
    "only in doubt": [{"outcome": "unknown"}],
    "nothing": [],
    "deleted": [{}, {"op": "deleted"}],
}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
@pytest.mark.parametrize(("steps", "changes"), WAYS.values(), ids=WAYS)
def test_what_a_run_leaves_behind(before, steps, changes):
    """After a refusal, and where nothing was sent, the same is known as before the run, merged or not."""
    old = [record(time=NOW + at, **each) for at, each in enumerate(before)]
    run = [record(op="planned", time=NOW + 10, run="r")]
    for at, step in enumerate(steps):
        how = {"refused": {"op": "refused", "of": run[-1].id}, "same": {"op": "same"}}
        how |= {"unknown": {"op": "replaced", "outcome": "unknown"}, "done": {"op": "replaced"}}
        run.append(record(time=NOW + 20 + at, run="r", **how[step]))
    end = record(op="run ended", secret="", time=NOW + 90, run="r")
    assert (told([*old, *run, end]) != told(old)) is changes
    for now in (end.time, end.time + RUNS_KEPT, end.time + MARKS_KEPT):
        merged = [each for each in (*old, *run, end) if each.id in needed([*old, *run, end], now)]
        assert told(merged) == told([*old, *run, end])
        assert ({each.id for each in run} <= {each.id for each in merged}) is (now == end.time) or changes


@pytest.mark.parametrize("other", [0, 1])
def test_a_refusal_in_another_file(other):
    """What is merged apart from its refusal is not believed either: what was known before it stays."""
    first, doubt = (record(op="replaced", outcome="unknown", time=NOW + at) for at in range(2))
    back = record(op="refused", of=doubt.id, time=NOW + 2)
    files = [[first, doubt], [back]]
    kept = needed(files[other], NOW + 3, frozenset(), refused([back]))
    merged = [each for each in files[other] if each.id in kept] + files[1 - other]
    assert told(visible(merged, now=NOW + 3)) == {first.place: (first.id, first.id)}


def test_a_deleted_secret_is_not_known():
    """One that was deleted or forgotten is left out, unless somebody may have made it again since."""
    made, gone = record(time=1), record(op="deleted", time=2)
    again = record(time=3, outcome="unknown")
    deleted = record(op="deleted", time=4, outcome="unknown")
    assert told([made, gone]) == {}
    assert told([made, record(op="forgotten", time=2)]) == {}
    assert told([made, gone, again]) == {made.place: (again.id, again.id)}
    assert told([made, gone, again, deleted]) == {made.place: (again.id, deleted.id)}
    assert told([made, deleted]) == {made.place: (made.id, deleted.id)}


HOUR = 3_600 * 10**9
# The hours of an earlier record's clock beside now, and whether a later one, of now, is believed instead.
AHEAD = {"an hour ago": (-1, True), "an hour": (1, False), "23 hours": (23, False)}
WRONG = {"25 hours": 25, "a month": 720, "a year": 8_760, "the year 9999": 69_000_000}
AHEAD |= {name: (hours, True) for name, hours in WRONG.items()}


@pytest.mark.parametrize("op", ["replaced", "deleted"])
@pytest.mark.parametrize(("hours", "later_wins"), AHEAD.values(), ids=AHEAD)
def test_a_clock_that_is_ahead(hours, later_wins, op):
    """Beyond a day it is wrong, and its record counts as the oldest, for readers and mergers."""
    planted = record(time=NOW + hours * HOUR)
    later = record(op=op, time=NOW)
    told_now = told(visible([planted, later], now=NOW))
    kept = needed([planted, later], NOW)
    assert kept == {(later if later_wins else planted).id}
    if not later_wins:
        assert told_now == {planted.place: (planted.id, None)}
    else:
        assert told_now == ({} if op == "deleted" else {later.place: (later.id, None)})


def test_clocks_that_are_all_ahead():
    """Where nothing else is known they are believed, in their order."""
    first, second = (record(time=NOW + hours * HOUR) for hours in (9_000, 9_001))
    assert told(visible([second, first], now=NOW)) == {first.place: (second.id, None)}
    assert needed([second, first], NOW) == {second.id}
