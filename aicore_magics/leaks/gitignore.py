"""What git ignores, and the line that makes it ignore a file."""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.saving import replace_file, save_new

if TYPE_CHECKING:
    from collections.abc import Iterable

SECONDS = 10.0  # for one question to git
MAX_REPOSITORIES = 50
_SPECIAL = re.compile(r"([\\*?\[\]])")


@dataclass(frozen=True, slots=True)
class IgnoreLine:
    """A *line* for the `.gitignore` in *folder*."""

    folder: str
    line: str

    def __str__(self) -> str:
        return self.line


def repository(folder: Path) -> Path | None:
    """Give the folder of the git repository that *folder* is in, if it is in one."""
    place = folder.absolute()
    return next((each for each in (place, *place.parents) if (each / ".git").exists()), None)


def ignored(files: Iterable[Path]) -> set[Path]:
    """Give those of *files* that git ignores; none where there is no git, or no repository."""
    by_folder: dict[Path, list[Path]] = {}
    for file in files:
        by_folder.setdefault(file.parent, []).append(file)
    by_repository: dict[Path, list[Path]] = {}
    for folder, inside in by_folder.items():
        root = repository(folder)
        if root and (root in by_repository or len(by_repository) < MAX_REPOSITORIES):
            by_repository.setdefault(root, []).extend(inside)
    return {file for root, inside in by_repository.items() for file in _ignored_in(root, inside)}


def tracked(file: Path) -> bool:
    """Whether git already keeps *file*: then a line in `.gitignore` alone changes nothing."""
    return repository(file.parent) is not None and bool(
        _git(("ls-files", "-z", "--", file.name), file.parent, b"")
    )


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
    before = place.read_bytes()
    line = wanted.line.encode("utf-8", "surrogateescape")
    if line in before.splitlines():
        return False
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    replace_file(place, before + gap + line + b"\n")
    return True


def _ignored_in(root: Path, files: list[Path]) -> set[Path]:
    asked = {os.fsencode(file.absolute()): file for file in files}
    answer = _git(("check-ignore", "-z", "--stdin"), root, b"\0".join(asked) + b"\0")
    return {asked[name] for name in answer.split(b"\0") if name in asked}


def _git(words: tuple[str, ...], folder: Path, asked: bytes) -> bytes:
    """What git answers; nothing where it fails, is missing or takes too long."""
    # A repository from somewhere else may name a program of its own as its file monitor.
    command = ("git", "-c", "core.fsmonitor=false", *words)
    try:
        done = subprocess.run(  # noqa: S603 - fixed words; names go in by stdin or behind `--`
            command, cwd=folder, input=asked, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return b""
    return done.stdout
