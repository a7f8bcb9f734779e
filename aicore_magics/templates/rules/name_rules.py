"""Names in a workflow: each once in its list, and of the characters that Argo takes.

After validateWorkflowFieldNames in workflow/validate/validate.go of Argo 3.5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.flow import ARGO_NAME, REPEATED_NAME
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.calls import BRACED

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.calls import Call
    from aicore_magics.templates.rules.shape import Mapping

_FIELD = re.compile(r"[A-Za-z0-9][-A-Za-z0-9]{0,127}")
_VALUE = re.compile(r"[-A-Za-z0-9_]+")
# The lists whose entries may have an underscore in their names, and what each is called.
_KINDS = {"parameters": "parameter", "artifacts": "artifact"}
# Kubernetes has small letters in the names of containers.
_CONTAINER = re.compile(r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?")
_PATTERNS = {**dict.fromkeys(_KINDS.values(), _VALUE), "container": _CONTAINER}


def parts_names(found: Findings, owner: Mapping, key: str, path: Path) -> None:
    """Look at the names of the parameters and artifacts under *key*: inputs, outputs or arguments."""
    parts = owner.get(key)
    if isinstance(parts, dict):
        for kind, word in _KINDS.items():
            if parts.get(kind):
                list_names(found, parts[kind], (*path, key, kind), word=word)
            if key == "outputs":
                _global_names(found, parts.get(kind), (*path, key, kind), word)


def _global_names(found: Findings, entries: object, path: Path, word: str) -> None:
    """Look at the names that outputs have in the whole workflow."""
    seen: set[str] = set()
    for i, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = entry.get("globalName") if isinstance(entry, dict) else None
        if not isinstance(name, str) or not name or BRACED in name:
            continue
        if name in seen:
            message = f"an earlier {word} also has the globalName {shown(name)}; only one of them is kept"
            fix = f"give each {word} a different globalName"
            found.add(REPEATED_NAME, (*path, i, "globalName"), message, fix, severity="warning")
        seen.add(name)
        if not _VALUE.fullmatch(name):
            message = f"{shown(name)} is not a valid globalName"
            found.add(ARGO_NAME, (*path, i, "globalName"), message, _right(name, word))


def list_names(found: Findings, entries: object, path: Path, *, word: str) -> None:
    """Look at the names in the list of *entries* at *path*, whatever it is; *word* is what each is called."""
    if not isinstance(entries, list):
        return
    seen: set[str] = set()
    usual = _PATTERNS.get(word, _FIELD).fullmatch
    for i, entry in enumerate(entries):
        if not isinstance(entry, dict):
            continue
        name = entry.get("name")
        if type(name) is str and name not in seen and usual(name):
            seen.add(name)
        else:
            _name(found, entry, (*path, i), word)


def call_names(found: Findings, calls: list[Call]) -> None:
    """Look at the names of the steps or tasks of one template."""
    seen: set[str] = set()
    for call in calls:
        name = call.entry.get("name")
        if type(name) is str and name not in seen and _FIELD.fullmatch(name):
            seen.add(name)
        else:
            _name(found, call.entry, call.path, call.word)


def template_name(found: Findings, template: Mapping, path: Path) -> None:
    """Look at the name of one template; whether it stands twice is looked at elsewhere."""
    name = template.get("name")
    if name and isinstance(name, str) and not _FIELD.fullmatch(name):
        _name(found, template, path, "template")


def _name(found: Findings, entry: Mapping, path: Path, word: str) -> None:
    name = entry.get("name")
    if isinstance(name, str):
        here = (*path, "name")
        if not _PATTERNS.get(word, _FIELD).fullmatch(name):
            if BRACED not in name:
                found.add(
                    ARGO_NAME, here, f"{shown(name)} is not a valid name for a {word}", _right(name, word)
                )
            return
        repeated_name(found, name, here, word)
    elif name is None:
        here = (*path, "name") if "name" in entry else path
        found.add(ARGO_NAME, here, f"the {word} has no name", "write name: NAME", quote=True)


def repeated_name(found: Findings, name: str, path: Path, word: str) -> None:
    """Say that *name* stands for another *word* of the list already."""
    message = f"an earlier {word} also has the name {shown(name)}"
    found.add(REPEATED_NAME, path, message, f"give each {word} a different name")


def _right(name: str, word: str) -> str:
    """What to write in place of *name*."""
    if word == "container":
        better = re.sub(r"[^a-z0-9]+", "-", name.lower()[:63]).strip("-")
        return f"write {better or 'NAME'}: small letters, digits and hyphens, at most 63"
    if word in _PATTERNS:
        return f"write {re.sub(r'[^-A-Za-z0-9_]+', '-', name).strip('-') or 'NAME'}: letters, digits, - and _"
    better = re.sub(r"[^A-Za-z0-9]+", "-", name[:128]).strip("-")
    return f"write {better or 'NAME'}: letters, digits and hyphens, at most 128, and no hyphen in front"
