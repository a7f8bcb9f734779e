"""Who refuses, at which step, with what body: one table of what a registry's and a gateway's answers mean."""

from __future__ import annotations

import hashlib
import itertools

import pytest

from aicore_magics.http.messages import Response
from tests.registry.test_single_check import (
    BASIC,
    CONFIG,
    INDEXED,
    MANIFEST,
    OPEN,
    OWN,
    VERSION,
    WITH_PASSWORD,
    WITH_TOKEN,
    asks,
    bearer,
    coded,
    digest_of,
    grants,
    holds,
    index_of,
    look,
    page,
    said,
    try_alone,
)

HOST = "reg.example.com"  # nothing is known about it
BODIES = {
    "HTML": ({"content-type": "text/html"}, b"<html><h1>No</h1></html>"),
    "HTML, not called so": ({}, b"\n<!DOCTYPE html><title>No</title>"),
    "JSON": ({"content-type": "application/json"}, b'{"errors":[{"code":"X","message":"no"}]}'),
    "empty": ({}, b""),
    "plain": ({"content-type": "text/plain; charset=utf-8"}, b"No"),
    # Not followed: what a redirect leads to is no answer of the registry's.
    "an address": ({"location": "ftp://login.example/"}, b""),
}
ASKS = ("", BASIC, "Negotiate")
STATUSES = (302, 400, 401, 403, 404, 407, 429, 500, 502, 503, 504)
SHAPES = tuple(itertools.product(BODIES, ASKS, (False, True)))

# What says nothing about login or image, whoever asked: trouble, a proxy's 407, a redirect, an odd status.
NOTHING = dict.fromkeys((302, 400, 407, 500, 502, 503, 504), "unclear") | {429: "rate-limited"}
JUDGED, TOO_LITTLE = "bad-credentials", "no-access-or-missing"
MISSING, UNKNOWN, ELSEWHERE = "tag-missing", "unclear", "not-a-registry"
# Nobody has sent a login yet. A page counts for nothing unless it asks for a login in its header, or names
# the registry's API; what is no page may be a registry's.
UNASKED = {
    "Basic": "ok",
    "Negotiate": "unsupported",
    "page": ELSEWHERE,
    "named page": UNKNOWN,
    "other": UNKNOWN,
}
ODD = {"page": ELSEWHERE, "named page": UNKNOWN, "other": UNKNOWN}

# At a host that is known to take passwords, a page that asks for something else is not its own.
ASKED_LATER = {
    "Basic": "ok",
    "Negotiate": "unsupported",
    "Negotiate page": UNKNOWN,
    "page": UNKNOWN,
    "other": UNKNOWN,
}

INDEXED_BY_PASSWORD = {
    **WITH_PASSWORD,
    ("manifests", "login"): holds(index_of((MANIFEST, "linux/amd64"))),
}
INDEXED_FOR_ALL = {**OPEN, ("manifests", "nobody"): holds(index_of((MANIFEST, "linux/amd64")))}
OPEN_WITH_TOKENS = {**WITH_TOKEN, ("token", "nobody"): grants(pull=True)}
OPEN_AND_ASKING = {**OPEN, ("v2", "nobody"): asks(BASIC)}
NOT_THERE = {**WITH_TOKEN, ("manifests", "token"): said(404, "MANIFEST_UNKNOWN")}
TAGS = {"tags/list": holds(coded({"tags": []}))}
HIDING = {**WITH_PASSWORD, ("manifests", "nobody"): said(404, "X"), "tags/list": said(404, "NAME_UNKNOWN")}

