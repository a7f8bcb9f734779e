"""How long a call may take, and how it waits in between."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from aicore_magics.errors import Unreachable
from aicore_magics.http import deadline as deadlines
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


@pytest.fixture
def throws(monkeypatch):
    """Let the dice give what the test says: `throws(0.5)`."""

    class Dice:
        def __init__(self, value):
            self.value = value

        def random(self):
            return self.value

    return lambda value: monkeypatch.setattr(deadlines, "random", Dice(value))


@pytest.mark.parametrize("seconds", [0, 3, 60, 61])
def test_a_pause_ends_with_the_deadline(seconds, slept, clock):
    """What is to pass does, or what is left if that is less."""
    Deadline(60).pause(seconds)
    assert clock.now == 1000.0 + min(seconds, 60)
    Deadline(60, within=Deadline(1)).pause(seconds)
    assert clock.now == 1000.0 + min(seconds, 60) + min(seconds, 1)
    assert slept == []


@pytest.mark.parametrize("dice", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("answer", [None, *map(asks_to_wait, ["", "-1", "soon"])], ids=str)
def test_own_pauses(answer, dice, slept, throws, monkeypatch):
    """Two pauses at most: from nothing up to 0.4 seconds, then up to twice that; then it is over."""
    monkeypatch.setattr("aicore_magics.http.deadline.FIRST_PAUSE", 0.4)
    throws(dice)
    patience = Retry(Deadline(60))
    assert [patience.wait(answer) for _ in range(4)] == [True, True, False, False]
    assert slept == pytest.approx([0.4 * dice, 0.8 * dice])


def test_the_real_dice(slept):
    """Each pause is another one."""
    for _ in range(20):
        assert Retry(Deadline(60)).wait()
    assert len(set(slept)) > 1
    assert all(0 <= pause <= 0.01 for pause in slept)


def test_pauses_that_are_asked_for(slept, throws):
    """A server that says how long to wait is obeyed to the second, at most twice; no dice is thrown."""
    throws(None)
    patience = Retry(Deadline(60))
    assert [patience.wait(asks_to_wait(text)) for text in ("7", "0", "1")] == [True, True, False]
    assert slept == [7, 0]
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert Retry(Deadline(60)).wait(asks_to_wait(until))
    assert 28 < slept[-1] <= 30


@pytest.mark.parametrize("text", ["61", "9" * 50, None])
def test_pauses_that_do_not_fit(text, slept, throws, monkeypatch):
    """A pause that would outlast the deadline is not begun; it is no attempt either."""
    monkeypatch.setattr("aicore_magics.http.deadline.FIRST_PAUSE", 100)
    throws(1.0)
    patience = Retry(Deadline(60))
    assert patience.wait(asks_to_wait(text)) is False
    assert patience.pause(asks_to_wait(text)) is None
    assert slept == []
    assert [patience.wait(asks_to_wait("1")) for _ in range(3)] == [True, True, False]


def test_no_pause_after_the_end(slept, throws):
    """With no time left there is no other attempt, even without a pause."""
    throws(0.0)
    assert Retry(Deadline(0)).wait() is False
    assert slept == []


def test_a_pause_that_is_asked_for_before(slept, throws):
    """To ask for a pause makes none, and counts no attempt: whoever wants to look first can."""
    throws(0.5)
    retry = Retry(Deadline(60))
    assert retry.pause() == retry.pause() == pytest.approx(0.005)
    assert retry.pause(asks_to_wait("7")) == 7
    assert slept == []
    retry.rest(7)
    assert slept == [7]
    assert retry.pause() == pytest.approx(0.01)
    retry.rest(0)
    assert [retry.pause(), retry.pause(asks_to_wait("1")), retry.wait()] == [None, None, False]
    assert slept == [7, 0]


def interrupt(_):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    "pausing",
    [
        lambda: Retry(Deadline(60)).wait(),
        lambda: Retry(Deadline(60)).rest(1),
        lambda: Deadline(60).pause(1),
        lambda: Retry(Deadline(60)).send(lambda: BUSY, passes=lambda _: True, after_lost=lambda _: True),
    ],
)
def test_an_interrupted_pause(pausing, monkeypatch):
    """Ctrl-C during a pause leaves as what it is: what it means is not known here."""
    monkeypatch.setattr(time, "sleep", interrupt)
    with pytest.raises(KeyboardInterrupt):
        pausing()


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
