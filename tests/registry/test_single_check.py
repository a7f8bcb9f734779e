"""Each step of a check, against answers that no real registry gives on demand."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest
from requests import Request

from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError, InvalidRegistry, Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Response, ResponseLost
from aicore_magics.http.transport import Transport
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.registry.api import LARGEST_CONFIG
from aicore_magics.registry.checks import refusal
from aicore_magics.registry.manifests import DOCKER_LIST, IMAGE_CONFIGS, OCI_INDEX, OCI_MANIFEST
from aicore_magics.registry.single_check import check_image, check_login, registry_of

BASIC = 'Basic realm="r"'
VERSION = {"docker-distribution-api-version": "registry/2.0"}
PASSWORD = "s3cr\u00e4t"
LOGIN_HEADER = "Basic " + base64.b64encode(f"anna:{PASSWORD}".encode()).decode()
HOSTS = {"ghcr.io": "ghcr.io", "docker.io": "registry-1.docker.io"}


def digest_of(body):
    return "sha256:" + hashlib.sha256(body).hexdigest()


def coded(data):
    return json.dumps(data).encode()


def said(status, code="", message="", **headers):
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    errors = {"errors": [{"code": code, "message": message}]} if code else {}
    return Response(status, {**VERSION, "content-type": "application/json", **told}, coded(errors), "ghcr.io")


def holds(body, kind=None, status=200):
    """An answer with this body: of this type, else of the one that a manifest calls itself, else JSON."""
    told = type_of(body) if kind is None else kind
    return Response(status, {**VERSION, "content-type": told}, body, "ghcr.io")


def type_of(body):
    try:
        return json.loads(body)["mediaType"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return "application/json"


def asks(challenge):
    return said(401, "UNAUTHORIZED", "authentication required", www_authenticate=challenge)


def grants(*, pull=False, opaque=False):
    access = [{"type": "repository", "name": "acme/churn", "actions": ["pull"] if pull else []}]
    claims = base64.urlsafe_b64encode(coded({"access": access})).decode().rstrip("=")
    return holds(coded({"token": "opaque-token-0123456789" if opaque else f"e30.{claims}.c2ln"}))


def page(status=200, **headers):
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(status, {"content-type": "text/html", **told}, b"<html>Sign in</html>", "ghcr.io")


PAGE = page()
OWN = "reg.example.com/acme/churn:1.4"  # at a host that nothing is known about
LOST = [
    Unreachable("ghcr.io does not accept the connection. Nothing was sent."),
    ResponseLost("no answer arrived."),
]
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
CONFIG = coded({"os": "linux", "architecture": "amd64"})
OTHER_CONFIG = coded({"os": "linux", "architecture": "arm64"})


def manifest_of(config, size=7):
    descriptor = {"mediaType": IMAGE_CONFIGS[0], "digest": digest_of(config), "size": len(config)}
    layers = [{"mediaType": LAYER, "size": size}]
    return coded({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": descriptor, "layers": layers})


MANIFEST = manifest_of(CONFIG)


def index_of(*children, kind=OCI_INDEX):
    entries = [
        {
            "mediaType": type_of(body),
            "digest": digest_of(body),
            "platform": dict(zip(("os", "architecture"), platform.split("/"), strict=True)),
        }
        for body, platform in children
    ]
    return coded({"schemaVersion": 2, "mediaType": kind, "manifests": entries})


@dataclass(frozen=True)
class Sent:
    method: str
    url: str
    authorization: str

    @property
    def step(self):
        """What was asked for."""
        path = urlsplit(self.url).path
        known = ("/token", "/tags/list", "/manifests/sha256:", "/manifests/", "/blobs/", "/v2/", "")
        return next(part.strip("/") for part in known if part in path)

    @property
    def who(self):
        """Who asked: nobody, the login, a stranger that was made up, or whoever has which token."""
        scheme, _, rest = self.authorization.partition(" ")
        if scheme != "Basic":
            return rest or "nobody"
        return "stranger" if base64.b64decode(rest).startswith(b"aicore-magics-") else "login"


class Table:
    """Stands in for the transport: answers by step and by who asks, and notes what came.

    `sent` is what the check asked for, step by step; `strangers` what a made-up user asked for, which
    goes on beside it. That user is not let in, unless a row says so.
    """

    def __init__(self, rows):
        self.sent, self.strangers, self._rows = [], [], rows

    def fetch(self, method, url, *, auth, deadline, accept="", largest=0):
        request = auth(Request(method, "https://ghcr.io/").prepare())
        one = Sent(method, url, request.headers.get("Authorization", ""))
        kind = one.who if one.who in ("nobody", "login", "stranger") else "token"
        (self.strangers if kind == "stranger" else self.sent).append(one)
        answer = self.answer(one, kind)
        assert answer is not None, f"{one.step} was asked by {kind}"
        if isinstance(answer, AICoreError):
            raise answer
        body = b"" if method == "HEAD" else answer.body[:largest] if largest else answer.body
        return Response(answer.status, answer.headers, body, answer.host)

    def answer(self, one, kind):
        """The answer to *one* request from this kind of client."""
        otherwise = said(401, "UNAUTHORIZED") if kind == "stranger" else self._rows.get(one.step)
        return self._rows.get((one.step, kind), otherwise)

    @property
    def steps(self):
        return [(one.step, one.who if one.who in ("nobody", "login") else "token") for one in self.sent]


def bearer(host="ghcr.io"):
    return asks(f'Bearer realm="https://{host}/token",service="s"')


def look(rows, *, image="ghcr.io/acme/churn:1.4", user="anna", table=None, **more):
    table = table or Table(rows)
    reference = ImageReference.parse(image)
    login = RegistryLogin(str(reference.registry), user, Secret(PASSWORD)) if user else None
    return check_image(reference, login, transport=table, deadline=Deadline(5), **more), table


def try_alone(rows, registry="ghcr.io"):
    table = Table(rows)
    login = RegistryLogin(registry, "anna", Secret(PASSWORD))
    return check_login(login, transport=table, deadline=Deadline(5)), table


WITH_PASSWORD = {
    ("manifests", "nobody"): asks(BASIC),
    ("manifests", "login"): holds(MANIFEST),
    ("blobs", "login"): holds(CONFIG),
    ("v2", "login"): holds(b"{}"),
}
WITH_TOKEN = {
    ("manifests", "nobody"): bearer(),
    ("token", "nobody"): grants(),
    ("token", "login"): grants(pull=True),
    ("manifests", "token"): holds(MANIFEST),
    ("blobs", "token"): holds(CONFIG),
}
OPEN = {
    ("manifests", "nobody"): holds(MANIFEST),
    ("blobs", "nobody"): holds(CONFIG),
    ("v2", "nobody"): holds(b"{}"),
}


@pytest.mark.parametrize("rows", [WITH_PASSWORD, WITH_TOKEN], ids=["Basic", "Bearer"])
def test_a_good_login(rows):
    """The way in, a token where one is wanted, the manifest, and the config: the image can be pulled."""
    verdict, table = look(rows)
    assert (verdict.outcome, verdict.platform, verdict.size) == ("ok", "linux/amd64", 7), verdict
    assert len(table.sent) <= (5 if ("token", "login") in rows else 3)


@pytest.mark.parametrize("rows", [WITH_PASSWORD, WITH_TOKEN, OPEN], ids=["Basic", "Bearer", "open"])
def test_no_login_before_a_challenge(rows):
    """The first request carries no login, and a password goes to a registry of tokens only for a token."""
    _, table = look(rows)
    assert table.steps[0] == ("manifests", "nobody")
    sent = [one.step for one in table.sent if one.who == "login"]
    assert (
        sent
        == {"": [], "Basic": ["manifests", "blobs"], "Bearer": ["token"]}[
            rows["manifests", "nobody"].headers.get("www-authenticate", "").partition(" ")[0]
        ]
    )
    assert {one.authorization for one in table.sent if one.who == "login"} <= {LOGIN_HEADER}


def test_docker_hub():
    """On Docker Hub the way in is a HEAD, and each manifest is got once: a check is one pull."""
    challenge = asks('Bearer realm="https://auth.docker.io/token",service="registry.docker.io"')
    verdict, table = look({**WITH_TOKEN, ("manifests", "nobody"): challenge}, image="acme/churn:1.4")
    assert verdict.outcome == "ok", verdict
    assert (table.sent[0].method, table.sent[0].url) == (
        "HEAD",
        "https://registry-1.docker.io/v2/acme/churn/manifests/1.4",
    )
    got = [one for one in table.sent if one.step == "manifests" and one.method == "GET"]
    assert len(got) == 1
    desk = [urlsplit(one.url) for one in table.sent if one.step == "token"]
    assert {one.hostname for one in desk} == {"auth.docker.io"}
    asked = [("service", "registry.docker.io"), ("scope", "repository:acme/churn:pull")]
    assert [parse_qsl(one.query) for one in desk] == [asked, asked]


def test_docker_hub_open_to_all():
    """A HEAD has no body: where it is let in, the manifest is got."""
    verdict, table = look(OPEN, image="acme/churn:1.4")
    assert (verdict.outcome, verdict.size) == ("public", 7), verdict
    assert [one.method for one in table.sent if one.step == "manifests"] == ["HEAD", "GET"]


def test_docker_hub_where_a_tag_is_missing():
    """A HEAD that finds nothing is no empty manifest."""
    rows = {("manifests", "nobody"): said(404), ("v2", "nobody"): holds(b"{}"), "tags/list": holds(b"{}")}
    assert look(rows, image="acme/churn:1.4")[0].outcome == "tag-missing"


INDEXED = {**WITH_TOKEN, ("manifests", "token"): holds(index_of((MANIFEST, "linux/amd64")))}
STEPS = [
    (WITH_PASSWORD, ("manifests", "nobody")),
    (WITH_PASSWORD, ("manifests", "login")),
    (WITH_PASSWORD, ("blobs", "login")),
    (WITH_TOKEN, ("manifests", "nobody")),
    (WITH_TOKEN, ("token", "nobody")),
    (WITH_TOKEN, ("token", "login")),
    (WITH_TOKEN, ("manifests", "token")),
    (WITH_TOKEN, ("blobs", "token")),
    (INDEXED, ("manifests/sha256:", "token")),
    (OPEN, ("manifests", "nobody")),
    (OPEN, ("blobs", "nobody")),
    ({**WITH_TOKEN, ("manifests", "token"): said(404, "X")}, ("tags/list", "token")),
    ({**OPEN, ("v2", "nobody"): asks(BASIC)}, ("v2", "login")),
]


# Nobody's token does not matter where there is a login; what is missing is known before its tags are listed.
JUDGED = [row for row in STEPS if row[1] not in (("token", "nobody"), ("tags/list", "token"))]


@pytest.mark.parametrize(("rows", "step"), [row for row in STEPS if row[1] != ("token", "nobody")])
@pytest.mark.parametrize("html", [False, True], ids=["JSON", "HTML"])
def test_a_limit_at_each_step(rows, step, html):
    """Whenever the registry asks to wait, the outcome is that, with how long: neither good nor bad."""
    wait = said(429, "TOOMANYREQUESTS", "slow down", retry_after="120")
    wait = page(429, retry_after="120") if html else wait
    verdict, table = look({**rows, step: wait})
    told = "" if html else "slow down"
    assert (verdict.outcome, verdict.not_checked, verdict.said) == ("rate-limited", True, told), verdict
    assert "for 2 min" in verdict.reason
    assert table.steps[-1][0] == step[0].strip("/")


@pytest.mark.parametrize(("rows", "step"), JUDGED)
@pytest.mark.parametrize(
    "trouble",
    [said(500, "UNKNOWN"), said(502), said(599), page(503), PAGE, said(302, location="ftp://x.example/")],
)
def test_trouble_at_each_step(rows, step, trouble):
    """An answer that says nothing about login or image is no verdict on them, and nothing is made of it."""
    first = step == ("manifests", "nobody")
    verdict, _ = look({**OPEN, **rows, step: trouble} if first else {**rows, step: trouble})
    assert (verdict.outcome, verdict.not_checked) == ("unclear", True), verdict


@pytest.mark.parametrize(
    ("tags", "words"), [(PAGE, "may be there"), (page(404), "may be there"), (said(302), "may be there")]
)
def test_a_list_of_tags_that_is_none(tags, words):
    """A web page in place of the list of tags tells nothing about the repository."""
    rows = {**WITH_TOKEN, ("manifests", "token"): said(404, "MANIFEST_UNKNOWN"), ("tags/list", "token"): tags}
    verdict, _ = look(rows)
    assert (verdict.outcome, words in verdict.reason) == ("tag-missing", True), verdict


@pytest.mark.parametrize(
    "trouble",
    [
        *(said(status, "X") for status in (401, 403, 404, 429, 500)),
        *(page(status) for status in (200, 401, 403, 429, 503)),
        holds(b"{}"),
        *LOST,
    ],
    ids=str,
)
def test_nobodys_token_is_an_extra(trouble):
    """Where nobody gets a token, for whatever reason, the login is tried all the same."""
    verdict, table = look({**WITH_TOKEN, ("token", "nobody"): trouble})
    assert verdict.outcome == "ok", verdict
    assert ("token", "login") in table.steps


@pytest.mark.parametrize(
    ("trouble", "outcome"),
    [
        (said(401, "X"), "needs-login"),
        (said(403, "X"), "needs-login"),
        (said(429, "X"), "rate-limited"),
        (said(500, "X"), "unclear"),
        (page(200), "unclear"),
        (page(403), "unclear"),
        (page(503), "unclear"),
        (holds(b"{}"), "unclear"),
        (LOST[0], "unreachable"),
        (LOST[1], "unreachable"),
    ],
)
def test_nobodys_token_without_a_login(trouble, outcome):
    """Without a login a token server that fails is no proof that one is needed; one that says no is."""
    verdict, _ = look({**WITH_TOKEN, ("token", "nobody"): trouble}, user="")
    assert verdict.outcome == outcome, verdict


WEB_PAGES = [
    PAGE,
    page(401),
    Response(301, {"location": "https://www.example/"}, b"", "ghcr.io"),
    Response(404, {}, b"<!doctype html>", "x"),
]


@pytest.mark.parametrize("answer", WEB_PAGES)
def test_a_web_page_in_place_of_a_registry(answer):
    """What says at first that it is a web page is no registry, and gets no login."""
    for verdict, table in (
        look({"manifests": answer, "v2": answer, "": PAGE}, image=OWN),
        try_alone({"v2": answer, "": PAGE}, "reg.example.com"),
    ):
        assert (verdict.outcome, verdict.refused) == ("not-a-registry", True), verdict
        assert {one.who for one in table.sent} == {"nobody"}
        assert len(table.sent) <= (4 if answer.moved else 2)


def test_a_web_page_that_asks_for_another_kind_of_login():
    """A header that asks for a login that no secret can hold counts, whatever page comes with it."""
    answer = page(401, www_authenticate="Negotiate")
    for verdict, table in (
        look({"manifests": answer}, image=OWN),
        try_alone({"v2": answer}, "reg.example.com"),
    ):
        assert (verdict.outcome, len(table.sent)) == ("unsupported", 1), verdict
        assert "needs another kind of login" in verdict.reason


KNOWN_AND_NOT = [*WEB_PAGES, page(403), page(404), page(401, www_authenticate="Negotiate")]


# Docker Hub is asked with HEAD: of a web page nothing is left but its type.
@pytest.mark.parametrize(
    ("host", "answer"),
    [
        *(("docker.io", answer) for answer in KNOWN_AND_NOT if answer.headers),
        *(
            (host, answer)
            for answer in KNOWN_AND_NOT
            for host in ("ghcr.io", "a.dkr.ecr.eu-west-1.amazonaws.com")
        ),
    ],
)
def test_a_web_page_where_a_registry_is_known_to_be(host, answer):
    """A host that is known to be a registry is never called a web page: something stands between."""
    for verdict, table in (
        look({"manifests": answer, "v2": answer, "": PAGE}, image=f"{host}/acme/churn:1.4"),
        try_alone({"v2": answer, "": PAGE}, host),
    ):
        assert (verdict.outcome, verdict.not_checked) == ("unclear", True), verdict
        assert {one.who for one in table.sent} == {"nobody"}
        assert len(table.sent) <= (4 if answer.moved else 2)


@pytest.mark.parametrize("answer", [page(500), page(502), page(503), page(599), said(500), said(503)])
def test_a_gateway_in_front_of_a_registry(answer):
    """Who fails is not said to be no registry, though the page of a gateway is a web page."""
    for verdict, table in (
        look({"manifests": answer}, image=OWN),
        try_alone({"v2": answer}, "reg.example.com"),
    ):
        assert (verdict.outcome, verdict.code[:1]) == ("unclear", "5"), verdict
        assert len(table.sent) == 1


def test_a_web_page_that_asks_to_wait():
    """A limit is one, in whatever form it is told."""
    for verdict, _ in (
        look({"manifests": page(429, retry_after="41")}, image=OWN),
        try_alone({"v2": page(429, retry_after="41")}, "reg.example.com"),
    ):
        assert (verdict.outcome, "for 41 s" in verdict.reason) == ("rate-limited", True), verdict


def test_a_challenge_beside_a_web_page():
    """Who asks for a login as registries do is one, though the body is a web page."""
    asks_so = page(401, www_authenticate=BASIC)
    verdict, _ = look({**WITH_PASSWORD, ("manifests", "nobody"): asks_so}, image=OWN)
    assert verdict.outcome == "ok", verdict
    verdict, _ = look({("manifests", "nobody"): asks_so}, image=OWN, user="")
    assert verdict.outcome == "needs-login", verdict
    verdict, _ = try_alone({("v2", "nobody"): asks_so, ("v2", "login"): holds(b"{}")}, "reg.example.com")
    assert verdict.outcome == "ok", verdict


@pytest.mark.parametrize("error", LOST)
@pytest.mark.parametrize(("rows", "step"), [row for row in STEPS if row[1] != ("token", "nobody")])
def test_a_connection_that_is_lost(rows, step, error):
    """A connection that breaks at any step is no verdict, and raises nothing."""
    verdict, _ = look({**rows, step: error})
    assert (verdict.outcome, verdict.not_checked) == ("unreachable", True), verdict


@pytest.mark.parametrize(
    ("status", "basic", "token"),
    [(401, "bad-credentials", "no-access-or-missing"), (403, "no-access-or-missing", "no-access-or-missing")],
)
def test_a_manifest_that_is_refused(status, basic, token):
    """With a password a 401 is about the login, a 403 about the right; with a token both are the latter."""
    refused = said(status, "DENIED", "no")
    verdict, _ = look({**WITH_PASSWORD, ("manifests", "login"): refused})
    assert (verdict.outcome, verdict.said) == (basic, "no"), verdict
    verdict, _ = look({**WITH_TOKEN, ("manifests", "token"): refused})
    assert (verdict.outcome, verdict.said) == (token, "no"), verdict


def test_what_a_401_means_for_an_image():
    """Some registries answer 401 to a good login that may not read: that is said of the image."""
    for image in ("ghcr.io/acme/churn:1.4", OWN):
        verdict, _ = look({**WITH_PASSWORD, ("manifests", "login"): said(401, "UNAUTHORIZED")}, image=image)
        assert " does not accept user anna for this image (401 UNAUTHORIZED)." in verdict.reason
    assert verdict.fix == "Check user name and token, or ask for the right to read it."
    alone, _ = try_alone({("v2", "nobody"): asks(BASIC), ("v2", "login"): said(401, "UNAUTHORIZED")})
    assert alone.reason == "ghcr.io does not accept user anna (401 UNAUTHORIZED)."


def test_what_a_403_means():
    """With a password a 403 may be about either, and says so; with a token the login is known to be good."""
    refused = said(403, "DENIED", "no")
    either, _ = look({**WITH_PASSWORD, ("manifests", "login"): refused})
    assert either.reason.startswith(
        "The login is not accepted here, or may not pull this repository, or it does not exist (403 DENIED)."
    )
    known, _ = look({**WITH_TOKEN, ("manifests", "token"): refused})
    assert known.reason.startswith("The login works, but may not pull this repository, or it does not exist")


@pytest.mark.parametrize(
    "message",
    [
        "Your Authorization Token has expired. Reauthenticate.",
        "EXPIRED",
        "expired token",
        "The password of this user expired yesterday",
        "account has been expired",
        "Credentials expired.",
    ],
)
def test_a_login_that_has_expired(message):
    """Amazon ECR says 403 of a login that was good once: where the registry tells, it is the login."""
    refused = said(403, "DENIED", message)
    verdict, _ = look({**WITH_PASSWORD, ("manifests", "login"): refused})
    assert (verdict.outcome, verdict.said) == ("bad-credentials", message), verdict
    verdict, _ = look({**WITH_TOKEN, ("manifests", "token"): refused})
    assert verdict.outcome == "no-access-or-missing", verdict


@pytest.mark.parametrize(
    "message",
    [
        "subscription expired for this project",
        "The certificate of the upstream has expired",
        "image retention: expired",
        "The trial period has expired. Your token is fine.",
        "unexpired token",
    ],
)
def test_what_else_may_expire(message):
    """That something else has expired says nothing of the login."""
    verdict, _ = look({**WITH_PASSWORD, ("manifests", "login"): said(403, "DENIED", message)})
    assert (verdict.outcome, verdict.said.rstrip(".")) == ("no-access-or-missing", message.rstrip(".")), (
        verdict
    )


@pytest.mark.parametrize("status", [401, 403])
def test_a_token_that_is_refused(status):
    """A token server that says no to the login judges the login, and the manifest is not asked for."""
    verdict, table = look({**WITH_TOKEN, ("token", "login"): said(status, "DENIED", "no")})
    assert (verdict.outcome, verdict.said) == ("bad-credentials", "no"), verdict
    assert table.steps[-1] == ("token", "login")


@pytest.mark.parametrize(
    "answer", [holds(b"{}"), holds(b"x"), holds(coded({"token": "a\r\nb"})), said(404), said(500)]
)
def test_a_token_that_is_none(answer):
    """A token server that gives no token judges nothing."""
    verdict, table = look({**WITH_TOKEN, ("token", "login"): answer})
    assert (verdict.outcome, table.steps[-1]) == ("unclear", ("token", "login")), verdict
    assert ("sends no token" in verdict.reason) == answer.ok


def test_a_token_of_nobody_that_promises_too_much():
    """What a token of nobody claims is no proof: where the registry says no, the login gets its own."""
    rows = {**WITH_TOKEN, ("token", "nobody"): grants(pull=True)}
    table = Table(rows)
    fetch, nobodys = table.fetch, []

    def picky(method, url, *, auth, **more):
        answer = fetch(method, url, auth=auth, **more)
        if table.steps[-1] == ("manifests", "token") and not nobodys:
            nobodys.append(url)
            return said(401, "UNAUTHORIZED")
        return answer

    table.fetch = picky
    image = ImageReference.parse("ghcr.io/acme/churn:1.4")
    login = RegistryLogin("ghcr.io", "anna", Secret(PASSWORD))
    verdict = check_image(image, login, transport=table, deadline=Deadline(5))
    assert nobodys
    assert verdict.outcome == "ok", verdict


def test_public_behind_tokens():
    """Where nobody's token opens it, it is public; the login is judged all the same."""
    rows = {**WITH_TOKEN, ("token", "nobody"): grants(pull=True)}
    verdict, table = look(rows)
    assert (verdict.outcome, verdict.size) == ("public", 7), verdict
    assert "The login was tried" in verdict.reason
    assert ("token", "login") in table.steps
    refused, _ = look({**rows, ("token", "login"): said(401, "UNAUTHORIZED")})
    assert refused.outcome == "bad-credentials"
    nobody, table = look(rows, user="")
    assert nobody.outcome == "public"
    assert ("token", "login") not in table.steps


