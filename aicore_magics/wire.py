"""How bytes travel: a `requests` adapter with one TLS context, and an end to every answer.

The time limit of `requests` is one for each read, so a server that drips holds it for ever. Here each read
gets what is left of the whole, and the answer ends when its time does.
"""

from __future__ import annotations

import functools
import http.client
import io
import time
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any

import urllib3.exceptions
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable


# Where a cloud keeps what only its own machines may read: link-local addresses, and the metadata services
# that have others (AWS over IPv6, Alibaba, Oracle). No AI Core and no registry is there.
_LINK_LOCAL = ("169.254.0.0/16", "fe80::/10")
_METADATA = ("fd00:ec2::254/128", "100.100.100.200/32", "192.0.0.192/32")
FORBIDDEN = tuple(map(ip_network, (*_LINK_LOCAL, *_METADATA)))
_METADATA_NAMES = frozenset({"metadata.google.internal", "metadata.goog", "metadata"})
NEVER_ASKED = "is never asked: it is a link-local address or a cloud's metadata service"

_MARK = "_aicore_magics_nothing_sent"
_TROUBLE = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError)


class Adapter(HTTPAdapter):
    """Sends with one TLS context, made at the first https request; nobody else's certificate is in it."""

    def __init__(
        self, make_context: Callable[[], ssl.SSLContext], make_proxy_context: Callable[[], ssl.SSLContext]
    ) -> None:
        self._context = functools.cache(make_context)
        self._proxy_context = functools.cache(make_proxy_context)
        super().__init__()

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

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Give the pool's key: host and our context; *verify* and *cert* are in it already."""
        host, _ = super().build_connection_pool_key_attributes(request, verify=True, cert=None)
        return host, {"ssl_context": self._context()} if host["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave *conn* as it is: its context verifies, and a CA file set here would be loaded each time."""


class ForbiddenAddress(urllib3.exceptions.NewConnectionError):
    """The host has an address that is never asked. It was connected to, and not one byte was sent."""


def is_forbidden(host: str) -> bool:
    """Whether *host*, by its name or its address, is one that is never asked.

    >>> is_forbidden("169.254.169.254"), is_forbidden("[::ffff:169.254.0.1]"), is_forbidden("ghcr.io")
    (True, True, False)
    """
    bare = host.strip("[]").partition("%")[0].rstrip(".").lower()
    try:
        address = ip_address(bare)
    except ValueError:
        return bare in _METADATA_NAMES
    inside = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return any(_within(each, network) for each in (address, inside) if each for network in FORBIDDEN)


def _within(address: IPv4Address | IPv6Address, network: Any) -> bool:
    return address.version == network.version and address in network


def nothing_sent(error: BaseException) -> bool:
    """Whether *error*, or one that it came from, arose before a connection stood: then nothing was sent."""
    # Behind a proxy urllib3 wraps without raising: then the cause leads nowhere, and the context does.
    found = getattr(error, _MARK, False)
    return found or any(nothing_sent(each) for each in (error.__cause__, error.__context__) if each)


def _marked(error: Exception) -> Exception:
    """The one fact that the layers above lose: that it was the connection that failed."""
    setattr(error, _MARK, True)
    return error


class _TimedReader(io.RawIOBase):
    """Reads a socket until a time, and then no more."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._raw = sock.makefile("rb", buffering=0)
        self._end = time.monotonic() + (sock.gettimeout() or 0.0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _TimedSocket:
    """As much of a socket as `http.client` needs to read an answer from it."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_TimedReader(self._sock))


def _timed_response(sock: Any, *args: Any, **kwargs: Any) -> http.client.HTTPResponse:
    return http.client.HTTPResponse(_TimedSocket(sock), *args, **kwargs)  # type: ignore[arg-type]


def _marking(connect: Callable[[Any], None]) -> Callable[[Any], None]:
    """Give *connect* with its errors marked."""

    def marked(self: Any) -> None:
        try:
            connect(self)
        except _TROUBLE as error:
            raise _marked(error) from error.__cause__

    return marked


class _Watched(HTTPConnection):
    """Looks where it has come to, before a byte is sent: whatever name or DNS answer led there."""

    def _new_conn(self) -> socket.socket:
        sock = super()._new_conn()
        # With a proxy on the way, the other end is the proxy.
        if self.proxy is None and is_forbidden(sock.getpeername()[0]):
            sock.close()
            raise ForbiddenAddress(self, NEVER_ASKED)
        return sock


class _Connection(_Watched):
    response_class = staticmethod(_timed_response)  # type: ignore[assignment]
    connect = _marking(HTTPConnection.connect)


class _TLSConnection(_Watched, HTTPSConnection):
    response_class = staticmethod(_timed_response)  # type: ignore[assignment]
    connect = _marking(HTTPSConnection.connect)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


_POOLS = {"http": _Pool, "https": _TLSPool}
