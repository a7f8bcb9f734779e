"""Each outcome says what happened in plain words, quotes the registry, and shows no secret."""

from __future__ import annotations

import base64
import html
import json
import re
from urllib.parse import quote

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.base.report import plain
from aicore_magics.errors import CertificateNotTrusted, Unreachable
from aicore_magics.http.messages import Response, ResponseLost
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.registry.checks import refusal
from aicore_magics.registry.media_types import Mistyped
from aicore_magics.registry.platforms import Platform
from aicore_magics.registry.redirects import Astray, Forwarded
from aicore_magics.registry.verdict_texts import Verdicts

GHCR = ImageReference.parse("ghcr.io/acme/churn:1.4")
OWN = ImageReference.parse("reg.example.com:5000/acme/churn:1.4")
DIGEST = "sha256:" + "a" * 64
COLUMNS = 100
FAR = Forwarded(403, {"content-type": "application/json"}, b"{}", "cdn.example")
AMD64, V3 = Platform("linux", "amd64"), Platform("linux", "amd64", "v3")


def answer(status=401, code="UNAUTHORIZED", message="", **headers):
    errors = {"errors": [{"code": code, "message": message}]}
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(
        status, {"content-type": "application/json", **told}, json.dumps(errors).encode(), "ghcr.io"
    )


def page(status=200):
    return Response(status, {"content-type": "text/html"}, b"<html>Sign in</html>", "ghcr.io")


PASSWORD = "hunter2-hunter2"


def telling(image=GHCR, user="anna", password=PASSWORD):
    login = RegistryLogin(str(image.registry), user, Secret(password)) if user else None
    return Verdicts(image.registry, login, image)


def alone(registry="ghcr.io"):
    login = RegistryLogin(registry, "anna", Secret(PASSWORD))
    return Verdicts(login.registry, login)


def told(verdict):
    return (verdict.outcome, verdict.reason, NOTEBOOK.say(verdict.fix))


def test_what_can_be_pulled():
    """Good news is short: platform and size stand beside it."""
    verdict = telling().fine("ok", AMD64, 412_000_000)
    assert told(verdict) == ("ok", "", "")
    assert (verdict.platform, verdict.size) == ("linux/amd64", 412_000_000)
    assert (verdict.registry, verdict.username, verdict.image) == ("ghcr.io", "anna", str(GHCR))


def test_what_is_pulled_as_32_bit():
    """A 32-bit image can be pulled, and says what it is."""
    narrow = Platform("linux", "386")
    assert told(telling().fine("ok", narrow, 1)) == ("ok", "It is a 32-bit image.", "")
    public = telling(user="").fine("public", narrow, 1)
    assert public.reason == "Anyone can pull it; it needs no secret. It is a 32-bit image."
    assert plain(telling().fine("ok", narrow, 2_000_000).told) == (
        "can be pulled: linux/386, 2 MB. It is a 32-bit image."
    )


def test_what_is_not_certain():
    """What some nodes take is neither fine nor refused; it says why, and how to make it certain."""
    verdict = telling().not_for_every_node(V3)
    assert (verdict.word, verdict.state, verdict.platform) == ("Not certain", "unknown", "linux/amd64/v3")
    assert "docker buildx build --platform linux/amd64" in NOTEBOOK.say(verdict.fix)


@pytest.mark.parametrize(
    ("user", "how", "more"),
    [
        ("anna", "public", " The login was tried: accepted."),
        ("anna", "public, not tried", " No login was needed or tried."),
        ("", "public", ""),
        ("", "public, not tried", ""),
    ],
)
def test_what_anyone_can_pull(user, how, more):
    """A public image says that it needs no secret, and whether the login was tried."""
    verdict = telling(user=user).fine(how, AMD64, None)
    assert told(verdict) == ("public", f"Anyone can pull it; it needs no secret.{more}", "")
    assert (verdict.platform, verdict.size, verdict.username) == ("linux/amd64", None, user)


def test_a_login_alone():
    """Without an image it is said that no right to pull was checked, or that nobody asked for the login."""
    assert told(alone().accepted()) == ("ok", "What it may pull was not checked: no image was given.", "")
    assert told(alone().asks_nobody()) == (
        "public",
        "ghcr.io asks for no login, so yours was not tried.",
        "",
    )
    assert alone().accepted().image == ""