@pytest.mark.parametrize("status", [403, 404])
def test_a_registry_that_hides_what_it_asks(status):
    """Where a manifest is 404 or 403 without a challenge, the one at /v2/ counts, and the login is tried."""
    hidden = {**WITH_PASSWORD, ("manifests", "nobody"): said(status, "DENIED"), ("v2", "nobody"): asks(BASIC)}
    verdict, table = look(hidden)
    assert verdict.outcome == "ok", verdict
    assert table.steps[:3] == [("manifests", "nobody"), ("v2", "nobody"), ("manifests", "login")]
    wrong, _ = look({**hidden, ("manifests", "login"): said(401, "UNAUTHORIZED")})
    assert wrong.outcome == "bad-credentials"


def test_a_registry_that_forbids_and_asks_nobody():
    """A 403 without any challenge is no access; nobody is told that a login works which was never sent."""
    rows = {("manifests", "nobody"): said(403, "DENIED"), ("v2", "nobody"): holds(b"{}")}
    verdict, table = look(rows)
    assert verdict.outcome == "no-access-or-missing"
    assert {who for _, who in table.steps} == {"nobody"}
    assert "The login works" not in verdict.reason
    assert look(rows, user="")[0].outcome == "no-access-or-missing"


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(
    ("ping", "outcome"),
    [(said(500), "unclear"), (page(502), "unclear"), (said(429), "rate-limited"), (PAGE, "unclear")],
)
def test_a_registry_that_does_not_say_whether_it_asks(status, ping, outcome):
    """Where it is not known whether a login is asked for, what nobody may see is no verdict on the login."""
    rows = {
        ("manifests", "nobody"): said(status, "DENIED"),
        ("v2", "nobody"): ping,
        ("tags/list", "nobody"): said(404),
    }
    verdict, _ = look(rows)
    assert verdict.outcome == outcome, verdict


