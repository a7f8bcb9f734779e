"""What `requests`, urllib3 and `http.client` let us override, and what we promise by it.

When an upgrade moves a hook, the test that is named after it fails, and says which promise no longer holds.
"""

from __future__ import annotations

import contextlib
import http.client
import inspect
import ssl
import sys
from pathlib import Path

import pytest
import requests
import trustme
import urllib3
import urllib3.connection
import urllib3.connectionpool
import urllib3.util.connection

import aicore_magics.http
from aicore_magics.errors import AICoreError
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import NoAuth
from aicore_magics.http.transport import Transport
from tests.peers import FINE, Peer, answer_by, over_tls, tunnel

OURS = str(Path(aicore_magics.http.__file__).parent)
LIBRARIES = {
    "requests": str(Path(requests.__file__).parent),
    "urllib3": str(Path(urllib3.__file__).parent),
    "http.client": http.client.__file__,
}

# A function of ours: which library calls it, in which journeys, and what would be lost if it did not.
CALLED = {
    "http_session.get_redirect_target": ("requests", "http", "no redirect is looked at, nor its body read"),
    "http_session.init_poolmanager": ("requests", "http", "connections are ours: they end, mark and look"),
    "http_session.proxy_manager_for": (
        "requests",
        "forward tunnel secure-proxy",
        "behind a proxy connections are ours, and the proxy is shown no client certificate",
    ),
    "http_session.get_connection_with_tls_context": (
        "requests",
        "http https forward tunnel",
        "a proxy without an address is told as such, and its password stays where it is",
    ),
    "http_session.build_connection_pool_key_attributes": (
        "requests",
        "http https forward tunnel",
        "TLS trusts the CA that was named, and shows the client certificate to its host alone",
    ),
    "http_session.cert_verify": ("requests", "http https", "the CA bundle is read once, not for each host"),
    "connections.clone": ("urllib3", "http https", "a limit is what is left of the whole call"),
    "connections.connect_timeout": ("urllib3", "http https tunnel", "connecting ends with the call"),
    "connections.read_timeout": ("urllib3", "http https forward tunnel", "reading ends with the call"),
    "connections.marked": (
        "urllib3 http.client",
        "http https forward tunnel secure-proxy",
        "`nothing was sent` is said where a connection failed, and only there",
    ),
    "connections._new_conn": (
        "urllib3",
        "http https forward tunnel secure-proxy",
        "where a name has led is looked at before a byte is sent, and connecting has one limit",
    ),
    "connections._tunnel": (
        "urllib3",
        "tunnel secure-proxy",
        "a tunnel's time counts for the handshake",
    ),
    "answers.__init__": (
        "http.client urllib3",
        "http https forward tunnel",
        "an answer that drips, or has no end, is left in time",
    ),
    "answers.begin": (
        "http.client",
        "http https forward",
        "no cookie is kept, no password logged",
    ),
    "answers._read_status": (
        "http.client urllib3",
        "http https forward tunnel",
        "an interim answer is never taken for the final one",
    ),
    "answers.makefile": ("http.client", "http https", "an answer is read through what ends it"),
    "answers.readline": ("http.client", "http https", "a head that breaks off is no answer"),
    "answers.readinto": ("", "http https", "each read has what is left"),
}


@pytest.fixture(scope="module")
def calls(tmp_path_factory):
    """What was called in each journey: (function of ours, the library that called it)."""
    authority = trustme.CA()
    place = tmp_path_factory.mktemp("hooks") / "ca.pem"
    authority.cert_pem.write_to_path(str(place))

    def context(host="127.0.0.1"):
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host).configure_cert(made)
        return made

    answer = answer_by(lambda _request: FINE)
    far = "https://api.ai.example/"
    journeys = {
        "http": (answer, "http://{}/", ""),
        "https": (over_tls(context(), answer), "https://{}/", ""),
        "forward": (answer, "http://plain.example/", "http://{}"),
        "tunnel": (tunnel(context, answer), far, "http://{}"),
        "secure-proxy": (over_tls(context(), tunnel(context, answer)), far, "https://{}"),
    }
    seen = {}
    for journey, (part, url, proxy) in journeys.items():
        seen[journey] = called = set()
        with contextlib.closing(Peer(part)) as peer, pytest.MonkeyPatch.context() as patch:
            for name in ("HTTP_PROXY", "HTTPS_PROXY") if proxy else ():
                patch.setenv(name, proxy.format(peer.address))
            sys.setprofile(lambda frame, event, _, called=called: note(frame, event, called))
            try:
                with contextlib.closing(Transport(ca_file=str(place))) as transport:
                    transport.send("GET", url.format(peer.address), auth=NoAuth(), deadline=Deadline(20))
            except AICoreError:
                # TLS in TLS goes no further with this peer: what is looked for here has been called by then.
                assert journey == "secure-proxy"
            finally:
                sys.setprofile(None)
    return seen


def note(frame, event, called):
    """Keep a call of a function of ours, and the library that it came from."""
    place = Path(frame.f_code.co_filename)
    if event != "call" or str(place.parent) != OURS or frame.f_back is None:
        return
    caller = frame.f_back.f_code.co_filename
    library = next((name for name, home in LIBRARIES.items() if caller.startswith(home)), "")
    called.add((f"{place.stem}.{frame.f_code.co_name}", library))


