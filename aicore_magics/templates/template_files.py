"""The files in which templates are looked for."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.files import at_home

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_FILES = 2_000
MAX_BYTES = 1_000_000
MAX_ENTRIES = 20_000  # files and folders, of any kind

_SKIPPED_FOLDERS = {"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"}


def template_files(
    paths: Iterable[str | os.PathLike[str]], unread: list[OSError] | None = None
) -> Iterator[tuple[Path, bool]]:
    """Give each file of *paths* once, and whether it was named: of a folder, the YAML files below it.

    At most 2,000 are given. *unread* gets an error for each folder that could not be listed.
    """
    seen: set[str] = set()
    for path in map(at_home, paths):
        folder = is_folder(path)
        for place in sorted(yaml_files(path, unread)) if folder else [path]:
            real = _real(place)
            if len(seen) < MAX_FILES and real not in seen:
                seen.add(real)
                yield place, not folder


def is_folder(path: Path) -> bool:
    """Tell whether *path* is a folder; False for what is no path at all."""
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _real(place: Path) -> str:
    try:
        return os.path.realpath(place)
    except (OSError, ValueError):
        return str(place)


def yaml_files(folder: Path, unread: list[OSError] | None = None) -> Iterator[Path]:
    """Give the YAML files below *folder*: at most 2,000, among 20,000 files and folders, no hidden ones."""
    left, entries = MAX_FILES, MAX_ENTRIES
    for root, folders, files in os.walk(folder, onerror=None if unread is None else unread.append):
        folders[:] = [f for f in folders if not f.startswith(".") and f not in _SKIPPED_FOLDERS]
        templates = [file for file in files[:entries] if file.endswith((".yaml", ".yml"))][:left]
        yield from (Path(root, file) for file in templates)
        left -= len(templates)
        entries -= len(folders) + len(files)
        if left <= 0 or entries <= 0:
            return
