"""Requests to a registry: where they go, what they carry, and that nothing is followed with a login."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError, CertificateNotTrusted, Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Basic, Response, ResponseLost
from aicore_magics.http.transport import Transport
from aicore_magics.model.names import Registry
from aicore_magics.registry.api import (
    LARGEST_CONFIG,
    LARGEST_MANIFEST,
    LARGEST_TOKEN,
    NOBODY,
    RegistryApi,
    code_of,
    message_of,
    says_registry,
)
from aicore_magics.registry.manifests import ACCEPT
from tests.peers import HttpServer, Quiet

MANIFEST, BLOB = "/v2/acme/churn/manifests/1.4", "/v2/acme/churn/blobs/sha256:" + "a" * 64
LOGIN = Basic("anna", Secret("p"))
GOOD = Response(200, {}, b"{}", "ghcr.io")
PLAIN_HTTP = Response(400, {}, b"Client sent an HTTP request to an HTTPS server.\n", "localhost:5000")


def moved(to):
    return Response(307, {"location": to} if to is not None else {}, b"", "ghcr.io")


@dataclass(frozen=True)
class Sent:
    method: str
    url: str
    auth: object
    accept: str
    largest: int


class Recorder:
    """Stands in for the transport: notes what is sent, and answers from a list, the last one for ever."""

    def __init__(self, *answers):
        self.sent, self._answers = [], list(answers)

    def fetch(self, method, url, *, auth, deadline, accept="", largest=0):
        self.sent.append(Sent(method, url, auth, accept, largest))
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, AICoreError):
            raise answer
        return answer

    @property
    def urls(self):
        return [one.url for one in self.sent]


def api_of(registry, *answers, **more):
    recorder = Recorder(*answers or (GOOD,))
    return RegistryApi(Registry(registry), recorder, Deadline(5), **more), recorder


@pytest.mark.parametrize(
    ("registry", "path", "method", "url"),
    [
        ("docker.io", MANIFEST, "HEAD", f"https://registry-1.docker.io{MANIFEST}"),
        ("docker.io", "/v2/", "GET", "https://registry-1.docker.io/v2/"),
        ("ghcr.io", MANIFEST, "GET", f"https://ghcr.io{MANIFEST}"),
        ("reg.example.com:5000", MANIFEST, "GET", f"https://reg.example.com:5000{MANIFEST}"),
        ("localhost:5000", MANIFEST, "GET", f"http://localhost:5000{MANIFEST}"),
        ("[::1]:5000", MANIFEST, "GET", f"http://[::1]:5000{MANIFEST}"),
        ("127.0.0.1.example.com", "/v2/", "GET", "https://127.0.0.1.example.com/v2/"),
    ],
)
def test_the_way_in(registry, path, method, url):
    """Asked without a login, over https but on this machine; on Docker Hub so that it is no pull."""
    api, recorder = api_of(registry)
    assert api.first(path) is GOOD
    assert recorder.sent == [Sent(method, url, NOBODY, ACCEPT, LARGEST_MANIFEST)]


def test_what_is_asked_with_a_login():
    """With a login manifests are fetched whole, from everybody."""
    for registry, host in (("docker.io", "registry-1.docker.io"), ("ghcr.io", "ghcr.io")):
        api, recorder = api_of(registry)
        api.ask(MANIFEST, LOGIN)
        assert recorder.sent == [Sent("GET", f"https://{host}{MANIFEST}", LOGIN, ACCEPT, LARGEST_MANIFEST)]


@pytest.mark.parametrize("answer", [PLAIN_HTTP, ResponseLost("no answer arrived.")], ids=["400", "lost"])
def test_https_on_this_machine(answer):
    """What wants https on this machine is found out once, and spoken to so from then on, login and all."""
    api, recorder = api_of("localhost:5000", answer, GOOD)
    assert api.first(MANIFEST) is GOOD
    api.ask(MANIFEST, LOGIN)
    api.blob(BLOB, LOGIN)
    assert [url.partition(":")[0] for url in recorder.urls] == ["http", "https", "https", "https"]
    assert [one.auth for one in recorder.sent] == [NOBODY, NOBODY, LOGIN, LOGIN]


@pytest.mark.parametrize("answer", [PLAIN_HTTP, ResponseLost("no answer arrived.")], ids=["400", "lost"])
def test_never_without_encryption(answer):
    """Of https there is no way back, whatever a registry elsewhere answers."""
    api, recorder = api_of("ghcr.io", answer)
    with contextlib.suppress(ResponseLost):
        api.first(MANIFEST)
    assert recorder.urls == [f"https://ghcr.io{MANIFEST}"]


OTHER_400 = Response(400, {}, b'{"errors":[{"code":"NAME_INVALID"}]}', "localhost:5000")
GONE = Unreachable("localhost:5000 does not accept the connection. Nothing was sent.")


def test_any_400_may_mean_https():
    """How a server says that it wants https differs: on this machine each 400 is asked once more."""
    api, recorder = api_of("localhost:5000", OTHER_400, GOOD)
    assert api.first(MANIFEST) is GOOD
    assert [url.partition(":")[0] for url in recorder.urls] == ["http", "https"]


@pytest.mark.parametrize("answer", [PLAIN_HTTP, OTHER_400])
@pytest.mark.parametrize("error", [GONE, ResponseLost("no answer arrived.")], ids=["gone", "lost"])
def test_a_400_where_there_is_no_https(answer, error):
    """Where https does not answer either, the 400 is the answer, and http is spoken from then on."""
    api, recorder = api_of("localhost:5000", answer, error, GOOD)
    assert api.first(MANIFEST) is answer
    api.ask(MANIFEST, LOGIN)
    assert [url.partition(":")[0] for url in recorder.urls] == ["http", "https", "http"]
    assert [one.auth for one in recorder.sent] == [NOBODY, NOBODY, LOGIN]


@pytest.mark.parametrize("error", [GONE, ResponseLost("second")], ids=["gone", "lost"])
def test_https_on_this_machine_that_gives_no_answer_either(error):
    """Where neither answers, the first loss is told, and there is no third try."""
    first = ResponseLost("first")
    api, recorder = api_of("localhost:5000", first, error)
    with pytest.raises(ResponseLost) as caught:
        api.first(MANIFEST)
    assert caught.value is first
    assert len(recorder.sent) == 2


def test_a_certificate_on_this_machine():
    """That https is there and not trusted is told: it is what one has to mend."""
    error = CertificateNotTrusted("this machine does not trust the certificate of localhost:5000.")
    for first in (PLAIN_HTTP, ResponseLost("no answer arrived.")):
        api, _ = api_of("localhost:5000", first, error)
        with pytest.raises(CertificateNotTrusted):
            api.first(MANIFEST)


@pytest.mark.parametrize("status", [401, 404, 429, 500])
def test_an_answer_over_http_counts(status):
    """Whatever else is answered over http is an answer, and https is not tried."""
    answer = Response(status, {}, b"", "localhost:5000")
    api, recorder = api_of("localhost:5000", answer, GOOD)
    assert api.first(MANIFEST) is answer
    assert len(recorder.sent) == 1


def test_nobody_is_there_on_this_machine():
    """Where no connection comes about over http, none would over https."""
    api, recorder = api_of("localhost:5000", GONE, GOOD)
    with pytest.raises(Unreachable):
        api.first(MANIFEST)
    assert len(recorder.sent) == 1


def test_a_blob_where_it_should_be():
    """A blob of the registry's own is asked for with the login, in any form, and a byte more than may be."""
    api, recorder = api_of("ghcr.io")
    assert api.blob(BLOB, LOGIN) == (GOOD, True)
    (sent,) = recorder.sent
    assert (sent.url, sent.auth, sent.largest) == (f"https://ghcr.io{BLOB}", LOGIN, LARGEST_CONFIG + 1)


