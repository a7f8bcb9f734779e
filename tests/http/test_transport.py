import contextlib
import hashlib
import json
import os
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from urllib.parse import quote, quote_plus

import pytest
import requests
import trustme
from cryptography import x509
from requests.auth import AuthBase

from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError, CertificateNotTrusted, InvalidFile, Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import MAX_RESPONSE_BYTES, CertificateRefused, ResponseLost
from aicore_magics.http.tls import Identity
from aicore_magics.http.transport import Transport
from aicore_magics.jupyter.wording import NOTEBOOK
from tests.forks import forked
from tests.peers import (
    FINE,
    PEER_SECONDS,
    RESET,
    answer_with,
    hear_and_reset,
    hear_for_ever,
    hear_once,
    over_tls,
    pour,
    say_and_leave,
    say_to_anything,
    tunnel,
)
from tests.waiting import PATIENCE, until


class Marked(AuthBase):
    """Puts a mark on a request, as a token would be."""

    def __init__(self, text="Bearer t0ken"):
        self.text = text

    def __call__(self, request):
        """Give the request with the mark on it."""
        request.headers["Authorization"] = self.text
        return request


@pytest.fixture
def transport():
    transport = Transport()
    yield transport
    transport.close()


@pytest.fixture
def send(transport):
    """Send a request; a POST with a body unless told otherwise."""

    def send(url, method="POST", *, body="{}", seconds=5.0, **more):
        return transport.send(
            method,
            url,
            auth=Marked(),
            deadline=Deadline(seconds),
            body=None if body is None else Secret(body),
            content_type="application/json",
            **more,
        )

    return send


