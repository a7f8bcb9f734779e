from __future__ import annotations

import contextlib
import queue
from ipaddress import ip_network

import pytest

from aicore_magics.errors import Unreachable
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import NoAuth
from aicore_magics.http.transport import Transport
from aicore_magics.model import hosts
from tests.waiting import PATIENCE


@pytest.fixture
def send():
    """Send a GET and give the answer."""
    with contextlib.closing(Transport()) as transport:
        yield lambda url, seconds: transport.send("GET", url, auth=NoAuth(), deadline=Deadline(seconds))


def test_a_name_that_leads_to_a_forbidden_address(listen, send, monkeypatch):
    """Whatever a name leads to is looked at once the connection stands: not one byte is sent there."""
    heard = queue.Queue()
    peer = listen(lambda _peer, connection: heard.put(connection.recv(1)))
    monkeypatch.setattr(hosts, "FORBIDDEN", (ip_network("127.0.0.0/8"),))
    with pytest.raises(Unreachable, match=r"never asked.*Nothing was sent") as caught:
        send(f"http://localhost:{peer.port}/", 5)
    assert not caught.value.again
    assert heard.get(timeout=PATIENCE) == b""


def test_a_literal_address_is_not_even_connected_to(listen, send, monkeypatch):
    """What is seen to be forbidden by its spelling sees no connection."""
    peer = listen(lambda *_: None)
    monkeypatch.setattr(hosts, "FORBIDDEN", (ip_network("127.0.0.0/8"),))
    with pytest.raises(Unreachable, match="never asked"):
        send(peer.url, 5)
    assert peer.accepted == 0