def test_a_blob_that_has_moved():
    """It is followed five times, without the login, and a sixth address is not asked."""
    steps = [moved(f"https://cdn{i}.example/x?signature=a%2Fb") for i in range(7)]
    api, recorder = api_of("ghcr.io", *steps)
    answer, from_registry = api.blob(BLOB, LOGIN)
    assert (answer.headers, answer.why) == (steps[5].headers, "redirects more than 5 times")
    assert not from_registry or answer.moved
    assert recorder.urls[1:] == [f"https://cdn{i}.example/x?signature=a%2Fb" for i in range(5)]
    assert [one.auth for one in recorder.sent] == [LOGIN, *[NOBODY] * 5]
    assert {one.largest for one in recorder.sent} == {LARGEST_CONFIG + 1}


@pytest.mark.parametrize(
    ("location", "url", "auth"),
    [
        ("/elsewhere", "https://ghcr.io/elsewhere", LOGIN),
        ("//cdn.example/x", "https://cdn.example/x", NOBODY),
        ("https://ghcr.io/v2/x", "https://ghcr.io/v2/x", LOGIN),
        ("https://ghcr.io:443/v2/x", "https://ghcr.io:443/v2/x", LOGIN),
        ("https://ghcr.io:8443/v2/x", "https://ghcr.io:8443/v2/x", NOBODY),
    ],
)
@pytest.mark.parametrize("ask", ["blob", "ask"])
def test_a_relative_address(ask, location, url, auth):
    """An address may be told in part; the login goes along to the registry itself, and to nobody else."""
    api, recorder = api_of("ghcr.io", moved(location), GOOD)
    got = api.blob(BLOB, LOGIN)[0] if ask == "blob" else api.ask(MANIFEST, LOGIN)
    assert got.body is GOOD.body
    assert [(one.url, one.auth) for one in recorder.sent[1:]] == [(url, auth)]


