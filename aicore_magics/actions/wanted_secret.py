"""What is to be stored, read before anything is sent, and what is to be told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.actions.stored_secret import ServedImage
from aicore_magics.base.redact import scrub_name
from aicore_magics.base.report import Origin
from aicore_magics.base.tokens import MASK
from aicore_magics.errors import InvalidName
from aicore_magics.logins.wish import TakenLogins
from aicore_magics.model.docker_secret import DockerSecret
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.kubelet import serving_keys, useless, why_unserved
from aicore_magics.model.names import SecretName
from aicore_magics.next_steps import uncapitalised
from aicore_magics.registry.serving import serving_cautions

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.base.redact import Secret
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.pullers import PulledBy, ServingCaution


@dataclass(frozen=True)
class WantedSecret:
    """The secret, the images that it is to pull, and notes on both."""

    secret: DockerSecret
    images: tuple[ImageReference, ...]
    notes: tuple[str, ...]

    @classmethod
    def read(cls, name: str, logins: Iterable[RegistryLogin], images: Iterable[str]) -> WantedSecret:
        """Read all of it before anything is sent."""
        secret = DockerSecret(SecretName.typed(name), tuple(logins))
        for login in secret.logins:
            _refuse_password(str(secret.name), login.password)
        references = tuple(ImageReference.typed(image) for image in images)
        keys = [login.key for login in secret.logins]
        notes = [*logins.notes] if isinstance(logins, TakenLogins) else []
        if secret.name.caution:
            notes.append(secret.name.caution)
        notes += (note for login in secret.logins for note in login.notes)
        notes += where_implied(references)
        passwords = [login.password for login in secret.logins]
        notes += (scrub_name(note, *passwords) for note in map(useless, keys) if note)
        # With a check, such an image is refused.
        notes += (
            scrub_name(f"{image}: {uncapitalised(why_unserved(keys, image))}.", *passwords)
            for image in references
            if not serving_keys(keys, image)
        )
        return cls(secret, references, tuple(notes))

    def serving_cautions(self, pulled_by: PulledBy) -> tuple[ServingCaution, ...]:
        """What may fail only in serving, as far as the keys show it without any registry."""
        return () if pulled_by == "workflow" else serving_cautions(self.secret.logins, self.images)

    def served(self) -> tuple[ServedImage, ...]:
        """Each image with the key that the kubelet tries first."""
        keys = [login.key for login in self.secret.logins]
        return tuple(
            ServedImage(str(image), next(iter(serving_keys(keys, image)), "")) for image in self.images
        )


def where_implied(images: Iterable[ImageReference]) -> tuple[Origin, ...]:
    """Say of each image without a registry that it is at Docker Hub."""
    return tuple(
        Origin(f"{image.familiar} names no registry, so it is at Docker Hub: {image}.")
        for image in images
        if image.implied
    )


def _refuse_password(name: str, password: Secret) -> None:
    """Raise InvalidName if *name* is the password, or holds it: everybody could read it in the list."""
    if MASK in scrub_name(name, password):
        raise InvalidName(
            "the name contains the password of a login",
            next="the notebook and its history have it now: revoke it, and choose another name.",
        )
