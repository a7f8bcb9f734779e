"""One HTTP sender for every world: kept connections, no redirect, one time limit, the truth about sending.

A call ends in one of three ways: an `Answer`; `Unreachable` or `CertificateNotTrusted`, when nothing was
sent; or `AnswerLost`, when it was sent and what became of it is not known. Errors of `requests` never
leave this module: they carry the request, and so the password, in their attributes.
"""

from __future__ import annotations

import functools
import json
import random
import ssl
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests import exceptions as theirs

from aicore_magics import tls
from aicore_magics.errors import AICoreError, CertificateNotTrusted, Unreachable
from aicore_magics.names import is_loopback
from aicore_magics.redact import scrub
from aicore_magics.wire import Adapter, nothing_sent

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from requests.auth import AuthBase

    from aicore_magics.redact import Secret
    from aicore_magics.tls import Identity

TIME_LIMIT = 60.0  # seconds for a whole call, all attempts together
CONNECT_LIMIT = 10.0  # seconds until a connection stands
ATTEMPTS = 3
FIRST_PAUSE = 0.4  # seconds at most before the second attempt, twice that before the third
MAX_ANSWER_BYTES = 1_000_000
_CHUNK = 16_384
_NO_PROXIES = {"http": None, "https": None, "all": None}

_NOT_SENT: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((theirs.ProxyError, urllib3.exceptions.ProxyError), "cannot be reached through the proxy"),
    # Since urllib3 2; before it, a missing address is a NewConnectionError like any other.
    ((getattr(urllib3.exceptions, "NameResolutionError", theirs.InvalidURL),), "has no address here (DNS)"),
    ((urllib3.exceptions.NewConnectionError,), "gives no connection"),
    ((theirs.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError), "does not answer the connection"),
    ((theirs.InvalidURL, theirs.InvalidSchema), "is no address that can be reached"),
)
_CERTIFICATE_ALERTS = ("CERTIFICATE", "UNKNOWN_CA")


class AnswerLost(AICoreError):
    """Sent, at least in part, and no whole answer came back. Callers turn it into an outcome."""


class CertificateRefused(AnswerLost):
    """The server does not take the client certificate, or misses one."""


class Deadline:
    """The end of a whole call, however many requests it takes. The clock on the wall does not move it."""

    def __init__(self, seconds: float = TIME_LIMIT) -> None:
        self.seconds = seconds
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self._end - time.monotonic())


class Patience:
    """The attempts of one call: at most three, full jitter between them, and never beyond the deadline."""

    def __init__(self, deadline: Deadline, *, dice: Callable[[], float] = random.random) -> None:
        self.deadline = deadline
        self._dice = dice
        self._attempt = 1

    def wait(self, answer: Answer | None = None) -> bool:
        """Wait before another attempt, as long as *answer* asks; give False at once where there is none."""
        asked = answer.retry_after() if answer else None
        pause = self._dice() * FIRST_PAUSE * 2 ** (self._attempt - 1) if asked is None else asked
        if self._attempt >= ATTEMPTS or pause >= self.deadline.left():
            return False
        self._attempt += 1
        time.sleep(pause)
        return True


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: status, headers in lower case, and at most 1 MB of body."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    host: str

    @property
    def ok(self) -> bool:
        """Whether the status is one of success."""
        return 200 <= self.status < 300  # noqa: PLR2004

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
        """Give the seconds that the server asks to wait, from either form of Retry-After, or None."""
        text = self.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            until = parsedate_to_datetime(text)
        except (TypeError, ValueError, OverflowError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=timezone.utc)
        left = (until - datetime.now(timezone.utc)).total_seconds()
        return left if left > 0 else None

    def foreign(self) -> str:
        """Say why this cannot come from an API: a web page or a redirect. Empty if it can."""
        if 300 <= self.status < 400:  # noqa: PLR2004
            return f"a redirect to {_redirect_target(self.headers.get('location', ''))}"
        kind = self.headers.get("content-type", "").lower()
        if "html" in kind or self.body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
            return "a web page"
        return ""


class _Session(requests.Session):
    """Looks at no redirect: `requests` reads its whole body, and fails on odd addresses, even unfollowed."""

    def get_redirect_target(self, _resp: requests.Response) -> None:
        """Give none."""