ODD = [
    "http://cdn.example/x",
    "http://ghcr.io/x",
    "http://127.0.0.1:5000/x",
    "http://localhost/x",
    "HTTP://cdn.example/x",
    "ftp://cdn.example/x",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:,x",
    "https://cdn.example/a b",
    "https://cdn.example/ä",
    "https://cdn.example/" + "a" * 8192,
    "https://[x",
    "https://[x/y",
    "//[",
    "https://[]/",
    "https://[1:2]/",
]


@pytest.mark.parametrize("location", ODD)
def test_an_odd_address(location):
    """Whatever address a blob is said to have: none without https, none that is odd, and no error."""
    answer = moved(location)
    api, recorder = api_of("ghcr.io", answer)
    assert api.blob(BLOB, LOGIN)[0].headers is answer.headers
    assert api.ask(MANIFEST, LOGIN).headers is answer.headers
    assert len(recorder.sent) == 2


@given(
    st.text(max_size=30)
    | st.sampled_from(["https://", "//", "http://"]).flatmap(lambda a: st.text(max_size=9).map(a.__add__))
)
def test_no_address_is_too_odd(location):
    """Whatever address comes, it is followed over https, elsewhere without the login, and no error comes."""
    api, recorder = api_of("ghcr.io", moved(location))
    assert api.blob(BLOB, LOGIN)[0].moved
    for one in recorder.sent:
        assert one.url.startswith("https://")
        assert one.auth is (LOGIN if one.url.partition("?")[0].startswith("https://ghcr.io/") else NOBODY)
    assert len(recorder.sent) <= 6


@pytest.mark.parametrize("registry", ["127.0.0.1:5000", "localhost:5000", "[::1]:5000"])
@pytest.mark.parametrize(
    "location", ["http://127.0.0.2:1/x", "http://localhost:1/x", "http://[::1]:1/x", "http://[::1]/x"]
)
def test_from_place_to_place_on_this_machine(registry, location):
    """On this machine a blob may move over http, for none of it leaves the machine."""
    api, recorder = api_of(registry, moved(location), GOOD)
    assert api.blob(BLOB, LOGIN)[0].body is GOOD.body
    assert [(one.url, one.auth) for one in recorder.sent[1:]] == [(location, NOBODY)]


def test_from_this_machine_to_another():
    """From this machine a blob moves to another over https alone."""
    for location, asked in (("http://cdn.example/x", 1), ("https://cdn.example/x", 2)):
        api, recorder = api_of("127.0.0.1:5000", moved(location), GOOD)
        api.blob(BLOB, LOGIN)
        assert len(recorder.sent) == asked


def test_a_blob_that_comes_back_from_another_machine():
    """Another machine cannot send the check to something on this one: it was not this one that chose."""
    api, recorder = api_of(
        "127.0.0.1:5000", moved("https://cdn.example/x"), moved("http://127.0.0.1:22/"), GOOD
    )
    api.blob(BLOB, LOGIN)
    assert "http://127.0.0.1:22/" not in recorder.urls


