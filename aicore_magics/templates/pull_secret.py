"""Where a secret is named in templates: the `imagePullSecrets` lines, and the local files that have them."""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_FILES = 2_000
MAX_BYTES = 1_000_000
MAX_ENTRIES = 20_000  # files and folders, of any kind

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

    A look, not a proof: at most 2,000 files of at most 1 MB are read, among 20,000 files and folders. Hidden
    folders are left out.
    """
    entry = _entry(name)
    found = (place for place in _yaml_files(folder) if _names(place, entry))
    return tuple(sorted(place.relative_to(folder).as_posix() for place in found))


def _entry(name: str) -> re.Pattern[str]:
    """The pattern of `name: NAME` as a list has it: in lines, in braces, or as JSON.

    No two repetitions stand beside each other that could share a text: so it takes linear time.
    """
    before = r"""(?:^[ \t]*(?:-[ \t]+)*|[{,]\s*)["']?name["']?"""
    after = r"(?=[ \t\r]*(?:[,}\]]|$)|[ \t]+#)"
    return re.compile(rf"""{before}[ \t]*:[ \t]*["']?{re.escape(name)}["']?{after}""", re.MULTILINE)


def _names(place: Path, entry: re.Pattern[str]) -> bool:
    try:
        # A pipe or a device would keep us waiting.
        if not stat.S_ISREG(place.stat().st_mode):
            return False
        with place.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError:
        return False
    text = raw.decode("utf-8", errors="replace")
    start = text.find("imagePullSecrets")
    return len(raw) <= MAX_BYTES and start >= 0 and entry.search(text, start) is not None


def _yaml_files(folder: Path) -> Iterator[Path]:
    left, entries = MAX_FILES, MAX_ENTRIES
    for root, folders, files in os.walk(folder):
        folders[:] = [f for f in folders if not f.startswith(".") and f not in _SKIPPED_FOLDERS]
        templates = [file for file in files[:entries] if file.endswith((".yaml", ".yml"))][:left]
        yield from (Path(root, file) for file in templates)
        left -= len(templates)
        entries -= len(folders) + len(files)
        if left <= 0 or entries <= 0:
            return
