"""A whole docker config under a key of something else: AI Core's own body, a variable, a store of secrets."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from aicore_magics.base.wrappers import from_wrapped_base64
from aicore_magics.logins.shapes.found import Found, Look, Named, article, broken, wrapped

NEW_KEY, OLD_KEY, VARIABLE = ".dockerconfigjson", ".dockercfg", "DOCKER_AUTH_CONFIG"
# `config.json` is what kaniko and others mount, the variable what docker and GitLab read.
PAYLOADS = (NEW_KEY, OLD_KEY, "config.json", "auth.json", VARIABLE, "dockerconfigjson")
_DUE = {NEW_KEY: "docker config", OLD_KEY: "legacy .dockercfg"}
_BODY = "AI Core request body"
# Where the command lines of stores print the text of a secret; the field beside it, and what is in that.
_STORES = (
    ("answer of AWS Secrets Manager", ("SecretString",), "Name", ""),
    ("answer of Google's Secret Manager", ("payload", "data"), "name", "/secrets/"),
    ("answer of Azure Key Vault", ("value",), "id", ".vault."),
)


def payload(data: dict[Any, Any], look: Look) -> Found | None:
    """AI Core's body, its `data` alone, variables, and what a store of secrets prints."""
    inner = data.get("data")
    if isinstance(inner, str) and "name" in data:
        found = look(inner)
        note = f"`data` is a string instead of an object with {NEW_KEY}; it was read."
        return None if isinstance(found, Named) else replace(found, kind=_BODY, notes=(*found.notes, note))
    deeper = inner.get("data") if isinstance(inner, dict) else None
    # GitLab's API gives a variable as an object with its key and value.
    variable = {data["key"]: data.get("value")} if isinstance(data.get("key"), str) else None
    for part, kind in (
        (inner, _BODY),
        (deeper, "answer of Vault"),
        (data.get("variables"), ""),
        (variable, ""),
        (data, _BODY if "name" in data else ""),
    ):
        if isinstance(part, dict) and (of_key := by_key(part, look, kind)):
            return of_key
    return _in_store(data, look)


def by_key(data: dict[Any, Any], look: Look, kind: str = "") -> Found | None:
    """Return what *data* has under one of the known keys, as the content of a *kind*."""
    for key in PAYLOADS:
        if data.get(key) is not None:
            said = kind or (f"variable {key}" if key == VARIABLE else f"bare {key}")
            return held(data[key], look, kind=said, key=key, in_base64=False if said == _BODY else None)
    return None


def held(value: Any, look: Look, *, kind: str, key: str, in_base64: bool | None) -> Found:
    """Return what *value* is, text, base64 or an object under *key* of a *kind*.

    *in_base64* is what is right there, and a note says so of another; None: each of them is usual.
    """
    note = ""
    if isinstance(value, dict):
        found = look(value)
        note = f"{key} is an object instead of {'base64' if in_base64 else 'text'}; it was read."
    elif isinstance(value, str):
        plain = in_base64 and value.lstrip().startswith("{")
        text = from_wrapped_base64(value) if in_base64 and not plain else value
        if text is None:
            return broken(f"the data of the {kind} is not base64 of UTF-8 text")
        found = look(text)
        if plain:
            note = f"{key} is plain text instead of base64; it was read."
        elif not isinstance(found, Named) and found.wrappings:
            due = " once more" if in_base64 else " instead of plain text"
            note = f"{key} contains {' in '.join(found.wrappings)}{due}; it was read."
    else:
        return broken(f"the {key} of the {kind} is not a string")
    if isinstance(found, Named):
        return wrapped(found, "", of=f"{article(kind)} with {{}}")
    notes = (note,) if note and in_base64 is not None else ()
    if found.kind != _DUE.get(key, found.kind):
        notes = (*notes, f"{key} contains {article(found.kind)}; it was read.")
    return replace(found, kind=kind, wrappings=(), notes=(*found.notes, *notes))


def _in_store(data: dict[Any, Any], look: Look) -> Found | None:
    for kind, path, beside, sign in _STORES:
        value: Any = data if sign in str(data.get(beside)) and beside in data else None
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        if isinstance(value, str):
            return wrapped(look(value), article(kind), of=f"{article(kind)} with {{}}")
    return None
