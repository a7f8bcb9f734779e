"""A rotation tells the truth about each secret, whatever its servers, its disk and its user do."""

from __future__ import annotations

import pytest

from tests.rotation.cases import alone, course
from tests.rotation.ctrl_c import WEATHERS, interrupted, lines_of, waits_of
from tests.rotation.model import Scenario

pytestmark = pytest.mark.enumerates
ALONE = alone()
SLOW, HELD = WEATHERS[1:3]


@pytest.mark.parametrize("scenario", ALONE[::6], ids=range(0, len(ALONE), 6))
def test_each_trouble_is_told_truly(scenario):
    """What is said, what the journal says and what servers hold agree; a resume and an undo then succeed.

    `make rotations` tries all troubles, and each two of them together.
    """
    for act, said, untrue in course(scenario):
        assert not untrue, (act, scenario, said.came)


def test_a_run_in_good_weather_replaces_all():
    """Where nothing goes wrong all secrets are replaced, none is left to resume, and undo puts all back."""
    states = [(act, {*said.states.values()}) for act, said, _ in course(Scenario())]
    assert states == [("rotate", {"replaced"}), ("resume", set()), ("undo", {"replaced"})]


@pytest.mark.parametrize("second", [0, 9])
def test_ctrl_c_at_each_wait_is_told_truly(second):
    """Ctrl-C at each line that waits, and another one soon after, leave each secret told as it is."""
    for where, act, said, untrue in interrupted(SLOW, waits_of(SLOW), (second,)):
        assert not untrue, (where, act, said.came)


def test_ctrl_c_at_any_line_is_told_truly():
    """Ctrl-C at some of the lines, while answers are held back; `make rotations` tries every line."""
    for where, act, said, untrue in interrupted(HELD, lines_of(HELD)[5::150]):
        assert not untrue, (where, act, said.came)


@pytest.mark.parametrize("name", ["a1", "a2", "b1"])
def test_a_late_write_does_not_undo_an_undo(name):
    """An undo waits until a write without an answer can come no more, also in another process."""
    scenario = Scenario(tries=((name, 3 * ("lost+5",)),))
    for act, said, untrue in course(scenario, at_once=True):
        assert not untrue, (act, said.came)
