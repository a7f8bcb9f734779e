"""Logins that docker and podman left on this machine, looked up as they do it themselves.

For each registry docker, from 28.3 on, asks DOCKER_AUTH_CONFIG, then the helper in `credHelpers`, else the
one in `credsStore`, else `auths`. Podman knows keys with a path as well: where no helper is set for the
registry, the longest that fits an image wins.
What is wrong with one entry is told when that entry is wanted, and hides no other.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache, partial
from itertools import chain
from typing import TYPE_CHECKING

from aicore_magics.base.files import open_to_others, short_path
from aicore_magics.base.plural import first_of
from aicore_magics.base.redact import Secret, scrub, shown_key
from aicore_magics.base.report import Origin
from aicore_magics.errors import InvalidLogin, LoginNotFound
from aicore_magics.logins.credential_helpers import IDENTITY_TOKEN, find_helper_login, helper_users
from aicore_magics.logins.docker_config import (
    NO_PULL,
    OTHER_TOKEN,
    VARIABLE,
    DockerConfig,
    Entry,
    places,
    read_configs,
)
from aicore_magics.model.docker_secret import RegistryLogin, check_username
from aicore_magics.model.names import DOCKER_HUB, Registry
from aicore_magics.next_steps import OR, Command, Option

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from aicore_magics.model.image_reference import ImageReference

    Users = Callable[[str], tuple[dict[str, str], Entry | None]]
    Read = Callable[["_Kept"], Entry | None]
    _Found = tuple["_Kept", Entry, tuple[str, ...]]  # with notes


@dataclass(frozen=True, slots=True)
class DockerLogin:
    """A login that is there, without its secret, which may stand in place of the user, too.

    *username* is empty if only its helper knows it.

    *unusable* says why it cannot pull.
    """

    registry: str
    username: str
    where: str
    unusable: str = ""

    def __str__(self) -> str:
        return f"{self.registry} as {self.username}" if self.username else self.registry


@dataclass(frozen=True, slots=True)
class _Kept:
    """Where a login is kept: an *entry* of a file, or a *helper*, which is asked for *servers* in turn.

    *bound*: the helper is set for this registry alone, so it may have a login without listing it.
    """

    config: DockerConfig
    shown: str
    entry: Entry | None = None
    helper: str = ""
    servers: tuple[str, ...] = ()
    bound: bool = False

    @property
    def where(self) -> str:
        return self.config.shown_place + (f", helper {scrub(self.helper)}" if self.helper else "")


@dataclass(frozen=True, slots=True)
class _Wanted:
    """The registry that was named, the user if one was, and the images to pull."""

    registry: Registry
    username: str
    images: tuple[ImageReference, ...]


def find_docker_login(
    registry: Registry, *, username: str = "", images: tuple[ImageReference, ...] = ()
) -> tuple[RegistryLogin, tuple[str, ...]]:
    """Give the login for *registry*, and notes on where it comes from.

    With *username*, only that user's; *images* decide between podman's keys with a path. Raises
    LoginNotFound, naming who is there, InvalidLogin if it cannot be stored, InvalidFile for a broken file.
    """
    kept, entry, notes = _find(_opened, _Wanted(registry, username, images))
    login = RegistryLogin(registry, entry.user or username, entry.password or Secret(""))
    taken = Origin(f"Taken from docker login: {kept.shown} as {login.stored().username} ({kept.where}).")
    exposed = open_to_others(kept.config.path) if kept.entry and kept.config.path else ()
    return login, (taken, *notes, *exposed)


def find_docker_user(
    registry: Registry, *, username: str = "", images: tuple[ImageReference, ...] = ()
) -> str:
    """Give the user of the login that `find_docker_login` would give; no helper is asked for a secret."""
    _, entry, _ = _find(partial(_listed, cache(_users)), _Wanted(registry, username, images))
    check_username(entry.user or username)
    return entry.user or username


def list_docker_logins() -> tuple[DockerLogin, ...]:
    """Give every login that docker and podman have here, without reading a secret of a helper.

    Raises InvalidFile for a broken file. `docker_login_places` tells where was looked.
    """
    users = cache(_users)
    return tuple(dict.fromkeys(chain.from_iterable(_rows(config, users) for config in read_configs())))


def docker_login_places() -> tuple[str, ...]:
    """Give what is looked at, in its order, as people write it: docker's variable if it is set, and files."""
    return (*((VARIABLE,) if os.environ.get(VARIABLE) else ()), *map(short_path, places()))


