"""The reading of an answer: in time, not without end, whole, and only the final one.

`http.client` skips a 100, and takes every other 1xx for the answer; a head that breaks off it takes for a
whole one.
"""

from __future__ import annotations

import http.client
import io
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aicore_magics.http.deadline import Deadline

if TYPE_CHECKING:
    import socket

LONGEST_ANSWER = 64 * 1024 * 1024  # bytes of an answer with all that frames it, which no body comes near
MOST_INTERIM = (
    100  # answers before the final one; each has as many headers at most, as `http.client` reads them
)


class _TimedReader(io.RawIOBase):
    """Reads a socket until a time, and then no more."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._deadline = Deadline(sock.gettimeout() or 0.0)
        self._room = LONGEST_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._deadline.left()
        if not left:
            raise TimeoutError("the answer took too long")
        if self._room <= 0:
            raise OSError("the answer is too long")
        self._sock.settimeout(left)
        count = self._raw.readinto(buffer)
        self._room -= count or 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Lines(io.BufferedReader):
    """Gives no line that breaks off, and no end of the answer `within_head`."""

    within_head = False

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        breaks_off = not line.endswith(b"\n") and len(line) != size
        if breaks_off and (line or self.within_head):
            raise http.client.HTTPException("the answer ended too early")
        return line


class _TimedSocket:
    """As much of a socket as `http.client` needs to read an answer from it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, _mode: str) -> _Lines:
        return _Lines(_TimedReader(self._sock))


class Answer(http.client.HTTPResponse):
    """The final answer, which ends in time, without what nobody above has any use for."""

    fp: _Lines

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(_TimedSocket(sock), *args, **kwargs)  # type: ignore[arg-type]

    def begin(self) -> None:
        """Read the head."""
        self.fp.within_head = True
        super().begin()
        self.fp.within_head = False
        # A cookie would be kept, and go out with the next request, to other hosts too.
        for name in ("Set-Cookie", "Set-Cookie2"):
            del self.headers[name]
        # What cannot be parsed may be a password that the server echoes, and urllib3 would log it.
        self.headers.set_payload("")
        self.headers.defects.clear()

    def _read_status(self) -> tuple[str, int, str]:
        """The first line of the final answer: what is said before it is read, and left (RFC 9110, 15.2)."""
        for _ in range(MOST_INTERIM):
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if status // 100 != HTTPStatus.CONTINUE // 100:
                return version, status, reason
            if status == HTTPStatus.SWITCHING_PROTOCOLS:
                raise http.client.HTTPException("the server switches to a protocol that was not requested")
            http.client.parse_headers(self.fp)
        raise http.client.HTTPException("the server sends interim answers without end")