# Step: what else is answered, where the answer under test stands, what 401, 403 and 404 mean there. A meaning
# is one outcome for every body and header, or one for each kind of them.
WITH_A_LOGIN = {
    "manifest, password": (WITH_PASSWORD | TAGS, ("manifests", "login"), JUDGED, TOO_LITTLE, MISSING),
    # A token has been given to this login, so it is good.
    "manifest, token": (WITH_TOKEN | TAGS, ("manifests", "token"), TOO_LITTLE, TOO_LITTLE, MISSING),
    "token service": (WITH_TOKEN, ("token", "login"), JUDGED, JUDGED, UNKNOWN),
    "token service, public image": (OPEN_WITH_TOKENS, ("token", "login"), JUDGED, JUDGED, UNKNOWN),
    "ping, public image": (OPEN_AND_ASKING, ("v2", "login"), JUDGED, JUDGED, UNKNOWN),
    # The same login has just got the manifest: it is good, and not enough.
    "blob, password": (WITH_PASSWORD, ("blobs", "login"), TOO_LITTLE, TOO_LITTLE, UNKNOWN),
    "blob, token": (WITH_TOKEN, ("blobs", "token"), TOO_LITTLE, TOO_LITTLE, UNKNOWN),
    "child, password": (
        INDEXED_BY_PASSWORD,
        ("manifests/sha256:", "login"),
        TOO_LITTLE,
        TOO_LITTLE,
        UNKNOWN,
    ),
    "child, token": (INDEXED, ("manifests/sha256:", "token"), TOO_LITTLE, TOO_LITTLE, UNKNOWN),
    # Anybody has got the manifest, and so the login is not what is refused; who asks for it now gets it.
    "blob, public image": (
        {**OPEN, ("blobs", "login"): holds(CONFIG)},
        ("blobs", "nobody"),
        ASKED_LATER,
        UNKNOWN,
        UNKNOWN,
    ),
    "child, public image": (
        {**INDEXED_FOR_ALL, ("manifests/sha256:", "login"): holds(MANIFEST)},
        ("manifests/sha256:", "nobody"),
        ASKED_LATER,
        UNKNOWN,
        UNKNOWN,
    ),
}
ALONE = {
    "ping": ({("v2", "nobody"): asks(BASIC)}, ("v2", "login"), JUDGED, JUDGED, UNKNOWN),
    "token service": (
        {("v2", "nobody"): bearer(HOST), ("token", "nobody"): grants()},
        ("token", "login"),
        JUDGED,
        JUDGED,
        UNKNOWN,
    ),
}
GOES_ON = dict.fromkeys(STATUSES, "ok")
WITHOUT_A_LOGIN = {
    # Nobody's token is an extra where there is a login.
    "nobody's token": (WITH_TOKEN, ("token", "nobody"), "anna", GOES_ON),
    "nobody's token, no login": (
        WITH_TOKEN,
        ("token", "nobody"),
        "",
        NOTHING
        | {
            401: {
                "Basic": "needs-login",
                "Negotiate": "needs-login",
                "page": UNKNOWN,
                "other": "needs-login",
            },
            403: {"page": UNKNOWN, "other": "needs-login"},
            404: UNKNOWN,
        },
    ),
    # The registry has asked for a token, and has got one: what it says now is about what that may do.
    "manifest, nobody's token": (
        OPEN_WITH_TOKENS | TAGS,
        ("manifests", "token"),
        "",
        NOTHING | {401: TOO_LITTLE, 403: TOO_LITTLE, 404: MISSING},
    ),
    # Not every registry has a list of tags, and some gateways pass none on: without the code for a repository
    # that is not known, nothing in its place tells anything about the repository.
    "list of tags": (
        NOT_THERE,
        ("tags/list", "token"),
        "anna",
        dict.fromkeys(STATUSES, MISSING) | {429: "rate-limited"},
    ),
    "ping, a manifest nobody may see": (
        HIDING,
        ("v2", "nobody"),
        "anna",
        NOTHING
        | {
            400: {"page": UNKNOWN, "other": "repo-missing"},
            401: {"Basic": "ok", "Negotiate": "unsupported", "page": UNKNOWN, "other": UNKNOWN},
            403: {"page": UNKNOWN, "other": "repo-missing"},
            404: {"page": UNKNOWN, "other": "repo-missing"},
        },
    ),
    # The image is public whatever becomes of the ping; who asks there gets the login to judge.
    "ping, public image": (
        {**OPEN, ("v2", "login"): holds(b"{}")},
        ("v2", "nobody"),
        "anna",
        dict.fromkeys(STATUSES, "public")
        | {401: {"Basic": "public", "Negotiate": "unsupported", "page": UNKNOWN, "other": UNKNOWN}},
    ),
}
# The first request of all, to a host that nothing is known about: with what the ping gets.
THE_SAME = None
FIRST = {
    "a gateway before everything": (
        THE_SAME,
        "anna",
        NOTHING
        | {
            302: ODD,
            400: ODD,
            401: UNASKED,
            # A firewall's page does not show what is behind it.
            403: {"page": UNKNOWN, "other": TOO_LITTLE},
            404: {"page": ELSEWHERE, "named page": UNKNOWN, "other": MISSING},
        },
    ),
    "a gateway before everything, no login": (
        THE_SAME,
        "",
        NOTHING
        | {
            302: ODD,
            400: ODD,
            401: UNASKED | {"Basic": "needs-login"},
            403: {"page": UNKNOWN, "other": TOO_LITTLE},
            404: {"page": ELSEWHERE, "named page": MISSING, "other": MISSING},
        },
    ),
    # The ping shows that a registry is there and asks for a login: it is tried.
    "a registry that hides its images": (
        page(401, www_authenticate=BASIC),
        "anna",
        NOTHING
        | {
            302: ODD | {"named page": "ok"},
            400: ODD | {"named page": "ok", "other": "ok"},
            401: UNASKED,
            403: "ok",
            404: "ok",
        },
    ),
    "a registry that hides its images, no login": (
        page(401, www_authenticate=BASIC),
        "",
        NOTHING
        | {
            302: ODD,
            400: ODD,
            401: UNASKED | {"Basic": "needs-login"},
            403: {"page": UNKNOWN, "other": TOO_LITTLE},
            404: {"page": "needs-login", "named page": MISSING, "other": MISSING},
        },
    ),
    # The ping shows that a registry is there, which asks nobody: a page that finds nothing is about images.
    "a registry that asks nobody": (
        holds(b"{}"),
        "anna",
        NOTHING
        | {
            302: ODD,
            400: ODD,
            401: UNASKED,
            403: {"page": UNKNOWN, "other": TOO_LITTLE},
            404: MISSING,
        },
    ),
}
# The ping of a login alone is the first request, too.
FIRST_ALONE = NOTHING | {302: ODD, 400: ODD, 401: UNASKED, 403: UNKNOWN, 404: ELSEWHERE}


