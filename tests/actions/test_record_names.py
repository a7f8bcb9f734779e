"""What the record offers to somebody who types."""

from __future__ import annotations

import pytest

from aicore_magics.actions import rotate
from aicore_magics.actions.record_names import RecordNames, record_names
from aicore_magics.errors import RotationIncomplete
from tests.actions.rotating import LIFE


def test_names_and_runs(world):
    """The secrets of the tenants that are named, and all runs; only one that was cut off can go on."""
    old, new = world.login(life=LIFE), world.login()
    world.store("dev", "team-a", old)
    world.store("test", "team-b", old)
    assert record_names(world.each[:1]).names == ("team-a",)
    assert record_names(world.each) == RecordNames(("team-a", "team-b"))
    rotate(world.plan("team-a"), world.each, [new])
    found = record_names(world.each)
    assert (len(found.runs), found.open) == (1, ())
    world.sandbox.tenant("test").faults.forbidden = "json"
    with pytest.raises(RotationIncomplete):
        rotate(world.plan("team-a"), world.each, [world.login()])
    last, first = record_names(world.each).runs
    assert (first, record_names(world.each).open) == (found.runs[0], (last,))
