"""What came of a write is told from what was raised, and nothing is called unchanged that may be changed."""

from __future__ import annotations

import pytest

from aicore_magics.aicore.client import Accepted
from aicore_magics.aicore.write_outcome import Doubt, write_retry, written, written_for_sure
from aicore_magics.errors import (
    AICoreError,
    DockerSecretMissing,
    NotAICore,
    NotAllowed,
    RequestRefused,
    ServerError,
)
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import ResponseLost

DONE = Accepted(says_exists=False)
PAGE = "api.example answered with a web page"


def error(kind, status=0, message="AI Core failed"):
    made = kind(message, next="compare the address.")
    made.status = status
    return made


def sending(*ends):
    """Give what sends: each time it ends as the next of *ends* says; and the list of what is left."""
    left = list(ends)

    def send():
        end = left.pop(0)
        if isinstance(end, BaseException):
            raise end
        return end

    return send, left


def came_of(*ends):
    return written("team-ghcr", sending(*ends)[0])


def test_accepted():
    """A write that was accepted is told as it came."""
    assert came_of(DONE) is DONE


@pytest.mark.parametrize("kind", [RequestRefused, NotAllowed, DockerSecretMissing])
def test_refused(kind):
    """A refusal is given, not raised, and without the frames that hold the request."""
    came = came_of(error(kind, 400))
    assert type(came) is kind
    assert came.__traceback__ is None


def test_no_answer_and_an_interrupt():
    """Both leave a doubt, which names the secret; only after no answer may it be sent again."""
    lost, stopped = came_of(ResponseLost("x")), came_of(KeyboardInterrupt())
    assert lost.what == "no answer came back for team-ghcr"
    assert stopped.what == "you stopped while team-ghcr was being sent"
    assert (lost.passes, stopped.passes) == (True, False)


@pytest.mark.parametrize(("status", "unchanged"), [(500, True), (503, True), (502, False), (504, False)])
def test_server_errors(status, unchanged):
    """AI Core's own word for a failure counts, that of a gateway does not; both may be sent again."""
    came = came_of(error(ServerError, status, "AI Core failed ({0} {x} {)."))
    assert came == Doubt("AI Core failed ({0} {x} {).", unchanged=unchanged)
    assert came.passes


@pytest.mark.parametrize("status", [200, 202, 302, 303, 307])
def test_pages_and_redirects(status):
    """What answers in AI Core's place may have let the write through before: that is a doubt."""
    given = error(NotAICore, status, PAGE)
    came = came_of(given)
    assert came == Doubt("api.example answered with a web page", page=given)
    assert not came.passes


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_pages_of_a_gateway_that_gave_up(status):
    """After a 5xx sending again may fare better, but nobody says that nothing was changed."""
    came = came_of(error(NotAICore, status, PAGE))
    assert came == Doubt("api.example answered with a web page")
    assert came.passes


@pytest.mark.parametrize(
    ("kind", "status"), [(NotAICore, 0), (ServerError, 0), (NotAICore, 403), (NotAICore, 407)]
)
def test_what_never_came_so_far(kind, status):
    """Without a status the write was not sent, as when no token was to be had; a 4xx turned it away."""
    given = error(kind, status, PAGE)
    assert came_of(given) is given


@pytest.mark.parametrize("first", [ResponseLost("x"), error(ServerError, 503), error(NotAICore, 502, PAGE)])
def test_sent_again_until_it_is_clear(first):
    """A doubt that may pass is followed by another attempt; that there was one is told."""
    send, left = sending(first, DONE)
    assert written_for_sure("team-ghcr", send, Deadline(5)) == (None, True)
    assert left == []


@pytest.mark.parametrize("first", [KeyboardInterrupt(), error(NotAICore, 200, PAGE)])
def test_not_sent_again(first):
    """After Ctrl-C, or where something else answers, there is no other attempt."""
    send, left = sending(first, DONE)
    why, doubted = written_for_sure("team-ghcr", send, Deadline(5))
    assert isinstance(why, Doubt)
    assert doubted
    assert left == [DONE]


def test_a_refusal_after_a_doubt():
    """It says nothing of the attempt before; but a name that is missing is missing."""
    send, _ = sending(ResponseLost("x"), error(NotAllowed, 403))
    assert isinstance(written_for_sure("team-ghcr", send, Deadline(5))[0], Doubt)
    send, _ = sending(ResponseLost("x"), error(DockerSecretMissing, 404))
    assert isinstance(written_for_sure("team-ghcr", send, Deadline(5))[0], DockerSecretMissing)


def test_a_refusal_at_once():
    """The first word is the last."""
    send, _ = sending(error(NotAllowed, 403))
    why, doubted = written_for_sure("team-ghcr", send, Deadline(5))
    assert isinstance(why, AICoreError)
    assert not doubted


def test_an_interrupted_wait(monkeypatch):
    """Ctrl-C in the pause between two attempts means that there is no other."""
    monkeypatch.setattr("time.sleep", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    assert write_retry(Deadline(5)).wait() is False
    send, left = sending(ResponseLost("x"), DONE)
    assert isinstance(written_for_sure("team-ghcr", send, Deadline(5))[0], Doubt)
    assert left == [DONE]
