"""Which files are searched: notebooks, their checkpoints, and settings beside them that git would take in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.errors import InvalidFile
from aicore_magics.leaks.gitignore import ignored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_FILES = 5_000
MAX_ENTRIES = 50_000  # files and folders, of any kind
MAX_SETTINGS_BYTES = 1_048_576  # beside a notebook; what is larger is data
CHECKPOINTS = ".ipynb_checkpoints"
STORES = (".jupyter_ystore.db",)
_SETTINGS = (".json", ".yaml", ".yml", ".env", ".dockercfg", ".dockerconfigjson")
_SKIPPED_FOLDERS = {"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"}
_STORE = (
    "keeps every edit of notebooks that are edited together, in a form that cannot be searched: "
    "delete it while nobody edits"
)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or folder that was not searched, or not changed, and why. *partly*: only not as it should be."""

    path: str
    reason: str
    partly: bool = False

    @property
    def not_searched(self) -> str:
        """What a report of a search says of it."""
        return f"{'' if self.partly else 'Not searched: '}{self.path} {self.reason}."


@dataclass(frozen=True, slots=True)
class Sources:
    """What is searched, in order: *nearby* of it are settings.

    *ignored* counts the settings that git ignores, *large* those that are too large to be settings.
    """

    files: tuple[Path, ...]
    nearby: frozenset[Path]
    unsearched: tuple[PassedOver, ...]
    ignored: int = 0
    large: int = 0


def find_sources(paths: Iterable[str | os.PathLike[str]], *, nearby: bool = True) -> Sources:
    """Find the files of *paths*: a folder stands for all notebooks below it; at most 5,000 files.

    Hidden folders are left out, but for checkpoints. *nearby*: settings (JSON, YAML, .env) in the same
    folders, too. Raises InvalidFile for an empty path, which would be this folder.
    """
    asked: dict[Path, None] = {}
    beside: dict[Path, None] = {}
    unsearched: dict[PassedOver, None] = {}
    for path in paths:
        if path == "":
            raise InvalidFile(
                "an empty path names no file.", hint="name a notebook or a folder; . is this one."
            )
        try:
            place = Path(path).expanduser()
            found = list(_below(place, unsearched) if place.is_dir() else _around(place, unsearched))
        except (OSError, ValueError, RuntimeError) as error:
            unsearched[PassedOver(str(path), f"cannot be read ({type(error).__name__})")] = None
            continue
        for file in [*found, *_stores_above(place)]:
            if file.name in STORES:
                unsearched[PassedOver(str(file), _STORE)] = None
            elif file == place or file.suffix == ".ipynb":
                asked[file] = None
            elif nearby and is_settings(file.name):
                beside[file] = None
    return _bounded(asked, [file for file in beside if file not in asked], unsearched)


def is_settings(name: str) -> bool:
    """Whether a file of that *name* is one where people keep logins beside a notebook."""
    return name.endswith(_SETTINGS) or name == ".env" or name.startswith(".env.")


def _bounded(asked: Iterable[Path], beside: list[Path], unsearched: dict[PassedOver, None]) -> Sources:
    hidden = ignored(beside)
    large = {file for file in beside if file not in hidden and _is_large(file)}
    settings = [file for file in beside if file not in hidden and file not in large]
    files = [*sorted(asked), *sorted(settings)]
    for file in files[MAX_FILES : MAX_FILES + 1]:
        unsearched[PassedOver(str(file), f"and what follows: more than {MAX_FILES} files")] = None
    searched = tuple(files[:MAX_FILES])
    return Sources(searched, frozenset(settings), tuple(unsearched), len(hidden), len(large))


def _is_large(file: Path) -> bool:
    try:
        return file.stat().st_size > MAX_SETTINGS_BYTES
    except OSError:  # it is gone; whoever reads it says so
        return False


def _stores_above(place: Path) -> list[Path]:
    """The stores of the folders that a Jupyter server may have been started in."""
    stores = (folder / name for folder in place.absolute().parents for name in STORES)
    return [store for store in stores if store.is_file()]


def _around(place: Path, unsearched: dict[PassedOver, None]) -> Iterator[Path]:
    """The file itself, its checkpoint, and what lies in its folder, but for other notebooks."""
    if not place.exists():
        unsearched[PassedOver(str(place), "does not exist")] = None
        return
    yield place
    if place.suffix != ".ipynb":
        return
    checkpoint = place.parent / CHECKPOINTS / f"{place.stem}-checkpoint.ipynb"
    yield from [checkpoint] if checkpoint.is_file() else []
    with os.scandir(place.parent) as entries:
        for _, entry in zip(range(MAX_ENTRIES), entries, strict=False):
            if entry.is_file(follow_symlinks=False) and not entry.name.endswith(".ipynb"):
                yield place.parent / entry.name


def _below(folder: Path, unsearched: dict[PassedOver, None]) -> Iterator[Path]:
    entries = 0
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if f == CHECKPOINTS or _is_searched(f))
        entries += len(folders) + len(files)
        if entries > MAX_ENTRIES:
            unsearched[PassedOver(root, f"and what follows: more than {MAX_ENTRIES} files and folders")] = (
                None
            )
            return
        yield from (file for file in (Path(root, name) for name in files) if not file.is_symlink())


def _is_searched(name: str) -> bool:
    return not name.startswith(".") and name not in _SKIPPED_FOLDERS
