"""Connections that say whether anything was sent, and look where they have come to before anything is."""

from __future__ import annotations

import http.client
import socket
from functools import partial
from typing import TYPE_CHECKING, Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

from aicore_magics.base.aside import Aside
from aicore_magics.http import failures
from aicore_magics.http.answers import Answer
from aicore_magics.http.deadline import Deadline
from aicore_magics.model.hosts import is_forbidden

if TYPE_CHECKING:
    from collections.abc import Callable

CONNECT_LIMIT = 10.0  # seconds until a connection stands
SHORTEST, LONGEST = 0.001, 1_000_000.0  # seconds that a socket is given; poll takes no more than 24 days
_TROUBLE = (OSError, ValueError, http.client.HTTPException, urllib3.exceptions.HTTPError)


class Until(urllib3.Timeout):
    """What is left of *deadline*, whenever urllib3 asks how long it may take."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__()
        self._deadline = deadline

    def clone(self) -> Until:
        """Return itself: it has no clock of its own that would be started."""
        return self

    def start_connect(self) -> float:
        """Return no time: nothing is counted from here."""
        return 0.0

    @property
    def connect_timeout(self) -> float:
        """Seconds until a connection stands."""
        return min(CONNECT_LIMIT, self.read_timeout)

    @property
    def read_timeout(self) -> float:
        """Seconds until the answer is there."""
        # To a socket, 0 means not to wait, and not to block.
        return min(max(self._deadline.left(), SHORTEST), LONGEST)


def _marking(connect: Callable[[Any], None]) -> Callable[[Any], None]:
    """Give *connect* with its errors marked, and one time limit for all it does: names, tunnel, handshake."""

    def marked(self: Any) -> None:
        self.limit = Deadline(self.timeout)
        try:
            connect(self)
            if not self.limit.left():
                raise urllib3.exceptions.ConnectTimeoutError(self, "it took too long")
        except _TROUBLE as error:
            raise failures.mark_nothing_sent(error) from error.__cause__

    return marked


class _Watched(HTTPConnection):
    """Looks where it has come to, before a byte is sent: whatever name or DNS answer led there."""

    limit: Deadline
    # Whoever switches on http.client's own debug output sees every password in it, but none of ours.
    debuglevel = 0

    def _new_conn(self) -> socket.socket:
        sock = self._reached()
        try:
            # With a proxy on the way, the other end is the proxy.
            if self.proxy is None and is_forbidden(sock.getpeername()[0]):
                raise failures.ForbiddenAddress(self, failures.NEVER_ASKED)  # noqa: TRY301
            sock.settimeout(self._rest())
        except BaseException:
            sock.close()
            raise
        return sock

    def _tunnel(self) -> None:
        super()._tunnel()
        self.sock.settimeout(self._rest())

    def _rest(self) -> float:
        """Seconds for what comes next: a tunnel, a handshake."""
        return max(self.limit.left(), SHORTEST)

    def _reached(self) -> socket.socket:
        """A socket to the first address that takes the connection; each gets its share of the time."""
        trouble: OSError = OSError("no address")
        addresses = self._addresses()
        for others, address in zip(range(len(addresses), 0, -1), addresses, strict=True):
            try:
                return create_connection(
                    (address, self.port), self._rest() / others, socket_options=self.socket_options
                )
            except OSError as error:
                trouble = error
        if isinstance(trouble, TimeoutError):
            raise urllib3.exceptions.ConnectTimeoutError(self, "no answer") from trouble
        raise urllib3.exceptions.NewConnectionError(self, "no connection") from trouble

    def _addresses(self) -> list[str]:
        """Where the host leads. DNS may be silent for longer than anybody has time."""
        name = self._dns_host.strip("[]")
        ask = partial(socket.getaddrinfo, name, self.port, type=socket.SOCK_STREAM)
        try:
            found = Aside(ask, name="dns").result(self.limit.left())
        except UnicodeError as error:
            # As one of its own kinds: urllib3 lets the others through as they are, and knows no proxy then.
            raise failures.NoAddress(self, "no host name") from error
        except socket.gaierror as error:
            raise urllib3.exceptions.NameResolutionError(name, self, error) from error
        except TimeoutError as error:
            raise failures.SilentDNS(self, "no answer") from error
        return list(dict.fromkeys(str(address[0]) for *_, address in found))


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
