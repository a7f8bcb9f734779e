"""The files of docker and podman themselves, and of what keeps logins as they do."""

from __future__ import annotations

from typing import Any

from aicore_magics.base.wrappers import folded
from aicore_magics.logins.shapes.found import Auths, Found, Look, Named, broken
from aicore_magics.model.names import Registry
from aicore_magics.next_steps import Option

_OF_AN_ENTRY = {"auth", "username", "password", "email", "identitytoken", "registrytoken"}
_OF_HELPERS = ("credsstore", "credhelpers")


def merged(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the object that JSON's *pairs* make, as Go does: where `auths` is there twice, of both."""
    data = dict(pairs)
    auths = [value for name, value in pairs if name.lower() == "auths" and isinstance(value, dict)]
    if len(auths) > 1:
        data = {name: value for name, value in data.items() if name.lower() != "auths"}
        data["auths"] = {key: entry for each in auths for key, entry in each.items()}
    return data


def docker_config(data: dict[Any, Any], _look: Look) -> Found | None:
    """A `config.json` of docker, an `auth.json` of podman: Go takes the names of its fields in any case."""
    fields = folded(data)
    auths = fields.get("auths")
    if not auths and any(fields.get(field) for field in _OF_HELPERS):
        return broken(
            "docker keeps the passwords in a credential helper, not in this file",
            ("give user and token of the registry yourself, ", Option("registry", "HOST", "with"), "."),
        )
    if "auths" not in fields:
        if "httpheaders" in fields or fields.keys() & {"currentcontext", "psformat", "detachkeys"}:
            return Named("a docker config without a login")
        return None
    return entries("docker config", auths if auths is not None else {})


def older_docker_config(data: dict[Any, Any], _look: Look) -> Found | None:
    """A `.dockercfg` has its entries at the top, each under a registry, with `auth` or without."""
    registries = [key for key, entry in data.items() if _is_entry(entry) and _is_host(key)]
    return entries("legacy .dockercfg", data) if registries else None


def containerd_registries(data: dict[Any, Any], _look: Look) -> Found | None:
    """The `registries.yaml` of k3s: `configs`, by host, each with its `auth`."""
    configs = data.get("configs")
    if not isinstance(configs, dict) or not any(_is_host(key) for key in configs):
        return None
    logins = {host: entry["auth"] for host, entry in configs.items() if _is_entry(_field(entry, "auth"))}
    return entries("registries.yaml of k3s", logins) if logins else None


def entries(kind: str, auths: Any) -> Found:
    """Return *auths* as logins to be judged."""
    if not isinstance(auths, dict):
        return broken(f"the {kind} has `auths` that are {_what_else(auths)}, not an object")
    if not all(isinstance(key, str) for key in auths):
        return broken("a key of `auths` is not a string; YAML needs quotes there")
    return Auths(kind, auths)


def _what_else(value: Any) -> str:
    return "a list" if isinstance(value, list) else "a text" if isinstance(value, str) else "a single value"


def _field(entry: Any, name: str) -> Any:
    return entry.get(name) if isinstance(entry, dict) else None


def _is_entry(entry: Any) -> bool:
    return isinstance(entry, dict) and bool(folded(entry).keys() & _OF_AN_ENTRY)


def _is_host(key: Any) -> bool:
    """Whether *key* is a registry's, and no word such as `proxies`."""
    registry = Registry.find(key) if isinstance(key, str) else None
    return registry is not None and (not registry.host.isalnum() or registry.host == "localhost")