def made(status, body, challenge, named):
    """An answer of this shape; *named*: it says that it comes from a registry."""
    headers, content = BODIES[body]
    more = {"www-authenticate": challenge} if challenge else {}
    return Response(status, {**headers, **more, **(VERSION if named else {})}, content, HOST)


def expected(meaning, status, body, challenge, named):
    """The outcome that *meaning* has for this shape."""
    if isinstance(meaning, str):
        return meaning
    scheme = challenge.partition(" ")[0]
    if "HTML" in body and f"{scheme} page" in meaning:
        return meaning[f"{scheme} page"]
    if scheme in meaning:
        return meaning[scheme]
    if status == 302 or "HTML" in body:
        return meaning["named page"] if named and "named page" in meaning else meaning["page"]
    return meaning["other"]


def compare(check, meaning, status):
    """Let *check* see each shape of *status*, and say which outcomes are not what they mean."""
    wrong = {}
    for shape in SHAPES:
        outcome, right = check(made(status, *shape)).outcome, expected(meaning, status, *shape)
        if outcome != right:
            wrong[shape] = f"{outcome} in place of {right}"
    return wrong


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    ("rows", "step", "unauthorized", "forbidden", "missing"), WITH_A_LOGIN.values(), ids=WITH_A_LOGIN
)
def test_who_has_sent_a_login(rows, step, unauthorized, forbidden, missing, status):
    """To a request with a login the status is the answer, whatever body and headers come with it."""
    meaning = (NOTHING | {401: unauthorized, 403: forbidden, 404: missing})[status]
    assert compare(lambda answer: look({**rows, step: answer})[0], meaning, status) == {}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("rows", "step", "unauthorized", "forbidden", "missing"), ALONE.values(), ids=ALONE)
def test_a_login_alone_is_judged_by_the_status(rows, step, unauthorized, forbidden, missing, status):
    """A login without an image is judged alike."""
    meaning = (NOTHING | {401: unauthorized, 403: forbidden, 404: missing})[status]
    assert compare(lambda answer: try_alone({**rows, step: answer}, HOST)[0], meaning, status) == {}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("rows", "step", "user", "meanings"), WITHOUT_A_LOGIN.values(), ids=WITHOUT_A_LOGIN)
