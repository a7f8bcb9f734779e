from __future__ import annotations

import base64
import contextlib
import gzip
import logging
import queue
import re
import socket
import threading
import zlib
from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest
import requests
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError, Unreachable
from aicore_magics.http import http_session, tls
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.http_session import Adapter
from aicore_magics.http.messages import Basic, Bearer, NoAuth, Response, ResponseLost
from aicore_magics.http.transport import Transport
from aicore_magics.model import hosts
from tests.peers import (
    FINE,
    Peer,
    answer_by,
    answer_with,
    drip,
    pour,
    say_and_leave,
)
from tests.waiting import PATIENCE, until


@pytest.fixture
def serve(listen):
    """Start peers that give each request the answer that a function makes of it, by default `FINE`."""
    return lambda make=lambda _request: FINE: listen(answer_by(make))


@pytest.fixture
def fetch():
    """Fetch a URL and give the answer."""
    with contextlib.closing(Transport()) as transport:

        def fetch(url, auth=None, **more):
            return transport.fetch("GET", url, auth=auth or NoAuth(), deadline=Deadline(5), **more)

        yield fetch


def failed(act, kind):
    with pytest.raises(kind) as caught:
        act()
    error = caught.value
    assert error.__cause__ is error.__context__ is None
    return error


# What is no address

NOWHERE = [
    "",
    "x",
    "//127.0.0.1/",
    "https://",
    "https:///x",
    "ftp://127.0.0.1/",
    "httpx://127.0.0.1/",
    "https://[abc]/x",
    "https://[1:2]/x",
    "https://[::1/x",
    "https://a]b/x",
    "https://a..b/x",
    "https://*.example/x",
    "https://.example/x",
    "https://" + "a" * 64 + ".invalid/x",
    "https://" + "é" * 64 + ".invalid/x",
    "https://\ud800.invalid/x",
    "https://xn--\u20ac.invalid/x",
    "https://a b/x",
    "https://a%zz/x",
    "https://127.0.0.1:99999/x",
    "https://127.0.0.1:-1/x",
    "https://127.0.0.1:port/x",
    "https://127.0.0.1:\u0661/x",
]


@pytest.mark.parametrize("url", NOWHERE)
def test_what_is_no_address(url, fetch):
    """Whatever cannot be an address is told as such, without another try, and in words of ours."""
    error = failed(lambda: fetch(url), Unreachable)
    assert error.message.endswith(" is no address that can be reached. Nothing was sent.")
    assert not error.message.startswith(" ")
    assert not error.again


@pytest.mark.parametrize("port", [0, 80])
@pytest.mark.parametrize(
    "pattern", ["http://127.0.0.1:{}\\@x.invalid:1/", "http://x.invalid:1\\@127.0.0.1:{}/"]
)
def test_an_address_that_can_be_read_in_two_ways(pattern, port, serve, fetch):
    """What `requests` and everybody else read as two different places is sent to neither."""
    peer = serve()
    failed(lambda: fetch(pattern.format(port or peer.port)), Unreachable)
    assert not peer.requests


def test_port_zero_is_not_port_80(fetch, monkeypatch):
    """`requests` leaves out a port of 0, and would ask port 80 instead."""
    asked = []
    monkeypatch.setattr(socket.socket, "connect", lambda _self, address: asked.append(address))
    failed(lambda: fetch("http://127.0.0.1:0/"), Unreachable)
    assert not asked


def test_a_user_in_the_url(serve, fetch):
    """User and password in a URL are neither sent nor shown."""
    peer = serve()
    answer = fetch(f"http://anna:hunter2@127.0.0.1:{peer.port}/")
    assert answer.host == f"127.0.0.1:{peer.port}"
    assert b"Authorization" not in peer.requests[0]
    message = failed(lambda: fetch("http://anna:hunter2@x.invalid:99999/"), Unreachable).message
    assert message.startswith("x.invalid:99999 is no address")


