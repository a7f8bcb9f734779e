"""One table: at each moment of a request something breaks, and what the transport says of it.

Whatever it says: once a byte of the request has gone out, it never says that nothing was sent, and no request
goes out twice.
"""

from __future__ import annotations

import contextlib
import http.client
import socket
import ssl

import pytest
import trustme

from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError, Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import MAX_RESPONSE_BYTES, NoAuth, Response, ResponseLost
from aicore_magics.http.transport import Transport
from tests.peers import FINE, RESET, over_tls, tunnel
from tests.waiting import until

BODY = "x" * 4_000_000  # more than fits into the buffers on the way
OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = OK + b"Content-Length: 4\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
CHANNELS = ("http", "https", "forward", "tunnel")

# What a server does, up to the moment at which it ends.


def deaf(_peer, _connection):
    """Hear nothing."""


def hears(count):
    """Hear so many bytes."""

    def play(peer, connection):
        left = count
        while left > 0:
            left -= len(peer.more(connection)[:left])

    return play


def says(text):
    """Hear the whole request, and say *text*."""

    def play(peer, connection):
        peer.request(connection)
        connection.sendall(text)

    return play


def greets(text):
    """Hear the beginning of a handshake, and say *text*."""

    def play(peer, connection):
        peer.more(connection)
        connection.sendall(text)

    return play


# How it ends.


def leave(peer, connection):
    """Say no more (FIN), and hear the rest."""
    socket.socket.shutdown(connection, socket.SHUT_WR)
    peer.left = times_left(peer) + 1
    hear_on(peer, connection)


def times_left(peer):
    """How often the peer has said that it says no more."""
    return getattr(peer, "left", 0)


