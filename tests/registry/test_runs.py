"""A piece of work beside others gives what came of it, or its error, or nothing by the deadline."""

from __future__ import annotations

import threading

import pytest

from aicore_magics.base.progress import Watch
from aicore_magics.errors import Stopped
from aicore_magics.http.deadline import Deadline
from aicore_magics.registry.runs import Run
from tests.waiting import PATIENCE


def test_what_came_of_it():
    """Each asks as often as it likes, and gets the same."""
    run = Run(lambda: 7)
    assert [run.result(Deadline(PATIENCE), Watch()) for _ in range(2)] == [7, 7]


def test_its_error_comes_to_who_waits():
    """What breaks in the thread breaks where its result is asked for, and not before."""

    def broken():
        raise ZeroDivisionError("a mistake of ours")

    run = Run(broken)
    with pytest.raises(ZeroDivisionError):
        run.result(Deadline(PATIENCE), Watch())


def test_nothing_by_the_deadline():
    """Work that takes longer is not waited for; nor is it where somebody has stopped all."""
    end, watch = threading.Event(), Watch()
    run = Run(lambda: end.wait(PATIENCE))
    assert run.result(Deadline(0.01), watch) is None
    watch.stop()
    with pytest.raises(Stopped):
        run.result(Deadline(PATIENCE), watch)
    end.set()