def test_a_web_page_that_forbids():
    """A 403 is a web page's own, even behind a name of a registry, until a token has made a difference."""
    behind = Response(403, {**VERSION, "content-type": "text/html"}, b"<html>", "ghcr.io")
    for user in ("anna", ""):
        verdict, _ = look({("manifests", "nobody"): behind, ("v2", "nobody"): holds(b"{}")}, user=user)
        assert verdict.outcome == "unclear", verdict
    rows = {
        **WITH_TOKEN,
        ("token", "nobody"): grants(pull=True),
        ("manifests", "token"): page(403),
    }
    verdict, _ = look(rows, user="")
    assert verdict.outcome == "no-access-or-missing", verdict


def test_an_open_registry_that_knows_logins():
    """A public image of a registry that asks at /v2/ alone: the login is judged there, once."""
    rows = {**OPEN, ("v2", "nobody"): asks(BASIC), ("v2", "login"): holds(b"{}")}
    verdict, table = look(rows)
    assert (verdict.outcome, verdict.reason.endswith("The login was tried: accepted.")) == ("public", True), (
        verdict
    )
    assert [one for one in table.steps if one[1] == "login"] == [("v2", "login")]
    for status in (401, 403):
        assert look({**rows, ("v2", "login"): said(status, "X")})[0].outcome == "bad-credentials"


