"""What one notebook is connected to. The magics hold it; there are no module globals."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.actions.deletion import SecretDeleted
    from aicore_magics.actions.results import SecretShown
    from aicore_magics.actions.secret_list import SecretList
    from aicore_magics.actions.stored_secret import SecretStored
    from aicore_magics.aicore.connection import Connection
    from aicore_magics.aicore.name_list import HiddenName
    from aicore_magics.base.result import Where
    from aicore_magics.jupyter.sandbox_tenants import SandboxTenants
    from aicore_magics.registry.verdict import Verdict
    from aicore_magics.sandbox import Sandbox

MOST_DIGESTS = 300
MOST_PROFILES = 20  # config files that are read to know where they lead


@dataclass
class Seen:
    """What this kernel has seen of the secrets of one tenant; nothing of it is true of another."""

    names: tuple[str, ...] = ()
    hidden: tuple[HiddenName, ...] = ()  # of the last list that was shown
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)  # of secrets that this kernel stored


class Session:
    """The connection of this kernel, those of named profiles, the sandbox, and what was seen and stored."""

    def __init__(self) -> None:
        self.connection: Connection | None = None
        self._seen: dict[tuple[str, str], Seen] = {}  # by tenant and host
        self.trust_hosts: tuple[str, ...] = ()  # as %aicore_connect named them
        self._digests: dict[str, str] = {}  # of the tags that a check in this kernel has seen
        self._looking: Connection | None = None
        self._profiles: dict[str, Connection] = {}
        self._named: dict[str, Connection] = {}  # tenants that nothing was asked yet

    def use(self, connection: Connection) -> Connection:
        """Make *connection* the one that this notebook reads and writes with."""
        self.disconnect()
        self.connection = connection
        return connection

    def for_reading(self, profile: str = "") -> Connection:
        """Give the connection to look with. Looking may connect by itself, where credentials are found."""
        from aicore_magics.actions import connect

        if profile:
            return self._of_profile(profile)
        if self.connection is None and self._looking is None:
            self._looking = connect(trust_hosts=self.trust_hosts)
        return self.connection or self._looking  # type: ignore[return-value]

    def for_writing(self, profile: str = "") -> Connection:
        """Give the connection to write with. Raises NotConnected unless it was asked for in this kernel.

        So a restart never moves a write from the sandbox to a real tenant.
        """
        from aicore_magics.errors import NotConnected
        from aicore_magics.next_steps import do

        if profile:
            return self._of_profile(profile)
        if self.connection is None:
            raise NotConnected(
                "this kernel is not connected",
                next=("connect first: ", do("connect")),
            )
        return self.connection

    def named(self, profile: str = "") -> Connection:
        """Give the tenant that a line with that *profile* is about, without asking it anything.

        That is enough for the record of this machine. Raises CredentialsNotFound where none can be found.
        """
        from aicore_magics.actions import named_tenant
        from aicore_magics.grammar.parsing import sandbox_tenant

        there = self._profiles.get(profile) if profile else self.connection or self._looking
        if there is not None:
            there.just_started = False
        if there is None and sandbox_tenant(profile):
            there = self._of_profile(profile)
        if there is None and profile not in self._named:
            self._named[profile] = named_tenant(profile=profile, trust_hosts=self.trust_hosts)
        return there or self._named[profile]

    def known_profiles(self) -> tuple[tuple[str, str, str], ...]:
        """Give each profile that leads to a tenant, behind its name and host; nobody is asked.

        In the sandbox they are those of this kernel, else those that have a config file, too.
        """
        from aicore_magics.aicore.credential_sources import profiles
        from aicore_magics.errors import AICoreError

        there = {profile: tenant for profile, tenant in {**self._named, **self._profiles}.items() if profile}
        if self.connection is None or not self.connection.on_this_machine:
            for profile in profiles()[:MOST_PROFILES]:
                with suppress(AICoreError):
                    there.setdefault(profile, self.named(profile))
        return tuple((tenant.tenant, tenant.host, profile) for profile, tenant in there.items())

    @cached_property
    def sandbox_tenants(self) -> SandboxTenants:
        """The tenants of the sandbox in this kernel. None runs before it is asked for."""
        from aicore_magics.jupyter.sandbox_tenants import SandboxTenants

        return SandboxTenants()

    def sandbox(self) -> Sandbox:
        """Start the sandbox, or return the one that runs."""
        return self.sandbox_tenants.started()

    def seen_of(self, tenant: Connection | Where) -> Seen:
        """Give what this kernel has seen of that *tenant*, to read or to add to."""
        return self._seen.setdefault((tenant.tenant, tenant.host), Seen())

    def seen_by(self, profile: str = "") -> Seen:
        """Give what was seen of the tenant that a line with that *profile* is about, without connecting."""
        tenant = self.seen_tenant(profile)
        return self.seen_of(tenant) if tenant else Seen()

    def seen_tenant(self, profile: str = "") -> Connection | None:
        """Give the tenant that a line with that *profile* is about, if this kernel has connected to it."""
        return self._profiles.get(profile) if profile else self.connection or self._looking

    def remember(self, stored: SecretStored) -> None:
        """Keep the name and the auth keys of what was stored: AI Core does not return them."""
        self.saw_name(stored)
        from aicore_magics.base.tokens import MASK

        self.saw(stored.verdicts)
        keys = tuple(login.key for login in stored.logins)
        # One with the password in it is masked, and so is no key.
        if not any(MASK in key for key in keys):
            self.seen_of(stored.where).keys[stored.name] = keys

    def saw(self, verdicts: Iterable[Verdict]) -> None:
        """Keep which digest each tag stood for when it was checked; of the last few hundred tags.

        An image that has its digest was asked for by that: it tells nothing of any tag.
        """
        for verdict in verdicts:
            if verdict.image and verdict.digest and "@" not in verdict.image:
                tagged = _tagged(verdict.image)
                self._digests.pop(tagged, None)
                self._digests[tagged] = verdict.digest
        for oldest in [*self._digests][:-MOST_DIGESTS]:
            del self._digests[oldest]

    @property
    def known_images(self) -> tuple[str, ...]:
        """The images that a check in this kernel has seen, the last ones first."""
        return tuple(reversed(self._digests))

    def digest_of(self, image: str) -> str:
        """Give the digest of *image*: its own, or the one that its tag stood for at the last check.

        Raises InvalidImage if it is none, and InvalidTemplate if no check in this kernel has seen it.
        """
        from aicore_magics.errors import InvalidTemplate
        from aicore_magics.model.image_reference import ImageReference
        from aicore_magics.next_steps import do

        reference = ImageReference.parse(image)
        digest = reference.digest or self._digests.get(_tagged(image), "")
        if not digest:
            raise InvalidTemplate(
                f"the digest of {reference} is unknown: no check in this kernel saw it",
                next=("check the image first: ", do("check-image", image=str(reference))),
            )
        return digest

    def listed(self, names: SecretList) -> None:
        """Keep the names that the tenant has, for completion; and which of them were not shown, and where."""
        seen = self.seen_of(names.where)
        seen.names, seen.hidden = names.names, names.hidden

    def saw_name(self, there: SecretStored | SecretShown) -> None:
        """Keep the name of a secret that is *there*, for completion."""
        seen = self.seen_of(there.where)
        seen.names = tuple(dict.fromkeys((*seen.names, there.name)))

    def forget(self, deleted: SecretDeleted) -> None:
        """Know no more of the secret that was *deleted*."""
        seen = self.seen_of(deleted.where)
        seen.names = tuple(name for name in seen.names if name != deleted.name)
        seen.keys.pop(deleted.name, None)

    def disconnect(self) -> None:
        """Forget every connection. A sandbox keeps running with what it has."""
        kept = (*self._profiles.values(), *self._named.values())
        for connection in (self.connection, self._looking, *kept):
            if connection is not None:
                connection.close()
        self.connection = self._looking = None
        self._profiles = {}
        self._named = {}
        self.trust_hosts = ()
        self._seen = {}

    def close(self) -> None:
        """Forget every connection and stop the sandbox."""
        self.disconnect()
        self.sandbox_tenants.stop()

    def _of_profile(self, profile: str) -> Connection:
        from aicore_magics.actions import connect
        from aicore_magics.grammar.parsing import sandbox_tenant

        name = sandbox_tenant(profile)
        if profile in self._profiles:
            self._profiles[profile].just_started = False
        elif name:
            is_new = name not in self.sandbox_tenants.names
            self._profiles[profile] = self.sandbox_tenants.connect(name)
            self._profiles[profile].just_started = is_new
        else:
            self._profiles[profile] = connect(profile=profile, trust_hosts=self.trust_hosts)
        return self._profiles[profile]


def _tagged(image: str) -> str:
    """The *image* in its full form, with the tag that is meant where there is none."""
    from aicore_magics.model.image_reference import ImageReference

    reference = ImageReference.parse(image)
    return f"{reference.name}:{reference.tag or 'latest'}"
