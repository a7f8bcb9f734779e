"""What is said where the names of a plan lead to no login, or to several of which one must be meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.aicore.looks import nearest_of
from aicore_magics.base.plural import SHOWN, first_of
from aicore_magics.errors import RotationRefused
from aicore_magics.next_steps import OR, Guess, Option, do

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aicore_magics.next_steps import Piece


def no_login_of(name: str, host: str, there: Iterable[str], elsewhere: Sequence[str]) -> RotationRefused:
    """Return the error for a secret *name* without a login, or without one for *host*, in the record.

    *there* are the names that have one; *elsewhere* are tenants, not of the plan, in which it has one.
    """
    of_host = f" at {host}" if host else ""
    if elsewhere:
        return RotationRefused(
            f"the record has secret {name}{of_host} in tenant {first_of(elsewhere)} only, which is not named",
            next=("name its tenant: ", Option("profile", "NAME"), "."),
        )
    note = do("note", name=name)
    near = nearest_of(name, dict.fromkeys(there))
    return RotationRefused(
        f"the record of this machine has no login{of_host} for {name}",
        next=(Guess(near), "if not, note its login: ", note) if near else ("note its login: ", note),
    )


def which_registry(hosts_of: Mapping[str, Sequence[str]]) -> RotationRefused:
    """Return the error for secrets that have logins of several registries: those by the secrets' names."""
    names = [*hosts_of]
    shared = [host for host in hosts_of[names[0]] if all(host in hosts for hosts in hosts_of.values())]
    if not shared:
        each = [f"{name} has {', '.join(hosts)}" for name, hosts in hosts_of.items()]
        return RotationRefused(
            "the secrets have no registry in common",
            next=("plan them one at a time: ", do("rotate-plan", name=names[0], names=(names[0],))),
            lines=tuple(each),
        )
    options: list[Piece] = []
    for host in shared[:SHOWN]:
        options += [OR, Option("registry", host)] if options else [Option("registry", host)]
    has = f"secret {names[0]} has" if len(names) == 1 else f"secrets {first_of(names)} have"
    return RotationRefused(
        f"{has} logins for {len(shared)} registries: {first_of(shared)}",
        next=("say which is replaced: ", *options, "."),
    )
