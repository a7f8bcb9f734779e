"""A mock AI Core on this machine: strict, quick, and with switches for everything that can go wrong.

It imitates what SAP AI Core's admin API does with Docker registry secrets, and the token service in front of
it. Users try the product on it, the tests run on it, the tutorials run on it. It needs the standard library
only and shares no code with the clients that talk to it: one mistake in both would cancel itself.

>>> from aicore_magics.sandbox import start
>>> with start() as sandbox:
...     sorted(sandbox.service_key)
['appname', 'clientid', 'clientsecret', 'identityzone', 'identityzoneid', 'serviceurls', 'url']

Where SAP's documents are silent, a switch in `sandbox.faults` has each of the known guesses; what was stored
and asked stands in `sandbox.state`. With `start(tls=Tls(...))` it speaks https, and knows x509 service keys.
`sandbox.registry` is a container registry with a few images and logins that can end. `sandbox.tenant("dev")`
is another tenant that pulls from it. From a shell: `python -m aicore_magics.sandbox`.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, final

from aicore_magics.sandbox.aicore import AICore
from aicore_magics.sandbox.certificate_host import CertificateHost
from aicore_magics.sandbox.faults import Faults
from aicore_magics.sandbox.front import Front
from aicore_magics.sandbox.server import HOST, Server
from aicore_magics.sandbox.service_key import Client
from aicore_magics.sandbox.state import Asked, State
from aicore_magics.sandbox.tls import Tls, api_gate, certificate_gate

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.sandbox.exchange import Answer, Request
    from aicore_magics.sandbox.registry import Registry

__all__ = ["Asked", "Faults", "Sandbox", "State", "Tls", "start"]


@final
class Sandbox:
    """A running mock AI Core. Made by `start()`; as a context manager it stops itself."""

    def __init__(
        self, port: int, faults: Faults, *, tenant: str, tls: Tls | None, host: str, service: str = ""
    ) -> None:
        self._faults = faults
        self._first = self
        self._tenants: dict[str, Sandbox] = {}
        self._state = State(faults)
        note = self._state.note_certificate
        gate = api_gate(tls, partial(note, "api")) if tls else None
        cert_gate = certificate_gate(tls, partial(note, "cert"), faults) if tls and tls.client_ca else None
        self._server = Server(port, host=host, gate=gate)
        self._cert_server = Server(0, host=host, gate=cert_gate) if cert_gate else None
        cert_url = self._cert_server.url if self._cert_server else ""
        self._client = Client.fresh(url=self._server.url, tenant=tenant, cert_url=cert_url, service=service)
        self._lock = threading.Lock()
        self._registry: Registry | None = None
        self._tls = tls
        self._host = host
        client = self._client
        self._serve(self._server, AICore(client=client, state=self._state, faults=faults).answer)
        if self._cert_server:
            host_of_certificates = CertificateHost(client=client, state=self._state, faults=faults)
            self._serve(self._cert_server, host_of_certificates.answer)

    @property
    def url(self) -> str:
        """The address of the API, without `/v2`."""
        return self._client.url

    @property
    def auth_url(self) -> str:
        """The address of the token service, without `/oauth/token`."""
        return self._client.url

    @property
    def cert_url(self) -> str:
        """The address of the token service for x509 service keys; empty without a client CA."""
        return self._client.cert_url

    @property
    def registry(self) -> Registry:
        """A mock container registry, which starts when it is first asked for.

        All tenants of a sandbox have the same. Raises RuntimeError if that is after the sandbox has stopped.
        """
        if self._first is not self:
            return self._first.registry
        with self._lock:
            if self._registry is None:
                if self._server.stopping.is_set():
                    raise RuntimeError("the sandbox has stopped")
                # Here and not above: most sandboxes never need it.
                from aicore_magics.sandbox.registry import Registry

                self._registry = Registry(tls=self._tls, host=self._host)
            return self._registry

    @property
    def server(self) -> Server:
        """What listens at `url`: to hear what comes over the wire, wrap its `application`."""
        return self._server

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

    def tenant(self, name: str) -> Sandbox:
        """Return the tenant *name* of this sandbox, with its own secrets, quota, switches and client.

        It starts when it is first asked for, and stops with this one. Raises RuntimeError after that.
        """
        with self._lock:
            if self._server.stopping.is_set():
                raise RuntimeError("the sandbox has stopped")
            if name not in self._tenants:
                full = f"{self._client.tenant}:{name}"
                service, tls = self._client.service, self._tls
                another = Sandbox(0, Faults(), tenant=full, tls=tls, host=self._host, service=service)
                another._first = self
                self._tenants[name] = another
            return self._tenants[name]

    def x509_service_key(self, certificate_pem: str, key_pem: str) -> dict[str, object]:
        """Give the service key of somebody with this certificate and its key.

        Raises ValueError if the sandbox has no certificate host: it was started without a client CA.
        """
        if self._cert_server is None:
            raise ValueError("x509 service keys need start(tls=Tls(..., client_ca=...))")
        return self._client.x509_service_key(certificate_pem, key_pem)

    def service_key_json(self) -> str:
        """Give the service key as the text of a file."""
        return self._client.service_key_json()

    def shell_variables(self, *, registry: bool = False) -> str:
        """Give lines for sh after which SAP's curl samples for the API work.

        With *registry* they also say where that is, and hold its login.
        """
        return self._client.shell_variables(self.registry.shell_variables() if registry else "")

    def revoke_tokens(self) -> None:
        """Let every token given so far be expired."""
        self._state.tokens.revoke()

    def stop(self) -> None:
        """Close every connection and wait for the threads. A second call does nothing."""
        for server in filter(None, (self._server, self._cert_server)):
            server.stop()
        with self._lock:
            others: list[Registry | Sandbox | None] = [self._registry, *self._tenants.values()]
        for other in others:
            if other is not None:
                other.stop()

    def _serve(self, server: Server, service: Callable[[Request], Answer | None]) -> None:
        server.serve(Front(service, state=self._state, faults=self._faults, wait=server.stopping.wait))

    def __enter__(self) -> Sandbox:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def __repr__(self) -> str:
        return f"<Sandbox {self.url}>"


def start(
    *,
    port: int = 0,
    faults: Faults | None = None,
    tenant: str = "sandbox",
    tls: Tls | None = None,
    host: str = HOST,
) -> Sandbox:
    """Start a mock AI Core on 127.0.0.1, on a free port if *port* is 0, and return it running.

    With *tls* it speaks https. *host* is how its addresses name this machine: a certificate may be for
    "localhost" alone. Raises OSError if the port is taken or a file of *tls* cannot be used.
    """
    faults = Faults() if faults is None else faults
    return Sandbox(port, faults, tenant=tenant, tls=tls, host=host)