@pytest.fixture
def closed_port():
    """A port on which nobody listens, and nobody else will while the test runs."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@pytest.fixture(scope="session")
def authority():
    return trustme.CA()


@pytest.fixture
def tls(authority):
    """Make TLS contexts for a server whose certificate names *host*."""

    def tls(host="127.0.0.1", **more):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority.issue_cert(host, **more).configure_cert(context)
        return context

    return tls


@pytest.fixture
def trusted(authority, monkeypatch, tmp_path):
    """Let requests trust the authority, as the hint of CertificateNotTrusted says."""
    place = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(place))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(place))


def failed(send, url, kind, **more):
    with pytest.raises(AICoreError) as caught:
        send(url, **more)
    assert type(caught.value) is kind
    return caught.value


# What is sent


def test_what_is_sent(listen, send, canary):
    """The body goes out letter by letter, with its type, and the header that *auth* has put on."""
    peer = listen()
    answer = send(f"{peer.url}/v2/x?$top=1", body=canary)
    head, _, body = peer.heard.partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0] == "POST /v2/x?$top=1 HTTP/1.1"
    assert {"Accept: application/json", "Content-Type: application/json"} <= set(lines)
    assert "Authorization: Bearer t0ken" in lines
    assert [line for line in lines if line.startswith("User-Agent: aicore-magics ")]
    assert body == canary.encode()
    assert answer.json() == {}


def test_without_a_body(listen, transport):
    """Without a body, nothing is said about one."""
    peer = listen()
    transport.send("DELETE", peer.url, auth=Marked(), deadline=Deadline(5))
    assert b"content-type" not in peer.heard.lower()
    assert peer.heard.endswith(b"\r\n\r\n")


def test_netrc(listen, transport, send, own_environment):
    """An entry in ~/.netrc does not replace what *auth* has put on, though requests alone would let it."""
    place = own_environment / ".netrc"
    place.write_text("default login stray password stray\n")
    place.chmod(0o600)
    peer = listen()
    send(peer.url)
    assert b"Authorization: Bearer t0ken\r\n" in peer.heard
    assert b"Basic" not in peer.heard
    transport.close()
    requests.get(peer.url, timeout=5).close()
    assert b"Basic" in peer.heard


# What comes back


def test_answer(listen, send):
    """An answer has status, headers in small letters, body, and the host with its port."""
    peer = listen(answer_with(b"HTTP/1.1 418 Tea\r\nX-Some: Thing\r\nContent-Length: 3\r\n\r\n\xff{}"))
    answer = send(peer.url)
    assert (answer.status, answer.ok, answer.body) == (418, False, b"\xff{}")
    assert answer.headers == {"x-some": "Thing", "content-length": "3"}
    assert answer.host == f"127.0.0.1:{peer.port}"
    assert (answer.text(), answer.json()) == ("\ufffd{}", None)


def test_large_body(listen, send):
    """Of a large body the first megabyte is read, whether its length is told or not."""
    large = b"x" * (3 * MAX_RESPONSE_BYTES)
    told = listen(say_and_leave(b"HTTP/1.1 400 No\r\nContent-Length: %d\r\n\r\n" % len(large) + large))
    untold = listen(say_and_leave(b"HTTP/1.1 400 No\r\n\r\n" + large))
    for peer in (told, untold):
        answer = send(peer.url)
        assert (answer.status, len(answer.body)) == (400, MAX_RESPONSE_BYTES)
        assert answer.body.strip(b"x") == b""


def test_endless_body(listen, send):
    """A body without an end is left."""
    peer = listen(pour(b"HTTP/1.1 200 OK\r\n\r\n"))
    assert len(send(peer.url).body) == MAX_RESPONSE_BYTES
    until(lambda: peer.ended)
    assert peer.poured < 20 * MAX_RESPONSE_BYTES


def test_kept_connection(listen, send):
    """Five requests use one connection."""
    peer = listen()
    assert [send(peer.url, method).status for method in ("POST", "GET", "PATCH", "GET", "PUT")] == [200] * 5
    assert peer.accepted == 1


def test_connection_that_was_not_kept(listen, send):
    """A connection that the server has closed meanwhile is noticed: the next request takes another."""
    peer = listen(say_and_leave(FINE))
    for number in range(3):
        assert send(peer.url).status == 200
        until(lambda number=number: peer.ended > number)
    assert peer.accepted == 3


def test_close(listen, transport, send):
    """After a close there is no connection, and the next request opens one."""
    peer = listen()
    send(peer.url)
    transport.close()
    send(peer.url)
    assert peer.accepted == 2


# After a fork

only_with_forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="left out: there is no fork here")


@only_with_forks
@pytest.mark.parametrize("secure", [False, True], ids=["http", "https"])
def test_a_child_has_connections_of_its_own(secure, listen, transport, send, tls, trusted):
    """A forked child speaks on no connection of its parent, and closes none; each keeps its own."""
    part = answer_with(FINE)
    peer = listen(over_tls(tls(), part) if secure else part, at_once=True)
    url = f"http{'s' * secure}://{peer.address}"

    def child():
        statuses = [send(url).status for _ in range(3)]
        transport.close()
        return statuses

    assert send(url).status == 200
    with forked(child) as answer:
        assert answer() == "[200, 200, 200]"
    assert [send(url).status for _ in range(2)] == [200, 200]
    assert peer.accepted == 2


@only_with_forks
def test_a_child_of_a_process_that_waits(listen, send):
    """A child that is forked while its parent waits for an answer gets one of its own."""
    go = threading.Event()

    def play(peer, connection):
        peer.request(connection)
        go.wait(PATIENCE)
        connection.sendall(FINE)

    peer = listen(play, at_once=True)
    waiting = threading.Thread(target=send, args=(peer.url,), kwargs={"seconds": PATIENCE}, daemon=True)
    waiting.start()
    until(lambda: peer.requests)
    with forked(lambda: send(peer.url, seconds=PATIENCE).status) as answer:
        until(lambda: len(peer.requests) == 2)
        go.set()
        assert answer() == "200"
    waiting.join(PATIENCE)
    assert peer.accepted == 2


# No redirect


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_no_redirect_is_followed(status, method, listen, send):
    """A redirect comes back as it is; the host it names hears nothing, not even a connection."""
    other = listen()
    there = f"http://localhost:{other.port}/x"
    moved = f"HTTP/1.1 {status} Moved\r\nLocation: {there}\r\nContent-Length: 0\r\n\r\n"
    peer = listen(answer_with(moved.encode()))
    answer = send(peer.url, method, body="secret")
    assert (answer.status, answer.not_an_api()) == (status, "a redirect to localhost")
    assert send(peer.url, method).status == status
    assert b"secret" in peer.heard
    assert (other.accepted, other.heard) == (0, b"")


LOCATIONS = (b"https://[bad", b"//[::1", b"https://a]b/", b"/caf\xe9", b"https://\xff/")


@pytest.mark.parametrize(
    "location",
    [*LOCATIONS, b"http://*.b", b"::", b""],
)
def test_odd_redirects(location, listen, send):
    """A redirect to what is no address comes back as it is, too."""
    head = b"HTTP/1.1 302 Moved\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n"
    assert send(listen(answer_with(head % location)).url).status == 302


def test_endless_redirect(listen, send):
    """Of the body of a redirect no more is read than of another."""
    peer = listen(pour(b"HTTP/1.1 302 Moved\r\nLocation: /x\r\n\r\n"))
    answer = send(peer.url)
    assert (answer.status, len(answer.body)) == (302, MAX_RESPONSE_BYTES)
    until(lambda: peer.ended)
    assert peer.poured < 20 * MAX_RESPONSE_BYTES


# Nothing was sent


def test_refused_connection(send, closed_port):
    """A port where nobody listens gives no connection."""
    error = failed(send, f"http://127.0.0.1:{closed_port}", Unreachable)
    assert error.message == f"127.0.0.1:{closed_port} does not accept the connection. Nothing was sent."
    hint = "check network, VPN and proxy (HTTPS_PROXY is not set), then run the cell again."
    assert NOTEBOOK.say(error.next) == hint


def test_unknown_host(send):
    """A name that nobody knows has no address."""
    error = failed(send, "https://aicore.invalid/v2", Unreachable)
    assert error.message == "aicore.invalid has no address here (DNS). Nothing was sent."


@pytest.mark.parametrize(
    "url", ["http://", "ftp://127.0.0.1/x", "http://127.0.0.1:99999", "http://*.example"]
)
def test_no_address(url, send):
    """What is no address reaches nobody, and says so."""
    error = failed(send, url, Unreachable)
    assert error.message.endswith(" is not an address that can be reached. Nothing was sent.")


def test_blackhole(send, monkeypatch):
    """A host that does not answer the connection is left after the time limit."""
    limits, connect = [], socket.socket.connect
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        monkeypatch.setattr(
            socket.socket, "connect", lambda self, to: limits.append(self.gettimeout()) or connect(self, to)
        )
        error = failed(send, f"http://127.0.0.1:{full.getsockname()[1]}", Unreachable, seconds=0.1)
    assert "does not answer. Nothing was sent." in error.message
    assert len(limits) == 1
    assert 0 < limits[0] <= 0.1


def test_no_proxy(send, closed_port, monkeypatch):
    """A proxy that does not answer is named as the reason."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    error = failed(send, "https://api.ai.example/v2", Unreachable)
    assert error.message == "api.ai.example cannot be reached through the proxy. Nothing was sent."
    assert "(HTTPS_PROXY is set)" in NOTEBOOK.say(error.next)


