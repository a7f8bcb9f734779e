"""A redirect is followed as far as it may lead; the login stays with the scheme, host and port it is for."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests import Request

from aicore_magics.base.redact import Secret
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Response
from aicore_magics.jupyter.wording import NOTEBOOK
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.registry.redirects import MOST_HOPS, Hop, Origin, next_hop
from aicore_magics.registry.single_check import check_image, check_login
from tests.real.fake_registry import is_stranger
from tests.registry.test_single_check import (
    BASIC,
    CONFIG,
    LOGIN_HEADER,
    MANIFEST,
    OWN,
    asks,
    coded,
    digest_of,
    holds,
    index_of,
    look,
    page,
    said,
)

HERE = "https://reg.example.com"
ELSEWHERE = "https://cdn.example"
START = f"{HERE}/v2/acme/churn/manifests/1.4"


def moved(location, status=307):
    return Response(status, {} if location is None else {"location": location}, b"", "reg.example.com")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/v2/other/manifests/1.4", f"{HERE}/v2/other/manifests/1.4"),
        ("2.0", f"{HERE}/v2/acme/churn/manifests/2.0"),
        ("../../base/manifests/1.4", f"{HERE}/v2/acme/base/manifests/1.4"),
        ("?ns=docker.io", f"{START}?ns=docker.io"),
        ("//cdn.example/x", f"{ELSEWHERE}/x"),
        (f"{ELSEWHERE}/x?signature=a%2Fb%3D&y=1", f"{ELSEWHERE}/x?signature=a%2Fb%3D&y=1"),
        (f" {ELSEWHERE}/x ", f"{ELSEWHERE}/x"),
        (f"{ELSEWHERE}/x#top", f"{ELSEWHERE}/x"),
        (f"{ELSEWHERE}:8443/x", f"{ELSEWHERE}:8443/x"),
        ("https://CDN.Example/x", "https://CDN.Example/x"),
        ("https://cdn.example./x", "https://cdn.example./x"),
        ("https://[2001:db8::1]:5000/x", "https://[2001:db8::1]:5000/x"),
    ],
)
def test_where_it_leads(status, location, url):
    """Each status that moves leads on, to an address that may be relative, without what stands behind a #."""
    assert next_hop(START, moved(location, status)) == Hop(url)


@pytest.mark.parametrize(
    "answer",
    [
        moved(None),
        moved(""),
        moved(" "),
        moved(f"{ELSEWHERE}/x", 300),
        moved(f"{ELSEWHERE}/x", 304),
        moved(f"{ELSEWHERE}/x", 200),
        moved(f"{ELSEWHERE}/x", 401),
        *map(
            moved,
            [
                "ftp://cdn.example/x",
                "file:///etc/passwd",
                "javascript:alert(1)",
                "data:,x",
                f"{ELSEWHERE}/a b",
                f"{ELSEWHERE}/ä",
                "https://cdn.example\\.reg.example.com/x",
                "https://cdn.example/\x00",
                f"{ELSEWHERE}/" + "a" * 8192,
                "https://cdn.example:99999/x",
                "https://cdn.example:port/x",
                "https://[x/",
                "https://[1:2]/",
                "https://%63dn.example/x",
            ],
        ),
    ],
    ids=repr,
)
def test_what_leads_nowhere(answer):
    """What is no redirect, or names no address that can be read in one way only, is an answer and no more."""
    assert next_hop(START, answer) == Hop()


