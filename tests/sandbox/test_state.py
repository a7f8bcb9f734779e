import base64
import contextlib
import json
import threading
from email.message import Message

import pytest

from aicore_magics.sandbox.exchange import Refusal, Request
from aicore_magics.sandbox.faults import Faults
from aicore_magics.sandbox.state import KEPT_REQUESTS, KEPT_TOKENS, State


class Clock:
    """Time that passes only when a test says so."""

    now = 1000.0

    def __call__(self):
        """The time."""
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def state(faults, clock):
    return State(faults, clock=clock)


def grant(state):
    return state.grant_token(issuer="http://127.0.0.1:1", jti="j")


def refused(call, *args):
    with pytest.raises(Refusal) as caught:
        call(*args)
    return caught.value.status


def test_create_replace_delete(state):
    """What is stored can be replaced and forgotten, and shows at once."""
    assert state.create("ab", "1") == "Secret has been created"
    state.replace("ab", "2")
    assert state.secrets == {"ab": "2"}
    assert state.names() == ["ab"]
    state.delete("ab")
    assert not state.shows("ab")
    assert state.secrets == {}


def test_missing(state):
    """What is not there can be neither replaced nor deleted."""
    assert refused(state.replace, "ab", "1") == 404
    assert refused(state.delete, "ab") == 404


def test_names_are_in_order(state):
    """Readers see the names in order."""
    for name in ("b1", "c1", "a1"):
        state.create(name, "")
    assert state.names() == ["a1", "b1", "c1"]


def test_put_in_by_hand(state):
    """A test can store a secret without asking, and it shows at once."""
    state.secrets["ab"] = "x"
    assert state.names() == ["ab"]


@pytest.mark.parametrize(("word", "kept"), [("202-exists", "1"), ("overwrite", "2")])
def test_accepted_duplicate(state, faults, word, kept):
    """A create under a taken name can be accepted: it changes nothing, or with a switch replaces."""
    faults.duplicate = word
    state.create("ab", "1")
    assert state.create("ab", "2") == {"1": "Secret exists", "2": "Secret has been created"}[kept]
    assert state.secrets == {"ab": kept}


@pytest.mark.parametrize("word", ["409", "400", "500"])
def test_refused_duplicate(state, faults, word):
    """A create under a taken name can be refused, and changes nothing."""
    faults.duplicate = word
    state.create("ab", "1")
    assert refused(state.create, "ab", "2") == int(word)
    assert state.secrets == {"ab": "1"}


@pytest.mark.parametrize("status", [400, 403, 429])
def test_quota(state, faults, status):
    """Beyond the quota nothing is stored, but what is there can still be replaced."""
    faults.quota, faults.quota_status = 1, status
    state.create("ab", "1")
    assert refused(state.create, "cd", "1") == status
    state.replace("ab", "2")
    assert state.secrets == {"ab": "2"}


def test_quota_off(state, faults):
    """A quota of 0 is no quota."""
    faults.quota = 0
    state.create("ab", "1")
    assert "ab" in state.secrets


def test_visible_after(state, faults, clock):
    """A create shows late, and so does a delete; the truth changes at once."""
    faults.visible_after = 3
    state.create("ab", "1")
    assert (list(state.secrets), state.names(), state.shows("ab")) == (["ab"], [], False)
    clock.now += 3
    assert state.names() == ["ab"]
    state.delete("ab")
    assert (state.secrets, state.names(), state.shows("ab")) == ({}, ["ab"], True)
    clock.now += 3
    assert state.names() == []


def test_delete_before_it_showed(state, faults, clock):
    """What was deleted before it showed never shows."""
    faults.visible_after = 3
    state.create("ab", "1")
    state.delete("ab")
    clock.now += 4
    assert state.names() == []


def test_never_visible(state, faults, clock):
    """A create can be stored and never show, although its name is taken."""
    faults.never_visible = True
    state.create("ab", "1")
    clock.now += 1e9
    assert not state.shows("ab")
    assert state.create("ab", "2") == "Secret exists"


def test_recreate(state, faults, clock):
    """A deleted name is free at once; with a switch it is taken for as long as it shows."""
    faults.visible_after, faults.duplicate = 3, "409"
    state.secrets["ab"] = "1"
    state.delete("ab")
    faults.recreate_fails = True
    assert refused(state.create, "ab", "2") == 409
    faults.recreate_fails = False
    state.create("ab", "2")
    assert state.secrets == {"ab": "2"}


def test_requests_are_bounded(state):
    """Only the last requests are kept."""
    for number in range(KEPT_REQUESTS + 5):
        state.note(Request("GET", f"/{number}", "", Message()), 200)
    assert len(state.requests) == KEPT_REQUESTS
    assert state.requests[-1].path == f"/{KEPT_REQUESTS + 4}"


def test_requests_keep_no_secret(state):
    """Neither the body nor Authorization is kept, and the headers that are go by small letters."""
    headers = Message()
    headers["AUTHORIZATION"] = "Bearer CANARY"
    headers["Content-Type"] = "application/json"
    headers["AI-Resource-Group"] = "default"
    state.note(Request("POST", "/x", "a=1", headers, b"CANARY"), 202)
    assert "CANARY" not in repr(state.requests)
    assert state.requests[0].headers == {"ai-resource-group": "default", "content-type": "application/json"}


def test_token_looks_like_a_jwt(state):
    """A token has three parts, and the first two are JSON."""
    header, claims, signature = grant(state).split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "==="))["alg"] == "RS256"
    assert json.loads(base64.urlsafe_b64decode(claims + "==="))["jti"] == "j"
    assert len(signature) > 80


def test_token_expires(state, faults, clock):
    """A token is taken until its life is over."""
    faults.expires_in = 10
    token = grant(state)
    clock.now += 9.9
    assert state.token_problem(token) == ""
    clock.now += 0.1
    assert state.token_problem(token) == "Jwt is expired"


def test_foreign_token(state):
    """A token from elsewhere is not taken, however long it would live."""
    assert state.token_problem("eyJ.eyJ.x") == "Jwt issuer is not configured"


def test_revoked_tokens(state):
    """Revoking ends every token given so far, and none given later."""
    old = grant(state)
    state.revoke_tokens()
    assert state.token_problem(old) == "Jwt is expired"
    assert state.token_problem(grant(state)) == ""


def test_tokens_are_bounded(state):
    """The oldest token is forgotten when there are too many."""
    state._tokens = dict.fromkeys(map(str, range(KEPT_TOKENS)), float("inf"))
    token = grant(state)
    assert len(state._tokens) == KEPT_TOKENS
    assert state.token_problem(token) == ""
    assert state.token_problem("0") != ""


def test_quota_holds_among_threads(state, faults):
    """Creates at the same moment never pass the quota together."""
    faults.quota = 10
    barrier = threading.Barrier(8, timeout=5)

    def fill(number):
        barrier.wait()
        with contextlib.suppress(Refusal):
            for each in range(10):
                state.create(f"t{number}-{each}", "")

    threads = [threading.Thread(target=fill, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert len(state.secrets) == 10
