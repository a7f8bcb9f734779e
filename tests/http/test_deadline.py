"""How long a call may take, and how it waits in between."""

from __future__ import annotations

import time
from datetime import datetime, timedelta, timezone
from email.utils import format_datetime

import pytest

from aicore_magics.errors import Stopped, Unreachable
from aicore_magics.http.deadline import ATTEMPTS, Deadline, Retry
from aicore_magics.http.messages import Response, ResponseLost


def asks_to_wait(text):
    return Response(429, {} if text is None else {"retry-after": text}, b"", "h")


@pytest.fixture
def slept(monkeypatch):
    """The pauses that were made, each of them in no time."""
    pauses = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    return pauses


def test_deadline():
    """A deadline counts down and ends at zero."""
    deadline = Deadline(60)
    assert 59 < deadline.left() <= 60
    assert deadline.seconds == 60
    assert Deadline(0).left() == 0
    assert Deadline(-5).left() == 0
    assert Deadline().left() > 59


def test_an_attempt_leaves_time():
    """One attempt has three quarters of what is left, and what its whole has left at most."""
    deadline = Deadline(60)
    attempt = deadline.attempt()
    assert 44 < attempt.left() <= 45
    assert 33 < attempt.attempt().left() <= 33.75
    assert Deadline(60, within=Deadline(5)).left() <= 5
    deadline.end()
    assert attempt.left() == 0


@pytest.mark.parametrize("dice", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("answer", [None, *map(asks_to_wait, ["", "-1", "soon"])], ids=str)
def test_own_pauses(answer, dice, slept, monkeypatch):
    """Two pauses at most: from nothing up to 0.4 seconds, then up to twice that; then it is over."""
    monkeypatch.setattr("aicore_magics.http.deadline.FIRST_PAUSE", 0.4)
    patience = Retry(Deadline(60), dice=lambda: dice)
    assert [patience.wait(answer) for _ in range(4)] == [True, True, False, False]
    assert slept == pytest.approx([0.4 * dice, 0.8 * dice])


def test_the_real_dice(slept):
    """Without a dice given, each pause is another one."""
    for _ in range(20):
        assert Retry(Deadline(60)).wait()
    assert len(set(slept)) > 1
    assert all(0 <= pause <= 0.01 for pause in slept)


def test_pauses_that_are_asked_for(slept):
    """A server that says how long to wait is obeyed to the second, at most twice."""
    patience = Retry(Deadline(60), dice=lambda: pytest.fail("the dice was thrown"))
    assert [patience.wait(asks_to_wait(text)) for text in ("7", "0", "1")] == [True, True, False]
    assert slept == [7, 0]
    assert Retry(Deadline(60)).wait(
        asks_to_wait(format_datetime(datetime.now(timezone.utc) + timedelta(seconds=30), usegmt=True))
    )
    assert 28 < slept[-1] <= 30


@pytest.mark.parametrize("text", ["61", "9" * 50, None])
def test_pauses_that_do_not_fit(text, slept, monkeypatch):
    """A pause that would outlast the deadline is not begun; it is no attempt either."""
    monkeypatch.setattr("aicore_magics.http.deadline.FIRST_PAUSE", 100)
    patience = Retry(Deadline(60), dice=lambda: 1.0)
    assert patience.wait(asks_to_wait(text)) is False
    assert slept == []
    assert [patience.wait(asks_to_wait("1")) for _ in range(3)] == [True, True, False]


def test_no_pause_after_the_end(slept):
    """With no time left there is no other attempt, even without a pause."""
    assert Retry(Deadline(0), dice=lambda: 0.0).wait() is False
    assert slept == []


@pytest.fixture
def interrupted(monkeypatch):
    """Ctrl-C in every pause."""

    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr(time, "sleep", interrupt)


def test_interrupted_pause(interrupted):
    """Ctrl-C during a pause leaves as what it is."""
    with pytest.raises(KeyboardInterrupt):
        Retry(Deadline(60)).wait()


@pytest.mark.parametrize("go_on", [True, False])
def test_what_an_interrupt_means(go_on, interrupted):
    """What Ctrl-C during a pause means is the caller's to say."""
    assert Retry(Deadline(60), on_interrupt=lambda: go_on).wait() is go_on


def test_an_interrupt_that_is_an_error(interrupted):
    """An error that the caller makes of Ctrl-C hangs on nothing: no request can be seen through it."""

    def stop():
        raise Stopped("stopped.")

    def lost():
        raise ResponseLost("lost.")

    retry = Retry(Deadline(60), on_interrupt=stop)
    with pytest.raises(Stopped) as caught:
        retry.send(lost, passes=lambda _: True, after_lost=lambda _: True)
    assert (caught.value.__cause__, caught.value.__context__) == (None, None)


BUSY, FINE = Response(503, {}, b"", "h"), Response(200, {}, b"", "h")
FINAL = Unreachable("no such host.")
FINAL.again = False
GONE, LOST = Unreachable("away."), ResponseLost("lost.")


@pytest.mark.parametrize(
    ("answers", "outcome", "attempts"),
    [
        ([FINE], FINE, 1),
        ([BUSY, FINE], FINE, 2),
        ([GONE, LOST, FINE], FINE, 3),
        ([BUSY, BUSY, BUSY], BUSY, ATTEMPTS),
        ([GONE, GONE, GONE], GONE, ATTEMPTS),
        ([BUSY, LOST, LOST], LOST, ATTEMPTS),
        ([FINAL], FINAL, 1),
        ([BUSY, FINAL], FINAL, 2),
    ],
)
def test_sending_until_there_is_an_answer(answers, outcome, attempts, slept):
    """Trouble that may pass is met again, at most twice; then it is what the caller gets, as it came."""
    left = list(answers)

    def attempt():
        answer = left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    def sent():
        try:
            return Retry(Deadline(60)).send(
                attempt, passes=lambda answer: answer.status == 503, after_lost=lambda _: True
            )
        except (Unreachable, ResponseLost) as error:
            return error

    assert sent() is outcome
    assert len(answers) - len(left) == attempts == len(slept) + 1


def test_a_lost_answer_that_is_the_last_word(slept):
    """Where sending again could do harm, one lost answer is the end."""

    def attempt():
        raise LOST

    with pytest.raises(ResponseLost):
        Retry(Deadline(60)).send(attempt, passes=lambda _: True, after_lost=lambda _: False)
    assert slept == []
