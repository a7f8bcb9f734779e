"""When a login ends, as far as the login itself shows it. Nobody is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.model.expiry import Expiry
from aicore_magics.registry.lifetimes import lifetime_of
from aicore_magics.registry.token_ends import stated_expiry

if TYPE_CHECKING:
    from datetime import datetime

    from aicore_magics.model.docker_secret import RegistryLogin


def readable_expiry(login: RegistryLogin, now: datetime) -> Expiry:
    """Return what *login* shows of its end: in its token, by its user's name, or by its registry's rules.

    Where only the kind of login is known, it counts as made *now*, an aware time: it may be older.
    """
    stated = stated_expiry(login)
    kind = None if stated.known else lifetime_of(login)
    if kind is None:
        return stated
    if kind.endless:
        return Expiry(endless=True, how="documented")
    if kind.life is None:
        return stated
    return Expiry.lasting(kind.life, now, "user name" if kind.user else "documented")
