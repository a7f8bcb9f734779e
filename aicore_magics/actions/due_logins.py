"""Which logins are due: each once, in however many secrets it is, and the plan that replaces it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.actions.rotation_scope import host_of
from aicore_magics.base.plural import count
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from aicore_magics.actions.recorded import RecordedLogin
    from aicore_magics.next_steps import Action

    Place = tuple[str, str]  # tenant and host

MOST_NAMED = 10  # secrets, or tenants, in a line to copy


@dataclass(frozen=True)
class DueLogin:
    """One login that has ended or ends soon, and its *rows*: where it is, by the record of this machine."""

    rows: tuple[RecordedLogin, ...]

    @property
    def first(self) -> RecordedLogin:
        """The row that is told first."""
        return self.rows[0]

    @property
    def is_proven(self) -> bool:
        """Whether a fingerprint shows that all of them are one; else registry, user and end are alike."""
        return len(self.rows) == 1 or len({row.fingerprint or i for i, row in enumerate(self.rows)}) == 1

    @property
    def places(self) -> dict[Place, None]:
        """The tenants that it is in."""
        return dict.fromkeys((row.tenant, row.host) for row in self.rows)

    @property
    def can_be_planned(self) -> bool:
        """Whether a rotation can replace it: it is of a secret, and for a registry that can be asked."""
        return bool(self.first.secret) and Registry.find(self.first.registry) is not None

    def plan(self, profiles: Mapping[Place, str], home: Place | None, *, several: bool) -> Action:
        """Return what plans its replacement; with its registry where its secret has *several* logins.

        *profiles* are named where they are known, and one tenant, *home*, is not all that is meant.
        """
        names = dict.fromkeys(row.secret for row in self.rows)
        # What nothing proves is only planned by name.
        named = tuple(names)[: 1 if self.is_proven else MOST_NAMED]
        known = [profiles[place] for place in self.places if place in profiles]
        elsewhere = [*self.places] != [home] and (home not in self.places or home in profiles)
        return do(
            "rotate-plan",
            name=named[0],
            names=named,
            registry=host_of(self.first.registry) if several else "",
            profiles=tuple(known[:MOST_NAMED]) if elsewhere else (),
        )


def due_logins(rows: Iterable[RecordedLogin]) -> tuple[DueLogin, ...]:
    """Return the logins of *rows* that have ended or end soon, each once.

    Rows with one fingerprint are one login; others are if registry, user and end are alike.
    """
    found: dict[object, list[RecordedLogin]] = {}
    proven: dict[object, object] = {}
    due = [row for row in rows if row.state in ("expired", "soon")]
    for i, row in enumerate(sorted(due, key=lambda row: not row.fingerprint)):
        alike = (host_of(row.registry), row.username, row.expiry.ends) if row.secret and row.username else i
        key = row.fingerprint or proven.get(alike, alike)
        if row.fingerprint:
            proven.setdefault(alike, key)
        found.setdefault(key, []).append(row)
    turns = {id(row): i for i, row in enumerate(due)}
    logins = (DueLogin(tuple(sorted(each, key=lambda row: turns[id(row)]))) for each in found.values())
    return tuple(sorted(logins, key=lambda login: turns[id(login.first)]))


def spread(logins: Iterable[DueLogin]) -> str:
    """Say in how many secrets *logins* are, and of how many tenants; empty where each is in one alone."""
    each = [login for login in logins if login.first.secret]
    secrets = {(row.host, row.tenant, row.secret) for login in each for row in login.rows}
    tenants = {place for login in each for place in login.places}
    of = f" of {count(len(tenants), 'tenant')}" if len(tenants) > 1 else ""
    return f"in {count(len(secrets), 'secret')}{of}" if len(secrets) > len(each) else ""