@pytest.mark.parametrize("status", [407, 502])
def test_proxy_that_refuses(status, listen, send, monkeypatch):
    """So is one that opens no tunnel; it hears which host was meant, and nothing of what was meant for it."""
    proxy = listen(say_and_leave(f"HTTP/1.1 {status} No\r\n\r\n".encode()))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    error = failed(send, "https://api.ai.example/v2", Unreachable, body="secret")
    assert error.message == "api.ai.example cannot be reached through the proxy. Nothing was sent."
    assert proxy.heard.startswith(b"CONNECT api.ai.example:443 HTTP/1.")
    assert b"secret" not in proxy.heard
    assert b"t0ken" not in proxy.heard


def test_proxy_for_https(listen, send, tls, trusted, monkeypatch):
    """A host elsewhere is reached through the proxy of the environment, with TLS to the host itself."""
    proxy = listen(tunnel(tls))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    assert send("https://api.ai.example/v2", body="secret").status == 200
    connect, _, inside = proxy.heard.partition(b"\r\n\r\n")
    assert connect.startswith(b"CONNECT api.ai.example:443 HTTP/1.")
    assert b"t0ken" not in connect
    assert inside.startswith(b"POST /v2 HTTP/1.1\r\n")


def test_trust_behind_a_proxy(listen, send, tls, monkeypatch):
    """Behind a proxy, too, a host of an unknown authority hears nothing."""
    proxy = listen(tunnel(tls))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    failed(send, "https://api.ai.example/v2", CertificateNotTrusted, body="secret")
    assert b"secret" not in proxy.heard