def test_a_login_that_is_refused():
    """It names registry, user and code, and what this registry wants; of one that nobody knows, less."""
    verdict = telling().bad_credentials(answer(message="denied"))
    assert told(verdict) == (
        "bad-credentials",
        "ghcr.io does not accept user anna (401 UNAUTHORIZED).",
        "GitHub needs the account name and a classic token with read:packages.",
    )
    assert (verdict.said, verdict.code) == ("denied", "401 UNAUTHORIZED")
    unknown = telling(OWN).bad_credentials(answer(403, "DENIED"))
    assert unknown.reason == "reg.example.com:5000 does not accept user anna (403 DENIED)."
    assert unknown.fix == "Check user name and token."


@pytest.mark.parametrize(
    ("image", "status", "doubt"),
    [
        (GHCR, 403, " The token may have expired or been revoked. GitHub then refuses public images, too."),
        (GHCR, 401, ""),
        (OWN, 403, ""),
        (ImageReference.parse("quay.io/acme/churn:1.4"), 403, ""),
    ],
)
def test_a_token_of_github_that_was_good_once(image, status, doubt):
    """GitHub forbids it, also for a public image, and the reason says so; that of nobody else does."""
    reason = telling(image).bad_credentials(answer(status, "DENIED")).reason
    assert reason == f"{image.registry} does not accept user anna ({status} DENIED).{doubt}"


def test_a_user_that_cannot_be_seen():
    """What is unseen in a user's name is written out."""
    verdict = telling(user="anna\u200b\u202e").bad_credentials(answer())
    assert "user anna\\u200b\\u202e (" in verdict.reason


def test_where_a_login_is_needed():
    """Without a login it says that nobody gets it."""
    assert told(telling(user="").needs_login(answer())) == (
        "needs-login",
        "ghcr.io requires a login for it (401 UNAUTHORIZED).",
        "",
    )


RIGHTS = "Check the spelling, and ask for the right to read it."


@pytest.mark.parametrize(
    ("image", "user", "accepted", "start", "fix"),
    [
        (GHCR, "anna", True, "The login works, but may not", "The token needs read:packages"),
        (OWN, "anna", True, "The login works, but may not", RIGHTS),
        (OWN, "anna", False, "The login is not accepted here, or may not", RIGHTS),
        (GHCR, "anna", False, "The login is not accepted here, or may not", "The token needs read:packages"),
        (GHCR, "", True, "Without a login you may not", RIGHTS),
        (OWN, "", False, "Without a login you may not", RIGHTS),
    ],
)
def test_no_access(image, user, accepted, start, fix):
    """No right and no repository look alike, and that is said; what gives the right, where it is known."""
    verdict = telling(image, user).no_access(answer(403, "DENIED", "not yours"), accepted=accepted)
    assert (verdict.outcome, verdict.code, verdict.said) == (
        "no-access-or-missing",
        "403 DENIED",
        "not yours",
    )
    assert verdict.reason == (
        f"{start} pull this repository, or it does not exist (403 DENIED). The registry does not say which."
    )
    assert NOTEBOOK.say(verdict.fix).startswith(fix)


@pytest.mark.parametrize(
    ("image", "there", "outcome", "reason"),
    [
        ("ghcr.io/a/b:1", True, "tag-missing", "The repository is there, tag 1 is not (404 X)."),
        ("ghcr.io/a/b:1", None, "tag-missing", "The repository may be there, tag 1 is not (404 X)."),
        ("ghcr.io/a/b", True, "tag-missing", "The repository is there, tag latest is not (404 X)."),
        (f"ghcr.io/a/b@{DIGEST}", True, "tag-missing", "digest sha256:aaaaaaaaaaaa… is not (404 X)."),
        (f"ghcr.io/a/b:1@{DIGEST}", True, "tag-missing", "digest sha256:aaaaaaaaaaaa… is not (404 X)."),
        ("ghcr.io/a/b:1", False, "repo-missing", "ghcr.io has no repository a/b (404 X)."),
    ],
)
def test_what_is_missing(image, there, outcome, reason):
    """It is said which is missing, tag, digest or repository, and how sure that is."""
    verdict = telling(ImageReference.parse(image)).missing(answer(404, "X"), there=there)
    assert verdict.outcome == outcome
    assert verdict.reason.endswith(reason)
    assert verdict.fix == (
        "Push it, or use another." if "tag" in outcome else "Check the spelling, or push it first."
    )


