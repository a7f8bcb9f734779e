"""Servers on this machine that a test scripts: each counts and keeps what it hears, and ends when closed.

A *part* is what a `Peer` plays on a connection: `part(peer, connection)`. It ends when it returns, when the
client leaves, after `PEER_SECONDS` without a word, or when the peer is stopped.
"""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import struct
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = "127.0.0.1"
PEER_SECONDS = 20  # without a word, far more than any test needs
FINE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
RESET = struct.pack("ii", 1, 0)


class Peer:
    """A listener that plays *part* on each connection, one after the other, or all *at_once*.

    `accepted` counts the connections, `ended` those that are over, and `gave_up` those of them that the peer
    itself ended, because nothing came for so long. `heard` is every byte that came, `requests` each request.
    """

    def __init__(self, part=None, *, at_once=False):
        self.part = part or answer_with(FINE)
        self.accepted, self.ended, self.gave_up = 0, 0, 0
        self.heard, self.requests, self.poured = b"", [], 0
        self.over = threading.Event()
        self._at_once = at_once
        self._open = set()
        self._talks = []
        self._listener = socket.create_server((HERE, 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.address = f"{HERE}:{self.port}"
        self.url = f"http://{self.address}"
        self._thread = threading.Thread(target=self._run, name="peer", daemon=True)
        self._thread.start()

    def more(self, connection):
        """Hear something. Raises ConnectionAbortedError if the client has left."""
        heard = connection.recv(65536)
        if not heard:
            raise ConnectionAbortedError("the client has left")
        self.heard += heard
        return heard

    def request(self, connection):
        """Hear one whole request, and give it. Raises ConnectionAbortedError if the client has left."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += self.more(connection)
        head = heard.partition(b"\r\n\r\n")[0]
        length = re.search(rb"\r\ncontent-length: ([0-9]+)", head.lower())
        whole = len(head) + 4 + int(length[1] if length else 0)
        while len(heard) < whole:
            heard += self.more(connection)
        self.requests.append(heard)
        return heard

    def stop(self):
        """Stop listening, end what is still played, and wait for that. A second call does nothing."""
        self.over.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        for connection in tuple(self._open):
            with contextlib.suppress(OSError):
                # The plain one: that of a TLS socket would pull the rug from under its thread.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
        for thread in (self._thread, *self._talks):
            thread.join(PEER_SECONDS)
        self._listener.close()

    close = stop

    def _run(self):
        while not self.over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.accepted += 1
            if self._at_once:
                self._talks.append(threading.Thread(target=self._talk, args=(connection,), daemon=True))
                self._talks[-1].start()
            else:
                self._talk(connection)

    @contextlib.contextmanager
    def holding(self, connection):
        """Let *connection* end with this peer, and with the block."""
        self._open.add(connection)
        try:
            with connection:
                yield connection
        finally:
            self._open.discard(connection)

    def _talk(self, connection):
        try:
            with self.holding(connection):
                connection.settimeout(PEER_SECONDS)
                if not self.over.is_set():
                    self.part(self, connection)
        except TimeoutError:
            self.gave_up += 1
        except OSError:
            pass  # a client may leave as it likes
        self.ended += 1


# Parts


def answer_with(*answers):
    """Give each request on a connection the next answer, the last one for ever."""

    def play(peer, connection):
        for turn in range(1000):
            peer.request(connection)
            connection.sendall(answers[min(turn, len(answers) - 1)])

    return play


def answer_by(make):
    """Give each request the answer that *make* makes of it, and no second one on its connection."""

    def play(peer, connection):
        answer = make(peer.request(connection))
        connection.sendall(answer.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))

    return play


def say_and_leave(answer):
    """Hear the request, say *answer*, and close."""

    def play(peer, connection):
        peer.request(connection)
        connection.sendall(answer)

    return play


def say_to_anything(answer):
    """Hear something, which need be no request, say *answer*, and close."""

    def play(peer, connection):
        peer.more(connection)
        connection.sendall(answer)

    return play


def pour(head, piece=b"x" * 65536):
    """Hear the request, say *head*, then *piece* again and again, as long as somebody listens.

    `peer.poured` counts the bytes.
    """

    def play(peer, connection):
        peer.request(connection)
        connection.sendall(head)
        while not peer.over.is_set():
            connection.sendall(piece)
            peer.poured += len(piece)

    return play


def drip(head, piece, tail=b"", *, pieces, pause=0.005, tick=lambda: None):
    """Hear each request, say *head*, then so many times *piece*, and *tail*.

    Behind each piece there is a *pause*, and *tick* is called.
    """

    def play(peer, connection):
        while True:
            peer.request(connection)
            connection.sendall(head)
            for _ in range(pieces):
                connection.sendall(piece)
                tick()
                if peer.over.wait(pause):
                    return
            connection.sendall(tail)

    return play


def hear_for_ever(peer, connection):
    """Hear everything, and never say a word."""
    while True:
        peer.more(connection)


def hear_once(peer, connection):
    """Hear something, and close."""
    peer.more(connection)


def hear_and_reset(peer, connection):
    """Hear the request, then break the connection."""
    peer.request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def over_tls(context, part=None):
    """Play the same behind TLS."""
    inner = part or answer_with(FINE)

    def play(peer, connection):
        wrapped = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        with peer.holding(wrapped):
            try:
                wrapped.do_handshake()
            except ssl.SSLError:
                # The refusal is on its way; it would be lost if what the client says were not heard.
                with peer.holding(socket.socket(fileno=wrapped.detach())) as bare:
                    bare.settimeout(PEER_SECONDS)
                    while bare.recv(65536):
                        pass
            else:
                inner(peer, wrapped)

    return play


def tunnel(contexts, part=None):
    """Play a proxy that opens a tunnel, and the host at its other end, behind TLS with *contexts* of it."""

    def play(peer, connection):
        host = peer.request(connection).split()[1].decode().partition(":")[0]
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        over_tls(contexts(host), part)(peer, connection)

    return play


# Servers that know HTTP


class HttpServer(ThreadingHTTPServer):
    """Lets *conversation* answer on a free port of *host*, each connection in a thread of its own.

    With *context* it speaks TLS: a handshake that fails does so in the thread of its connection.
    """

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, conversation, host=HERE, *, context=None):
        super().__init__((host, 0), conversation)
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.address = "{}:{}".format(*self.server_address)
        self._thread = threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()

    def handle_error(self, request, client_address):
        """Keep quiet: clients leave as they like, in the middle of a handshake too."""

    def stop(self):
        """Stop listening, and wait for the end of it."""
        self.shutdown()
        self.server_close()
        self._thread.join(PEER_SECONDS)


class Quiet(BaseHTTPRequestHandler):
    """A conversation over kept connections that logs nothing."""

    protocol_version = "HTTP/1.1"
    timeout = PEER_SECONDS

    def log_message(self, *args):
        """Print nothing: what was asked is remembered by whoever answers."""
