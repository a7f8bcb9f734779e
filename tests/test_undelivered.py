import ssl

import pytest
import urllib3
from requests import exceptions as theirs

from aicore_magics.errors import CertificateNotTrusted, InvalidFile, Unreachable
from aicore_magics.exchange import AnswerLost, CertificateRefused
from aicore_magics.undelivered import translated, unreachable
from aicore_magics.wire import ForbiddenAddress, NoAddress

HOST = "ghcr.io"
REASONS = urllib3.exceptions


def before(error):
    """Give *error* with the mark of one that arose before anything was sent."""
    error._aicore_magics_nothing_sent = True
    return error


def wrapped(reason, outer=theirs.ConnectionError):
    """Give *reason* as `requests` hands it on."""
    error = outer(REASONS.MaxRetryError(None, "/", reason))
    error.__cause__ = reason
    return error


NOT_SENT = {
    "is no address that can be reached": [
        theirs.InvalidURL("x"),
        theirs.InvalidSchema("x"),
        theirs.MissingSchema("x"),
        REASONS.LocationParseError("x"),
        before(UnicodeError("label too long")),
        wrapped(before(NoAddress(None, "x"))),
    ],
    "cannot be reached through the proxy": [
        theirs.InvalidProxyURL("x"),
        wrapped(before(REASONS.ProxyError("x", OSError())), theirs.ProxyError),
    ],
    "is never asked: it is a link-local address or a cloud's metadata service": [
        wrapped(before(ForbiddenAddress(None, "x")))
    ],
    "gives no connection": [wrapped(before(REASONS.NewConnectionError(None, "x")))],
    "does not answer the connection": [wrapped(before(REASONS.ConnectTimeoutError()), theirs.ConnectTimeout)],
    "breaks off while the connection is made": [
        wrapped(before(REASONS.ProtocolError("x"))),
        before(OSError()),
    ],
    "and this machine agree on no TLS connection": [wrapped(before(REASONS.SSLError("x")), theirs.SSLError)],
}


@pytest.mark.parametrize(
    ("error", "why"), [(error, why) for why, errors in NOT_SENT.items() for error in errors]
)
def test_nothing_sent(error, why):
    """What arose before anything was sent says so, and why."""
    ours = translated(error, HOST)
    assert isinstance(ours, Unreachable)
    assert ours.message == f"{HOST} {why}. Nothing was sent."
    assert ours.hint


LOST = [
    theirs.ReadTimeout("x"),
    wrapped(REASONS.ProtocolError("x")),
    theirs.InvalidHeader("x"),
    REASONS.ProtocolError("x"),
    REASONS.ReadTimeoutError(None, "/", "x"),
    REASONS.DecodeError("x"),
    REASONS.HTTPError(),
    ValueError("I/O operation on closed file"),
    UnicodeDecodeError("ascii", b"\xff", 0, 1, "x"),
]


@pytest.mark.parametrize("error", LOST, ids=lambda error: type(error).__name__)
def test_lost(error):
    """Of everything else it is not known what became of it, whether `requests` has wrapped it or not."""
    ours = translated(error, HOST)
    assert type(ours) is AnswerLost
    assert ours.message == f"no answer came back from {HOST}."


def test_unreadable():
    """An answer that is packed came back, and that is what is said of it."""
    ours = translated(theirs.ContentDecodingError("x"), HOST)
    assert type(ours) is AnswerLost
    assert ours.message == f"the answer of {HOST} is compressed, which was not asked for."


def test_certificates():
    """A certificate that one side does not take is told as such, before and after something was sent."""
    untrusted = wrapped(before(REASONS.SSLError("CERTIFICATE_VERIFY_FAILED")), theirs.SSLError)
    assert isinstance(translated(untrusted, HOST), CertificateNotTrusted)
    alert = "[SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED]"
    for error in (
        wrapped(before(REASONS.SSLError(alert)), theirs.SSLError),
        theirs.SSLError(ssl.SSLError(alert)),
        REASONS.SSLError(alert),
    ):
        assert isinstance(translated(error, HOST), CertificateRefused)


def test_an_error_of_ours_is_handed_on():
    """An error of ours inside one of theirs, as of a CA file that is none, is given as it is."""
    ours = InvalidFile("the CA file is none")
    assert translated(theirs.InvalidURL(ours), HOST) is ours
    assert ours.__traceback__ is None


@pytest.mark.parametrize("host", ["", "[abc]", "[1:2]", "a]b", "\ud800", "x" * 5000])
def test_a_host_that_is_none(host):
    """Even of what is no host it can be said that it was not reached."""
    assert unreachable(host, "x").message == f"{host} x. Nothing was sent."
    assert translated(theirs.InvalidURL("x"), host).message.startswith(f"{host or 'this'} is no address")
