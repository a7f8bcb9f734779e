"""Kubernetes Secrets as kubectl prints them and as people write them; other things by their `kind`."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from aicore_magics.base.redact import Secret, shown_key
from aicore_magics.base.wrappers import from_wrapped_base64, in_kubernetes_secret
from aicore_magics.logins.shapes.found import GIVE, Auths, Found, Look, Named, Pair, article, keys_of
from aicore_magics.logins.shapes.outputs import REGISTRY_FIELDS
from aicore_magics.logins.shapes.payloads import NEW_KEY, OLD_KEY, PAYLOADS, by_key, held
from aicore_magics.model.google_key import JSON_KEY
from aicore_magics.next_steps import Command

_ELSEWHERE = "which says where a login is kept"
_SEALED = {
    "SealedSecret": "which only its cluster can open",
    "SopsSecret": "which only its key can open",
    "ExternalSecret": _ELSEWHERE,
    "ClusterExternalSecret": _ELSEWHERE,
    "SecretProviderClass": _ELSEWHERE,
    "VaultStaticSecret": _ELSEWHERE,
    "ServiceAccount": "which names secrets",
}
_MADE_OF_IT = (Command("kubectl get secret NAME -o yaml"), " prints the Secret itself.")
_MOST_KEYS = 20  # that are looked into where none is known
# Where a Secret has its values, and whether in base64; the plain ones win, as in Kubernetes itself.
_PARTS = (("stringData", False), ("data", True))


def encrypted(data: dict[Any, Any], _look: Look) -> Found | None:
    """What SOPS makes of any file: the same fields, and its own beside them."""
    if not isinstance(data.get("sops"), dict):
        return None
    return Named("text that SOPS has encrypted", (Command("sops --decrypt FILE"), " opens it."))


def kubernetes(data: dict[Any, Any], look: Look) -> Found | None:
    """A Secret, a list of things, or what has another `kind` and is named."""
    kind = data.get("kind")
    if not isinstance(kind, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{1,60}", kind):
        return None
    if kind.endswith("List") and isinstance(data.get("items"), list):
        return look(data["items"])
    if kind.lower() == "secret":
        return _with_name(_secret(data, look), data.get("metadata"))
    if isinstance(data.get("data"), dict) and (found := by_key(data["data"], look, shown_key(kind))):
        return found
    about = f", {_SEALED[kind]}" if kind in _SEALED else ""
    return Named(f"{article(shown_key(kind))}{about}", _MADE_OF_IT if about else GIVE)


def _with_name(found: Found, metadata: Any) -> Found:
    name = metadata.get("name") if isinstance(metadata, dict) else ""
    if isinstance(found, Named) or not isinstance(name, str) or not name:
        return found
    return replace(found, name=f"Secret {shown_key(name)}")


def _secret(secret: dict[Any, Any], look: Look) -> Found:
    parts = [(values, coded) for part, coded in _PARTS if isinstance(values := secret.get(part), dict)]
    for key in PAYLOADS:
        for values, coded in parts:
            if values.get(key) is not None:
                kind = (
                    "Kubernetes Secret of the older type dockercfg" if key == OLD_KEY else "Kubernetes Secret"
                )
                said = kind if key in (NEW_KEY, OLD_KEY) else f"{kind} with {key}"
                return held(values[key], look, kind=said, key=key, in_base64=coded)
    user, password = (in_kubernetes_secret(secret, field) for field in ("username", "password"))
    if isinstance(user, str) and isinstance(password, str) and user and password:
        registry = next(filter(None, (_registry(secret, field) for field in REGISTRY_FIELDS)), "")
        said = "Kubernetes Secret with username and password"
        if registry:
            return Auths(said, {registry: {"username": user, "password": password}})
        return Pair(said, user, Secret(password))
    keys = [key for values, _ in parts for key in values]
    return _under_any_key(parts, look) or _other_secret(secret.get("type"), keys)


def _registry(secret: dict[Any, Any], field: str) -> str:
    value = in_kubernetes_secret(secret, field)
    return value.strip() if isinstance(value, str) else ""


def _under_any_key(parts: list[tuple[dict[Any, Any], bool]], look: Look) -> Found | None:
    """The only whole logins in a Secret, under a key that somebody chose."""
    logins: list[Auths | Pair] = []
    for values, coded in parts:
        for key, value in [*values.items()][:_MOST_KEYS]:
            text = from_wrapped_base64(value) if coded and isinstance(value, str) else value
            found = look(text) if isinstance(text, str) else None
            # No other text is one of these by chance.
            if isinstance(found, Auths) or (isinstance(found, Pair) and found.username == JSON_KEY):
                logins.append(replace(found, kind=f"Kubernetes Secret with {shown_key(str(key))}"))
    return logins[0] if len(logins) == 1 else None


def _other_secret(of_type: Any, keys: list[Any]) -> Named:
    known = isinstance(of_type, str) and re.fullmatch(r"[a-zA-Z./-]{1,60}", of_type)
    about = f" of type {shown_key(of_type)}" if known else ""
    return Named(f"a Kubernetes Secret{about} {f'with {keys_of(keys)}' if keys else 'that is empty'}")
