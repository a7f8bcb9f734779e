from __future__ import annotations

import os
import pickle
import threading

import pytest

from aicore_magics.base.aside import Aside, PerProcess
from tests.forks import forked
from tests.waiting import PATIENCE


def test_what_comes_of_it():
    """Work aside gives its result to everybody who waits, at whatever time."""
    aside = Aside(lambda: [1], name="test")
    assert aside.result(PATIENCE) is aside.result(0)
    assert aside.result(float("inf")) == [1]


@pytest.mark.parametrize("error", [ValueError("x"), OSError(1, "x"), TimeoutError("its own")])
def test_what_it_raises(error):
    """So it does with what the work raises."""

    def fail():
        raise error

    aside = Aside(fail, name="test")
    for _ in range(2):
        with pytest.raises(type(error)) as caught:
            aside.result(PATIENCE)
        assert caught.value is error


def test_nobody_waits_longer():
    """Who waits in vain is told so in time; the work goes on for others, and no exit waits for it."""
    go, threads = threading.Event(), set(threading.enumerate())
    aside = Aside(lambda: go.wait(PATIENCE), name="test")
    (thread,) = set(threading.enumerate()) - threads
    assert thread.daemon
    for seconds in (0, 0.01):
        with pytest.raises(TimeoutError):
            aside.result(seconds)
    go.set()
    assert aside.result(PATIENCE) is True


def test_once_in_a_process():
    """What a process has of its own is made once, at first use, also where many threads ask at once."""
    made, start, got = [], threading.Barrier(8), []

    def make():
        made.append(object())
        return made[-1]

    own = PerProcess(make)
    assert made == []

    def ask():
        start.wait(PATIENCE)
        got.append(own())

    threads = [threading.Thread(target=ask, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert len(got) == 8
    assert set(got) == {own()}
    own.forget()
    assert own() not in got


@pytest.mark.skipif(not hasattr(os, "fork"), reason="left out: there is no fork here")
def test_a_child_has_another():
    """A child has its own, and so has its child: a lock that the parent holds keeps nobody there out."""
    own = PerProcess(threading.Lock)

    def grandchild():
        return own().acquire(blocking=False)

    def child():
        taken = own().acquire(blocking=False)
        with forked(grandchild) as answer:
            return taken, answer()

    with own(), forked(child) as answer:
        assert answer() == "(True, 'True')"


def test_it_is_not_written_down():
    """It stays in its process: it cannot be pickled."""
    with pytest.raises(TypeError, match="cannot be pickled"):
        pickle.dumps(PerProcess(list))
