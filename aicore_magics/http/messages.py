"""One request to send and what comes of it, as values that need no HTTP library.

The Authorization header is put on by a callable, as an AuthBase of `requests` does it: a matching entry in
`~/.netrc` would replace one that is set by hand. It has no base class, since that would cost the import of
`requests`.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from aicore_magics.errors import AICoreError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests import PreparedRequest

    from aicore_magics.base.redact import Secret

MAX_RESPONSE_BYTES = 1_000_000
LONGEST_WAIT = 1e9  # seconds, some 30 years: no clock on the wall comes to its end by it
JSON = "application/json"
# Not `urlsplit`: this gives something to show for whatever is no URL, too.
_PLACE = re.compile(r"[^:/?#]*://([^/?#]*)")
_PLAIN_HOST = re.compile(r"[A-Za-z0-9.-]+(?::[0-9]{1,5})?")
_LONGEST_HOST = 80


@dataclass(frozen=True, slots=True)
class Request:
    """One request: *auth* is asked for its Authorization header, *largest* is how much of a body is read."""

    method: str
    url: str
    auth: Authorization
    body: Secret | None = None
    content_type: str = ""
    accept: str = JSON
    largest: int = MAX_RESPONSE_BYTES

    @property
    def headers(self) -> dict[str, str]:
        """The headers, but for that of *auth*."""
        return {"Accept": self.accept, **({"Content-Type": self.content_type} if self.content_type else {})}

    @property
    def host(self) -> str:
        """Host and port, as the URL has them; without a user, who may have a password."""
        place = _PLACE.match(self.url)
        return place[1].rpartition("@")[2] if place else ""


class ResponseLost(AICoreError):
    """Sent, at least in part, and no whole answer came back. Callers turn it into an outcome."""


class CertificateRefused(ResponseLost):
    """The server does not take the client certificate, or misses one."""


@dataclass(frozen=True, slots=True)
class Response:
    """What a server said: status, headers in lower case, and as much of the body as was asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    host: str

    @property
    def ok(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def moved(self) -> bool:
        """Whether it is a redirect. None is ever followed by itself."""
        return 300 <= self.status < 400  # noqa: PLR2004

    def json(self) -> Any:
        """Give the body as data, or None if it is not JSON."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def text(self) -> str:
        """Give the body as text, with marks where it is not UTF-8. Scrub it before anyone sees it."""
        return self.body.decode("utf-8", "replace")

    def retry_after(self) -> float | None:
        """Give the seconds that the server asks to wait, from either form of Retry-After, or None.

        They are LONGEST_WAIT at most. A date is counted from the server's own Date, as its clock and this
        machine's may differ.
        """
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return min(float(text), LONGEST_WAIT)
        until, now = _date(text), _date(self.headers.get("date", ""))
        left = (until - (now or datetime.now(UTC))).total_seconds() if until else 0.0
        return min(left, LONGEST_WAIT) if left > 0 else None

    def not_an_api(self) -> str:
        """Say why this cannot come from an API: a web page or a redirect. Empty if it can."""
        if self.moved:
            return f"a redirect to {_redirect_target(self.headers.get('location', ''))}"
        kind = self.headers.get("content-type", "").lower()
        if "html" in kind or self.body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
            return "a web page"
        return ""


def _date(text: str) -> datetime | None:
    """The time that an HTTP date names, in UTC where it names no zone; None if it is none."""
    try:
        date = parsedate_to_datetime(text)
    except (TypeError, ValueError, OverflowError):
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


def _redirect_target(location: str) -> str:
    """The host, letter for letter: whoever knows what has to be masked in it must find it whole."""
    try:
        host = urlsplit(location).netloc.rpartition("@")[2]
    except ValueError:
        host = ""
    plain = len(host) <= _LONGEST_HOST and _PLAIN_HOST.fullmatch(host)
    return host.partition(":")[0] if plain else "another address"


class Authorization(Protocol):
    """Puts on a request what lets it in."""

    def __call__(self, request: PreparedRequest, /) -> PreparedRequest:
        """Give the request with it."""


class NoAuth:
    """Adds nothing, and keeps `~/.netrc` from adding something."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Give the request as it is."""
        return request


class Bearer:
    """Puts one token on the request."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Give the request with the token on it."""
        request.headers["Authorization"] = f"Bearer {self._token.reveal()}"
        return request


class WithHeaders:
    """Puts *headers* on the request beside what *auth* puts there."""

    def __init__(self, auth: Authorization, headers: tuple[tuple[str, str], ...]) -> None:
        self._auth = auth
        self._headers = headers

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Give the request with all of them."""
        request.headers.update(self._headers)
        return self._auth(request)


class Basic:
    """Puts user and password on the request, in UTF-8 (RFC 7617): `requests` alone would use Latin-1."""

    def __init__(self, username: str, password: Secret) -> None:
        self._username = username
        self._password = password

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Give the request with both on it."""
        pair = f"{self._username}:{self._password.reveal()}".encode()
        request.headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        return request
