"""What it means when `requests` gives up: nothing was sent, or it was sent and the answer is lost.

Errors of `requests` carry the request, and so the password, in their attributes: here they become errors with
nothing but text in them.
"""

from __future__ import annotations

import http.client
import ssl

import requests
import urllib3.exceptions
from requests import exceptions as theirs

from aicore_magics.errors import AICoreError, CertificateNotTrusted, Unreachable
from aicore_magics.http.messages import CertificateRefused, ResponseLost
from aicore_magics.next_steps import AGAIN, do

NEVER_ASKED = "is never contacted: it is a link-local address or a cloud's metadata service"
# What `requests` gives up with, and what it lets through of those below it.
THEIRS = (requests.RequestException, urllib3.exceptions.HTTPError, http.client.HTTPException, OSError)
_MARK = "_aicore_magics_nothing_sent"


class ForbiddenAddress(urllib3.exceptions.NewConnectionError):
    """The host has an address that is never asked. It was connected to, and not one byte was sent."""


class NoAddress(urllib3.exceptions.NewConnectionError):
    """The host cannot be one: the rules of DNS do not allow its name."""


class SilentDNS(urllib3.exceptions.ConnectTimeoutError):
    """DNS did not say in time where the host is."""


def nothing_sent(error: BaseException) -> bool:
    """Whether *error*, or one that it came from, arose before a connection stood: then nothing was sent."""
    # Behind a proxy urllib3 wraps without raising: then the cause leads nowhere, and the context does.
    found = getattr(error, _MARK, False)
    return found or any(nothing_sent(each) for each in (error.__cause__, error.__context__) if each)


def mark_nothing_sent(error: Exception) -> Exception:
    """Give *error* with the one fact that the layers above lose: that it was the connection that failed."""
    setattr(error, _MARK, True)
    return error


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
    ((SilentDNS,), "was not found in time (DNS)"),
    ((urllib3.exceptions.NameResolutionError,), "has no address here (DNS)"),
    ((urllib3.exceptions.NewConnectionError,), "does not accept the connection"),
    ((theirs.ConnectTimeout, urllib3.exceptions.ConnectTimeoutError), "does not answer"),
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
    return unreachable(host, "breaks off while the connection is set up")


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
    return _for_good(f"{host} {NEVER_ASKED}", "check the host name.")


def out_of_time(host: str) -> Unreachable:
    """Give the error for a *host* that there was no time left to ask."""
    return unreachable(host, "was not contacted: the time limit is over")


def no_address(host: str) -> Unreachable:
    """Give the error for a *host* that cannot be one."""
    return _for_good(f"{host or 'this'} is not an address that can be reached", "check the spelling.")


def not_writable(host: str) -> Unreachable:
    """Give the error for a request to *host* that cannot be written down as HTTP."""
    return _for_good(
        f"{host} was not contacted: a token or header for it has characters that HTTP does not allow",
        "check that the token or password is complete, with nothing else.",
    )


def _lost(reason: Exception, host: str) -> ResponseLost:
    """Sent, and no answer. TLS 1.3 tells only now that it wants another client certificate."""
    if isinstance(reason, theirs.ContentDecodingError):
        return ResponseLost(f"the answer of {host} is compressed, although that was not requested")
    said = str(reason)
    tls_alert = isinstance(reason, (ssl.SSLError, urllib3.exceptions.SSLError)) and "ALERT" in said
    if tls_alert and any(mark in said for mark in _CERTIFICATE_ALERTS):
        return CertificateRefused(f"{host} does not accept the client certificate")
    return ResponseLost(f"no answer arrived from {host}")


def _no_handshake(reason: str, host: str) -> AICoreError:
    """The error of a TLS handshake that failed."""
    if "CERTIFICATE_VERIFY_FAILED" in reason:
        return CertificateNotTrusted(
            f"this machine does not trust the certificate of {host}",
            next=("name your company's CA: ", do("connect-ca")),
        )
    if "ALERT" in reason and any(mark in reason for mark in _CERTIFICATE_ALERTS):
        return CertificateRefused(f"{host} does not accept the client certificate")
    return _for_good(
        f"{host} cannot be reached over TLS",
        "check https:// and the port.",
    )


def _for_good(message: str, hint: str) -> Unreachable:
    error = Unreachable(message, next=hint)
    error.again = False
    return error
