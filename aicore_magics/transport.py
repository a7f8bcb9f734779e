"""One HTTP sender for every world: kept connections, no redirect, one time limit, the truth about sending.

A call ends in one of three ways: an `Answer`; `Unreachable` or `CertificateNotTrusted`, when nothing was
sent; or `AnswerLost`, when it was sent and what became of it is not known. Errors of `requests` never
leave this module: they carry the request, and so the password, in their attributes.
"""

from __future__ import annotations

import functools
import json
import random
import time
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests import exceptions as theirs

from aicore_magics import tls
from aicore_magics.errors import AICoreError, CertificateNotTrusted, Unreachable
from aicore_magics.redact import scrub
from aicore_magics.wire import Adapter

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
_CHUNK = 65_536

_NOT_SENT: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((theirs.ProxyError, urllib3.exceptions.ProxyError), "cannot be reached through the proxy"),
    # Since urllib3 2; before it, a missing address is a NewConnectionError like any other.
    ((getattr(urllib3.exceptions, "NameResolutionError", theirs.InvalidURL),), "has no address here (DNS)"),
    ((urllib3.exceptions.NewConnectionError,), "gives no connection"),
    ((theirs.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError), "does not answer the connection"),
    ((theirs.InvalidURL, theirs.InvalidSchema), "is no address that can be reached"),
)
_CERTIFICATE_ALERTS = ("CERTIFICATE", "UNKNOWN_CA", "HANDSHAKE_FAILURE", "ACCESS_DENIED")
_HANDSHAKE_FAULTS = ("WRONG_VERSION_NUMBER", "UNSUPPORTED_PROTOCOL", "NO_PROTOCOLS", "RECORD_LAYER_FAILURE")


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
        except (TypeError, ValueError):
            return None
        left = (until - datetime.now(until.tzinfo)).total_seconds()
        return left if left > 0 else None

    def foreign(self) -> str:
        """Say why this cannot come from an API: a web page or a redirect. Empty if it can."""
        if 300 <= self.status < 400:  # noqa: PLR2004
            target = urlsplit(self.headers.get("location", "")).hostname or "another address"
            return f"a redirect to {scrub(target, limit=80)}"
        kind = self.headers.get("content-type", "").lower()
        if "html" in kind or self.body[:200].lstrip().lower().startswith((b"<!doctype html", b"<html")):
            return "a web page"
        return ""


class Transport:
    """Sends through one kept `requests.Session`, whose TLS contexts are its own.

    *ca_file* is trusted instead of what the environment names. *identity*, a client certificate, is shown to
    *identity_host* alone.
    """

    def __init__(
        self, *, ca_file: str = "", identity: Identity | None = None, identity_host: str = ""
    ) -> None:
        plain = functools.cache(lambda: tls.context(ca_file=ca_file))
        self._session = requests.Session()
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
        limits = (min(CONNECT_LIMIT, deadline.left() + 0.1), deadline.left() + 0.1)
        host = urlsplit(url).netloc
        lost: AICoreError
        try:
            with self._session.request(
                method,
                url,
                data=body.reveal().encode() if body else None,
                headers=headers,
                auth=auth,
                timeout=limits,
                allow_redirects=False,
                stream=True,
            ) as response:
                return _answer(response, host, deadline)
        except requests.RequestException as error:
            lost = _translated(error, host)
        # Raised out here, so that no exception with the request inside hangs on the new one.
        raise lost


def _answer(response: requests.Response, host: str, deadline: Deadline) -> Answer:
    chunks, size = [], 0
    for chunk in response.iter_content(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_ANSWER_BYTES or not deadline.left():
            break
    headers = {name.lower(): value for name, value in response.headers.items()}
    return Answer(response.status_code, headers, b"".join(chunks)[:MAX_ANSWER_BYTES], host)


def _translated(error: requests.RequestException, host: str) -> AICoreError:
    """Ours for theirs, with nothing but text in it."""
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, urllib3.exceptions.MaxRetryError) else cause
    for kinds, why in _NOT_SENT:
        if isinstance(error, kinds) or isinstance(reason, kinds):
            return _unreachable(host, why)
    return _tls(str(reason), host) or AnswerLost(f"no answer came back from {host}.")


def _unreachable(host: str, why: str) -> Unreachable:
    proxies = requests.utils.get_environ_proxies(f"https://{host}")
    proxy = "is set" if proxies.get("https") or proxies.get("all") else "is not set"
    hint = f"check network, VPN and proxy (HTTPS_PROXY {proxy}), then run the cell again."
    return Unreachable(f"{host} {why}. Nothing was sent.", hint=hint)


def _tls(reason: str, host: str) -> AICoreError | None:
    """The error of a handshake that failed. None for TLS errors later on: by then something was sent."""
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return CertificateNotTrusted(
            f"this machine does not trust the certificate of {host}. Nothing was sent.",
            hint="%aicore_connect --ca-file FILE  with your company's CA.",
        )
    if any(mark in reason for mark in _HANDSHAKE_FAULTS):
        error = Unreachable(
            f"{host} and this machine agree on no TLS connection. Nothing was sent.",
            hint="is it https, and the right port?",
        )
        error.again = False
        return error
    if "ALERT" in reason and any(mark in reason for mark in _CERTIFICATE_ALERTS):
        return CertificateRefused(f"{host} does not take the client certificate.")
    return None
