"""The files of docker and podman in which logins, or the names of their helpers, are kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.base.files import at_home, is_there, read_text, short_path
from aicore_magics.base.redact import Secret, scrub_name, shown_key
from aicore_magics.base.wrappers import MAX_DEPTH, Unread, from_json
from aicore_magics.errors import InvalidFile
from aicore_magics.logins.file_formats import MAX_FILE_BYTES, MAX_LOGINS
from aicore_magics.model.docker_secret import EntryFault, read_entry
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import OR, Option

if TYPE_CHECKING:
    from aicore_magics.next_steps import Words

if TYPE_CHECKING:
    from pathlib import Path

NO_PULL = "has an identity token, which AI Core cannot pull with"
OTHER_TOKEN: Words = (
    "make an access token at the registry, and give it ",
    Option("username", "USER", "with"),
    ".",
)
_FAULTS = {
    EntryFault.AUTH_NO_TEXT: "has a user or password that is no text",
    EntryFault.NO_TEXT: "has a user or password that is no text",
    EntryFault.NOT_BASE64: "has an `auth` that is not base64 of UTF-8 text",
    EntryFault.NO_COLON: "has an `auth` without a colon",
}
_LOGIN_AGAIN: Words = (
    "docker login once more",
    OR,
    "give the login ",
    Option("username", "USER", "with"),
    ".",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A login, as far as it is known. *fault* is a sentence on why it cannot be used, *next* what to do."""

    user: str = ""
    password: Secret | None = None
    fault: str = ""
    next: Words = ""

    def shown(self, key: str) -> str:
        """Give *key*, under which it stands, as messages show it."""
        return shown_key(key, *((self.password,) if self.password else ()))

    @property
    def shown_user(self) -> str:
        """The user as messages show it: at some registries it is the token, too."""
        return scrub_name(self.user, *((self.password,) if self.password else ()))


@dataclass(frozen=True, slots=True)
class DockerConfig:
    """One file: the logins in it, the helpers for single servers, and the one for all others.

    *keys* are those of the logins, in whatever spelling, by their registry. *marks* are the keys without a
    login: docker writes them for what a helper keeps.
    """

    path: Path
    entries: dict[str, Entry]
    keys: dict[Registry, list[str]]
    marks: tuple[str, ...]
    helpers: dict[str, str]
    store: str


def places() -> tuple[Path, ...]:
    """Give the files in which docker and podman keep logins, in the order in which they are looked at."""
    named, runtime = os.environ.get("REGISTRY_AUTH_FILE"), os.environ.get("XDG_RUNTIME_DIR")
    files = [at_home(os.environ.get("DOCKER_CONFIG") or "~/.docker") / "config.json"]
    if named:
        files.append(at_home(named))
    if runtime:
        files.append(at_home(runtime) / "containers" / "auth.json")
    files.append(at_home(os.environ.get("XDG_CONFIG_HOME") or "~/.config") / "containers" / "auth.json")
    files.append(at_home("~/.dockercfg"))
    return tuple(dict.fromkeys(files))


def read_configs() -> tuple[DockerConfig, ...]:
    """Read those of `places` that are there. Raises InvalidFile, naming the file, for a broken one."""
    configs: list[DockerConfig] = []
    for place in filter(is_there, places()):
        config, fault = _parsed(place)
        if config is None:
            raise InvalidFile(
                f"the docker config {short_path(place)} {fault}",
                next=("mend it, move it away", OR, "leave ", Option("docker-login"), " out."),
            )
        configs.append(config)
    return tuple(configs)


def _parsed(place: Path) -> tuple[DockerConfig | None, str]:
    """What the file says, or what is wrong with it; an empty one says nothing."""
    text = read_text(place, what="the docker config", limit=MAX_FILE_BYTES)
    data = from_json(text) if text.strip() else {}
    if isinstance(data, Unread):
        deep = data is Unread.TOO_DEEP
        return None, f"is nested more than {MAX_DEPTH} levels deep" if deep else "is not JSON"
    if not isinstance(data, dict):
        return None, "is not a JSON object"
    if place.name == ".dockercfg":
        data = {"auths": data}
    auths, helpers, store = (
        data.get("auths") or {},
        data.get("credHelpers") or {},
        data.get("credsStore") or "",
    )
    fault = _fault(auths, helpers, store)
    if fault:
        return None, fault
    read = {key: _entry(shown_key(key), entry) for key, entry in auths.items()}
    entries = {key: entry for key, entry in read.items() if entry}
    marks = tuple(key for key, entry in read.items() if entry is None)
    keys: dict[Registry, list[str]] = {}
    for key in entries:
        registry = Registry.find(key)
        if registry:
            keys.setdefault(registry, []).append(key)
    return DockerConfig(place, entries, keys, marks, helpers, store), ""


def _fault(auths: Any, helpers: Any, store: Any) -> str:
    if not isinstance(auths, dict):
        return "has `auths` that are no object"
    if not isinstance(helpers, dict) or not all(isinstance(helper, str) for helper in helpers.values()):
        return "has `credHelpers` that are no object of texts"
    if not isinstance(store, str):
        return "has a `credsStore` that is no text"
    return f"has more than {MAX_LOGINS:,} entries" if len(auths) + len(helpers) > MAX_LOGINS else ""


def _entry(shown: str, entry: Any) -> Entry | None:
    """The login in *entry*, or None if it is only a mark."""
    if not isinstance(entry, dict):
        return Entry(fault=f"the entry of {shown} is no object", next=_LOGIN_AGAIN)
    # Docker and podman, whose file it is, take no `auth` without its padding.
    login = read_entry(entry, unpadded=False)
    if isinstance(login, EntryFault):
        return Entry(fault=f"the entry of {shown} {_FAULTS[login]}", next=_LOGIN_AGAIN)
    user, password = login
    if password:
        return Entry(user, Secret(password))
    if entry.get("identitytoken") or entry.get("registrytoken"):
        return Entry(user, fault=f"{shown} {NO_PULL}", next=OTHER_TOKEN)
    return Entry(user, fault=f"{shown} has no password", next=_LOGIN_AGAIN) if user else None
