"""What is to be checked: images and logins, what for, and who may be asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aicore_magics.base.progress import Watch
from aicore_magics.model.hosts import is_loopback
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.kubelet import serving_keys
from aicore_magics.model.pullers import PulledBy, compare
from aicore_magics.registry.issuers import HOSTS, Issuer
from aicore_magics.registry.serving import logins_beside
from aicore_magics.registry.single_check import find_registry

if TYPE_CHECKING:
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.names import Registry

CHECK_LIMIT = 30.0  # seconds for all checks of one call


@dataclass(frozen=True)
class CheckPlan:
    """What to ask the registries: about *images*, each with the login that serves it, or about logins alone.

    *ca_file* is trusted instead of what the environment names, *realms* are hosts that a login may be sent to
    beside its registry's own. With *only_here*, as in the sandbox, only registries on this machine are asked.
    *pulled_by* says what they are for: a workflow, serving, or by default either. With *expiry_lookup* the
    *issuers* of the logins are asked when they end, beside the checks.
    """

    logins: tuple[RegistryLogin, ...]
    images: tuple[ImageReference, ...] = ()
    ca_file: str = ""
    realms: tuple[str, ...] = ()
    only_here: bool = False
    pulled_by: PulledBy = ""
    seconds: float = CHECK_LIMIT
    expiry_lookup: bool = False
    issuers: tuple[Issuer, ...] = field(default=HOSTS, repr=False)
    watch: Watch = field(default_factory=Watch, compare=False, repr=False)

    def subjects(self) -> tuple[ImageReference | RegistryLogin, ...]:
        """The images, and the logins that serve none of them: those are tried alone."""
        keys = [login.key for login in self.logins]
        used = {key for image in self.images for key in serving_keys(keys, image)}
        return (*self.images, *(login for login in self.logins if login.key not in used))

    def beside(self) -> tuple[tuple[ImageReference, RegistryLogin], ...]:
        """Images with logins that only Knative begins with: each is tried beside the image's own check."""
        by_key = {login.key: login for login in self.logins}
        for_serving = self.images if self.pulled_by != "workflow" else ()
        return tuple(
            (image, login)
            for image in dict.fromkeys(for_serving)
            for login in logins_beside(compare(by_key, image), by_key)
        )

    def registries(self) -> tuple[Registry, ...]:
        """The registries it is about, each once."""
        named = (
            one.registry if isinstance(one, ImageReference) else find_registry(one) for one in self.subjects()
        )
        return tuple(dict.fromkeys(one for one in named if one is not None))

    def may_know(self) -> tuple[str, ...]:
        """The hosts that may get a login beside its registry's own; in the sandbox those on this machine."""
        return tuple(filter(is_loopback, self.realms)) if self.only_here else self.realms

    def asks(self) -> bool:
        """Whether any registry is asked at all."""
        return any(registry.is_loopback or not self.only_here for registry in self.registries())
