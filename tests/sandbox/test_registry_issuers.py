import base64
import itertools
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import pytest

from aicore_magics.sandbox.registry_issuers import GITHUB, GITLAB, GOOGLE, ISSUERS

NOW = datetime(2030, 1, 31, 12, 30, 15, tzinfo=UTC)
DAY = timedelta(days=1)
FORM = "application/x-www-form-urlencoded"
HEADER = "GitHub-Authentication-Token-Expiration"


@pytest.fixture
def registry(registry, clock):
    clock.now = NOW.timestamp()
    registry.clock = clock
    return registry


def github(guest, token, form="Bearer {}"):
    value = form.format(token, base64.b64encode(f"anyone:{token}".encode()).decode())
    return guest.ask(GITHUB, Authorization=value)


def gitlab(guest, token):
    return guest.ask(GITLAB, **{"PRIVATE-TOKEN": token})


def google(guest, token):
    body = urlencode({"access_token": token}).encode()
    return guest.ask(GOOGLE, "POST", body=body, **{"Content-Type": FORM})


ASKED = {
    "github": (github, "anna", 401),
    "gitlab": (gitlab, "anna", 401),
    "google": (google, "oauth2accesstoken", 400),
}


@pytest.mark.parametrize("form", ["Bearer {}", "token {}", "TOKEN {}", "Basic {1}"])
@pytest.mark.parametrize("life", [40 * DAY, None])
def test_github(registry, bearer, form, life):
    """A header says when the login ends, in whatever way that came; without an end there is no header."""
    login = registry.make_login("anna", life=life, shape="github")
    reply = github(bearer, login.password, form)
    assert (reply.status, reply.json["rate"]["limit"]) == (200, 5000)
    assert reply.headers[HEADER] == ("2030-03-12 12:30:15 UTC" if life else None)
    assert reply.headers["X-OAuth-Scopes"] == "read:packages"
    assert "Docker-Distribution-Api-Version" not in reply.headers


def test_github_for_nobody(registry, bearer):
    """Without a login the answer has a smaller number, and no header."""
    reply = bearer.ask(GITHUB)
    assert (reply.status, reply.json["rate"]["limit"], reply.headers[HEADER]) == (200, 60, None)
    assert registry.requests[-1].authorized == ""


@pytest.mark.parametrize(
    "authorization", ["Bearer", "Bearer x", "Basic", "Basic %%%", "Basic Og==", "Digest x"]
)
def test_github_wrong(bearer, authorization):
    """Whatever else comes is a bad credential."""
    reply = bearer.ask(GITHUB, Authorization=authorization)
    assert (reply.status, reply.json["message"]) == (401, "Bad credentials")


@pytest.mark.parametrize("life", [40 * DAY, None])
def test_gitlab(registry, bearer, life):
    """The end is a date, at whose beginning the login ends, or null."""
    login = registry.make_login("anna", life=life, shape="gitlab")
    reply = gitlab(bearer, login.password)
    assert reply.status == 200
    content = reply.json
    assert content["expires_at"] == ("2030-03-12" if life else None)
    assert (content["active"], content["revoked"], content["scopes"]) == (True, False, ["read_registry"])
    assert content["created_at"] == "2030-01-31T12:30:15.000Z"
    assert {"id", "name", "user_id", "last_used_at"} <= content.keys()
    assert (
        bearer.ask(GITLAB, Authorization=f"Bearer {login.password}").json["expires_at"]
        == content["expires_at"]
    )


def test_gitlab_says_why_not(registry, bearer):
    """An expired and a revoked token get their own sentences, an unknown one only its status."""
    expired = registry.make_login("anna", ends=NOW - DAY, shape="gitlab")
    revoked = registry.make_login("anna", shape="gitlab")
    registry.revoke_login(revoked)
    told = [gitlab(bearer, each.password).json for each in (expired, revoked)]
    assert [each["error"] for each in told] == ["invalid_token"] * 2
    assert [re.search("expired|revoked", each["error_description"])[0] for each in told] == [
        "expired",
        "revoked",
    ]
    assert gitlab(bearer, "x").json == bearer.ask(GITLAB).json == {"message": "401 Unauthorized"}


