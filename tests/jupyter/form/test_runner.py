"""One thing runs at a time: steps in order, the end last, and nothing of what was let go of."""

from __future__ import annotations

import threading

import pytest

from aicore_magics.errors import Busy, Stopped
from aicore_magics.jupyter.form.runner import Runner
from tests.waiting import until

WAIT = 60


class Heard:
    """What a runner has told so far."""

    def __init__(self):
        self.steps, self.ends, self.faults = [], [], []
        self.over = threading.Event()

    def guarded(self, act):
        def run():
            try:
                act()
            except ZeroDivisionError as error:
                self.faults.append(error)
                self.over.set()

        return run

    def step(self, told):
        self.steps.append(dict(told))

    def end(self, done):
        self.ends.append(done)
        self.over.set()


def form_threads():
    """The threads in which something runs."""
    return [each for each in threading.enumerate() if each.name == "aicore-magics-form"]


@pytest.fixture
def heard():
    return Heard()


@pytest.fixture
def runner(heard):
    return Runner(heard.guarded, heard.step, heard.end)


def test_steps_and_the_end(runner, heard):
    """The steps are shown as they stand at first and after each change; the end is what came of it."""

    def work(watch):
        watch.tell("name", "running", "asking")
        watch.tell("name", "done", "looked up")
        return "done"

    runner.start({"name": ("waiting", "waiting")}, work)
    assert heard.over.wait(WAIT)
    assert [told["name"][1] for told in heard.steps] == ["waiting", "asking", "looked up"]
    assert heard.ends == ["done"]


def test_an_error_of_ours_is_an_end(runner, heard):
    """A refusal is what came of it; a bug is for whoever guards the threads."""

    def refused(_watch):
        raise Busy("no")

    runner.start({}, refused)
    assert heard.over.wait(WAIT)
    assert isinstance(heard.ends[0], Busy)


def test_a_bug_reaches_the_guard(runner, heard):
    """What nobody foresaw is not swallowed."""

    def broken(_watch):
        raise ZeroDivisionError

    runner.start({}, broken)
    assert heard.over.wait(WAIT)
    assert [type(error) for error in heard.faults] == [ZeroDivisionError]
    assert heard.ends == []


def test_what_is_stopped_is_not_heard_of(runner, heard):
    """Stopped in time: nothing is sent, and neither steps nor the end come after that."""
    go, gone = threading.Event(), threading.Event()

    def work(watch):
        assert go.wait(WAIT)
        watch.tell("name", "done", "looked up")
        try:
            watch.about_to_send()
        except Stopped:
            gone.set()
            raise
        return "sent"

    runner.start({"name": ("waiting", "waiting")}, work)
    assert runner.stop() == "stopped"
    go.set()
    assert gone.wait(WAIT)
    assert heard.ends == []
    assert len(heard.steps) == 1


def test_what_is_being_sent_is_waited_for(runner, heard):
    """Too late to stop: then the end is told, but no step that would hide what was said of it."""
    sending, go = threading.Event(), threading.Event()

    def work(watch):
        watch.about_to_send()
        sending.set()
        assert go.wait(WAIT)
        watch.tell("store", "done", "done")
        return "sent"

    runner.start({"store": ("waiting", "waiting")}, work)
    assert sending.wait(WAIT)
    assert runner.stop() == "sent"
    go.set()
    assert runner.wait(WAIT)
    assert heard.ends == ["sent"]
    assert heard.steps[-1] == {"store": ("running", "asking")}
    assert runner.stop() == "over"


def test_the_end_can_be_waited_for(heard):
    """Whoever waits goes on once the end has been told, to its last word; before the first work at once."""
    go, told = threading.Event(), []
    runner = Runner(heard.guarded, heard.step, lambda done: go.wait(WAIT) and told.append(done))
    assert runner.wait(0)
    runner.start({}, lambda _watch: "done")
    assert not runner.wait(0)
    go.set()
    assert runner.wait(WAIT)
    assert told == ["done"]


def test_nobody_waits_for_what_broke_or_was_stopped(runner, heard):
    """A bug is told before the wait ends; what was stopped is not waited for, nor taken for what runs now."""
    runner.start({}, lambda _watch: 1 / 0)
    assert runner.wait(WAIT)
    assert len(heard.faults) == 1
    assert not runner.running
    go, second = threading.Event(), threading.Event()
    runner.start({}, lambda _watch: go.wait(WAIT))
    assert runner.stop() == "stopped"
    assert runner.wait(0)
    runner.start({}, lambda _watch: second.wait(WAIT))
    go.set()
    until(lambda: len(form_threads()) == 1)
    assert not runner.wait(0)
    second.set()
    assert runner.wait(WAIT)
    assert heard.ends == [True]


def test_it_cannot_be_stopped_once_the_end_is_told(heard):
    """A click that comes while the end is told is too late: that nothing was done would be a lie."""
    telling, stopped = threading.Event(), []

    def end(_done):
        telling.set()
        heard.over.wait(0.2)  # the other thread asks meanwhile, and has to wait

    runner = Runner(heard.guarded, heard.step, end)
    runner.start({}, lambda _watch: "done")
    assert telling.wait(WAIT)
    stopped.append(runner.stop())
    assert runner.wait(WAIT)
    assert stopped == ["over"]


def test_who_stops_may_speak_before_the_end(runner, heard):
    """With the lock held no end comes between a stop that was too late and what is said of it."""
    sending, go = threading.Event(), threading.Event()

    def work(watch):
        watch.about_to_send()
        sending.set()
        assert go.wait(WAIT)
        return "sent"

    runner.start({}, work)
    assert sending.wait(WAIT)
    with runner.lock:
        assert runner.stop() == "sent"
        go.set()
        assert not runner.wait(0.1)
        assert heard.ends == []
    assert runner.wait(WAIT)
    assert heard.ends == ["sent"]
