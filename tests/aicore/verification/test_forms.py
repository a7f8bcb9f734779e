"""What is said of an answer: its form and known words, and nothing else of it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.aicore.verification.forms import fields, form_of, known_words, said, seen_as
from aicore_magics.http.messages import Response


def answer(status, body, kind="application/json", **headers):
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Response(status, {"content-type": kind, **headers}, body, "api.example")


ENVELOPE = {"error": {"code": "01010400", "message": "Secret x-1 already exists", "requestId": "e1"}}
FORMS = [
    (answer(400, ENVELOPE), "error envelope", "400, error envelope", ' "Secret … already exists"'),
    (answer(400, {"error": "no"}), "JSON", "400, JSON", ""),
    (answer(400, {"error": {"message": 5}}), "JSON", "400, JSON", ""),
    (answer(400, {"error": {"code": "0101"}}), "error envelope", "400, error envelope", ""),
    (answer(404, {"kind": "Status", "code": 404}), "Kubernetes Status", "404, Kubernetes Status", ""),
    (answer(500, {"request_id": "x", "message": "y"}), "flat error", "500, flat error", ""),
    (answer(400, {"error": {"message": "harbor"}}), "error envelope", "400, error envelope", ""),
    (answer(404, []), "JSON", "404, JSON", ""),
    (answer(404, b"", "text/plain"), "no body", "404, no body", ""),
    (answer(404, b" \r\n"), "no body", "404, no body", ""),
    (answer(401, b"Jwt is expired", "text/plain"), "plain text", "401, plain text", ' "Jwt is expired"'),
    (answer(403, b"RBAC: access denied"), "plain text", "403, plain text", ' "RBAC: access denied"'),
    (answer(403, b"\xff\xfe"), "plain text", "403, plain text", ""),
    (answer(202, {"message": "Secret has been created"}), "JSON", "202 with message", ""),
    (answer(202, {"id": "x", "message": "y", "trace": 1}), "JSON", "202 with id, message and 1 more", ""),
    (answer(202, {"acme": 1}), "JSON", "202 with 1 other field", ""),
    (answer(202, {}), "JSON", "202, JSON", ""),
    (answer(200, b"fine", "text/plain"), "plain text", "200, plain text", ' "fine"'),
    (answer(502, b"<html>", "text/html"), "", "502, web page", ""),
    (answer(302, b"", location="https://login.example"), "", "302, web page", ""),
]


@pytest.mark.parametrize(("given_answer", "form", "seen", "words"), FORMS, ids=repr)
def test_forms(given_answer, form, seen, words):
    """Each form has its name; an answer that is none of AI Core's has none."""
    assert (form_of(given_answer), seen_as(given_answer)) == (form, seen)
    assert said(given_answer) == (words if words != ' "fine"' else "")


KNOWN = ("secret", "already", "exists", "not", "found", "invalid", "request", "the", "jwt", "is")


@given(st.lists(st.one_of(st.sampled_from(KNOWN), st.text()), max_size=20))
def test_only_known_words_come_out(words):
    """Whatever a text says, what comes out of it is made of known words, an ellipsis, and few of them."""
    shown = known_words(" ".join(words))
    assert len(shown.split()) <= 9
    for word in shown.split():
        bare = word.rstrip(",:;")
        assert bare == "…" or (known_words(bare) == bare and bare.isascii() and bare.isalpha())


@pytest.mark.parametrize(
    "text", ["team-ghcr", "b82a8318", "acme", "api.ai.example", "e110820e-1cfe", "10.0.0.1", "eyJhbGci.eyJ"]
)
def test_what_may_be_private_does_not(text):
    """No name, host, number or id is a known word, alone or between others."""
    assert known_words(text) == "…"
    assert known_words(f"secret {text}: exists") == "secret …: exists".replace("…:", "…")


@given(st.sets(st.text(), max_size=5))
def test_fields_of_others_are_counted(keys):
    """A key that is not known is not shown, only counted."""
    data = dict.fromkeys((f"-{key}" for key in keys), 1)
    assert fields({**data, "name": 1}) == (f"name and {len(data)} more" if data else "name")
