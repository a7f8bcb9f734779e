import http.client
import socket
import threading

import pytest

from aicore_magics.sandbox.server import Server


def test_loopback_only(server):
    """It listens on this machine and nowhere else."""
    assert server.server_address[0] == "127.0.0.1"


@pytest.fixture
def threads_before():
    """The threads that run before anything is started."""
    return set(threading.enumerate())


def test_stop_ends_everything(threads_before, server):
    """After a stop no connection, thread or port is left, and a second stop does nothing."""
    connection = http.client.HTTPConnection(*server.server_address, timeout=5)
    connection.request("GET", "/")
    connection.getresponse().read()
    threads = set(threading.enumerate()) - threads_before
    assert [thread.is_alive() for thread in threads] == [True, True]
    server.stop()
    server.stop()
    assert [thread.is_alive() for thread in threads] == [False, False]
    assert connection.sock.recv(1) == b""
    connection.close()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(server.server_address, timeout=5)


def test_stop_without_serving():
    """A server that never served can be stopped."""
    Server(0).stop()


def test_stop_waits_for_answers(wire, server):
    """A stop waits for a request that is being worked on."""
    with wire() as plain:
        plain.sendall(b"GET /wait HTTP/1.1\r\n\r\n")
        assert server.application.inside.wait(5)
        threading.Timer(0.05, server.application.go_on.set).start()
        server.stop()
    assert server.connections == ()


def test_many_clients(wire, say, server):
    """Clients do not wait for one another."""
    with wire() as slow:
        slow.sendall(b"GET /wait HTTP/1.1\r\n\r\n")
        assert server.application.inside.wait(5)
        assert say(b"GET / HTTP/1.0\r\n\r\n").endswith(b"GET /  0")
        server.application.go_on.set()


def test_taken_port(server):
    """A port that is taken is an OSError."""
    with pytest.raises(OSError, match="in use"):
        Server(server.server_address[1])
