"""Who is asked when a login ends, and what each kind of answer says."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from aicore_magics.http.messages import Response
from aicore_magics.model.docker_secret import AuthKey
from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from aicore_magics.model.names import Registry
from aicore_magics.registry.issuers import HOSTS, issuer_of
from tests.documents import REFERENCE, ROOT
from tests.registry.tokens_of_issuers import ECR, login

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
GITHUB, GITLAB, GOOGLE = HOSTS
NAMES = {"GitHub": GITHUB, "GitLab": GITLAB, "Google": GOOGLE}
PAT, GLPAT = "ghp_" + 18 * "x7", "glpat-" + 10 * "x7"
GAR = "europe-west3-docker.pkg.dev"
HEADER = "github-authentication-token-expiration"
RATE = {"resources": {}, "rate": {"limit": 5000}}
QUARTER = timedelta(minutes=15)
HUGE = {"value": 10**400}


def answer(content, headers=()):
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    return Response(200, dict(headers), body, "issuer.example")


def at(*parts, how, begins=None):
    return Expiry(datetime(*parts, tzinfo=UTC), begins, how=how)


# Whom to ask


@pytest.mark.parametrize(
    ("given", "asked"),
    [
        (login("anna", PAT), GITHUB),
        (login("anna", PAT, AuthKey("https://ghcr.io/acme")), GITHUB),
        (login("anna", GLPAT, "registry.gitlab.com"), GITLAB),
        (login("oauth2accesstoken", "ya29.x7", GAR), GOOGLE),
        (login("oauth2accesstoken", "ya29.x7", "gcr.io"), GOOGLE),
        (login("oauth2accesstoken", "ya29.x7", "eu.gcr.io"), GOOGLE),
        # Another registry's, or another kind of token
        (login("anna", PAT, "docker.io"), None),
        (login("anna", PAT, "registry.gitlab.com"), None),
        (login("anna", PAT, "ghcr.io.evil.example"), None),
        (login("anna", PAT, "localhost:5000"), None),
        (login("anna", "gho_" + 18 * "x7"), None),
        (login("anna", "correct horse"), None),
        (login("anna", GLPAT), None),
        (login("anna", GLPAT, "registry.acme.example"), None),
        (login("anna", "gldt-" + 10 * "x7", "registry.gitlab.com"), None),
        (login("_json_key", '{"type": "service_account"}', GAR), None),
        (login("anna", "ya29.x7", GAR), None),
        (login("oauth2accesstoken", "ya29.x7", "registry.acme.example"), None),
        (login("AWS", 20 * "x7", ECR), None),
        (login("anna", "dckr_pat_" + 14 * "x7", "docker.io"), None),
    ],
    ids=lambda each: getattr(each, "host", str(each)),
)
def test_whom(given, asked):
    """A login goes only to the one who issued it, and only if it is for a registry of theirs."""
    assert issuer_of(given, HOSTS, ()) is asked


USUAL = {GITHUB: ("ghcr.io", "anna", PAT), GITLAB: ("registry.gitlab.com", "anna", GLPAT)}
USUAL |= {GOOGLE: (GAR, "oauth2accesstoken", "ya29.x7"), None: ("registry.acme.example", "anna", GLPAT)}
ODD_KEYS = (
    # What is left of the last @, of a #, of a ?, of a backslash is the host for some, and not for others.
    *("e.example@{}", "e.example/@{}", "e.example/x@{}", "e.example/x/y@{}/v2", "@{}", "anna@{}"),
    *("https://e.example@{}", "https://e.example/x/@{}", "https://anna:pw@{}", "http://@{}:443"),
    *("{}@e.example", "{}/x@e.example", "{}/@e.example", "{}:443@e.example", "{}/a:b@e.example"),
    *("e.example#@{}", "e.example#{}", "{}#", "{}#@e.example", "{}/#x", "#{}", "{}/v2#@e.example"),
    *("e.example?@{}", "e.example?{}", "{}?", "{}?x=e.example", "{}/?x", "?{}"),
    *("e.example\\@{}", "e.example\\{}", "{}\\e.example", "{}\\@e.example", "\\\\{}", "{}/x\\y"),
    *("e.example%2f@{}", "e.example/%2f@{}", "{}%2f", "{}%2f@e.example", "{}/%2f", "{}/%40x"),
    *("%2f{}", "{}%00", "{}%2e", "{}/a%2fb", "e.example%2f{}"),
    # No host, or not this one
    *("//{}", "///{}", "https:///{}", "https:{}", "https:/{}", "https://https://{}", "ftp://{}", "://{}"),
    *("*.{}", "*{}", "[{}]", "{}*", "{}:*", "{}:443:443", "{}:", "{}:0", "{}:99999", "{}:8443", "{}:x"),
    *("{}.", ".{}", "{}..", "-{}", "{}.e.example", "e.example/{}", "e.example,{}", "{},e.example"),
    *("{};x", "{}|x", "{} e.example", "e.example {}", " {}", "{} ", "{}/x y", "{}//e.example", "{}>"),
    *("{}/\u00e9", "\u0261{}", "{}\u3002evil", "{}\uff0fe", "{}/+x", "{}&x", "{}=x", "'{}'", "{}!", "x:{}"),
)  # fmt: skip


@pytest.mark.enumerates
@pytest.mark.parametrize("issuer", USUAL, ids=["GitHub", "GitLab", "Google", "one's own"])
def test_an_odd_key_asks_nobody(issuer):
    """A key that is no clear host is asked about nowhere, whichever of its parts is the issuer's registry."""
    host, user, token = USUAL[issuer]
    realm = ("gitlab.acme.example",)
    clear = [
        f"{before}{host}{after}" for before in ("", "https://", "http://") for after in ("", "/", "/v2/")
    ]
    for key in (*clear, host.upper(), f"{host}/acme/app"):
        asked = issuer_of(login(user, token, AuthKey(key)), HOSTS, realm)
        assert asked is issuer if issuer else asked.host == realm[0], key
    own = ("{}:8443",) if issuer is None else ()  # whose port is as its owner wants it
    asked = {
        odd: issuer_of(login(user, token, odd), HOSTS, realm)
        for odd in (
            kind(key.format(host)) for kind in (AuthKey, Registry) for key in ODD_KEYS if key not in own
        )
    }
    assert len(asked) >= 180
    assert {key: each.url for key, each in asked.items() if each} == {}


