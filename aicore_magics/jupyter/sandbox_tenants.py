"""The sandbox of one kernel, and its tenants. They end with the kernel."""

from __future__ import annotations

import atexit
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicore_magics.aicore.connection import Connection, SandboxRegistry
    from aicore_magics.sandbox import Sandbox

PASSWORD_VARIABLE = "SANDBOX_REGISTRY_PASSWORD"
LOGINS_VARIABLE = "SANDBOX_LOGINS_URL"
KEY_VARIABLE = "SANDBOX_SERVICE_KEY"


class SandboxTenants:
    """The tenants of the sandbox that were asked for in this kernel; "" is the one without a name."""

    def __init__(self) -> None:
        self._sandbox: Sandbox | None = None
        self._tenants: dict[str, Sandbox] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names that were given, in that order."""
        return tuple(name for name in self._tenants if name)

    def started(self, name: str = "") -> Sandbox:
        """Start the tenant *name*, or return the one that runs.

        The password of the registry, made up at each start, is in SANDBOX_REGISTRY_PASSWORD of this kernel;
        SANDBOX_LOGINS_URL says where more logins are made, as `aicore_magics.sandbox.logins` does.
        The service key of each tenant is in a variable of its own, for the commands of a shell.
        """
        if self._sandbox is None:
            from aicore_magics.sandbox import start

            self._sandbox = start()
            atexit.register(self.stop)  # what it has recorded is gone with it, also where nothing is unloaded
            registry = self._sandbox.registry
            os.environ.update({PASSWORD_VARIABLE: registry.password, LOGINS_VARIABLE: registry.logins_url})
        if name not in self._tenants:
            tenant = self._sandbox.tenant(name) if name else self._sandbox
            self._tenants[name] = tenant
            os.environ[_key_variable(name)] = tenant.service_key_json()
        return self._tenants[name]

    def registry(self) -> SandboxRegistry:
        """Return what one needs to know to use the sandbox's registry."""
        from aicore_magics.aicore.connection import SandboxRegistry

        registry = self.started().registry
        return SandboxRegistry(registry.host, registry.basic_host, registry.username, PASSWORD_VARIABLE)

    def connect(self, name: str, *, resource_group: str = "", timeout: float | None = None) -> Connection:
        """Connect to the tenant *name*. Raises what a connection can raise."""
        from aicore_magics.actions import connect_with
        from aicore_magics.http.deadline import TIME_LIMIT

        connection = connect_with(
            self.started(name).service_key,
            resource_group=resource_group,
            sandbox=True,
            timeout=timeout or TIME_LIMIT,
        )
        connection.source += f", variable {_key_variable(name)}"
        connection.registry = self.registry()
        return connection

    def stop(self) -> None:
        """Stop all of them, and take away what this machine has recorded of them."""
        from aicore_magics.actions import remove_sandbox_record

        if self._sandbox is not None:
            self._sandbox.stop()
            atexit.unregister(self.stop)
            remove_sandbox_record(f"{self._sandbox.service_key['clientid']}")
            for name in (PASSWORD_VARIABLE, LOGINS_VARIABLE):
                os.environ.pop(name, None)
        for name in self._tenants:
            os.environ.pop(_key_variable(name), None)
        self._sandbox = None
        self._tenants = {}


def _key_variable(name: str) -> str:
    return f"{KEY_VARIABLE}_{name.upper().replace('-', '_')}" if name else KEY_VARIABLE