def test_an_open_registry_that_knows_none():
    """A public image of a registry that asks nobody: the login is not sent, and that is said."""
    verdict, table = look(OPEN)
    assert (verdict.outcome, "or tried" in verdict.reason) == ("public", True)
    assert all(one.who == "nobody" for one in table.sent)
    assert [step for step, _ in look(OPEN, user="")[1].steps] == ["manifests", "blobs"]


@pytest.mark.parametrize("challenge", ["Negotiate", "NTLM, Negotiate", 'Digest realm="d"'])
def test_another_kind_of_login(challenge):
    """A registry that wants neither password nor token cannot be used, and gets none; no image is blamed."""
    for verdict, table in (
        look({("manifests", "nobody"): asks(challenge)}),
        try_alone({("v2", "nobody"): asks(challenge)}),
    ):
        assert (verdict.outcome, len(table.sent)) == ("unsupported", 1), verdict
        assert "needs another kind of login" in verdict.reason
        error = refusal((verdict,))
        assert "another kind of login" in error.message
        assert "image" not in error.message + error.hint


@pytest.mark.parametrize(
    "challenge",
    [
        "garbage=",
        "=",
        'Bearer realm="a",realm="b"',
        'Basic realm="a", realm="b"',
        'Negotiate, Bearer realm="a",realm="b"',
        'Bearer realm="unterminated',
    ],
)
def test_a_challenge_that_cannot_be_read(challenge):
    """What can be read in two ways, or in none, says nothing of what login is wanted; none is sent."""
    for verdict, table in (
        look({("manifests", "nobody"): asks(challenge)}),
        try_alone({("v2", "nobody"): asks(challenge)}),
    ):
        assert (verdict.outcome, len(table.sent)) == ("unclear", 1), verdict
        assert "another kind" not in verdict.reason