@pytest.mark.parametrize(
    "location", ["https://cdn.example/x", "https://127.0.0.1.example/x", "https://LOCALHOST.example/x"]
)
def test_a_blob_that_has_left_this_machine(location):
    """Where nothing may leave this machine, a blob that has done so is not fetched, at any hop."""
    left, nearby = moved(location), moved("http://127.0.0.2:1/x")
    api, recorder = api_of("127.0.0.1:5000", left, GOOD, only_here=True)
    assert api.blob(BLOB, NOBODY)[0].headers is left.headers
    assert len(recorder.sent) == 1
    api, recorder = api_of("127.0.0.1:5000", nearby, left, GOOD, only_here=True)
    assert api.blob(BLOB, NOBODY)[0].headers is left.headers
    assert recorder.urls[1:] == ["http://127.0.0.2:1/x"]


@pytest.mark.parametrize("location", ["http://127.0.0.2:1/x", "https://localhost:1/x", "http://[::1]:1/x"])
def test_a_blob_that_stays_on_this_machine(location):
    """What moves from place to place on this machine is fetched all the same."""
    api, recorder = api_of("127.0.0.1:5000", moved(location), GOOD, only_here=True)
    assert api.blob(BLOB, NOBODY)[0].body is GOOD.body
    assert recorder.urls[1:] == [location]


def test_a_redirect_to_nowhere():
    """A redirect without an address leads nowhere, and is not tried again."""
    answer = moved(None)
    api, recorder = api_of("ghcr.io", answer)
    assert api.blob(BLOB, LOGIN)[0] is answer
    assert len(recorder.sent) == 1


@pytest.mark.parametrize(
    ("realm", "start"),
    [
        ("https://ghcr.io/token", "https://ghcr.io/token?"),
        ("https://ghcr.io/token?client=a%26b&x", "https://ghcr.io/token?client=a%26b&x&"),
        ("https://ghcr.io/token?x=1#top", "https://ghcr.io/token?x=1&"),
        ("https://ghcr.io/token#top?x=1", "https://ghcr.io/token?"),
        ("https://ghcr.io", "https://ghcr.io?"),
    ],
)
def test_the_address_of_a_token(realm, start):
    """A realm keeps its own query, loses what stands behind a #, and gets ours behind it."""
    api, recorder = api_of("ghcr.io")
    api.token(realm, {"service": "s", "scope": "repository:a/b:pull"}, LOGIN)
    (sent,) = recorder.sent
    assert sent.url == f"{start}service=s&scope=repository:a/b:pull"
    assert (sent.method, sent.auth, sent.largest) == ("GET", LOGIN, LARGEST_TOKEN)


@pytest.mark.parametrize(
    "service",
    [
        "a&scope=repository:x:push",
        "a#b",
        "a b",
        "a+b",
        "a%26b",
        "a=b",
        "a?b",
        "ä€\U0001f600",
        "a\r\nb",
        "/:,",
    ],
)
def test_a_service_is_escaped(service):
    """Whatever a registry calls its service, it stays one value: it adds no parameter of its own."""
    api, recorder = api_of("ghcr.io")
    query = {"service": service, "scope": "repository:a/b:pull"}
    api.token("https://ghcr.io/token", query, NOBODY)
    (url,) = recorder.urls
    assert url.isascii()
    assert not {" ", "\r", "\n", "#"} & set(url)
    assert parse_qsl(urlsplit(url).query, strict_parsing=True) == list(query.items())


def test_a_token_without_a_query():
    """Nothing to say means nothing said."""
    api, recorder = api_of("ghcr.io")
    api.token("https://ghcr.io/token", {}, NOBODY)
    assert recorder.urls[0].rstrip("?") == "https://ghcr.io/token"