REFUSED = {
    "http": ("http://cdn.example/x", "redirects to cdn.example without encryption"),
    "http, the same host": ("http://reg.example.com/v2/", "redirects to reg.example.com without encryption"),
    "http, this machine": ("http://127.0.0.1:5000/x", "redirects to 127.0.0.1 without encryption"),
    "HTTP": ("HTTP://cdn.example/x", "redirects to cdn.example without encryption"),
    "a user": ("https://anna@cdn.example/x", "redirects to an address with a user in it"),
    "a user and a password": ("https://a:b@cdn.example/x", "redirects to an address with a user in it"),
    "a host as a user, and a backslash": (
        "https://cdn.example\\@reg.example.com/x",
        "redirects to an address with a user in it",
    ),
    "a host as a user": (f"{HERE}@cdn.example/x", "redirects to an address with a user in it"),
    "metadata": ("https://169.254.169.254/latest", "redirects to 169.254.169.254, which is never contacted"),
    "metadata, by name": (
        "https://metadata.google.internal/x",
        "redirects to metadata.google.internal, which is never contacted",
    ),
    "metadata, in capitals and with a dot": (
        "https://Metadata.Google.Internal./x",
        "redirects to Metadata.Google.Internal., which is never contacted",
    ),
    "metadata, IPv6": ("https://[fd00:ec2::254]/x", "redirects to [fd00:ec2::254], which is never contacted"),
    "metadata, mapped": (
        "https://[::ffff:169.254.169.254]:443/x",
        "redirects to [::ffff:169.254.169.254], which is never contacted",
    ),
    "metadata, as a number": ("https://2852039166/x", "redirects to 2852039166, which is never contacted"),
    "metadata, without TLS": (
        "http://169.254.169.254/x",
        "redirects to 169.254.169.254, which is never contacted",
    ),
}


@pytest.mark.parametrize(("location", "why"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_followed(location, why):
    """Nobody goes on without encryption, with somebody's user, or to an address that is never asked."""
    assert next_hop(START, moved(location)) == Hop(refusal=why)


@pytest.mark.parametrize(
    ("here", "location", "goes"),
    [
        ("http://127.0.0.1:5000/v2/", "http://127.0.0.1:5001/x", True),
        ("http://localhost:5000/v2/", "http://[::1]:5001/x", True),
        ("http://127.0.0.1:5000/v2/", "https://127.0.0.1:5001/x", True),
        ("http://127.0.0.1:5000/v2/", "https://cdn.example/x", True),
        ("http://127.0.0.1:5000/v2/", "http://cdn.example/x", False),
        ("https://127.0.0.1:5000/v2/", "http://127.0.0.1:5000/x", False),
        ("https://127.0.0.1:5000/v2/", "http://localhost:5001/x", False),
    ],
)
def test_without_encryption_on_this_machine(here, location, goes):
    """From one place on this machine to another it goes without encryption, to another machine never."""
    assert bool(next_hop(here, moved(location)).url) is goes


@pytest.mark.parametrize(
    ("location", "goes"),
    [
        ("/x", True),
        ("http://127.0.0.2:1/x", True),
        ("https://localhost/x", True),
        ("https://cdn.example/x", False),
        ("https://127.0.0.1.example/x", False),
        ("https://LOCALHOST.example/x", False),
    ],
)
def test_where_nothing_leaves_this_machine(location, goes):
    """In the sandbox nobody is led to another machine."""
    hop = next_hop("http://127.0.0.1:5000/v2/", moved(location), only_here=True)
    assert (bool(hop.url), "in the sandbox" in hop.refusal) == (goes, not goes)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (HERE, f"{HERE}:443/v2/", True),
        (HERE, "https://REG.example.COM/x", True),
        (HERE, "http://reg.example.com", False),
        (HERE, f"{HERE}:8443", False),
        (HERE, f"{HERE}./", False),
        (HERE, "https://reg.example.com.evil.example/", False),
        (HERE, "https://sub.reg.example.com/", False),
        ("http://127.0.0.1:80", "http://127.0.0.1", True),
        ("http://127.0.0.1:5000", "http://localhost:5000", False),
        ("https://[::1]:5000/", "https://[::1]:5000/x", True),
    ],
)
def test_origins(one, other, same):
    """Scheme, host and port make an origin; a port that is not told is that of the scheme."""
    assert (Origin.of(one) == Origin.of(other)) is same


@given(
    st.text(max_size=40)
    | st.sampled_from(["https://", "//", "http://", "https://reg.example.com"]).flatmap(
        lambda start: st.text(max_size=12).map(start.__add__)
    )
)
def test_no_address_is_too_odd(location):
    """Whatever a registry says, who follows goes on over https, to a host that is one, or not at all."""
    hop = next_hop(START, moved(location))
    assert not (hop.url and hop.refusal)
    if hop.url:
        assert hop.url.startswith("https://")
        assert Origin.of(hop.url) is not None


@dataclass(frozen=True)
class Asked:
    method: str
    url: str
    authorization: str

    @property
    def host(self):
        return Origin.of(self.url).host


