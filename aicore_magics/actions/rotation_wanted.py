"""What a secret is to hold after a rotation: the new login, and all others that it has now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.actions.rotation_scope import host_of, refuse_apart
from aicore_magics.errors import RotationRefused
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import Option

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.rotation.plan import HeldLogin, PlannedSecret


@dataclass(frozen=True)
class Wanted:
    """A secret by its *name*, the *logins* that it is to hold, and the *images* that these must pull."""

    name: str
    logins: tuple[RegistryLogin, ...]
    images: tuple[ImageReference, ...]


def wanted_of(secret: PlannedSecret, new: RegistryLogin, logins: Iterable[RegistryLogin]) -> Wanted:
    """Return what *secret* is to hold: *new*, and its others out of *logins*, under the keys that are there.

    Raises RotationRefused where one of its others is not among *logins*.
    """
    refuse_apart(secret.name, secret.login, secret.others)
    logins = tuple(logins)
    given = ((held, _given(held, secret, new, logins)) for held in (secret.login, *secret.others))
    under = (
        RegistryLogin(AuthKey(held.key), mine.username, mine.password) if held.key else mine
        for held, mine in given
    )
    return Wanted(secret.name, tuple(under), tuple(ImageReference.parse(image) for image in secret.images))


def _given(
    held: HeldLogin, secret: PlannedSecret, new: RegistryLogin, logins: tuple[RegistryLogin, ...]
) -> RegistryLogin:
    # One user's login may stand there twice, under keys with other paths.
    if held.registry == secret.login.registry:
        return new
    mine = [
        login
        for login in logins
        if host_of(login.key) == held.registry and held.username in ("", login.username)
    ]
    mine = [login for login in mine if login.key == held.key] or mine
    if len(mine) == 1:
        return mine[0]
    by_name = Option("login", f"{held.registry}={held.username}")
    raise RotationRefused(
        f"secret {secret.name} also has the login {held.username} for {held.registry}, "
        "which was not given and would be lost",
        next=("give it too: ", by_name if Registry.find(held.registry) else Option("from-file", "PATH"), "."),
    )