def versions():
    return f"requests {requests.__version__}, urllib3 {urllib3.__version__}, Python {sys.version.split()[0]}"


@pytest.mark.parametrize("hook", CALLED)
def test_a_hook_is_called(hook, calls):
    """What we override is called by whom it was made for, on every way that a request can take."""
    libraries, journeys, promise = CALLED[hook]
    for journey in journeys.split():
        callers = {library for function, library in calls[journey] if function == hook}
        expected = set(libraries.split()) or {""}
        moved = f"{versions()}: {hook} is no longer called by {libraries} ({journey}), so not: {promise}"
        assert callers & expected, moved


# What is set or read in theirs, and what would be lost if it moved.
ATTRIBUTES = [
    (urllib3.PoolManager(), "pool_classes_by_scheme", "connections are ours"),
    (urllib3.ProxyManager("http://127.0.0.1:1"), "pool_classes_by_scheme", "so they are behind a proxy"),
    (urllib3.connectionpool.HTTPConnectionPool, "ConnectionCls", "connections are ours"),
    (urllib3.connectionpool.HTTPSConnectionPool, "ConnectionCls", "connections with TLS are ours"),
    (urllib3.connection.HTTPConnection, "response_class", "answers end in time, and have no cookies"),
    (urllib3.connection.HTTPConnection, "debuglevel", "no debug output shows a password"),
    (urllib3.connection.HTTPConnection("h"), "timeout", "making a connection has one limit"),
    (urllib3.connection.HTTPConnection("h"), "proxy", "a forbidden address is told from a proxy's"),
    (urllib3.connection.HTTPConnection("h"), "_dns_host", "a name is looked up as it was given"),
    (urllib3.connection.HTTPConnection("h"), "socket_options", "small requests go out at once"),
    (urllib3.exceptions.MaxRetryError(None, "/", ValueError()), "reason", "an error says what went wrong"),
    *(
        (urllib3.exceptions, name, "an error says what went wrong")
        for name in (
            *("ConnectTimeoutError", "HTTPError", "LocationValueError", "NameResolutionError"),
            *("NewConnectionError", "ProxyError", "SSLError"),
        )
    ),
    (http.client.HTTPResponse, "_read_status", "an interim answer is never taken for the final one"),
    (http.client, "parse_headers", "the head of an interim answer is read and left"),
    (requests.Session, "get_redirect_target", "no redirect is looked at"),
    (requests.utils, "resolve_proxies", "proxies come from the environment"),
    (requests.utils, "select_proxy", "a proxy is told from a host"),
    (requests.utils, "get_environ_proxies", "an error says whether a proxy is set"),
]


@pytest.mark.parametrize(("owner", "name", "promise"), ATTRIBUTES, ids=[name for _, name, _ in ATTRIBUTES])
def test_a_hook_is_there(owner, name, promise):
    """What we set, read or raise of theirs is there."""
    assert hasattr(owner, name), f"{versions()}: {owner} has no {name} any more, so not: {promise}"


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (urllib3.util.connection.create_connection, {"timeout", "socket_options"}),
        (urllib3.response.HTTPResponse.stream, {"amt", "decode_content"}),
        (requests.Session.send, {"request"}),
        (requests.adapters.HTTPAdapter.build_connection_pool_key_attributes, {"request", "verify", "cert"}),
        (requests.adapters.HTTPAdapter.get_connection_with_tls_context, {"verify", "proxies", "cert"}),
        (urllib3.exceptions.NameResolutionError, {"host", "conn", "reason"}),
    ],
    ids=lambda value: getattr(value, "__qualname__", ""),
)
def test_a_hook_takes_what_it_took(function, names):
    """What we call of theirs, or put in its place, takes what it is given by name."""
    assert names <= set(inspect.signature(function).parameters)


def test_the_table_knows_every_override():
    """Each function of ours that is called from outside of the package stands in the table."""
    from aicore_magics.http import answers, connections, http_session

    theirs = (requests.Session, requests.adapters.HTTPAdapter, urllib3.Timeout, http.client.HTTPResponse)
    theirs += (urllib3.connection.HTTPConnection,)
    overridden = set()
    for module in (answers, connections, http_session):
        for kind in vars(module).values():
            if inspect.isclass(kind) and kind.__module__ == module.__name__ and issubclass(kind, theirs):
                stem = module.__name__.rpartition(".")[2]
                bases = [vars(base) for base in kind.__mro__[1:]]
                for name, value in vars(kind).items():
                    made = value.fget if isinstance(value, property) else value
                    if inspect.isfunction(made) and any(name in base for base in bases):
                        overridden.add(f"{stem}.{made.__name__}")
    assert overridden <= {*CALLED, *LEFT_OUT}, sorted(overridden - {*CALLED, *LEFT_OUT})


# Made by whoever makes the object, here; or called where nothing is promised by it.
LEFT_OUT = {"http_session.__init__", "connections.__init__", "connections.start_connect"}
