from email.message import Message

import pytest

from aicore_magics.sandbox.exchange import Request
from aicore_magics.sandbox.registry_access import kind_of_login

PRIVATE, PUBLIC, FOREIGN = (
    "/v2/acme/churn/tags/list",
    "/v2/acme/hello/tags/list",
    "/v2/vendor/model/tags/list",
)
MISSING = "/v2/acme/none/tags/list"
WRONG = "Basic YW5uYTp3cm9uZw=="


def challenge(reply):
    assert reply.status == 401
    assert reply.json["errors"][0]["code"] == "UNAUTHORIZED"
    return reply.headers["WWW-Authenticate"]


def bearer_challenge(registry, scope="", error=""):
    told = f'Bearer realm="http://{registry.host}/token",service="sandbox-registry"'
    return (
        told + (f',scope="repository:{scope}:pull"' if scope else "") + (f',error="{error}"' if error else "")
    )


@pytest.mark.parametrize("path", [PRIVATE, FOREIGN, MISSING, "/v2/"])
def test_basic_without_a_login(basic, path):
    """What is not public wants a login, whether it is there or not, and so does the registry as such."""
    assert challenge(basic.ask(path)) == 'Basic realm="sandbox"'


@pytest.mark.parametrize(("path", "status"), [(PRIVATE, 200), (FOREIGN, 200), (MISSING, 404), ("/v2/", 200)])
def test_basic_with_a_login(basic, path, status):
    """A login reads all there is: with Basic there are no rights."""
    assert basic.log_in().ask(path).status == status


def test_basic_public(basic):
    """What is public needs no login, or an empty one as skopeo sends it; a wrong one is refused."""
    assert basic.ask(PUBLIC).status == 200
    assert basic.ask(PUBLIC, Authorization="Basic Og==").status == 200
    assert basic.ask(PRIVATE, Authorization="Basic Og==").status == 401
    assert challenge(basic.ask(PUBLIC, Authorization=WRONG)) == 'Basic realm="sandbox"'


@pytest.mark.parametrize(
    ("username", "password"), [("anna", "wrong"), ("ANNA", None), ("b\xe4rbel", "\u20ac")]
)
def test_basic_with_a_wrong_login(basic, username, password):
    """A wrong name and a wrong password get the answer of no login at all."""
    without = basic.ask(PRIVATE)
    basic.log_in(username, password)
    assert (basic.ask(PRIVATE).body, challenge(basic.ask(PRIVATE))) == (without.body, challenge(without))


def test_basic_takes_no_token(basic, bearer):
    """A token of the one side is nothing to the other."""
    bearer.log_in().take_token("acme/churn")
    assert challenge(basic.ask(PRIVATE, Authorization=bearer.authorization)) == 'Basic realm="sandbox"'


@pytest.mark.parametrize("path", [PRIVATE, PUBLIC, FOREIGN, MISSING])
@pytest.mark.parametrize("authorization", ["", "Basic", "Bearer", "Bearer ", "Negotiate x"])
def test_bearer_without_a_token(bearer, registry, path, authorization):
    """Without a token everybody is sent to the token service, with the wish to pull from this repository."""
    repository = path.removeprefix("/v2/").removesuffix("/tags/list")
    reply = bearer.ask(path, Authorization=authorization)
    assert challenge(reply) == bearer_challenge(registry, repository)


def test_bearer_takes_no_login(bearer, registry):
    """A login is for the token service, and is nothing to the registry itself."""
    assert challenge(bearer.log_in().ask(PRIVATE)) == bearer_challenge(registry, "acme/churn")
    assert challenge(bearer.ask("/v2/")) == bearer_challenge(registry)


def test_bearer_invalid_token(bearer, registry):
    """What is no token of this registry is called that."""
    bearer.authorization = "Bearer a.b.c"
    told = [challenge(bearer.ask(path)) for path in (PRIVATE, "/v2/")]
    assert told == [
        bearer_challenge(registry, "acme/churn", "invalid_token"),
        bearer_challenge(registry, error="invalid_token"),
    ]


def test_bearer_insufficient_scope(bearer, registry):
    """A good login without the right gets a token, and with that is refused: no right, or the wrong wish."""
    bearer.log_in().take_token("acme/forecast", "vendor/model")
    for path, repository in ((PRIVATE, "acme/churn"), (FOREIGN, "vendor/model")):
        reply = bearer.ask(path)
        assert challenge(reply) == bearer_challenge(registry, repository, "insufficient_scope")
        assert reply.json["errors"][0]["detail"][0]["Name"] == repository


def test_missing_is_like_foreign(bearer, registry):
    """What is not there cannot be told from what one has no right to."""
    bearer.log_in().take_token("vendor/none")
    reply = bearer.ask("/v2/vendor/none/manifests/1")
    assert challenge(reply) == bearer_challenge(registry, "vendor/none", "insufficient_scope")


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER "])
def test_bearer_with_a_token(bearer, scheme):
    """A token opens what it is for; the registry as such takes any token, and the scheme's case is free."""
    token = bearer.log_in().take_token("acme/churn", "acme/none").authorization.partition(" ")[2]
    bearer.authorization = f"{scheme} {token}"
    assert [bearer.ask(path).status for path in (PRIVATE, MISSING, "/v2/", PUBLIC)] == [200, 404, 200, 401]


def test_bearer_public(bearer):
    """What is public needs a token as well, but no login for it."""
    assert bearer.take_token("acme/hello", "acme/churn").ask(PUBLIC).status == 200
    assert bearer.ask(PRIVATE).status == 401


def test_realm(bearer, registry):
    """A switch names another address of a token service, and nothing else changes."""
    registry.faults.realm = "http://127.0.0.2:9/token"
    expected = 'Bearer realm="http://127.0.0.2:9/token",service="sandbox-registry"'
    assert challenge(bearer.ask("/v2/")) == expected
    assert bearer.ask_token().status == 200


@pytest.mark.parametrize(
    ("header", "kind"),
    [(None, ""), ("", ""), ("basic x", "basic"), ("Bearer", "bearer"), ("Digest x", "other"), ("x", "other")],
)
def test_kind_of_login(header, kind):
    """What came along is told by its kind alone."""
    headers = Message()
    if header is not None:
        headers["Authorization"] = header
    assert kind_of_login(Request("GET", "/", "", headers)) == kind
