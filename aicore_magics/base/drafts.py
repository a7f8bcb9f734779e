"""Drafts: a file comes to be in a hidden folder beside its place, and stands there once it is whole.

Git passes over that folder, and a lock tells whether its process lives. One that was killed leaves its draft
behind; the next write in the same folder takes it away.
"""

from __future__ import annotations

import errno
import os
import platform
import re
import secrets
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.base.folders import Folder, close, inside

if TYPE_CHECKING:
    from collections.abc import Iterator

try:
    import fcntl
except ImportError:  # Windows, where drafts that were left behind stay
    fcntl = None  # type: ignore[assignment]

TRIES = 5
_IGNORE = ".gitignore"  # it makes git pass over the draft, and it is what is locked
_TEXT = "new"
# Of another machine it cannot be seen whether a process lives: only drafts of this one are taken away.
HOST = re.sub(r"[^a-z0-9]+", "-", platform.node().lower())[:64]
_OURS = re.compile(rf"\.aicore-magics-{re.escape(HOST)}-[0-9a-f]{{16}}\.tmp")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


@dataclass(frozen=True)
class Draft:
    """A text on disk, still without its name. *stat* tells it from every other file."""

    inner: Folder
    stat: os.stat_result

    def take_rights(self, old: os.stat_result) -> None:
        """Give it owner, group and mode of the file that it replaces, as far as that is allowed.

        Where it cannot have that group, no group may read it.
        """
        name, handle = self.inner.at(_TEXT), self.inner.handle
        mode, group = stat.S_IMODE(old.st_mode), self.stat.st_gid
        if old.st_uid != self.stat.st_uid:
            with suppress(OSError):
                os.chown(name, old.st_uid, -1, dir_fd=handle)
        if old.st_gid != group:
            with suppress(OSError):
                os.chown(name, -1, old.st_gid, dir_fd=handle)
                group = old.st_gid
        with suppress(OSError):  # some file systems have no modes
            os.chmod(name, mode if group == old.st_gid else mode & ~stat.S_IRWXG, dir_fd=handle)

    def replace(self, folder: Folder, name: str) -> None:
        """Put it in the place of the file *name*, in one step. Raises OSError."""
        os.replace(
            self.inner.at(_TEXT),
            folder.at(name),
            src_dir_fd=self.inner.handle,
            dst_dir_fd=folder.handle,
        )

    def create(self, folder: Folder, name: str) -> None:
        """Let it stand at *name*, in one step. Raises FileExistsError if something does, and OSError."""
        try:
            os.link(
                self.inner.at(_TEXT),
                folder.at(name),
                src_dir_fd=self.inner.handle,
                dst_dir_fd=folder.handle,
            )
        except FileExistsError:
            raise
        except OSError:
            # A file system without hard links: the name is taken first, and a kill would leave it empty.
            handle = os.open(folder.at(name), _NEW, 0o600, dir_fd=folder.handle)
            taken = os.fstat(handle)
            os.close(handle)
            try:
                self.replace(folder, name)
            except BaseException:
                if folder.has(name, taken):
                    folder.unlink(name)
                raise


@contextmanager
def draft(folder: Folder, raw: bytes, *, mode: int) -> Iterator[Draft]:
    """Write *raw* to a draft in *folder*, on disk before this returns. It is gone afterwards. Raises OSError.

    *mode* is what it may have at most, before the umask.
    """
    with _begun(folder) as inner:
        handle = os.open(inner.at(_TEXT), _NEW, mode, dir_fd=inner.handle)
        try:
            left = memoryview(raw)
            while left:
                left = left[os.write(handle, left) :]
            os.fsync(handle)
            made = os.fstat(handle)
        finally:
            os.close(handle)
        yield Draft(inner, made)


def sweep(folder: Folder) -> None:
    """Take away the drafts in *folder* that processes of this machine have left which live no more."""
    with suppress(OSError):
        for name in filter(_OURS.fullmatch, os.listdir(folder.path)):  # noqa: PTH208 - names are enough
            with suppress(OSError), inside(folder, name) as inner:
                _sweep_one(folder, name, inner)


def _sweep_one(folder: Folder, name: str, inner: Folder) -> None:
    try:
        flags = os.O_RDWR | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        lock = os.open(inner.at(_IGNORE), flags, dir_fd=inner.handle)
    except FileNotFoundError:
        folder.rmdir(name)  # left before anything was in it; else it stays
        return
    try:
        if _locked(lock):
            _empty(inner)
            folder.rmdir(name)
    finally:
        close(lock)


@contextmanager
def _begun(folder: Folder) -> Iterator[Folder]:
    """Give a new folder for a draft, which git passes over, locked until the end, when it is taken away."""
    for _ in range(TRIES):
        name = f".aicore-magics-{HOST}-{secrets.token_hex(8)}.tmp"
        lock = None
        os.mkdir(folder.at(name), 0o700, dir_fd=folder.handle)
        try:
            with inside(folder, name) as inner:
                try:
                    lock = _lock(inner)
                    if lock is not None:
                        yield inner
                        return
                finally:
                    # First unlocked: Windows takes away no file that is open.
                    close(lock)
                    _empty(inner)
        except FileNotFoundError:
            if lock is not None:
                raise
        finally:
            folder.rmdir(name)
    raise OSError(errno.EBUSY, "drafts are taken away by others")


def _lock(inner: Folder) -> int | None:
    """Lock the new draft *inner*; None if a sweep was quicker, and took it for one that was left."""
    lock = os.open(inner.at(_IGNORE), _NEW, 0o600, dir_fd=inner.handle)
    try:
        if _locked(lock) is not False and os.fstat(lock).st_nlink:
            os.write(lock, b"*\n")
            return lock
    except BaseException:
        close(lock)
        raise
    close(lock)
    return None


def _locked(handle: int) -> bool | None:
    """Whether the file is locked by this process now; None where there are no locks, so that nobody knows."""
    if fcntl is None:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return None
    return True


def _empty(inner: Folder) -> None:
    """Take away what a draft is made of, and nothing else. What cannot be taken away now is, later."""
    for part in (_TEXT, _IGNORE):
        inner.unlink(part)
