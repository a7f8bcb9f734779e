"""What the tests of results share."""

from __future__ import annotations

import time

import pytest


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
