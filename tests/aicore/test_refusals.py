import base64
import html
import json
import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics import errors
from aicore_magics.aicore.own_form import own_form
from aicore_magics.aicore.refusals import Attempt, refusal
from aicore_magics.base.redact import Secret
from aicore_magics.http.messages import Response
from aicore_magics.jupyter.wording import NOTEBOOK

HOST = "api.ai.example"
JSON = {"content-type": "application/json"}
TEXT = {"content-type": "text/plain"}


def answer(status, body=b"", **headers):
    """An answer; a dict is sent as JSON, a str as plain text."""
    kind = {dict: JSON, str: TEXT, bytes: {}}[type(body)]
    text = json.dumps(body) if isinstance(body, dict) else body
    raw = text.encode() if isinstance(text, str) else text
    more = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, {**kind, **more}, raw, HOST)


def told(given, *secrets, doing="store docker secrets", tenant="acme-dev"):
    changes = not doing.startswith(("read", "list"))
    return refusal(given, Attempt(tenant, doing, changes=changes), secrets)


def envelope(**fields):
    return {"error": {"code": "01010076", "message": "Invalid Request", **fields}}


@pytest.mark.parametrize(
    ("status", "kind", "message", "hint"),
    [
        (
            401,
            errors.CredentialsRefused,
            (
                "AI Core does not accept the token of tenant acme-dev (401, Invalid Request). "
                "Nothing was changed."
            ),
            "check that the service key is of this landscape: %aicore_connect --service-key FILE",
        ),
        (
            403,
            errors.NotAllowed,
            "tenant acme-dev does not let you store docker secrets (403). Nothing was changed.",
            "ask your administrator for aicore_admin_dockerregistrysecret_editor.",
        ),
        (
            404,
            errors.DockerSecretMissing,
            "tenant acme-dev has no such docker secret. Nothing was changed.",
            "see all names: %aicore_docker_secret list",
        ),
        (
            429,
            errors.Busy,
            "AI Core is rate limiting. Nothing was changed.",
            "run the cell again in a minute.",
        ),
        *(
            (
                status,
                errors.RequestRefused,
                f"AI Core refused to store docker secrets ({status}, Invalid Request). Nothing was changed.",
                "correct what the message names, then run the cell again.",
            )
            for status in (400, 402, 405, 406, 409, 412, 415, 418, 422, 451)
        ),
        *(
            (
                status,
                errors.ServerError,
                f"AI Core failed ({status}, Invalid Request).",
                "run the cell again; if it fails again, give SAP support the request id.",
            )
            for status in (500, 501, 502, 503, 504, 520, 599)
        ),
    ],
)
def test_words(status, kind, message, hint):
    """Each status is one error, in one sentence for what happened and one for what to do."""
    error = told(answer(status, envelope()))
    assert type(error) is kind
    assert (error.status, error.message, NOTEBOOK.say(error.next)) == (status, message, hint)


def test_a_failed_server_is_not_said_to_have_changed_nothing():
    """Whether a server that failed has changed something is not known here, so it is not said."""
    assert "changed" not in told(answer(500, envelope())).message


@pytest.mark.parametrize(
    "doing", ["read docker secrets", "list docker secrets", "read the quota of docker secrets"]
)
def test_viewer(doing):
    """Who may not read is sent for the role that reads."""
    error = told(answer(403, envelope()), doing=doing)
    assert error.message == f"tenant acme-dev does not let you {doing} (403). Nothing was changed."
    assert NOTEBOOK.say(error.next) == "ask your administrator for aicore_admin_dockerregistrysecret_viewer."


