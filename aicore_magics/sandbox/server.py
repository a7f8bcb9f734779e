"""The socket floor: listens on loopback, gives each client a thread, and ends cleanly."""

from __future__ import annotations

import contextlib
import os
import selectors
import socket
import socketserver
import threading
from typing import TYPE_CHECKING, Any, Protocol

from aicore_magics.sandbox.conversation import Conversation

if TYPE_CHECKING:
    from aicore_magics.sandbox.exchange import Answer, Refusal, Request

HOST = "127.0.0.1"
STOP_SECONDS = 5.0


class Application(Protocol):
    """What stands behind the sockets."""

    def answer(self, request: Request) -> Answer | None:
        """Give the answer, or None to break the connection."""

    def refuse(self, request: Request, refusal: Refusal) -> Answer:
        """Give the answer to a request whose body is not read."""


class Server(socketserver.TCPServer):
    """Listens on a port of this machine, a free one if *port* is 0, until it is stopped."""

    allow_reuse_address = os.name == "posix"
    request_queue_size = 128
    timeout = 0  # handle_request is called when a client is there, and must not wait for another

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), Conversation)
        self.application: Application
        self._lock = threading.Lock()
        self._open: dict[socket.socket, threading.Thread] = {}
        self._bell, self._rope = socket.socketpair()
        self._listener = threading.Thread(target=self._listen, name="aicore-sandbox", daemon=True)

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{HOST}:{self.server_address[1]}"

    def serve(self, application: Application) -> None:
        """Let *application* answer from now on, in threads of its own."""
        self.application = application
        self._listener.start()

    def stop(self) -> None:
        """Close everything and wait for the threads. A second call does nothing."""
        self._rope.close()
        if self._listener.is_alive():
            self._listener.join(STOP_SECONDS)
        self._bell.close()
        self.server_close()
        with self._lock:
            talking = dict(self._open)
        for connection, thread in talking.items():
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            thread.join(STOP_SECONDS)

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
            with contextlib.suppress(ConnectionError, TimeoutError):
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