@pytest.mark.parametrize("name", ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"])
@pytest.mark.parametrize("secure", [False, True])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_no_proxy_on_this_machine(host, secure, name, listen, send, tls, trusted, monkeypatch):
    """What runs on this machine is spoken to directly, whatever proxy the environment names."""
    proxy, peer = listen(), listen(over_tls(tls(host)) if secure else None)
    monkeypatch.setenv(name, proxy.url)
    assert send(f"http{'s' * secure}://{host}:{peer.port}").status == 200
    assert (proxy.accepted, proxy.heard) == (0, b"")


def test_no_time_left(listen, send):
    """With no time left, nothing is sent, and that is told."""
    peer = listen()
    error = failed(send, peer.url, Unreachable, seconds=0)
    assert error.message.endswith(" was not contacted: the time limit is over. Nothing was sent.")
    assert (peer.accepted, peer.heard) == (0, b"")


# TLS


def test_trusted_certificate(listen, send, tls, trusted):
    """With REQUESTS_CA_BUNDLE, as the hint says, a company's own certificate is good."""
    peer = listen(over_tls(tls()))
    assert send(f"https://127.0.0.1:{peer.port}").status == 200
    assert peer.heard.startswith(b"POST / ")


def test_untrusted_certificate(listen, send, tls):
    """A certificate of an unknown authority ends it: nothing was sent, and the hint tells what helps."""
    peer = listen(over_tls(tls(), hear_for_ever))
    error = failed(send, f"https://127.0.0.1:{peer.port}", CertificateNotTrusted)
    host = f"127.0.0.1:{peer.port}"
    assert error.message == f"this machine does not trust the certificate of {host}. Nothing was sent."
    assert NOTEBOOK.say(error.next) == "name your company's CA: %aicore_connect --ca-file FILE"
    assert peer.heard == b""


def test_wrong_or_old_certificate(listen, send, tls, trusted):
    """So does a certificate for another host, or one that has ended, though its authority is known."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for context in (tls("other.example"), tls(not_after=yesterday)):
        peer = listen(over_tls(context, hear_for_ever))
        error = failed(send, f"https://127.0.0.1:{peer.port}", CertificateNotTrusted)
        assert "Nothing was sent" in error.message
        assert peer.heard == b""


def test_plain_port(listen, send):
    """A port that speaks no TLS is told, with the question that helps."""

    def speak_plainly(peer, connection):
        peer.more(connection)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    peer = listen(speak_plainly)
    error = failed(send, f"https://127.0.0.1:{peer.port}", Unreachable, body="secret")
    host = f"127.0.0.1:{peer.port}"
    assert error.message == f"{host} cannot be reached over TLS. Nothing was sent."
    assert NOTEBOOK.say(error.next) == "check https:// and the port."
    assert b"secret" not in peer.heard


@pytest.mark.parametrize("alert", [b"\x28", b"\x46"], ids=["handshake_failure", "protocol_version"])
def test_handshake_refused(alert, listen, send):
    """So is one that breaks the handshake off; another try would fare no better."""

    def refuse(peer, connection):
        peer.more(connection)
        connection.sendall(b"\x15\x03\x03\x00\x02\x02" + alert)

    error = failed(send, f"https://127.0.0.1:{listen(refuse).port}", Unreachable)
    assert "cannot be reached over TLS. Nothing was sent." in error.message
    assert error.again is False


@pytest.mark.parametrize("part", [hear_for_ever, hear_once, hear_and_reset], ids=lambda part: part.__name__)
def test_handshake_without_an_end(part, listen, send):
    """A handshake that is not answered, or breaks off, sent nothing, and says so."""
    error = failed(send, f"https://127.0.0.1:{listen(part).port}", Unreachable, seconds=1.5)
    assert error.message.endswith(". Nothing was sent.")


def test_lost_behind_tls(listen, send, tls, trusted):
    """Once the handshake stands, a lost answer is a lost answer."""
    peer = listen(over_tls(tls(), say_and_leave(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")))
    failed(send, f"https://127.0.0.1:{peer.port}", ResponseLost, body="secret")
    assert b"secret" in peer.heard


@pytest.mark.parametrize(
    "raw",
    [b"HTTP/1.1 400 Bad\r\n\r\n", b"\x15\x03\x03\x00\x02\x02\x28", b"\x17\x03\x01\x00\x02ab"],
    ids=["plain text", "an alert in the clear", "a record that is none"],
)
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=lambda v: v.name)
def test_tls_that_breaks_later(version, raw, listen, send, tls, trusted):
    """So it is when TLS itself breaks after the request was heard: that is no failed handshake."""
    context = tls()
    context.minimum_version = context.maximum_version = version

    def spoil(peer, connection):
        wrapped = context.wrap_socket(connection, server_side=True)
        peer.request(wrapped)
        with socket.socket(fileno=wrapped.detach()) as bare:
            bare.settimeout(PEER_SECONDS)
            bare.sendall(raw)
            while bare.recv(65536):
                pass

    peer = listen(spoil)
    failed(send, f"https://127.0.0.1:{peer.port}", ResponseLost, body="secret")
    assert b"secret" in peer.heard


def subject_hash(authority):
    """The name under which OpenSSL looks for *authority* in a folder: of its subject in small letters."""
    subject = x509.load_pem_x509_certificate(authority.cert_pem.bytes()).subject
    parts = [x509.Name([x509.NameAttribute(each.oid, each.value.lower())]) for each in subject]
    # Without the header of the outer sequence, which is two bytes long for so short a name.
    digest = hashlib.sha1(b"".join(part.public_bytes()[2:] for part in parts)).digest()
    return digest[3::-1].hex()


@pytest.fixture
def ca(authority, tmp_path, monkeypatch):
    """Where the CA stands: in a file, and in a folder as OpenSSL wants it; no variable names it."""
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.delenv("CURL_CA_BUNDLE", raising=False)
    file, folder = tmp_path / "the-ca.pem", tmp_path / "cas"
    folder.mkdir()
    authority.cert_pem.write_to_path(str(file))
    authority.cert_pem.write_to_path(str(folder / f"{subject_hash(authority)}.0"))
    return {"file": str(file), "folder": str(folder)}


@pytest.fixture
def sender():
    """Make transports, and give for each what sends a POST with it."""
    with contextlib.ExitStack() as stack:

        def sender(**more):
            made = Transport(**more)
            stack.callback(made.close)
            return lambda url: made.send(
                "POST", url, auth=Marked(), deadline=Deadline(5), body=Secret("secret")
            )

        yield sender


@pytest.mark.parametrize("kind", ["file", "folder"])
@pytest.mark.parametrize("way", ["ca_file", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_where_the_ca_stands(way, kind, ca, listen, sender, tls, monkeypatch):
    """The company's CA counts as argument or in either variable, as a file or as a folder."""
    if way != "ca_file":
        monkeypatch.setenv(way, ca[kind])
    post = sender(ca_file=ca[kind] if way == "ca_file" else "")
    assert post(f"https://127.0.0.1:{listen(over_tls(tls())).port}").status == 200


def test_which_ca_counts(ca, listen, sender, tls, tmp_path, monkeypatch):
    """The argument beats REQUESTS_CA_BUNDLE, which beats CURL_CA_BUNDLE; what is beaten is not looked at."""
    peer = listen(over_tls(tls(), say_and_leave(FINE)))
    other, url = tmp_path / "other.pem", f"https://127.0.0.1:{peer.port}"
    trustme.CA().cert_pem.write_to_path(str(other))
    monkeypatch.setenv("CURL_CA_BUNDLE", ca["file"])
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(other))
    assert sender(ca_file=ca["file"])(url).status == 200
    failed(sender(), url, CertificateNotTrusted)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", ca["file"])
    monkeypatch.setenv("CURL_CA_BUNDLE", str(tmp_path / "gone.pem"))
    assert sender()(url).status == 200
    failed(sender(ca_file=str(other)), url, CertificateNotTrusted)