MANY = tuple(f"linux/{letter}" for letter in "abcdefgh")
SIX = "linux/a, linux/b, linux/c, linux/d, linux/e, linux/f"


@pytest.mark.parametrize(
    ("platforms", "words"),
    [
        (("linux/arm64",), "linux/arm64"),
        (("linux/arm64", "windows/amd64"), "linux/arm64, windows/amd64"),
        (MANY[:6], SIX),
        (MANY[:7], f"{SIX}, 1 more"),
        (MANY, f"{SIX}, 2 more"),
        (MANY * 9000, f"{SIX}, 71994 more"),
    ],
)
def test_another_platform(platforms, words):
    """It is said what it is built for, six at most, and the line that mends it can be copied."""
    verdict = telling().wrong_platform(platforms)
    assert told(verdict) == (
        "wrong-platform",
        f"Built for {words}; AI Core runs linux/amd64.",
        "docker buildx build --platform linux/amd64 -t ghcr.io/acme/churn:1.4 --push .",
    )
    assert verdict.platform == words


@pytest.mark.parametrize(
    ("image", "pushed"),
    [
        (f"ghcr.io/acme/churn:1.4@{DIGEST}", "ghcr.io/acme/churn:1.4"),
        (f"ghcr.io/acme/churn@{DIGEST}", "ghcr.io/acme/churn:latest"),
        ("ghcr.io/acme/churn", "ghcr.io/acme/churn:latest"),
        ("acme/churn:2", "docker.io/acme/churn:2"),
    ],
)
def test_the_line_that_mends_a_platform_names_a_tag(image, pushed):
    """An image by digest cannot be pushed to under that name: the line to copy has a tag, and no digest."""
    verdict = telling(ImageReference.parse(image)).wrong_platform(("linux/arm64",))
    assert verdict.fix == f"docker buildx build --platform linux/amd64 -t {pushed} --push ."


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (page(), "reg.example.com:5000 is a web page."),
        (answer(200), "reg.example.com:5000 is not a registry."),
        (
            answer(302, location="https://login.example/x?y"),
            "reg.example.com:5000 answers with a redirect to login.example.",
        ),
        (
            answer(302, location="https://[x"),
            "reg.example.com:5000 answers with a redirect to another address.",
        ),
    ],
)
def test_something_else(what, reason):
    """What is no registry is named as what it is."""
    verdict = telling(OWN).not_a_registry(what)
    assert told(verdict) == ("not-a-registry", reason, "Use the host that the images' names begin with.")


@pytest.mark.parametrize("what", [page(), answer(200), answer(302, location="https://login.example/x")])
@pytest.mark.parametrize("host", ["ghcr.io", "docker.io", "quay.io"])
def test_something_else_where_a_registry_is_known_to_be(what, host):
    """What is known to be a registry is not called anything else: something stands between."""
    verdict = alone(host).not_a_registry(what)
    assert (verdict.outcome, verdict.reason.endswith("Nothing was checked.")) == ("unclear", True)


@pytest.mark.parametrize(
    ("retry_after", "words"),
    [
        ("41", "for 41 s"),
        ("2420", "for 41 min"),
        ("", "for a while"),
        ("soon", "for a while"),
        ("0", "for a while"),
        ("86399", "for 1440 min"),
        ("86400", "for a while"),
        ("999999999", "for a while"),
        ("Thu, 01 Jan 2099 00:00:00 GMT", "for a while"),
    ],
)
def test_a_limit(retry_after, words):
    """A limit says for how long, if the registry does, and that the login was not judged."""
    verdict = telling().limited(answer(429, "TOOMANYREQUESTS", "slow down", retry_after=retry_after))
    assert told(verdict) == (
        "rate-limited",
        f"ghcr.io allows no more requests {words}. The login was not checked.",
        "",
    )
    assert verdict.said == "slow down"


def test_another_host():
    """It is said that nothing was sent, and which option would send it; without a host there is none."""
    assert told(telling().elsewhere("ghcr.io wants the login sent to auth.example", "auth.example")) == (
        "other-realm",
        "ghcr.io wants the login sent to auth.example. It was not sent.",
        "--realm auth.example  if that host belongs to the registry.",
    )
    assert telling().elsewhere("ghcr.io wants the login sent to x", "").fix == ""


