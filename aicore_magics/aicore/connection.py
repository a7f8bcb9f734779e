"""One tenant we talk to: who we are there, where it is, and the client that speaks to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aicore_magics.aicore.client import Client
from aicore_magics.aicore.oauth import ClientCredentials
from aicore_magics.base.redact import scrub_name
from aicore_magics.base.report import Code, Fact
from aicore_magics.http.transport import Transport
from aicore_magics.model.hosts import is_loopback

if TYPE_CHECKING:
    from aicore_magics.aicore.service_key import ServiceKey
    from aicore_magics.base.result import Where
    from aicore_magics.http.deadline import Deadline


SANDBOX_IMAGE = "acme/churn:1.4"


class Connection:
    """A tenant and the client that speaks to it. Shows tenant, host and source, never what opens it.

    *transport* sends in place of one of its own.
    """

    def __init__(
        self, key: ServiceKey, *, ca_file: str = "", sandbox: bool = False, transport: Transport | None = None
    ) -> None:
        self._transport = transport or Transport(
            ca_file=ca_file,
            identity=key.identity,
            identity_host=key.auth.host,
            tls_soon=key.api_url.startswith("https:"),
        )
        token = ClientCredentials(key, self._transport)
        self.client = Client(self._transport, token, api_url=key.api_url, tenant=key.tenant)
        self.tenant = key.tenant
        self.host = self.client.host
        self.source = key.source
        self.resource_group = scrub_name(str(key.resource_group), *key.secrets)
        self.sandbox = sandbox
        self.registry: SandboxRegistry | None = None
        self.just_started = False  # a tenant of the sandbox, by the call that it was connected for
        self.ca_file = ca_file
        self.token_url = key.token_url
        self.x509 = key.identity is not None
        self.key_ends = key.identity.ends() if key.identity else None
        self.key_recorded = False  # in the record of this machine, by a write of this connection
        self.sandbox_id = sandbox_id(key.client_id)
        self.notes = key.notes

    @property
    def where(self) -> Where:
        """Tenant and host, for results and errors."""
        # At first use: a client without results does not pay for them.
        from aicore_magics.base.result import JustStarted, Where

        return (JustStarted if self.just_started else Where)(self.tenant, self.host)

    @property
    def on_this_machine(self) -> bool:
        """Whether its API is on this machine: then it is a sandbox, however it was connected to."""
        return is_loopback(urlsplit(self.client.api_url).hostname or "")

    def open(self, deadline: Deadline) -> int:
        """Get a token, and give its seconds. Raises CredentialsRefused and what a connection can raise."""
        return self.client.connect(deadline)

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()

    def __repr__(self) -> str:
        return f"<Connection to tenant {self.tenant} at {self.host}, {self.source}>"


def sandbox_id(client_id: str) -> str:
    """Return what all tenants of one sandbox have in common in their client ids, and no other sandbox has."""
    return client_id.rpartition("|")[2]


@dataclass(frozen=True)
class SandboxRegistry:
    """The sandbox's own registry: a host that wants tokens, one that wants passwords, a user of both."""

    host: str
    basic_host: str
    username: str
    password_variable: str

    @property
    def image(self) -> str:
        """An image there that the user may pull."""
        return f"{self.host}/{SANDBOX_IMAGE}"

    def facts(self) -> tuple[Fact, ...]:
        """What one needs to know to use it."""
        hosts = (Code(self.host), " (token auth), ", Code(self.basic_host), " (basic auth)")
        login = f"user {self.username}, password in the variable {self.password_variable}"
        return Fact("Registry", hosts), Fact("Registry login", login)