def reset(_peer, connection):
    """Break the connection (RST)."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def hear_on(_peer, connection):
    """Say nothing, and hear on."""
    with contextlib.suppress(OSError):
        while connection.recv(65_536):
            pass


ENDS = {"leaves": leave, "resets": reset, "is silent": hear_on}
LOST, WHOLE, NOTHING = {"lost"}, {"whole"}, {"nothing sent"}
# Where a moment is not one: data may overtake the end of a connection, or the end the data. To `ssl` each end
# is a good one, so that over TLS only a length tells whether a body is whole.
EITHER = LOST | WHOLE

# The moment, what is done up to there, and what is said where the server then leaves, resets, or is silent.
MOMENTS = {
    "before a byte is heard": (deaf, LOST, LOST | NOTHING, LOST),
    "within the head of the request": (hears(10), LOST, LOST, LOST),
    "within its body": (hears(100_000), LOST, LOST, LOST),
    "before the status": (says(b""), LOST, LOST, LOST),
    "within the version": (says(b"HT"), LOST, LOST, LOST),
    "within the status": (says(b"HTTP/1.1 20"), LOST, LOST, LOST),
    "behind the status": (says(b"HTTP/1.1 200"), LOST, LOST, LOST),
    "within the reason": (says(b"HTTP/1.1 200 O"), LOST, LOST, LOST),
    "behind the first line": (says(OK), LOST, LOST, LOST),
    "within the name of a header": (says(OK + b"Content-Le"), LOST, LOST, LOST),
    "within its value": (says(OK + b"Content-Length: 4"), LOST, LOST, LOST),
    "before the blank line": (says(LENGTH), LOST, LOST, LOST),
    "within the blank line": (says(LENGTH + b"\r"), LOST, LOST, LOST),
    "before the body": (says(LENGTH + b"\r\n"), LOST, LOST, LOST),
    "within the body": (says(LENGTH + b"\r\n{}"), LOST, LOST, LOST),
    "before a body of no length": (says(OK + b"\r\n"), WHOLE, EITHER, LOST),
    "within a body of no length": (says(OK + b"\r\n{}"), WHOLE, EITHER, LOST),
    "before the chunks": (says(CHUNKED), LOST, LOST, LOST),
    "within the size of a chunk": (says(CHUNKED + b"2"), LOST, LOST, LOST),
    "within a chunk": (says(CHUNKED + b"2\r\n{"), LOST, LOST, LOST),
    "behind a chunk": (says(CHUNKED + b"2\r\n{}"), LOST, LOST, LOST),
    "before the last chunk": (says(CHUNKED + b"2\r\n{}\r\n"), LOST, LOST, LOST),
    "within the last chunk": (says(CHUNKED + b"2\r\n{}\r\n0"), LOST, LOST, LOST),
    "behind the last chunk": (says(CHUNKED + b"2\r\n{}\r\n0\r\n"), WHOLE, EITHER, LOST),
    "behind an interim answer": (says(b"HTTP/1.1 103 x\r\n\r\n"), LOST, LOST, LOST),
    "behind the body": (says(LENGTH + b"\r\n{  }"), WHOLE, EITHER, WHOLE),
    "behind the trailer": (says(CHUNKED + b"2\r\n{}\r\n0\r\n\r\n"), WHOLE, EITHER, WHOLE),
    "behind an answer without a body": (says(b"HTTP/1.1 204 x\r\n\r\n"), WHOLE, EITHER, WHOLE),
}
# Silence takes its time: it is tried at some of them, and on one way each.
SILENT = {
    "before a byte is heard": "http",
    "within its body": "https",
    "before the status": "tunnel",
    "within the status": "forward",
    "before the blank line": "https",
    "within the body": "tunnel",
    "within a body of no length": "http",
    "within a chunk": "forward",
    "behind the body": "https",
    "behind an answer without a body": "tunnel",
}
CELLS = [
    pytest.param(play, end, allowed, channel, id=f"{moment}, it {end}, {channel}")
    for moment, (play, *says_of) in MOMENTS.items()
    for end, allowed in zip(ENDS, says_of, strict=True)
    for channel in CHANNELS
    if end != "is silent" or SILENT.get(moment) == channel
]


@pytest.fixture(scope="module")
def authority():
    return trustme.CA()


@pytest.fixture
def transport(authority, tmp_path):
    """A transport that trusts the authority."""
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with contextlib.closing(Transport(ca_file=str(tmp_path / "ca.pem"))) as transport:
        yield transport


@pytest.fixture
def reach(authority, listen, monkeypatch):
    """Start a peer that plays *part* at the end of a channel, and give it with the URL that leads there."""

    def context(host="127.0.0.1"):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(made)
        return made

    def reach(channel, part):
        if channel == "http":
            peer = listen(part)
            return peer, peer.url
        if channel == "https":
            peer = listen(over_tls(context(), part))
            return peer, f"https://{peer.address}"
        peer = listen(tunnel(context, part) if channel == "tunnel" else part)
        monkeypatch.setenv("HTTPS_PROXY" if channel == "tunnel" else "HTTP_PROXY", peer.url)
        return peer, "https://api.ai.example" if channel == "tunnel" else "http://plain.example"

    return reach


@pytest.fixture
def sent(monkeypatch):
    """What has gone out of requests, piece by piece; what opens a tunnel is none."""
    pieces, send = [], http.client.HTTPConnection.send

    def noted(self, data):
        if self.sock is None:
            self.connect()  # as `send` does, so that what is noted goes out
        if not data.startswith(b"CONNECT "):
            pieces.append(bytes(data[:40]))
        return send(self, data)

    monkeypatch.setattr(http.client.HTTPConnection, "send", noted)
    return pieces


@pytest.fixture
def post(transport, sent):
    """Post, and say what came of it: whole, lost, or nothing sent; and the answer or the error."""

    def post(url, *, body="{}", seconds=20.0):
        before = len(sent)
        try:
            came = transport.send("POST", url, auth=NoAuth(), deadline=Deadline(seconds), body=Secret(body))
        except AICoreError as error:
            came = error
        said = {Response: "whole", Unreachable: "nothing sent"}.get(type(came), "lost")
        heads = [piece for piece in sent[before:] if piece.startswith(b"POST ")]
        assert len(heads) <= 1, "sent twice"
        assert (said == "nothing sent") == (not heads), "it was sent, and not said, or the other way round"
        assert isinstance(came, Response | ResponseLost | Unreachable)
        return said, came

    return post


def then(play, end):
    """A part: do what leads to the moment, then end."""

    def whole(peer, connection):
        play(peer, connection)
        ENDS[end](peer, connection)

    return whole


@pytest.mark.parametrize(("play", "end", "allowed", "channel"), CELLS)
def test_a_moment(play, end, allowed, channel, reach, post):
    """What breaks once a byte has gone out is lost, unless the answer is whole; it is not sent again."""
    peer, url = reach(channel, then(play, end))
    large = play in (MOMENTS["within its body"][0], deaf)
    said, came = post(url, body=BODY if large else "{}", seconds=1.5 if end == "is silent" else 20)
    assert said in allowed, came
    assert peer.accepted == 1


# Before a byte has gone out

EARLY = {
    "within the handshake": greets(b""),
    "before the handshake": deaf,
    "no TLS": lambda peer, connection: (
        peer.more(connection),
        connection.sendall(b"HTTP/1.1 400 No\r\n\r\n"),
    ),
    "half of a handshake": lambda peer, connection: (
        peer.more(connection),
        connection.sendall(b"\x16\x03\x03\x00\x7a"),
    ),
    "an alert": lambda peer, connection: (
        peer.more(connection),
        connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28"),
    ),
}
PROXY = {
    "before the proxy answers": says(b""),
    "within the proxy's status": says(b"HTTP/1.1 20"),
    "within the proxy's head": says(b"HTTP/1.1 200 OK\r\nA: b"),
    "behind the proxy's answer": says(b"HTTP/1.1 200 OK\r\n\r\n"),
    "a refusal": says(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n"),
    "no HTTP": says(b"SSH-2.0-OpenSSH_9.2\r\n"),
    "a header of the proxy without an end": says(b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000),
    "an interim answer of the proxy": says(b"HTTP/1.1 103 x\r\n\r\n"),
    "another protocol": says(b"HTTP/1.1 101 x\r\n\r\n"),
}


# Python 3.11 and others leave it to the collector to close a socket that is reset as its handshake begins.
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("moment", [*EARLY, *PROXY])
def test_a_moment_before(moment, end, listen, post, monkeypatch):
    """What breaks before the handshake is done, or the tunnel stands, sent nothing, and says so."""
    peer = listen(then({**EARLY, **PROXY}[moment], end))
    if moment in PROXY:
        monkeypatch.setenv("HTTPS_PROXY", peer.url)
    url = "https://api.ai.example" if moment in PROXY else f"https://{peer.address}"
    said, came = post(url, seconds=0.4 if end == "is silent" else 20)
    assert {said} == NOTHING, came
    assert came.message.endswith(". Nothing was sent.")


def test_nobody_listens(post):
    """A port that nobody listens on heard nothing."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
        assert {post(f"{scheme}://127.0.0.1:{port}")[0] for scheme in ("http", "https")} == NOTHING


