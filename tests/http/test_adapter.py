import base64
import contextlib
import logging
import queue
import socket
import ssl
import threading
from ipaddress import ip_network

import pytest
import requests
import trustme

from aicore_magics.base.redact import Secret
from aicore_magics.errors import Unreachable
from aicore_magics.http import adapter, tls
from aicore_magics.http.adapter import Adapter, nothing_sent
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Basic, NoAuth, ResponseLost
from aicore_magics.http.transport import Transport
from aicore_magics.model import hosts
from tests.peers import (
    FINE,
    Peer,
    answer_with,
    drip,
    hear_for_ever,
    hear_once,
    over_tls,
    pour,
    say_and_leave,
    tunnel,
)
from tests.waiting import PATIENCE, until


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
    monkeypatch.setattr(adapter, "LONGEST_ANSWER", 1_000_000)
    peer = listen(pour(head, b"0" * 65536))
    with pytest.raises(ResponseLost):
        send(peer.url, 60)
    until(lambda: peer.ended)
    assert peer.poured < 20_000_000


def test_an_answer_that_is_far_too_long(listen, transport, monkeypatch):
    """However much of a body is asked for, no answer is longer than all that anybody needs."""
    monkeypatch.setattr(adapter, "LONGEST_ANSWER", 1_000_000)
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


# What is known to be sent


def error_of(session, url, **more):
    with pytest.raises(requests.RequestException) as caught:
        session.post(url, data=b"x", timeout=(1.5, 1.5), **more)
    return caught.value


def say_no_http(peer, connection):
    """A part: hear something, and say what is no HTTP."""
    hear_once(peer, connection)
    connection.sendall(b"x\r\n\r\n")


PARTS = {
    "silent": hear_for_ever,
    "hangs up": hear_once,
    "no HTTP": say_no_http,
    "cut": say_and_leave(OK + b"Content-Length: 9\r\n\r\n"),
}


@pytest.mark.parametrize("name", PARTS)
def test_something_sent(name, listen, session):
    """Once a connection stands, it is never said that nothing was sent."""
    assert nothing_sent(error_of(session, listen(PARTS[name]).url)) is False


@pytest.mark.parametrize("name", ["silent", "hangs up", "no HTTP"])
def test_nothing_sent_in_a_handshake(name, listen, session):
    """A TLS handshake that does not come to its end sent nothing."""
    assert nothing_sent(error_of(session, f"https://127.0.0.1:{listen(PARTS[name]).port}")) is True


def test_nothing_sent_to_nobody(session):
    """Nor did a connection that never stood: nobody listens, or no such host is known."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        assert nothing_sent(error_of(session, f"http://127.0.0.1:{held.getsockname()[1]}")) is True
    assert nothing_sent(error_of(session, "https://aicore.invalid")) is True


@pytest.fixture
def untrusted():
    """A TLS context for a server whose authority nobody knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "api.ai.example").configure_cert(context)
    return context


def test_nothing_sent_to_a_stranger(listen, session, untrusted):
    """Nor one to a server whose certificate is not trusted."""
    error = error_of(session, f"https://127.0.0.1:{listen(over_tls(untrusted)).port}")
    assert isinstance(error, requests.exceptions.SSLError)
    assert nothing_sent(error) is True


def test_nothing_sent_to_a_stranger_behind_a_proxy(listen, session, untrusted):
    """Nor one to such a server behind a proxy."""
    proxy = listen(tunnel(lambda _host: untrusted))
    error = error_of(session, "https://api.ai.example", proxies={"https": proxy.url})
    assert nothing_sent(error) is True


def test_nothing_sent_through_a_proxy_that_refuses(listen, session):
    """Nor one through a proxy that opens no tunnel."""
    refuse = say_and_leave(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
    error = error_of(session, "https://api.ai.example", proxies={"https": listen(refuse).url})
    assert nothing_sent(error) is True


def marked():
    return adapter.mark_nothing_sent(OSError("x"))


def chained(outer, *, cause=None, context=None):
    outer.__cause__, outer.__context__ = cause, context
    return outer


def test_nothing_sent_by_chain():
    """The fact is found wherever it stands in the chain of an error, and nowhere else."""
    assert nothing_sent(marked()) is True
    assert nothing_sent(ValueError("nothing sent")) is False
    assert nothing_sent(chained(ValueError(), cause=marked())) is True
    assert nothing_sent(chained(ValueError(), context=chained(OSError(), cause=marked()))) is True
    assert nothing_sent(chained(ValueError(), cause=OSError(), context=None)) is False


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
