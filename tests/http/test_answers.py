from __future__ import annotations

import base64
import contextlib
import logging

import pytest
import requests

from aicore_magics.base.redact import Secret
from aicore_magics.errors import Unreachable
from aicore_magics.http import answers, tls
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.http_session import Adapter
from aicore_magics.http.messages import Basic, NoAuth, ResponseLost
from aicore_magics.http.transport import Transport
from tests.peers import FINE, answer_with, drip, pour, say_and_leave
from tests.waiting import until

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
    context = tls.KeptContext(tls.context)
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, Adapter(context, context))
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
    monkeypatch.setattr(answers, "LONGEST_ANSWER", 1_000_000)
    peer = listen(pour(head, b"0" * 65536))
    with pytest.raises(ResponseLost):
        send(peer.url, 60)
    until(lambda: peer.ended)
    assert peer.poured < 20_000_000


def test_an_answer_that_is_far_too_long(listen, transport, monkeypatch):
    """However much of a body is asked for, no answer is longer than all that anybody needs."""
    monkeypatch.setattr(answers, "LONGEST_ANSWER", 1_000_000)
    url = listen(say_and_leave(OK + b"\r\n" + b"0" * 3_000_000)).url
    with pytest.raises(ResponseLost):
        transport.fetch("GET", url, auth=NoAuth(), deadline=Deadline(10), largest=10_000_000)
    assert (
        len(transport.fetch("GET", url, auth=NoAuth(), deadline=Deadline(10), largest=500_000).body)
        == 500_000
    )


# Answers before the final one

HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\nSet-Cookie: a=1\r\n\r\n"
INTERIM = {
    "100": b"HTTP/1.1 100 Continue\r\n\r\n",
    "102": b"HTTP/1.1 102 Processing\r\n\r\n",
    "103": HINTS,
    "104": b"HTTP/1.1 104 Upload Resumption Supported\r\nLocation: /x\r\n\r\n",
    "199": b"HTTP/1.1 199 x\r\n\r\n",
    "103 with a length": b"HTTP/1.1 103 x\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n",
    "103 that closes": b"HTTP/1.0 103 x\r\nConnection: close\r\n\r\n",
    "bare lines": b"HTTP/1.1 103 x\nA: b\n\n",
    "some": HINTS * 3 + b"HTTP/1.1 100 Continue\r\n\r\n" + HINTS,
    "many": HINTS * (answers.MOST_INTERIM - 1),
}


@pytest.mark.parametrize("interim", INTERIM.values(), ids=INTERIM)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_answers_before_the_final_one(interim, method, listen, transport):
    """An interim answer is read and left (RFC 9110, 15.2); the final one is given, with its own headers."""
    final = b"HTTP/1.1 202 Accepted\r\nX-A: b\r\nContent-Length: 2\r\n\r\n{}"
    peer = listen(answer_with(interim + final))
    for _ in range(2):
        answer = transport.send(method, peer.url, auth=NoAuth(), deadline=Deadline(20))
        assert (answer.status, answer.body) == (202, b"{}")
        assert answer.headers == {"x-a": "b", "content-length": "2"}
    assert peer.accepted == 1
    assert len(peer.requests) == 2


NOT_FINAL = {
    "101": b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n",
    "101 and an answer": b"HTTP/1.1 101 x\r\n\r\n" + FINE,
    "101 behind hints": HINTS + b"HTTP/1.1 101 x\r\n\r\n" + FINE,
    "nothing more": HINTS,
    "half a head of hints": HINTS[:-2],
    "half a line of hints": HINTS[:30],
    "too many": HINTS * answers.MOST_INTERIM + FINE,
    "too many headers": b"HTTP/1.1 103 x\r\n" + b"A: b\r\n" * 200 + b"\r\n" + FINE,
    "a header too long": b"HTTP/1.1 103 x\r\nA: " + b"b" * 70_000 + b"\r\n\r\n" + FINE,
    "no HTTP behind it": HINTS + b"SSH-2.0-OpenSSH_9.2\r\n",
}


@pytest.mark.parametrize("said", NOT_FINAL.values(), ids=NOT_FINAL)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_final_answer(said, method, listen, transport):
    """What is no final answer is none: the request may have been applied, and its answer is lost."""
    peer = listen(say_and_leave(said))
    with pytest.raises(ResponseLost):
        transport.send(method, peer.url, auth=NoAuth(), deadline=Deadline(20))
    assert (peer.accepted, len(peer.requests)) == (1, 1)


def test_interim_answers_without_an_end(listen, send):
    """A server that says nothing but interim answers is left long before the time is over."""
    peer = listen(pour(b"", HINTS * 1000))
    with pytest.raises(ResponseLost):
        send(peer.url, 60)
    until(lambda: peer.ended)
    assert peer.poured < 20_000_000


def test_hints_of_a_proxy(listen, transport, monkeypatch):
    """So it is with what a proxy says before its tunnel stands: the tunnel is used."""
    heard = []

    def play(peer, connection):
        peer.request(connection)
        connection.sendall(HINTS + b"HTTP/1.1 200 Connection established\r\n\r\n")
        heard.append(peer.more(connection))

    monkeypatch.setenv("HTTPS_PROXY", listen(play).url)
    with pytest.raises(Unreachable):
        transport.send("POST", "https://api.ai.example/x", auth=NoAuth(), deadline=Deadline(20))
    assert heard[0].startswith(b"\x16\x03")  # TLS begins


@pytest.mark.parametrize("said", [NOT_FINAL["101"], HINTS], ids=["101", "nothing more"])
def test_a_proxy_that_switches(said, listen, transport, monkeypatch):
    """Through a proxy that opens no tunnel, in whatever words, nothing was sent to the host."""
    monkeypatch.setenv("HTTPS_PROXY", listen(say_and_leave(said)).url)
    with pytest.raises(Unreachable, match="Nothing was sent"):
        transport.send("POST", "https://api.ai.example/x", auth=NoAuth(), deadline=Deadline(20))


# A head that breaks off

WHOLE = b"HTTP/1.1 200 OK\r\nX-A: b\r\n\r\n"


@pytest.mark.parametrize("length", range(len(WHOLE)))
def test_a_head_that_breaks_off(length, listen, send):
    """A head is whole once its blank line has come: before that a 200 may be half of something else."""
    with pytest.raises(ResponseLost):
        send(listen(say_and_leave(WHOLE[:length])).url, 20)


def test_a_whole_head(listen, send):
    """Once it has, an answer that closes without a length has an empty body."""
    assert send(listen(say_and_leave(WHOLE)).url, 20).body == b""


CHUNKS = CHUNKED + b"2\r\n{}\r\n0\r\nA: b\r\n\r\n"


@pytest.mark.parametrize("length", range(len(CHUNKED), len(CHUNKS) + 1))
def test_chunks_that_break_off(length, listen, send):
    """Chunks are whole once the last one, of no length, has its line; what comes behind it may be missing."""
    url = listen(say_and_leave(CHUNKS[:length])).url
    if length in (len(CHUNKS), CHUNKS.index(b"A: b"), CHUNKS.index(b"A: b") + 6):
        assert send(url, 20).body == b"{}"
    else:
        with pytest.raises(ResponseLost):
            send(url, 20)