PIECES = [
    *(
        "http://",
        "https://",
        "HTTP://",
        "//",
        "http:/",
        "ftp://",
        "\\",
        "@",
        ":",
        "/",
        "?",
        "#",
        "[",
        "]",
        "%",
    ),
    *(
        "127.0.0.1",
        "localhost",
        "[::1]",
        "[1:2]",
        "[fe80::1%25lo]",
        "a" * 64,
        "é",
        "\ud800",
        "\x00",
        "..",
        ".",
    ),
    *(
        "*",
        " ",
        "\t",
        "\r\n",
        "0",
        ":99999",
        ":PORT",
        "anna:pw@",
        "x.invalid",
        "%00",
        "\u2100",
        "\uff0e",
        "xn--",
    ),
]
URLS = st.one_of(
    st.text(max_size=30).map("http://{}".format),
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join),
    st.lists(st.sampled_from(PIECES), max_size=6).map(
        lambda pieces: "http://127.0.0.1:PORT" + "".join(pieces)
    ),
)


@given(url=URLS)
@example(url="http://127.0.0.1:PORT/")
@example(url="http://127.0.0.1:PORT\\@x.invalid/")
@example(url="http://127.0.0.1:0PORT/")
def test_any_url(url, listen_once, fetch_once):
    """Whatever the URL, there is an answer, and from where the URL says, or an error with text alone."""
    peer, fetch = listen_once, fetch_once
    url = url.replace("PORT", str(peer.port))
    before = len(peer.requests)
    try:
        answer = fetch(url)
    except AICoreError as error:
        assert error.__cause__ is error.__context__ is None  # noqa: PT017
        assert isinstance(error, Unreachable)  # noqa: PT017
        assert len(peer.requests) == before
    else:
        assert isinstance(answer, Response)
        parts = urlsplit(url)
        assert (parts.hostname, parts.port) in (("127.0.0.1", peer.port), ("localhost", peer.port))


@pytest.fixture
def listen_once(serve, monkeypatch):
    """A listener that alone can be found: no other name is asked for, and no other port."""
    peer = serve()
    find = socket.getaddrinfo

    def only_there(host, port, *more, **named):
        found = find(host, port, *more, **named) if host in ("127.0.0.1", "localhost") else []
        if port != peer.port or not found:
            raise socket.gaierror(socket.EAI_NONAME, "tests ask for nobody else")
        return found

    monkeypatch.setattr(socket, "getaddrinfo", only_there)
    return peer


@pytest.fixture
def fetch_once(fetch):
    """The same as `fetch`, under a name that says that all examples share it."""
    return fetch


PROXIES = [
    "http://[bad",
    "http://[1:2]:3128",
    "http://",
    "http://a..b:1",
    "http://" + "a" * 64 + ".invalid:3128",
    "http://proxy.invalid:99999",
    "ftp://proxy.invalid",
    "socks5://127.0.0.1:1",
    "http://anna:\u20ac@127.0.0.1:1",
]


@pytest.mark.parametrize("proxy", PROXIES)
def test_a_proxy_that_is_no_address(proxy, fetch, monkeypatch):
    """What is wrong with the proxy is not laid to the host behind it."""
    monkeypatch.setenv("HTTPS_PROXY", proxy)
    error = failed(lambda: fetch("https://api.ai.example/x"), Unreachable)
    assert error.message == "api.ai.example cannot be reached through the proxy. Nothing was sent."
    assert "(HTTPS_PROXY is set)" in error.hint


def test_a_host_that_is_none_behind_a_proxy(serve, fetch, monkeypatch):
    """Behind a proxy, too, a host that cannot be one is told as such: the proxy is not even asked."""
    proxy = serve()
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    error = failed(lambda: fetch(f"https://{'a' * 64}.example/"), Unreachable)
    assert error.message == f"{'a' * 64}.example is no address that can be reached. Nothing was sent."
    assert not proxy.requests


@pytest.mark.parametrize("token", ["a\r\nX: y", "a\nb", "a\r\n b", "a\x00b", "a\x7f", "\u20ac", "\ud800"])
def test_a_token_that_no_header_can_hold(token, serve, fetch):
    """A token that would end its header, or that no header can hold, is not sent; nor is it shown."""
    peer = serve()
    error = failed(lambda: fetch(peer.url, Bearer(Secret(f"t0ken{token}"))), Unreachable)
    assert "a token or header for it has characters that HTTP does not allow" in error.message
    assert "t0ken" not in str(error)
    assert not error.again
    assert not peer.requests


# No cookies


