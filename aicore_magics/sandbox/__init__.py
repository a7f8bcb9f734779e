"""A pretend AI Core on this machine: strict, quick, and with switches for everything that can go wrong.

It imitates what SAP AI Core's admin API does with Docker registry secrets, and the token service in front of
it. Users try the product on it, the tests run on it, the tutorials run on it. It needs the standard library
only and shares no code with the clients that talk to it: one mistake in both would cancel itself.

>>> from aicore_magics.sandbox import start
>>> with start() as sandbox:
...     sorted(sandbox.service_key)
['appname', 'clientid', 'clientsecret', 'identityzone', 'identityzoneid', 'serviceurls', 'url']

Where SAP's documents are silent, a switch in `sandbox.faults` has each of the known guesses; what was stored
and asked stands in `sandbox.state`. From a shell: `python -m aicore_magics.sandbox`.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, final

from aicore_magics.sandbox.aicore import AICore
from aicore_magics.sandbox.faults import Faults
from aicore_magics.sandbox.server import Server
from aicore_magics.sandbox.service_key import Client
from aicore_magics.sandbox.state import Asked, State

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Asked", "Faults", "Sandbox", "State", "start"]


@final
class Sandbox:
    """A running pretend AI Core. Made by `start()`; as a context manager it stops itself."""

    def __init__(self, *, port: int, faults: Faults, tenant: str) -> None:
        self._server = Server(port)
        self._stopping = threading.Event()
        self._client = Client.fresh(url=self._server.url, tenant=tenant)
        self._faults = faults
        self._state = State(faults)
        self._server.serve(
            AICore(client=self._client, state=self._state, faults=faults, wait=self._stopping.wait)
        )

    @property
    def url(self) -> str:
        """The address of the API, without `/v2`."""
        return self._client.url

    @property
    def auth_url(self) -> str:
        """The address of the token service, without `/oauth/token`."""
        return self._client.url

    @property
    def registry(self) -> None:
        """A pretend container registry: to come."""
        return

    @property
    def faults(self) -> Faults:
        """The switches; they may be set while the sandbox runs."""
        return self._faults

    @property
    def state(self) -> State:
        """What is really stored, and what was asked."""
        return self._state

    @property
    def service_key(self) -> dict[str, object]:
        """A fresh copy of the service key."""
        return self._client.service_key()

    def service_key_json(self) -> str:
        """Give the service key as the text of a file."""
        return self._client.service_key_json()

    def shell_variables(self) -> str:
        """Give lines for sh after which SAP's curl samples for the API work."""
        return self._client.shell_variables()

    def revoke_tokens(self) -> None:
        """Let every token given so far be expired."""
        self._state.revoke_tokens()

    def stop(self) -> None:
        """Close every connection and wait for the threads. A second call does nothing."""
        self._stopping.set()
        self._server.stop()

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Sandbox {self.url}>"


def start(*, port: int = 0, faults: Faults | None = None, tenant: str = "sandbox") -> Sandbox:
    """Start a pretend AI Core on 127.0.0.1, on a free port if *port* is 0, and return it running.

    Raises OSError if the port is taken.
    """
    return Sandbox(port=port, faults=Faults() if faults is None else faults, tenant=tenant)
