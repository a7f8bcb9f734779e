from __future__ import annotations

import contextlib
import gzip
import logging
import re
import socket
import threading
import zlib
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError, Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Basic, Bearer, NoAuth, Response, ResponseLost
from aicore_magics.http.transport import Transport
from tests.peers import (
    FINE,
    Peer,
    answer_by,
)
from tests.waiting import PATIENCE


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
    assert error.message.endswith(" is not an address that can be reached. Nothing was sent.")
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
    assert message.startswith("x.invalid:99999 is not an address")


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
    assert error.message == f"{'a' * 64}.example is not an address that can be reached. Nothing was sent."
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
    assert error.message == (
        f"the answer of 127.0.0.1:{peer.port} is compressed, although that was not requested."
    )
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


# Side by side


@pytest.fixture
def transport():
    """A transport, closed at the end."""
    with contextlib.closing(Transport()) as transport:
        yield transport


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
