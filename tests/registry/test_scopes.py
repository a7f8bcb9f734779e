"""A token is asked for what the challenge names, to pull and no more; what it says is read, not trusted."""

from __future__ import annotations

import base64
import json
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.redact import Secret
from aicore_magics.registry.auth import Challenge, chosen
from aicore_magics.registry.scopes import MOST, grants_pull, repositories_in, scopes_for, token_query
from tests.registry.test_single_check import WITH_TOKEN, asks, grants, holds, look, said, try_alone

OURS = "repository:acme/churn:pull"
PULL = {"type": "repository", "name": "acme/churn", "actions": ["pull"]}
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.sampled_from(["pull", "*", "acme/churn", ""]),
    lambda of: (
        st.lists(of, max_size=3)
        | st.dictionaries(st.sampled_from(["access", "name", "actions", "type"]), of, max_size=4)
    ),
    max_leaves=15,
)
# What the challenge says of scopes, and what is asked for a pull of acme/churn.
CHALLENGES = {
    "none": ("", [OURS]),
    "empty": (',scope=""', [OURS]),
    "ours": (f',scope="{OURS}"', [OURS]),
    "too much": (',scope="repository:acme/churn:pull,push,delete"', [OURS]),
    "everything": (',scope="repository:acme/churn:*"', [OURS]),
    "push alone": (',scope="repository:acme/churn:push"', [OURS]),
    "another repository": (',scope="repository:library/churn:pull"', ["repository:library/churn:pull"]),
    "another, with a host and port": (
        ',scope="repository:hub.example:5000/churn:pull,push"',
        ["repository:hub.example:5000/churn:pull"],
    ),
    "twice": (
        f',scope="{OURS}",scope="repository:acme/base:pull"',
        [OURS, "repository:acme/base:pull"],
    ),
    "twice, the second in capitals": (
        f',scope="{OURS}",SCOPE="repository:b:pull"',
        [OURS, "repository:b:pull"],
    ),
    "twice the same": (f',scope="{OURS}",scope="{OURS}"', [OURS]),
    "two in one": (f',scope="{OURS}  repository:acme/base:pull"', [OURS, "repository:acme/base:pull"]),
    "of a plugin": (
        ',scope="repository(plugin):acme/churn:pull,push"',
        ["repository(plugin):acme/churn:pull"],
    ),
    "another kind": (',scope="aws"', ["aws", OURS]),
    "another kind beside it": (
        ',scope="repository:x/y:pull registry:catalog:*"',
        ["repository:x/y:pull", "registry:catalog:*"],
    ),
    "no scope at all": (',scope="repository:acme/churn"', ["repository:acme/churn", OURS]),
    "with what looks like a query": (
        ',scope="repository:a&scope=repository:b:push&x=#:pull"',
        ["repository:a&scope=repository:b:push&x=#:pull"],
    ),
}


def jwt(claims, *, padded=False):
    coded = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode()
    return Secret(f"eyJhbGciOiJSUzI1NiJ9.{coded if padded else coded.rstrip('=')}.c2ln")


@pytest.mark.parametrize(("more", "scopes"), CHALLENGES.values(), ids=CHALLENGES)
def test_what_is_asked_for(more, scopes):
    """All that the challenge names is asked for, of a repository its pull alone; ours where it names none."""
    challenge = asks(f'Bearer realm="https://ghcr.io/token",service="s"{more}')
    verdict, table = look({**WITH_TOKEN, ("manifests", "nobody"): challenge})
    assert verdict.ok, verdict
    asked = [parse_qsl(urlsplit(one.url).query) for one in table.sent if one.step == "token"]
    assert asked == [[("service", "s"), *(("scope", scope) for scope in scopes)]] * 2


def test_another_repository_in_the_token():
    """Where the challenge names another repository, a token for that one is a token for the image."""
    challenge = asks('Bearer realm="https://ghcr.io/token",scope="repository:library/churn:pull"')
    rows = {**WITH_TOKEN, ("manifests", "nobody"): challenge}
    public = json.dumps({"token": jwt({"access": [{**PULL, "name": "library/churn"}]}).reveal()}).encode()
    verdict, _ = look({**rows, ("token", "nobody"): holds(public)})
    assert verdict.outcome == "public", verdict
    # The manifest decides.
    refused, _ = look({**rows, ("manifests", "token"): said(403, "DENIED")})
    assert refused.outcome == "no-access-or-missing", refused
    assert look({**rows, ("token", "nobody"): grants(pull=True)})[0].outcome == "ok"


