"""What each answer is worth, and where a run ends: by number, by time, by silence."""

from __future__ import annotations

import json

import pytest

from aicore_magics.aicore.verification import asker as module
from aicore_magics.aicore.verification.asker import MOST_LOST, Asker, Enough, NotSeen
from aicore_magics.base.redact import Secret
from aicore_magics.errors import CredentialsRefused, Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Response, ResponseLost


def reply(status=200, body=b"{}", kind="application/json", **headers):
    return Response(status, {"content-type": kind, **headers}, body, "api.example")


class Line:
    """Gives each request the next of *answers*, the last one for ever; raises those that are errors."""

    def __init__(self, *answers):
        self.answers = answers
        self.requests = []

    def __call__(self, request, deadline):
        answer = self.answers[min(len(self.requests), len(self.answers) - 1)]
        self.requests.append(request)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def ask_with(clock, monkeypatch):
    """Make an asker with a minute by the test's clock, whose waits pass at once."""
    monkeypatch.setattr(module, "time", clock)

    def make(*answers, seconds=60.0, **how):
        line = Line(*answers)
        return Asker(line, Deadline(seconds), **how), line

    return make


LOST = ResponseLost("lost")


@pytest.mark.parametrize(
    ("answers", "method", "why", "sent"),
    [
        ((LOST,), "POST", "no answer arrived", 1),
        ((LOST, LOST), "GET", "no answer arrived", 2),
        ((Unreachable("x"), Unreachable("x")), "GET", "no answer arrived", 2),
        ((reply(502),), "POST", r"a gateway answered \(502\)", 1),
        ((reply(503),), "POST", r"a gateway answered \(503\)", 1),
        ((reply(504),), "GET", r"a gateway answered \(504\)", 1),
        ((reply(200, b"<html>", "text/html"),), "POST", "something other than AI Core answered", 1),
        ((reply(307),), "GET", "something other than AI Core answered", 1),
        ((reply(403, b"RBAC: access denied"),), "POST", r"not allowed \(403, plain text\)", 1),
    ],
)
def test_no_clear_answer(ask_with, answers, method, why, sent):
    """Each leaves its question open, with the reason; a read whose answer is lost is sent once more."""
    asker, line = ask_with(*answers)
    with pytest.raises(NotSeen, match=f"^{why}$") as caught:
        asker.ask(method, "/x")
    assert len(line.requests) == sent
    assert caught.value.refused == ("403" in why)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 400, 404, 405, 409, 412, 415, 422, 500, 501])
def test_clear_answers(ask_with, status):
    """Any other answer of AI Core is one, whether it says yes or no."""
    asker, _ = ask_with(reply(status))
    assert asker.ask("POST", "/x").status == status


def test_a_read_is_sent_again(ask_with):
    """A read whose answer was lost once has one after all."""
    asker, line = ask_with(LOST, reply())
    assert asker.ask("GET", "/x").status == 200
    assert len(line.requests) == 2


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ((reply(401, b"Jwt is expired"),), r"the token is not accepted \(401, plain text\)"),
        ((CredentialsRefused("x"),), r"the request failed \(CredentialsRefused\)"),
        (
            (reply(429, **{"retry-after": "61"}),),
            r"AI Core is rate limiting for 61 s \(429\), longer than the time left",
        ),
        ((reply(429, **{"retry-after": "1"}),), r"AI Core is rate limiting again and again \(429\)"),
    ],
)
def test_no_use_in_more(ask_with, answers, why):
    """Without a token, or where AI Core asks for patience that there is no time for, no more is asked."""
    asker, _ = ask_with(*answers)
    with pytest.raises(Enough, match=f"^{why}$"):
        asker.ask("GET", "/x")


def test_silence(ask_with):
    """After some requests in a row without an answer, no more is asked; one answer begins the row anew."""
    asker, line = ask_with(*((MOST_LOST - 1) * [LOST]), reply(), LOST)
    for _ in range(MOST_LOST - 1):
        with pytest.raises(NotSeen):
            asker.ask("POST", "/x")
    assert asker.ask("POST", "/x").ok
    for _ in range(MOST_LOST - 1):
        with pytest.raises(NotSeen):
            asker.ask("POST", "/x")
    with pytest.raises(Enough, match="no answer arrived, 3 times in a row"):
        asker.ask("POST", "/x")
    assert len(line.requests) == 2 * MOST_LOST


def test_waits_as_long_as_is_asked(ask_with, clock):
    """After 429 the same request is sent again, when AI Core says, and what was met is remembered."""
    asker, line = ask_with(reply(429, **{"retry-after": "7"}), reply(429), reply(202))
    begin = clock.now
    assert asker.ask("POST", "/x").status == 202
    assert clock.now - begin == 7 + module.UNTOLD_WAIT
    assert len(line.requests) == asker.requests == 3
    assert asker.met[429].retry_after() == 7


def test_number_and_time(ask_with, clock, monkeypatch):
    """Beyond a number of requests, or a time, nothing is sent."""
    monkeypatch.setattr(module, "MOST_REQUESTS", 2)
    asker, line = ask_with(reply())
    asker.ask("GET", "/x")
    asker.ask("GET", "/x")
    with pytest.raises(Enough, match="the limit of 2 requests is reached"):
        asker.ask("GET", "/x")
    asker, late = ask_with(reply())
    clock.now += 60
    with pytest.raises(Enough, match="the time limit of 60 s is over"):
        asker.ask("GET", "/x")
    assert (len(line.requests), late.requests) == (2, [])


def test_a_repeated_login(ask_with, canary):
    """An answer that repeats the login is noticed."""
    asker, _ = ask_with(
        reply(400, json.dumps({"error": {"message": canary}}, ensure_ascii=False).encode()),
        reply(400, canary.encode(), "text/plain"),
        hidden=(Secret(canary),),
    )
    asker.ask("POST", "/x", body=Secret("{}"))
    asker.ask("POST", "/x", body=Secret("{}"))
    assert asker.echoed
    assert len(asker.envelopes) == 1


def test_pages_that_do_not_end(ask_with):
    """A list is read page by page, and ends where a page brings nothing new, whatever it counts."""
    page = reply(200, json.dumps({"count": 99, "resources": [{"name": "a"}, {"name": "b"}, "x"]}).encode())
    asker, line = ask_with(page)
    assert asker.listed() == ["a", "b"]
    assert len(line.requests) == 2
    for nonsense in (b"[]", b"{}", b'{"resources": 5}', b"x"):
        asker, _ = ask_with(reply(200, nonsense))
        with pytest.raises(NotSeen, match="the list returns 200"):
            asker.listed()
