import base64
import hmac
import json
from datetime import UTC, datetime

import pytest

from aicore_magics.sandbox import start
from aicore_magics.sandbox.registry_faults import RegistryFaults
from aicore_magics.sandbox.registry_token import KEPT_TOKENS, LIFE, SERVICE, RegistryTokens

CHURN, HELLO, MODEL = "acme/churn", "acme/hello", "vendor/model"


def claims_of(reply):
    """Read what everybody can read in the token."""
    part = reply.json["token"].split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def pulls(*names):
    return [{"type": "repository", "name": name, "actions": ["pull"]} for name in names]


@pytest.fixture
def faults():
    return RegistryFaults()


@pytest.fixture
def tokens(faults, clock):
    return RegistryTokens("http://registry", faults, clock=clock)


@pytest.fixture
def grant(tokens):
    """Give a token for one repository, as text."""
    return lambda audience=SERVICE: tokens.grant("anna", audience, [CHURN])["token"]


def test_answer(bearer, registry):
    """A token comes under both of its names, with its life and its time."""
    reply = bearer.log_in().ask_token(f"repository:{CHURN}:pull")
    assert reply.status == 200
    assert sorted(reply.json) == ["access_token", "expires_in", "issued_at", "token"]
    assert reply.json["token"] == reply.json["access_token"]
    assert reply.json["expires_in"] == LIFE
    issued = datetime.strptime(reply.json["issued_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    claims = claims_of(reply)
    assert sorted(claims) == ["access", "aud", "exp", "iat", "iss", "jti", "nbf", "sub"]
    assert claims["iat"] == claims["nbf"] == claims["exp"] - LIFE == issued.timestamp()
    assert (claims["iss"], claims["sub"], claims["aud"]) == (f"http://{registry.host}", "anna", SERVICE)
    assert claims["access"] == pulls(CHURN)
    assert "Docker-Distribution-Api-Version" not in reply.headers
    assert reply.headers["Cache-Control"] == "no-store"
    assert bearer.ask_token().json["token"] != bearer.ask_token().json["token"]


@pytest.mark.parametrize(
    ("scopes", "granted"),
    [
        ([], []),
        ([f"repository:{CHURN}:pull"], [CHURN]),
        ([f"repository:{CHURN}:pull,push", f"repository:{HELLO}:pull"], [CHURN, HELLO]),
        ([f"repository:{HELLO}:pull repository:{CHURN}:*,pull"], [HELLO, CHURN]),
        ([f"repository:{CHURN}:pull"] * 2, [CHURN]),
        (["repository:acme/none:pull"], ["acme/none"]),
        ([f"repository:{MODEL}:pull"], []),
        ([f"repository:{CHURN}:push", f"repository:{CHURN}", CHURN, "registry:catalog:*", ":", "::pull"], []),
    ],
)
def test_less_than_was_wished(bearer, scopes, granted):
    """A token has of what was wished what is there to be had: pulls of one's own, and of what is public."""
    assert claims_of(bearer.log_in().ask_token(*scopes))["access"] == pulls(*granted)


def test_nobody(bearer):
    """Whoever brings no login gets a token for what is public."""
    claims = claims_of(bearer.ask_token(f"repository:{CHURN}:pull", f"repository:{HELLO}:pull"))
    assert (claims["sub"], claims["access"]) == ("", pulls(HELLO))


@pytest.mark.parametrize(
    "authorization",
    ["Basic YW5uYTp3cm9uZw==", "Basic", "Basic %%%", "Basic /w==", "Bearer x", "Negotiate x", "Basic QTpC"],
)
def test_wrong_login(bearer, authorization):
    """A wrong login is refused in JSON, and gets no token for what is public either."""
    reply = bearer.ask_token(f"repository:{HELLO}:pull", Authorization=authorization)
    assert (reply.status, reply.headers["WWW-Authenticate"]) == (401, f'Basic realm="{SERVICE}"')
    (error,) = reply.json["errors"]
    assert (error["code"], error["message"]) == ("UNAUTHORIZED", "incorrect username or password")


@pytest.mark.parametrize("method", ["POST", "PUT", "HEAD", "DELETE"])
def test_method(bearer, method):
    """A token is asked for with GET, which containerd tries when POST is 405."""
    body = b"grant_type=password" if method in ("POST", "PUT") else None
    reply = bearer.ask("/token", method, body=body)
    assert (reply.status, reply.headers["Allow"]) == (405, "GET")


def test_token_of_another_service(bearer):
    """A token for another service is given and then not taken."""
    for service in ("other", ""):
        reply = bearer.log_in().ask_token(f"repository:{CHURN}:pull", service=service)
        assert claims_of(reply)["aud"] == service
        bearer.authorization = f"Bearer {reply.json['token']}"
        assert 'error="invalid_token"' in bearer.ask("/v2/").headers["WWW-Authenticate"]


def test_life(tokens, grant, clock):
    """A token is taken until it has expired, and not before it was given."""
    token = grant()
    clock.now += LIFE - 1
    assert tokens.repositories(token) == {CHURN}
    clock.now += 1
    assert tokens.repositories(token) is None
    clock.now -= LIFE + 1
    assert tokens.repositories(token) is None


def test_audience(tokens, grant):
    """A token for another service is none of ours."""
    assert tokens.repositories(grant("other")) is None


def forged(token):
    head, claims, signature = token.split(".")
    more = base64.urlsafe_b64encode(base64.urlsafe_b64decode(claims + "==").replace(b"churn", b"model"))
    yield f"{head}.{more.decode().rstrip('=')}.{signature}"
    none = base64.urlsafe_b64encode(b'{"alg": "none"}').decode().rstrip("=")
    yield f"{none}.{claims}."
    by_another = base64.urlsafe_b64encode(hmac.digest(b"key", f"{head}.{claims}".encode(), "sha256"))
    yield f"{head}.{claims}.{by_another.decode().rstrip('=')}"
    yield f"{head}.{claims}"
    yield token + "A"
    yield token[:-2]
    yield from ("", ".", "..", "x", "\xe4.\xe4.\xe4", "\udc80.x.y")


def test_forged(tokens, grant):
    """What was not signed with this registry's key is no token, whatever it looks like."""
    token = grant()
    assert tokens.repositories(token) == {CHURN}
    assert [each for each in forged(token) if tokens.repositories(each) is not None] == []


def test_two_registries(bearer, guest):
    """A token of one registry is foreign to another."""
    bearer.log_in().take_token(CHURN)
    with start() as other:
        stranger = guest(other.registry.host)
        stranger.authorization = bearer.authorization
        assert stranger.ask("/v2/").status == 401
    assert bearer.ask("/v2/").status == 200


def test_opaque(tokens, grant, faults, clock):
    """A switch gives tokens that are no JWT and live as long; those of before stay good."""
    before = grant()
    faults.opaque_tokens = True
    token = grant()
    assert "." not in token
    assert tokens.repositories(token) == tokens.repositories(before) == {CHURN}
    assert tokens.repositories(grant("other")) is None
    clock.now += LIFE
    assert tokens.repositories(token) is None


def test_opaque_tokens_are_bounded(tokens, grant, faults):
    """Only the last opaque tokens are kept."""
    faults.opaque_tokens = True
    first, second, *_ = [grant() for _ in range(KEPT_TOKENS + 1)]
    assert (tokens.repositories(first), tokens.repositories(second)) == (None, {CHURN})


def test_opaque_in_use(bearer, registry):
    """An image can be pulled with a token that says nothing."""
    registry.faults.opaque_tokens = True
    bearer.log_in().take_token(CHURN)
    assert "." not in bearer.authorization
    assert bearer.ask(f"/v2/{CHURN}/manifests/1.4").status == 200
    assert bearer.ask(f"/v2/{HELLO}/manifests/1.0").status == 401