@pytest.mark.parametrize("answer", [said(401, "UNAUTHORIZED"), asks("")], ids=["none", "empty"])
def test_a_registry_that_does_not_say_how_to_log_in(answer):
    """A 401 without a WWW-Authenticate says nothing about the login, which is not sent."""
    for verdict, table in (
        look({("manifests", "nobody"): answer}),
        look({("manifests", "nobody"): said(403), ("v2", "nobody"): answer}),
        try_alone({("v2", "nobody"): answer}),
    ):
        assert verdict.outcome == "unclear", verdict
        assert "asks for a login, but does not say how" in verdict.reason
        assert {who for _, who in table.steps} == {"nobody"}


REALMS = [
    "https://auth.example/token",
    "http://auth.example/t",
    "http://ghcr.io/t",
    "https://169.254.169.254/t",
]


@pytest.mark.parametrize(
    "realm", ['realm="x"', 'realm=""', 'realm="/token"', 'realm="ftp://x/t"', 'service="s"']
)
def test_a_realm_that_is_no_address(realm):
    """A realm that leads nowhere is no other host: there is no address, and nothing is sent."""
    for verdict, table in (
        look({("manifests", "nobody"): asks(f"Bearer {realm}")}),
        try_alone({("v2", "nobody"): asks(f"Bearer {realm}")}),
    ):
        assert (verdict.outcome, len(table.sent), verdict.fix) == ("unclear", 1, ""), verdict
        assert verdict.reason == "ghcr.io names no usable address for a token. Nothing was checked."


