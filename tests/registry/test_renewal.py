"""How a login is replaced without a gap: what is said of each registry, and when the old one may end."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.model.docker_secret import AuthKey
from aicore_magics.model.expiry import NOT_KNOWN, Expiry, enough_life
from aicore_magics.model.names import Registry
from aicore_magics.registry.expiry import readable_expiry
from aicore_magics.registry.presets import PRESETS
from aicore_magics.registry.renewal import ANY_OTHER, GRACE, RENEWALS, SANDBOX, renewal_of, safe_from
from aicore_magics.sandbox import start
from aicore_magics.sandbox.logins import Logins
from tests.registry.tokens_of_issuers import ECR, amazon, jwt, login

LONGEST = 110
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
TIMES = st.datetimes(timezones=st.just(UTC))
LAST = datetime.max.replace(tzinfo=UTC)
BY_NAME = {each.of: each for each in RENEWALS}


def at(time):
    return int(time.timestamp())


# The table


def test_one_for_each_preset():
    """Each registry that is known has one, in the same order, and there is no other."""
    assert [each.of for each in RENEWALS] == [preset.name for preset in PRESETS]


@pytest.mark.parametrize("renewal", [*RENEWALS, SANDBOX, ANY_OTHER], ids=lambda each: each.of or "any other")
def test_short_plain_words(renewal):
    """Ways are no sentences, warnings are; a warning says what to do instead. Each fits a line."""
    for way in (renewal.make, renewal.end):
        assert way
        assert not way.endswith(".")
    for sentence in filter(None, (renewal.kills, renewal.limit)):
        assert sentence.endswith(".")
        assert sentence[0].isupper() or sentence[0] == '"'
    assert max(map(len, (renewal.make, renewal.end, renewal.kills, renewal.limit))) <= LONGEST
    assert not renewal.kills or any(word in renewal.kills for word in ("Make a", "Use a", "Generate"))
    with pytest.raises(dataclasses.FrozenInstanceError):
        renewal.make = "x"


def test_what_ends_the_old_login_first():
    """Whoever has a call that ends the old login before the new one is stored is warned of it."""
    kills = {each.of for each in RENEWALS if each.kills}
    assert {"GitLab Container Registry", "Quay", "Harbor", "Nexus Repository"} <= kills
    assert not kills & {"Amazon ECR", "Google Artifact Registry", "Oracle Container Registry (OCIR)"}
    assert ANY_OTHER.kills
    assert "expires on its old date" in BY_NAME["Harbor"].kills


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Oracle Container Registry (OCIR)", "at most two auth tokens"),
        ("Google Artifact Registry", "at most 10 keys"),
        ("Azure Container Registry", "two passwords"),
    ],
)
def test_how_many_can_be_valid_at_once(name, words):
    """Where only some can be valid at once, the number is said."""
    assert words in BY_NAME[name].limit


def test_what_cannot_be_revoked():
    """Nobody is sent to Amazon to revoke what only ends by itself."""
    assert renewal_of(ECR).end == "cannot be revoked; it ends by itself after 12 hours"


# By registry


@pytest.mark.parametrize("preset", [one for one in PRESETS if one.hosts], ids=lambda preset: preset.name)
def test_by_host(preset):
    """A registry is known by its host, as its preset is, whatever its user is called."""
    for registry in (preset.example, f"https://{preset.example}/v1/"):
        assert renewal_of(registry, "robot$team+pull") is BY_NAME[preset.name]


@pytest.mark.parametrize(
    ("registry", "username", "renewal"),
    [
        ("registry.example.com", "", ANY_OTHER),
        ("registry.example.com", "anna", ANY_OTHER),
        ("registry.example.com:5000", "robot$team+pull", BY_NAME["Harbor"]),
        ("registry.example.com", "my-robot$team+pull", ANY_OTHER),
        ("registry.example.com", "gitlab+deploy-token-7", BY_NAME["GitLab Container Registry"]),
        (Registry.parse("ghcr.io"), "", BY_NAME["GitHub Container Registry"]),
        (AuthKey("*.dkr.ecr.*.amazonaws.com"), "AWS", BY_NAME["Amazon ECR"]),
        ("ghcr.io.example.com", "", ANY_OTHER),
        ("", "", ANY_OTHER),
        ("127.0.0.1:5000", "", SANDBOX),
        ("http://127.0.0.1:5000/v2/", "", SANDBOX),
        ("localhost:5000", "", SANDBOX),
        ("[::1]:5000", "", SANDBOX),
        (Registry.parse("localhost:5000"), "", SANDBOX),
        ("127.0.0.1.example.com", "", ANY_OTHER),
    ],
    ids=str,
)
def test_by_host_or_user(registry, username, renewal):
    """Who is not known by host is by the user, if Harbor or GitLab has such; others get general words."""
    assert renewal_of(registry, username) is renewal


@pytest.mark.parametrize("user", ["bot", "anna", 'a"b'])
def test_the_sandbox_makes_it_for_the_user(user):
    """The line to copy has the user of the login that is replaced, as Python writes a text."""
    renewal = renewal_of("127.0.0.1:5000", user)
    assert f"make({json.dumps(user)}, variable=" in renewal.make
    assert renewal.variable in renewal.make


@given(st.text(max_size=40), st.text(max_size=20))
def test_any_registry(registry, username):
    """There are words for any text."""
    assert renewal_of(registry, username).make


def test_the_sandbox_has_what_is_said_of_it(monkeypatch):
    """What the sandbox's words have as code makes a second login, and ends one."""
    imported, made = SANDBOX.make.split("`")[1::2]
    revoked = SANDBOX.end.split("`")[3]
    with start() as sandbox:
        desk = Logins(sandbox.registry.logins_url, sandbox.registry.password)
        monkeypatch.setenv("SANDBOX_LOGINS_URL", desk.url)
        monkeypatch.setenv("SANDBOX_REGISTRY_PASSWORD", desk.password)
        monkeypatch.setenv("NEW_TOKEN", "")
        names = {}
        exec(f"{imported}\n{made}\nlogin = new\n{revoked}", names)
        assert [each.standing for each in desk.list() if each.id == names["new"].id] == ["revoked"]


