"""What was stored in secrets beside a plan or a run, by the record of this machine: it is left as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.actions.rotation_scope import host_of
from aicore_magics.errors import RotationRefused
from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aicore_magics.actions.rotation_wanted import Wanted
    from aicore_magics.ledger.fingerprint import Fingerprints
    from aicore_magics.ledger.record import NotedLogin, Record
    from aicore_magics.ledger.state import Known
    from aicore_magics.rotation.journal import Run
    from aicore_magics.rotation.plan import Plan, PlannedSecret

    Place = tuple[str, str, str]

STORED_LATER = "another login was stored in it after this run"


def stored_later(known: Mapping[Place, Known], run: Run) -> set[Place]:
    """Return the secrets of *run* in which other logins were stored later, and not by it."""
    later = set()
    for each in run.secrets:
        latest = _latest(known.get(each.planned.place))
        if latest is None or latest.run == run.id or latest.time < each.planned.time:
            continue
        # A note that says the same, with an end, stores nothing; logins beside it are asked for anew.
        first = each.planned.logins[0] if each.planned.logins else None
        registry = host_of(first.key or first.registry) if first else ""
        held = each.login if each.state in ("replaced", "same") else each.planned.logins
        if _marks(latest.logins, registry) != _marks(held, registry):
            later.add(each.planned.place)
    return later


def refuse_stale(plan: Plan, known: Mapping[Place, Known], username: str) -> None:
    """Raise RotationRefused if a secret has other logins, by the record, than *plan* says.

    The user may be *username* by now, which the new login has.
    """
    for secret in plan.secrets:
        latest = _latest(known.get(secret.place))
        held = latest.logins if latest else ()
        if not all(_is_planned(login, secret, username) for login in held if login.registry):
            raise RotationRefused(
                f"secret {secret.name} in tenant {secret.tenant} has other logins than the plan says",
                next=("make the plan again: ", do("rotate-plan", names=(secret.name,))),
            )


def refuse_other_tokens(
    plan: Plan, wanted: Mapping[Place, Wanted], known: Mapping[Place, Known], prints: Fingerprints
) -> None:
    """Raise RotationRefused where a login beside the new one is another than its secret has now."""
    for secret in plan.secrets:
        latest = _latest(known.get(secret.place))
        noted = {login.key or login.registry: login.fingerprint for login in latest.logins} if latest else {}
        for login in wanted[secret.place].logins:
            mark = noted.get(login.key) if host_of(login.key) != plan.registry else ""
            if mark and prints.of(login) not in ("", mark):
                raise RotationRefused(
                    f"the login given for {host_of(login.key)} is not the one that {secret.name} has",
                    next="give the login that it has now, and replace that one afterwards.",
                )


def _latest(known: Known | None) -> Record | None:
    """The last record of a write that was made, or may have been."""
    return (known.doubt or known.record) if known else None


def _is_planned(login: NotedLogin, secret: PlannedSecret, username: str) -> bool:
    """Whether a plan has *login* in its *secret*, or *username* in the place of the user that it replaces."""
    host = host_of(login.key or login.registry)
    return any(
        host == planned.registry
        and (login.username == planned.username or (planned is secret.login and login.username == username))
        and ("" in (login.key, planned.key) or login.key == planned.key)
        for planned in (secret.login, *secret.others)
    )


def _marks(logins: Iterable[NotedLogin], registry: str) -> set[tuple[str, ...]]:
    """What tells the login for *registry* from others, and which registries are beside it."""
    hosts = ((host_of(login.key or login.registry), login) for login in logins)
    return {
        (host, login.key, login.username, login.fingerprint) if host == registry else (host,)
        for host, login in hosts
    }