class Net:
    """Stands in for the transport: what is at which address, an answer or a function of who asks for it.

    `asked` holds each request but those of a made-up user, who is let in nowhere.
    """

    def __init__(self, places):
        self.places, self.asked = places, []

    def fetch(self, method, url, *, auth, deadline, accept="", largest=0):
        authorization = auth(Request(method, url).prepare()).headers.get("Authorization", "")
        if is_stranger(authorization):
            return said(401, "UNAUTHORIZED")
        self.asked.append(Asked(method, url, authorization))
        place = self.places.get(url) or self.places[url.partition("?")[0]]
        answer = place(authorization) if callable(place) else place
        return Response(answer.status, answer.headers, b"" if method == "HEAD" else answer.body, _host(url))

    def sent_to(self, host):
        """What was sent to *host* to be let in."""
        return [one.authorization for one in self.asked if one.host == host and one.authorization]


def _host(url):
    return url.split("/")[2]


def guarded(challenge, answer, *, by="Basic"):
    """An answer for who has sent what lets in, and a challenge for everybody else."""
    return lambda authorization: answer if authorization.startswith(by) else asks(challenge)


def tokens(*, nobody="nobodys", login="logins"):
    """A token service: a token for nobody in particular, and one for the login; None where there is none."""

    def desk(authorization):
        token = login if authorization else nobody
        return holds(coded({"token": token})) if token else said(401, "UNAUTHORIZED")

    return desk


PATHS = "/v2/acme/churn"
BLOB = f"{PATHS}/blobs/{digest_of(CONFIG)}"
DIGEST = digest_of(MANIFEST)
BEARER = 'Bearer realm="{}/token",service="s"'
# How a registry asks who is there; with what it lets in.
WAYS = {"Basic": (BASIC, "Basic"), "Bearer": (BEARER.format(HERE), "Bearer logins")}


def at(host, way, answer):
    """All that is asked of a registry at *host*, with *answer* for its manifest; without *way* it is open."""
    challenge, by = WAYS.get(way, ("", ""))

    def close(inside):
        return guarded(challenge, inside, by=by) if way else inside

    return {
        f"{host}{PATHS}/manifests/1.4": close(answer),
        f"{host}{BLOB}": close(holds(CONFIG)),
        f"{host}/token": tokens(),
        f"{host}/v2/": close(holds(b"{}")),
        f"{host}{PATHS}/tags/list": close(holds(coded({"tags": []}))),
    }


def check(places, *, image=OWN, **more):
    net = Net(places)
    verdict, _ = look({}, table=net, image=image, **more)
    return verdict, net


SAME_HOST = {
    "another repository": "/v2/acme/churn2/manifests/1.4",
    "in full": f"{HERE}/v2/acme/churn2/manifests/1.4",
    "with its port": f"{HERE}:443/v2/acme/churn2/manifests/1.4",
    "in capitals": "https://REG.example.com/v2/acme/churn2/manifests/1.4",
    "tag to digest": f"{PATHS}/manifests/{DIGEST}",
    "a query": f"{PATHS}/manifests/1.4?ns=docker.io",
    "a fragment": "/v2/acme/churn2/manifests/1.4#top",
}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", SAME_HOST.values(), ids=SAME_HOST)
@pytest.mark.parametrize("way", WAYS)
def test_on_the_same_host(way, location, status):
    """On its own host the login, or the token that it got, goes along, and the image can be pulled."""
    onward = next_hop(START, moved(location)).url
    challenge, by = WAYS[way]
    places = {**at(HERE, way, moved(location, status)), onward: guarded(challenge, holds(MANIFEST), by=by)}
    verdict, net = check(places)
    assert (verdict.outcome, verdict.size, verdict.digest) == ("ok", 7, DIGEST), verdict
    assert {one.authorization for one in net.asked if one.url == onward} == {
        LOGIN_HEADER if way == "Basic" else "Bearer logins"
    }


@pytest.mark.parametrize("way", WAYS)
def test_before_it_is_asked_who_is_there(way):
    """A registry may send on whoever asks, and ask then who is there: what it names there is asked for."""
    challenge, by = WAYS[way]
    onward = f"{HERE}/v2/library/churn/manifests/1.4"
    places = {**at(HERE, way, None), START: moved("/v2/library/churn/manifests/1.4")}
    challenge += ',scope="repository:library/churn:pull"' if way == "Bearer" else ""
    verdict, net = check({**places, onward: guarded(challenge, holds(MANIFEST), by=by)})
    assert verdict.outcome == "ok", verdict
    desk = [one.url for one in net.asked if "/token" in one.url]
    assert all(url.endswith("scope=repository:library/churn:pull") for url in desk)
    assert bool(desk) == (way == "Bearer")


