"""One client on the line: reads its HTTP/1.1 requests, and sends the answers until it leaves."""

from __future__ import annotations

import contextlib
import os
import re
import socket
import socketserver
import struct
import time
from dataclasses import replace
from email.message import Message
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Protocol

from aicore_magics.sandbox.exchange import Answer, Refusal, Request
from aicore_magics.sandbox.tls import serial_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from threading import Event

LARGEST_BODY = 2 * 1024 * 1024
HEAR_OUT_SECONDS = 2.0

# Closing a socket with this set resets the connection: the other side gets no answer and no polite end.
_RESET = struct.pack("hh" if os.name == "nt" else "ii", 1, 0)
_LENGTH = re.compile(r"[0-9]{1,15}")


class Application(Protocol):
    """What stands behind the sockets."""

    def answer(self, request: Request) -> Answer | None:
        """Give the answer, or None to break the connection."""

    def refuse(self, request: Request, refusal: Refusal) -> Answer:
        """Give the answer to a request whose body is not read."""


class Host(socketserver.TCPServer):
    """What a conversation needs of the server that it is held for."""

    application: Application
    stopping: Event


class Conversation(BaseHTTPRequestHandler):
    """Talks to one client until it leaves."""

    protocol_version = "HTTP/1.1"
    timeout = 60.0  # an idle connection, or a body that never comes
    # Without it, a small answer waits 40 ms for the client's delayed acknowledgement.
    disable_nagle_algorithm = True
    server: Host
    abrupt = False  # the end of the line comes without politeness
    answers = 0

    def converse(self) -> None:
        """Read one request and answer it."""
        # The request line, not self.path: the library has already tidied that one.
        path, _, query = self.requestline.split()[1].partition("?")
        certificate = serial_of(self.connection)
        request = Request(self.command, path, query, self.headers, certificate=certificate)
        application = self.server.application
        try:
            request = replace(request, body=self._body())
        except Refusal as refusal:
            self.close_connection = True
            self._send(application.refuse(request, refusal))
        else:
            self._send(application.answer(request))

    # The names by which the library calls.
    do_DELETE = do_GET = do_HEAD = do_OPTIONS = do_PATCH = do_POST = do_PUT = converse  # noqa: N815

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Refuse what is no HTTP. *message* and *explain* quote the client, so they are not passed on."""
        del message, explain
        self.close_connection = True
        reason = self.responses.get(code, ("Bad request", ""))[0]
        request = Request(self.command or "", "", "", Message())
        self._send(self.server.application.refuse(request, Refusal(code, reason)))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own name
        """Stay silent."""

    def finish(self) -> None:
        """Part politely, unless the end is to be abrupt."""
        super().finish()
        if not self.abrupt:
            shut_down_and_drain(self.connection)

    def _body(self) -> bytes:
        length = self._length()
        if length > LARGEST_BODY:
            raise Refusal(413, "The body is too large")
        body = self.rfile.read(length)
        if len(body) < length:
            raise ConnectionAbortedError("the client left in the middle of a body")
        return body

    def _length(self) -> int:
        lengths = self.headers.get_all("Content-Length", [])
        if "Transfer-Encoding" in self.headers or (not lengths and self.command in ("PATCH", "POST", "PUT")):
            raise Refusal(411, "Content-Length is required")
        if len(set(lengths)) > 1 or not all(map(_LENGTH.fullmatch, lengths)):
            raise Refusal(400, "Invalid Request, Content-Length is not one number")
        return int(lengths[0]) if lengths else 0

    def _send(self, answer: Answer | None) -> None:
        if answer is None:
            self.close_connection = self.abrupt = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            return
        self.close_connection = self.close_connection or answer.cut
        body = b"" if self.command == "HEAD" else answer.body
        self._write(self._head(answer) + body[: len(body) // 2 if answer.cut else None], answer.drip)
        self.answers += 1
        if 0 < answer.close_after <= self.answers and not self.close_connection:
            self.close_connection = self.abrupt = True

    def _write(self, message: bytes, drip: float) -> None:
        # One write: head and body leave in one packet.
        step = 1 if drip else len(message)
        for start in range(0, len(message), step):
            if start and self.server.stopping.wait(drip):
                raise ConnectionAbortedError("the sandbox stopped in the middle of an answer")
            self.wfile.write(message[start : start + step])

    def _head(self, answer: Answer) -> bytes:
        lines = [f"{name}: {value}" for name, value in self._headers(answer)]
        reason = self.responses.get(answer.status, ("", ""))[0]
        return "\r\n".join([f"HTTP/1.1 {answer.status} {reason}", *lines, "", ""]).encode(
            "latin-1", "replace"
        )

    def _headers(self, answer: Answer) -> Iterator[tuple[str, str]]:
        yield "Date", self.date_time_string()
        yield "Content-Type", answer.content_type
        yield "Content-Length", str(len(answer.body))
        yield from answer.headers
        if self.close_connection:
            yield "Connection", "close"


def shut_down_and_drain(connection: socket.socket) -> None:
    """Part politely: closing while the client still sends would take our last word away from it."""
    end = time.monotonic() + HEAR_OUT_SECONDS
    with contextlib.suppress(OSError):
        connection.settimeout(HEAR_OUT_SECONDS)
        connection.shutdown(socket.SHUT_WR)
        while time.monotonic() < end and connection.recv(65536):
            pass
