"""Issuers are asked over a real connection, for five seconds, and whatever fails is not known."""

from __future__ import annotations

import json
import logging
import ssl
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import chain

import pytest
import trustme

from aicore_magics.base.progress import Watch
from aicore_magics.errors import Stopped
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.transport import Transport
from aicore_magics.model.expiry import NOT_KNOWN, Expiry
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.registry import expiry_lookup
from aicore_magics.registry.checks import CheckPlan, Checks
from aicore_magics.registry.expiry_lookup import LARGEST, LOOKUP_LIMIT, Lookups
from aicore_magics.registry.issuers import HOSTS
from aicore_magics.sandbox import start
from aicore_magics.sandbox.registry_passwords import SHAPES
from tests.peers import Peer, answer_by, drip, hear_and_reset, hear_for_ever, over_tls, pour, say_and_leave
from tests.real.fake_registry import BASIC, FakeRegistry
from tests.registry.tokens_of_issuers import jwt, login
from tests.waiting import PATIENCE

GITHUB, GITLAB, GOOGLE = HOSTS
USERS = {"GitHub": "anna", "GitLab": "anna", "Google": "oauth2accesstoken"}
REGISTRIES = {"GitHub": "ghcr.io", "GitLab": "registry.gitlab.com", "Google": "europe-west3-docker.pkg.dev"}
STARTS = {"GitHub": "ghp_", "GitLab": "glpat-", "Google": "ya29."}
GOOD = {
    "GitHub": (
        b'{"rate": {"limit": 5000}}',
        b"GitHub-Authentication-Token-Expiration: 2099-10-07 19:07:53 UTC",
    ),
    "GitLab": (b'{"expires_at": "2099-10-07", "created_at": "2026-10-07T01:00:00.000Z"}', b""),
    "Google": (b'{"expires_in": "2700"}', b""),
}
WHO = dict(zip(GOOD, HOSTS, strict=True))
each_issuer = pytest.mark.parametrize("who", WHO)


def said(status=200, body=b"{}", *headers, reason=b"OK"):
    lines = [b"HTTP/1.1 %d %s" % (status, reason), b"Content-Length: %d" % len(body), *filter(None, headers)]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def good(who):
    body, header = GOOD[who]
    return said(200, body, header)


def here(issuer, peer, scheme="http"):
    """*issuer*, as if it were the one who listens here."""
    return replace(issuer, url=issuer.url.replace(f"https://{issuer.host}", f"{scheme}://{peer.address}"))


def planned(who, peer, token, **more):
    issuers = (here(WHO[who], peer, more.pop("scheme", "http")),)
    one = login(USERS[who], STARTS[who] + token, REGISTRIES[who])
    return CheckPlan((one,), **{"expiry_lookup": True, "issuers": issuers, **more})


def looked_up(plan, seconds=PATIENCE):
    """What came of the one login of *plan*."""
    transport = Transport(ca_file=plan.ca_file)
    try:
        found = Lookups(plan, transport, Deadline(seconds)).expiries()
    finally:
        transport.close()
    assert list(found) == [plan.logins[0].key]
    return found[plan.logins[0].key]


@pytest.fixture
def token():
    """As much of a canary as a header can carry: characters that a form and a JSON text change."""
    return "".join(["p!$%&", chr(0x22), "\\+/=w{x}'<y>~"])


@pytest.fixture
def told():
    """What a watch was told, in its order."""
    return []


@each_issuer
def test_what_an_issuer_says(who, token, told, listen, caplog):
    """The answer gives the end and how it is known; the token is in one header or body, and nowhere else."""
    caplog.set_level(logging.DEBUG)
    peer = listen(say_and_leave(good(who)))
    plan = planned(who, peer, token, watch=Watch(lambda *step: told.append(step)))
    found = looked_up(plan)
    assert found.known
    assert found.how == ("header" if who == "GitHub" else "service")
    assert found.state(datetime.now(UTC)) == "valid" or who == "Google"
    (request,) = peer.requests
    head, _, body = request.partition(b"\r\n\r\n")
    line, _, headers = head.partition(b"\r\n")
    whole = (STARTS[who] + token).encode()
    assert whole not in line
    if who == "Google":
        assert line.startswith(b"POST /tokeninfo HTTP")
        assert b"authorization" not in headers.lower()
        assert body.startswith(b"access_token=ya29.")
    else:
        assert line.startswith(b"GET ")
        assert headers.count(b"Bearer " + whole) == request.count(whole) == 1
    host = peer.address
    assert [step[:2] for step in told] == [(host, "running"), (host, "done")]
    assert told[0][2] == "asking"
    assert told[1][2].startswith("ends on ")
    shown = (repr(plan), repr(found), str(told), caplog.text)
    assert not [text for text in shown if token in text]