OTHERS = {
    "another host": f"{ELSEWHERE}/x",
    "another port": f"{HERE}:8443/x",
    "a trailing dot": f"{HERE}./x",
    "a host above it": "https://example.com/x",
    "a host below it": "https://cdn.reg.example.com/x",
    "a host that begins alike": "https://reg.example.com.evil.example/x",
    "tag to digest": f"{ELSEWHERE}{PATHS}/manifests/{DIGEST}",
}


@pytest.mark.parametrize("location", OTHERS.values(), ids=OTHERS)
@pytest.mark.parametrize("way", ["", *WAYS])
def test_on_another_host(way, location):
    """To another host or port neither login nor token goes along; what comes from there counts."""
    verdict, net = check({**at(HERE, way, moved(location)), location: holds(MANIFEST)})
    assert (verdict.outcome, verdict.digest) == ("ok" if way else "public", DIGEST), verdict
    assert {one.authorization for one in net.asked if one.url == location} == {""}
    nobody, net = check({**at(HERE, way, moved(location)), location: holds(MANIFEST)}, user="")
    assert nobody.ok is not bool(way), nobody
    assert {one.authorization for one in net.asked} <= {"", "Bearer nobodys"}


@pytest.mark.parametrize("way", ["", *WAYS])
def test_a_child_that_has_moved(way):
    """The image in an index is followed like the index: without the login, and by the digest it must have."""
    index = index_of((MANIFEST, "linux/amd64"))
    child = f"{HERE}{PATHS}/manifests/{DIGEST}"
    close = (
        (lambda inside: guarded(*WAYS[way][:1], inside, by=WAYS[way][1])) if way else (lambda inside: inside)
    )
    places = {**at(HERE, way, holds(index)), child: close(moved(f"{ELSEWHERE}/x"))}
    verdict, net = check({**places, f"{ELSEWHERE}/x": holds(MANIFEST)})
    assert (verdict.outcome, verdict.size, verdict.digest) == ("ok" if way else "public", 7, digest_of(index))
    assert net.sent_to("cdn.example") == []
    verdict, _ = check({**places, f"{ELSEWHERE}/x": holds(MANIFEST + b" ")})
    assert (verdict.outcome, "does not match its digest" in verdict.reason) == ("unclear", True), verdict


def test_a_digest_stays_a_digest():
    """Whatever an image by digest is sent on to, it is what its digest names, or nothing is judged."""
    image = f"reg.example.com/acme/churn@{DIGEST}"
    asked = f"{HERE}{PATHS}/manifests/{DIGEST}"
    places = {**at(HERE, "Basic", None), asked: guarded(BASIC, moved(f"{ELSEWHERE}/x"))}
    assert check({**places, f"{ELSEWHERE}/x": holds(MANIFEST)}, image=image)[0].outcome == "ok"
    other, _ = check({**places, f"{ELSEWHERE}/x": holds(MANIFEST + b" ")}, image=image)
    assert (other.outcome, other.digest) == ("unclear", "")


@pytest.mark.parametrize("way", WAYS)
def test_the_list_of_tags_that_has_moved(way):
    """Where a tag is missing, the list of tags is followed, too."""
    challenge, by = WAYS[way]
    tags = {
        f"{HERE}{PATHS}/tags/list": guarded(challenge, moved("/tags"), by=by),
        f"{HERE}/tags": holds(coded({"tags": ["1.3"]})),
    }
    verdict, _ = check({**at(HERE, way, said(404, "MANIFEST_UNKNOWN")), **tags})
    assert (verdict.outcome, "The repository is there" in verdict.reason) == ("tag-missing", True), verdict


def test_a_head_that_has_moved():
    """On Docker Hub the way in stays a HEAD, wherever it leads."""
    hub = "https://registry-1.docker.io"
    places = {**at(hub, "", moved(f"{ELSEWHERE}/x")), f"{ELSEWHERE}/x": holds(MANIFEST)}
    verdict, net = check(places, image="acme/churn:1.4")
    assert verdict.outcome == "public", verdict
    assert [one.method for one in net.asked[:2]] == ["HEAD", "HEAD"]