def test_ca_that_is_missing(listen, sender, tls, tmp_path):
    """A CA file that is missing is an error before anything is sent; plain http does not ask for it."""
    peer, plain = listen(over_tls(tls())), listen()
    post = sender(ca_file=str(tmp_path / "gone.pem"))
    error = failed(post, f"https://127.0.0.1:{peer.port}", InvalidFile)
    assert "gone.pem' does not exist. Nothing was sent." in error.message
    assert (peer.accepted, peer.heard) == (0, b"")
    assert post(plain.url).status == 200


def test_the_ca_is_read_once(ca, listen, sender, tls, monkeypatch):
    """However many connections are opened, to however many hosts, the CA is read once, at the first."""
    read = []
    for name in ("load_verify_locations", "load_default_certs"):
        real = getattr(ssl.SSLContext, name)
        monkeypatch.setattr(
            ssl.SSLContext, name, lambda *given, real=real: (read.append(given[1:]), real(*given))[1]
        )
    post = sender(ca_file=ca["file"])
    assert read == []
    peers = [listen(over_tls(tls(), say_and_leave(FINE))) for _ in range(2)]
    for peer in peers * 3:
        assert post(f"https://127.0.0.1:{peer.port}").status == 200
    assert [peer.accepted for peer in peers] == [3, 3]
    assert len(read) == 1