def said(data, status=401, kind="application/json"):
    body = data if isinstance(data, bytes) else json.dumps(data).encode()
    return Response(status, {"content-type": kind}, body, "ghcr.io")


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        ({"errors": [{"code": "DENIED", "message": "no"}]}, "401 DENIED", "no"),
        ({"errors": [{"code": "DENIED", "message": "a"}, {"code": "B", "message": "b"}]}, "401 DENIED", "a"),
        ({"errors": [{"code": "DENIED", "detail": "no"}]}, "401 DENIED", "no"),
        ({"errors": [{"code": "DENIED", "message": {"a": 1}, "detail": [1]}]}, "401 DENIED", ""),
        ({"errors": [{"code": "denied"}]}, "401", ""),
        ({"errors": [{"code": 5, "message": 5}]}, "401", ""),
        ({"errors": []}, "401", ""),
        ({"errors": ["DENIED"]}, "401", ""),
        ({"errors": "DENIED"}, "401", ""),
        ({"errors": None, "message": "no"}, "401", "no"),
        ({"details": "incorrect username or password"}, "401", "incorrect username or password"),
        ({"error": "invalid_grant", "error_description": "expired"}, "401", "expired"),
        ({"code": "DENIED", "message": "no"}, "401 DENIED", "no"),
        ([{"code": "DENIED"}], "401", ""),
        ("DENIED", "401", ""),
        (None, "401", ""),
        (b"\xff", "401", ""),
        (b"", "401", ""),
        (b"[" * 100_000, "401", ""),
    ],
)
def test_code_and_message(data, code, message):
    """Of the registry's errors the first is quoted, its code if it looks like one, its message in words."""
    assert (code_of(said(data)), message_of(said(data))) == (code, message)


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("text/plain", "no such thing"),
        ("text/plain; charset=utf-8", "no such thing"),
        ("text/html", ""),
        ("", ""),
    ],
)
def test_a_message_in_plain_text(kind, message):
    """Plain text is quoted, a web page is not."""
    assert message_of(said(b"no such\n thing\n", kind=kind)) == message


def test_a_message_is_short_and_masked():
    """A long message is cut, and a secret in it is masked before that."""
    secret = Secret("p" * 40)
    assert len(message_of(said({"message": "x" * 999}))) == 160
    message = message_of(said({"message": "x" * 140 + secret.reveal()}), secret)
    assert "ppp" not in message


@pytest.mark.parametrize(
    ("answer", "may_be"),
    [
        (Response(401, {"docker-distribution-api-version": "registry/2.0"}, b"", "x"), True),
        (Response(200, {"docker-distribution-api-version": "", "content-type": "text/html"}, b"", "x"), True),
        (Response(404, {"content-type": "application/json"}, b"{}", "x"), True),
        (Response(500, {}, b"", "x"), True),
        (Response(200, {"content-type": "text/html"}, b"", "x"), False),
        (Response(404, {}, b"  <!DOCTYPE html>", "x"), False),
        (Response(301, {"location": "https://x"}, b"", "x"), False),
    ],
)
def test_who_may_be_a_registry(answer, may_be):
    """A web page or a redirect is none, unless it says so itself."""
    assert says_registry(answer) is may_be


class _Conversation(Quiet):
    protocol_version = "HTTP/1.0"

    def answer(self):
        self.server.heard.append((self.command, self.path, self.headers.get("Authorization")))
        length = self.server.length
        self.send_response(200)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if self.command == "GET":
            with contextlib.suppress(OSError):
                self.wfile.write(b"x" * length)

    do_GET = do_HEAD = answer  # noqa: N815


@pytest.fixture
def server():
    """A server that answers a number of bytes, and remembers what it heard."""
    running = HttpServer(_Conversation)
    running.heard, running.length = [], 10
    yield running
    running.stop()


def test_how_much_is_read(server):
    """Of a body no more is read than may be: a manifest, a token, a config and one byte."""
    registry = Registry(server.address)
    server.length = 9 * 1024 * 1024
    with contextlib.closing(Transport()) as transport:
        api = RegistryApi(registry, transport, Deadline(20))
        assert len(api.ask(MANIFEST, LOGIN).body) == LARGEST_MANIFEST == 4 * 1024**2
        assert len(api.token(f"http://{registry}/token", {}, NOBODY).body) == LARGEST_TOKEN == 1024**2
        assert len(api.blob(BLOB, NOBODY)[0].body) == LARGEST_CONFIG + 1 == 8 * 1024**2 + 1
    assert [bool(auth) for _, _, auth in server.heard] == [True, False, False]


def test_no_netrc(server, own_environment):
    """What stands in ~/.netrc never goes to a registry: neither at first nor to where a blob has moved."""
    (own_environment / ".netrc").write_text("machine 127.0.0.1 login anna password p\n")
    (own_environment / ".netrc").chmod(0o600)
    registry = Registry(server.address)
    with contextlib.closing(Transport()) as transport:
        api = RegistryApi(registry, transport, Deadline(5))
        api.first(MANIFEST)
        api.blob(BLOB, NOBODY)
    assert [auth for _, _, auth in server.heard] == [None, None]