def test_no_cookie_is_sent(serve, fetch):
    """What a host sets as a cookie is sent to nobody: not to it, not to another port, and not elsewhere."""
    setting = b"HTTP/1.1 401 No\r\n%bContent-Length: 0\r\n\r\n"
    cookies = (b"a=1; Path=/", b"b=1; Domain=localhost", b"c=1; Domain=127.0.0.1; Max-Age=99", b"")
    both = b"".join(b"Set-Cookie: %b\r\nSet-Cookie2: %b; Version=1\r\n" % (each, each) for each in cookies)
    first, other = serve(lambda _request: setting % both), serve()
    for url in (first.url, first.url, other.url, other.url.replace("127.0.0.1", "localhost")):
        answer = fetch(url, Basic("anna", Secret("pw")))
        assert not [name for name in answer.headers if "cookie" in name]
    heard = b"".join(first.requests + other.requests).lower()
    assert heard.count(b"authorization") == 4
    assert b"cookie" not in heard


@pytest.mark.parametrize("through", ["http://x.invalid/", "https://x.invalid/"])
def test_no_cookie_of_a_proxy(through, serve, fetch, monkeypatch):
    """A proxy's cookies are no exception."""
    proxy = serve(lambda _request: b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n")
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, proxy.url)
    for _ in range(2):
        with contextlib.suppress(AICoreError):
            assert "set-cookie" not in fetch(through).headers
    assert len(proxy.requests) == 2
    assert b"cookie" not in b"".join(proxy.requests).lower()


# Nothing is unpacked


def packed(body, coding):
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: %b\r\nContent-Length: %d\r\n\r\n"
    return head % (coding.encode(), len(body)) + body


CODINGS = {
    "gzip": gzip.compress(b"{}"),
    "gzip, gzip": gzip.compress(gzip.compress(b"{}")),
    "x-gzip": gzip.compress(b"{}"),
    "deflate": zlib.compress(b"{}"),
    "br": b"\x0b\x00\x80{}\x03",
    "identity, gzip": gzip.compress(b"{}"),
    "other": b"{}",
}


@pytest.mark.parametrize("coding", CODINGS)
def test_a_packed_answer_is_not_unpacked(coding, serve, fetch):
    """Answers are asked for as they are; one that is packed nevertheless cannot be read."""
    peer = serve(lambda _request: packed(CODINGS[coding], coding))
    error = failed(lambda: fetch(peer.url), ResponseLost)
    assert error.message == f"the answer of 127.0.0.1:{peer.port} is compressed, which was not asked for."
    assert re.findall(rb"(?i)accept-encoding: ([^\r]*)", peer.requests[0]) == [b"identity"]


@pytest.mark.parametrize("coding", ["", "identity", " Identity "])
def test_an_answer_as_it_is(coding, serve, fetch):
    """An answer that says to be as it is, is read."""
    assert fetch(serve(lambda _request: packed(b"{}", coding)).url).body == b"{}"


def test_a_packed_answer_without_a_body(serve, fetch):
    """Where there is no body, it does not matter how it would be packed."""
    assert fetch(serve(lambda _request: packed(b"", "gzip")).url).body == b""


@pytest.mark.parametrize("size", [9, 10, 11, 100_000])
def test_as_much_as_is_asked_for(size, serve, fetch):
    """No more of a body is given than was asked for."""
    peer = serve(lambda _request: packed(b"x" * size, "identity"))
    assert len(fetch(peer.url, largest=10).body) == min(size, 10)


# How an answer ends


@pytest.fixture
def transport():
    """A transport, closed at the end."""
    with contextlib.closing(Transport()) as transport:
        yield transport


@pytest.fixture
def send(transport):
    """Send a GET and give the answer."""
    return lambda url, seconds: transport.send("GET", url, auth=NoAuth(), deadline=Deadline(seconds))


@pytest.fixture
def session():
    """A session of requests that sends with our adapter, and trusts nobody special."""
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, Adapter(tls.context, tls.context))
        yield session


OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
DRIPS = {
    "body": (OK + b"Content-Length: 40\r\n\r\n", b"x", b""),
    "body of no length": (OK + b"Connection: close\r\n\r\n", b"x", b""),
    "chunks": (CHUNKED, b"1\r\nx\r\n", b"0\r\n\r\n"),
    "the size of a chunk": (CHUNKED, b"0", b"2\r\n{}\r\n0\r\n\r\n"),
    "after the chunks": (CHUNKED + b"2\r\n{}\r\n0\r\n", b"A: b\r\n", b"\r\n"),
    "status": (b"HTTP/1.1 200 ", b"O", b"\r\nContent-Length: 0\r\n\r\n"),
    "head": (OK, b"A: b\r\n", b"Content-Length: 0\r\n\r\n"),
    "one line of the head": (OK + b"A: ", b"b", b"\r\nContent-Length: 0\r\n\r\n"),
    "continue": (b"", b"HTTP/1.1 100 Continue\r\n\r\n", FINE),
}