@pytest.mark.parametrize("hops", range(1, MOST_HOPS + 1))
def test_as_many_hops_as_are_followed(hops):
    """Five redirects in a row are followed, each without the login once it has left."""
    places = {f"{ELSEWHERE}/{hop}": moved(f"/{hop + 1}") for hop in range(1, hops)}
    places = {**at(HERE, "Basic", moved(f"{ELSEWHERE}/1")), **places, f"{ELSEWHERE}/{hops}": holds(MANIFEST)}
    verdict, net = check(places)
    assert verdict.outcome == "ok", verdict
    assert net.sent_to("cdn.example") == []


@pytest.mark.parametrize("where", ["", ELSEWHERE], ids=["the same host", "another"])
@pytest.mark.parametrize("way", ["", "Basic"])
def test_more_hops(way, where):
    """A sixth is not: that judges nothing, and on one host nobody speaks of another address."""
    places = {f"{where or HERE}/{hop}": moved(f"/{hop + 1}") for hop in range(1, 30)}
    verdict, net = check({**at(HERE, way, moved(f"{where}/1")), **places})
    assert (verdict.outcome, verdict.ok, verdict.refused) == ("unclear", False, False), verdict
    assert verdict.reason == "reg.example.com redirects more than 5 times. Nothing was checked."
    assert sum(one.url.endswith("/5") for one in net.asked) == 1
    assert not [one for one in net.asked if one.url.endswith("/6")]


CIRCLES = {
    "to itself": [START],
    "to itself, in part": ["1.4"],
    "there and back": [f"{HERE}/a", START],
    "on another host": [f"{ELSEWHERE}/a", f"{ELSEWHERE}/b", f"{ELSEWHERE}/a"],
    "from another host": [f"{ELSEWHERE}/a", START],
}


@pytest.mark.parametrize("circle", CIRCLES.values(), ids=CIRCLES)
@pytest.mark.parametrize("way", ["", *WAYS])
def test_a_circle(way, circle):
    """Who is sent on in a circle says so, and does not go round; the login stays on its host."""
    places = {url: moved(onward) for url, onward in itertools.pairwise(circle)}
    places = {url: place for url, place in places.items() if url != START}
    verdict, net = check({**places, **at(HERE, way, moved(circle[0]))})
    assert (verdict.outcome, verdict.ok, verdict.refused) == ("unclear", False, False), verdict
    assert verdict.reason == "reg.example.com redirects in a circle. Nothing was checked."
    assert net.sent_to("cdn.example") == []
    assert len(net.asked) <= 10


def test_the_login_does_not_come_back():
    """Who was sent away and is sent back comes without the login: others have chosen the address."""
    places = {**at(HERE, "Basic", moved(f"{ELSEWHERE}/x")), f"{ELSEWHERE}/x": moved(f"{HERE}/v2/evil")}
    verdict, net = check({**places, f"{HERE}/v2/evil": guarded(BASIC, holds(MANIFEST))})
    assert [one.authorization for one in net.asked if one.url.endswith("/evil")] == [""]
    assert not verdict.ok


@pytest.mark.parametrize(("location", "why"), REFUSED.values(), ids=REFUSED)
@pytest.mark.parametrize("way", ["", *WAYS])
def test_what_is_not_followed_is_said(way, location, why):
    """A redirect that is not followed judges nothing; where it leads is said, and nothing is sent there."""
    verdict, net = check(at(HERE, way, moved(location)))
    assert (verdict.outcome, verdict.reason) == ("unclear", f"reg.example.com {why}. Nothing was checked.")
    assert {one.host for one in net.asked} == {"reg.example.com"}


@pytest.mark.parametrize("hop", ["first", "second"])
def test_each_hop_is_looked_at(hop):
    """A later hop is looked at like the first one."""
    places = {**at(HERE, "Basic", moved(f"{ELSEWHERE}/1")), f"{ELSEWHERE}/1": moved(f"{ELSEWHERE}/2")}
    bad = moved("https://169.254.169.254/latest")
    verdict, net = check({**places, f"{ELSEWHERE}/{'1' if hop == 'first' else '2'}": bad})
    assert verdict.reason == (
        "reg.example.com redirects to 169.254.169.254, which is never contacted. Nothing was checked."
    )
    assert "169.254.169.254" not in {one.host for one in net.asked}


