"""Only what AI Core itself sends in one of its forms tells anything about what AI Core did."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.aicore.own_form import FORMS, own_form
from aicore_magics.http.messages import Response

JSON, TEXT, HTML = "application/json", "text/plain", "text/html; charset=utf-8"
STATUSES = (
    *(101, 103, 200, 201, 202, 204, 299, 300, 302, 304, 307, 399),
    *(400, 401, 403, 404, 405, 408, 409, 413, 415, 422, 425, 429, 499, 500, 502, 503, 504, 599, 999),
)


def answer(status, body=b"", kind=JSON):
    raw = body if isinstance(body, bytes) else body.encode() if isinstance(body, str) else None
    return Response(status, {"content-type": kind}, json.dumps(body).encode() if raw is None else raw, "h")


def is_error(status):
    return status >= 400


def is_success(status):
    return status in (200, 201, 202)


# Each form as it is known, with the statuses it is AI Core's at.
ENVELOPE = {
    "code": "01010076",
    "message": "Invalid Request",
    "requestId": "e110820e",
    "target": "/api/v2/x",
    "details": [{"code": "1", "message": "x"}],
}
REQUEST_ID = {"message": "no healthy upstream", "request_id": "e110820e"}
OWN = {
    "error": ("error", lambda _: {"error": ENVELOPE}, is_error),
    "error with a message alone": ("error", lambda _: {"error": {"message": "no"}}, is_error),
    "error with a code alone": ("error", lambda _: {"error": {"code": "01010076", "message": ""}}, is_error),
    "error beside more": ("error", lambda _: {"error": ENVELOPE, "message": "x"}, is_error),
    "Status": (
        "Status",
        lambda status: {"kind": "Status", "apiVersion": "v1", "status": "Failure", "code": status},
        is_error,
    ),
    "request_id": ("request_id", lambda _: REQUEST_ID, is_error),
    "request_id beside a string error": ("request_id", lambda _: {**REQUEST_ID, "error": "x"}, is_error),
    "object": ("object", lambda _: {"message": "Secret has been created"}, is_success),
    "empty object": ("object", lambda _: {}, is_success),
    "object with an empty error": ("object", lambda _: {"name": "x", "error": None}, is_success),
}


def forms_at_each_status(make, kind):
    """The form of what *make* gives, by status."""
    return {status: own_form(answer(status, make(status), kind)) for status in STATUSES}


@pytest.mark.parametrize("form", OWN)
@pytest.mark.parametrize(
    "kind", [JSON, "Application/JSON; charset=utf-8", "application/problem+json", "", TEXT]
)
def test_each_form_at_each_status(form, kind):
    """A form of an error is AI Core's from 400 on, an object at 2xx alone, whatever type it is sent as."""
    name, make, fits = OWN[form]
    assert forms_at_each_status(make, kind) == {status: name if fits(status) else "" for status in STATUSES}


@pytest.mark.parametrize("form", OWN)
def test_a_form_that_calls_itself_a_page(form):
    """What says that it is HTML is a page, whatever stands in it."""
    _, make, _ = OWN[form]
    assert set(forms_at_each_status(make, HTML).values()) == {""}


OF_ERRORS = ("error", "errors", "code", "kind")
WORDS = {
    "Jwt is expired": ("Jwt", 401),
    "Jwt is missing": ("Jwt", 401),
    "Jwt issuer is not configured": ("Jwt", 401),
    "RBAC: access denied": ("RBAC", 403),
}


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("kind", [TEXT, "text/plain; charset=utf-8", "Text/Plain;charset=UTF-8"])
def test_the_words_of_the_gateway(words, kind):
    """The gateway's bare words are AI Core's with the one status that they belong to."""
    form, own = WORDS[words]
    told = forms_at_each_status(lambda _: words, kind)
    assert told == {status: form if status == own else "" for status in STATUSES}


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("kind", [JSON, "", HTML, "text/html", "application/octet-stream", "x-text/plain"])
def test_the_words_of_the_gateway_in_another_dress(words, kind):
    """As another type than plain text they are anybody's."""
    assert own_form(answer(WORDS[words][1], words, kind)) == ""


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "words",
    [
        *("", " ", "Jwt", "Jwtis expired", "jwt is expired", "JWT is expired", " Jwt is expired"),
        *("the Jwt is expired", "RBAC", "RBAC access denied", "rbac: access denied", "access denied"),
        *("RBAC:access denied", "Unauthorized", "Forbidden", "forbidden", '"Jwt is expired"'),
        "upstream connect error or disconnect/reset before headers",
    ],
)
def test_words_like_them(words, status):
    """A text that only resembles them is anybody's."""
    assert own_form(answer(status, words, TEXT)) == ""