def test_google(registry, bearer, clock):
    """The seconds that are left are a text, and fewer later; a token comes in the address or the body."""
    login = registry.make_login("oauth2accesstoken", shape="google")
    assert google(bearer, login.password).json["expires_in"] == "3600"
    clock.now += 100.5
    reply = bearer.ask(f"{GOOGLE}?{urlencode({'access_token': login.password})}")
    assert (reply.status, reply.json["expires_in"]) == (200, "3499")
    assert reply.json["exp"] == str(int(login.ends.timestamp()))
    assert bearer.ask(GOOGLE).json["error_description"] == "Invalid Value"


@pytest.mark.enumerates
def test_each_knows_its_own_logins_alone(registry, bearer):
    """Only a valid login of the issuer's shape is known: no other, expired, revoked or wrong one."""
    for (shape, (ask, _, status)), (other, (_, user, _)) in itertools.product(ASKED.items(), ASKED.items()):
        for ends, revoked in itertools.product((NOW + 2 * DAY, NOW - DAY), (False, True)):
            login = registry.make_login(user, ends=ends, shape=other)
            if revoked:
                registry.revoke_login(login)
            good = shape == other and ends > NOW and not revoked
            assert ask(bearer, login.password).status == (200 if good else status), (shape, other)
        assert ask(bearer, registry.password).status == status


@pytest.mark.parametrize("path", sorted(ISSUERS))
def test_method_and_side(bearer, basic, path):
    """What only tells changes nothing; the side with Basic logins has none of it."""
    assert bearer.ask(path, "DELETE").status == 405
    assert basic.ask(path).status == 404


@pytest.mark.parametrize("shape", ASKED)
def test_told_end(registry, bearer, shape):
    """A switch tells another end, as it stands."""
    ask, user, _ = ASKED[shape]
    login = registry.make_login(user, life=2 * DAY, shape=shape)
    registry.faults.told_end = told = "9999-12-31 23:59:59 +1345"
    reply = ask(bearer, login.password)
    seen = {"github": reply.headers[HEADER], "gitlab": reply.json.get("expires_at")}
    assert seen.get(shape, reply.json.get("expires_in")) == told


@pytest.mark.enumerates
@pytest.mark.parametrize("hits", ["", "registry", "issuers"])
@pytest.mark.parametrize(
    ("fault", "value", "status"),
    [("html", True, 200), ("next_statuses", [503], 503), ("redirect_to", "http://127.0.0.2:9/x", 307)],
)
def test_hostile(registry, bearer, hits, fault, value, status):
    """A login page, an error or a redirect is met where it was ordered, and nowhere else."""
    login = registry.make_login("anna", shape="github")
    registry.faults.hits = hits
    for side in ("issuers", "registry"):
        setattr(registry.faults, fault, [*value] if isinstance(value, list) else value)
        reply = github(bearer, login.password) if side == "issuers" else bearer.ask("/v2/")
        expected = status if hits in ("", side) else {"issuers": 200, "registry": 401}[side]
        assert reply.status == expected
        assert (b"<form>" in reply.body) == (fault == "html" and hits in ("", side))
        assert reply.headers["Location"] == (value if reply.status == 307 else None)


def test_huge_and_slow(registry, bearer):
    """An answer can be huge and drip, and is still the same JSON."""
    login = registry.make_login("anna", shape="gitlab")
    before = gitlab(bearer, login.password).json
    registry.faults.hits, registry.faults.body_bytes = "issuers", 3_000_000
    reply = gitlab(bearer, login.password)
    assert (len(reply.body), reply.json) == (3_000_000, before)
    assert len(bearer.ask("/v2/").body) < 1000
    registry.faults.body_bytes, registry.faults.drip = 0, 0.0001
    assert gitlab(bearer, login.password).json == before


def test_nothing_is_kept(registry, bearer):
    """What was asked is noted without a token, wherever that came."""
    tokens = []
    for shape, (ask, user, _) in ASKED.items():
        tokens.append(registry.make_login(user, shape=shape).password)
        ask(bearer, tokens[-1])
    bearer.ask(f"{GOOGLE}?access%5Ftoken={tokens[-1]}")
    bearer.ask(f"{GOOGLE}?{tokens[-1]}")
    assert [each.authorized for each in registry.requests] == ["bearer", "other", "", "", ""]
    assert not [each for each in tokens if each in repr(registry.requests)]