def test_nothing_leaves_the_sandbox():
    """In the sandbox a registry may send on from place to place on this machine, and no further."""
    here, image = "http://127.0.0.1:5000", "127.0.0.1:5000/acme/churn:1.4"
    verdict, net = check(at(here, "", moved(f"{ELSEWHERE}/x")), image=image, only_here=True)
    assert (verdict.outcome, "in the sandbox" in verdict.reason) == ("unclear", True), verdict
    assert {one.host for one in net.asked} == {"127.0.0.1"}
    near = "http://127.0.0.1:5001/x"
    places = {**at(here, "", moved(near)), near: holds(MANIFEST)}
    assert check(places, image=image, only_here=True)[0].outcome == "public"


# What another host answers to whom the registry has sent on to it, with a login and without.
FAR = {
    "asks for a password": (asks(BASIC), "other-realm", "needs-login"),
    "asks for a token, and gives none": (
        asks(BEARER.format("https://none.example")),
        "other-realm",
        "needs-login",
    ),
    "forbids": (said(403, "DENIED"), "other-realm", "no-access-or-missing"),
    "has no such thing": (said(404, "MANIFEST_UNKNOWN"), "tag-missing", "tag-missing"),
    "asks to wait": (said(429), "rate-limited", "rate-limited"),
    "is in trouble": (said(503), "unclear", "unclear"),
    "shows a page": (page(), "unclear", "not-a-registry"),
}


@pytest.mark.parametrize(("answer", "outcome", "_nobodys"), FAR.values(), ids=FAR)
@pytest.mark.parametrize("way", WAYS)
def test_what_another_host_answers(way, answer, outcome, _nobodys):
    """What another host says, which has seen no login, is no verdict on the login; who said it is told."""
    verdict, net = check({**at(HERE, way, moved(f"{ELSEWHERE}/x")), f"{ELSEWHERE}/x": answer})
    assert verdict.outcome == outcome, verdict
    assert net.sent_to("cdn.example") == []
    if outcome == "other-realm":
        assert verdict.reason.startswith(
            "reg.example.com redirects to cdn.example, which requires a login for it"
        )
        assert "Yours was not sent there." in verdict.reason
    elif outcome != "tag-missing":
        assert verdict.reason.startswith("cdn.example ")


@pytest.mark.parametrize(("answer", "_logins", "outcome"), FAR.values(), ids=FAR)
def test_what_another_host_answers_to_nobody(answer, _logins, outcome):
    """Without a login, what another host says is what a node would hear."""
    verdict, _ = check({**at(HERE, "", moved(f"{ELSEWHERE}/x")), f"{ELSEWHERE}/x": answer}, user="")
    assert verdict.outcome == outcome, verdict


@pytest.mark.parametrize("user", ["", "anna"], ids=["nobody", "a login"])
@pytest.mark.parametrize("image", ["reg.example.com/acme/churn:1.4", "ghcr.io/acme/churn:1.4"])
def test_a_token_that_another_host_gives_to_anybody(user, image):
    """Where that host gives a token to anybody, it is asked for one without the login: so registry.k8s.io."""
    here = f"https://{image.partition('/')[0]}"
    there = f"{ELSEWHERE}/v2/far/churn/manifests/1.4"
    desk, service = f"{ELSEWHERE}/token", BEARER.format(ELSEWHERE)
    index = index_of((MANIFEST, "linux/amd64"))
    child = f"{ELSEWHERE}/v2/far/churn/manifests/{DIGEST}"
    places = {
        **at(here, "", moved(there)),
        there: guarded(service, holds(index), by="Bearer nobodys"),
        f"{here}{PATHS}/manifests/{DIGEST}": moved(child),
        child: guarded(service, holds(MANIFEST), by="Bearer nobodys"),
        desk: tokens(),
    }
    verdict, net = check(places, image=image, user=user)
    assert (verdict.outcome, verdict.size, verdict.digest) == ("public", 7, digest_of(index)), verdict
    asked = [one for one in net.asked if one.url.startswith(desk)]
    assert [(one.authorization, one.url.partition("scope=")[2]) for one in asked] == [
        ("", "repository:far/churn:pull")
    ]
    assert {one.authorization for one in net.asked if one.host != "cdn.example"} <= {""}