def test_who_has_sent_no_login(rows, step, user, meanings, status):
    """A page that nobody has got past judges nothing; a header that asks for a login counts with any body."""
    image = "ghcr.io/acme/churn:1.4" if ("token", "login") in rows else OWN

    def check(answer):
        return look({**rows, step: answer}, user=user, image=image)[0]

    assert compare(check, meanings[status], status) == {}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(("ping", "user", "meanings"), FIRST.values(), ids=FIRST)
def test_the_first_request_of_all(ping, user, meanings, status):
    """What nobody gets at first is a registry's only if its header, or the ping, shows that one is there."""

    def check(answer):
        after = {("v2", "nobody"): ping or answer, "tags/list": answer}
        return look({**WITH_PASSWORD, ("manifests", "nobody"): answer, **after}, image=OWN, user=user)[0]

    assert compare(check, meanings[status], status) == {}


@pytest.mark.parametrize("status", STATUSES)
def test_the_first_request_of_a_login_alone(status):
    """The same holds where the ping is the first request."""

    def check(answer):
        return try_alone({("v2", "nobody"): answer, ("v2", "login"): holds(b"{}")}, HOST)[0]

    assert compare(check, FIRST_ALONE[status], status) == {}


PLAIN_403 = made(403, "plain", "", named=False)


@pytest.mark.parametrize("gateway", [page(403), PLAIN_403, made(403, "empty", "", named=False)])
def test_what_nobody_gets_either_is_no_verdict_on_the_login(gateway):
    """A 403 in no words of the API's, with a login and without, judges none: a gateway turns all away."""
    refused = [
        look({**WITH_TOKEN, ("token", "nobody"): gateway, ("token", "login"): gateway}),
        try_alone(
            {("v2", "nobody"): bearer(HOST), ("token", "nobody"): gateway, ("token", "login"): gateway}, HOST
        ),
        look(
            {
                ("manifests", "nobody"): gateway,
                ("v2", "nobody"): asks(BASIC),
                ("manifests", "login"): gateway,
            }
        ),
    ]
    for verdict, table in refused:
        assert (verdict.outcome, verdict.code) == ("unclear", "403"), verdict
        assert len(table.sent) <= 4


def test_what_the_api_says_to_nobody_and_to_the_login():
    """A 403 in the API's own words is a verdict on the login, also where nobody gets the same."""
    denied = said(403, "DENIED", "no")
    verdict, _ = look({**WITH_TOKEN, ("token", "nobody"): denied, ("token", "login"): denied})
    assert (verdict.outcome, verdict.said) == ("bad-credentials", "no"), verdict


def test_no_more_requests_because_of_a_page():
    """However pages stand in the way, a check takes at most five requests."""
    gateway = page(403)
    rows = {**OPEN_WITH_TOKENS, ("token", "login"): gateway}
    verdict, table = look(rows)
    assert (verdict.outcome, len(table.sent)) == ("bad-credentials", 5), verdict


def test_a_blob_that_is_refused_elsewhere():
    """Where a blob lies elsewhere, who refuses it there has seen no login, and says nothing about it."""
    moved = said(307, location="https://cdn.example/blobs/x")
    for status in (401, 403):
        rows = {**WITH_PASSWORD, ("blobs", "login"): moved, ("blobs", "nobody"): page(status)}
        assert look(rows)[0].outcome == "unclear"


@pytest.mark.parametrize("error", ["", ',error="insufficient_scope"', ',error="invalid_token"'])
@pytest.mark.parametrize("html", [False, True], ids=["JSON", "HTML"])
def test_a_token_that_does_not_do(error, html):
    """A 401 to a token is about what it may do: the login got it, whatever the header calls the reason."""
    challenge = f'Bearer realm="https://ghcr.io/token",service="s"{error}'
    answer = page(401, www_authenticate=challenge) if html else asks(challenge)
    verdict, _ = look({**WITH_TOKEN, ("manifests", "token"): answer})
    assert (verdict.outcome, verdict.reason.startswith("The login works, but may not")) == (TOO_LITTLE, True)


