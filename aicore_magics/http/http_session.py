"""One request through a kept `requests.Session`: its answer, or an error that holds nothing but text.

The time limit of `requests` is one for each read, so a server that drips holds it for ever. Here each read
gets what is left of the whole, and the answer ends when its time does. Of its head the layers above see only
what they may: no cookie, and nothing that could not be parsed.
"""

from __future__ import annotations

import functools
import http.client
import io
import re
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests import exceptions as theirs
from requests.adapters import HTTPAdapter
from requests.utils import resolve_proxies, select_proxy
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from aicore_magics.errors import AICoreError
from aicore_magics.http import failures
from aicore_magics.http.messages import Response
from aicore_magics.model.hosts import is_forbidden, is_loopback

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Callable

    from aicore_magics.http.deadline import Deadline
    from aicore_magics.http.messages import Request

    MakeContext = Callable[[], ssl.SSLContext]

CONNECT_LIMIT = 10.0  # seconds until a connection stands
LONGEST_ANSWER = 64 * 1024 * 1024  # bytes of an answer with all that frames it, which no body comes near
_CHUNK = 16_384
_HEADER = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # no line break, and nothing but Latin-1
_PLAIN = "identity"  # a body as it is: what is small on the way may be without end once it is unpacked
_ROOM = 256  # connections that are kept for one host: checks run side by side
_HOSTS = 64  # for which any are kept
_TROUBLE = (OSError, http.client.HTTPException, urllib3.exceptions.HTTPError)


class _Session(requests.Session):
    """Looks at no redirect: `requests` reads its whole body, and fails on odd addresses, even unfollowed."""

    def get_redirect_target(self, _resp: requests.Response) -> None:
        """Give none."""


class HttpSession:
    """A kept session. *plain* makes the TLS context for every host but those that are `introduced`."""

    def __init__(self, plain: MakeContext) -> None:
        self._session = _Session()
        self._session.headers["User-Agent"] = f"aicore-magics {self._session.headers['User-Agent']!s}"
        self._session.headers["Accept-Encoding"] = _PLAIN
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, Adapter(plain, plain))

    def introduce(self, host: str, known: MakeContext, plain: MakeContext) -> None:
        """Speak to *host* with the context that *known* makes; to a proxy on the way with that of *plain*."""
        # With the slash, so that a longer host of the same beginning never sees the certificate.
        self._session.mount(f"https://{host}/", Adapter(known, plain))

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def send(self, request: Request, deadline: Deadline) -> Response:
        """Send *request*, once. Raises ResponseLost, or an error that says that nothing was sent."""
        lost: AICoreError
        try:
            return self._asked(self._written(request), request, deadline)
        except AICoreError as error:
            # Without its traceback: the frames there still hold the request.
            lost = error.with_traceback(None)
        except (requests.RequestException, urllib3.exceptions.HTTPError, ValueError) as error:
            lost = failures.translated(error, request.host)
        # Raised out here, so that no exception with the request inside hangs on the new one.
        raise lost

    def _written(self, request: Request) -> requests.PreparedRequest:
        """*request* as it goes out, to the very host and port that everybody else sees in its URL."""
        fault: AICoreError | None = None
        try:
            place = _place(request.url)
            written = self._session.prepare_request(
                requests.Request(
                    request.method,
                    request.url,
                    data=request.body.reveal().encode() if request.body else None,
                    headers=request.headers,
                    auth=request.auth,
                )
            )
            if not all(_HEADER.fullmatch(str(value)) for value in written.headers.values()):
                fault = failures.not_writable(request.host)
            elif _place(written.url or "") == place:
                return written
        except AICoreError as error:
            fault = error
        except (requests.RequestException, ValueError):
            pass
        raise fault or failures.no_address(request.host)

    def _asked(self, written: requests.PreparedRequest, request: Request, deadline: Deadline) -> Response:
        left, name = deadline.left(), urlsplit(written.url or "").hostname or ""
        if not left:
            raise failures.unreachable(request.host, "was not asked: the time limit is over")
        # Behind a proxy nothing else would see where this goes.
        if is_forbidden(name):
            raise failures.never_asked(request.host)
        with self._session.send(
            written,
            timeout=(min(CONNECT_LIMIT, left), left),
            # What runs on this machine is spoken to there, whatever proxy the environment names.
            proxies={} if is_loopback(name) else resolve_proxies(written, {}, trust_env=True),
            allow_redirects=False,
            stream=True,
        ) as response:
            return _answer(response, request, deadline)


def _place(url: str) -> tuple[bytes, int | None]:
    """The host, as DNS is asked for it, and the port. Raises ValueError if they cannot be any."""
    parts = urlsplit(url)
    return (parts.hostname or "").encode("idna"), parts.port


def _answer(response: requests.Response, request: Request, deadline: Deadline) -> Response:
    headers = {name.lower(): value for name, value in response.headers.items()}
    plain = headers.get("content-encoding", _PLAIN).strip().lower() in ("", _PLAIN)
    chunks, size = [], 0
    for chunk in response.raw.stream(_CHUNK, decode_content=False):
        if not plain:
            raise theirs.ContentDecodingError("the body is compressed")
        chunks.append(chunk)
        size += len(chunk)
        if size > request.largest:
            break
        if not deadline.left():
            raise theirs.ReadTimeout("the answer took too long")
    return Response(response.status_code, headers, b"".join(chunks)[: request.largest], request.host)


class Adapter(HTTPAdapter):
    """Sends with one TLS context, made at the first https request; nobody else's certificate is in it."""

    def __init__(self, make_context: MakeContext, make_proxy_context: MakeContext) -> None:
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
        except (urllib3.exceptions.LocationValueError, theirs.InvalidSchema, UnicodeError):
            if not select_proxy(request.url, proxies):
                raise
        raise theirs.InvalidProxyURL("the proxy has no address that can be reached")

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Give the pool's key: host and our context; *verify* and *cert* are in it already."""
        host, _ = super().build_connection_pool_key_attributes(request, verify=True, cert=None)
        return host, {"ssl_context": self._context()} if host["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave *conn* as it is: its context verifies, and a CA file set here would be loaded each time."""


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
