"""Where a secret is named in templates: the `imagePullSecrets` lines, and the local files that have them."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILES = 2_000
MAX_BYTES = 1_000_000

_BARE_YAML = re.compile(r"[a-z][a-z0-9]*-[a-z0-9-]*[a-z]")
_SKIPPED_FOLDERS = {"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"}


def workflow_lines(name: str) -> tuple[str, ...]:
    """Give the lines that name the secret in a WorkflowTemplate: in its `spec`."""
    return ("spec:", "  imagePullSecrets:", f"    - name: {yaml_name(name)}")


def serving_lines(name: str) -> tuple[str, ...]:
    """Give the lines that name the secret in a ServingTemplate: inside `predictor`, in the text block."""
    inner = ("predictor:", "  imagePullSecrets:", f"    - name: {yaml_name(name)}")
    return ("spec:", "  template:", "    spec: |", *(f"      {line}" for line in inner))


def yaml_name(name: str) -> str:
    """Quote a secret's *name* where some YAML reader could take it for a number, a date or a truth value.

    >>> yaml_name("team-ghcr"), yaml_name("1e3"), yaml_name("yes")
    ('team-ghcr', '"1e3"', '"yes"')
    """
    return name if _BARE_YAML.fullmatch(name) else f'"{name}"'


def files_naming(name: str, folder: Path) -> tuple[str, ...]:
    """List the YAML files below *folder* that name the secret as an image pull secret, by relative path.

    A look, not a proof: at most 2,000 files of at most 1 MB are read, hidden folders are left out.
    """
    entry = re.compile(
        rf"""^[ \t]*-?[ \t]*name:[ \t]*["']?{re.escape(name)}["']?[ \t]*(?:#.*)?$""", re.MULTILINE
    )
    found = (place for place in _yaml_files(folder) if _names(place, entry))
    return tuple(sorted(place.relative_to(folder).as_posix() for place in found))


def _names(place: Path, entry: re.Pattern[str]) -> bool:
    try:
        if place.stat().st_size > MAX_BYTES:
            return False
        text = place.read_text("utf-8", errors="replace")
    except OSError:
        return False
    start = text.find("imagePullSecrets")
    return start >= 0 and entry.search(text, start) is not None


def _yaml_files(folder: Path) -> Iterator[Path]:
    left = MAX_FILES
    for root, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if not f.startswith(".") and f not in _SKIPPED_FOLDERS]
        for file in files:
            if file.endswith((".yaml", ".yml")):
                if left <= 0:
                    return
                left -= 1
                yield Path(root, file)
