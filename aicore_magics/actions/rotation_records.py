"""What a run of a rotation leaves in the record of this machine, secret by secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.actions.recording import noted_login, shown_text
from aicore_magics.actions.rotation_scope import host_of, is_like
from aicore_magics.base.version import VERSION
from aicore_magics.ledger.record import NotedImage, NotedLogin, Record
from aicore_magics.model.expiry import NOT_KNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from aicore_magics.actions.rotation_checks import Tested
    from aicore_magics.actions.rotation_wanted import Wanted
    from aicore_magics.ledger.fingerprint import Fingerprints
    from aicore_magics.ledger.state import Known
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.expiry import Expiry
    from aicore_magics.rotation.journal import Run
    from aicore_magics.rotation.plan import Plan, PlannedSecret


@dataclass(frozen=True)
class RunRecords:
    """The records of the *run*, all of one *source* and *notebook*, none with a password of *logins*.

    *found* is what the registries said, *told* are ends that the user told, by the keys of *logins*.
    """

    run: str
    logins: tuple[RegistryLogin, ...]
    source: str
    notebook: str
    found: Tested
    told: Mapping[str, Expiry]
    prints: Fingerprints

    def record(self, secret: PlannedSecret, wanted: Wanted) -> Record:
        """Return the record that *secret* holds what is *wanted*."""
        passwords = [login.password for login in self.logins]
        seen = {verdict.image: (verdict.outcome, verdict.digest) for verdict in self.found.verdicts}
        return Record(
            tenant=secret.tenant,
            host=secret.host,
            secret=secret.name,
            op="replaced",
            run=self.run,
            logins=tuple(
                noted_login(each, self.end_of(each), self.prints, *passwords) for each in wanted.logins
            ),
            images=tuple(
                NotedImage(shown_text(image, *passwords), *seen.get(image, ("", "")))
                for image in secret.images
            ),
            source=shown_text(self.source, *passwords),
            notebook=shown_text(self.notebook, *passwords),
            version=VERSION,
        )

    def end_of(self, login: RegistryLogin) -> Expiry:
        """When *login* ends: as it states itself, else as the user told, else as it seems."""
        seen, told = (_of_registry(ends, login) for ends in (self.found.ends, self.told))
        return seen if seen.stated or not told.known else told


def _of_registry(ends: Mapping[str, Expiry], login: RegistryLogin) -> Expiry:
    """The end for the registry of *login* among *ends*, whose keys may be spelt otherwise."""
    there = (end for key, end in ends.items() if host_of(key) == host_of(login.key))
    return ends.get(login.key) or next(there, NOT_KNOWN)


def planned_record(record: Record, secret: PlannedSecret, known: Known | None, undoes: str) -> Record:
    """Return the record of *secret* as a run begins: what it holds by then, the login to replace first."""
    there = known.record.logins if known else ()
    by_key = {login.key: login for login in there}
    by_host = {host_of(login.key or login.registry): login for login in there}
    logins = tuple(
        by_key.get(held.key)
        or by_host.get(held.registry)
        or NotedLogin(registry=held.registry, username=held.username, key=held.key)
        for held in (secret.login, *secret.others)
    )
    doubted = known is not None and known.in_doubt is not None
    return record.with_(
        op="planned",
        outcome="unknown" if doubted else "done",
        logins=logins,
        profile=secret.profile,
        undoes=undoes,
    )


def former_login(
    known: Mapping[tuple[str, str, str], Known],
    plan: Plan,
    resumes: Run | None,
    is_new: Callable[[Sequence[NotedLogin]], bool | None],
) -> NotedLogin | None:
    """Return the login that *plan* replaces, as the record had it when the run began.

    Of a secret that had the new one by then, the record does not tell it: another secret does.
    """
    begun = {each.planned.place: each.planned for each in resumes.secrets} if resumes else {}
    records = (
        begun.get(secret.place) or (known[secret.place].record if secret.place in known else None)
        for secret in plan.secrets
    )
    mine = [
        login
        for record in records
        for login in (record.logins if record else ())
        if host_of(login.key or login.registry) == plan.registry
    ]
    return next((login for login in mine if is_new([login]) is not True), None)


def holders_elsewhere(
    known: Iterable[Known], plan: Plan, former: NotedLogin | None
) -> tuple[tuple[tuple[str, str], ...], tuple[tuple[str, str], ...]]:
    """Return the secrets that may hold the *former* login and are not in *plan*: each as name and tenant.

    Then those among them of which no fingerprint shows it.
    """
    mine = {secret.place for secret in plan.secrets}
    there: dict[tuple[str, str], bool] = {}
    for each in known:
        like = [login for login in each.record.logins if former and is_like(login, former)]
        if like and each.record.place not in mine:
            sure = any(former and login.fingerprint == former.fingerprint != "" for login in like)
            there[each.record.secret, each.record.tenant] = sure and each.doubt is None
    return (*there,), tuple(place for place, sure in there.items() if not sure)