FOREIGN = {
    "nothing": b"",
    "blanks": b" \r\n",
    "a list": [],
    "a list of words": ["bad", "request"],
    "a list of an envelope": [{"error": ENVELOPE}],
    "a number": 3,
    "null": None,
    "a text in JSON": '"error"',
    "a string error": {"error": "forbidden"},
    "an OAuth error": {"error": "invalid_token", "error_description": "expired"},
    "a list of errors": {"error": [ENVELOPE]},
    "an error of lists": {"error": {"code": ["1"], "message": ["x"]}},
    "an error of numbers": {"error": {"code": 1, "message": 2}},
    "an empty error": {"error": {}},
    "an error of empty texts": {"error": {"code": "", "message": ""}},
    "an error with a request id alone": {"error": {"requestId": "e110820e"}},
    "errors": {"errors": [{"code": "UNAUTHORIZED", "message": "x"}]},
    "ERROR": {"ERROR": ENVELOPE},
    "a message alone": {"message": "no Route matched with those values"},
    "a request id alone": {"request_id": "e110820e"},
    "another request id": {"requestId": "e110820e", "message": "x"},
    "a request id and an empty message": {"request_id": "e110820e", "message": ""},
    "an empty request id": {"request_id": "", "message": "x"},
    "a request id of a number": {"request_id": 7, "message": "x"},
    "a message that is not a string": {"request_id": "e110820e", "message": {"text": "x"}},
    "another kind": {"kind": "Secret", "code": 0},
    "a Status of nobody": {"kind": "Status"},
    "a Status as text": {"kind": "Status", "code": "400"},
    "a Status of another status": {"kind": "Status", "code": 418, "message": "x"},
    "a small status": {"kind": "status", "code": 400},
    "Spring's": {"timestamp": "x", "status": 400, "error": "Bad Request", "path": "/"},
    "a problem": {"type": "about:blank", "title": "Bad Request", "status": 400, "detail": "x"},
    "cut JSON": b'{"error": {"code": "1", "message": "x"',
    "JSON twice": b'{"error": {"message": "x"}}{}',
    "not UTF-8": b"\xff\xfe{}",
    "too deep": b"[" * 100_000,
    "words": b"upstream connect error",
    "a page": b"<!doctype html><title>Log on</title>",
    "a page behind blanks": b" \r\n<HTML lang=en>",
    "XML": b'<?xml version="1.0"?><error/>',
}


@pytest.mark.parametrize("body", FOREIGN.values(), ids=FOREIGN)
@pytest.mark.parametrize("kind", [JSON, TEXT])
def test_foreign_forms(body, kind):
    """What is in none of the forms is anybody's, but for an object at 200, 201 or 202 that tells no error."""
    success = "object" if isinstance(body, dict) and not any(map(body.get, OF_ERRORS)) else ""
    told = forms_at_each_status(lambda _: body, kind)
    assert told == {status: success if is_success(status) else "" for status in STATUSES}


@pytest.mark.parametrize("status", [200, 202, 204])
@pytest.mark.parametrize(
    "body", [{"error": ENVELOPE}, {"name": "x", "error": {"code": "1"}}, REQUEST_ID, "Jwt is expired"]
)
def test_an_error_in_the_dress_of_a_success(body, status):
    """A 2xx that holds an error is neither: nobody knows what it means."""
    assert own_form(answer(status, body)) == ""


def test_a_status_of_success():
    """Kubernetes' Status of a success, of that very status, is no object of AI Core's either."""
    assert own_form(answer(200, {"kind": "Status", "code": 200})) == ""


def test_the_names():
    """Each form has a name of its own, and every name but the empty one is met above."""
    met = {name for name, _, _ in OWN.values()} | {form for form, _ in WORDS.values()}
    assert sorted(FORMS) == sorted(met)
    assert len(set(FORMS)) == len(FORMS)


KEYS = st.sampled_from(["error", "message", "code", "request_id", "kind", "Status"])
VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=9), KEYS)
DATA = st.recursive(
    VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(KEYS, inner, max_size=4)),
    max_leaves=8,
)
BODIES = st.one_of(
    st.binary(max_size=60),
    DATA.map(lambda data: json.dumps(data).encode()),
    st.sampled_from([b"Jwt x", b"RBAC: x", b"<html", b"{", b"{}"]),
)
HEADERS = st.dictionaries(
    st.sampled_from(["content-type", "location", "retry-after", "x"]),
    st.one_of(st.text(max_size=20), st.sampled_from([JSON, TEXT, HTML])),
)


@given(status=st.integers(0, 999), headers=HEADERS, body=BODIES)
def test_any_answer(status, headers, body):
    """Any answer has one form or none; none below 200, none at 3xx, and that of a page never."""
    given_answer = Response(status, headers, body, "h")
    form = own_form(given_answer)
    assert form in ("", *FORMS)
    assert not form or not given_answer.not_an_api()
    assert (form == "object") <= is_success(status)
    assert (form not in ("", "object")) <= is_error(status)
