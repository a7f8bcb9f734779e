"""What the tests of results share."""

from __future__ import annotations

import time

import pytest

from tests.actions.rotating import World


@pytest.fixture
def utc(monkeypatch):
    """The zone of this machine is UTC."""
    if hasattr(time, "tzset"):  # else the zone is what it is: the examples' times are before noon in UTC
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
        yield
        monkeypatch.undo()
        time.tzset()
    else:
        yield


@pytest.fixture
def world(sandbox):
    """Three tenants of that sandbox, its registry, and what is recorded of them."""
    world = World(sandbox)
    yield world
    world.close()