@pytest.mark.parametrize("realm", [f'realm="{realm}"' for realm in REALMS])
def test_a_realm_elsewhere(realm):
    """A realm that may not be asked ends the check, nothing goes anywhere; its option is told if it helps."""
    for verdict, table in (
        look({("manifests", "nobody"): asks(f"Bearer {realm}")}),
        try_alone({("v2", "nobody"): asks(f"Bearer {realm}")}),
    ):
        assert (verdict.outcome, verdict.not_checked, len(table.sent)) == ("other-realm", True, 1), verdict
        assert ("--realm auth.example" in NOTEBOOK.say(verdict.fix)) == ("https://auth" in realm)


def test_a_realm_that_was_named():
    """A realm that the user has named gets the login, and the registry the token."""
    rows = {**WITH_TOKEN, ("manifests", "nobody"): bearer("auth.example")}
    verdict, table = look(rows, realms=("auth.example",))
    assert verdict.outcome == "ok", verdict
    assert {urlsplit(one.url).hostname for one in table.sent if one.who == "login"} == {"auth.example"}


THERE, MAYBE = "The repository is there", "The repository may be there"


@pytest.mark.parametrize(
    ("code", "tags", "outcome", "words"),
    [
        ("MANIFEST_UNKNOWN", holds(coded({"tags": ["1.3"]})), "tag-missing", THERE),
        ("NAME_UNKNOWN", holds(coded({"tags": ["1.3"]})), "tag-missing", THERE),
        # A registry may give an empty list for whatever name, and some answer 200 to any address.
        ("MANIFEST_UNKNOWN", holds(coded({"tags": []})), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", holds(coded({"tags": None})), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", holds(coded({"tags": "1.3"})), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", holds(coded(["1.3"])), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", holds(b"OK"), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", said(404, "NAME_UNKNOWN"), "repo-missing", "404 NAME_UNKNOWN"),
        ("NAME_UNKNOWN", holds(coded({"tags": []})), "repo-missing", "404 NAME_UNKNOWN"),
        ("NAME_UNKNOWN", said(404, "UNSUPPORTED"), "repo-missing", "404 NAME_UNKNOWN"),
        # Who has no list of tags says 404 of the list.
        ("MANIFEST_UNKNOWN", said(404, "UNSUPPORTED"), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", said(404, "MANIFEST_UNKNOWN"), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", said(404, "NOT_FOUND"), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", said(404), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", said(401, "DENIED"), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", said(403, "NAME_UNKNOWN"), "tag-missing", MAYBE),
        ("MANIFEST_UNKNOWN", said(405, "UNSUPPORTED"), "tag-missing", MAYBE),
    ],
)
def test_what_is_missing(code, tags, outcome, words):
    """A 404 is about the tag or the repository: its code tells, or the list of tags, with the same right."""
    rows = {**WITH_TOKEN, ("manifests", "token"): said(404, code), ("tags/list", "token"): tags}
    verdict, _ = look(rows)
    assert (verdict.outcome, words in verdict.reason) == (outcome, True), verdict


@pytest.mark.parametrize("kind", [OCI_INDEX, DOCKER_LIST])
def test_an_index(kind):
    """Of an index the image for linux/amd64 is asked for by its digest, and its size is told."""
    other = manifest_of(OTHER_CONFIG, 99)
    body = index_of((other, "linux/arm64"), (MANIFEST, "linux/amd64"), kind=kind)
    rows = {
        **WITH_TOKEN,
        ("manifests", "token"): holds(body),
        ("manifests/sha256:", "token"): holds(MANIFEST),
    }
    verdict, table = look(rows)
    assert (verdict.outcome, verdict.size) == ("ok", 7), verdict
    assert table.sent[-1].url.endswith(f"/manifests/{digest_of(MANIFEST)}")


def test_an_index_for_others():
    """An index without linux/amd64 says for what it is, and none of its images is asked for."""
    rows = {
        **WITH_TOKEN,
        ("manifests", "token"): holds(index_of((MANIFEST, "linux/arm64"), (CONFIG, "linux/s390x"))),
    }
    verdict, table = look(rows)
    assert (verdict.outcome, verdict.platform) == ("wrong-platform", "linux/arm64, linux/s390x"), verdict
    assert table.steps[-1] == ("manifests", "token")


@pytest.mark.parametrize(
    ("config", "outcome", "platform"),
    [
        (OTHER_CONFIG, "wrong-platform", "linux/arm64"),
        (coded({"os": "windows", "architecture": "amd64"}), "wrong-platform", "windows/amd64"),
    ],
)
def test_a_config_for_others(config, outcome, platform):
    """A single image is for what its own config says, and not for linux/amd64 unless that says so."""
    rows = {
        **WITH_TOKEN,
        ("manifests", "token"): holds(manifest_of(config)),
        ("blobs", "token"): holds(config),
    }
    verdict, _ = look(rows)
    assert (verdict.outcome, verdict.platform) == (outcome, platform), verdict


UNKNOWN = [coded({"os": "unknown", "architecture": "unknown"}), coded({"os": "", "architecture": ""})]


@pytest.mark.parametrize(
    "config", [b"{}", b"x", coded({"os": "linux"}), coded({"architecture": "amd64"}), *UNKNOWN]
)
def test_a_config_without_a_platform(config):
    """What does not say what it is for is not said to be for something else."""
    rows = {
        **WITH_TOKEN,
        ("manifests", "token"): holds(manifest_of(config)),
        ("blobs", "token"): holds(config),
    }
    verdict, _ = look(rows)
    assert (verdict.outcome, verdict.platform) == ("unclear", ""), verdict
    assert verdict.reason == "ghcr.io does not say what the image is built for. Nothing was checked."


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (index_of(), "Its index is empty."),
        (index_of((MANIFEST, "unknown/unknown")), "Its index has only attestations, and no image."),
        (
            coded({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [{"digest": "latest"}]}),
            "Its index has an entry without a digest.",
        ),
    ],
)
def test_an_index_without_an_image(body, reason):
    """An index in which no node finds an image is refused, and none of its entries is asked for."""
    verdict, table = look({**WITH_TOKEN, ("manifests", "token"): holds(body)})
    assert (verdict.outcome, table.steps[-1]) == ("unsupported", ("manifests", "token")), verdict
    assert verdict.reason == reason