def test_without_an_end(token, told, listen):
    """A token of GitHub without the header, or of GitLab without a date, does not end."""
    for who, body in (("GitHub", b'{"rate": {"limit": 5000}}'), ("GitLab", b'{"expires_at": null}')):
        peer = listen(say_and_leave(said(200, body)))
        plan = planned(who, peer, token, watch=Watch(lambda *step: told.append(step)))
        assert looked_up(plan).endless
        assert told[-1][1:] == ("done", "does not end")


HOSTILE = {
    "HTML": said(200, b"<!doctype html><title>Sign in</title>", b"Content-Type: text/html"),
    "no JSON": said(200, b"{"),
    "another JSON": said(200, b'[{"expires_at": "2099-01-01", "expires_in": 5}]'),
    "empty": said(200, b""),
    "no content": said(204, b""),
    "not HTTP": b"SSH-2.0-OpenSSH_9.9\r\n",
    "cut": good("GitHub")[:-4],
    "compressed": said(200, b"\x1f\x8b\x08\x00", b"Content-Encoding: gzip"),
    "the header twice": said(
        200, b'{"rate": {"limit": 5000}}', *2 * [GOOD["GitHub"][1]]
    ),
    "many headers": said(200, b"{}", *(b"X-%d: y" % each for each in range(300))),
    "a long header": said(200, b"{}", b"X: " + 200_000 * b"y"),
    "year 1": said(
        200,
        b'{"rate": {"limit": 5000}, "expires_at": "0001-01-01", "expires_in": "-63900000000"}',
        b"GitHub-Authentication-Token-Expiration: 0001-01-01 00:00:00 UTC",
    ),
    "year 9999": said(
        200,
        b'{"rate": {"limit": 5000}, "expires_at": "9999-12-31", "expires_in": "251600000000"}',
        b"GitHub-Authentication-Token-Expiration: 9999-12-31 23:59:59 -1200",
    ),
    **{str(status): said(status, GOOD["GitLab"][0]) for status in (201, 400, 401, 403, 404, 429, 500, 503)},
}  # fmt: skip


@pytest.mark.enumerates
@each_issuer
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_answers(who, what, token, told, listen):
    """Any other answer is not known, and says so; what the login shows itself is still there."""
    peer = listen(say_and_leave(HOSTILE[what]))
    found = looked_up(planned(who, peer, token, watch=Watch(lambda *step: told.append(step))))
    assert found.how == ("user name" if who == "Google" else "unknown")
    assert told[-1][1:] == ("hint", "end not known")


@each_issuer
def test_a_redirect(who, token, listen):
    """Nothing is asked where an answer sends it on to."""
    other = listen(say_and_leave(good(who)))
    peer = listen(say_and_leave(said(302, b"", b"Location: " + other.url.encode(), reason=b"Found")))
    assert looked_up(planned(who, peer, token)).how in ("user name", "unknown")
    assert (len(peer.requests), other.accepted) == (1, 0)


@each_issuer
def test_a_huge_answer(who, token, listen):
    """Of an answer without end 64 KiB are read, and no end comes of it."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n" + GOOD[who][0][:-1]
    peer = listen(pour(head, b', "x": "y"' * 100))
    assert looked_up(planned(who, peer, token)).how != "service"
    peer.stop()
    assert peer.poured < 100 * LARGEST


def test_a_slow_answer(token, clock, listen):
    """An answer that drips is given five seconds in all, and none of the check's."""

    def tick():
        clock.now += 0.4

    body = json.dumps({"expires_at": "2099-10-07", "more": 100 * "x"}).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
    peer = listen(drip(head, b"{", pieces=1000, tick=tick))
    begun = clock.now
    assert looked_up(planned("GitLab", peer, token), seconds=30.0) == NOT_KNOWN
    assert LOOKUP_LIMIT == 5.0
    assert clock.now - begun < 30


@each_issuer
@pytest.mark.parametrize("part", [hear_for_ever, hear_and_reset], ids=["silent", "leaves"])
def test_no_answer(who, part, token, listen, monkeypatch):
    """Whoever says nothing is waited for as long as a lookup may take, and not as long as a check may."""
    monkeypatch.setattr(expiry_lookup, "LOOKUP_LIMIT", 0.2)
    peer = listen(part)
    assert looked_up(planned(who, peer, token), seconds=PATIENCE).how in ("user name", "unknown")


