"""One request through a kept `requests.Session`: its answer, or an error that holds nothing but text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from requests import exceptions as theirs
from requests.utils import resolve_proxies
from urllib3.exceptions import HTTPError

from aicore_magics.errors import AICoreError
from aicore_magics.exchange import Answer
from aicore_magics.names import is_loopback
from aicore_magics.undelivered import never_asked, no_address, not_writable, translated, unreachable
from aicore_magics.wire import Adapter, is_forbidden

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from aicore_magics.exchange import Outgoing
    from aicore_magics.timing import Deadline

    MakeContext = Callable[[], ssl.SSLContext]

CONNECT_LIMIT = 10.0  # seconds until a connection stands
_CHUNK = 16_384
_HEADER = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # no line break, and nothing but Latin-1
_PLAIN = "identity"  # a body as it is: what is small on the way may be without end once it is unpacked


class _Session(requests.Session):
    """Looks at no redirect: `requests` reads its whole body, and fails on odd addresses, even unfollowed."""

    def get_redirect_target(self, _resp: requests.Response) -> None:
        """Give none."""


class Line:
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

    def send(self, request: Outgoing, deadline: Deadline) -> Answer:
        """Send *request*, once. Raises AnswerLost, or an error that says that nothing was sent."""
        lost: AICoreError
        try:
            return self._asked(self._written(request), request, deadline)
        except AICoreError as error:
            # Without its traceback: the frames there still hold the request.
            lost = error.with_traceback(None)
        except (requests.RequestException, HTTPError, ValueError) as error:
            lost = translated(error, request.host)
        # Raised out here, so that no exception with the request inside hangs on the new one.
        raise lost

    def _written(self, request: Outgoing) -> requests.PreparedRequest:
        """*request* as it goes out, to the very host and port that everybody else sees in its URL."""
        fault: AICoreError = no_address(request.host)
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
                fault = not_writable(request.host)
            elif _place(written.url or "") == place:
                return written
        except AICoreError as error:
            fault = error
        except (requests.RequestException, ValueError):
            pass
        raise fault

    def _asked(self, written: requests.PreparedRequest, request: Outgoing, deadline: Deadline) -> Answer:
        left, name = deadline.left(), urlsplit(written.url or "").hostname or ""
        if not left:
            raise unreachable(request.host, "was not asked: the time limit is over")
        # Behind a proxy nothing else would see where this goes.
        if is_forbidden(name):
            raise never_asked(request.host)
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


def _answer(response: requests.Response, request: Outgoing, deadline: Deadline) -> Answer:
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
    return Answer(response.status_code, headers, b"".join(chunks)[: request.largest], request.host)