def test_a_gitlab_of_ones_own():
    """Its API is asked only at the one host that the user has named beside it; no other token goes there."""
    own = login("anna", GLPAT, "registry.acme.example")
    asked = issuer_of(own, HOSTS, ("gitlab.acme.example",))
    assert asked.url == "https://gitlab.acme.example/api/v4/personal_access_tokens/self"
    assert asked.read is GITLAB.read
    assert issuer_of(own, HOSTS, ()) is None
    assert issuer_of(own, HOSTS, ("gitlab.acme.example", "auth.acme.example")) is None
    assert issuer_of(own, HOSTS, ("gitlab.acme.example:8443",)).host == "gitlab.acme.example:8443"
    for named in (
        "gitlab.partner.example",
        "gitlab.com",
        "acme.example@evil.example",
        "a.acme.example/x",
        "",
    ):
        assert issuer_of(own, HOSTS, (named,)) is None, named
    for other in (
        login("anna", PAT, "registry.acme.example"),
        login("anna", "correct horse", "registry.acme.example"),
        login("anna", GLPAT, "quay.io"),
        login("oauth2accesstoken", "ya29.x7", "registry.acme.example"),
    ):
        assert issuer_of(other, HOSTS, ("gitlab.acme.example",)) is None


def test_the_fixed_list():
    """SECURITY.md and the page of ends name exactly these hosts, which speak TLS."""
    hosts = [each.host for each in HOSTS]
    for page, heading in (
        (ROOT / "SECURITY.md", "## When a login ends"),
        (REFERENCE / "ends.md", "## Hosts"),
    ):
        section = page.read_text("utf-8").partition(f"\n{heading}")[2].partition("\n## ")[0]
        assert re.findall(r"(?m)^\| `([a-z0-9.]+)` \|", section) == hosts, page
    assert all(each.url.startswith(f"https://{each.host}/") and "?" not in each.url for each in HOSTS)


# What they say

