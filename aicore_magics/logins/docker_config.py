"""Where docker and podman keep logins, or the names of their helpers: files, and a variable of docker's."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aicore_magics.base.files import at_home, is_there, read_text, short_path
from aicore_magics.base.redact import Secret, scrub_name, shown_key
from aicore_magics.base.wrappers import MAX_DEPTH, Unread, folded, from_json
from aicore_magics.errors import InvalidFile
from aicore_magics.logins.file_formats import MAX_FILE_BYTES, MAX_LOGINS
from aicore_magics.model.docker_secret import EntryFault, read_entry
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import OR, Option

if TYPE_CHECKING:
    from aicore_magics.next_steps import Words

if TYPE_CHECKING:
    from pathlib import Path

VARIABLE = "DOCKER_AUTH_CONFIG"
NO_PULL = "has an identity token, which AI Core cannot pull with"
OTHER_TOKEN: Words = (
    "create an access token at the registry, and give it ",
    Option("username", "USER", "with"),
    ".",
)
_FAULTS = {
    EntryFault.AUTH_NO_TEXT: "has a user or password that is not a string",
    EntryFault.NO_TEXT: "has a user or password that is not a string",
    EntryFault.NOT_BASE64: "has an `auth` that is not base64 of UTF-8 text",
    EntryFault.NO_COLON: "has an `auth` without a colon",
}
_LOGIN_AGAIN: Words = (
    "run docker login again",
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
    login: docker writes them for what a helper keeps. Without a *path* it is the variable DOCKER_AUTH_CONFIG;
    *fault* is then why docker does not use it.
    """

    path: Path | None
    entries: dict[str, Entry]
    keys: dict[Registry, list[str]]
    marks: tuple[str, ...] = ()
    helpers: dict[str, str] = field(default_factory=dict)
    store: str = ""
    fault: str = ""

    @property
    def shown_place(self) -> str:
        """Where it is, as people write it."""
        return short_path(self.path) if self.path else VARIABLE


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
    """Read docker's variable and those of `places` that are there, in the order in which they count.

    Raises InvalidFile, naming the file, for a broken one; a broken variable has its fault, as docker goes on.
    """
    variable = _variable()
    configs: list[DockerConfig] = [variable] if variable else []
    for place in filter(is_there, places()):
        config, fault = _parsed(place)
        if config is None:
            raise InvalidFile(
                f"the docker config {short_path(place)} {fault}",
                next=("fix it, move it away", OR, "leave ", Option("docker-login"), " out."),
            )
        configs.append(config)
    return tuple(configs)


def registries_in_files() -> tuple[str, ...]:
    """List the registries for which docker and podman keep a login, as far as files say; no helper is asked.

    Raises InvalidFile for a broken file.
    """
    keys = (key for config in read_configs() for key in (*config.entries, *config.marks, *config.helpers))
    return tuple(dict.fromkeys(str(registry) for registry in map(Registry.find, keys) if registry))


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
    fields = folded(data)
    auths, helpers, store = (
        fields.get("auths") or {},
        fields.get("credhelpers") or {},
        fields.get("credsstore") or "",
    )
    fault = _fault(auths, helpers, store)
    if fault:
        return None, fault
    read = {key: _entry(shown_key(key), entry) for key, entry in auths.items()}
    entries = {key: entry for key, entry in read.items() if entry}
    marks = tuple(key for key, entry in read.items() if entry is None)
    return DockerConfig(place, entries, _by_registry(entries), marks, helpers, store), ""


def _by_registry(entries: dict[str, Entry]) -> dict[Registry, list[str]]:
    keys: dict[Registry, list[str]] = {}
    for key in entries:
        registry = Registry.find(key)
        if registry:
            keys.setdefault(registry, []).append(key)
    return keys


def _variable() -> DockerConfig | None:
    """What docker takes from its variable: `auth` alone, of each entry, and nothing if there is more.

    As docker's CLI does it from 28.3 on: cli/config/configfile, parseEnvConfig.
    """
    text = os.environ.get(VARIABLE, "")
    if not text.strip():
        return None
    data = from_json(text) if len(text) <= MAX_FILE_BYTES else Unread.TOO_MANY
    auths, fault = _of_variable(data)
    entries = {key: entry for key, each in auths.items() if (entry := _entry(shown_key(key), each))}
    fault = fault or next(filter(None, (_fault_of_variable(*each) for each in entries.items())), "")
    if fault:
        return DockerConfig(None, {}, {}, fault=f"docker does not use {VARIABLE}: {fault}")
    return DockerConfig(None, entries, _by_registry(entries))


def _fault_of_variable(key: str, entry: Entry) -> str:
    return entry.fault or (
        "" if entry.user else f"the entry of {shown_key(key)} has an `auth` without a user"
    )


def _of_variable(data: Any) -> tuple[dict[str, Any], str]:
    """The entries, or why docker takes none."""
    fields = folded(data) if isinstance(data, dict) else {}
    auths = fields.get("auths") or {}
    fault = ""
    if data is not None and not isinstance(data, dict):
        fault = "it is not a JSON object"
    elif fields.keys() - {"auths"}:
        fault = "it has other fields than `auths`"
    elif not isinstance(auths, dict) or not all(isinstance(entry, dict) for entry in auths.values()):
        fault = "its `auths` is not an object of objects"
    elif len(auths) > MAX_LOGINS:
        fault = f"it has more than {MAX_LOGINS:,} entries"
    else:
        odd = ((key, _odd_in_variable(folded(entry))) for key, entry in auths.items())
        fault = next((f"the entry of {shown_key(key)} has {what}" for key, what in odd if what), "")
    return ({}, fault) if fault else (auths, "")


def _odd_in_variable(fields: dict[str, Any]) -> str:
    if fields.keys() - {"auth"}:
        return "other fields than `auth`"
    return "no `auth`" if "auth" not in fields else "" if fields["auth"] else "an empty `auth`"


def _fault(auths: Any, helpers: Any, store: Any) -> str:
    if not isinstance(auths, dict):
        return "has `auths` that is not an object"
    if not isinstance(helpers, dict) or not all(isinstance(helper, str) for helper in helpers.values()):
        return "has `credHelpers` that is not an object of strings"
    if not isinstance(store, str):
        return "has a `credsStore` that is not a string"
    return f"has more than {MAX_LOGINS:,} entries" if len(auths) + len(helpers) > MAX_LOGINS else ""


def _entry(shown: str, entry: Any) -> Entry | None:
    """The login in *entry*, or None if it is only a mark."""
    if not isinstance(entry, dict):
        return Entry(fault=f"the entry of {shown} is not an object", next=_LOGIN_AGAIN)
    # Docker and podman, whose file it is, take no `auth` without its padding.
    login = read_entry(entry, unpadded=False)
    if isinstance(login, EntryFault):
        return Entry(fault=f"the entry of {shown} {_FAULTS[login]}", next=_LOGIN_AGAIN)
    user, password = login
    if password:
        return Entry(user, Secret(password))
    fields = folded(entry)
    if fields.get("identitytoken") or fields.get("registrytoken"):
        return Entry(user, fault=f"{shown} {NO_PULL}", next=OTHER_TOKEN)
    return Entry(user, fault=f"{shown} has no password", next=_LOGIN_AGAIN) if user else None