@pytest.mark.parametrize(
    "tells", [lambda tell, said: tell.asked_elsewhere(said), lambda tell, said: tell.sent_on(said)]
)
@pytest.mark.parametrize("host", ["ghcr.io", "registry-1.docker.io", "reg.example.com:5000"])
def test_there_and_back(tells, host):
    """Where the way ends at the registry itself, it is not called another host, nor is one to be named."""
    image = {"ghcr.io": GHCR, "reg.example.com:5000": OWN}.get(host, ImageReference.parse("acme/churn:1"))
    verdict = tells(telling(image), Forwarded(401, {}, b"", host))
    assert (verdict.outcome, verdict.fix) == ("unclear", ""), verdict
    assert "redirects to another host and back, where the login was not sent again." in verdict.reason


@pytest.mark.parametrize(
    "image", [GHCR, ImageReference.parse(f"ghcr.io/acme/churn@{DIGEST}")], ids=["tag", "digest"]
)
def test_a_page_that_finds_nothing(image):
    """A gateway's page tells nothing of the repository, but nobody gets the image so."""
    verdict = telling(image).missing(page(404), there=None)
    what = "digest sha256:aaaaaaaaaaaa…" if image.digest else "tag 1.4"
    unknown = "It is not known whether it is there; it cannot be pulled this way."
    assert verdict.outcome == "tag-missing"
    assert verdict.reason == f"ghcr.io answers with a web page (404) to {what}. {unknown}"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        (answer(503, "UNAVAILABLE"), "ghcr.io answers 503 UNAVAILABLE."),
        (Response(500, {}, b"", "ghcr.io"), "ghcr.io answers 500."),
        (page(502), "ghcr.io answers with a web page (502)."),
        (
            answer(307, location="https://cdn.example/x"),
            "ghcr.io answers with a redirect to cdn.example (307).",
        ),
    ],
)
def test_an_answer_that_says_nothing(what, reason):
    """An answer that judges neither login nor image is no verdict on them; what it was is told."""
    verdict = telling().unclear(what)
    assert told(verdict) == ("unclear", f"{reason} Nothing was checked.", "")
    assert verdict.code.startswith(str(what.status))


def test_what_is_left_out():
    """What a registry leaves out, or gets wrong, is named, and judges nothing."""
    verdict = telling().untold("sends no token for the login")
    assert told(verdict) == ("unclear", "ghcr.io sends no token for the login. Nothing was checked.", "")


def for_good():
    error = Unreachable("ghcr.io cannot be reached over TLS")
    error.again = False
    return error


VPN = "AI Core cannot pull from behind a VPN."


@pytest.mark.parametrize(
    ("error", "outcome", "reason", "fix"),
    [
        (
            CertificateNotTrusted("this machine does not trust the certificate of cdn.example", next="h"),
            "tls",
            "This machine does not trust the certificate of cdn.example.",
            "--ca-file FILE  with your company's CA.",
        ),
        (
            Unreachable("ghcr.io does not accept the connection", next="h"),
            "unreachable",
            f"ghcr.io does not accept the connection. {VPN}",
            "",
        ),
        (for_good(), "unreachable", "ghcr.io cannot be reached over TLS.", ""),
        (
            ResponseLost("no answer arrived from ghcr.io"),
            "unreachable",
            "No answer arrived from ghcr.io.",
            "",
        ),
    ],
)
def test_no_connection(error, outcome, reason, fix):
    """No connection, no answer and no trust each say so; of a VPN only where another try may fare better."""
    verdict = telling().lost(error, on_this_machine=False)
    assert told(verdict) == (outcome, reason, fix)
    assert "VPN" not in telling().lost(error, on_this_machine=True).reason


