"""One request through a kept `requests.Session`: its answer, or an error that holds nothing but text.

The time limit of `requests` is one for each read, so a server that drips holds it for ever. Here each read
gets what is left of the whole, and the answer ends when its time does. Of its head the layers above see only
what they may: no cookie, and nothing that could not be parsed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
from requests import exceptions as theirs
from requests.adapters import HTTPAdapter
from requests.utils import resolve_proxies, select_proxy

from aicore_magics.base.aside import PerProcess
from aicore_magics.errors import AICoreError
from aicore_magics.http import failures
from aicore_magics.http.connections import CONNECT_LIMIT, POOLS, Until
from aicore_magics.http.messages import Response
from aicore_magics.model.hosts import is_forbidden, is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aicore_magics.http.deadline import Deadline
    from aicore_magics.http.messages import Request
    from aicore_magics.http.tls import KeptContext

_CHUNK = 16_384
_HEADER = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # no line break, and nothing but Latin-1
_PLAIN = "identity"  # a body as it is: what is small on the way may be without end once it is unpacked
_ROOM = 256  # connections that are kept for one host: checks run side by side
_HOSTS = 64  # for which any are kept


class _Session(requests.Session):
    """Looks at no redirect: `requests` reads its whole body, and fails on odd addresses, even unfollowed."""

    def get_redirect_target(self, _resp: requests.Response) -> None:
        """Give none."""


class HttpSession:
    """A session that is kept, one in each process.

    *plain* is the TLS context for every host, also for a proxy on the way; *known* those for the hosts that
    have one of their own.
    """

    def __init__(self, plain: KeptContext, known: Mapping[str, KeptContext]) -> None:
        self._plain = plain
        self._known = known
        self._sessions = PerProcess(self._new_session)

    def _new_session(self) -> _Session:
        session = _Session()
        session.headers["User-Agent"] = f"aicore-magics {session.headers['User-Agent']!s}"
        session.headers["Accept-Encoding"] = _PLAIN
        for scheme in ("http://", "https://"):
            session.mount(scheme, Adapter(self._plain, self._plain))
        for host, known in self._known.items():
            # With the slash, so that a longer host of the same beginning never sees the certificate.
            session.mount(f"https://{host}/", Adapter(known, self._plain))
        return session

    def close(self) -> None:
        """Close the kept connections."""
        self._sessions().close()

    def send(self, request: Request, deadline: Deadline) -> Response:
        """Send *request*, once. Raises ResponseLost, or an error that says that nothing was sent."""
        lost: AICoreError
        try:
            return self._asked(self._written(request), request, deadline)
        except AICoreError as error:
            # Without its traceback: the frames there still hold the request.
            lost = error.with_traceback(None)
        except (*failures.THEIRS, ValueError) as error:
            lost = failures.translated(error, request.host)
        # Raised out here, so that no exception with the request inside hangs on the new one.
        raise lost

    def _written(self, request: Request) -> requests.PreparedRequest:
        """*request* as it goes out, to the very host and port that everybody else sees in its URL."""
        fault: AICoreError | None = None
        try:
            place = _place(request.url)
            written = self._sessions().prepare_request(
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
        url = written.url or ""
        name = urlsplit(url).hostname or ""
        if not deadline.left():
            raise failures.out_of_time(request.host)
        # Behind a proxy nothing else would see where this goes.
        if is_forbidden(name):
            raise failures.never_asked(request.host)
        # What runs on this machine is spoken to there, whatever proxy the environment names.
        proxies = {} if is_loopback(name) else resolve_proxies(written, {}, trust_env=True)
        session = self._sessions()
        adapter = session.get_adapter(url)
        if isinstance(adapter, Adapter) and not adapter.ready(url, proxies, deadline):
            raise failures.out_of_time(request.host)
        with session.send(
            written,
            timeout=Until(deadline),  # type: ignore[arg-type]  # its type knows numbers only
            proxies=proxies,
            allow_redirects=False,
            stream=True,
        ) as response:
            return _answer(response, request, deadline)


def _is_secure(address: str) -> bool:
    return address.lower().startswith("https:")


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

    def __init__(self, context: KeptContext, proxy_context: KeptContext) -> None:
        self._context = context
        self._proxy_context = proxy_context
        super().__init__(pool_connections=_HOSTS, pool_maxsize=_ROOM)

    def ready(self, url: str, proxies: dict[str, str], deadline: Deadline) -> bool:
        """Wait until all is there that TLS to *url* needs, or give False where that takes too long."""
        proxy = select_proxy(url, proxies) or ""
        needed = {url: self._context, proxy: self._proxy_context}
        try:
            for address, context in needed.items():
                if _is_secure(address):
                    context(deadline.left())
        except TimeoutError:
            return False
        return True

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make the pools whose answers end."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = POOLS

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Give the same pools behind *proxy*; a client certificate is not shown to the proxy itself."""
        if _is_secure(proxy):
            kwargs["proxy_ssl_context"] = self._proxy_context(CONNECT_LIMIT)
        manager = super().proxy_manager_for(proxy, **kwargs)
        manager.pool_classes_by_scheme = POOLS
        return manager

    def get_connection_with_tls_context(
        self, request: Any, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """Give the pool for *request*. Raises InvalidProxyURL if the proxy's address is at fault."""
        try:
            return super().get_connection_with_tls_context(request, verify, proxies=proxies, cert=cert)
        except (AICoreError, theirs.InvalidURL):
            raise
        # `requests` takes the address apart without a look: http://anna:pw@ is a TypeError.
        except Exception:
            if not select_proxy(request.url, proxies):
                raise
        raise theirs.InvalidProxyURL("the proxy's address cannot be reached")

    def build_connection_pool_key_attributes(self, request: Any, verify: Any, cert: Any = None) -> Any:
        """Give the pool's key: host and our context; *verify* and *cert* are in it already."""
        host, _ = super().build_connection_pool_key_attributes(request, verify=True, cert=None)
        return host, {"ssl_context": self._context(CONNECT_LIMIT)} if host["scheme"] == "https" else {}

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave *conn* as it is: its context verifies, and a CA file set here would be loaded each time."""