def gateway(status, kind, text, **headers):
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, {**({"content-type": kind} if kind else {}), **told}, text.encode(), HOST)


NGINX = "<html>\r\n<head><title>{0}</title></head>\r\n<body>\r\n<center><h1>{0}</h1></center>\r\n"
APACHE = '<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>401 Unauthorized</title>'
# As these programs answer by themselves, in front of a registry; what that means to a login by password, at
# the manifest of an image and alone.
GATEWAYS = {
    "nginx, auth_basic": (
        gateway(401, "text/html", NGINX.format("401 Authorization Required"), www_authenticate=BASIC),
        JUDGED,
        JUDGED,
    ),
    "nginx, deny": (gateway(403, "text/html", NGINX.format("403 Forbidden")), TOO_LITTLE, JUDGED),
    "Apache, AuthType Basic": (
        gateway(401, "text/html; charset=iso-8859-1", APACHE, www_authenticate=BASIC),
        JUDGED,
        JUDGED,
    ),
    "Traefik, basicAuth": (
        gateway(401, "text/plain", "401 Unauthorized\n", www_authenticate='Basic realm="traefik"'),
        JUDGED,
        JUDGED,
    ),
    "Caddy, basic_auth": (gateway(401, "", "", www_authenticate='Basic realm="restricted"'), JUDGED, JUDGED),
    "HAProxy, http-request auth": (
        gateway(401, "text/html", "<html><body><h1>401 Unauthorized</h1>\n", www_authenticate=BASIC),
        JUDGED,
        JUDGED,
    ),
    "AWS ALB, no rights": (
        gateway(401, "text/html", NGINX.format("401 Authorization Required"), server="awselb/2.0"),
        JUDGED,
        JUDGED,
    ),
    "AWS ALB, no target": (
        gateway(503, "text/html", NGINX.format("503 Service Temporarily Unavailable"), server="awselb/2.0"),
        UNKNOWN,
        UNKNOWN,
    ),
    "Cloudflare, a limit": (
        gateway(429, "text/html; charset=UTF-8", "<!DOCTYPE html>", server="cloudflare", retry_after="30"),
        "rate-limited",
        "rate-limited",
    ),
    "Cloudflare, blocked": (
        gateway(403, "text/html; charset=UTF-8", "<!DOCTYPE html>", server="cloudflare"),
        TOO_LITTLE,
        JUDGED,
    ),
    "Envoy, RBAC": (gateway(403, "text/plain", "RBAC: access denied"), TOO_LITTLE, JUDGED),
    "Artifactory": (
        gateway(401, "application/json", '{"errors":[{"status":401,"message":"Bad credentials"}]}'),
        JUDGED,
        JUDGED,
    ),
    "GitLab, not found": (gateway(404, "text/html; charset=utf-8", "<!DOCTYPE html>"), MISSING, UNKNOWN),
    "a proxy of a company": (
        gateway(407, "text/html", "<html>", proxy_authenticate="Negotiate"),
        UNKNOWN,
        UNKNOWN,
    ),
}


@pytest.mark.parametrize(("answer", "image", "alone"), GATEWAYS.values(), ids=GATEWAYS)
def test_gateways_as_they_are(answer, image, alone):
    """Each of these, before a registry that wants a password, is judged by its status and headers."""
    rows = {**WITH_PASSWORD, **TAGS, ("manifests", "login"): answer}
    assert look(rows, image=OWN)[0].outcome == image
    assert try_alone({("v2", "nobody"): asks(BASIC), ("v2", "login"): answer}, HOST)[0].outcome == alone


@pytest.mark.parametrize(("answer", "image", "alone"), GATEWAYS.values(), ids=GATEWAYS)
def test_gateways_before_anybody_sends_a_login(answer, image, alone):
    """None of these is said to refuse a login that it has not got."""
    rows = {("manifests", "nobody"): answer, ("v2", "nobody"): answer, "tags/list": answer}
    rows |= {("manifests", "login"): holds(MANIFEST), ("blobs", "login"): holds(CONFIG)}
    for verdict, _ in (look(rows, image=OWN), try_alone({**rows, ("v2", "login"): holds(b"{}")}, HOST)):
        assert verdict.outcome != JUDGED
        assert verdict.outcome == "ok" or "www-authenticate" not in answer.headers


