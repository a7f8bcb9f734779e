import http.client
import socket
import time

import pytest

from aicore_magics.sandbox.conversation import LARGEST_BODY
from tests.waiting import until


def status(heard):
    return int(heard.split()[1])


def test_kept_connection(server):
    """One connection serves many requests, each with its length."""
    connection = http.client.HTTPConnection(*server.server_address, timeout=5)
    for number in range(3):
        connection.request("POST", f"/{number}?x", b"abc")
        response = connection.getresponse()
        assert (response.version, response.headers["Content-Length"]) == (11, "11")
        assert response.read().decode() == f"POST /{number} x 3"
        assert len(server.connections) == 1
    connection.close()


def test_no_delay(server):
    """A small answer does not wait for anybody's delayed acknowledgement."""
    connection = http.client.HTTPConnection(*server.server_address, timeout=5)
    connection.request("POST", "/", b"abc")
    connection.getresponse().read()
    (talk,) = server.connections
    assert talk.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    connection.close()


def test_one_packet(wire):
    """Head and body leave together."""
    with wire() as plain:
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert plain.recv(65536).endswith(b"GET /  0")


def test_pipelined(say):
    """Two requests sent at once get two answers in order."""
    one = b"POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nxx"
    heard = say(one + b"GET /b HTTP/1.1\r\nConnection: close\r\n\r\n")
    assert heard.index(b"POST /a  2") < heard.index(b"GET /b  0")


def test_body_of_a_get_is_read(say):
    """A body where none belongs does not become the next request."""
    heard = say(b"GET /a HTTP/1.1\r\nContent-Length: 3\r\nConnection: close\r\n\r\nxyz")
    assert heard.endswith(b"GET /a  3")


def test_target_is_not_tidied(say):
    """The path arrives as it was sent, doubled slashes and all."""
    assert say(b"GET //a/../b?c=%20 HTTP/1.0\r\n\r\n").endswith(b"GET //a/../b c=%20 0")


def test_head(say):
    """HEAD gets the head alone."""
    assert say(b"HEAD / HTTP/1.0\r\n\r\n").endswith(b"\r\n\r\n")


@pytest.mark.parametrize("method", [b"POST", b"PATCH", b"PUT"])
def test_length_required(say, method):
    """A body must say how long it is."""
    assert status(say(method + b" / HTTP/1.1\r\n\r\n")) == 411


def test_chunks(say):
    """A body in chunks is refused, and the chunks do not become requests."""
    chunks = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n"
    heard = say(chunks)
    assert status(heard) == 411
    assert b"GET /x" not in heard


@pytest.mark.parametrize("length", [b"x", b"-1", b"+1", b"1, 1", b"1_0", b"", b"1\r\nContent-Length: 2"])
def test_bad_length(say, length):
    """A length that is not one number is refused, and the connection ends."""
    heard = say(b"POST / HTTP/1.1\r\nContent-Length: " + length + b"\r\n\r\nx")
    assert status(heard) == 400
    assert b"Connection: close" in heard


def test_largest_body(say):
    """A body of 2 MiB is taken."""
    head = b"POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % LARGEST_BODY
    assert say(head + bytes(LARGEST_BODY)).endswith(b" %d" % LARGEST_BODY)


def test_too_large_body(say):
    """A larger one is refused, and the client that is still sending sees the answer."""
    length = LARGEST_BODY + 1
    heard = say(b"POST / HTTP/1.1\r\nContent-Length: %d\r\n\r\n" % length + bytes(length))
    assert status(heard) == 413


def test_endless_body(say):
    """A body that claims to be huge is not read to its end."""
    head = b"POST / HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n"
    assert status(say(head + bytes(8 * LARGEST_BODY))) == 413


def test_expect_continue(wire):
    """A client that asks before it sends its body is told to go on."""
    with wire() as plain:
        plain.sendall(b"POST / HTTP/1.1\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
        assert status(plain.recv(65536)) == 100
        plain.sendall(b"x")
        assert status(plain.recv(65536)) == 200


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"CANARY", 400),
        (b"GET / CANARY HTTP/1.1", 400),
        (b"GET / HTTP/CANARY", 400),
        (b"GET / HTTP/9.9", 505),
        (b"CANARY / HTTP/1.1", 501),
        (b"GET /" + 70_000 * b"C" + b"ANARY HTTP/1.1", 414),
    ],
)
def test_no_http(say, line, code):
    """What is no HTTP is refused in the same way as everything else, and never repeated."""
    heard = say(line + b"\r\n\r\n")
    assert status(heard) == code
    assert b"ANARY" not in heard
    assert b"Content-Type: text/plain" in heard


def test_body_longer_than_said(say):
    """What follows a body that is longer than it says is not repeated."""
    heard = say(b'POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\n{"password": "CANARY"}\r\n\r\n')
    assert b"CANARY" not in heard


def test_drip(wire):
    """A dripping answer comes byte by byte, its head included."""
    with wire() as plain:
        plain.sendall(b"GET /drip?0.03 HTTP/1.1\r\n\r\n")
        begin = time.monotonic()
        heard = [plain.recv(65536) for _ in range(5)]
        assert time.monotonic() - begin > 0.1
    assert len(heard[0]) < 5
    assert b"HTTP/1.1 200 OK".startswith(b"".join(heard)[:15])


def test_whole_drip(say):
    """A dripping answer is whole in the end."""
    begin = time.monotonic()
    heard = say(b"GET /drip?0.002 HTTP/1.0\r\n\r\n")
    assert heard.endswith(b"\r\n\r\nslowly")
    assert time.monotonic() - begin > len(heard) * 0.002 * 0.9


def test_stop_ends_a_drip(wire, server):
    """A stop does not wait until the last drop has fallen."""
    with wire() as plain:
        plain.sendall(b"GET /drip?60 HTTP/1.1\r\n\r\n")
        assert plain.recv(1) == b"H"
        server.stop()
        assert b"slowly" not in b"".join(iter(lambda: plain.recv(65536), b""))
    assert server.connections == ()


def test_close_after(server):
    """A connection ends after so many answers, and none of them said so."""
    connection = http.client.HTTPConnection(*server.server_address, timeout=5)
    for _ in range(2):
        connection.request("GET", "/close")
        response = connection.getresponse()
        assert (response.read(), response.headers["Connection"]) == (b"GET /close  0", None)
    assert connection.sock.recv(1) == b""
    # The server does not linger either: whoever sends now meets a closed door.
    until(lambda: not server.connections)
    connection.close()


def test_close_after_counts_each_connection(server):
    """What one connection was answered does not count for another."""
    for _ in range(3):
        connection = http.client.HTTPConnection(*server.server_address, timeout=5)
        connection.request("GET", "/close")
        assert connection.getresponse().read() == b"GET /close  0"
        connection.request("GET", "/")
        assert connection.getresponse().read() == b"GET /  0"
        connection.close()


def test_reset(wire):
    """A dropped connection ends without an answer, and without a polite end."""
    with wire() as plain:
        plain.sendall(b"GET /drop HTTP/1.1\r\n\r\n")
        with pytest.raises(ConnectionResetError):
            plain.recv(1)


def test_client_leaves(wire, say, server, capfd):
    """A client that leaves in the middle of a body troubles nobody, and nothing is logged."""
    with wire() as plain:
        plain.sendall(b"POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nxy")
    assert say(b"GET / HTTP/1.0\r\n\r\n").endswith(b"GET /  0")
    server.stop()
    assert capfd.readouterr() == ("", "")
