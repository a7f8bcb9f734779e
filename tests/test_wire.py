import contextlib
import queue
import socket
import ssl
import threading
import time
from ipaddress import ip_network

import pytest
import requests
import trustme

from aicore_magics import tls, wire
from aicore_magics.authorization import NoAuth
from aicore_magics.errors import Unreachable
from aicore_magics.exchange import AnswerLost
from aicore_magics.timing import Deadline
from aicore_magics.transport import Transport
from aicore_magics.wire import Adapter, nothing_sent

FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


class Listener:
    """A listener that gives each connection to *play*, one after the other, and counts them."""

    def __init__(self, play):
        self._play = play
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.accepted = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            connection, _ = self._listener.accept()
            with connection:
                if self._over.is_set():
                    return
                self.accepted += 1
                connection.settimeout(3)
                with contextlib.suppress(OSError):
                    self._play(connection)

    def stop(self):
        """Stop listening."""
        self._over.set()
        socket.create_connection(("127.0.0.1", self.port), 3).close()
        self._thread.join(5)
        self._listener.close()


@pytest.fixture
def listen():
    """Start listeners, and stop them at the end."""
    with contextlib.ExitStack() as stack:

        def listen(play):
            made = Listener(play)
            stack.callback(made.stop)
            return made

        yield listen


@pytest.fixture
def send():
    """Send a GET and give the answer."""
    with contextlib.closing(Transport()) as transport:
        yield lambda url, seconds: transport.send("GET", url, auth=NoAuth(), deadline=Deadline(seconds))


@pytest.fixture
def session():
    """A session of requests that sends with our adapter, and trusts nobody special."""
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, Adapter(tls.context, tls.context))
        yield session


def hear(connection):
    """Hear one request without a body. Raises ConnectionAbortedError if the client has left."""
    heard = b""
    while not heard.endswith(b"\r\n\r\n"):
        more = connection.recv(65536)
        if not more:
            raise ConnectionAbortedError("the client has left")
        heard += more


def drip(head, piece, tail=b"", pieces=40, pause=0.03):
    """A part: say *head*, then *piece* again and again, then *tail*."""

    def play(connection):
        while True:
            hear(connection)
            connection.sendall(head)
            for _ in range(pieces):
                connection.sendall(piece)
                time.sleep(pause)
            connection.sendall(tail)

    return play


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
def test_drips_end_in_time(head, piece, tail, listen, send):
    """An answer that drips ends when its time does, wherever it drips."""
    url = listen(drip(head, piece, tail)).url
    begin = time.monotonic()
    with pytest.raises(AnswerLost):
        send(url, 0.25)
    assert 0.2 < time.monotonic() - begin < 0.7


@pytest.mark.parametrize("name", [name for name in DRIPS if name != "body of no length"])
def test_drips_that_end_before(name, listen, send):
    """An answer that drips and ends before its time is as good as any."""
    head, piece, tail = DRIPS[name]
    listener = listen(drip(head, piece, tail, pieces=40, pause=0.002))
    assert [send(listener.url, 5).status for _ in range(2)] == [200, 200]
    assert listener.accepted == 1


def test_each_answer_has_its_own_time(listen, send):
    """A kept connection carries the next call with a time of its own: neither more nor less than it has."""

    def play(connection):
        for pause in (0.15, 0.15, 0.15, 0.6):
            hear(connection)
            time.sleep(pause)
            connection.sendall(FINE)

    listener = listen(play)
    assert [send(listener.url, 0.3).status for _ in range(3)] == [200] * 3
    begin = time.monotonic()
    with pytest.raises(AnswerLost):
        send(listener.url, 0.2)
    assert time.monotonic() - begin < 0.5
    assert listener.accepted == 1


def test_a_short_time_is_not_kept(listen, send):
    """A call that had little time left does not shorten that of the next one on its connection."""

    def play(connection):
        for pause in (0, 0.4):
            hear(connection)
            time.sleep(pause)
            connection.sendall(FINE)

    listener = listen(play)
    assert send(listener.url, 0.2).status == 200
    assert send(listener.url, 5).status == 200
    assert listener.accepted == 1


# What is known to be sent


def error_of(session, url, **more):
    with pytest.raises(requests.RequestException) as caught:
        session.post(url, data=b"x", timeout=(0.3, 0.3), **more)
    return caught.value