SAID = [
    ("GitHub", RATE, {HEADER: "2027-10-07 19:07:53 UTC"}, at(2027, 10, 7, 19, 7, 53, how="header")),
    ("GitHub", RATE, {HEADER: "2027-10-07 19:07:53 +0000"}, at(2027, 10, 7, 19, 7, 53, how="header")),
    ("GitHub", RATE, {HEADER: "2027-10-07 19:07:53 -0700"}, at(2027, 10, 8, 2, 7, 53, how="header")),
    ("GitHub", RATE, {HEADER: "2027-03-31 00:00:00 +0900"}, at(2027, 3, 30, 15, how="header")),
    ("GitHub", RATE, {HEADER: "2027-03-31 00:00:00 +1345"}, at(2027, 3, 30, 10, 15, how="header")),
    # Both nights of summer time: an offset says which hour it is.
    ("GitHub", RATE, {HEADER: "2027-03-28 02:30:00 +0100"}, at(2027, 3, 28, 1, 30, how="header")),
    ("GitHub", RATE, {HEADER: "2027-10-31 02:30:00 +0200"}, at(2027, 10, 31, 0, 30, how="header")),
    ("GitHub", RATE, {HEADER: "2027-10-31 02:30:00 +0100"}, at(2027, 10, 31, 1, 30, how="header")),
    ("GitHub", RATE, {HEADER: "2020-10-07 19:07:53 UTC"}, at(2020, 10, 7, 19, 7, 53, how="header")),
    ("GitHub", RATE, {}, Expiry(endless=True, how="header")),
    ("GitHub", {"rate": {"limit": 60}}, {"x-oauth-scopes": ""}, Expiry(endless=True, how="header")),
    ("GitHub", {"rate": {"limit": 60}}, {}, NOT_KNOWN),  # nobody in particular
    *(
        ("GitHub", content, {}, NOT_KNOWN)
        for content in ({}, [], "x", 1, None, {"rate": []}, {"rate": {"limit": "5000"}}, b"<html>", b"")
    ),
    *(
        ("GitHub", RATE, {HEADER: text}, NOT_KNOWN)
        for text in (
            "",
            "never",
            "2027-10-07 19:07:53 UTC, 2028-10-07 19:07:53 UTC",  # the header twice
            "2027-10-07 19:07:53",
            "2027-10-07 19:07:53 PST",
            "2027-10-07 19:07:53 +9900",
            "2027-02-30 00:00:00 UTC",
            "2027-10-07 23:59:60 UTC",
            "0001-01-01 00:00:00 UTC",
            "0001-01-01 00:00:00 +1345",
            "9999-12-31 23:59:59 UTC",
            "9999-12-31 23:59:59 -1345",
            "\u0662\u0660\u0662\u0667-10-07 19:07:53 UTC",
            "2027-10-07 19:07:53 UTC<script>",
            "1" * 60_000,
        )
    ),
    ("GitHub", b"<html>", {HEADER: "2027-10-07 19:07:53 UTC"}, NOT_KNOWN),
    ("GitLab", {"expires_at": "2027-01-31"}, {}, at(2027, 1, 31, how="service")),
    (
        "GitLab",
        {"expires_at": "2027-01-31", "created_at": "2026-11-30T10:00:00.123Z"},
        {},
        at(2027, 1, 31, how="service", begins=datetime(2026, 11, 30, 10, 0, 0, 123_000, tzinfo=UTC)),
    ),
    (
        "GitLab",
        {"expires_at": "2027-01-31", "created_at": "2026-11-30T10:00:00.000+13:45"},
        {},
        at(2027, 1, 31, how="service", begins=datetime(2026, 11, 29, 20, 15, tzinfo=UTC)),
    ),
    ("GitLab", {"expires_at": None, "created_at": "2026-11-30"}, {}, Expiry(endless=True, how="service")),
    *(
        ("GitLab", {"expires_at": "2027-01-31", "created_at": odd}, {}, at(2027, 1, 31, how="service"))
        for odd in (None, 1, "", "yesterday", "2027-01-31", "2028-01-01", "0001-01-01", [], HUGE)
    ),
    *(
        ("GitLab", {"expires_at": odd}, {}, NOT_KNOWN)
        for odd in (1_800_000_000, True, False, "", "31.01.2027", "0001-01-01", "9999-12-31", "20270131")
    ),
    *(("GitLab", {"expires_at": odd}, {}, NOT_KNOWN) for odd in ([], {}, ["2027-01-31"], HUGE, "2027-02-30")),
    *(("GitLab", content, {}, NOT_KNOWN) for content in ({}, {"id": 1}, [], "2027-01-31", None, b"<html>")),
    *(
        ("Google", {"expires_in": left}, {}, Expiry(NOW + 3 * QUARTER, NOW - QUARTER, how="service"))
        for left in ("2700", 2700)
    ),
    ("Google", {"expires_in": 3600}, {}, Expiry(NOW + timedelta(hours=1), NOW, how="service")),
    # A life that a policy of the organisation has made longer: when it began is not told.
    ("Google", {"expires_in": "40000"}, {}, Expiry(NOW + timedelta(seconds=40_000), how="service")),
    *(
        ("Google", {"expires_in": odd}, {}, NOT_KNOWN)
        for odd in (0, -1, "-5", "", "soon", "1e3", " 5", "\u0665", True, 3.5, None, [], {}, 10**400)
    ),
    *(("Google", {"expires_in": odd}, {}, NOT_KNOWN) for odd in ("9" * 4000, 40_000_000, 10**12)),
    *(("Google", content, {}, NOT_KNOWN) for content in ({}, [], "3600", 3600, None, b"{", b"[" * 60_000)),
]  # fmt: skip
assert len(SAID) > 90


@pytest.mark.enumerates
@pytest.mark.parametrize(("who", "content", "headers", "expiry"), SAID, ids=lambda each: ascii(each)[:40])
def test_what_they_say(who, content, headers, expiry):
    """An end is a date of our own making, or not known, whatever stands in the answer."""
    assert NAMES[who].read(answer(content, headers), NOW) == expiry


@pytest.mark.parametrize("constant", [b"NaN", b"Infinity", b"-Infinity", b"1e999", b"1" * 5000])
def test_numbers_that_json_does_not_have(constant):
    """Python's reader takes what is no JSON; no end comes of it."""
    for issuer, field in ((GITLAB, b"expires_at"), (GOOGLE, b"expires_in"), (GITHUB, b"rate")):
        assert issuer.read(answer(b'{"' + field + b'": ' + constant + b"}"), NOW) == NOT_KNOWN
