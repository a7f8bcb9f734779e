"""Hosts on raw sockets: each hears requests, and may answer, be silent, drip, cut short or break off."""

from __future__ import annotations

import contextlib
import functools
import json
import socket
import ssl
import struct
import threading
import time
from dataclasses import dataclass
from email.utils import formatdate
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = "127.0.0.1"
_LARGEST = 1_000_000
_LONGEST_SILENCE = 60.0
_DRIP_PAUSE = 0.5
_NO_LINGER = struct.pack("ii", 1, 0)


class Asked(NamedTuple):
    """One request, as it came."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """Give the body as data."""
        return json.loads(self.body)


class Gone(Exception):
    """This connection is over."""


@dataclass(frozen=True)
class Reply:
    """An answer to be sent. *ahead*: seconds that the host's clock is ahead of this machine's."""

    status: int
    body: bytes = b""
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    ahead: float = 0.0

    def written(self) -> bytes:
        """Give the bytes of it."""
        told = {
            "Date": formatdate(time.time() + self.ahead, usegmt=True),
            "Content-Type": self.kind,
            "Content-Length": str(len(self.body)),
            **dict(self.headers),
        }
        lines = (f"{name}: {value}" for name, value in told.items())
        return "\r\n".join([f"HTTP/1.1 {self.status} -", *lines, "", ""]).encode() + self.body


class Wire:
    """One connection, from the host's end. All but `say` and `hear` end it."""

    def __init__(self, sock: socket.socket, over: threading.Event) -> None:
        self.sock = sock
        self._over = over
        self.raw = b""

    def hear(self) -> Asked:
        """Give the next request. Raises Gone if the client has left."""
        heard = self._more(b"")
        while b"\r\n\r\n" not in heard:
            heard = self._more(heard)
        head, _, body = heard.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
        }
        while len(body) < int(headers.get("content-length", 0)):
            body = self._more(body)
        method, path, _ = (*first.split(" ", 2), "", "")[:3]
        return Asked(method, path, headers, body)

    def _more(self, heard: bytes) -> bytes:
        try:
            more = b"" if len(heard) > _LARGEST else self.sock.recv(65536)
        except TimeoutError:
            self.reset()
        if not more:
            raise Gone
        self.raw += more
        return heard + more

    def say(self, reply: Reply) -> None:
        """Send *reply*; the connection stays."""
        self.sock.sendall(reply.written())

    def close(self) -> None:
        """End it in order, without another word."""
        raise Gone

    def reset(self) -> NoReturn:
        """End it with a reset."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        raise Gone

    def silence(self) -> None:
        """Say nothing until the host closes."""
        self._over.wait(_LONGEST_SILENCE)
        raise Gone

    def cut(self, reply: Reply) -> None:
        """Send all of *reply* but its end."""
        self.sock.sendall(reply.written()[: -len(reply.body) // 2])
        raise Gone

    def drip(self, reply: Reply) -> None:
        """Send *reply* so slowly that it never ends, though never a second goes by without a byte."""
        for byte in reply.written():
            self.sock.sendall(bytes([byte]))
            if self._over.wait(_DRIP_PAUSE):
                break
        raise Gone


class Host:
    """Listens on this machine and lets *play* answer each request; *bytes* is all that it ever heard."""

    def __init__(
        self, play: Callable[[Wire, Asked], None], *, tls: bool = False, idle: float = _LONGEST_SILENCE
    ) -> None:
        self._play = play
        self._idle = idle
        self._tls = _certificate() if tls else None
        self._over = threading.Event()
        self._wires: list[tuple[socket.socket, Wire]] = []
        self._listener = socket.create_server((HERE, 0), backlog=64)
        self.url = f"{'https' if tls else 'http'}://{HERE}:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def bytes(self) -> bytes:
        """All that was heard on every connection."""
        return b"".join(wire.raw for _, wire in self._wires)

    def close(self) -> None:
        """Stop listening, and end every connection."""
        self._over.set()
        for sock in (self._listener, *(sock for sock, _ in self._wires)):
            with contextlib.suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        self._listener.close()

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            wire = Wire(sock, self._over)
            self._wires.append((sock, wire))
            thread = threading.Thread(target=self._talk, args=(sock, wire), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _talk(self, sock: socket.socket, wire: Wire) -> None:
        with contextlib.suppress(Gone, OSError, ValueError), contextlib.ExitStack() as ends:
            ends.enter_context(sock)
            sock.settimeout(self._idle)
            if self._tls:
                wire.sock = ends.enter_context(self._tls.wrap_socket(sock, server_side=True))
            while not self._over.is_set():
                self._play(wire, wire.hear())


class Nobody:
    """A port of this machine that refuses connections, or with *full* never answers one."""

    def __init__(self, *, full: bool = False) -> None:
        self._sockets = [socket.socket()]
        self._sockets[0].bind((HERE, 0))
        port = self._sockets[0].getsockname()[1]
        self.url = f"http://{HERE}:{port}"
        if full:
            self._sockets[0].listen(0)
            # More than the kernel takes without being asked to accept: it drops what comes after.
            for _ in range(4):
                self._sockets.append(socket.socket())
                self._sockets[-1].setblocking(False)
                self._sockets[-1].connect_ex((HERE, port))

    def close(self) -> None:
        """Give the port back."""
        for each in self._sockets:
            each.close()


@functools.cache
def _certificate() -> ssl.SSLContext:
    """A certificate that nobody has reason to trust."""
    import trustme

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(HERE).configure_cert(context)
    return context
