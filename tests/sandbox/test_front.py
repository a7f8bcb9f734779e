from email.message import Message

import pytest

from aicore_magics.sandbox.exchange import Answer, Refusal, Request
from aicore_magics.sandbox.faults import Faults
from aicore_magics.sandbox.front import TOKEN, Front
from aicore_magics.sandbox.state import State

API = "/v2/x"


def request(path=API):
    return Request("GET", path, "", Message())


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def waits():
    return []


@pytest.fixture
def state(faults):
    return State(faults)


@pytest.fixture
def stand(faults, state, waits):
    """Put a service behind a front, and note how long the front waits."""
    return lambda service: Front(service, state=state, faults=faults, wait=waits.append)


@pytest.fixture
def front(stand):
    return stand(lambda request: Answer.text(200, request.path))


def refuse(_):
    raise Refusal(404, "Not found")


def test_no_trouble(front, state, waits):
    """Without a fault an answer passes as it is, at once, and is noted."""
    assert front.answer(request()) == Answer.text(200, API)
    assert ([(each.path, each.status) for each in state.requests], waits) == ([(API, 200)], [])


def test_refusal(stand, state):
    """What the service refuses ends in the envelope."""
    answer = stand(refuse).answer(request())
    assert (answer.status, b'"target": "/api/v2/x"' in answer.body) == (404, True)
    assert state.requests[0].status == 404


def test_no_answer(stand, faults, state):
    """What gets no answer is noted with 0."""
    faults.close_after, faults.body_bytes = 1, 9
    assert stand(lambda _: None).answer(request()) is None
    assert state.requests[0].status == 0


def test_refused_before_it_is_read(front, faults, state):
    """A body that is not read is refused in the same way, and the faults strike as well."""
    faults.body_bytes, faults.drip, faults.close_after = 5000, 0.5, 3
    answer = front.refuse(request(), Refusal(413, "The body is too large"))
    assert (answer.status, len(answer.body), answer.drip, answer.close_after) == (413, 5000, 0.5, 3)
    assert state.requests[0].status == 413


@pytest.mark.parametrize(("hits", "struck"), [("api", [API]), ("token", [TOKEN]), ("both", [API, TOKEN])])
def test_hits(stand, faults, waits, hits, struck):
    """What comes slowly, and what is too long, comes from where the switch says."""
    faults.hits, faults.slow, faults.drip, faults.body_bytes = hits, 2, 0.5, 5000
    answers = {path: stand(refuse).answer(request(path)) for path in (API, TOKEN)}
    assert [path for path, answer in answers.items() if answer.drip == 0.5] == struck
    assert [path for path, answer in answers.items() if len(answer.body) == 5000] == struck
    assert waits == [2] * len(struck)


@pytest.mark.parametrize("path", [API, TOKEN])
def test_close_after(front, faults, path):
    """Connections are closed everywhere, wherever the other faults strike."""
    faults.close_after = 2
    assert front.answer(request(path)).close_after == 2


def test_apply_anyway(stand, faults):
    """A failure that was ordered replaces the answer; the service is asked only if a switch says so."""
    asked = []
    front = stand(lambda request: asked.append(request) or Answer.text(200, ""))
    faults.next_statuses = [504, 504]
    assert (front.answer(request()).status, len(asked)) == (504, 0)
    faults.apply_anyway = True
    assert (front.answer(request()).status, len(asked)) == (504, 1)
