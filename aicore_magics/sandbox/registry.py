"""A mock container registry: real images behind a real challenge, once with Bearer and once with Basic.

It answers as `docker-registry` 2.8 does, Debian's package of the registry that most others are modelled on,
as far as pulls go. Its images are made at the start and do not change. It begins with one login that does not
end; more can be made, for any user and with any end, and be revoked. Logins of one user overlap.

>>> from datetime import timedelta
>>> from aicore_magics.sandbox import start
>>> with start() as sandbox:
...     registry = sandbox.registry
...     another = registry.make_login(registry.username, life=timedelta(days=40), shape="jwt")
...     _ = registry.revoke_login(another)
...     [(each.username, each.standing) for each in registry.logins]
[('anna', 'valid'), ('anna', 'revoked')]

From a shell the same is done at `logins_url`, and from a notebook with `aicore_magics.sandbox.logins`.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias, final

from aicore_magics.sandbox.registry_access import BasicSide, BearerSide
from aicore_magics.sandbox.registry_api import RegistryApi
from aicore_magics.sandbox.registry_desk import LOGINS, LoginDesk
from aicore_magics.sandbox.registry_faults import RegistryFaults
from aicore_magics.sandbox.registry_front import RegistryAsked, RegistryFront
from aicore_magics.sandbox.registry_images import repositories
from aicore_magics.sandbox.registry_issuers import ISSUERS, Issuers
from aicore_magics.sandbox.registry_logins import Login, Period, RegistryLogins
from aicore_magics.sandbox.registry_rights import Rights
from aicore_magics.sandbox.registry_token import PATH, RegistryTokens, TokenService
from aicore_magics.sandbox.server import Server
from aicore_magics.sandbox.service_key import exports
from aicore_magics.sandbox.tls import Tls, api_gate

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from aicore_magics.sandbox.exchange import Answer, Request
    from aicore_magics.sandbox.registry_front import Side
    from aicore_magics.sandbox.registry_logins import ListedLogin
    from aicore_magics.sandbox.registry_passwords import Shape

    Service: TypeAlias = Callable[[Request], Answer]


@final
class Registry:
    """A running pretend registry; `sandbox.registry` starts it at its first use.

    *host* challenges with Bearer, and has its token service at the same address; *basic_host* challenges with
    Basic. Both serve the same *images*. *requests* holds the last thousand requests. *clock* says the seconds
    since 1970, by which tokens and logins begin and end; another one may be set at any time.
    """

    def __init__(self, *, tls: Tls | None, host: str) -> None:
        self.clock: Callable[[], float] = time.time
        self._faults = RegistryFaults()
        self._repositories = repositories()
        self.requests: list[RegistryAsked] = []
        # Nobody shows a certificate to a registry.
        gate = api_gate(replace(tls, client_ca=None), lambda _: None) if tls else None
        self.servers = self._bearer, self._basic = (
            Server(0, host=host, gate=gate),
            Server(0, host=host, gate=gate),
        )
        self._logins = RegistryLogins(self._bearer.url, self._now)
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
        """The user of the first login."""
        return self._logins.first.username

    @property
    def password(self) -> str:
        """The password of the first login, made at the start."""
        return self._logins.first.password

    @property
    def logins(self) -> tuple[ListedLogin, ...]:
        """Every login that was made, without its password: valid, expired, revoked or not yet valid."""
        return self._logins.all

    @property
    def logins_url(self) -> str:
        """Where logins are listed, made and revoked over HTTP, by whoever has the first login."""
        return self._bearer.url + LOGINS

    @property
    def images(self) -> tuple[str, ...]:
        """What can be pulled, by somebody at least: repository and tag of each."""
        return tuple(f"{each.name}:{tag}" for each in self._repositories for tag in each.tags)

    @property
    def faults(self) -> RegistryFaults:
        """The switches; they may be set while the registry runs."""
        return self._faults

    def make_login(
        self,
        username: str,
        *,
        life: timedelta | None = None,
        begins: datetime | None = None,
        ends: datetime | None = None,
        shape: Shape = "opaque",
    ) -> Login:
        """Make one more login and return it with its password; the others stay as they are.

        Two of *life*, *begins* and *ends* give the third. By default a login begins now, and does not end;
        of shape "ecr" or "google" it lives as long as there. An end may be past. Of shape "gitlab" it ends at
        00:00 UTC of its day. Raises ValueError for what no registry has.
        """
        return self._logins.make(username, shape, Period(life, begins, ends))

    def revoke_login(self, login: Login | ListedLogin) -> ListedLogin:
        """Refuse *login* from now on, and return it as it is now. Raises LookupError if it is another's.

        A token that was got with it lives on for its five minutes, as with Docker's token authentication.
        """
        return self._logins.revoke(login.id)

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
            "LOGINS_URL": self.logins_url,
        }
        return "".join(f"# {line}\n" for line in told) + exports(variables)

    def stop(self) -> None:
        """Close every connection and wait for the threads. A second call does nothing."""
        for server in (self._bearer, self._basic):
            server.stop()

    def _now(self) -> float:
        return self.clock()

    def _open(self) -> None:
        faults, rights = self._faults, Rights(self._logins, self._repositories)
        tokens = RegistryTokens(self._bearer.url, faults, clock=self._now)
        desk = TokenService(tokens, rights, faults)
        issuers = Issuers(self._logins, faults, self._now)
        sides = BearerSide(tokens, url=self._bearer.url, faults=faults), BasicSide(rights, faults)
        bearer, basic = (RegistryApi(side, self._repositories, faults) for side in sides)

        def bearer_answer(request: Request) -> Answer:
            if request.path in ISSUERS:
                return issuers.answer(request)
            return desk.answer(request) if request.path == PATH else bearer.answer(request)

        front = self._front(self._bearer, bearer_answer, "bearer")
        self._bearer.serve(LoginDesk(self._logins, front=front, clock=self._now))
        self._basic.serve(self._front(self._basic, basic.answer, "basic"))

    def _front(self, server: Server, service: Service, side: Side) -> RegistryFront:
        wait = server.stopping.wait
        return RegistryFront(service, side=side, faults=self._faults, requests=self.requests, wait=wait)

    def __repr__(self) -> str:
        return f"<Registry {self.host}>"


def _host(server: Server) -> str:
    return server.url.partition("://")[2]
