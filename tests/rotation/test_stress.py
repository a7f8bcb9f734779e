"""A rotation that is killed tells the truth when it goes on, and puts all back."""

from __future__ import annotations

from tests.rotation.stress import storm


def test_a_killed_rotation_is_told_truly():
    """Nothing untrue is told after kill -9 at some writes, in two weathers, then resume and undo.

    `make rotations` does so two hundred times.
    """
    table = storm(range(7, 9), weathers=("503", "resets"), seed=1, whole=1.0)
    assert not table.untrue
    assert table.counts["killed"] >= 2
    assert table.counts["told replaced"] >= 60
