"""Folders that are held open: what is written in one stays there, whatever its path leads to meanwhile."""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# Windows cannot hold a folder open: there, each step is looked at, and its path is used.
CAN_HOLD = os.open in os.supports_dir_fd
# O_PATH asks for no right to list the folder.
_HOLD = getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_PATH", os.O_RDONLY)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


class NotWritten(Exception):
    """A file was not written: it is as it was. *reason* stands behind its name, *fix* says what to do."""

    def __init__(self, reason: str, fix: str) -> None:
        self.reason = reason
        self.fix = fix
        super().__init__(self.told)

    @property
    def told(self) -> str:
        """Both, where there is one sentence for them."""
        return f"{self.reason}: {self.fix}"


@dataclass(frozen=True)
class Folder:
    """A folder, by its *handle*; without one, by its path. Names in it are one part long."""

    path: Path
    handle: int | None = None

    def at(self, name: str) -> str:
        """Give what to call the file *name*, beside `dir_fd=handle`."""
        return name if self.handle is not None else os.path.join(self.path, name)  # noqa: PTH118 - a text

    def lstat(self, name: str) -> os.stat_result | None:
        """Tell what *name* is, a link as such; None if it is not there. Raises OSError."""
        try:
            return os.stat(self.at(name), dir_fd=self.handle, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def has(self, name: str, file: os.stat_result) -> bool:
        """Whether that very *file* stands at *name*. Raises OSError."""
        there = self.lstat(name)
        return there is not None and same(there, file)

    def unlink(self, name: str) -> None:
        """Take away the file *name*, if it is there and that can be done."""
        with suppress(OSError):
            os.unlink(self.at(name), dir_fd=self.handle)

    def rmdir(self, name: str) -> None:
        """Take away the folder *name*, if it is empty and that can be done."""
        with suppress(OSError):
            os.rmdir(self.at(name), dir_fd=self.handle)


@contextmanager
def held(top: Path, parts: Sequence[str]) -> Iterator[Folder]:
    """Hold the folder open that *parts* lead to from *top*, which itself may be a link.

    Raises NotWritten if one of them is a link, or no folder, and OSError.
    """
    handle = os.open(top, _HOLD) if CAN_HOLD else None
    folder = Folder(top, handle)
    root = top.anchor if str(top) == top.anchor else ""
    try:
        for number, part in enumerate(parts, 1):
            folder = _stepped(folder, part, root + "/".join(parts[:number]))
            handle, left = folder.handle, handle
            close(left)
        yield folder
    finally:
        close(handle)


@contextmanager
def inside(folder: Folder, name: str) -> Iterator[Folder]:
    """Hold the folder *name* in *folder* open. Raises OSError if it is no folder, or a link."""
    handle = None
    if CAN_HOLD:
        handle = os.open(name, _HOLD | _NO_LINK, dir_fd=folder.handle)
    try:
        yield Folder(folder.path / name, handle)
    finally:
        close(handle)


def same(one: os.stat_result, other: os.stat_result) -> bool:
    """Whether both are the same file with the same content: a number alone may be given to a new one."""
    size_and_time = (one.st_size, one.st_mtime_ns) == (other.st_size, other.st_mtime_ns)
    return size_and_time and os.path.samestat(one, other)


def close(handle: int | None) -> None:
    """Close *handle*, if there is one. What that may fail with changes nothing any more."""
    if handle is not None:
        with suppress(OSError):
            os.close(handle)


def _stepped(folder: Folder, part: str, shown: str) -> Folder:
    """The folder *part* of *folder*; *shown* is its path in errors."""
    there = folder.lstat(part)
    if there is None:
        raise NotWritten(f"is in a folder that does not exist, {shown}", "create that folder")
    if stat.S_ISLNK(there.st_mode):
        raise NotWritten(
            f"is behind the link {shown}, which is not followed",
            "use the path of the real folder, or remove that link",
        )
    if not stat.S_ISDIR(there.st_mode):
        raise NotWritten(f"is in {shown}, which is not a folder", "choose another path")
    # A link that has come up since is not followed either.
    handle = os.open(part, _HOLD | _NO_LINK, dir_fd=folder.handle) if CAN_HOLD else None
    return Folder(folder.path / part, handle)
