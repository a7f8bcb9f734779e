"""Ctrl-C and SIGTERM at any write of a verification: the questions end, and what was created is deleted."""

from __future__ import annotations

import itertools
import os
import signal
import threading

import pytest

from aicore_magics.actions import connect_with, verify_tenant
from aicore_magics.aicore.verification import scene, throwaways, writing
from aicore_magics.aicore.verification.interrupts import Interrupts
from aicore_magics.sandbox import start
from tests.aicore.verification.steps import OTHERS, WRITES, AtWrite, writes
from tests.waiting import PATIENCE


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """What may take seconds on a tenant gets parts of them."""
    monkeypatch.setattr(writing, "SETTLED", 0.0)
    monkeypatch.setattr(throwaways, "VISIBLE_WITHIN", 0.6)
    for module in (scene, throwaways):
        monkeypatch.setattr(module, "FIRST_PAUSE", 0.01)


@pytest.fixture
def full():
    """A sandbox with another secret in it."""
    with start() as sandbox:
        sandbox.state.secrets.update(OTHERS)
        yield sandbox


def verified(sandbox):
    tenant = connect_with(sandbox.service_key)
    try:
        return verify_tenant(tenant)
    finally:
        tenant.close()


def press(number=signal.SIGINT):
    os.kill(os.getpid(), number)


def test_the_number_of_writes(full):
    """The tests here stop a verification at each of its writes, and there are no more."""
    verified(full)
    assert len(writes(full)) == WRITES


@pytest.mark.parametrize(
    ("how", "number"),
    [
        *itertools.product(("after", "before"), range(1, WRITES + 1)),
        *itertools.product(("again and again",), range(1, WRITES + 1, 4)),
    ],
)
def test_ctrl_c_at_each_write(full, ctrl_c, number, how):
    """Whenever Ctrl-C comes, and however often, every throw-away secret is deleted, and no other one."""
    later = ctrl_c if how == "again and again" else None
    write = AtWrite(full, number, ctrl_c, before=how == "before", later=later)
    result = verified(full)
    assert write.over.wait(PATIENCE)
    assert (result.left, full.state.secrets) == ((), OTHERS)
    # Ctrl-C at the last write may come when all has been seen.
    assert result.ended == "it was stopped" or number == WRITES
    assert bool(result.with_verdict("not seen")) == bool(result.ended)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_other_signals(full, ctrl_c, number):
    """SIGTERM and a terminal that is closed end it as Ctrl-C does."""
    AtWrite(full, 3, lambda: press(number))
    assert verified(full).ended == "it was stopped"
    assert full.state.secrets == OTHERS


def test_the_signals_are_given_back(full, ctrl_c):
    """After a verification Ctrl-C means what it meant before, and what was ignored still is."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        AtWrite(full, 3, lambda: press(signal.SIGHUP))
        assert verified(full).ended == ""
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
        assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    finally:
        signal.signal(signal.SIGHUP, before)


def test_in_another_thread(full):
    """Where no signal can be heard, a verification runs all the same."""
    results = []
    thread = threading.Thread(target=lambda: results.append(verified(full)))
    thread.start()
    thread.join(60)
    assert results[0].left == ()


def test_only_the_first_counts(ctrl_c):
    """One KeyboardInterrupt is raised, at the first signal before `hold`; the others are told."""
    told = []
    interrupts = Interrupts(told.append)
    interrupts.begin()
    try:
        with pytest.raises(KeyboardInterrupt):
            ctrl_c()
        assert told == []
        ctrl_c()
        interrupts.hold()
        press(signal.SIGTERM)
        assert told == ["deleting what was created: this ends by itself"] * 2
    finally:
        interrupts.end()
    with pytest.raises(KeyboardInterrupt):
        ctrl_c()
