"""A token is what a header can carry, and what it says about rights is read with care."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import Request

from aicore_magics.exchange import Answer
from aicore_magics.redact import Secret
from aicore_magics.registry.tokens import bearer_in, grants_pull

PULL = {"type": "repository", "name": "acme/churn", "actions": ["pull"]}
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["pull", "*", "acme/churn", ""]),
    lambda of: (
        st.lists(of, max_size=3)
        | st.dictionaries(st.sampled_from(["access", "name", "actions", "type"]), of, max_size=4)
    ),
    max_leaves=15,
)


def answer(data, status=200):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return Answer(status, {"content-type": "application/json"}, body, "auth.example")


def jwt(claims, *, padded=False):
    coded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
    return Secret(f"eyJhbGciOiJSUzI1NiJ9.{coded if padded else coded.rstrip('=')}.c2ln")


@pytest.mark.parametrize(
    ("data", "token"),
    [
        ({"token": "abc"}, "abc"),
        ({"access_token": "abc"}, "abc"),
        ({"token": "abc", "access_token": "def", "expires_in": 60}, "abc"),
        ({"token": "", "access_token": "def"}, "def"),
        ({"token": None, "access_token": "def"}, "def"),
        ({"token": "!~/+=.-_"}, "!~/+=.-_"),
    ],
)
def test_the_token_in_an_answer(data, token):
    """Either field may hold the token, and it goes out as Bearer."""
    bearer, secret = bearer_in(answer(data))
    assert secret == Secret(token)
    prepared = bearer(Request("GET", "https://ghcr.io/v2/").prepare())
    assert prepared.headers["Authorization"] == f"Bearer {token}"


@pytest.mark.parametrize(
    "data",
    [
        {},
        [],
        None,
        "abc",
        b"",
        b"abc",
        b"<html>",
        {"Token": "abc"},
        {"token": ""},
        {"token": 5},
        {"token": True},
        {"token": ["abc"]},
        {"token": {"token": "abc"}},
        {"token": "a b"},
        {"token": "a\r\nHost: evil"},
        {"token": "a\x7f"},
        {"token": "tök"},
        {"token": "\ud800"},
    ],
    ids=repr,
)
def test_an_answer_without_a_token(data):
    """What a header cannot carry is no token: no line break of a server's gets into a request of ours."""
    assert bearer_in(answer(data)) is None


@pytest.mark.parametrize("status", [199, 301, 401, 403, 404, 500])
def test_only_a_good_answer_has_a_token(status):
    """What an error holds is no token, whatever it is called there."""
    assert bearer_in(answer({"token": "abc"}, status)) is None


def test_a_token_does_not_show():
    """Neither what goes out nor what is kept shows the token."""
    assert "abcdef" not in repr(bearer_in(answer({"token": "abcdef"})))


@pytest.mark.parametrize(
    ("access", "granted"),
    [
        ([PULL], True),
        ([{**PULL, "actions": ["push", "pull"]}], True),
        ([{**PULL, "actions": ["*"]}], True),
        ([{**PULL, "name": "acme/other"}, PULL], True),
        ([None, 5, "pull", [], {}, PULL], True),
        ([], False),
        (None, False),
        ("pull", False),
        ({"0": PULL}, False),
        ([{**PULL, "actions": []}], False),
        ([{**PULL, "actions": ["push"]}], False),
        ([{**PULL, "actions": "pull"}], False),
        ([{**PULL, "actions": None}], False),
        ([{**PULL, "actions": [["pull"], {}]}], False),
        ([{**PULL, "name": "acme/churn2"}], False),
        ([{**PULL, "name": "acme"}], False),
        ([{**PULL, "name": "*"}], False),
        ([{"name": "acme/churn"}], False),
    ],
)
def test_what_a_token_says(access, granted):
    """A token lets a repository be pulled if it says so for exactly that one."""
    for padded in (False, True):
        assert grants_pull(jwt({"access": access}, padded=padded), "acme/churn") is granted


@pytest.mark.parametrize(
    "text",
    [
        "",
        "opaque",
        "a.b",
        "a.b.c.d",
        "..",
        "a.!.c",
        "a.ä.c",
        "a.W10.c",
        "a.bnVsbA.c",
        "a._w.c",
        "a." + "W" * 99_999 + ".c",
    ],
)
def test_a_token_that_says_nothing(text):
    """A token that is none of these grants nothing that could be read."""
    assert not grants_pull(Secret(text), "acme/churn")


@given(TREES, st.text(max_size=10))
def test_no_claim_is_too_odd(data, repository):
    """Whatever a token claims, the question has an answer."""
    for claims in (data, {"access": data}, {"access": [data]}):
        assert grants_pull(jwt(claims), repository) in (True, False)
