"""One request through a kept `requests.Session`: its answer, or an error that holds nothing but text.

What it means when `requests` gives up: nothing was sent, or it was sent and the answer is lost.

Errors of `requests` carry the request, and so the password, in their attributes: here they become errors with
nothing but text in them.
"""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import requests
import urllib3.exceptions
from requests import exceptions as theirs
from requests.utils import resolve_proxies
from urllib3.exceptions import HTTPError

from aicore_magics.errors import AICoreError, CertificateNotTrusted, Unreachable
from aicore_magics.http.adapter import (
    NEVER_ASKED,
    Adapter,
    ForbiddenAddress,
    NoAddress,
    nothing_sent,
)
from aicore_magics.http.messages import CertificateRefused, Response, ResponseLost
from aicore_magics.model.hosts import is_forbidden, is_loopback
from aicore_magics.next_steps import AGAIN, Beside, do

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.http.deadline import Deadline
    from aicore_magics.http.messages import Request

    MakeContext = Callable[[], ssl.SSLContext]

CONNECT_LIMIT = 10.0  # seconds until a connection stands
_CHUNK = 16_384
_HEADER = re.compile(r"[\t\x20-\x7e\x80-\xff]*")  # no line break, and nothing but Latin-1
_PLAIN = "identity"  # a body as it is: what is small on the way may be without end once it is unpacked


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
        except (requests.RequestException, HTTPError, ValueError) as error:
            lost = translated(error, request.host)
        # Raised out here, so that no exception with the request inside hangs on the new one.
        raise lost

    def _written(self, request: Request) -> requests.PreparedRequest:
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

    def _asked(self, written: requests.PreparedRequest, request: Request, deadline: Deadline) -> Response:
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


# What arises before anything is sent, whoever raises it.
_NOWHERE = (
    theirs.InvalidURL,
    theirs.InvalidSchema,
    theirs.MissingSchema,
    urllib3.exceptions.LocationValueError,
)
_NO_ADDRESS = (*_NOWHERE, NoAddress, UnicodeError)
_PROXY = (theirs.ProxyError, urllib3.exceptions.ProxyError, theirs.InvalidProxyURL)
_NOT_SENT: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    # Since urllib3 2; before it, a missing address is a NewConnectionError like any other.
    ((getattr(urllib3.exceptions, "NameResolutionError", NoAddress),), "has no address here (DNS)"),
    ((urllib3.exceptions.NewConnectionError,), "gives no connection"),
    ((theirs.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError), "does not answer the connection"),
)
_CERTIFICATE_ALERTS = ("CERTIFICATE", "UNKNOWN_CA")


def translated(error: Exception, host: str) -> AICoreError:
    """Give ours for theirs: ResponseLost, or one that says that nothing was sent to *host*."""
    cause = error.args[0] if error.args else None
    if isinstance(cause, AICoreError):
        return cause.with_traceback(None)
    reason = cause.reason if isinstance(cause, urllib3.exceptions.MaxRetryError) else cause
    # What `requests` has not wrapped is itself the reason.
    reason = reason if isinstance(reason, Exception) else error
    if not (nothing_sent(error) or isinstance(error, _NOWHERE)):
        return _lost(reason, host)
    return _not_sent(error, reason, host)


def _not_sent(error: Exception, reason: Exception, host: str) -> AICoreError:
    def is_one(*kinds: type[Exception]) -> bool:
        return isinstance(error, kinds) or isinstance(reason, kinds)

    if is_one(ForbiddenAddress):
        return never_asked(host)
    if is_one(theirs.SSLError, urllib3.exceptions.SSLError):
        return _no_handshake(str(reason), host)
    if is_one(*_PROXY):
        return unreachable(host, "cannot be reached through the proxy")
    if is_one(*_NO_ADDRESS):
        return no_address(host)
    for kinds, why in _NOT_SENT:
        if is_one(*kinds):
            return unreachable(host, why)
    return unreachable(host, "breaks off while the connection is made")


def unreachable(host: str, why: str) -> Unreachable:
    """Give the error for a *host* that no connection came about with, and *why*."""
    try:
        proxies = requests.utils.get_environ_proxies(f"https://{host}")
    except ValueError:  # *host* is no host
        proxies = {}
    proxy = "is set" if proxies.get("https") or proxies.get("all") else "is not set"
    check = f"check network, VPN and proxy (HTTPS_PROXY {proxy}), then "
    return Unreachable(f"{host} {why}", next=(check, AGAIN, "."))


def never_asked(host: str) -> Unreachable:
    """Give the error for a *host* where clouds keep what only they may read."""
    return _for_good(f"{host} {NEVER_ASKED}", "is it the right host?")


def no_address(host: str) -> Unreachable:
    """Give the error for a *host* that cannot be one."""
    return _for_good(f"{host or 'this'} is no address that can be reached", "is it spelled right?")


def not_writable(host: str) -> Unreachable:
    """Give the error for a request to *host* that cannot be written down as HTTP."""
    return _for_good(
        f"{host} was not asked: a token or header for it has characters that HTTP does not allow",
        "is the token or password whole, and nothing else?",
    )


def _lost(reason: Exception, host: str) -> ResponseLost:
    """Sent, and no answer. TLS 1.3 tells only now that it wants another client certificate."""
    if isinstance(reason, theirs.ContentDecodingError):
        return ResponseLost(f"the answer of {host} is compressed, which was not asked for")
    said = str(reason)
    tls_alert = isinstance(reason, (ssl.SSLError, urllib3.exceptions.SSLError)) and "ALERT" in said
    if tls_alert and any(mark in said for mark in _CERTIFICATE_ALERTS):
        return CertificateRefused(f"{host} does not take the client certificate")
    return ResponseLost(f"no answer came back from {host}")


def _no_handshake(reason: str, host: str) -> AICoreError:
    """The error of a TLS handshake that failed."""
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return CertificateNotTrusted(
            f"this machine does not trust the certificate of {host}",
            next=(do("connect-ca"), Beside("with your company's CA"), "."),
        )
    if "ALERT" in reason and any(mark in reason for mark in _CERTIFICATE_ALERTS):
        return CertificateRefused(f"{host} does not take the client certificate")
    return _for_good(
        f"{host} and this machine agree on no TLS connection",
        "is it https, and the right port?",
    )


def _for_good(message: str, hint: str) -> Unreachable:
    error = Unreachable(message, next=hint)
    error.again = False
    return error