# The client certificate


@pytest.fixture(scope="session")
def identity(authority):
    """A client certificate of the authority."""
    own = authority.issue_cert("anna@acme.example")
    chain = b"".join(each.bytes() for each in own.cert_chain_pems).decode()
    return Identity(chain, Secret(own.private_key_pem.bytes().decode()))


@pytest.fixture
def asking(authority, tls):
    """Make TLS contexts that ask for a client certificate, and take none as well."""

    def asking(host="127.0.0.1"):
        context = tls(host)
        authority.configure_trust(context)
        context.verify_mode = ssl.CERT_OPTIONAL
        return context

    return asking


def note_certificates(shown):
    """A part: answer, and note by whose name the client has shown a certificate, or None."""

    def play(peer, connection):
        names = dict(connection.getpeercert() or {}).get("subjectAltName")
        shown.append(names and names[0][1])
        answer_with(FINE)(peer, connection)

    return play


def test_who_sees_the_certificate(listen, sender, asking, identity, ca):
    """The host it is meant for sees the client certificate; another, on another port of it, does not."""
    seen, unseen = [], []
    meant = listen(over_tls(asking(), note_certificates(seen)))
    other = listen(over_tls(asking(), note_certificates(unseen)))
    post = sender(ca_file=ca["file"], identity=identity, identity_host=f"127.0.0.1:{meant.port}")
    for peer in (other, meant, other, meant):
        assert post(f"https://127.0.0.1:{peer.port}/oauth/token").status == 200
    assert (seen, unseen) == (["anna@acme.example"], [None])


@pytest.mark.parametrize(
    ("host", "sees"),
    [
        ("auth.example", True),
        ("AUTH.example", True),
        ("auth.example.evil.example", False),
        ("auth.examples", False),
        ("auth.example:8443", False),
        ("api.example", False),
        ("x.auth.example", False),
    ],
)
def test_which_host_sees_the_certificate(host, sees, listen, sender, asking, identity, trusted, monkeypatch):
    """A host whose name only begins or ends like that one does not see it, nor does another port."""
    shown = []
    proxy = listen(tunnel(asking, note_certificates(shown)))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    assert sender(identity=identity, identity_host="auth.example")(f"https://{host}/x").status == 200
    assert shown == ["anna@acme.example" if sees else None]


def test_the_proxy_sees_no_certificate(listen, sender, asking, identity, ca, monkeypatch):
    """A proxy that is spoken to in TLS, and asks, is not shown the certificate."""
    shown = []

    def refuse(peer, connection):
        shown.append(connection.getpeercert())
        say_and_leave(b"HTTP/1.1 502 No\r\n\r\n")(peer, connection)

    proxy = listen(over_tls(asking(), refuse))
    monkeypatch.setenv("HTTPS_PROXY", f"https://127.0.0.1:{proxy.port}")
    post = sender(ca_file=ca["file"], identity=identity, identity_host="auth.example")
    failed(post, "https://auth.example/oauth/token", Unreachable)
    assert proxy.heard.startswith(b"CONNECT auth.example:443")
    assert shown == [None]


