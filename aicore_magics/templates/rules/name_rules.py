"""Names in a workflow: each once in its list, and of the characters that Argo takes.

After validateWorkflowFieldNames in workflow/validate/validate.go of Argo 3.5.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from aicore_magics.templates.catalogue.flow import ARGO_NAME, REPEATED_NAME
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.calls import BRACED

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.calls import Call
    from aicore_magics.templates.rules.shape import Mapping

_FIELD = re.compile(r"[A-Za-z0-9][-A-Za-z0-9]{0,127}")
_VALUE = re.compile(r"[-A-Za-z0-9_]+")
# The kinds of entries whose names may have an underscore; the others may not.
_VALUES = ("parameter", "artifact")
_PATTERNS = dict.fromkeys(_VALUES, _VALUE)
Place = TypeVar("Place")


def parts_names(found: Findings, owner: Mapping, key: str, path: Path) -> None:
    """Look at the names of the parameters and artifacts under *key*: inputs, outputs or arguments."""
    parts = owner.get(key)
    if isinstance(parts, dict):
        for kind in _VALUES:
            if f"{kind}s" in parts:
                list_names(found, parts[f"{kind}s"], (*path, key, f"{kind}s"), word=kind)


def list_names(found: Findings, entries: object, path: Path, *, word: str) -> None:
    """Look at the names in the list of *entries* at *path*, whatever it is; *word* is what each is called."""
    if isinstance(entries, list):
        listed = [(i, entry) for i, entry in enumerate(entries) if isinstance(entry, dict)]
        for i, entry in _doubtful(listed, word):
            _name(found, entry, (*path, i), word)


def call_names(found: Findings, calls: list[Call]) -> None:
    """Look at the names of the steps or tasks of one template."""
    word = calls[0].word if calls else ""
    for path, entry in _doubtful([(call.path, call.entry) for call in calls], word):
        _name(found, entry, path, word)


def template_name(found: Findings, template: Mapping, path: Path) -> None:
    """Look at the name of one template; whether it stands twice is looked at elsewhere."""
    if template.get("name"):
        for here, _ in _doubtful([(path, template)], "template"):
            _name(found, template, here, "template")


def _doubtful(entries: list[tuple[Place, Mapping]], word: str) -> list[tuple[Place, Mapping]]:
    """Those of *entries* whose name stands before, or is not of the usual kind. Most lists have none."""
    seen: set[str] = set()
    usual = _PATTERNS.get(word, _FIELD).fullmatch
    doubtful = []
    for place, entry in entries:
        name = entry.get("name")
        if type(name) is str and name not in seen and usual(name):
            seen.add(name)
        else:
            doubtful.append((place, entry))
    return doubtful


def _name(found: Findings, entry: Mapping, path: Path, word: str) -> None:
    name = entry.get("name")
    if isinstance(name, str):
        here = (*path, "name")
        if not _PATTERNS.get(word, _FIELD).fullmatch(name):
            if BRACED not in name:
                found.add(ARGO_NAME, here, f"{shown(name)} is no valid name for a {word}", _right(name, word))
            return
        message = f"a {word} before it is named {shown(name)}, too"
        found.add(REPEATED_NAME, here, message, f"give each {word} a name of its own")
    elif name is None:
        here = (*path, "name") if "name" in entry else path
        found.add(ARGO_NAME, here, f"the {word} has no name", "write name: NAME", quote=True)


def _right(name: str, word: str) -> str:
    """What to write in place of *name*."""
    if word in _VALUES:
        return f"write {re.sub(r'[^-A-Za-z0-9_]+', '-', name).strip('-') or 'NAME'}: letters, digits, - and _"
    better = re.sub(r"[^A-Za-z0-9]+", "-", name[:128]).strip("-")
    return f"write {better or 'NAME'}: letters, digits and hyphens, at most 128, and no hyphen in front"