def part(name):
    def cut(connection):
        hear(connection)
        connection.sendall(OK + b"Content-Length: 9\r\n\r\n")

    return {
        "silent": lambda connection: connection.recv(65536) and time.sleep(0.6),
        "hangs up": lambda connection: connection.recv(65536),
        "no HTTP": lambda connection: connection.recv(65536) and connection.sendall(b"x\r\n\r\n"),
        "cut": cut,
    }[name]


@pytest.mark.parametrize("name", ["silent", "hangs up", "no HTTP", "cut"])
def test_something_sent(name, listen, session):
    """Once a connection stands, it is never said that nothing was sent."""
    assert nothing_sent(error_of(session, listen(part(name)).url)) is False


@pytest.mark.parametrize("name", ["silent", "hangs up", "no HTTP"])
def test_nothing_sent_in_a_handshake(name, listen, session):
    """A TLS handshake that does not come to its end sent nothing."""
    assert nothing_sent(error_of(session, f"https://127.0.0.1:{listen(part(name)).port}")) is True


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


def handshake(context):
    def play(connection):
        with context.wrap_socket(connection, server_side=True) as wrapped:
            hear(wrapped)

    return play


def test_nothing_sent_to_a_stranger(listen, session, untrusted):
    """Nor one to a server whose certificate is not trusted."""
    error = error_of(session, f"https://127.0.0.1:{listen(handshake(untrusted)).port}")
    assert isinstance(error, requests.exceptions.SSLError)
    assert nothing_sent(error) is True


def tunnel(play):
    """A part: a proxy that opens a tunnel and is the host behind it, too."""

    def through(connection):
        hear(connection)
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        play(connection)

    return through


def test_nothing_sent_to_a_stranger_behind_a_proxy(listen, session, untrusted):
    """Nor one to such a server behind a proxy."""
    proxy = listen(tunnel(handshake(untrusted)))
    error = error_of(session, "https://api.ai.example", proxies={"https": proxy.url})
    assert nothing_sent(error) is True


def test_nothing_sent_through_a_proxy_that_refuses(listen, session):
    """Nor one through a proxy that opens no tunnel."""

    def refuse(connection):
        hear(connection)
        connection.sendall(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")

    error = error_of(session, "https://api.ai.example", proxies={"https": listen(refuse).url})
    assert nothing_sent(error) is True


def marked():
    error = OSError("x")
    error._aicore_magics_nothing_sent = True
    return error


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


NEVER = [
    "169.254.169.254",
    "[fe80::1]",
    "fe80::1%eth0",
    "::ffff:169.254.169.254",
    "fd00:ec2::254",
    "100.100.100.200",
    "metadata.google.internal",
    "METADATA.google.internal.",
]
MAYBE = ["127.0.0.1", "::1", "10.0.0.1", "ghcr.io", "169.254.example", "100.100.100.201"]


@pytest.mark.parametrize("host", NEVER)
def test_hosts_that_are_never_asked(host):
    """Link-local addresses and the metadata services of clouds, in every spelling."""
    assert wire.is_forbidden(host)


@pytest.mark.parametrize("host", MAYBE)
def test_hosts_that_may_be_asked(host):
    """Everything else may be asked, private addresses too."""
    assert not wire.is_forbidden(host)


def test_a_name_that_leads_to_a_forbidden_address(listen, send, monkeypatch):
    """Whatever a name leads to is looked at once the connection stands: not one byte is sent there."""
    heard = queue.Queue()
    peer = listen(lambda connection: heard.put(connection.recv(1)))
    monkeypatch.setattr(wire, "FORBIDDEN", (ip_network("127.0.0.0/8"),))
    with pytest.raises(Unreachable, match=r"never asked.*Nothing was sent") as caught:
        send(f"http://localhost:{peer.port}/", 5)
    assert not caught.value.again
    assert heard.get(timeout=5) == b""


def test_a_literal_address_is_not_even_connected_to(listen, send, monkeypatch):
    """What is seen to be forbidden by its spelling sees no connection."""
    peer = listen(lambda connection: None)
    monkeypatch.setattr(wire, "FORBIDDEN", (ip_network("127.0.0.0/8"),))
    with pytest.raises(Unreachable, match="never asked"):
        send(peer.url, 5)
    assert peer.accepted == 0
