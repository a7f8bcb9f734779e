from __future__ import annotations

import socket
import ssl

import pytest
import requests
import trustme
import urllib3
from requests import exceptions as theirs

from aicore_magics.errors import CertificateNotTrusted, InvalidFile, Unreachable
from aicore_magics.http import tls
from aicore_magics.http.failures import (
    ForbiddenAddress,
    NoAddress,
    SilentDNS,
    mark_nothing_sent,
    nothing_sent,
    translated,
    unreachable,
)
from aicore_magics.http.http_session import Adapter
from aicore_magics.http.messages import CertificateRefused, ResponseLost
from tests.peers import (
    hear_for_ever,
    hear_once,
    over_tls,
    say_and_leave,
    tunnel,
)


@pytest.fixture
def session():
    """A session of requests that sends with our adapter, and trusts nobody special."""
    context = tls.KeptContext(tls.context)
    with requests.Session() as session:
        for scheme in ("http://", "https://"):
            session.mount(scheme, Adapter(context, context))
        yield session


def error_of(session, url, **more):
    with pytest.raises(requests.RequestException) as caught:
        session.post(url, data=b"x", timeout=(1.5, 1.5), **more)
    return caught.value


def say_no_http(peer, connection):
    """A part: hear something, and say what is no HTTP."""
    hear_once(peer, connection)
    connection.sendall(b"x\r\n\r\n")


PARTS = {
    "silent": hear_for_ever,
    "hangs up": hear_once,
    "no HTTP": say_no_http,
    "cut": say_and_leave(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"),
}


@pytest.mark.parametrize("name", PARTS)
def test_something_sent(name, listen, session):
    """Once a connection stands, it is never said that nothing was sent."""
    assert nothing_sent(error_of(session, listen(PARTS[name]).url)) is False


@pytest.mark.parametrize("name", ["silent", "hangs up", "no HTTP"])
def test_nothing_sent_in_a_handshake(name, listen, session):
    """A TLS handshake that does not come to its end sent nothing."""
    assert nothing_sent(error_of(session, f"https://127.0.0.1:{listen(PARTS[name]).port}")) is True


def test_nothing_sent_to_nobody(session):
    """Nor did a connection that never stood: nobody listens, or no such host is known."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        assert nothing_sent(error_of(session, f"http://127.0.0.1:{held.getsockname()[1]}")) is True
    assert nothing_sent(error_of(session, "https://aicore.invalid")) is True


@pytest.fixture
def untrusted():
    """A TLS context for a server whose authority nobody knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "api.ai.example").configure_cert(context)
    return context


def test_nothing_sent_to_a_stranger(listen, session, untrusted):
    """Nor one to a server whose certificate is not trusted."""
    error = error_of(session, f"https://127.0.0.1:{listen(over_tls(untrusted)).port}")
    assert isinstance(error, requests.exceptions.SSLError)
    assert nothing_sent(error) is True


def test_nothing_sent_to_a_stranger_behind_a_proxy(listen, session, untrusted):
    """Nor one to such a server behind a proxy."""
    proxy = listen(tunnel(lambda _host: untrusted))
    error = error_of(session, "https://api.ai.example", proxies={"https": proxy.url})
    assert nothing_sent(error) is True


def test_nothing_sent_through_a_proxy_that_refuses(listen, session):
    """Nor one through a proxy that opens no tunnel."""
    refuse = say_and_leave(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")
    error = error_of(session, "https://api.ai.example", proxies={"https": listen(refuse).url})
    assert nothing_sent(error) is True


def marked():
    return mark_nothing_sent(OSError("x"))


def chained(outer, *, cause=None, context=None):
    outer.__cause__, outer.__context__ = cause, context
    return outer


def test_nothing_sent_by_chain():
    """The fact is found wherever it stands in the chain of an error, and nowhere else."""
    assert nothing_sent(marked()) is True
    assert nothing_sent(ValueError("nothing sent")) is False
    assert nothing_sent(chained(ValueError(), cause=marked())) is True
    assert nothing_sent(chained(ValueError(), context=chained(OSError(), cause=marked()))) is True
    assert nothing_sent(chained(ValueError(), cause=OSError(), context=None)) is False


HOST = "ghcr.io"
REASONS = urllib3.exceptions


def before(error):
    """Give *error* with the mark of one that arose before anything was sent."""
    return mark_nothing_sent(error)


def wrapped(reason, outer=theirs.ConnectionError):
    """Give *reason* as `requests` hands it on."""
    error = outer(REASONS.MaxRetryError(None, "/", reason))
    error.__cause__ = reason
    return error


NOT_SENT = {
    "is not an address that can be reached": [
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
    "is never contacted: it is a link-local address or a cloud's metadata service": [
        wrapped(before(ForbiddenAddress(None, "x")))
    ],
    "was not found in time (DNS)": [wrapped(before(SilentDNS(None, "x")), theirs.ConnectTimeout)],
    "does not accept the connection": [wrapped(before(REASONS.NewConnectionError(None, "x")))],
    "does not answer": [wrapped(before(REASONS.ConnectTimeoutError()), theirs.ConnectTimeout)],
    "breaks off while the connection is set up": [
        wrapped(before(REASONS.ProtocolError("x"))),
        before(OSError()),
    ],
    "cannot be reached over TLS": [wrapped(before(REASONS.SSLError("x")), theirs.SSLError)],
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
    assert type(ours) is ResponseLost
    assert ours.message == f"no answer arrived from {HOST}."


def test_unreadable():
    """An answer that is packed came back, and that is what is said of it."""
    ours = translated(theirs.ContentDecodingError("x"), HOST)
    assert type(ours) is ResponseLost
    assert ours.message == f"the answer of {HOST} is compressed, although that was not requested."


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
    assert translated(theirs.InvalidURL("x"), host).message.startswith(f"{host or 'this'} is not an address")