def docker_logins_there() -> str:
    """Give registries and users that are there in a few words; or that there are none, and the places."""
    rows = list(dict.fromkeys(map(str, list_docker_logins())))
    if not rows:
        return f"no docker or podman login on this machine (looked in {', '.join(docker_login_places())})"
    return f"docker logins on this machine: {first_of(rows)}"


def _find(read: Read, wanted: _Wanted) -> _Found:
    """The one login that serves the registry, and every one of the images."""
    configs, registry = read_configs(), wanted.registry
    here = [image for image in wanted.images if image.registry.host.lower() == registry.host.lower()]
    paths = {_paths(configs, image) for image in here} or {()}
    first, *others = (_first(read, configs, wanted, keys) for keys in sorted(paths))
    kept, entry, _ = first
    for other_kept, other_entry, _ in others:
        if (other_entry.user, other_entry.password) != (entry.user, entry.password):
            keys = f"{kept.shown} and {other_kept.shown}"
            raise InvalidLogin(
                f"these images need two logins for {registry}: {keys}", next="create a secret for each."
            )
    return first


def _first(read: Read, configs: tuple[DockerConfig, ...], wanted: _Wanted, paths: tuple[str, ...]) -> _Found:
    """The first login that can be used; what is wrong with those before it is told beside it."""
    troubles: list[Entry] = []
    others: list[str] = []
    for kept in chain.from_iterable(_places_for(wanted.registry, config, paths=paths) for config in configs):
        entry = read(kept)
        if entry is None:
            continue
        if entry.fault:
            troubles.append(entry)
        elif wanted.username and entry.user not in ("", wanted.username):
            others.append(entry.shown_user)
        else:
            return kept, entry, tuple(f"{trouble.fault}." for trouble in troubles)
    raise _not_found(wanted, others, troubles)


def _not_found(wanted: _Wanted, others: list[str], troubles: list[Entry]) -> LoginNotFound:
    registry = wanted.registry
    login = (Command(f"docker login {registry}"), " in a terminal", ".")
    if others:
        whose = f"{' and '.join(dict.fromkeys(others))}, not to {scrub(wanted.username)}"
        return LoginNotFound(
            f"the docker login for {registry} belongs to {whose}",
            next=(Option("username", others[0]), OR, *login),
        )
    if troubles:
        return LoginNotFound(troubles[0].fault, next=troubles[0].next)
    return LoginNotFound(
        f"no docker login for {registry}; {docker_logins_there()}",
        next=(*login[:-1], OR, "leave ", Option("docker-login"), " out."),
    )


def _paths(configs: tuple[DockerConfig, ...], image: ImageReference) -> tuple[str, ...]:
    """The keys with a path that fit *image*, as podman matches them: whole segments, the longest first."""
    parts = image.name.split("/")
    fitting = ("/".join(parts[:length]) for length in range(len(parts), 1, -1))
    return tuple(key for key in fitting if any(key in config.entries for config in configs))


