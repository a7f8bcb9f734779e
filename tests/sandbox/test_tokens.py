import base64
import json

import pytest

from aicore_magics.sandbox.faults import Faults
from aicore_magics.sandbox.tokens import Tokens


@pytest.fixture
def faults():
    return Faults()


@pytest.fixture
def tokens(faults, clock):
    return Tokens(faults, clock)


def grant(tokens):
    return tokens.grant(issuer="http://127.0.0.1:1", jti="j")


def test_token_looks_like_a_jwt(tokens):
    """A token has three parts, and the first two are JSON."""
    header, claims, signature = grant(tokens).split(".")
    assert json.loads(base64.urlsafe_b64decode(header + "==="))["alg"] == "RS256"
    assert json.loads(base64.urlsafe_b64decode(claims + "==="))["jti"] == "j"
    assert len(signature) > 80


def test_token_expires(tokens, faults, clock):
    """A token is taken until its life is over."""
    faults.expires_in = 10
    token = grant(tokens)
    clock.now += 9.9
    assert tokens.problem(token) == ""
    clock.now += 0.1
    assert tokens.problem(token) == "Jwt is expired"


def test_foreign_token(tokens):
    """A token from elsewhere is not taken, however long it would live."""
    assert tokens.problem("eyJ.eyJ.x") == "Jwt issuer is not configured"


def test_revoked_tokens(tokens):
    """Revoking ends every token given so far, and none given later."""
    old = grant(tokens)
    tokens.revoke()
    assert tokens.problem(old) == "Jwt is expired"
    assert tokens.problem(grant(tokens)) == ""


def test_tokens_are_bounded(tokens, monkeypatch):
    """The oldest token is forgotten when there are too many."""
    monkeypatch.setattr("aicore_magics.sandbox.tokens.KEPT_TOKENS", 3)
    first, *others = [grant(tokens) for _ in range(4)]
    assert tokens.known == tuple(others)
    assert tokens.problem(first) != ""
    assert [tokens.problem(token) for token in others] == ["", "", ""]
