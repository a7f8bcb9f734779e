"""What a rotation is about: which tenants, which record of them, and which logins are one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.actions.recording import ledger_of
from aicore_magics.base.redact import shown_key
from aicore_magics.errors import RotationRefused
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import do
from aicore_magics.rotation.plan import registry_of_key

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from aicore_magics.aicore.connection import Connection
    from aicore_magics.ledger.ledger import Ledger
    from aicore_magics.ledger.record import NotedLogin
    from aicore_magics.rotation.plan import HeldLogin


def all_tenants(tenants: Connection | Iterable[Connection]) -> tuple[Connection, ...]:
    """Return each of *tenants* once. Raises RotationRefused for none, and for a sandbox beside a real one."""
    from aicore_magics.aicore.connection import Connection

    each = (tenants,) if isinstance(tenants, Connection) else tuple(tenants)
    by_place = {(tenant.tenant, tenant.host): tenant for tenant in each}
    if not by_place:
        raise RotationRefused("no tenant is named", next=("connect first: ", do("connect")))
    worlds = {tenant.on_this_machine and tenant.sandbox_id for tenant in by_place.values()}
    if len(worlds) > 1:
        what = "of different sandboxes" if all(worlds) else "of the sandbox, and others are not"
        raise RotationRefused(f"some of the tenants are {what}", next="rotate in one of them at a time.")
    return tuple(by_place.values())


def readable_record(tenant: Connection) -> tuple[Ledger, Path]:
    """Return the record that *tenant* belongs to, and its folder.

    Raises RotationRefused where there is none, or not all of it can be read.
    """
    ledger = ledger_of(tenant)
    if ledger.folder is None:
        raise RotationRefused(
            "AICORE_MAGICS_STATE turns off the record of this machine, which a rotation needs",
            next="unset it, or let it name a folder.",
        )
    fault = ledger.read().fault
    if fault:
        raise RotationRefused(
            f"the record of this machine cannot be read ({fault})",
            next="fix that first: it says which secrets have the login.",
        )
    return ledger, ledger.folder


def cannot_record(fault: object) -> RotationRefused:
    """Return the error for a run that cannot be written down, for a *fault* in words."""
    return RotationRefused(
        f"this machine could not record the run: {fault}",
        next="let AICORE_MAGICS_STATE name a folder that can be written.",
    )


def refuse_apart(name: str, login: HeldLogin, others: Iterable[HeldLogin]) -> None:
    """Raise RotationRefused if the secret *name* has two logins of different users for one registry.

    Nor can the login under a pattern be replaced: there is no registry that could be asked.
    """
    if Registry.find(login.registry) is None:
        raise RotationRefused(
            f"the login of secret {name} has the key {shown_key(login.registry)}, which is not a registry",
            next=("replace it in this secret alone: ", do("update", name=name)),
        )
    if any(other.registry == login.registry and other.username != login.username for other in others):
        raise RotationRefused(
            f"secret {name} has logins of two users for {login.registry}, under different keys",
            next=("replace them in this secret alone: ", do("update", name=name)),
        )


def is_like(one: NotedLogin, other: NotedLogin) -> bool:
    """Whether both may be one login: same registry and user, and no fingerprint says otherwise."""
    # A fingerprint is of the key, too: under keys with other paths one token has two.
    comparable = one.fingerprint and other.fingerprint and _spelt(one) == _spelt(other)
    apart = comparable and one.fingerprint != other.fingerprint
    return not apart and (host_of(one.registry), one.username) == (host_of(other.registry), other.username)


def host_of(key: str) -> str:
    """Return the registry of an auth key, in the spelling that plans have; of a pattern, the key itself.

    >>> host_of("https://index.docker.io/v1/"), host_of("ghcr.io/acme"), host_of("*.example.com")
    ('docker.io', 'ghcr.io', '*.example.com')
    """
    return registry_of_key(key)


def _spelt(login: NotedLogin) -> str:
    key = login.key or login.registry
    return str(Registry.find(key) or key)