class Transport:
    """Sends through one kept `requests.Session`, whose TLS contexts are its own.

    *ca_file* is trusted instead of what the environment names. *identity*, a client certificate, is shown to
    *identity_host* alone.
    """

    def __init__(
        self, *, ca_file: str = "", identity: Identity | None = None, identity_host: str = ""
    ) -> None:
        plain = functools.cache(lambda: tls.context(ca_file=ca_file))
        self._session = _Session()
        self._session.headers["User-Agent"] = f"aicore-magics {self._session.headers['User-Agent']!s}"
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, Adapter(plain, plain))
        if identity:
            known = functools.cache(lambda: tls.context(ca_file=ca_file, identity=identity))
            # With the slash, so that a longer host of the same beginning never sees the certificate.
            self._session.mount(f"https://{identity_host}/", Adapter(known, plain))

    def close(self) -> None:
        """Close the kept connections."""
        self._session.close()

    def send(
        self,
        method: str,
        url: str,
        *,
        auth: AuthBase,
        deadline: Deadline,
        body: Secret | None = None,
        content_type: str = "",
    ) -> Answer:
        """Send one request, once, and give the answer. *auth* is asked for the Authorization header.

        Raises Unreachable or CertificateNotTrusted if nothing was sent, AnswerLost if that is not certain.
        """
        headers = {"Accept": "application/json"}
        if content_type:
            headers["Content-Type"] = content_type
        parts, left = urlsplit(url), deadline.left()
        host = parts.netloc
        if not left:
            raise _unreachable(host, "was not asked: the time limit is over")
        # What runs on this machine is spoken to on this machine, whatever proxy the environment names.
        proxies = _NO_PROXIES if is_loopback(parts.hostname or "") else None
        lost: AICoreError
        try:
            with self._session.request(
                method,
                url,
                data=body.reveal().encode() if body else None,
                headers=headers,
                auth=auth,
                timeout=(min(CONNECT_LIMIT, left), left),
                proxies=proxies,  # type: ignore[arg-type]
                allow_redirects=False,
                stream=True,
            ) as response:
                return _answer(response, host, deadline)
        except requests.RequestException as error:
            lost = _translated(error, host)
        # Raised out here, so that no exception with the request inside hangs on the new one.
        raise lost


def _redirect_target(location: str) -> str:
    try:
        return scrub(urlsplit(location).hostname or "another address", limit=80)
    except ValueError:
        return "another address"


def _answer(response: requests.Response, host: str, deadline: Deadline) -> Answer:
    chunks, size = [], 0
    for chunk in response.iter_content(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            break
        if not deadline.left():
            raise theirs.ReadTimeout("the answer took too long")
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, b"".join(chunks)[:MAX_ANSWER_BYTES], host)


def _translated(error: requests.RequestException, host: str) -> AICoreError:
    """Ours for theirs, with nothing but text in it."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, AICoreError):
        return cause.with_traceback(None)
    reason = cause.reason if isinstance(cause, urllib3.exceptions.MaxRetryError) else cause
    if not (nothing_sent(error) or isinstance(error, (theirs.InvalidURL, theirs.InvalidSchema))):
        return _lost(reason, host)
    if isinstance(error, theirs.SSLError) or isinstance(reason, urllib3.exceptions.SSLError):
        return _no_handshake(str(reason), host)
    for kinds, why in _NOT_SENT:
        if isinstance(error, kinds) or isinstance(reason, kinds):
            return _unreachable(host, why)
    return _unreachable(host, "breaks off while the connection is made")


def _lost(reason: object, host: str) -> AnswerLost:
    """Sent, and no answer. TLS 1.3 tells only now that it wants another client certificate."""
    said = str(reason)
    tls_alert = isinstance(reason, (ssl.SSLError, urllib3.exceptions.SSLError)) and "ALERT" in said
    if tls_alert and any(mark in said for mark in _CERTIFICATE_ALERTS):
        return CertificateRefused(f"{host} does not take the client certificate.")
    return AnswerLost(f"no answer came back from {host}.")


def _unreachable(host: str, why: str) -> Unreachable:
    proxies = requests.utils.get_environ_proxies(f"https://{host}")
    proxy = "is set" if proxies.get("https") or proxies.get("all") else "is not set"
    hint = f"check network, VPN and proxy (HTTPS_PROXY {proxy}), then run the cell again."
    return Unreachable(f"{host} {why}. Nothing was sent.", hint=hint)


def _no_handshake(reason: str, host: str) -> AICoreError:
    """The error of a TLS handshake that failed."""
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return CertificateNotTrusted(
            f"this machine does not trust the certificate of {host}. Nothing was sent.",
            hint="%aicore_connect --ca-file FILE  with your company's CA.",
        )
    if "ALERT" in reason and any(mark in reason for mark in _CERTIFICATE_ALERTS):
        return CertificateRefused(f"{host} does not take the client certificate.")
    error = Unreachable(
        f"{host} and this machine agree on no TLS connection. Nothing was sent.",
        hint="is it https, and the right port?",
    )
    error.again = False
    return error
