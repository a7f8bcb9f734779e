"""One pace for all workers: what a 429 means for each of them, and what it costs."""

from __future__ import annotations

import heapq
import threading

import pytest

from aicore_magics.errors import AICoreError, Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Response, ResponseLost
from aicore_magics.http.pacer import FIRST_RATE, LONGEST_OWN_PAUSE, OWN_PAUSE, SLOWER, Pace, Pacer
from aicore_magics.next_steps import Effect

LATENCY, WAY = 0.05, 0.001  # seconds that a server takes for what it does, and for a refusal


def answer(status=202, retry_after=None):
    return Response(status, {} if retry_after is None else {"retry-after": retry_after}, b"", "h")


class Server:
    """Takes *burst* requests at once and *rate* a second, and then says to come back in a second."""

    def __init__(self, rate, burst):
        self.rate, self.burst = rate, burst
        self.room, self.at = float(burst), 1000.0

    def ask(self, now):
        """Give the answer, and the seconds that it takes."""
        self.room, self.at = min(self.burst, self.room + (now - self.at) * self.rate), now
        if self.room < 1:
            return answer(429, "1"), WAY
        self.room -= 1
        return answer(), LATENCY


def rotated(count, workers, server):
    """Let *workers* send *count* requests, in no time; give the seconds that it took, and the 429s."""
    pace, now = Pace(), 1000.0
    refused, todo, free = 0, count, workers
    flying: list[tuple[float, float, int]] = []
    while todo or flying:
        wait = pace.wait(now) if free and todo else None
        if wait == 0.0:
            said, seconds = server.ask(now)
            heapq.heappush(flying, (now + seconds, now, said.status))
            free, todo = free - 1, todo - 1
        elif flying and (wait is None or flying[0][0] <= now + wait):
            now, sent, status = heapq.heappop(flying)
            pace.answered(answer(status, "1" if status == 429 else None), sent, now)
            free, todo, refused = free + 1, todo + (status == 429), refused + (status == 429)
        else:
            now += wait
    return now - 1000.0, refused


@pytest.mark.parametrize(
    ("count", "workers", "rate", "burst", "share", "most"),
    [
        (1000, 32, 100, 20, 0.8, 0.05),
        (1000, 16, 100, 20, 0.8, 0.05),
        (400, 32, 100, 20, 0.75, 0.05),
        (1000, 32, 100, 100, 0.85, 0.05),
        (1000, 32, 100, 1, 0.7, 0.05),
        (1000, 32, 30, 20, 0.85, 0.05),
        # Far from the guess.
        (400, 32, 10, 10, 0.85, 0.08),
        (1000, 32, 300, 20, 0.3, 0.05),
    ],
)
def test_a_limit_that_nobody_told(count, workers, rate, burst, share, most):
    """Whatever the limit, few requests are refused, and the time is not far from the best."""
    seconds, refused = rotated(count, workers, Server(rate, burst))
    assert refused <= most * (count + refused)
    assert (count - burst) / rate >= share * seconds


def test_without_a_limit():
    """Who meets no limit never waits: the workers set the pace."""
    seconds, refused = rotated(1000, 16, Server(1_000_000, 1_000_000))
    assert refused == 0
    assert seconds == pytest.approx(63 * LATENCY)


@pytest.mark.parametrize(
    ("asked", "pause"),
    [("3", 3.0), ("0", 0.0), ("120", 120.0), (None, OWN_PAUSE), ("soon", OWN_PAUSE), ("-1", OWN_PAUSE)],
)
def test_a_pause_for_all(asked, pause):
    """A 429 holds everybody back for as long as it asks, or for a pause of ours where that is no time."""
    pace = Pace()
    pace.answered(answer(429, asked), 1000.0, 1001.0)
    assert pace.wait(1001.0) == pause
    assert not pause or pace.wait(1001.0 + pause) == 0.0
    assert pace.wait(1001.0 + pause) == pytest.approx(1 / FIRST_RATE)


def test_pauses_of_ours_grow():
    """From one 429 without a time to the next they double, to half a minute; another answer ends that."""
    pace, pauses, now = Pace(), [], 1000.0
    for _ in range(7):
        pace.answered(answer(429), now, now)
        pauses.append(pace.wait(now))
        now += 100.0
    assert pauses == [1.0, 2.0, 4.0, 8.0, 16.0, LONGEST_OWN_PAUSE, LONGEST_OWN_PAUSE]
    pace.answered(answer(500), now, now)
    pace.answered(answer(429), now, now)
    assert pace.wait(now) == OWN_PAUSE


