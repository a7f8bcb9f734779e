"""How bytes travel: a `requests` adapter with one TLS context, and an end to every answer.

The time limit of `requests` is one for each read, so a server that drips holds it for ever. Here each read
gets what is left of the whole, and the answer ends when its time does. Of its head the layers above see only
what they may: no cookie, and nothing that could not be parsed.
"""

from __future__ import annotations

import functools
import http.client
import io
import time
from typing import TYPE_CHECKING, Any

import urllib3.exceptions
from requests.adapters import HTTPAdapter
from requests.exceptions import InvalidProxyURL, InvalidSchema
from requests.utils import select_proxy
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from aicore_magics.model.hosts import is_forbidden

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable

NEVER_ASKED = "is never asked: it is a link-local address or a cloud's metadata service"

_ROOM = 256  # connections that are kept for one host: checks run side by side
_HOSTS = 64  # for which any are kept
LONGEST_ANSWER = 64 * 1024 * 1024  # bytes of an answer with all that frames it, which no body comes near

_MARK = "_aicore_magics_nothing_sent"
_TROUBLE = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError)


class Adapter(HTTPAdapter):
    """Sends with one TLS context, made at the first https request; nobody else's certificate is in it."""

    def __init__(
        self, make_context: Callable[[], ssl.SSLContext], make_proxy_context: Callable[[], ssl.SSLContext]
    ) -> None:
        self._context = functools.cache(make_context)
        self._proxy_context = functools.cache(make_proxy_context)
        super().__init__(pool_connections=_HOSTS, pool_maxsize=_ROOM)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools whose answers end."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Give the same pools behind *proxy*; a client certificate is not shown to the proxy itself."""
        if proxy.lower().startswith("https"):
            kwargs["proxy_ssl_context"] = self._proxy_context()
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = _POOLS
        return manager

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """Give the pool for *request*. Raises InvalidProxyURL if the proxy's address is at fault."""
        try:
            return super().get_connection_with_tls_context(request, verify, proxies=proxies, cert=cert)
        except (urllib3.exceptions.LocationValueError, InvalidSchema, UnicodeError):
            if not select_proxy(request.url, proxies):
                raise
        raise InvalidProxyURL("the proxy has no address that can be reached")

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Give the pool's key: host and our context; *verify* and *cert* are in it already."""
        host, _ = super().build_connection_pool_key_attributes(request, verify=True, cert=None)
        return host, {"ssl_context": self._context()} if host["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave *conn* as it is: its context verifies, and a CA file set here would be loaded each time."""


class ForbiddenAddress(urllib3.exceptions.NewConnectionError):
    """The host has an address that is never asked. It was connected to, and not one byte was sent."""


class NoAddress(urllib3.exceptions.NewConnectionError):
    """The host cannot be one: the rules of DNS do not allow its name."""


def nothing_sent(error: BaseException) -> bool:
    """Whether *error*, or one that it came from, arose before a connection stood: then nothing was sent."""
    # Behind a proxy urllib3 wraps without raising: then the cause leads nowhere, and the context does.
    found = getattr(error, _MARK, False)
    return found or any(nothing_sent(each) for each in (error.__cause__, error.__context__) if each)


def mark_nothing_sent(error: Exception) -> Exception:
    """Give *error* with the one fact that the layers above lose: that it was the connection that failed."""
    setattr(error, _MARK, True)
    return error


class _TimedReader(io.RawIOBase):
    """Reads a socket until a time, and then no more."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._end = time.monotonic() + (sock.gettimeout() or 0.0)
        self._room = LONGEST_ANSWER

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
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


class _TimedSocket:
    """As much of a socket as `http.client` needs to read an answer from it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock))


class _Response(http.client.HTTPResponse):
    """Ends in time, and keeps to itself what nobody above has any use for."""

    def __init__(self, sock: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(_TimedSocket(sock), *args, **kwargs)  # type: ignore[arg-type]

    def begin(self) -> None:
        super().begin()
        # A cookie would be kept, and go out with the next request, to other hosts too.
        for name in ("Set-Cookie", "Set-Cookie2"):
            del self.headers[name]
        # What cannot be parsed may be a password that the server echoes, and urllib3 would log it.
        self.headers.set_payload("")
        self.headers.defects.clear()


def _marking(connect: Callable[[Any], None]) -> Callable[[Any], None]:
    """Give *connect* with its errors marked."""

    def marked(self: Any) -> None:
        try:
            connect(self)
        except _TROUBLE as error:
            raise mark_nothing_sent(error) from error.__cause__

    return marked


class _Watched(HTTPConnection):
    """Looks where it has come to, before a byte is sent: whatever name or DNS answer led there."""

    # Whoever switches on http.client's own debug output sees every password in it, but none of ours.
    debuglevel = 0

    def _new_conn(self) -> socket.socket:
        try:
            sock = super()._new_conn()
        except (urllib3.exceptions.LocationValueError, UnicodeError) as error:
            # As one of its own kinds: urllib3 lets the others through as they are, and knows no proxy then.
            raise NoAddress(self, "no host name") from error
        # With a proxy on the way, the other end is the proxy.
        if self.proxy is None and is_forbidden(sock.getpeername()[0]):
            sock.close()
            raise ForbiddenAddress(self, NEVER_ASKED)
        return sock


class _Connection(_Watched):
    response_class = _Response
    connect = _marking(HTTPConnection.connect)


class _TLSConnection(_Watched, HTTPSConnection):
    response_class = _Response
    connect = _marking(HTTPSConnection.connect)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


_POOLS = {"http": _Pool, "https": _TLSPool}
