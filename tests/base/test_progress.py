"""A write that is followed: it may be stopped until it is sent, and never after."""

from __future__ import annotations

import threading
from itertools import pairwise

import pytest

from aicore_magics.base.progress import STORE, Watch, paced, ticking
from aicore_magics.errors import Stopped


def test_what_is_stopped_in_time_is_never_sent():
    """Once stop has said yes, nothing is sent any more, and the writer is told so."""
    watch = Watch()
    assert watch.stop()
    with pytest.raises(Stopped, match="nothing was sent"):
        watch.about_to_send()
    assert (watch.stopped, watch.sending) == (True, False)
    assert watch.stop()


def test_what_is_being_sent_cannot_be_stopped():
    """From the moment of sending on, stop says no: what becomes of it is not known then."""
    told = []
    watch = Watch(lambda *said: told.append(said))
    assert not watch.sending
    watch.about_to_send()
    assert not watch.stop()
    assert (watch.stopped, watch.sending) == (False, True)
    assert told == [(STORE, "running", "asking")]


def test_stopping_and_sending_never_both_win():
    """However the two threads meet, either it was stopped or it is sent."""
    for _ in range(200):
        watch, ready, sent = Watch(), threading.Barrier(2), []

        def send(watch=watch, ready=ready, sent=sent):
            ready.wait(5)
            try:
                watch.about_to_send()
            except Stopped:
                return
            sent.append(True)

        writer = threading.Thread(target=send)
        writer.start()
        ready.wait(5)
        stopped = watch.stop()
        writer.join(5)
        assert stopped is not bool(sent)


def test_short_work_tells_nothing_and_long_work_not_too_much(monkeypatch):
    """In the first second nothing is told, then four times in a second, with the newest words."""
    now = [100.0]
    monkeypatch.setattr("aicore_magics.base.progress.time.monotonic", lambda: now[0])
    told = []
    tell = paced(lambda *said: told.append((now[0], said[2])))
    for number in range(30):
        tell("files", "running", str(number))
        now[0] += 0.125
    times = [at for at, _ in told]
    assert times[0] == 101.0
    assert {second - first for first, second in pairwise(times)} == {0.25}
    assert [word for _, word in told] == [str(number) for number in range(8, 30, 2)]


def test_a_clock_tells_each_second_until_the_end(monkeypatch):
    """It tells the whole seconds from the first on, leaves out what is over, and is still after the block."""
    now, told, enough = [100.0], [], threading.Event()
    monkeypatch.setattr("aicore_magics.base.progress.time.monotonic", lambda: now[0])

    def tell(seconds):
        told.append(seconds)
        now[0] += 2.5 if seconds == 2 else 0.5
        if len(told) == 4:
            now[0] -= 1000  # the next second is far away
            enough.set()
        else:
            now[0] += 0.5  # and so it is due at once

    with ticking(tell):
        now[0] += 1
        assert enough.wait(10)
    assert told == sorted(set(told))
    assert told[0] == 1
    assert "aicore-magics-clock" not in {thread.name for thread in threading.enumerate()}