@pytest.mark.parametrize("key", ["requestId", "requestID", "request_id"])
@pytest.mark.parametrize("details", [{}, [], [{"code": "1", "message": "x"}], "x", None])
def test_envelope(key, details):
    """Message and request id are told, in each spelling of the envelope that was seen."""
    error = told(answer(500, envelope(**{key: "e110820e", "details": details, "target": "/api"})))
    assert error.message == "AI Core failed (500, Invalid Request, request e110820e)."


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({"error": {"code": "01010076"}}, ", 01010076"),
        ({"error": {"code": "01010076", "message": ""}}, ", 01010076"),
        ({"error": {"code": 1, "message": ["x"], "requestId": 7}}, ""),
        ({"error": {"requestId": "r"}}, ", request r"),
        ({"error": {}}, ""),
        ({"error": "forbidden"}, ""),
        ({"error": ["x"]}, ""),
        ({"error": None}, ""),
        ({"message": "x"}, ", x"),
        ({"message": "x", "request_id": "5f6c"}, ", x, request 5f6c"),
        ({"kind": "Status", "message": "no such thing", "code": 500}, ", no such thing"),
        ({"error": {"message": "a"}, "message": "b"}, ", a"),
        ({"error": {"requestId": "r"}, "message": "b"}, ", request r"),
        ({"error": "forbidden", "message": "b"}, ", b"),
        ({"message": ["x"], "code": 7, "request_id": 8}, ""),
        ({"message": "", "code": "BUSY"}, ", BUSY"),
        ({}, ""),
        ("Jwt is expired", ", Jwt is expired"),
        (" \r\n", ""),
        (b"no content type", ""),
        (b"[1]", ""),
        (b'{"error": {"mess', ""),
        (b"\xff\xfe", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_what_the_server_said(body, said):
    """What a server said is told if it is an object with words or plain text; else the status is alone.

    Only where the answer is AI Core's own, that is who said it.
    """
    given = answer(500, body)
    who = "AI Core" if own_form(given) else HOST
    assert told(given).message == f"{who} failed (500{said})."


def test_plain_text_in_any_dress():
    """Plain text may carry a charset, and bytes that are no UTF-8."""
    given = Response(401, {"content-type": "text/plain; charset=latin-1"}, b"Jwt \xe4", HOST)
    assert "(401, Jwt \ufffd)" in told(given).message


@pytest.mark.parametrize(
    ("headers", "wait", "hint"),
    [
        ({}, "", r"run the cell again in a minute\."),
        ({"retry_after": ""}, "", r"run the cell again in a minute\."),
        ({"retry_after": "5"}, " for 5 s", r"run the cell again after \d\d:\d\d\."),
        (
            {"retry_after": "120"},
            " for 120 s, longer than the 60 s limit",
            r"run the cell again after \d\d:\d\d, or add --timeout 180\.",
        ),
        (
            {"retry_after": "90000"},
            " for 90000 s, longer than the 60 s limit",
            r"run the cell again after \d+ \w+ \d\d:\d\d\.",
        ),
        ({"retry_after": "Wed, 21 Oct 2015 07:28:00 GMT"}, "", r"run the cell again in a minute\."),
    ],
)
def test_wait(headers, wait, hint):
    """How long a server asks to wait is told in seconds, with the time to come back."""
    error = told(answer(429, envelope(), **headers))
    assert error.message == f"AI Core is rate limiting{wait}. Nothing was changed."
    assert told(answer(429, **headers)).message == f"{HOST} is rate limiting{wait}. Nothing was changed."
    assert re.fullmatch(hint, NOTEBOOK.say(error.next))


def test_wait_until():
    """A date is told as the seconds until then."""
    then = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert re.search(r"is rate limiting for (?:28|29|30) s\.", told(answer(429, retry_after=then)).message)


@pytest.mark.parametrize("value", ["-1", "x" * 500, "1e9", "\x1b[2J", "{tenant}"])
def test_wait_that_is_garbage(value):
    """A wait that is none does no harm."""
    message = told(answer(429, retry_after=value)).message
    assert len(message) < 100
    assert message.isprintable()


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (answer(200, b"<!doctype html>"), "a web page"),
        (answer(403, b" \n<html lang=en>"), "a web page"),
        (Response(401, {"content-type": "Text/HTML; charset=utf-8"}, b"x", HOST), "a web page"),
        (
            answer(302, location="https://u:p@login.corp.example:8443/x?token=y"),
            "a redirect to login.corp.example",
        ),
        (answer(308, location="//other.example/x"), "a redirect to other.example"),
        (answer(307, location="/x"), "a redirect to another address"),
        (answer(304), "a redirect to another address"),
        (answer(202), "202 and an empty body"),
        (answer(204), "204 and an empty body"),
        (answer(200, b"[]"), "200 and nothing that says what happened"),
        (answer(202, b'{"message": "Secr'), "202 and nothing that says what happened"),
        (answer(202, "fine"), "202 and nothing that says what happened"),
        *((answer(status), f"status {status}") for status in (100, 101, 103, 199)),
        (answer(101, {"message": "x"}), "status 101"),
    ],
)
def test_not_aicore(given, what):
    """A web page, a redirect, a success without an object and no final answer come from something else."""
    error = told(given)
    assert type(error) is errors.NotAICore
    assert error.message == f"{HOST} answered with {what}. Nothing was changed."
    assert "AI_API_URL" in NOTEBOOK.say(error.next)


