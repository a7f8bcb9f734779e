import json
from email.message import Message

import pytest

from aicore_magics.sandbox.exchange import Answer, Refusal, Request, envelope
from aicore_magics.sandbox.faults import Faults


def envelope_of(**switches):
    refusal = Refusal(404, "Secret not found")
    return json.loads(envelope(refusal, target="/v2/x", faults=Faults(**switches)).body)["error"]


def test_envelope():
    """An error has a code that is no HTTP status, a message, the id of the request, and what was asked."""
    error = envelope_of()
    assert error["code"] == "01010404"
    assert (error["message"], error["target"]) == ("Secret not found", "/api/v2/x")
    assert len(error["requestId"]) == 36
    assert "details" not in error


@pytest.mark.parametrize("key", ["requestID", "request_id"])
def test_request_id_key(key):
    """The id of the request can be spelled as SAP's documents spell it elsewhere."""
    error = envelope_of(request_id_key=key)
    assert key in error
    assert "requestId" not in error


def test_details_as_list():
    """Details can be a list of code and message."""
    assert envelope_of(details_as_list=True)["details"] == [
        {"code": "01010404", "message": "Secret not found"}
    ]


def test_refusal_keeps_its_headers():
    """What a refusal wants in the header ends there."""
    refusal = Refusal(405, "Method not allowed", ("Allow", "GET"))
    assert envelope(refusal, target="/", faults=Faults()).headers == (("Allow", "GET"),)


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("application/json", "application/json"),
        ("Application/JSON; charset=utf-8", "application/json"),
        ("", ""),
    ],
)
def test_content_type(header, kind):
    """The content type counts without its parameters and in any case."""
    headers = Message()
    headers["Content-Type"] = header
    assert Request("POST", "/", "", headers).content_type == kind


def test_repr_hides_what_was_sent():
    """A request shows neither its headers nor its body."""
    headers = Message()
    headers["Authorization"] = "Bearer CANARY"
    assert "CANARY" not in repr(Request("POST", "/", "", headers, b"CANARY"))


def test_text_is_bare():
    """A bare text is no JSON and says so."""
    answer = Answer.text(401, "Jwt is missing")
    assert (answer.body, answer.content_type) == (b"Jwt is missing", "text/plain")
