"""Kubernetes Secrets as kubectl prints them and as people write them, and the body of AI Core's own API."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from aicore_magics.base.redact import Secret, shown_key
from aicore_magics.base.wrappers import from_base64, in_kubernetes_secret
from aicore_magics.logins.shapes.found import (
    GIVE,
    Found,
    Look,
    Named,
    Pair,
    article,
    broken,
    keys_of,
    wrapped,
)
from aicore_magics.next_steps import Command

NEW_KEY, OLD_KEY, VARIABLE = ".dockerconfigjson", ".dockercfg", "DOCKER_AUTH_CONFIG"
# Under these a Secret, a body or a set of variables has a whole docker config. `config.json` is what kaniko
# and others mount, the variable what docker and GitLab read, the last what AWS keeps secrets under.
PAYLOADS = (NEW_KEY, OLD_KEY, "config.json", "auth.json", VARIABLE, "dockerconfigjson", "SecretString")
_DUE = {NEW_KEY: "docker config", OLD_KEY: "legacy .dockercfg"}
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
_BODY = "AI Core request body"


def kubernetes(data: dict[Any, Any], look: Look) -> Found | None:
    """A Secret, a list of things, or what has another `kind` and is named."""
    kind = data.get("kind")
    if not isinstance(kind, str) or not re.fullmatch(r"[A-Za-z][A-Za-z0-9]{1,60}", kind):
        return None
    if kind.endswith("List") and isinstance(data.get("items"), list):
        return look(data["items"])
    if kind.lower() == "secret":
        return _secret(data, look)
    if isinstance(data.get("data"), dict) and (found := _by_key(data["data"], look, kind=shown_key(kind))):
        return found
    about = f", {_SEALED[kind]}" if kind in _SEALED else ""
    return Named(f"{article(shown_key(kind))}{about}", _MADE_OF_IT if about else GIVE)


def _secret(secret: dict[Any, Any], look: Look) -> Found:
    found = _in_secret(secret, look)
    metadata = secret.get("metadata")
    name = metadata.get("name") if isinstance(metadata, dict) else ""
    if isinstance(found, Named) or not isinstance(name, str):
        return found
    return replace(found, name=f"Secret {shown_key(name)}" if name else "")


def _in_secret(secret: dict[Any, Any], look: Look) -> Found:
    if "sops" in secret:
        return Named("a Secret that SOPS has encrypted", (Command("sops --decrypt FILE"), " opens it."))
    for key in PAYLOADS:
        for part, in_base64 in (("stringData", False), ("data", True)):
            values = secret.get(part)
            if isinstance(values, dict) and values.get(key) is not None:
                kind = "Kubernetes Secret"
                if key == OLD_KEY:
                    kind = "Kubernetes Secret of the older type dockercfg"
                elif key != NEW_KEY:
                    kind = f"Kubernetes Secret with {key}"
                return _payload(values[key], look, kind=kind, key=key, in_base64=in_base64)
    user, password = (in_kubernetes_secret(secret, field) for field in ("username", "password"))
    if isinstance(user, str) and isinstance(password, str) and user and password:
        return Pair("Kubernetes Secret with username and password", user, Secret(password))
    return _other_secret(secret)


def _other_secret(secret: dict[Any, Any]) -> Named:
    parts = (secret.get(part) for part in ("data", "stringData"))
    keys = [key for part in parts if isinstance(part, dict) for key in part]
    of_type = secret.get("type")
    known = isinstance(of_type, str) and re.fullmatch(r"[a-zA-Z./-]{1,60}", of_type)
    about = f" of type {shown_key(str(of_type))}" if known else ""
    return Named(f"a Kubernetes Secret{about} {f'with {keys_of(keys)}' if keys else 'that is empty'}")


def payload(data: dict[Any, Any], look: Look) -> Found | None:
    """What has a whole docker config under a known key: AI Core's body, its `data` alone, variables."""
    inner = data.get("data")
    if isinstance(inner, str) and "name" in data:
        found = look(inner)
        note = f"`data` holds a text, where an object with {NEW_KEY} is due; it was read."
        return None if isinstance(found, Named) else replace(found, kind=_BODY, notes=(*found.notes, note))
    if isinstance(inner, dict) and (of_key := _by_key(inner, look, kind=_BODY)):
        return of_key
    if isinstance(inner, dict) and isinstance(inner.get("data"), dict):
        return _by_key(inner["data"], look, kind="answer of Vault")
    variables = data.get("variables")
    if isinstance(variables, dict) and (of_key := _by_key(variables, look, kind="")):
        return of_key
    # GitLab's API gives a variable so.
    if data.get("key") in PAYLOADS and "value" in data:
        return _by_key({data["key"]: data["value"]}, look, kind="")
    return _by_key(data, look, kind=_BODY if "name" in data else "")


def _by_key(data: dict[Any, Any], look: Look, *, kind: str) -> Found | None:
    for key in PAYLOADS:
        if data.get(key) is not None:
            said = kind or (f"variable {key}" if key == VARIABLE else f"content of {key}")
            in_base64 = False if said == _BODY else None
            return _payload(data[key], look, kind=said, key=key, in_base64=in_base64)
    return None


def _payload(value: Any, look: Look, *, kind: str, key: str, in_base64: bool | None) -> Found:
    """The docker config under *key* of a *kind*, as text, in base64, or as an object.

    *in_base64* is what is right there; None: any of them is usual.
    """
    note = ""
    if isinstance(value, dict):
        found = look(value)
        note = f"{key} holds an object, where {'base64' if in_base64 else 'text'} is due; it was read."
    elif isinstance(value, str):
        text = from_base64(value) if in_base64 else value
        if text is None and not value.lstrip().startswith("{"):
            return broken(f"the data of the {kind} is not base64 of UTF-8 text")
        found = look(value if text is None else text)
        if text is None:
            note = f"{key} holds plain text, where base64 is due; it was read."
        elif not isinstance(found, Named) and found.wrappings:
            due = " once more" if in_base64 else ", where plain text is due"
            note = f"{key} holds {' in '.join(found.wrappings)}{due}; it was read."
    else:
        return broken(f"the {key} of the {kind} is no text")
    if isinstance(found, Named):
        return wrapped(found, "", of=f"{article(kind)} with {{}}")
    notes = (note,) if note and in_base64 is not None else ()
    if found.kind != _DUE.get(key, found.kind):
        notes = (*notes, f"{key} holds {article(found.kind)}; it was read.")
    return replace(found, kind=kind, wrappings=(), notes=(*found.notes, *notes))