ENCODERS = {
    "plain": lambda text: text,
    "json": lambda text: json.dumps(text)[1:-1],
    "json twice": lambda text: json.dumps(json.dumps(text)[1:-1])[1:-1],
    "repr": lambda text: repr(text)[1:-1],
    "percent": lambda text: quote(text, safe=""),
    "html": html.escape,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "auth": lambda text: base64.b64encode(f"anna:{text}".encode()).decode(),
}


@pytest.mark.parametrize("encode", ENCODERS.values(), ids=ENCODERS)
@pytest.mark.parametrize("place", ["message", "code", "requestId", "text", "bare message", "bare request_id"])
def test_secrets_are_masked(place, encode, canary):
    """A secret in message, code, request id or plain text is masked, in every usual encoding."""
    said = f"bad {encode(canary)} x"
    bare = place.removeprefix("bare ")
    body = said if place == "text" else {bare: said} if bare != place else {"error": {place: said}}
    error = told(answer(400, body), Secret("other"), Secret(canary))
    assert "bad *** x" in error.message
    assert encode(canary) not in str(error)


def test_long_messages_are_cut():
    """However much a server says, the error stays short."""
    long = "word " * 200_000
    for body in (envelope(message=long, requestId=long), {"message": long, "request_id": long}, long):
        error = told(answer(500, body))
        assert len(str(error)) < 400
        assert "…" in error.message


def test_unseen_characters():
    """Line breaks, colours and direction marks do not reach the screen."""
    error = told(answer(400, envelope(message="a\r\nb\x1b[31m\u202ec\u2028d")))
    assert r"(400, a b\x1b[31m\u202ec\u2028d)" in error.message


@pytest.mark.parametrize("braces", ["{tenant}", "{0}", "{", "}", "{said!r:>99999}", "%s %(x)s"])
def test_braces(braces):
    """Nothing that a server or a tenant is called is taken for a pattern."""
    error = told(answer(400, envelope(message=braces)), tenant=braces)
    assert f"(400, {braces})" in error.message
    assert f"tenant {braces} does not" in told(answer(403, envelope()), tenant=braces).message


KEYS = st.sampled_from(["error", "message", "code", "requestId", "request_id", "kind"])
DATA = st.recursive(
    st.one_of(st.none(), st.booleans(), st.floats(), st.text(max_size=9)),
    lambda inner: st.dictionaries(KEYS, st.one_of(inner, st.lists(inner, max_size=2))),
    max_leaves=6,
)
BODIES = st.one_of(st.binary(max_size=60), DATA.map(lambda data: json.dumps(data).encode()))


@given(
    status=st.integers(100, 999),
    body=BODIES,
    kind=st.sampled_from(["", "application/json", "text/plain", "text/html", "text/plain;charset=x"]),
    wait=st.text(max_size=20),
)
def test_any_answer(status, body, kind, wait):
    """Any answer gives one error of ours: a printable line, a hint, and the status."""
    error = told(Response(status, {"content-type": kind, "retry-after": wait}, body, HOST))
    assert type(error).__module__ == "aicore_magics.errors"
    assert type(error) not in (errors.AICoreError, errors.Refused)
    assert error.status == status
    assert NOTEBOOK.say(error.next)
    assert len(error.message) < 400
    assert "\n" not in error.message
