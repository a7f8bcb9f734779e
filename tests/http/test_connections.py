from __future__ import annotations

import contextlib
import queue
import socket
import threading
from ipaddress import ip_network

import pytest

from aicore_magics.errors import Unreachable
from aicore_magics.http import connections
from aicore_magics.http.connections import CONNECT_LIMIT, SHORTEST, Until
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import NoAuth
from aicore_magics.http.transport import Transport
from aicore_magics.model import hosts
from tests.peers import FINE, answer_with
from tests.waiting import PATIENCE


@pytest.fixture
def send():
    """Send a GET and give the answer."""
    with contextlib.closing(Transport()) as transport:
        yield lambda url, seconds: transport.send("GET", url, auth=NoAuth(), deadline=Deadline(seconds))


def test_a_name_that_leads_to_a_forbidden_address(listen, send, monkeypatch):
    """Whatever a name leads to is looked at once the connection stands: not one byte is sent there."""
    heard = queue.Queue()
    peer = listen(lambda _peer, connection: heard.put(connection.recv(1)))
    monkeypatch.setattr(hosts, "FORBIDDEN", (ip_network("127.0.0.0/8"),))
    with pytest.raises(Unreachable, match=r"never contacted.*Nothing was sent") as caught:
        send(f"http://localhost:{peer.port}/", 5)
    assert not caught.value.again
    assert heard.get(timeout=PATIENCE) == b""


def test_a_literal_address_is_not_even_connected_to(listen, send, monkeypatch):
    """What is seen to be forbidden by its spelling sees no connection."""
    peer = listen(lambda *_: None)
    monkeypatch.setattr(hosts, "FORBIDDEN", (ip_network("127.0.0.0/8"),))
    with pytest.raises(Unreachable, match="never contacted"):
        send(peer.url, 5)
    assert peer.accepted == 0


# One time limit over all that makes a connection


def test_a_silent_dns(send, monkeypatch):
    """A DNS that does not answer is waited for as long as there is time, and no longer."""
    over, find = threading.Event(), socket.getaddrinfo

    def silent(*args, **more):
        over.wait(PATIENCE)
        return find(*args, **more)

    monkeypatch.setattr(socket, "getaddrinfo", silent)
    try:
        with pytest.raises(Unreachable, match=r"was not found in time \(DNS\)\. Nothing was sent"):
            send("http://api.ai.example/", 0.1)
    finally:
        over.set()


@pytest.fixture
def leads_to(monkeypatch):
    """Let every name lead to some addresses; what is an address already leads to itself."""
    find = socket.getaddrinfo

    def leads_to(*addresses):
        def found(host, *args, **more):
            named = addresses if host == "many.example" else (host,)
            return [one for address in named for one in find(address, *args, **more)]

        monkeypatch.setattr(socket, "getaddrinfo", found)

    return leads_to


def test_several_addresses(listen, send, leads_to, clock, monkeypatch):
    """Each address gets its share of the time, and the last one all that is left."""
    peer, tried, connect = listen(), [], socket.socket.connect

    def slow(self, address):
        tried.append((address[0], self.gettimeout()))
        if address[0] != "127.0.0.1":
            clock.now += self.gettimeout()
            raise TimeoutError("timed out")
        connect(self, address)

    leads_to("127.0.0.2", "127.0.0.3", "127.0.0.1")
    monkeypatch.setattr(socket.socket, "connect", slow)
    assert send(f"http://many.example:{peer.port}/", 6).status == 200
    shares = [("127.0.0.2", 2), ("127.0.0.3", 2), ("127.0.0.1", 2)]
    assert [(address, pytest.approx(limit)) for address, limit in tried] == shares


def test_no_address_answers(send, leads_to, clock, monkeypatch):
    """However many addresses there are, together they get no more time than one."""
    begin = clock.now

    def slow(self, _address):
        clock.now += self.gettimeout()
        raise TimeoutError("timed out")

    leads_to(*(f"127.0.0.{number}" for number in range(1, 9)))
    monkeypatch.setattr(socket.socket, "connect", slow)
    with pytest.raises(Unreachable, match="does not answer"):
        send("https://many.example/", 30)
    assert clock.now - begin == pytest.approx(CONNECT_LIMIT)


def test_a_refusal_and_an_answer(listen, send, leads_to):
    """A host of which one address refuses is reached by the other."""
    leads_to("127.0.0.2", "127.0.0.1")
    assert send(f"http://many.example:{listen().port}/", 20).status == 200


def test_a_connection_that_stands_too_late(listen, send, clock, monkeypatch):
    """Nothing is sent on a connection that stands when the time is over."""
    peer, connect = listen(), socket.socket.connect

    def slow(self, address):
        connect(self, address)
        clock.now += CONNECT_LIMIT

    monkeypatch.setattr(socket.socket, "connect", slow)
    with pytest.raises(Unreachable, match="does not answer\\. Nothing was sent"):
        send(peer.url, 30)
    assert not peer.heard


def test_a_tunnel_that_stands_too_late(listen, send, clock, monkeypatch):
    """The time of a tunnel counts for the handshake behind it: none is left here."""
    limits = []

    def play(peer, connection):
        peer.request(connection)
        clock.now += CONNECT_LIMIT
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        while True:
            peer.more(connection)

    set_limit = socket.socket.settimeout
    monkeypatch.setattr(
        socket.socket, "settimeout", lambda self, limit: limits.append(limit) or set_limit(self, limit)
    )
    monkeypatch.setenv("HTTPS_PROXY", listen(play).url)
    with pytest.raises(Unreachable, match="Nothing was sent"):
        send("https://api.ai.example/", 30)
    assert SHORTEST in limits


def test_what_is_left(clock):
    """To urllib3 each limit is what is left of the whole by then, and never 0, which means not to wait."""
    until = Until(Deadline(30))
    assert until.clone() is until
    assert (until.connect_timeout, until.read_timeout) == (CONNECT_LIMIT, 30)
    clock.now += 25
    assert (until.connect_timeout, until.read_timeout) == (5, 5)
    clock.now += 25
    assert (until.connect_timeout, until.read_timeout) == (SHORTEST, SHORTEST)


@pytest.mark.parametrize("seconds", [3e6, 1e12, float("inf")])
def test_more_time_than_a_socket_takes(seconds, listen, send):
    """A time limit that no socket takes is as good as the longest one that it does."""
    assert send(listen().url, seconds).status == 200


def test_reading_has_what_connecting_left(listen, send, clock, monkeypatch):
    """An answer is read in the time that making the connection has left."""
    peer, limits = listen(answer_with(FINE)), []
    connect = socket.socket.connect

    def slow(self, address):
        connect(self, address)
        clock.now += 4

    class Noted(connections.Answer):
        def __init__(self, sock, *args, **more):
            limits.append(sock.gettimeout())
            super().__init__(sock, *args, **more)

    monkeypatch.setattr(socket.socket, "connect", slow)
    monkeypatch.setattr(connections.POOLS["http"].ConnectionCls, "response_class", Noted)
    assert send(peer.url, 6).status == 200
    assert limits == [2]
