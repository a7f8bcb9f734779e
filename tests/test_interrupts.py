"""Wherever Ctrl-C strikes: nothing is called unsent that was sent, and nothing done that was not."""

from __future__ import annotations

import os
from itertools import product

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.http import deadline
from tests.interrupts import ACTS, every_place


@pytest.mark.parametrize(("op", "ends"), [*product(ACTS, ("well", "lost")), ("update", "refused")])
def test_an_interrupt_at_every_line_of_ours(op, ends, canary, clock, monkeypatch, tmp_path):
    """From the first byte on, an interrupt is unknown, or the true outcome; before it, nothing was sent."""
    monkeypatch.setattr(deadline, "time", clock)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os, "fsync", lambda _: None)  # when a record is on the disk is no matter here
    kinds = set()
    for line, came, wrong in every_place(op, ends, Secret(canary)):
        assert not wrong, (line, came)
        assert canary not in str(came)
        kinds.add(type(came).__name__)
    assert {"Stopped", "OutcomeUnknown"} <= kinds