@pytest.mark.parametrize(
    ("shows", "version"),
    [  # In TLS 1.2 a missing certificate is told as any other failed handshake.
        (False, ssl.TLSVersion.TLSv1_3),
        (True, ssl.TLSVersion.TLSv1_3),
        (True, ssl.TLSVersion.TLSv1_2),
    ],
    ids=["none, 1.3", "unknown, 1.3", "unknown, 1.2"],
)
def test_certificate_refused(shows, version, listen, sender, tls, identity, ca):
    """A server that misses a certificate, or does not know its authority, is told as just that."""
    context = tls()
    context.minimum_version = context.maximum_version = version
    trustme.CA().configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    peer = listen(over_tls(context))
    host = f"127.0.0.1:{peer.port}"
    more = {"identity": identity, "identity_host": host} if shows else {}
    error = failed(sender(ca_file=ca["file"], **more), f"https://{host}/", CertificateRefused)
    assert error.message == f"{host} does not accept the client certificate."
    assert peer.heard == b""


# The answer was lost


def test_no_answer(listen, send):
    """A server that hears all and says nothing is left at the end of the time limit."""
    peer = listen(hear_for_ever)
    error = failed(send, peer.url, ResponseLost, seconds=1.5)
    assert error.message == f"no answer arrived from 127.0.0.1:{peer.port}."
    assert b"\r\n\r\n{}" in peer.heard
    until(lambda: peer.ended)
    assert not peer.gave_up


def test_reset(listen, send):
    """A connection that breaks after the request was heard leaves it open what became of it."""
    peer = listen(hear_and_reset)
    failed(send, peer.url, ResponseLost)
    assert b"\r\n\r\n{}" in peer.heard
    assert peer.accepted == 1


BROKEN = {
    "nothing": b"",
    "half a status": b"HTTP/1.1 20",
    "no HTTP": b"SSH-2.0-OpenSSH_9.2\r\n",
    "a status of five digits": b"HTTP/1.1 20000 OK\r\n\r\n",
    "half a body": b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{}",
    "no body": b"HTTP/1.1 202 OK\r\nContent-Length: 10\r\n\r\n",
    "two lengths": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "half a chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}",
    "no chunk": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}",
    "chunks without an end": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
    "no gzip": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}",
    "words of one error": b"CERTIFICATE_VERIFY_FAILED\r\n",
    "words of another": b"WRONG_VERSION_NUMBER\r\n",
    "words in the status": b"HTTP/1.1 HANDSHAKE_FAILURE x\r\n\r\n",
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"Content-Length: 0\r\n\r\n",
    "a header too long": b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_broken_answer(answer, method, listen, send):
    """An answer that is not whole, or no HTTP, is lost; the request is not sent again."""
    peer = listen(say_and_leave(answer))
    failed(send, peer.url, ResponseLost, method=method)
    assert peer.accepted == 1
    assert peer.heard.count(b"HTTP/1.1\r\n") == 1


PARTS_BEHIND_A_PROXY = {
    "hangs up": lambda peer, connection: peer.request(connection),
    "resets": hear_and_reset,
    "says nothing": hear_for_ever,
    "half a body": say_and_leave(b"HTTP/1.1 202 OK\r\nContent-Length: 9\r\n\r\n"),
    "no HTTP": say_and_leave(b"xx\r\n\r\n"),
}


@pytest.mark.parametrize("part", PARTS_BEHIND_A_PROXY.values(), ids=PARTS_BEHIND_A_PROXY)
def test_lost_behind_a_proxy(part, listen, send, tls, trusted, monkeypatch):
    """Once the tunnel stands, a lost answer is a lost answer, and never "nothing was sent"."""
    proxy = listen(tunnel(tls, part))
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    failed(send, "https://api.ai.example/v2", ResponseLost, body="secret", seconds=1.5)
    assert b"secret" in proxy.heard


def test_lost_behind_a_plain_proxy(listen, send, monkeypatch):
    """So it is behind a proxy that is told everything in the clear."""
    proxy = listen(lambda peer, connection: peer.request(connection))
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    failed(send, "http://plain.example/v2", ResponseLost, body="secret")
    assert b"secret" in proxy.heard


