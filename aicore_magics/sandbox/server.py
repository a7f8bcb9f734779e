"""The socket floor: listens on loopback, gives each client a thread, and ends cleanly."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import ssl
import threading
from typing import TYPE_CHECKING, Any

from aicore_magics.sandbox.conversation import Conversation, Host, shut_down_and_drain

if TYPE_CHECKING:
    from aicore_magics.sandbox.conversation import Application
    from aicore_magics.sandbox.tls import Gate

HOST = "127.0.0.1"
STOP_SECONDS = 5.0


class Server(Host):
    """Listens on a port of this machine, a free one if *port* is 0, until it is stopped.

    With a *gate* it speaks https. *host* is how its address names this machine.
    """

    allow_reuse_address = os.name == "posix"
    request_queue_size = 128
    timeout = 0  # handle_request is called when a client is there, and must not wait for another

    def __init__(self, port: int, *, host: str = HOST, gate: Gate | None = None) -> None:
        super().__init__((HOST, port), Conversation)
        self.stopping = threading.Event()
        self._gate = gate
        self._host = host
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._bell, self._rope = socket.socketpair()
        self._listener = threading.Thread(target=self._listen, name="aicore-sandbox", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        scheme = "https" if self._gate else "http"
        return f"{scheme}://{self._host}:{self.server_address[1]}"

    @property
    def connections(self) -> tuple[socket.socket, ...]:
        """Those to clients that have not left."""
        with self._lock:
            return tuple(self._open)

    def serve(self, application: Application) -> None:
        """Let *application* answer from now on, in threads of its own."""
        self.application = application
        self._listener.start()

    def stop(self) -> None:
        """Close everything and wait for the threads. A second call does nothing."""
        self.stopping.set()
        self._rope.close()
        if self._listener.is_alive():
            self._listener.join(STOP_SECONDS)
        self._bell.close()
        self.server_close()
        with self._lock:
            talking = dict(self._open)
        for connection, thread in talking.items():
            with contextlib.suppress(OSError):
                # The plain one: that of a TLS socket would pull the rug from under its thread.
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            thread.join(STOP_SECONDS)

    def get_request(self) -> tuple[socket.socket, Any]:
        """Let a client in. Its handshake is left to its thread: a slow one must not keep others waiting."""
        connection, address = super().get_request()
        return self._gate.wrap(connection) if self._gate else connection, address

    def process_request(self, request: Any, client_address: Any) -> None:
        """Start a conversation."""
        talk = threading.Thread(
            target=self._talk, args=(request, client_address), name="aicore-sandbox-client", daemon=True
        )
        with self._lock:
            self._open[request] = talk
        talk.start()

    def _talk(self, request: Any, client_address: Any) -> None:
        try:
            # Clients leave as they like. Anything else is a bug here and shows its traceback.
            with contextlib.suppress(ConnectionError, TimeoutError, ssl.SSLError):
                if self._gate and not self._gate.opens_to(request):
                    shut_down_and_drain(request)
                else:
                    self.finish_request(request, client_address)
        finally:
            self.close_request(request)
            with self._lock:
                del self._open[request]

    def _listen(self) -> None:
        """Sleep until a client comes or the rope is let go: no polling, and a stop that takes no time."""
        with selectors.DefaultSelector() as selector:
            selector.register(self, selectors.EVENT_READ)
            selector.register(self._bell, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if self._bell in ready:
                    return
                self.handle_request()
