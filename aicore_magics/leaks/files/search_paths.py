"""Which files are searched: notebooks, their checkpoints, and settings beside them that git would take in."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.files import expanded
from aicore_magics.base.git import ignored
from aicore_magics.errors import InvalidFile
from aicore_magics.next_steps import Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicore_magics.base.git import GitAnswer

MAX_FILES = 5_000
MAX_ENTRIES = 50_000  # files and folders, of any kind
MAX_SETTINGS_BYTES = 16_777_216  # beside a notebook; what is larger is data
CHECKPOINTS = ".ipynb_checkpoints"
STORES = (".jupyter_ystore.db",)
_SETTINGS = (".json", ".yaml", ".yml", ".env", ".dockercfg", ".dockerconfigjson")
_SKIPPED_FOLDERS = {"node_modules", "__pycache__", "site-packages", "venv", "build", "dist"}
_STORE = (
    "keeps every edit of shared notebooks, in a form that cannot be searched: delete it while no "
    "notebook is edited"
)
_LARGE = f"is larger than {MAX_SETTINGS_BYTES // 1048576} MiB: name it to search it, or let git ignore it"
_LINK = "is a link, which is not followed: name the file itself"
_NOWHERE = "is a link to nothing"
_LINKED_FOLDER = "is a link, which is not followed: name the folder itself"


class Missing(str):
    """The reason that there is nothing at a path: whoever named it has made a mistake."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A file or folder that was not searched, or not changed, and why.

    *partly*: it was searched, but not as it should be. *missing*: it was named, and is not there. *files*:
    how many it stands for.
    """

    path: str
    reason: str
    partly: bool = False
    missing: bool = False
    files: int = 1

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
    linked: dict[Path, str] = {}  # with what to say of it
    linked_settings: dict[Path, None] = {}
    walked: set[str] = set()
    unsearched: dict[PassedOver, None] = {}
    folders: list[Path] = []  # that somebody asked to look at
    for path in paths:
        if path == "":
            here = "name a notebook or a folder; . is this one."
            raise InvalidFile("an empty path is not a file", Effect.NONE, here)
        place = Path(path)
        found: list[Path] = []  # what was found before a fault is searched all the same
        try:
            place = expanded(place)
            folders.append(place if place.is_dir() else place.parent)
            found.extend(
                _below(place, unsearched, linked, walked)
                if place.is_dir()
                else _around(place, unsearched, linked)
            )
            found.extend(_stores_above(place))
        except (OSError, ValueError, RuntimeError) as error:
            unsearched[PassedOver(str(path), f"cannot be read ({type(error).__name__})")] = None
        for file in found:
            link = _is_link(file)
            if file.name in STORES:
                unsearched[PassedOver(str(file), _STORE)] = None
            elif file == place or (is_notebook(file.name) and not link):
                asked[file] = None
            elif is_notebook(file.name):
                linked[file] = _LINK
            elif nearby and is_settings(file.name) and not (link and _leads_nowhere(file)):
                (linked_settings if link else beside)[file] = None
    settings = [file for file in beside if file not in asked]
    hidden = ignored([*settings, *linked_settings], within=folders)
    linked |= {file: _LINK for file in linked_settings if file not in hidden.files}
    settings = [file for file in settings if file not in hidden.files]
    searched_anyway = walked | {os.path.realpath(file) for file in (*asked, *settings)} if linked else set()
    led_out = (link for link in linked if os.path.realpath(link) not in searched_anyway)
    unsearched.update((PassedOver(str(link), linked[link]), None) for link in led_out)
    return _bounded(
        Sources((*asked, *settings), frozenset(settings), tuple(folders), tuple(unsearched)), hidden
    )


def is_notebook(name: str) -> bool:
    """Whether a file of that *name* is a notebook; some systems do not tell small letters from capitals."""
    return name.lower().endswith(".ipynb")


def is_settings(name: str) -> bool:
    """Whether a file of that *name* is one where people keep logins beside a notebook."""
    name = name.lower()
    return name.endswith(_SETTINGS) or name == ".env" or name.startswith(".env.")


def _bounded(found: Sources, hidden: GitAnswer) -> Sources:
    """Leave out large settings, and files past the limit. *hidden* are the settings that git ignores."""
    unsearched = dict.fromkeys(found.unsearched)
    large = {file for file in found.nearby if _is_large(file)}
    unsearched.update(dict.fromkeys(PassedOver(str(file), _LARGE) for file in sorted(large)))
    nearby = found.nearby - large
    files = [*sorted(set(found.files) - found.nearby), *sorted(nearby)]
    rest = files[MAX_FILES:]
    if rest:
        past = f"and what follows: at most {MAX_FILES} files are searched at once; scan one folder at a time"
        unsearched[PassedOver(str(rest[0]), past, files=len(rest))] = None
    return Sources(
        tuple(files[:MAX_FILES]),
        nearby,
        found.folders,
        tuple(unsearched),
        len(hidden.files),
        hidden.unasked,
    )


def _is_link(file: Path) -> bool:
    try:
        return file.is_symlink()
    except OSError:  # its folder may be listed, but not entered; whoever reads it says so
        return False


def _leads_nowhere(link: Path) -> bool:
    """Whether there is no file behind *link*: an editor keeps its locks in such links."""
    try:
        link.stat()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return False


def _is_large(file: Path) -> bool:
    try:
        return file.stat().st_size > MAX_SETTINGS_BYTES
    except OSError:  # it is gone; whoever reads it says so
        return False


def _stores_above(place: Path) -> list[Path]:
    """The stores of the folders that a Jupyter server may have been started in."""
    stores = (folder / name for folder in place.absolute().parents for name in STORES)
    return [store for store in stores if os.path.isfile(store)]  # noqa: PTH113 - no error where it cannot look


def _around(place: Path, unsearched: dict[PassedOver, None], linked: dict[Path, str]) -> Iterator[Path]:
    """The file itself, its checkpoint, and what lies in its folder, but for other notebooks.

    A link to a folder of checkpoints joins *linked*.
    """
    if not place.exists():
        reason = _NOWHERE if _is_link(place) else "does not exist"
        unsearched[PassedOver(str(place), reason, missing=True)] = None
        return
    yield place
    if not is_notebook(place.name):
        return
    checkpoints = place.parent / CHECKPOINTS
    checkpoint = checkpoints / f"{place.stem}-checkpoint{place.suffix}"
    if _is_link(checkpoints):
        linked |= {checkpoints: _LINKED_FOLDER} if _may_be_there(checkpoint) else {}
    elif _may_be_there(checkpoint):
        yield checkpoint
    with os.scandir(place.parent) as entries:
        for number, entry in enumerate(entries):
            if number == MAX_ENTRIES:
                unsearched[_more_than_entries(place.parent)] = None
                return
            file = place.parent / entry.name
            if not is_notebook(entry.name) and not os.path.isdir(file):  # noqa: PTH112 - as above
                yield file


def _may_be_there(file: Path) -> bool:
    """Whether *file* exists, or that cannot be seen: whoever reads it says so."""
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def _below(
    folder: Path, unsearched: dict[PassedOver, None], linked: dict[Path, str], walked: set[str]
) -> Iterator[Path]:
    """Give every file below *folder*. Folders that were listed join *walked*, links to folders *linked*."""

    def unread(error: OSError) -> None:
        unsearched[PassedOver(str(error.filename), f"cannot be read ({type(error).__name__})")] = None

    entries = 0
    for root, folders, files in os.walk(folder, onerror=unread):
        folders[:] = sorted(f for f in folders if f == CHECKPOINTS or _is_searched(f))
        entries += len(folders) + len(files)
        if entries > MAX_ENTRIES:
            unsearched[_more_than_entries(Path(root))] = None
            return
        walked.add(os.path.realpath(root))
        links = (Path(root, name) for name in folders)
        linked |= {link: _LINKED_FOLDER for link in links if _is_link(link)}
        yield from (Path(root, name) for name in files)


def _more_than_entries(folder: Path) -> PassedOver:
    return PassedOver(str(folder), f"and what follows: more than {MAX_ENTRIES} files and folders")


def _is_searched(name: str) -> bool:
    return not name.startswith(".") and name not in _SKIPPED_FOLDERS