def test_an_image_in_an_index_that_is_another():
    """What an index leads to is what does not match its digest, or nothing is judged."""
    verdict, _ = look({**INDEXED, ("manifests/sha256:", "token"): holds(MANIFEST + b" ")})
    assert (verdict.outcome, "does not match its digest" in verdict.reason) == ("unclear", True), verdict


def test_a_config_that_is_too_large():
    """A config beyond 8 MiB is not read to its end, nor believed; one of just that is."""
    padded = {"os": "linux", "architecture": "amd64", "x": ""}
    padded["x"] = "x" * (LARGEST_CONFIG - len(coded(padded)))
    for config, outcome in (
        (coded(padded), "ok"),
        (coded({**padded, "x": padded["x"] + "x"}), "unsupported"),
    ):
        rows = {
            **WITH_TOKEN,
            ("manifests", "token"): holds(manifest_of(config)),
            ("blobs", "token"): holds(config),
        }
        assert look(rows)[0].outcome == outcome


def test_a_config_that_is_another():
    """A config of another digest judges nothing."""
    verdict, _ = look({**WITH_TOKEN, ("blobs", "token"): holds(CONFIG + b" ")})
    assert verdict.outcome == "unclear", verdict
    assert verdict.reason == "ghcr.io sent content that does not match its digest. Nothing was checked."


def test_a_config_elsewhere():
    """A config that has moved is fetched without the login; where all is to stay here, not at all."""
    here = "127.0.0.1:5000/acme/churn:1.4"
    moved = said(307, location="https://cdn.example/blobs/x")
    rows = {**WITH_PASSWORD, ("blobs", "login"): moved, ("blobs", "nobody"): holds(CONFIG)}
    verdict, table = look(rows, image=here)
    assert (verdict.outcome, table.sent[-1].url) == ("ok", "https://cdn.example/blobs/x"), verdict
    verdict, table = look(rows, image=here, only_here=True)
    assert (verdict.outcome, table.steps[-1]) == ("unclear", ("blobs", "login")), verdict
    for place in ("http://127.0.0.1:1/blobs/x", "http://localhost:1/blobs/x", "http://[::1]:1/blobs/x"):
        nearby = {**rows, ("blobs", "login"): said(307, location=place)}
        verdict, table = look(nearby, image=here, only_here=True)
        assert (verdict.outcome, table.sent[-1].url) == ("ok", place), verdict


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(401, "no-access-or-missing"), (403, "no-access-or-missing"), (404, "incomplete"), (410, "unclear")],
)
def test_a_config_that_is_not_given(status, outcome):
    """Without its config an image is not judged; a login that may not have it cannot pull."""
    verdict, _ = look({**WITH_TOKEN, ("blobs", "token"): said(status, "BLOB_UNKNOWN")})
    assert (verdict.outcome, verdict.code) == (outcome, f"{status} BLOB_UNKNOWN"), verdict


def test_an_image_by_digest():
    """An image by digest is what its digest names, or nothing is judged; its tag is not asked for."""
    body = {
        **WITH_TOKEN,
        ("manifests/sha256:", "nobody"): bearer(),
        ("manifests/sha256:", "token"): holds(MANIFEST),
    }
    good, table = look(body, image=f"ghcr.io/acme/churn:1.4@{digest_of(MANIFEST)}")
    assert good.outcome == "ok", good
    assert table.sent[0].url.endswith(f"/v2/acme/churn/manifests/{digest_of(MANIFEST)}")
    assert look(body, image=f"ghcr.io/acme/churn@{digest_of(CONFIG)}")[0].outcome == "unclear"


@pytest.mark.parametrize(
    "manifest",
    [b"", b"x", b"{}", coded({"schemaVersion": 1}), manifest_of(CONFIG).replace(b".image.config", b".x")],
)
def test_a_manifest_that_is_no_image(manifest):
    """What AI Core cannot run is refused in a sentence."""
    verdict, _ = look({**WITH_TOKEN, ("manifests", "token"): holds(manifest)})
    assert (verdict.outcome, verdict.reason.endswith(".")) == ("unsupported", True), verdict