def test_after_a_lost_answer(listen, send):
    """A lost answer leaves nothing behind that the next request could take for its own."""
    answers = iter([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nleft over", FINE])

    def play(peer, connection):
        peer.request(connection)
        connection.sendall(next(answers))

    peer = listen(play)
    failed(send, peer.url, ResponseLost)
    assert send(peer.url).body == b"{}"
    assert peer.accepted == 2


# What an error carries


def reachable(thing, seen=None):
    """Everything that can be reached from *thing* by attributes, items and the chain of exceptions."""
    seen = {} if seen is None else seen
    if id(thing) in seen:
        return
    seen[id(thing)] = thing
    yield thing
    inner = list(getattr(thing, "__dict__", {}).values())
    if isinstance(thing, BaseException):
        inner += [*thing.args, thing.__cause__, thing.__context__]
    elif isinstance(thing, dict):
        inner += [*thing, *thing.values()]
    elif isinstance(thing, (list, tuple, set, frozenset)):
        inner += thing
    for each in inner:
        yield from reachable(each, seen)


def frames_below(error):
    """The frames of the traceback below this file's own."""
    step = error.__traceback__
    while step:
        if step.tb_frame.f_code.co_filename != __file__:
            yield step.tb_frame
        step = step.tb_next


def close_at_once(peer, connection):
    """A part: close without hearing anything."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


CASES = ["refused", "dns", "url", "silent", "reset", "cut", "tls", "plain", "proxy", "early"]


@pytest.mark.parametrize("case", CASES)
def test_errors_carry_text_only(case, listen, send, tls, closed_port, monkeypatch, canary):
    """No error carries the request: neither an exception of requests nor the secret hangs on it."""
    secure = {
        "tls": lambda: listen(over_tls(tls())),
        "plain": lambda: listen(say_to_anything(b"HTTP/1.1 400 No\r\n\r\n")),
    }
    plain = {
        "silent": lambda: listen(hear_for_ever),
        "reset": lambda: listen(hear_and_reset),
        "cut": lambda: listen(say_and_leave(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")),
        "early": lambda: listen(close_at_once),
    }
    urls = {
        "refused": f"http://127.0.0.1:{closed_port}",
        "dns": "https://aicore.invalid",
        "url": "http://*.example",
    }
    if case == "proxy":
        monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    if case in secure:
        url = f"https://127.0.0.1:{secure[case]().port}"
    else:
        url = plain[case]().url if case in plain else urls.get(case, "https://api.ai.example")
    with pytest.raises(AICoreError) as caught:
        send(url, body=f'{{"password": "{canary}"}}', seconds=0.2 if case == "silent" else 20)
    error = caught.value
    assert error.__cause__ is None
    assert error.__context__ is None
    found = list(reachable(error))
    assert {type(each).__module__.partition(".")[0] for each in found} <= {"aicore_magics", "builtins"}
    frames = list(frames_below(error))
    assert frames
    held = [each for frame in frames for each in frame.f_locals.values()]
    shown = [repr(each) for each in (*found, *held)]
    forms = (canary, json.dumps(canary)[1:-1], repr(canary)[1:-1], quote(canary), quote_plus(canary), "t0ken")
    assert not [form for form in forms if any(form in text for text in shown)]


# Time


def test_one_deadline_over_many_requests(listen, transport):
    """Requests share a deadline: what the first has used up, the second does not get again."""
    peer = listen(hear_for_ever)
    deadline = Deadline(1.5)
    for kind in (ResponseLost, Unreachable, Unreachable):
        with pytest.raises(kind):
            transport.send("GET", peer.url, auth=Marked(), deadline=deadline)
    until(lambda: peer.ended)
    assert (peer.accepted, peer.gave_up) == (1, 0)


def test_the_peer_can_speak(listen):
    """The peer of these tests answers a client that is not ours: its zeros mean something."""
    peer = listen()
    client = HTTPConnection("127.0.0.1", peer.port, timeout=3)
    client.request("POST", "/", b"body")
    assert client.getresponse().read() == b"{}"
    client.close()
    assert (peer.accepted, peer.heard[-4:]) == (1, b"body")


def test_debug_output_of_http_client(listen, send, monkeypatch, capsys):
    """Switched on for everybody, it shows none of our requests."""
    monkeypatch.setattr(HTTPConnection, "debuglevel", 1)
    assert send(listen().url, "POST").status == 200
    assert capsys.readouterr().out == ""