@pytest.mark.parametrize(("head", "piece", "tail"), DRIPS.values(), ids=DRIPS)
def test_drips_end_in_time(head, piece, tail, listen, send, clock):
    """An answer that drips ends when its time does, wherever it drips: long before it would end itself."""
    peer = listen(drip(head, piece, tail, pieces=4000, tick=lambda: clock.sleep(1)))
    with pytest.raises(ResponseLost):
        send(peer.url, 30)


@pytest.mark.parametrize("name", [name for name in DRIPS if name != "body of no length"])
def test_drips_that_end_before(name, listen, send):
    """An answer that drips and ends before its time is as good as any."""
    head, piece, tail = DRIPS[name]
    peer = listen(drip(head, piece, tail, pieces=40))
    assert [send(peer.url, 60).status for _ in range(2)] == [200, 200]
    assert peer.accepted == 1


def answer_after(clock, *pauses):
    """A part: each answer takes so many seconds of *clock*, and comes in two pieces around them."""

    def play(peer, connection):
        for pause in pauses:
            peer.request(connection)
            connection.sendall(FINE[:-1])
            # Whoever has read the first piece waits for the second by now, or looks at the clock before.
            clock.now += pause
            connection.sendall(FINE[-1:])
        peer.request(connection)

    return play


def test_each_answer_has_its_own_time(listen, send, clock):
    """A kept connection carries the next call with a time of its own: neither more nor less than it has."""
    peer = listen(answer_after(clock, 20, 20, 20, 60))
    assert [send(peer.url, 30).status for _ in range(3)] == [200] * 3
    with pytest.raises(ResponseLost):
        send(peer.url, 30)
    assert peer.accepted == 1


def test_a_short_time_is_not_kept(listen, send, clock):
    """A call that had little time left does not shorten that of the next one on its connection."""
    peer = listen(answer_after(clock, 0, 40))
    assert send(peer.url, 30).status == 200
    assert send(peer.url, 60).status == 200
    assert peer.accepted == 1


# What the layers above never see


def test_no_cookie_gets_past(listen, session):
    """A cookie is gone before `requests` sees it: it is neither parsed nor kept, and the rest is there."""
    cookies = (
        b"Set-Cookie: a=1; Path=/\r\nset-cookie: b=2; Domain=localhost\r\nSET-COOKIE2: c=3; Version=1\r\n"
    )
    answer = session.get(
        listen(answer_with(OK + cookies + b"X-A: b\r\nContent-Length: 2\r\n\r\n{}")).url, timeout=5
    )
    assert dict(answer.headers) == {"X-A": "b", "Content-Length": "2"}
    assert answer.content == b"{}"
    assert not list(answer.cookies)
    assert not list(session.cookies)