def test_no_tag_is_latest():
    """An image without a tag is asked for as latest, as it would be pulled."""
    _, table = look(OPEN, image="ghcr.io/acme/churn")
    assert table.sent[0].url == "https://ghcr.io/v2/acme/churn/manifests/latest"


@pytest.mark.parametrize(
    ("rows", "outcome", "steps"),
    [
        ({("v2", "nobody"): holds(b"{}")}, "public", 1),
        ({("v2", "nobody"): said(404)}, "unclear", 1),
        ({("v2", "nobody"): LOST[0]}, "unreachable", 1),
        ({("v2", "nobody"): asks(BASIC), ("v2", "login"): LOST[1]}, "unreachable", 2),
        ({("v2", "nobody"): bearer(), ("token", "login"): LOST[1]}, "unreachable", 2),
        ({("v2", "nobody"): said(500)}, "unclear", 1),
        ({("v2", "nobody"): said(403)}, "unclear", 1),
        ({("v2", "nobody"): said(429)}, "rate-limited", 1),
        ({("v2", "nobody"): asks(BASIC), ("v2", "login"): holds(b"{}")}, "ok", 2),
        ({("v2", "nobody"): asks(BASIC), ("v2", "login"): said(401, "X")}, "bad-credentials", 2),
        ({("v2", "nobody"): asks(BASIC), ("v2", "login"): said(403, "X")}, "bad-credentials", 2),
        ({("v2", "nobody"): asks(BASIC), ("v2", "login"): said(500)}, "unclear", 2),
        ({("v2", "nobody"): asks(BASIC), ("v2", "login"): PAGE}, "unclear", 2),
        ({("v2", "nobody"): asks(BASIC), ("v2", "login"): said(429)}, "rate-limited", 2),
        ({("v2", "nobody"): bearer(), ("token", "login"): grants()}, "ok", 2),
        ({("v2", "nobody"): bearer(), ("token", "login"): said(401, "X")}, "bad-credentials", 2),
        ({("v2", "nobody"): bearer(), ("token", "login"): said(403, "X")}, "bad-credentials", 2),
        ({("v2", "nobody"): bearer(), ("token", "login"): page(401)}, "bad-credentials", 2),
        ({("v2", "nobody"): asks(BASIC), ("v2", "login"): page(401)}, "bad-credentials", 2),
        ({("v2", "nobody"): bearer(), ("token", "login"): said(429)}, "rate-limited", 2),
        ({("v2", "nobody"): bearer(), ("token", "login"): said(500)}, "unclear", 2),
        ({("v2", "nobody"): bearer(), ("token", "login"): holds(b"{}")}, "unclear", 2),
    ],
)
def test_a_login_alone(rows, outcome, steps):
    """Without an image the login is judged at /v2/, or by the token server without any scope."""
    verdict, table = try_alone(rows)
    assert (verdict.outcome, verdict.image, verdict.registry, verdict.username) == (
        outcome,
        "",
        "ghcr.io",
        "anna",
    )
    assert len(table.sent) == steps
    assert not [one for one in table.sent if "scope" in one.url]


def test_a_login_alone_where_no_registry_is():
    """Where nothing answers at /v2/, there is no registry."""
    verdict, _ = try_alone({("v2", "nobody"): said(404)}, "reg.example.com")
    assert (verdict.outcome, verdict.reason) == ("not-a-registry", "reg.example.com is not a registry.")


@pytest.mark.parametrize("rows", [WITH_PASSWORD, WITH_TOKEN], ids=["Basic", "Bearer"])
def test_what_is_told_holds_no_secret(rows):
    """Neither password nor token stands in a verdict, even where the registry repeats them."""
    step = next(step for step in rows if step[0] == "manifests" and step[1] != "nobody")
    token = json.loads(grants(pull=True).body)["token"] if step[1] == "token" else LOGIN_HEADER
    verdict, _ = look({**rows, step: said(403, "DENIED", f"not {PASSWORD}, not {token}, not {LOGIN_HEADER}")})
    assert verdict.said.startswith("not ***, ")
    assert not [each for each in (PASSWORD, token, LOGIN_HEADER) if each in repr(verdict)]


@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("ghcr.io/acme", "ghcr.io"),
        ("https://ghcr.io/v1/", "ghcr.io"),
        ("http://localhost:5000/v2/team", "localhost:5000"),
        ("https://index.docker.io/v1/", "docker.io"),
        ("index.docker.io/acme", "docker.io"),
    ],
)
def test_the_registry_of_a_key(key, host):
    """A key from a file may hold a scheme and a path; the login is tried at its host."""
    assert str(registry_of(RegistryLogin(AuthKey(key), "anna", Secret("p")))) == host


@pytest.mark.parametrize("key", ["*.example.com", "oci://ghcr.io", "/", "https://", "anna@ghcr.io"])
def test_a_key_without_a_registry(key):
    """A pattern, or what is no host, is no registry to ask."""
    with pytest.raises(InvalidRegistry):
        registry_of(RegistryLogin(AuthKey(key), "anna", Secret("p")))


@pytest.mark.parametrize("host", ["a" * 70 + ".example.com", "[1:2]", "a..example.com:99999", "[::1]:99999"])
def test_a_host_that_is_none(host):
    """An image may name a host that no connection can be made to: that is a verdict, and no error of ours."""
    image = ImageReference(host, "acme/churn", "1.4")
    transport = Transport()
    verdict = check_image(image, None, transport=transport, deadline=Deadline(5))
    transport.close()
    assert (verdict.outcome, verdict.ok) == ("unreachable", False), verdict


def test_no_time_left():
    """When the time is over nothing is asked, and that is said."""
    transport = Transport()
    verdict = check_image(
        ImageReference.parse("127.0.0.1:1/acme/churn"), None, transport=transport, deadline=Deadline(0)
    )
    transport.close()
    assert (verdict.outcome, "time limit" in verdict.reason) == ("unreachable", True), verdict