# When


ENDS = {
    "not known": (NOT_KNOWN, GRACE),
    "none": (Expiry(endless=True, how="documented"), GRACE),
    "later": (Expiry(NOW + GRACE + SECOND, how="told"), GRACE),
    "as late": (Expiry(NOW + GRACE, how="told"), GRACE),
    "earlier": (Expiry(NOW + GRACE - SECOND, how="told"), GRACE - SECOND),
    "12 hours": (Expiry(NOW + 12 * HOUR, how="token"), 12 * HOUR),
    "now": (Expiry(NOW, how="token"), 0 * HOUR),
    "past": (Expiry(NOW - DAY, how="token"), 0 * HOUR),
}


@pytest.mark.parametrize(("expiry", "after"), ENDS.values(), ids=ENDS)
def test_when_the_old_login_may_be_ended(expiry, after):
    """A week after all secrets are replaced, or at its own end, and never before they are."""
    assert safe_from(NOW, expiry) == NOW + after


@given(TIMES, st.none() | TIMES)
def test_any_time(done, ends):
    """No time is an error, and it is never before *done*, nor more than a week after it."""
    assert done <= safe_from(done, Expiry(ends)) <= done + min(GRACE, LAST - done)


# How much life the kinds of login have left, as read from them


@pytest.mark.parametrize(
    ("given_login", "enough"),
    [
        (login("AWS", amazon(expiration=at(NOW + 12 * HOUR)), ECR), True),
        (login("AWS", amazon(expiration=at(NOW + 8 * HOUR)), ECR), True),
        (login("AWS", amazon(expiration=at(NOW + 8 * HOUR) - 1), ECR), False),
        (login("AWS", amazon(expiration=at(NOW) - 1), ECR), False),
        (login("AWS", "x7" * 40, ECR), None),
        (login("anna", jwt(iat=at(NOW - HOUR), exp=at(NOW + 2 * HOUR)), "acme.jfrog.io"), True),
        (login("anna", jwt(iat=at(NOW - HOUR) - 1, exp=at(NOW + 2 * HOUR)), "acme.jfrog.io"), False),
        (login("anna", jwt(nbf=at(NOW - HOUR), exp=at(NOW + HOUR)), "acme.jfrog.io"), False),
        (login("anna", jwt(exp=at(NOW + DAY)), "acme.jfrog.io"), None),
        (login("anna", jwt(iat=at(NOW)), "acme.jfrog.io"), None),
        (login("oauth2accesstoken", "ya29.x", "gcr.io"), None),
        (login("iambearer", "x7" * 40, "de.icr.io"), None),
        (login("anna", "ghs_" + 18 * "x7"), None),
        (login("iamapikey", "x7" * 44, "de.icr.io"), True),
        (login("anna", "dckr_pat_" + 14 * "x7", "docker.io"), None),
        (login("robot$team+pull", "x7" * 32, "registry.acme.example"), None),
    ],
    ids=str,
)
def test_the_life_that_a_login_shows(given_login, enough):
    """Amazon documents the whole life, a JWT has its beginning; what is a guess from now on is no proof."""
    assert enough_life(readable_expiry(given_login, NOW), NOW) is enough