def test_the_login_is_sent_to_the_registry_alone():
    """No page makes the login go out before a challenge asks for it."""
    for status, shape in itertools.product(STATUSES, SHAPES):
        answer = made(status, *shape)
        if shape[1]:
            continue
        _, table = look({"manifests": answer, "v2": answer, "tags/list": answer}, image=OWN)
        assert {one.who for one in table.sent} == {"nobody"}


def by_digest(image, tag="1.4"):
    """The name of *image* at a host, by tag or by tag and digest."""
    return f"ghcr.io/acme/churn:{tag}@{digest_of(image)}"


OTHER = "sha256:" + "0" * 64
ONLY_ARM = index_of((MANIFEST, "linux/arm64"))
INDEX = index_of((MANIFEST, "linux/amd64"))


@pytest.mark.parametrize(
    ("rows", "top", "outcome"),
    [
        (WITH_PASSWORD, MANIFEST, "ok"),
        (WITH_TOKEN, MANIFEST, "ok"),
        (OPEN, MANIFEST, "public"),
        (INDEXED | {("manifests/sha256:", "token"): holds(MANIFEST)}, INDEX, "ok"),
        (WITH_TOKEN | {("manifests", "token"): holds(ONLY_ARM)}, ONLY_ARM, "wrong-platform"),
        (WITH_TOKEN | {("blobs", "token"): said(404)}, MANIFEST, "unclear"),
    ],
    ids=["password", "token", "public", "index", "wrong platform", "no config"],
)
def test_the_digest_that_the_name_leads_to(rows, top, outcome):
    """A verdict has the digest of the manifest or index that the name leads to, whatever is in that."""
    verdict, _ = look(rows)
    assert (verdict.outcome, verdict.digest) == (outcome, digest_of(top)), verdict


@pytest.mark.parametrize(
    "rows",
    [
        {("manifests", "nobody"): asks(BASIC), ("manifests", "login"): said(403)},
        {("manifests", "nobody"): said(429)},
        {**WITH_TOKEN, ("manifests", "token"): said(404, "X"), "tags/list": holds(b"{}")},
        {**WITH_TOKEN, ("manifests", "token"): page()},
    ],
    ids=["refused", "limited", "missing", "a page"],
)
def test_no_digest_of_what_was_not_got(rows):
    """Where no manifest was got, no digest is told."""
    assert look(rows)[0].digest == ""


def test_no_digest_of_what_is_another():
    """What is not what was asked for by its digest has none that could be pinned."""
    rows = {**OPEN, ("manifests/sha256:", "nobody"): holds(MANIFEST)}
    verdict, _ = look(rows, image=by_digest(MANIFEST))
    assert (verdict.outcome, verdict.digest) == ("public", digest_of(MANIFEST))
    verdict, _ = look(rows, image=by_digest(CONFIG))
    assert (verdict.outcome, verdict.digest) == ("unclear", "")


@pytest.mark.parametrize(
    ("header", "outcome"),
    [
        (digest_of(MANIFEST), "ok"),
        (f" {digest_of(MANIFEST)} ", "ok"),
        ("sha512:" + hashlib.sha512(MANIFEST).hexdigest(), "ok"),
        ("", "ok"),
        (OTHER, "unclear"),
        (digest_of(MANIFEST).upper(), "unclear"),
        ("md5:" + "0" * 32, "unclear"),
        ("sha256:", "unclear"),
        ("x", "unclear"),
    ],
)
@pytest.mark.parametrize("rows", [WITH_PASSWORD, WITH_TOKEN], ids=["Basic", "Bearer"])
def test_a_digest_that_the_registry_tells(rows, header, outcome):
    """A registry that calls its manifest by another digest than it has judges nothing, and pins nothing."""
    step = next(step for step in rows if step[0] == "manifests" and step[1] != "nobody")
    answer = holds(MANIFEST)
    told = Response(200, {**answer.headers, "docker-content-digest": header}, MANIFEST, "ghcr.io")
    verdict, _ = look({**rows, step: told})
    assert (verdict.outcome, bool(verdict.digest)) == (outcome, outcome == "ok"), verdict
    if outcome == "unclear":
        assert "names another digest" in verdict.reason