def test_little_time(token, listen):
    """Of a call that has less than ten seconds, a lookup takes half at most: the rest is for the write."""
    peer = listen(hear_for_ever)
    assert looked_up(planned("GitHub", peer, token, seconds=0.2), seconds=PATIENCE) == NOT_KNOWN


def test_nobody_there(token):
    """A host that takes no connection is not known."""
    peer = Peer()
    peer.stop()
    assert looked_up(planned("GitHub", peer, token)) == NOT_KNOWN


def test_a_token_that_no_header_can_carry(token, listen):
    """Such a token is not sent, and that is no error."""
    peer = listen(say_and_leave(good("GitHub")))
    assert looked_up(planned("GitHub", peer, token + "\u20ac")) == NOT_KNOWN
    assert peer.requests == []


@pytest.mark.parametrize("trusted", [True, False])
def test_tls(trusted, token, listen, tmp_path, monkeypatch):
    """Over TLS an issuer is believed whose certificate the check's CA file vouches for, and no other."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    authority, other = trustme.CA(), trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    file = tmp_path / "ca.pem"
    (authority if trusted else other).cert_pem.write_to_path(str(file))
    peer = listen(over_tls(context, say_and_leave(good("GitLab"))))
    found = looked_up(planned("GitLab", peer, token, scheme="https", ca_file=str(file)))
    assert found.known is trusted
    assert len(peer.requests) == trusted


def test_who_is_not_asked(token, listen):
    """Nobody is asked unless that is wanted, for a token that tells itself, or from the sandbox."""
    peer = listen(say_and_leave(good("GitHub")))
    plan = planned("GitHub", peer, token)
    assert looked_up(replace(plan, expiry_lookup=False)) == NOT_KNOWN
    own = replace(plan, logins=(login("anna", jwt("ghp_", exp=1_900_000_000)),))
    assert looked_up(own).how == "token"
    # The sandbox knows only what listens on this machine.
    assert looked_up(replace(plan, only_here=True, issuers=HOSTS), seconds=1) == NOT_KNOWN
    assert peer.accepted == 0
    assert looked_up(replace(plan, only_here=True)).known
    assert CheckPlan(()).issuers is HOSTS
    assert CheckPlan(()).expiry_lookup is False


@pytest.mark.parametrize(
    ("registry", "only_here", "asked"),
    [
        ("registry.example.com", False, True),
        ("reg.example.com:5050", False, True),
        ("registry.example.com", True, False),
        ("registry.partner.example", False, False),
        ("127.0.0.1:5000", False, False),
        ("localhost:5000", True, False),
    ],
)
def test_whose_realm_is_asked(registry, only_here, asked, told):
    """A GitLab is asked at the host beside it that was named; not for a stranger, or for what runs here."""
    plan = CheckPlan(
        (login("anna", "glpat-" + 10 * "x7", registry),),
        realms=("reg.example.com",),
        only_here=only_here,
        expiry_lookup=True,
        watch=Watch(lambda *step: told.append(step)),
    )
    # Without any time left nothing is sent.
    assert looked_up(plan, seconds=0) == NOT_KNOWN
    steps = [("running", "asking"), ("hint", "end not known")] if asked else []
    assert told == [("reg.example.com", *step) for step in steps]


def test_stopped(token, listen):
    """A check that is stopped does not wait for an issuer."""
    peer, watch = listen(hear_for_ever), Watch()
    transport = Transport()
    lookups = Lookups(planned("GitHub", peer, token, watch=watch), transport, Deadline(PATIENCE))
    watch.stop()
    with pytest.raises(Stopped):
        lookups.expiries()
    transport.close()


def test_side_by_side(listen):
    """Several logins are asked about at the same time: nobody is answered before all have asked."""
    met = threading.Barrier(3)

    def meet(_request):
        met.wait(PATIENCE)
        return said(200, b'{"expires_at": "2099-10-07"}')

    peer = listen(answer_by(meet), at_once=True)
    issuer = replace(here(GITLAB, peer), registries=("*.acme.example",))
    logins = tuple(login("anna", "glpat-" + 10 * "x7", f"r{each}.acme.example") for each in range(3))
    plan = CheckPlan(logins, expiry_lookup=True, issuers=(issuer,))
    transport = Transport()
    found = Lookups(plan, transport, Deadline(PATIENCE)).expiries()
    transport.close()
    assert [each.known for each in found.values()] == [True] * 3


# Beside a check


@pytest.mark.parametrize(
    "part", [say_and_leave(said(500)), say_and_leave(good("GitLab"))], ids=["fails", "tells"]
)
def test_beside_a_check(part, told, listen):
    """What an issuer says changes no verdict, and is told as a step of the check."""
    peer = listen(part)
    with FakeRegistry(challenge=BASIC) as registry:
        issuer = replace(here(GITLAB, peer), registries=("127.0.0.1:*",), token="", user="anna")
        one = login("anna", "hunter2", registry.address)
        watch = Watch(lambda *step: told.append(step))
        with Checks(CheckPlan((one,), expiry_lookup=True, issuers=(issuer,), watch=watch)) as checks:
            (verdict,) = checks.verdicts()
            found = checks.expiries()[one.key]
    assert verdict.outcome == "ok"
    steps = [(state, word) for step, state, word in told if step == peer.address]
    assert steps[0] == ("running", "asking")
    assert len(steps) == 2
    assert found.known == (steps[1][0] == "done")


def test_all_logins():
    """Every login of a check has its expiry, also those that are asked for no image, and without a lookup."""
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    logins = (login("anna", jwt(exp=int(soon.timestamp()))), login("anna", "hunter2", "quay.io"))
    with Checks(CheckPlan(logins, only_here=True)) as checks:
        found = checks.expiries()
    assert list(chain(found.values())) == [Expiry(soon, how="token"), NOT_KNOWN]


@pytest.mark.parametrize("life", [timedelta(days=40), None], ids=["40 days", "its own life"])
@pytest.mark.parametrize("shape", SHAPES)
def test_every_kind_of_the_sandbox(shape, life):
    """Source by source: what a registry gave out is told as it was given out, or not at all."""
    user = {"google": "oauth2accesstoken", "ecr": "AWS", "harbor": "robot$team+pull"}.get(shape, "anna")
    how = {"jwt": "token", "ecr": "token", "google": "service", "github": "header", "gitlab": "service"}
    with start() as sandbox:
        host, made = sandbox.registry.host, sandbox.registry.make_login(user, shape=shape, life=life)
        issuers = tuple(
            replace(
                each, url=each.url.replace(f"https://{each.host}", f"http://{host}"), registries=("*.*.*.*",)
            )
            for each in HOSTS
        )
        one = login(user, made.password, host)
        with Checks(CheckPlan((one,), only_here=True, expiry_lookup=True, issuers=issuers)) as checks:
            assert [verdict.outcome for verdict in checks.verdicts()] == ["ok"]
            found = checks.expiries()[one.key]
    assert found.how == how.get(shape, "unknown")
    assert found.endless == (made.ends is None and shape in ("github", "gitlab"))
    if found.ends:
        assert abs(found.ends - made.ends) < timedelta(minutes=2)
    else:
        assert made.ends is None or shape in ("opaque", "harbor")


EXPIRED = jwt(exp=1_600_000_000)
WORDS = "The token itself says that it expired (13 Sep 2020, "


def test_an_expired_token_that_is_accepted():
    """A token that says it has expired, and a registry that takes it: both are told."""
    with FakeRegistry(challenge=BASIC) as registry:
        one = login("anna", EXPIRED, registry.address)
        with Checks(CheckPlan((one,))) as checks:
            verdicts = checks.verdicts()
            (caution, *_) = checks.cautions(verdicts)
            assert checks.expiries()[one.key].state(datetime.now(UTC)) == "expired"
    assert [verdict.outcome for verdict in verdicts] == ["ok"]
    assert caution.startswith(f"{registry.address} accepts user anna. {WORDS}")


@pytest.mark.parametrize("image", ["team/churn:1", ""])
def test_an_expired_token_that_is_refused(image, listen):
    """The refusal of a token that says it has expired tells that beside the registry's own code."""
    asks = said(401, b"{}", b'WWW-Authenticate: Basic realm="r"', reason=b"Unauthorized")
    peer = listen(answer_by(lambda _request: asks), at_once=True)
    one = login("anna", EXPIRED, peer.address)
    images = (ImageReference.parse(f"{peer.address}/{image}"),) if image else ()
    with Checks(CheckPlan((one,), images)) as checks:
        (verdict,) = checks.verdicts()
        cautions = checks.cautions((verdict,))
    assert verdict.outcome == "bad-credentials"
    assert WORDS in verdict.reason
    assert "(401)" in verdict.reason
    assert not any(WORDS in each for each in cautions)