@pytest.mark.parametrize(("answer", "outcome"), [(holds(MANIFEST), "public"), (said(404), "tag-missing")])
def test_a_registry_that_sends_everything_on(answer, outcome):
    """Where the way in is sent on, too, a login is neither sent nor judged, and what is there counts."""
    places = {
        **at(HERE, "", moved(f"{ELSEWHERE}/x")),
        f"{HERE}/v2/": moved(f"{ELSEWHERE}/v2/"),
        f"{ELSEWHERE}/v2/": asks(BEARER.format(ELSEWHERE)),
        f"{ELSEWHERE}/x": answer,
    }
    verdict, net = check(places)
    assert verdict.outcome == outcome, verdict
    assert {one.authorization for one in net.asked} == {""}


def test_a_login_that_another_host_might_be_sent():
    """Where the login opens the way to a host that gives anybody a token, it is not certain what a node does.

    containerd, which asks for the token there, has the login at hand, and may send it.
    """
    there = f"{ELSEWHERE}/v2/far/churn/manifests/1.4"
    places = {
        **at(HERE, "Basic", moved(there)),
        there: guarded(BEARER.format(ELSEWHERE), holds(MANIFEST), by="Bearer nobodys"),
        f"{ELSEWHERE}/token": tokens(),
    }
    verdict, net = check(places)
    assert (verdict.outcome, verdict.ok, verdict.refused) == ("uncertain", False, False), verdict
    assert verdict.reason.startswith("reg.example.com redirects to cdn.example, where anyone can pull it.")
    assert set(net.sent_to("cdn.example")) == {"Bearer nobodys"}


def test_a_login_alone_whose_registry_sends_on():
    """A login alone is not sent to where its registry sends on; a page there is no registry."""
    for far, outcome in (
        (asks(BEARER.format(ELSEWHERE)), "other-realm"),
        (holds(b"{}"), "other-realm"),
        (page(), "not-a-registry"),
        (said(503), "unclear"),
    ):
        net = Net({f"{HERE}/v2/": moved(f"{ELSEWHERE}/v2/"), f"{ELSEWHERE}/v2/": far})
        login = RegistryLogin("reg.example.com", "anna", Secret("hunter2"))
        verdict = check_login(login, transport=net, deadline=Deadline(5))
        assert verdict.outcome == outcome, verdict
        assert {one.authorization for one in net.asked} == {""}
        assert "cdn.example" in verdict.reason


def test_a_login_alone_on_another_path():
    """On its own host the ping is followed with the login."""
    net = Net({f"{HERE}/v2/": moved("/api/v2/"), f"{HERE}/api/v2/": guarded(BASIC, holds(b"{}"))})
    login = RegistryLogin("reg.example.com", "anna", Secret("hunter2"))
    assert check_login(login, transport=net, deadline=Deadline(5)).outcome == "ok"


@pytest.mark.parametrize("location", [f"{ELSEWHERE}/token", "/token2"], ids=["another host", "the same host"])
def test_a_token_service_that_has_moved(location):
    """A redirect of the token service is not followed: it would take the login along, or lose it."""
    places = {**at(HERE, "Bearer", holds(MANIFEST)), f"{HERE}/token": moved(location)}
    verdict, net = check(places)
    where = "the same host" if location.startswith("/") else "cdn.example"
    assert (verdict.outcome, where in verdict.reason) == ("unclear", True), verdict
    assert "another address" not in verdict.reason
    assert {one.host for one in net.asked} == {"reg.example.com"}


def test_a_host_that_is_called_like_the_password():
    """What a registry sends on to is masked where it is a secret."""
    far = "https://hunter2hunter2.example/x"
    places = {**at(HERE, "Basic", moved(far)), far: asks(BASIC)}
    net = Net(places)
    image = ImageReference.parse(OWN)
    login = RegistryLogin("reg.example.com", "anna", Secret("hunter2hunter2"))
    verdict = check_image(image, login, transport=net, deadline=Deadline(5))
    assert verdict.outcome == "other-realm"
    assert "hunter2" not in repr(verdict) + NOTEBOOK.say(verdict.fix)
