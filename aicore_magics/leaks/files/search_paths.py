"""Which files are searched: notebooks, their checkpoints, and settings beside them that git would take in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.git import ignored
from aicore_magics.errors import InvalidFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MAX_FILES = 5_000
MAX_ENTRIES = 50_000  # files and folders, of any kind
MAX_SETTINGS_BYTES = 16_777_216  # beside a notebook; what is larger is data
CHECKPOINTS = ".ipynb_checkpoints"
STORES = (".jupyter_ystore.db",)
_SETTINGS = (".json", ".yaml", ".yml", ".env", ".dockercfg", ".dockerconfigjson")
_SKIPPED_FOLDERS = {"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"}
_STORE = (
    "keeps every edit of notebooks that are edited together, in a form that cannot be searched: "
    "delete it while nobody edits"
)
_LARGE = (
    f"is larger than {MAX_SETTINGS_BYTES // 1_048_576} MiB: name it to have it searched, or let git ignore it"
)
_LINK = "is a link, which is not followed: name the file that it leads to"


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or folder that was not searched, or not changed, and why.

    *partly*: it was searched, but not as it should be. *missing*: it was named, and is not there.
    """

    path: str
    reason: str
    partly: bool = False
    missing: bool = False

    @property
    def not_searched(self) -> str:
        """What a report of a search says of it."""
        return f"{'' if self.partly else 'Not searched: '}{self.path} {self.reason}."


@dataclass(frozen=True, slots=True)
class Sources:
    """What is searched, in order: *nearby* of it are settings. *folders* were named, or hold what was named.

    *ignored* counts the settings that git ignores. *unasked* are repositories that git was not asked about,
    each with the reason: what they ignore is searched as well.
    """

    files: tuple[Path, ...]
    nearby: frozenset[Path]
    folders: tuple[Path, ...]
    unsearched: tuple[PassedOver, ...]
    ignored: int = 0
    unasked: tuple[tuple[Path, str], ...] = ()


def find_sources(paths: Iterable[str | os.PathLike[str]], *, nearby: bool = True) -> Sources:
    """Find the files of *paths*: a folder stands for all notebooks below it; at most 5,000 files.

    Hidden folders are left out, but for checkpoints. *nearby*: settings (JSON, YAML, .env) in the same
    folders, too. Raises InvalidFile for an empty path, which would be this folder.
    """
    asked: dict[Path, None] = {}
    beside: dict[Path, None] = {}
    linked: dict[Path, None] = {}
    unsearched: dict[PassedOver, None] = {}
    folders: list[Path] = []  # that somebody asked to look at
    for path in paths:
        if path == "":
            raise InvalidFile(
                "an empty path names no file.", hint="name a notebook or a folder; . is this one."
            )
        try:
            place = Path(path).expanduser()
            folders.append(place if place.is_dir() else place.parent)
            found = list(_below(place, unsearched) if place.is_dir() else _around(place, unsearched))
        except (OSError, ValueError, RuntimeError) as error:
            unsearched[PassedOver(str(path), f"cannot be read ({type(error).__name__})")] = None
            continue
        for file in [*found, *_stores_above(place)]:
            if file.name in STORES:
                unsearched[PassedOver(str(file), _STORE)] = None
            elif file == place or (is_notebook(file.name) and not file.is_symlink()):
                asked[file] = None
            elif is_notebook(file.name):
                linked[file] = None
            elif nearby and is_settings(file.name):
                beside[file] = None
    searched_anyway = {os.path.realpath(file) for file in asked} if linked else set()
    led_out = (file for file in linked if os.path.realpath(file) not in searched_anyway)
    unsearched.update(dict.fromkeys(PassedOver(str(file), _LINK) for file in led_out))
    return _bounded(asked, [file for file in beside if file not in asked], unsearched, folders)


def is_notebook(name: str) -> bool:
    """Whether a file of that *name* is a notebook; some systems do not tell small letters from capitals."""
    return name.lower().endswith(".ipynb")


def is_settings(name: str) -> bool:
    """Whether a file of that *name* is one where people keep logins beside a notebook."""
    name = name.lower()
    return name.endswith(_SETTINGS) or name == ".env" or name.startswith(".env.")


def _bounded(
    asked: Iterable[Path],
    beside: list[Path],
    unsearched: dict[PassedOver, None],
    folders: list[Path],
) -> Sources:
    hidden = ignored(beside, within=folders)
    settings = []
    for file in sorted(file for file in beside if file not in hidden.files):
        if _is_large(file):
            unsearched[PassedOver(str(file), _LARGE)] = None
        else:
            settings.append(file)
    files = [*sorted(asked), *settings]
    for file in files[MAX_FILES : MAX_FILES + 1]:
        unsearched[PassedOver(str(file), f"and what follows: more than {MAX_FILES} files")] = None
    searched = tuple(files[:MAX_FILES])
    return Sources(
        searched,
        frozenset(settings),
        tuple(folders),
        tuple(unsearched),
        len(hidden.files),
        hidden.unasked,
    )


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
        unsearched[PassedOver(str(place), "does not exist", missing=True)] = None
        return
    yield place
    if place.suffix != ".ipynb":
        return
    checkpoint = place.parent / CHECKPOINTS / f"{place.stem}-checkpoint.ipynb"
    yield from [checkpoint] if checkpoint.is_file() else []
    with os.scandir(place.parent) as entries:
        for number, entry in enumerate(entries):
            if number == MAX_ENTRIES:
                unsearched[_more_than_entries(place.parent)] = None
                return
            if entry.is_file(follow_symlinks=False) and not is_notebook(entry.name):
                yield place.parent / entry.name


def _below(folder: Path, unsearched: dict[PassedOver, None]) -> Iterator[Path]:
    def unread(error: OSError) -> None:
        unsearched[PassedOver(str(error.filename), f"cannot be read ({type(error).__name__})")] = None

    entries = 0
    for root, folders, files in os.walk(folder, onerror=unread):
        folders[:] = sorted(f for f in folders if f == CHECKPOINTS or _is_searched(f))
        entries += len(folders) + len(files)
        if entries > MAX_ENTRIES:
            unsearched[_more_than_entries(Path(root))] = None
            return
        places = (Path(root, name) for name in files)
        yield from (place for place in places if is_notebook(place.name) or not place.is_symlink())


def _more_than_entries(folder: Path) -> PassedOver:
    return PassedOver(str(folder), f"and what follows: more than {MAX_ENTRIES} files and folders")


def _is_searched(name: str) -> bool:
    return not name.startswith(".") and name not in _SKIPPED_FOLDERS
