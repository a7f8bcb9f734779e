"""Registry logins: taken from where they are kept, or only listed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.actions.results import (
    DockerLogins,
)
from aicore_magics.base.calls import bare_errors
from aicore_magics.logins import sources
from aicore_magics.logins.docker_login import docker_login_places, list_docker_logins

if TYPE_CHECKING:
    from aicore_magics.logins.wish import Ask, LoginWish, TakenLogins
    from aicore_magics.model.docker_secret import AuthKey
    from aicore_magics.model.names import Registry


@bare_errors
def take_logins(wish: LoginWish, ask: Ask) -> TakenLogins:
    """Give the logins that *wish* describes; what it leaves open is asked of *ask*, the password last."""
    return sources.take_logins(wish, ask)


@bare_errors
def take_users(wish: LoginWish, ask: Ask) -> tuple[tuple[Registry | AuthKey, str], ...]:
    """Give registry and user of the logins that *wish* describes, without taking any password."""
    return sources.take_users(wish, ask)


@bare_errors
def found_docker_logins() -> DockerLogins:
    """List the logins that docker and podman left on this machine, by registry and user; none is read."""
    return DockerLogins(list_docker_logins(), docker_login_places())