def test_a_login_alone_is_tried_for_what_the_ping_names():
    """Without an image the scopes are those of the challenge, if it has any."""
    for more, scopes in (("", []), (',scope="aws",scope="b"', ["aws", "b"])):
        ping = asks(f'Bearer realm="https://ghcr.io/token"{more}')
        verdict, table = try_alone({("v2", "nobody"): ping, ("token", "login"): grants()})
        assert verdict.outcome == "ok", verdict
        (asked,) = [parse_qsl(urlsplit(one.url).query) for one in table.sent if one.step == "token"]
        assert asked == [("scope", scope) for scope in scopes]


def test_no_more_than_a_few():
    """Of very many scopes the first are asked for, and what is no scope is none."""
    many = " ".join(f"repository:acme/{number}:pull" for number in range(200))
    assert len(scopes_for(Challenge("bearer", {"scope": many}), "acme/churn")) == MOST
    odd = Challenge("bearer", {"scope": 'ä "x" a\\b ' + "y" * 513})
    assert scopes_for(odd, "acme/churn") == (OURS,)
    assert scopes_for(odd, "") == ()


@given(st.text(max_size=60), st.sampled_from(["", "acme/churn"]))
def test_no_scope_is_too_odd(scope, repository):
    """Whatever stands in a scope, what is asked for is made of plain words, and of at least ours."""
    challenge = Challenge("bearer", {"scope": scope})
    scopes = scopes_for(challenge, repository)
    assert all(one.isascii() and not set(' "\\\r\n') & set(one) for one in scopes)
    assert bool(scopes) >= bool(repository)
    assert token_query(challenge, repository).get("scope", ()) == scopes


def test_hostile_scopes_take_no_time():
    """A header full of colons is read in one go."""
    challenge = chosen(f'Bearer realm="r",scope="{"repository:" * 700}"')
    assert challenge is not None
    assert scopes_for(challenge, "acme/churn")[-1] == OURS


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ("repository:acme/churn:pull", ("acme/churn",)),
        ("repository:h:5/x:pull", ("h:5/x",)),
        ("repository:acme/churn:", ("acme/churn",)),
        ("repository::pull", ()),
        ("xrepository:acme/churn:pull", ()),
        ("registry:catalog:*", ()),
        ("aws", ()),
    ],
)
def test_the_repositories_of_a_scope(scope, names):
    """A scope is about the repository between its kind and its actions, or about none."""
    assert repositories_in([scope]) == names


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
        ("pull", None),
        ({"0": PULL}, None),
        ([{**PULL, "actions": []}], False),
        ([{**PULL, "actions": ["push"]}], False),
        ([{**PULL, "actions": "pull"}], False),
        ([{**PULL, "actions": None}], False),
        ([{**PULL, "actions": [["pull"], {}]}], False),
        ([{**PULL, "name": "acme/churn2"}], False),
        ([{**PULL, "name": "acme"}], False),
        ([{**PULL, "name": "*"}], False),
        ([{**PULL, "name": ["acme/churn"]}], False),
        ([{"name": "acme/churn"}], False),
    ],
)
def test_what_a_token_says(access, granted):
    """A token lets a repository be pulled if it says so for that very one; without a list it says nothing."""
    for padded in (False, True):
        assert grants_pull(jwt({"access": access}, padded=padded), (OURS,)) is granted
        assert grants_pull(jwt({"access": access}, padded=padded), ("aws",)) is None


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
        "e30.e30.c2ln",
    ],
)
def test_a_token_that_says_nothing(text):
    """Of a token that is none of these it is not known what it grants."""
    assert grants_pull(Secret(text), (OURS,)) is None


@given(TREES, st.text(max_size=10))
def test_no_claim_is_too_odd(data, repository):
    """Whatever a token claims, the question has an answer."""
    for claims in (data, {"access": data}, {"access": [data]}):
        assert grants_pull(jwt(claims), (f"repository:{repository}:pull",)) in (True, False, None)
