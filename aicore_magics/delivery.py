"""One request through a kept `requests.Session`: its answer, or an error that holds nothing but text."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
from requests import exceptions as theirs

from aicore_magics.exchange import Answer
from aicore_magics.names import is_loopback
from aicore_magics.undelivered import never_asked, translated, unreachable
from aicore_magics.wire import Adapter, is_forbidden

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable

    from aicore_magics.errors import AICoreError
    from aicore_magics.exchange import Outgoing
    from aicore_magics.timing import Deadline

    MakeContext = Callable[[], ssl.SSLContext]

CONNECT_LIMIT = 10.0  # seconds until a connection stands
_CHUNK = 16_384
_NO_PROXIES = {"http": None, "https": None, "all": None}


class _Session(requests.Session):
    """Looks at no redirect: `requests` reads its whole body, and fails on odd addresses, even unfollowed."""

    def get_redirect_target(self, _resp: requests.Response) -> None:
        """Give none."""


class Line:
    """A kept session. *plain* makes the TLS context for every host but those that are `introduced`."""

    def __init__(self, plain: MakeContext) -> None:
        self._session = _Session()
        self._session.headers["User-Agent"] = f"aicore-magics {self._session.headers['User-Agent']!s}"
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
        left, name = deadline.left(), urlsplit(request.url).hostname or ""
        if not left:
            raise unreachable(request.host, "was not asked: the time limit is over")
        # Behind a proxy nothing else would see where this goes.
        if is_forbidden(name):
            raise never_asked(request.host)
        lost: AICoreError
        try:
            with self._session.request(
                request.method,
                request.url,
                data=request.body.reveal().encode() if request.body else None,
                headers=request.headers,
                auth=request.auth,
                timeout=(min(CONNECT_LIMIT, left), left),
                # What runs on this machine is spoken to there, whatever proxy the environment names.
                proxies=_NO_PROXIES if is_loopback(name) else None,  # type: ignore[arg-type]
                allow_redirects=False,
                stream=True,
            ) as response:
                return _answer(response, request, deadline)
        except requests.RequestException as error:
            lost = translated(error, request.host)
        # Raised out here, so that no exception with the request inside hangs on the new one.
        raise lost


def _answer(response: requests.Response, request: Outgoing, deadline: Deadline) -> Answer:
    chunks, size = [], 0
    for chunk in response.iter_content(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > request.largest:
            break
        if not deadline.left():
            raise theirs.ReadTimeout("the answer took too long")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, b"".join(chunks)[: request.largest], request.host)
