"""Connections that say whether anything was sent, and look where they have come to before anything is."""

from __future__ import annotations

import http.client
from typing import TYPE_CHECKING, Any

import urllib3.exceptions
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from aicore_magics.http import failures
from aicore_magics.http.answers import Answer
from aicore_magics.model.hosts import is_forbidden

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

_TROUBLE = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError)


def _marking(connect: Callable[[Any], None]) -> Callable[[Any], None]:
    """Give *connect* with its errors marked."""

    def marked(self: Any) -> None:
        try:
            connect(self)
        except _TROUBLE as error:
            raise failures.mark_nothing_sent(error) from error.__cause__

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
            raise failures.NoAddress(self, "no host name") from error
        # With a proxy on the way, the other end is the proxy.
        if self.proxy is None and is_forbidden(sock.getpeername()[0]):
            sock.close()
            raise failures.ForbiddenAddress(self, failures.NEVER_ASKED)
        return sock


class _Connection(_Watched):
    response_class = Answer
    connect = _marking(HTTPConnection.connect)


class _TLSConnection(_Watched, HTTPSConnection):
    response_class = Answer
    connect = _marking(HTTPSConnection.connect)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


POOLS = {"http": _Pool, "https": _TLSPool}