# On a connection that was kept


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("end", ["leaves", "resets"])
def test_a_kept_connection_that_has_ended(end, channel, reach, post):
    """A connection that ends between two requests is noticed: the second goes out on another, once."""
    peer, url = reach(channel, then(says(FINE), end))
    for number in (1, 2, 3):
        assert {post(url)[0]} <= (WHOLE if end == "leaves" else EITHER)
        until(lambda number=number: (peer.ended if end == "resets" else times_left(peer)) >= number)
        assert peer.accepted == number


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("end", ["leaves", "resets"])
def test_a_kept_connection_that_ends_upon_the_next_request(end, channel, reach, post):
    """If it ends when the second request is there, that one is lost: it may have been applied."""

    def play(peer, connection):
        says(FINE)(peer, connection)
        peer.request(connection)
        ENDS[end](peer, connection)

    peer, url = reach(channel, play)
    assert [post(url)[0] for _ in range(2)] == ["whole", "lost"]
    assert peer.accepted == 1


# Whole, and odd

LARGE = MAX_RESPONSE_BYTES + 500_000
ODD = {
    "shorter than said": (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{}", LOST, None),
    "longer than said": (
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}HTTP/1.1 500 x\r\n\r\n",
        WHOLE,
        b"{}",
    ),
    "over a megabyte": (OK + b"Content-Length: %d\r\n\r\n" % LARGE + b"x" * LARGE, WHOLE, MAX_RESPONSE_BYTES),
    "over a megabyte in chunks": (CHUNKED + b"%x\r\n" % LARGE + b"x" * LARGE, WHOLE, MAX_RESPONSE_BYTES),
    "packed": (OK + b"Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}", LOST, None),
    "packed for the way": (OK + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", EITHER, None),
    "HTTP/0.9": (b"<html>hello</html>\r\n", LOST, None),
    "HTTP/2": (b"\x00\x00\x12\x04\x00\x00\x00\x00\x00" + b"\x00" * 18, LOST, None),
    "a version that is none": (b"HTTP/x 200 OK\r\nContent-Length: 0\r\n\r\n", LOST, None),
    "a long first line": (b"HTTP/1.1 200 " + b"O" * 70_000 + b"\r\n\r\n", LOST, None),
    "a long header": (OK + b"A: " + b"b" * 70_000 + b"\r\n\r\n", LOST, None),
    "many headers": (OK + b"A: b\r\n" * 101 + b"\r\n", LOST, None),
    "no size of a chunk": (CHUNKED + b"zz\r\n{}\r\n0\r\n\r\n", LOST, None),
    "a size below zero": (CHUNKED + b"-2\r\n{}\r\n0\r\n\r\n", LOST, None),
    "a size without an end": (CHUNKED + b"1" * 70_000 + b"\r\n{}", LOST, None),
    "a chunk that is longer than said": (CHUNKED + b"1\r\n{}\r\n0\r\n\r\n", LOST, None),
    "a status without a reason": (b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\n{}", WHOLE, b"{}"),
    "no body where there is none": (b"HTTP/1.1 204 x\r\nContent-Length: 2\r\n\r\n{}", WHOLE, b""),
    "bare lines": (b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", WHOLE, b"{}"),
}


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("odd", ODD)
def test_an_odd_answer(odd, channel, reach, post):
    """An answer is given as far as it was asked for, or is lost; its rest answers no other request."""
    answer, allowed, body = ODD[odd]
    turns = iter([answer, FINE])

    def play(peer, connection):
        peer.request(connection)
        connection.sendall(next(turns))
        leave(peer, connection)

    peer, url = reach(channel, play)
    said, came = post(url)
    assert said in allowed, came
    if said == "whole" and body is not None:
        assert (came.body if isinstance(body, bytes) else len(came.body)) == body
    until(lambda: times_left(peer) or peer.ended)
    said, came = post(url)
    assert said == "whole", came
    assert came.body == b"{}"
    assert peer.accepted == 2
