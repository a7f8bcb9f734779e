"""A mock container registry: real images behind a real challenge, once with Bearer and once with Basic.

It answers as `docker-registry` 2.8 does, Debian's package of the registry that most others are modelled on,
as far as pulls go. Its images, and who may pull them, are made at the start and do not change.

>>> from aicore_magics.sandbox import start
>>> with start() as sandbox:
...     sandbox.registry.images[0], sandbox.registry.username
('acme/churn:1.4', 'anna')
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, final

from aicore_magics.sandbox.registry_access import BasicSide, BearerSide
from aicore_magics.sandbox.registry_api import RegistryApi
from aicore_magics.sandbox.registry_faults import RegistryFaults
from aicore_magics.sandbox.registry_front import RegistryAsked, RegistryFront
from aicore_magics.sandbox.registry_images import repositories
from aicore_magics.sandbox.registry_rights import Login, Rights
from aicore_magics.sandbox.registry_token import PATH, RegistryTokens, TokenService
from aicore_magics.sandbox.server import Server
from aicore_magics.sandbox.service_key import exports
from aicore_magics.sandbox.tls import Tls, api_gate

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.sandbox.exchange import Answer, Request
    from aicore_magics.sandbox.registry_front import Side

    Service: TypeAlias = Callable[[Request], Answer]


@final
class Registry:
    """A running pretend registry; `sandbox.registry` starts it at its first use.

    *host* challenges with Bearer, and has its token service at the same address; *basic_host* challenges with
    Basic. Both serve the same *images*. *requests* holds the last thousand requests.
    """

    def __init__(self, *, tls: Tls | None, host: str) -> None:
        self._faults = RegistryFaults()
        self._login = Login.fresh()
        self._repositories = repositories()
        self.requests: list[RegistryAsked] = []
        # Nobody shows a certificate to a registry.
        gate = api_gate(replace(tls, client_ca=None), lambda _: None) if tls else None
        self.servers = self._bearer, self._basic = (
            Server(0, host=host, gate=gate),
            Server(0, host=host, gate=gate),
        )
        self._open()

    @property
    def host(self) -> str:
        """Host and port that challenge with Bearer, as in the name of an image."""
        return _host(self._bearer)

    @property
    def basic_host(self) -> str:
        """Host and port that challenge with Basic, as in the name of an image."""
        return _host(self._basic)

    @property
    def username(self) -> str:
        """The one user there is."""
        return self._login.username

    @property
    def password(self) -> str:
        """That user's password, made at the start."""
        return self._login.password

    @property
    def images(self) -> tuple[str, ...]:
        """What can be pulled, by somebody at least: repository and tag of each."""
        return tuple(f"{each.name}:{tag}" for each in self._repositories for tag in each.tags)

    @property
    def faults(self) -> RegistryFaults:
        """The switches; they may be set while the registry runs."""
        return self._faults

    def shell_variables(self) -> str:
        """Give lines for sh that say what is where, and have the login in variables."""
        told = (
            f"Registry with Bearer tokens: {self.host}",
            f"Registry with Basic logins: {self.basic_host}",
            f"User of both: {self.username}",
            f"Images: {' '.join(self.images)}",
        )
        variables = {
            "REGISTRY_HOST": self.host,
            "REGISTRY_USER": self.username,
            "REGISTRY_PASSWORD": self.password,
        }
        return "".join(f"# {line}\n" for line in told) + exports(variables)

    def stop(self) -> None:
        """Close every connection and wait for the threads. A second call does nothing."""
        for server in (self._bearer, self._basic):
            server.stop()

    def _open(self) -> None:
        rights = Rights(self._login, self._repositories)
        tokens = RegistryTokens(self._bearer.url, self._faults)
        desk = TokenService(tokens, rights)
        sides = BearerSide(tokens, url=self._bearer.url, faults=self._faults), BasicSide(rights)
        bearer, basic = (RegistryApi(side, self._repositories, self._faults) for side in sides)

        def bearer_answer(request: Request) -> Answer:
            return desk.answer(request) if request.path == PATH else bearer.answer(request)

        self._serve(self._bearer, bearer_answer, "bearer")
        self._serve(self._basic, basic.answer, "basic")

    def _serve(self, server: Server, service: Service, side: Side) -> None:
        front = RegistryFront(
            service, side=side, faults=self._faults, requests=self.requests, wait=server.stopping.wait
        )
        server.serve(front)

    def __repr__(self) -> str:
        return f"<Registry {self.host}>"


def _host(server: Server) -> str:
    return server.url.partition("://")[2]