def test_sentences_begin_like_sentences():
    """Each reason is made of sentences: a capital or a name first, a full stop last."""
    tell = telling()
    verdicts = [
        tell.fine("public", AMD64, 1),
        tell.bad_credentials(answer()),
        tell.needs_login(answer()),
        tell.no_access(answer()),
        tell.missing(answer(404), there=True),
        tell.missing(answer(404), there=False),
        tell.wrong_platform(("linux/arm64",)),
        tell.not_for_every_node(V3),
        tell.not_for_every_node(Platform("linux", "amd64", features=True)),
        tell.behind_another(AMD64),
        *(tell.mistyped(Mistyped(by, "a/b"), AMD64) for by in ("registry", "index", "manifest")),
        tell.incomplete(answer(404, "BLOB_UNKNOWN"), "its config", DIGEST),
        tell.incomplete(answer(404, "X"), "its config", DIGEST),
        tell.too_much_inside("more than 16 entries that may fit"),
        tell.by_another_host(FAR, AMD64),
        tell.asked_elsewhere(FAR),
        telling(user="").asked_elsewhere(FAR),
        tell.fine("any login", AMD64, 1, unnamed=True),
        tell.fine("public, any login", AMD64, 1),
        telling(user="robot$team+pull").fine("public", AMD64, 1),
        telling(user="robot$team+pull").no_access(answer()),
        tell.unclear(Astray(307, {}, b"", "ghcr.io", why="redirects in a circle")),
        alone().sent_on(FAR),
        alone().accepted(judged=False),
        tell.not_a_registry(page()),
        telling(OWN).not_a_registry(answer(200)),
        tell.limited(answer(429)),
        tell.elsewhere("ghcr.io wants the login sent to x", "x"),
        tell.unclear(answer(500)),
        tell.untold("sends no token for the login"),
        tell.lost(
            Unreachable("ghcr.io does not accept the connection. Nothing was sent."), on_this_machine=False
        ),
        tell.lost(ResponseLost("no answer arrived from ghcr.io"), on_this_machine=False),
        alone().accepted(),
        alone().asks_nobody(),
    ]
    wrong = [
        v.reason for v in verdicts if not re.fullmatch(r"(?:[A-Z]|ghcr\.io |reg\.).*[a-zN)46]\.", v.reason)
    ]
    assert not wrong


@pytest.mark.parametrize("field", ["message", "detail"])
def test_the_registry_is_quoted_on_one_line(field):
    """What a registry says is cut to a line, and moves nothing on the screen."""
    said = "\x1b[31mno\r\n\u202eaccess " + "x" * 500
    body = json.dumps({"errors": [{"code": "DENIED", field: said}]}).encode()
    verdict = telling().no_access(Response(403, {}, body, "ghcr.io"))
    assert verdict.said.startswith("\\x1b[31mno \\u202eaccess xxx")
    assert len(verdict.said) == 160


def forms(password):
    """The password in each form in which a registry may give it back."""
    pair = f"anna:{password}".encode()
    return [
        password,
        json.dumps(password)[1:-1],
        json.dumps(password, ensure_ascii=False)[1:-1],
        quote(password, safe=""),
        quote(password),
        html.escape(password),
        repr(password)[1:-1],
        base64.b64encode(password.encode()).decode(),
        base64.b64encode(pair).decode(),
        base64.b64encode(pair).decode().rstrip("="),
        base64.urlsafe_b64encode(pair).decode(),
    ]


METHODS = {
    "bad_credentials": lambda tell, said: tell.bad_credentials(said),
    "needs_login": lambda tell, said: tell.needs_login(said),
    "no_access": lambda tell, said: tell.no_access(said),
    "tag missing": lambda tell, said: tell.missing(said, there=True),
    "repository missing": lambda tell, said: tell.missing(said, there=False),
    "limited": lambda tell, said: tell.limited(said),
    "asked_elsewhere": lambda tell, said: tell.asked_elsewhere(said),
    "unclear": lambda tell, said: tell.unclear(said),
    "not_a_registry": lambda tell, said: tell.not_a_registry(said),
    "incomplete": lambda tell, said: tell.incomplete(said, "its config", DIGEST),
}


@pytest.mark.parametrize("tells", METHODS.values(), ids=METHODS)
@pytest.mark.parametrize("number", range(11))
def test_no_secret_is_quoted(tells, number, canary):
    """A password that a registry gives back, in whatever encoding, is masked, and so is its token."""
    tell = telling(password=canary)
    tell.hide(Secret("bench.token.0123456789"))
    said = f"user said {forms(canary)[number]} and bench.token.0123456789."
    for what in (
        answer(401, "DENIED", said),
        answer(401, said),
        Response(401, {"content-type": "text/plain"}, said.encode(), "ghcr.io"),
    ):
        verdict = tells(tell, what)
        shown = repr(verdict) + plain(verdict.told) + str(verdict.lines())
        assert not [form for form in forms(canary) if form in shown]
        assert "bench.token" not in shown


