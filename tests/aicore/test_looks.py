"""A look tells what AI Core itself shows, for as long as it gets to show it, and nothing else."""

from __future__ import annotations

from itertools import product

import pytest

from aicore_magics.aicore import looks
from aicore_magics.aicore.client import Unsettled
from aicore_magics.http.deadline import Deadline
from tests.aicore.scripted import NAME, Core, envelope, reply

THERE, GONE = reply(200, {"name": NAME}), envelope(404)
FOREIGN = (reply(200, {"status": "ok"}), reply(404), reply(503), reply(200, {"name": "another"}))
SHOWS = {"there": THERE, "gone": GONE}
OTHER = {"there": "gone", "gone": "there"}


@pytest.mark.parametrize("wanted", SHOWS)
def test_what_is_wanted_is_told_at_once(wanted, clock):
    """The first look that shows it is the last."""
    core = Core(clock, looks=(*FOREIGN, SHOWS[OTHER[wanted]], SHOWS[wanted], FOREIGN[0]))
    assert looks.look_until(core.client, NAME, wanted, Deadline(60)) == wanted
    assert len(core.methods) == len(FOREIGN) + 2


@pytest.mark.parametrize("wanted", SHOWS)
def test_the_old_state_is_told_after_the_whole_time(wanted, clock):
    """AI Core has ten seconds to show a change: what is seen before they are over proves nothing."""
    begin, core = clock.now, Core(clock, looks=(SHOWS[OTHER[wanted]],))
    assert looks.look_until(core.client, NAME, wanted, Deadline(60)) == OTHER[wanted]
    assert clock.now - begin == pytest.approx(looks.VISIBLE_WITHIN)


@pytest.mark.parametrize(("wanted", "foreign"), [*product(SHOWS, FOREIGN)])
def test_a_foreign_answer_is_no_look(wanted, foreign, clock):
    """Whatever answers in AI Core's place: nothing was seen, for at most twelve seconds."""
    begin, core = clock.now, Core(clock, looks=(foreign,))
    assert looks.look_until(core.client, NAME, wanted, Deadline(60)) == "not seen"
    assert clock.now - begin <= looks.VISIBLE_WITHIN + looks.LAST_LOOK


@pytest.mark.parametrize(("wanted", "seconds"), [*product(SHOWS, (0, 1, 9.9))])
def test_too_short_a_time_proves_nothing(wanted, seconds, clock):
    """Where the call ends before AI Core's ten seconds do, the old state is not told."""
    core = Core(clock, looks=(SHOWS[OTHER[wanted]],))
    assert looks.look_until(core.client, NAME, wanted, Deadline(seconds)) == "not seen"


@pytest.mark.parametrize(("wanted", "at_first"), [*product(SHOWS, SHOWS)])
def test_the_first_look(wanted, at_first, clock):
    """Whoever asks for the first look gets the first that AI Core itself gives, old or new."""
    core = Core(clock, looks=(FOREIGN[0], SHOWS[at_first]))
    assert looks.look_until(core.client, NAME, wanted, Deadline(60), first=True) == at_first
    assert len(core.methods) == 2


@pytest.mark.parametrize(
    ("change", "shown", "seconds", "left"),
    [
        ("create", "there", 1, None),
        ("create", "gone", 1, "create"),
        ("create", "gone", 10, None),
        ("delete", "gone", 1, None),
        ("delete", "there", 1, "delete"),
        ("delete", "there", 10, None),
        ("update", "there", 10, "update"),
        ("update", "gone", 10, "update"),
        (None, "there", 1, None),
        (None, "gone", 1, None),
    ],
)
def test_settled(change, shown, seconds, left, clock):
    """A change is settled where it is seen, or not within ten seconds; an update never is."""
    core = Core(clock, looks=(SHOWS[shown],))
    last = Unsettled(change) if change else None
    if last:
        core.client.unsettled[NAME] = last
    assert looks.settled(core.client, NAME, seconds, Deadline(60)) == (last, shown)
    assert core.client.unsettled.get(NAME) == (Unsettled(left) if left else None)


@pytest.mark.parametrize(
    ("last", "shown", "settled"),
    [
        (Unsettled("create", accepted=True), "gone", False),
        (Unsettled("create", accepted=True), "there", True),
        (Unsettled("delete", accepted=True), "there", False),
        (Unsettled("delete", accepted=True), "gone", True),
        (Unsettled("create", unclear=True), "there", False),
        (Unsettled("create", unclear=True), "gone", False),
    ],
)
def test_what_is_never_called_undone(last, shown, settled, clock):
    """What AI Core accepted may only not be shown; where a name was taken, no look tells whose it is."""
    core = Core(clock, looks=(SHOWS[shown],))
    core.client.unsettled[NAME] = last
    assert looks.settled(core.client, NAME, 30, Deadline(60)) == (last, shown)
    assert (NAME not in core.client.unsettled) is settled


@pytest.mark.parametrize("change", ["create", "delete", "update"])
def test_nothing_is_settled_unseen(change, clock):
    """Where AI Core does not answer, everything stays as unknown as it was."""
    core = Core(clock, looks=(FOREIGN[2],))
    core.client.unsettled[NAME] = last = Unsettled(change)
    assert looks.settled(core.client, NAME, 20, Deadline(60)) == (last, "not seen")
    assert core.client.unsettled == {NAME: last}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("team-gchr", ("team-ghcr",)),
        ("team-ghcr-", ("team-ghcr",)),
        ("teamghcr", ("team-ghcr",)),
        ("team-hub2", ("team-hub",)),
        ("shared", ()),
        ("team-quay", ()),
        ("x", ()),
    ],
)
def test_the_nearest_name_or_none(typed, meant):
    """A typing error has one answer; what is only a little alike has none."""
    assert looks.nearest_of(typed, ["team-ghcr", "team-hub", "vendor"]) == meant
