"""One write of a secret, read before anything is sent, and recorded once it is known what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from aicore_magics.actions.recorded import StoredHere, stored_here
from aicore_magics.actions.recording import Recording, appended, ledger_of, noted_login, own_key, shown_text
from aicore_magics.actions.wanted_secret import WantedSecret
from aicore_magics.base.version import VERSION
from aicore_magics.ledger.fingerprint import Fingerprints
from aicore_magics.ledger.record import NotedImage, Record
from aicore_magics.logins.wish import TakenLogins
from aicore_magics.model.expiry import NOT_KNOWN
from aicore_magics.registry.check_plan import CheckPlan
from aicore_magics.registry.expiry import readable_expiry

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from aicore_magics.actions.docker_secrets import CheckOptions
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.ledger.record import Op, Outcome
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.expiry import Expiry
    from aicore_magics.registry.verdict import Verdict


@dataclass(frozen=True)
class SecretWrite:
    """What is to be stored where, how it is checked before, and what is recorded of it.

    *told* are the ends of logins that the user told, by the logins' keys; *source* is where the logins came
    from.
    """

    tenant: Connection
    wanted: WantedSecret
    checking: CheckOptions
    told: Mapping[str, Expiry]
    source: str
    notebook: str

    @classmethod
    def read(
        cls,
        tenant: Connection,
        name: str,
        logins: Iterable[RegistryLogin],
        *,
        images: Iterable[str],
        checking: CheckOptions,
        recording: Recording | None,
    ) -> SecretWrite:
        """Read all of it before anything is sent."""
        source = logins.source if isinstance(logins, TakenLogins) else "Python"
        wanted, recording = WantedSecret.read(name, logins, images), recording or Recording()
        told = recording.told(wanted.secret.logins)
        return cls(tenant, wanted, checking, told, source, recording.notebook)

    def check_plan(self, seconds: float) -> CheckPlan:
        """Return what to ask the registries."""
        tenant, checking = self.tenant, self.checking
        return CheckPlan(
            self.wanted.secret.logins,
            self.wanted.images,
            ca_file=checking.ca_file or tenant.ca_file,
            realms=checking.realms,
            only_here=tenant.on_this_machine,
            pulled_by=checking.pulled_by,
            seconds=seconds,
            expiry_lookup=checking.expiry_lookup,
            watch=checking.watch,
        )

    def ends(self, found: Mapping[str, Expiry]) -> dict[str, Expiry]:
        """Return the ends of the logins: what a login or its issuer states, else what the user told."""
        return {**found, **self.told, **{key: end for key, end in found.items() if end.stated}}

    def unused(self, found: Mapping[str, Expiry]) -> Iterator[str]:
        """Say which ends that the user told are not those of the logins."""
        for login in self.wanted.secret.logins:
            told, stated = self.told.get(login.key), found.get(login.key, NOT_KNOWN)
            if told and stated.stated and (told.ends, told.endless) != (stated.ends, stated.endless):
                registry = login.stored().registry
                yield f"The login for {registry} has another end than you gave; yours was not used."

    def readable(self) -> dict[str, Expiry]:
        """Return the ends that the logins show by themselves, by their keys. Nobody is asked."""
        now = datetime.now(UTC)
        return {login.key: readable_expiry(login, now) for login in self.wanted.secret.logins}

    def record(
        self, op: Op, outcome: Outcome, ends: Mapping[str, Expiry], verdicts: Iterable[Verdict] = ()
    ) -> tuple[StoredHere | None, tuple[str, ...]]:
        """Record the write. Return what is known of the secret now, and a sentence if it is not recorded."""
        ledger = ledger_of(self.tenant)
        prints = Fingerprints(ledger.folder)
        seen = {verdict.image: (verdict.outcome, verdict.digest) for verdict in verdicts}
        passwords = [login.password for login in self.wanted.secret.logins]
        record = Record(
            tenant=self.tenant.tenant,
            host=self.tenant.host,
            secret=str(self.wanted.secret.name),
            op=op,
            outcome=outcome,
            logins=tuple(
                noted_login(login, ends.get(login.key), prints, *passwords)
                for login in self.wanted.secret.logins
            ),
            images=tuple(
                NotedImage(shown_text(str(image), *passwords), *seen.get(str(image), ("", "")))
                for image in self.wanted.images
            ),
            source=shown_text(self.source, *passwords),
            notebook=shown_text(self.notebook, *passwords),
            version=VERSION,
        )
        unrecorded = appended(ledger.append, *own_key(self.tenant), record)
        self.tenant.key_recorded = not unrecorded
        return stored_here(record, datetime.now(UTC)), unrecorded