@pytest.mark.parametrize("echoes", [0, 1, 15])
def test_echoes(echoes):
    """What went out before a 429 came back and is refused too is the same 429: it may only ask for longer."""
    pace = Pace()
    for number in range(1 + echoes):
        pace.answered(answer(429, str(1 + number)), 1000.0, 1000.1 + number / 100)
    assert pace.rate == FIRST_RATE
    assert pace.wait(1000.0) == pytest.approx(1.1 + echoes * 1.01)
    pace.answered(answer(429, "1"), 1020.0, 1020.1)
    assert pace.rate == FIRST_RATE * SLOWER


def test_the_pace_grows():
    """While all is accepted the rate grows by its step a second; after each 429 by a smaller one."""
    pace, now, grown = Pace(), 1000.0, []
    for _ in range(3):
        pace.answered(answer(429, "0"), now, now)
        before, end = pace.rate, now + 1.0
        while now < end:
            while wait := pace.wait(now):
                now += wait
            pace.answered(answer(), now, now)
        grown.append(pace.rate - before)
        assert before < pace.rate < before + 11
        now += 1.0
    assert grown == sorted(grown, reverse=True)
    assert grown[0] > 4 * grown[1] > 16 * grown[2] > 0
    before = pace.rate
    pace.answered(answer(503), now, now)
    assert pace.rate == before


def limited(retry_after="0"):
    """A pacer whose host has met its limit."""
    pacer = Pacer("api.example")
    pacer.answered(answer(429, retry_after), pacer.turn(Deadline(5)))
    return pacer


@pytest.mark.parametrize("make", [lambda: Pacer("api.example"), limited], ids=["no limit", "limit"])
def test_closed(make):
    """After the end nothing goes out any more."""
    pacer = make()
    pacer.turn(Deadline(5))
    assert not pacer.closed
    pacer.close()
    assert pacer.closed
    with pytest.raises(Unreachable, match="the run was stopped") as caught:
        pacer.turn(Deadline(5))
    assert (caught.value.effect, caught.value.again) == (Effect.NOTHING_SENT, False)


@pytest.mark.parametrize(
    ("seconds", "end", "reason"),
    [
        (5, lambda _: None, "is rate limiting for longer than your time limit"),
        (3600, lambda pacer: pacer.close(), "the run was stopped"),
    ],
    ids=["too long", "closed"],
)
def test_whoever_waits_is_told(seconds, end, reason):
    """A pause beyond the time limit, or the end, is told at once to all who wait: they sent nothing."""
    pacer, said = limited("1800"), []

    def wait():
        try:
            pacer.turn(Deadline(seconds))
        except Unreachable as error:
            said.append((error.message, error.effect, error.again))

    waiting = [threading.Thread(target=wait) for _ in range(8)]
    for each in waiting:
        each.start()
    end(pacer)
    for each in waiting:
        each.join(60)
    assert len(said) == 8
    assert {(reason in message, effect, again) for message, effect, again in said} == {
        (True, Effect.NOTHING_SENT, False)
    }


def test_turns_are_spaced():
    """Once a limit is met, no two of many threads go out at once."""
    pacer, turns = limited(), []
    threads = [
        threading.Thread(target=lambda: turns.extend(pacer.turn(Deadline(60)) for _ in range(3)))
        for _ in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert len(turns) == 24
    # One may come late, and the next in its own time.
    assert max(turns) - min(turns) >= 22 / FIRST_RATE


BUSY, DONE, DOWN, LATER = answer(429, "0"), answer(), answer(503), answer(429, "9" * 400)
LOST, AWAY = ResponseLost("lost"), Unreachable("away")


@pytest.mark.parametrize(
    ("script", "again", "end"),
    [
        ([DONE], True, DONE),
        ([DOWN], True, DOWN),
        ([BUSY, BUSY, BUSY, BUSY, BUSY, DONE], True, DONE),
        ([BUSY, BUSY, DOWN], True, DOWN),
        ([BUSY], False, BUSY),
        ([AWAY], True, AWAY),
        ([BUSY, LOST], True, LOST),
        # Nothing was sent by the second, but by the first.
        ([BUSY, AWAY], True, BUSY),
        ([LATER], True, LATER),
    ],
)
def test_sending(script, again, end):
    """A 429 is asked again as long as there is time; nothing that was sent is told as not sent."""
    pacer, left = Pacer("api.example"), list(script)

    def ask():
        said = left.pop(0)
        if isinstance(said, AICoreError):
            raise said
        return said

    try:
        got = pacer.send(ask, Deadline(30), again=again)
    except AICoreError as error:
        got = error
    assert (got, left) == (end, [])


def test_a_stop_between_two_tries():
    """A stop while a 429 is waited out gives that 429: it was sent."""
    pacer = Pacer("api.example")

    def ask():
        threading.Timer(0.05, pacer.close).start()
        return answer(429, "1800")

    assert pacer.send(ask, Deadline(3600), again=True).status == 429
