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
    from collections.abc import Iterable

    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

_FIELD = re.compile(r"[A-Za-z0-9][-A-Za-z0-9]{0,127}")
_VALUE = re.compile(r"[-A-Za-z0-9_]+")
# The kinds of entries whose names may have an underscore; the others may not.
_VALUES = ("parameter", "artifact")


def list_names(found: Findings, owner: Mapping, key: str, path: Path, *, word: str) -> None:
    """Look at the names in the list under *key*, whatever it holds; *word* is what an entry is called."""
    entries = owner.get(key)
    if isinstance(entries, list):
        name_findings(
            found,
            (((*path, key, i), entry) for i, entry in enumerate(entries) if isinstance(entry, dict)),
            word=word,
        )


def parts_names(found: Findings, owner: Mapping, key: str, path: Path) -> None:
    """Look at the names of the parameters and artifacts under *key*: inputs, outputs or arguments."""
    parts = owner.get(key)
    if isinstance(parts, dict):
        for kind in _VALUES:
            list_names(found, parts, f"{kind}s", (*path, key), word=kind)


def name_findings(found: Findings, entries: Iterable[tuple[Path, Mapping]], *, word: str) -> None:
    """Find names that stand twice among *entries*, and those that Argo does not take."""
    seen: set[str] = set()
    pattern = _VALUE if word in _VALUES else _FIELD
    for path, entry in entries:
        name = entry.get("name")
        if not isinstance(name, str):
            if name is None:
                here = (*path, "name") if "name" in entry else path
                found.add(ARGO_NAME, here, f"the {word} has no name", "write name: NAME", quote=True)
            continue
        here = (*path, "name")
        if name in seen:
            message = f"a {word} before it is named {shown(name)}, too"
            found.add(REPEATED_NAME, here, message, f"give each {word} a name of its own")
        seen.add(name)
        if not pattern.fullmatch(name) and BRACED not in name:
            found.add(ARGO_NAME, here, f"Argo takes no {word} of the name {shown(name)}", _right(name, word))


def _right(name: str, word: str) -> str:
    """What to write in place of *name*."""
    if word in _VALUES:
        return f"write {re.sub(r'[^-A-Za-z0-9_]+', '-', name).strip('-') or 'NAME'}: letters, digits, - and _"
    better = re.sub(r"[^A-Za-z0-9]+", "-", name[:128]).strip("-")
    return f"write {better or 'NAME'}: letters, digits and hyphens, at most 128, and no hyphen in front"
