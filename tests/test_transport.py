import contextlib
import gzip
import json
import re
import socket
import ssl
import struct
import threading
import time
from datetime import datetime, timedelta, timezone
from http.client import HTTPConnection
from urllib.parse import quote, quote_plus

import pytest
import requests
import trustme
from requests.auth import AuthBase

from aicore_magics.errors import AICoreError, CertificateNotTrusted, Unreachable
from aicore_magics.redact import Secret
from aicore_magics.transport import MAX_ANSWER_BYTES, Answer, AnswerLost, Deadline, Transport

FINE = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
RESET = struct.pack("ii", 1, 0)


class Peer:
    """A listener on this machine that plays one part on each connection, one connection after the other.

    It counts the connections, and keeps every byte that it hears.
    """

    def __init__(self, part=None):
        self.part = part or answer_with(FINE)
        self.accepted = 0
        self.heard = b""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._over = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            connection, _ = self._listener.accept()
            with connection:
                if self._over:
                    return
                self.accepted += 1
                connection.settimeout(3)
                with contextlib.suppress(OSError):
                    self.part(self, connection)

    def request(self, connection):
        """Hear one whole request. Raises ConnectionAbortedError if the client has left."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            heard += self._more(connection)
        head, _, body = heard.partition(b"\r\n\r\n")
        length = re.search(rb"\r\ncontent-length: ([0-9]+)", head.lower())
        while len(body) < int(length[1] if length else 0):
            body += self._more(connection)

    def _more(self, connection):
        heard = connection.recv(65536)
        if not heard:
            raise ConnectionAbortedError("the client has left")
        self.heard += heard
        return heard

    def stop(self):
        """Stop listening, and wait for the part that is played to its end."""
        self._over = True
        socket.create_connection(("127.0.0.1", self.port), 3).close()
        self._thread.join(5)
        self._listener.close()


def answer_with(*answers):
    """A part: each request on a connection gets the next answer, the last one for ever."""

    def play(peer, connection):
        for turn in range(1000):
            peer.request(connection)
            connection.sendall(answers[min(turn, len(answers) - 1)])

    return play


def say_and_leave(answer):
    """A part: hear the request, say *answer*, and close."""

    def play(peer, connection):
        peer.request(connection)
        connection.sendall(answer)

    return play


def hear_and_reset(peer, connection):
    """A part: hear the request, then break the connection."""
    peer.request(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)


def hear_for_ever(peer, connection):
    """A part: hear everything, and never say a word."""
    while True:
        peer._more(connection)


def over_tls(context, part=None):
    """A part: the same behind TLS."""
    inner = part or answer_with(FINE)

    def play(peer, connection):
        with context.wrap_socket(connection, server_side=True) as wrapped:
            inner(peer, wrapped)

    return play


class Marked(AuthBase):
    """Puts a mark on a request, as a token would be."""

    def __init__(self, text="Bearer t0ken"):
        self.text = text

    def __call__(self, request):
        """Give the request with the mark on it."""
        request.headers["Authorization"] = self.text
        return request


@pytest.fixture
def listen():
    """Start peers, and stop them at the end."""
    with contextlib.ExitStack() as stack:

        def listen(part=None):
            peer = Peer(part)
            stack.callback(peer.stop)
            return peer

        yield listen


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


@pytest.mark.parametrize(
    ("body", "data"),
    [
        (b'{"a": 1}', {"a": 1}),
        ('{"a": "\u20ac"}'.encode(), {"a": "\u20ac"}),
        (b"", None),
        (b"{", None),
        (b"\xff", None),
        (b"[" * 100_000, None),
        (b"9" * 10_000, None),
    ],
)
def test_json(body, data):
    """A body is given as data, or as nothing if it is none; never with an error."""
    assert Answer(200, {}, body, "h").json() == data


@pytest.mark.parametrize(
    ("status", "ok"), [(199, False), (200, True), (202, True), (299, True), (300, False)]
)
def test_ok(status, ok):
    """Success is what begins with a 2."""
    assert Answer(status, {}, b"", "h").ok is ok


@pytest.mark.parametrize(
    ("status", "headers", "body", "what"),
    [
        (200, {"content-type": "application/json"}, b"{}", ""),
        (500, {}, b"", ""),
        (200, {}, b"x <html>", ""),
        (200, {"content-type": "application/xhtml+xml"}, b"", "a web page"),
        (500, {"content-type": "TEXT/HTML"}, b"{}", "a web page"),
        (200, {}, b" \r\n<!DOCTYPE HTML>", "a web page"),
        (302, {"location": "https://login.example/a"}, b"", "a redirect to login.example"),
        (307, {"location": "\x1b[2Jhttps://x"}, b"", "a redirect to another address"),
        (301, {"location": "https://" + "a" * 500}, b"", "a redirect to " + "a" * 79 + "\u2026"),
        (304, {}, b"", "a redirect to another address"),
    ],
)
def test_foreign(status, headers, body, what):
    """A web page or a redirect is known for what it is."""
    assert Answer(status, headers, body, "h").foreign() == what


def test_large_body(listen, send):
    """Of a large body the first megabyte is read, whether its length is told or not."""
    large = b"x" * (3 * MAX_ANSWER_BYTES)
    told = listen(say_and_leave(b"HTTP/1.1 400 No\r\nContent-Length: %d\r\n\r\n" % len(large) + large))
    untold = listen(say_and_leave(b"HTTP/1.1 400 No\r\n\r\n" + large))
    packed = gzip.compress(large)
    head = b"HTTP/1.1 400 No\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    zipped = listen(say_and_leave(head % len(packed) + packed))
    for peer in (told, untold, zipped):
        answer = send(peer.url)
        assert (answer.status, len(answer.body)) == (400, MAX_ANSWER_BYTES)
        assert answer.body.strip(b"x") == b""


def test_endless_body(listen, send):
    """A body without an end is left."""

    def pour(peer, connection):
        peer.request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65536)

    begin = time.monotonic()
    assert len(send(listen(pour).url).body) == MAX_ANSWER_BYTES
    assert time.monotonic() - begin < 2


def test_kept_connection(listen, send):
    """Five requests use one connection."""
    peer = listen()
    assert [send(peer.url, method).status for method in ("POST", "GET", "PATCH", "GET", "PUT")] == [200] * 5
    assert peer.accepted == 1


def test_connection_that_was_not_kept(listen, send):
    """A connection that the server has closed meanwhile is noticed: the next request takes another."""
    peer = listen(say_and_leave(FINE))
    for _ in range(3):
        assert send(peer.url).status == 200
        time.sleep(0.02)
    assert peer.accepted == 3


def test_close(listen, transport, send):
    """After a close there is no connection, and the next request opens one."""
    peer = listen()
    send(peer.url)
    transport.close()
    send(peer.url)
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
    assert (answer.status, answer.foreign()) == (status, "a redirect to localhost")
    assert send(peer.url, method).status == status
    assert b"secret" in peer.heard
    assert (other.accepted, other.heard) == (0, b"")


# Nothing was sent


def test_refused_connection(send, closed_port):
    """A port where nobody listens gives no connection."""
    error = failed(send, f"http://127.0.0.1:{closed_port}", Unreachable)
    assert error.message == f"127.0.0.1:{closed_port} gives no connection. Nothing was sent."
    hint = "check network, VPN and proxy (HTTPS_PROXY is not set), then run the cell again."
    assert error.hint == hint


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
    assert error.message.endswith(" is no address that can be reached. Nothing was sent.")


def test_blackhole(send):
    """A host that does not answer the connection is left after the time limit."""
    with contextlib.ExitStack() as stack:
        full = stack.enter_context(socket.socket())
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        begin = time.monotonic()
        error = failed(send, f"http://127.0.0.1:{full.getsockname()[1]}", Unreachable, seconds=0.1)
    assert "does not answer the connection. Nothing was sent." in error.message
    assert time.monotonic() - begin < 2


def test_no_proxy(send, closed_port, monkeypatch):
    """A proxy that does not answer is named as the reason."""
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{closed_port}")
    error = failed(send, "https://api.ai.example/v2", Unreachable)
    assert error.message == "api.ai.example cannot be reached through the proxy. Nothing was sent."
    assert "(HTTPS_PROXY is set)" in error.hint


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
    assert error.hint == "%aicore_connect --ca-file FILE  with your company's CA."
    assert peer.heard == b""


def test_wrong_or_old_certificate(listen, send, tls, trusted):
    """So does a certificate for another host, or one that has ended, though its authority is known."""
    yesterday = datetime.now(timezone.utc) - timedelta(days=1)
    for context in (tls("other.example"), tls(not_after=yesterday)):
        peer = listen(over_tls(context, hear_for_ever))
        error = failed(send, f"https://127.0.0.1:{peer.port}", CertificateNotTrusted)
        assert "Nothing was sent" in error.message
        assert peer.heard == b""


def test_plain_port(listen, send):
    """A port that speaks no TLS is told, with the question that helps."""

    def speak_plainly(peer, connection):
        peer._more(connection)
        connection.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")

    peer = listen(speak_plainly)
    error = failed(send, f"https://127.0.0.1:{peer.port}", Unreachable, body="secret")
    host = f"127.0.0.1:{peer.port}"
    assert error.message == f"{host} and this machine agree on no TLS connection. Nothing was sent."
    assert error.hint == "is it https, and the right port?"
    assert b"secret" not in peer.heard


def test_handshake_refused(listen, send):
    """So is one that breaks the handshake off."""

    def alert(peer, connection):
        peer._more(connection)
        connection.sendall(b"\x15\x03\x03\x00\x02\x02\x28")  # fatal, handshake_failure

    error = failed(send, f"https://127.0.0.1:{listen(alert).port}", Unreachable)
    assert "agree on no TLS connection. Nothing was sent." in error.message


def test_lost_behind_tls(listen, send, tls, trusted):
    """Once the handshake stands, a lost answer is a lost answer."""
    peer = listen(over_tls(tls(), say_and_leave(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")))
    failed(send, f"https://127.0.0.1:{peer.port}", AnswerLost, body="secret")
    assert b"secret" in peer.heard


# The answer was lost


def test_no_answer(listen, send):
    """A server that hears all and says nothing is left at the end of the time limit."""
    peer = listen(hear_for_ever)
    begin = time.monotonic()
    error = failed(send, peer.url, AnswerLost, seconds=0.2)
    assert 0.2 <= time.monotonic() - begin < 2
    assert error.message == f"no answer came back from 127.0.0.1:{peer.port}."
    assert b"\r\n\r\n{}" in peer.heard


def test_reset(listen, send):
    """A connection that breaks after the request was heard leaves it open what became of it."""
    peer = listen(hear_and_reset)
    failed(send, peer.url, AnswerLost)
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
    "too many headers": b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 200 + b"Content-Length: 0\r\n\r\n",
    "a header too long": b"HTTP/1.1 200 OK\r\nA: " + b"b" * 70_000 + b"\r\nContent-Length: 0\r\n\r\n",
}


@pytest.mark.parametrize("answer", BROKEN.values(), ids=BROKEN)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_broken_answer(answer, method, listen, send):
    """An answer that is not whole, or no HTTP, is lost; the request is not sent again."""
    peer = listen(say_and_leave(answer))
    failed(send, peer.url, AnswerLost, method=method)
    assert peer.accepted == 1
    assert peer.heard.count(b"HTTP/1.1\r\n") == 1


def test_after_a_lost_answer(listen, send):
    """A lost answer leaves nothing behind that the next request could take for its own."""
    answers = iter([b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nleft over", FINE])

    def play(peer, connection):
        peer.request(connection)
        connection.sendall(next(answers))

    peer = listen(play)
    failed(send, peer.url, AnswerLost)
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
        "plain": lambda: listen(say_and_leave(b"HTTP/1.1 400 No\r\n\r\n")),
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
        send(url, body=f'{{"password": "{canary}"}}', seconds=0.2)
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


def test_deadline():
    """A deadline counts down and ends at zero."""
    deadline = Deadline(60)
    assert 59 < deadline.left() <= 60
    assert deadline.seconds == 60
    assert Deadline(0).left() == 0
    assert Deadline(-5).left() == 0
    assert Deadline().left() > 59


def test_one_deadline_over_many_requests(listen, transport):
    """Requests share a deadline: what the first has used up, the second does not get again."""
    peer = listen(hear_for_ever)
    deadline, begin = Deadline(0.4), time.monotonic()
    for kind in (AnswerLost, Unreachable, Unreachable):
        with pytest.raises(kind):
            transport.send("GET", peer.url, auth=Marked(), deadline=deadline)
    assert time.monotonic() - begin < 1.6


def test_the_peer_can_speak(listen):
    """The peer of these tests answers a client that is not ours: its zeros mean something."""
    peer = listen()
    client = HTTPConnection("127.0.0.1", peer.port, timeout=3)
    client.request("POST", "/", b"body")
    assert client.getresponse().read() == b"{}"
    client.close()
    assert (peer.accepted, peer.heard[-4:]) == (1, b"body")