PASSWORD = "hunter2hunter2"
BASIC = base64.b64encode(f"anna:{PASSWORD}".encode())
ECHO = b"you sent Basic " + BASIC + b" meaning " + PASSWORD.encode()
MALFORMED = {
    "no colon": OK + b"X-A: b\r\nConnection: close\r\n" + ECHO + b"\r\nContent-Length: 0\r\n\r\n",
    "first line": OK + b" " + ECHO + b"\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
    "no name": OK + b"Connection: close\r\n: " + ECHO + b"\r\nContent-Length: 0\r\n\r\n",
    "in the status": b"HTTP/1.1 401 " + ECHO + b"\r\nContent-Length: 0\r\n\r\n",
    "no status": ECHO + b"\r\n\r\n",
    "length": OK + b"Content-Length: " + ECHO + b"\r\nConnection: close\r\n\r\n",
    "lengths": OK + b"Content-Length: 1,2," + ECHO + b"\r\n\r\n",
    "both lengths": OK + b"Transfer-Encoding: chunked\r\nContent-Length: " + ECHO + b"\r\n\r\n0\r\n\r\n",
    "chunk": CHUNKED + ECHO + b"\r\n",
    "cookie": OK + b"Set-Cookie: " + ECHO + b"=1; Expires=" + ECHO + b"\r\nContent-Length: 0\r\n\r\n",
    "redirect": b"HTTP/1.1 302 No\r\nLocation: https://" + ECHO + b"/\r\nContent-Length: 0\r\n\r\n",
    "retry": b"HTTP/1.1 503 No\r\nRetry-After: " + ECHO + b"\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("answer", MALFORMED.values(), ids=MALFORMED)
def test_what_a_server_echoes_is_not_logged(answer, listen, transport, caplog):
    """Wherever a server writes the password that it was sent, no log has it, at no level."""
    url = listen(say_and_leave(answer)).url
    with caplog.at_level(logging.DEBUG), contextlib.suppress(ResponseLost):
        transport.send("GET", url, auth=Basic("anna", Secret(PASSWORD)), deadline=Deadline(5))
    logged = [logging.Formatter().format(record) for record in caplog.records]
    assert logged
    assert not [text for text in logged if PASSWORD in text or BASIC.decode() in text]


def test_a_malformed_header_is_left_out(listen, send, caplog):
    """What stands before a header that cannot be parsed is read, and nobody is warned of the rest."""
    answer = send(listen(say_and_leave(MALFORMED["no colon"])).url, 5)
    assert (answer.status, answer.headers) == (200, {"x-a": "b", "connection": "close"})
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    "head", [CHUNKED, CHUNKED + b"0\r\nA: "], ids=["the size of a chunk", "after the chunks"]
)
def test_a_line_without_an_end(head, listen, send, monkeypatch):
    """A line that is no part of the body, and has no end, is left long before the time is over."""
    monkeypatch.setattr(http_session, "LONGEST_ANSWER", 1_000_000)
    peer = listen(pour(head, b"0" * 65536))
    with pytest.raises(ResponseLost):
        send(peer.url, 60)
    until(lambda: peer.ended)
    assert peer.poured < 20_000_000


def test_an_answer_that_is_far_too_long(listen, transport, monkeypatch):
    """However much of a body is asked for, no answer is longer than all that anybody needs."""
    monkeypatch.setattr(http_session, "LONGEST_ANSWER", 1_000_000)
    url = listen(say_and_leave(OK + b"\r\n" + b"0" * 3_000_000)).url
    with pytest.raises(ResponseLost):
        transport.fetch("GET", url, auth=NoAuth(), deadline=Deadline(10), largest=10_000_000)
    assert (
        len(transport.fetch("GET", url, auth=NoAuth(), deadline=Deadline(10), largest=500_000).body)
        == 500_000
    )


# Side by side


def test_many_side_by_side(transport, caplog):
    """As many connections as there are checks are kept for the next: none is thrown away, or warned of."""
    count = 40
    together = threading.Barrier(count)

    def play(peer, connection):
        while True:
            peer.request(connection)
            together.wait(PATIENCE)
            connection.sendall(FINE)

    with contextlib.closing(Peer(play, at_once=True)) as peer:

        def ask():
            transport.send("GET", peer.url, auth=NoAuth(), deadline=Deadline(PATIENCE))

        for _ in range(2):
            asking = [threading.Thread(target=ask, daemon=True) for _ in range(count)]
            for each in asking:
                each.start()
            for each in asking:
                each.join(PATIENCE)
        assert peer.accepted == count
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_a_name_that_leads_to_a_forbidden_address(listen, send, monkeypatch):
    """Whatever a name leads to is looked at once the connection stands: not one byte is sent there."""
    heard = queue.Queue()
    peer = listen(lambda _peer, connection: heard.put(connection.recv(1)))
    monkeypatch.setattr(hosts, "FORBIDDEN", (ip_network("127.0.0.0/8"),))
    with pytest.raises(Unreachable, match=r"never asked.*Nothing was sent") as caught:
        send(f"http://localhost:{peer.port}/", 5)
    assert not caught.value.again
    assert heard.get(timeout=PATIENCE) == b""


def test_a_literal_address_is_not_even_connected_to(listen, send, monkeypatch):
    """What is seen to be forbidden by its spelling sees no connection."""
    peer = listen(lambda *_: None)
    monkeypatch.setattr(hosts, "FORBIDDEN", (ip_network("127.0.0.0/8"),))
    with pytest.raises(Unreachable, match="never asked"):
        send(peer.url, 5)
    assert peer.accepted == 0
