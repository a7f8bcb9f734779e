"""The line that makes git ignore a file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from aicore_magics.base.files import open_regular, replace_file, save_new

MAX_BYTES = 16_777_216
_SPECIAL = re.compile(r"([\\*?\[\]])")


@dataclass(frozen=True, slots=True)
class IgnoreLine:
    """A *line* for the `.gitignore` in *folder*."""

    folder: str
    line: str

    def __str__(self) -> str:
        return self.line


def ignore_line(file: Path) -> IgnoreLine:
    """Give the line for the `.gitignore` beside *file* that names this file alone."""
    name = _SPECIAL.sub(r"\\\1", file.name)
    name = re.sub(r" +\Z", lambda spaces: spaces[0].replace(" ", r"\ "), name)
    return IgnoreLine(str(file.parent), f"/{name}")


def write_ignore_line(wanted: IgnoreLine) -> bool:
    """Add the line to its `.gitignore`, at the end. False: it is there already.

    Raises OSError, and InvalidFile where a new one cannot be made.
    """
    folder = Path(wanted.folder)
    place = folder / ".gitignore"
    if place.is_symlink() or not place.exists():
        save_new(place.name, f"{wanted.line}\n", folder=folder, endings=(place.name,))
        return True
    with open_regular(place) as stream:
        before = stream.read(MAX_BYTES + 1)
    if len(before) > MAX_BYTES:
        raise OSError(f"{place} is too large")
    line = wanted.line.encode("utf-8", "surrogateescape")
    if line in before.splitlines():
        return False
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    replace_file(place, before + gap + line + b"\n")
    return True
