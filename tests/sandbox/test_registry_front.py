from email.message import Message

import pytest

from aicore_magics.sandbox.exchange import Answer, Refusal, Request
from aicore_magics.sandbox.registry_faults import RegistryFaults
from aicore_magics.sandbox.registry_front import API_VERSION, RegistryFront
from aicore_magics.sandbox.state import KEPT_REQUESTS

TOKEN = "/token"


def request(path="/v2/", **headers):
    message = Message()
    for name, value in headers.items():
        message[name] = value
    return Request("GET", path, "a=1", message, b"CANARY")


@pytest.fixture
def faults():
    return RegistryFaults()


@pytest.fixture
def requests():
    return []


@pytest.fixture
def waits():
    return []


@pytest.fixture
def front(faults, requests, waits):
    def service(asked):
        return Answer.text(200, asked.path, ("X", "y"))

    return RegistryFront(service, side="basic", faults=faults, requests=requests, wait=waits.append)


def test_no_trouble(front, waits):
    """Without a fault an answer passes at once, and says that it is a registry's."""
    answer = front.answer(request())
    assert (answer.status, answer.body, answer.headers) == (200, b"/v2/", (API_VERSION, ("X", "y")))
    assert waits == []


def test_token_service(front):
    """The token service does not say that it is a registry."""
    assert front.answer(request(TOKEN)).headers == (("X", "y"),)


def test_noted(front, requests):
    """What came is noted, at which side, and with what kind of login; never the login or the body."""
    front.answer(request(Authorization="Basic CANARY", Accept="x/y", Cookie="CANARY"))
    (asked,) = requests
    assert (asked.method, asked.path, asked.query, asked.status) == ("GET", "/v2/", "a=1", 200)
    assert (asked.side, asked.authorized, asked.headers) == ("basic", "basic", {"accept": "x/y"})
    assert "CANARY" not in repr(requests)


def test_requests_are_bounded(front, requests):
    """Only the last requests are kept."""
    for number in range(KEPT_REQUESTS + 5):
        front.answer(request(f"/{number}"))
    assert (len(requests), requests[-1].path) == (KEPT_REQUESTS, f"/{KEPT_REQUESTS + 4}")


@pytest.mark.parametrize("path", ["/v2/", TOKEN])
def test_slow(front, faults, waits, path):
    """Every answer can be slow, that of the token service too."""
    faults.slow = 2
    assert front.answer(request(path)).status == 200
    assert waits == [2]


@pytest.mark.parametrize("path", ["/v2/", TOKEN])
def test_statuses(front, faults, requests, path):
    """Errors that were ordered come one for each request, with the header that goes with them."""
    faults.next_statuses, faults.retry_after = [429, 0, 503], "7"
    answers = [front.answer(request(path)) for _ in range(4)]
    assert [each.status for each in answers] == [429, 200, 503, 200]
    assert [("Retry-After", "7") in each.headers for each in answers] == [True, False, True, False]
    assert b'"TOOMANYREQUESTS"' in answers[0].body
    assert [each.status for each in requests] == [429, 200, 503, 200]


def test_no_retry_after(front, faults):
    """An error need not say when to come again."""
    faults.next_statuses = [429]
    assert front.answer(request()).headers == (API_VERSION,)


@pytest.mark.parametrize("path", ["/v2/", TOKEN])
def test_html(front, faults, path):
    """Everything can be a login page, which does not say that it is a registry."""
    faults.html = True
    answer = front.answer(request(path))
    assert (answer.status, answer.content_type, answer.headers) == (200, "text/html; charset=utf-8", ())
    assert answer.body.startswith(b"<!doctype html>")


def test_refused_before_it_is_read(front, requests):
    """A body that is not read is refused in plain text, and noted."""
    answer = front.refuse(request(), Refusal(413, "The body is too large"))
    assert (answer.status, answer.body) == (413, b"The body is too large")
    assert requests[0].status == 413
