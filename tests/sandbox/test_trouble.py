import json
from email.message import Message

import pytest

from aicore_magics.sandbox import trouble
from aicore_magics.sandbox.exchange import Answer, Request
from aicore_magics.sandbox.faults import Faults


def request(body=b"", kind="application/json"):
    headers = Message()
    headers["Content-Type"] = kind
    return Request("POST", "/v2/x", "", headers, body)


def test_no_trouble():
    """By default nothing stands in the way."""
    assert trouble.interception(request(b"{}"), Faults()) is None
    assert trouble.breakdown(request(), Faults()) is None


def test_redirect():
    """A redirect keeps the method and names the address as it stands."""
    answer = trouble.interception(request(), Faults(redirect_to="http://127.0.0.1:1/x"))
    assert (answer.status, answer.headers) == (307, (("Location", "http://127.0.0.1:1/x"),))


def test_login_page():
    """A login page comes with 200."""
    answer = trouble.interception(request(), Faults(html=True))
    assert (answer.status, answer.content_type) == (200, "text/html; charset=utf-8")
    assert b"<html>" in answer.body


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("wait", ["7", "Fri, 31 Dec 2027 23:59:59 GMT", "soon"])
def test_breakdown(status, wait):
    """An ordered status comes once, in the envelope, with the header as it was given."""
    faults = Faults(next_statuses=[status], retry_after=wait)
    answer = trouble.breakdown(request(), faults)
    assert (answer.status, answer.headers) == (status, (("Retry-After", wait),))
    assert json.loads(answer.body)["error"]["code"] == f"01010{status}"
    assert trouble.breakdown(request(), faults) is None


def test_plain_breakdown():
    """A gateway's failure is plain text, and asks nobody to retry by itself."""
    answer = trouble.breakdown(request(), Faults(next_statuses=[503], plain_errors=True))
    assert (answer.status, answer.content_type, answer.headers) == (503, "text/plain", ())


def test_pass():
    """A 0 among the statuses lets a request pass."""
    faults = Faults(next_statuses=[0, 503])
    assert trouble.breakdown(request(), faults) is None
    assert trouble.breakdown(request(), faults).status == 503


def test_padded():
    """A text is made longer at its end, to the byte; what is long enough stays."""
    answer = trouble.padded(Answer.text(503, "down"), 9)
    assert answer.body == b"downxxxxx"
    assert trouble.padded(answer, 9) is answer
    assert trouble.padded(answer, 0) is answer


@pytest.mark.parametrize("status", [200, 202, 307])
def test_only_errors_are_padded(status):
    """What is no error is never made longer."""
    answer = Answer.document(status, {"message": "Secret has been created"})
    assert trouble.padded(answer, 9999) is answer


@pytest.mark.parametrize("message", ["", "a", 'he said "no\\"', "tail\\"])
def test_padded_json(message):
    """JSON stays JSON, and what it says begins as before: its quotes and backslashes are left whole."""
    documents = [{"error": {"code": "1", "message": message}}, {"error_description": message, "z": 1}]
    for document in documents:
        answer = trouble.padded(Answer.document(400, document), 500)
        longer = json.dumps(document).replace(
            json.dumps(message), json.dumps(message + "x" * (500 - len(json.dumps(document))))
        )
        assert (len(answer.body), answer.body.decode()) == (500, longer)


def test_forbidden():
    """A 403 is the gateway's bare text or the service's envelope."""
    bare = trouble.forbidden(request(), Faults(forbidden="text"))
    assert (bare.status, bare.content_type, bare.body) == (403, "text/plain", b"RBAC: access denied")
    full = trouble.forbidden(request(), Faults(forbidden="json"))
    assert (full.status, json.loads(full.body)["error"]["code"]) == (403, "01010403")


def test_echo():
    """The leak switch repeats the password of the posted logins as it is, and the whole body."""
    password = 'p"ä\\'
    content = json.dumps({"auths": {"ghcr.io": {"password": password}}})
    body = json.dumps({"name": "ab", "data": {".dockerconfigjson": content}})
    answer = trouble.interception(request(body.encode()), Faults(echo_body=True))
    message = json.loads(answer.body)["error"]["message"]
    assert answer.status == 400
    assert password in message
    assert body in message


def test_echo_of_a_form():
    """The leak switch repeats a client secret as well."""
    form = request(b"client_secret=a%2Bb", "application/x-www-form-urlencoded")
    answer = trouble.interception(form, Faults(echo_body=True))
    assert "a+b" in json.loads(answer.body)["error"]["message"]


@pytest.mark.parametrize(
    "body", [b"no json", b"[]", b'{"data": {".dockerconfigjson": "[]"}}', b"\xff", b"{}"]
)
def test_echo_of_anything(body):
    """The leak switch also repeats what it does not understand."""
    assert trouble.interception(request(body), Faults(echo_body=True)).status == 400


def test_nothing_to_echo():
    """A request without a body passes the leak switch."""
    assert trouble.interception(request(), Faults(echo_body=True)) is None