def _places_for(registry: Registry, config: DockerConfig, *, paths: tuple[str, ...]) -> Iterator[_Kept]:
    """Where *config* may have a login for *registry*, in the order in which it counts."""
    servers = _spellings(registry)
    if config.path is None:
        yield from _in_variable(registry, config, exact=servers[0])
        return
    bound = next((server for server in servers if server in config.helpers), None)
    if bound is not None and config.helpers[bound]:
        order = tuple(dict.fromkeys((bound, *servers)))
        yield _Kept(config, str(registry), helper=config.helpers[bound], servers=order, bound=True)
        return
    for key in paths:
        if key in config.entries:
            yield _Kept(config, shown_key(key), entry=config.entries[key])
    if bound is None and config.store:
        yield _Kept(config, str(registry), helper=config.store, servers=servers)
        return
    spelt = config.keys.get(Registry(registry.host.lower()), ())
    for key in dict.fromkeys((*(server for server in servers if server in config.entries), *spelt)):
        yield _Kept(config, str(registry), entry=config.entries[key])


def _in_variable(registry: Registry, config: DockerConfig, *, exact: str) -> Iterator[_Kept]:
    """What docker's variable has for *registry*: docker takes the *exact* key alone."""
    if exact in config.entries:
        yield _Kept(config, str(registry), entry=config.entries[exact])
        return
    others = config.keys.get(Registry(registry.host.lower()), ())
    fault = config.fault or (
        f"{VARIABLE} has {shown_key(others[0])}, but docker looks for {exact} there" if others else ""
    )
    if fault:
        yield _Kept(config, str(registry), entry=Entry(fault=fault, next=f"fix {VARIABLE}, or unset it."))


def _spellings(registry: Registry) -> tuple[str, ...]:
    """The keys under which docker and others keep a login for *registry*."""
    host = registry.host
    if host == DOCKER_HUB:
        return ("https://index.docker.io/v1/", "index.docker.io", DOCKER_HUB)
    return (host, f"https://{host}", f"https://{host}/v1/", f"https://{host}/v2/")


def _opened(kept: _Kept) -> Entry | None:
    """The login with its secret."""
    trouble = None
    try:
        for server in () if kept.entry else kept.servers:
            login = find_helper_login(kept.helper, server)
            if login and login[0] == IDENTITY_TOKEN:
                return Entry(fault=f"{kept.shown} {NO_PULL}", next=OTHER_TOKEN)
            if login:
                return Entry(*login)
    except LoginNotFound as error:
        trouble = Entry(fault=error.what, next=error.next)
    return trouble or kept.entry


def _listed(users: Users, kept: _Kept) -> Entry | None:
    """The login as far as it is known without its secret."""
    if kept.entry:
        return kept.entry
    known, trouble = users(kept.helper)
    user = next((known[server] for server in kept.servers if server in known), None)
    if user == IDENTITY_TOKEN:
        return Entry(fault=f"{kept.shown} {NO_PULL}", next=OTHER_TOKEN)
    if user is None:
        return trouble or (Entry() if kept.bound else None)
    return Entry(user)


def _users(helper: str) -> tuple[dict[str, str], Entry | None]:
    """The users that *helper* lists, or why it lists none."""
    try:
        return helper_users(helper), None
    except LoginNotFound as error:
        return {}, Entry(fault=error.what, next=error.next)


def _rows(config: DockerConfig, users: Users) -> Iterator[DockerLogin]:
    if config.fault:
        yield DockerLogin("any registry", username="", where=config.shown_place, unusable=config.fault)
    stored, trouble = users(config.store) if config.store else ({}, None)
    keys = (*config.marks, *config.helpers, *stored, *config.entries)
    registries = dict.fromkeys(registry for registry in map(Registry.find, keys) if registry)
    for registry in registries:
        for kept in _places_for(registry, config, paths=()):
            entry = _listed(users, kept)
            if entry:
                yield DockerLogin(entry.shown(kept.shown), entry.shown_user, kept.where, unusable=entry.fault)
    if trouble and not registries:
        where = f"{config.shown_place}, helper {scrub(config.store)}"
        yield DockerLogin("any registry", username="", where=where, unusable=trouble.fault)
    for key, entry in config.entries.items():
        if Registry.find(key) is None:
            yield DockerLogin(entry.shown(key), entry.shown_user, config.shown_place, unusable=entry.fault)