CAPITALS = "HUNTER_TWO"  # a password that fits where a code stands
CODED = answer(403, CAPITALS)


@pytest.mark.parametrize(
    "verdict",
    [
        *(tells(telling(password=CAPITALS), CODED) for tells in METHODS.values()),
        telling(OWN, password=CAPITALS).not_a_registry(answer(302, location=f"https://{CAPITALS}.example/")),
        telling(OWN, password="hunter.two").not_a_registry(answer(302, location="https://hunter.two/")),
        telling(password=CAPITALS).wrong_platform((f"linux/{CAPITALS}",)),
        telling(password=CAPITALS).not_for_every_node(
            Platform.parse({"os": "linux", "architecture": "amd64", "variant": CAPITALS})
        ),
        telling(password=CAPITALS).wrong_platform(
            (str(Platform.parse({"os": CAPITALS, "architecture": CAPITALS})),)
        ),
        telling(password=CAPITALS).unsupported(f"ghcr.io wants {CAPITALS}."),
        telling(password="hunter-two").elsewhere(
            "ghcr.io wants the login sent to hunter-two.example", "hunter-two.example"
        ),
    ],
    ids=lambda verdict: verdict.outcome,
)
def test_no_part_of_a_verdict_holds_a_secret(verdict):
    """Code, platform, address: wherever a registry can put a password, it is masked."""
    assert not re.search(r"(?i)hunter[._-]two", repr(verdict) + plain(verdict.told) + str(verdict.lines()))


def test_words_beside_a_secret_stay():
    """Only the secret is masked, not what was said about it."""
    verdict = telling(password="hunter2-hunter2").bad_credentials(answer(message="hunter2-hunter2 is wrong"))
    assert verdict.said == "*** is wrong"


def test_a_code_that_is_none():
    """Only what looks like a code is quoted as one."""
    for code in ("x" * 41, "lower", "A B", "A\n", 5, None, ["A"]):
        verdict = telling().needs_login(answer(401, code))
        assert (verdict.code, verdict.reason.endswith("(401).")) == ("401", True)


REFUSALS = {
    "bad credentials": lambda tell: tell.bad_credentials(answer(message="authentication required")),
    "no access": lambda tell: tell.no_access(answer(403, "DENIED", "requested access is denied")),
    "no access, perhaps": lambda tell: tell.no_access(answer(403, "DENIED", "x" * 160), accepted=False),
    "needs login": lambda tell: tell.needs_login(answer(message="authentication required")),
    "tag missing": lambda tell: tell.missing(answer(404, "MANIFEST_UNKNOWN", "manifest unknown"), there=True),
    "tag missing, perhaps": lambda tell: tell.missing(answer(404, "MANIFEST_UNKNOWN"), there=None),
    "repository missing": lambda tell: tell.missing(answer(404, "NAME_UNKNOWN"), there=False),
    "platform": lambda tell: tell.wrong_platform(("linux/arm64",)),
    "unsupported": lambda tell: tell.unsupported("This is not a container image, but something else."),
}


@pytest.mark.parametrize("tells", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize("image", ["ghcr.io/acme/churn:1.4", "acme/churn:1.4"])
def test_an_error_is_two_short_lines(tells, image):
    """With ordinary names an error is two lines of at most 100 columns: what happened, and what next."""
    error = refusal((tells(telling(ImageReference.parse(image))),))
    lines = (f"{type(error).__name__}: {error.message}", f"Next: {error.hint}")
    assert "Nothing was stored." in lines[0]
    assert [line for line in lines if len(line) > COLUMNS] == []


def test_an_error_about_what_is_no_registry_is_two_short_lines():
    """So it is where there is no registry at all."""
    error = refusal((telling(ImageReference.parse("reg.example.com/acme/churn:1.4")).not_a_registry(page()),))
    lines = (f"{type(error).__name__}: {error.message}", f"Next: {error.hint}")
    assert [line for line in lines if len(line) > COLUMNS] == []
