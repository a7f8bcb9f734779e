"""Whether a value of a template has the shape its readers need: a mapping, a list, a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.templates.catalogue.structure import SHAPE, TEXT
from aicore_magics.templates.finding import shown

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path

Mapping = dict[Any, Any]
_KINDS = (
    (bool, "a boolean"),
    (int, "a number"),
    (float, "a number"),
    (str, "a string"),
    (dict, "a mapping"),
)
# How an entry begins, in lists whose entries have no name.
_ENTRIES = {
    "envFrom": "secretRef: {name: …}",
    "hostAliases": "ip: …",
    "items": "key: …",
    "labels": "key: …",
    "matchExpressions": "key: …",
    "ports": "containerPort: 8080",
    "readinessGates": "conditionType: …",
    "resizePolicy": "resourceName: cpu",
    "semaphores": "configMapKeyRef: {name: …, key: …}",
    "storageUris": "uri: …",
    "tolerations": "key: …",
    "topologySpreadConstraints": "topologyKey: …",
    "transformation": "expression: …",
    "volumeClaimTemplates": "metadata: {name: …}",
}


def what(value: object) -> str:
    """Say what *value* is to a YAML reader.

    >>> what(1.0), what(True), what([])
    ('a number', 'a boolean', 'a list')
    """
    if value is None:
        return "empty"
    return next((kind for type_, kind in _KINDS if isinstance(value, type_)), "a list")


def mapping_in(found: Findings, owner: Mapping, key: str, path: Path) -> Mapping:
    """Give the mapping under *key*; an empty one where there is none, with a finding if something else is."""
    value = owner.get(key)
    if isinstance(value, dict):
        return value
    if value is not None:
        fix = f"write its keys below {key}, indented, each as KEY: VALUE"
        found.add(SHAPE, (*path, key), f"{key} is {what(value)}, it must be a mapping", fix)
    return {}


def list_in(found: Findings, owner: Mapping, key: str, path: Path) -> list[Any]:
    """Give the list under *key*; an empty one where there is none, with a finding if something else is."""
    value = owner.get(key)
    if isinstance(value, list):
        return value
    if value is not None:
        fix = f"begin each entry below {key} with a hyphen"
        found.add(SHAPE, (*path, key), f"{key} is {what(value)}, it must be a list", fix)
    return []


def mappings_in(found: Findings, owner: Mapping, key: str, path: Path) -> list[tuple[Path, Mapping]]:
    """Give the entries of the list of mappings under *key*, each with its path."""
    if key not in owner:
        return []
    entries, listed = [], owner[key]
    for i, entry in enumerate(listed if type(listed) is list else list_in(found, owner, key, path)):
        here = (*path, key, i)
        if isinstance(entry, dict):
            entries.append((here, entry))
        else:
            found.add(SHAPE, here, f"an entry of {key} is {what(entry)}", entry_fix(key))
    return entries


def entry_fix(key: str) -> str:
    """Say how to write an entry of the list *key*, which is one of mappings.

    >>> entry_fix("ports"), entry_fix("volumes")
    ('write - containerPort: 8080', 'write - name: …')
    """
    return f"write - {_ENTRIES.get(key, 'name: …')}"


def other_version(owner: Mapping, name: str, right: str) -> str:
    """Say that the apiVersion of *owner*, which is called *name*, is not the *right* one.

    >>> other_version({"apiVersion": "v1"}, "a pod", "v2"), other_version({}, "a pod", "v2")
    ('the apiVersion of a pod must be v2, here it is v1', 'the apiVersion of a pod is missing, it must be v2')
    """
    version = owner.get("apiVersion")
    if version in (None, ""):
        return f"the apiVersion of {name} is missing, it must be {right}"
    said = shown(version) if isinstance(version, str) else what(version)
    return f"the apiVersion of {name} must be {right}, here it is {said}"


def text_in(found: Findings, owner: Mapping, key: str, path: Path) -> str:
    """Give the text under *key*; an empty one where there is none, with a finding if something else is."""
    value = owner.get(key)
    if isinstance(value, str):
        return value
    if value is not None:
        not_text(found, key, value, (*path, key))
    return ""


def texts_in(found: Findings, owner: Mapping, key: str, path: Path) -> list[str]:
    """Give the list of texts under *key*, such as args."""
    if key not in owner:
        return []
    items = list_in(found, owner, key, path)
    for i, item in enumerate(items):
        if isinstance(item, dict):
            message = f"an entry of {key} is a mapping, it must be a string"
            found.add(TEXT, (*path, key, i), message, "put it in quotes: the colon makes it a mapping")
        elif not isinstance(item, str):
            not_text(found, f"an entry of {key}", item, (*path, key, i))
    return items


def text_values(found: Findings, mapping: Mapping, path: Path) -> None:
    """Find the values of *mapping* that are no texts. Nothing behind a key counts as an empty text."""
    for key, value in mapping.items():
        if type(value) is not str and value is not None:
            not_text(found, shown(key), value, (*path, key))


def not_text(found: Findings, name: str, value: object, path: Path, *, repeated: bool = True) -> None:
    """Find that the value of *name* must be a text. It is not *repeated* where it may be a password."""
    fix = f'put it in quotes, as "{shown(value)}"' if isinstance(value, (int, float)) else "write a string"
    if isinstance(value, (int, float)) and not repeated:
        fix = "put it in quotes"
    elif isinstance(value, bool):
        fix = f'put it in quotes, as "{str(value).lower()}"'
    quote = repeated and isinstance(value, (int, float))
    found.add(TEXT, path, f"{name} is {what(value)}, it must be a string", fix, quote=quote)
