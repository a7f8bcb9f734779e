"""Where a repository keeps what git may read of it, and the settings that change what git ignores there."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.files import open_regular

if TYPE_CHECKING:
    from collections.abc import Sequence

MAX_READ_BYTES = 1_048_576  # of `info/exclude`
_LARGEST_POINTER = 4_096  # bytes of a `.git` or `commondir` file: one path
_HEAD = re.compile(rb"ref:\s*refs/|[0-9a-f]{40}")
LATEST_FORMAT = 1
_TRUE = ("", "true", "yes", "on", "1")
# Behind these stand settings that are not read: one of them may say which file lists what is ignored.
_LEADS_ELSEWHERE = re.compile(rb"include(?:if)?\..*path|core\.excludesfile", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Repository:
    """The files of a repository that git may read, each if it exists, and its folder *git*.

    *settings* are those of all its working trees, and of this one. *beside_first*: it is not the first one.
    """

    work_tree: Path
    git: Path
    index: Path
    exclude: Path
    settings: tuple[Path, Path]
    beside_first: bool


class Unusable(Exception):
    """Git gives no answer about a repository, for this reason."""


@dataclass(frozen=True, slots=True)
class GitSettings:
    """Settings as git lists them, the key in small letters; of several values of one key the last counts."""

    values: dict[bytes, str]

    @classmethod
    def parse(cls, listed: bytes) -> GitSettings:
        r"""Parse what `git config -z --list` writes.

        >>> GitSettings.parse(b"core.bare\0core.worktree\n../x\0").values
        {b'core.bare': '', b'core.worktree': '../x'}
        """
        pairs = (entry.partition(b"\n") for entry in listed.split(b"\0") if entry)
        return cls({key: os.fsdecode(value) for key, _, value in pairs})

    @property
    def sha256(self) -> bool:
        """Whether the digests are the longer ones: an index says that of itself by nothing else."""
        return self._value(b"extensions.objectformat").lower() == "sha256"

    @property
    def of_working_tree(self) -> bool:
        """Whether a working tree has a second file of settings."""
        return self._is_true(b"extensions.worktreeconfig")

    def fault(self, git_folder: Path, work_tree: Path) -> str:
        """Say why git does not work in *work_tree* with these settings of *git_folder*, or nothing."""
        version = self._value(b"core.repositoryformatversion") or "0"
        if not version.isdecimal() or int(version) > LATEST_FORMAT:
            return "its format is unknown"
        named = self._value(b"core.worktree")
        if named and Path(os.path.realpath(git_folder / named)) != work_tree:
            return "its working tree is another folder"
        if self._is_true(b"core.bare") and not named:
            return "it has no working tree"
        return ""

    def words(self) -> tuple[str, ...]:
        """Give the options with which git, elsewhere, compares names and knows excludes as it does there."""
        ignore_case = self._value(b"core.ignorecase", default="false")
        elsewhere = any(_LEADS_ELSEWHERE.fullmatch(key) for key in self.values)
        none_of_users = ("-c", "core.excludesFile=") if elsewhere else ()
        return ("-c", f"core.ignoreCase={ignore_case}", *none_of_users)

    def _value(self, key: bytes, *, default: str = "") -> str:
        return self.values.get(key, default)

    def _is_true(self, key: bytes) -> bool:
        return key in self.values and self.values[key].lower() in _TRUE


def repository(folder: Path) -> Path | None:
    """Return the working tree of the git repository that *folder* really lies in, None outside of any."""
    place = Path(os.path.realpath(folder))
    return next((each for each in (place, *place.parents) if os.path.lexists(each / ".git")), None)


def repository_files(work_tree: Path, looked_at: Sequence[Path]) -> Repository:
    """Find index and excludes of the repository in *work_tree*, as git does, but not out of the folder."""
    bounds = (work_tree, *looked_at)
    git = _inside(work_tree / ".git", bounds)
    if git.is_file():
        git = _inside(work_tree / _pointed_at(git, "gitdir: "), bounds, ".git")
    if not git.is_dir():
        raise Unusable("its .git is not a git folder")
    common = git
    if (git / "commondir").is_file():  # a working tree beside the first one
        common = _inside(git / _pointed_at(_inside(git / "commondir", bounds)), bounds, "commondir")
    places = ("index", "HEAD", "config.worktree"), ("info/exclude", "config")
    files = [
        _inside(of / name, bounds) for of, names in zip((git, common), places, strict=True) for name in names
    ]
    for file in files:
        if file.exists() and not file.is_file():  # a pipe would be waited for
            raise Unusable(f"its {file.name} is not a regular file")
    index, head, of_tree, exclude, config = files
    # Git looks for another one further up where this is none.
    if not (_HEAD.match(content_of(head)) and (common / "objects").is_dir() and (common / "refs").is_dir()):
        raise Unusable("its .git is not a repository")
    return Repository(work_tree, git, index, exclude, (config, of_tree), beside_first=common != git)


def _inside(place: Path, bounds: Sequence[Path], named_by: str = "") -> Path:
    """Return where *place* really lies, if that is inside one of *bounds*. A file *named_by* may name it."""
    real = Path(os.path.realpath(place))
    if not any(real.is_relative_to(folder) for folder in bounds):
        raise Unusable(f"its {named_by or place.name} points outside the folder")
    return real


def _pointed_at(file: Path, before: str = "") -> str:
    """Return the path that a one-line file of git's names behind *before*."""
    text = os.fsdecode(content_of(file, _LARGEST_POINTER)).rstrip("\r\n")
    if not text.startswith(before) or "\0" in text:
        raise Unusable(f"its {file.name} does not name a folder")
    return text.removeprefix(before)


def content_of(file: Path, limit: int = MAX_READ_BYTES) -> bytes:
    """Return what *file* holds; nothing if there is no such file."""
    try:
        with open_regular(file) as stream:
            content = stream.read(limit + 1)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise Unusable(f"its {file.name} cannot be read ({type(error).__name__})") from None
    if len(content) > limit:
        raise Unusable(f"its {file.name} is too large")
    return content
