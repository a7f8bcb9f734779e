"""Whatever AI Core does and whatever comes back: what is said of a write is true, and comes in time."""

from __future__ import annotations

import pytest

from tests.paths.explore import PARTS, explored
from tests.paths.model import OPERATIONS

MOST_UNKNOWN = 0.05
SHARE = {
    "one": 41,
    "two": 397,
    "three": 17,
    "stops": 19,
    "ends": 17,
    "before": 5,
    "tokens": 7,
    "others": 7,
    "full": 7,
}


@pytest.fixture(scope="module")
def tallies():
    """What came of a share of every part, for every operation."""
    return {
        (part, operation): explored([part], [operation], SHARE[part])
        for part in PARTS
        for operation in OPERATIONS
    }


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_said_is_true(part, operation, tallies):
    """Inside the assumptions nothing untrue is said, no secret is shown, and the word comes in its time."""
    tally = tallies[part, operation]
    assert tally.paths
    assert tally.shortest == {}
