"""The files of a ledger's folder: what their names tell, and how they are listed, read and synced.

`<time>-<machine>-<pid>.<start>-<random>.jsonl` is the file of one process, or with pid 0 of none: what was
merged. `….jsonl.<machine>-<pid>.<start>.merging` is such a file out of its writer's reach, claimed by one
merger. All else in the folder is of others, and left alone. No link is followed, and nothing waits for a
pipe.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from dataclasses import dataclass
from time import time_ns
from typing import TYPE_CHECKING

from aicore_magics.ledger.faults import Unusable
from aicore_magics.ledger.owner import OWNER, Owner

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86_400 * 10**9  # nanoseconds
_NAME = re.compile(rf"([0-9]{{20}}-({OWNER})-[0-9a-f]{{16}}\.jsonl)(?:\.({OWNER})\.merging)?")
READ = (
    os.O_RDONLY
    | getattr(os, "O_BINARY", 0)
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
)
# What a file system says that has no such thing as syncing: more cannot be had there.
_NO_SYNC = {errno.EINVAL, errno.ENOTSUP, errno.ENOSYS}


@dataclass(frozen=True)
class LedgerFile:
    """A file of the ledger by its *name*; *stem* is what it was called before it was claimed."""

    name: str
    stem: str
    owner: Owner
    claimer: Owner | None = None

    @classmethod
    def fresh(cls, owner: Owner) -> LedgerFile:
        """Return a name that no file has."""
        name = f"{time_ns():020d}-{owner}-{secrets.token_hex(8)}.jsonl"
        return cls(name, name, owner)

    @classmethod
    def find(cls, name: str) -> LedgerFile | None:
        """Return the file of this *name*, or None if it is none of a ledger."""
        found = _NAME.fullmatch(name)
        if found is None:
            return None
        return cls(name, found[1], Owner.parse(found[2]), Owner.parse(found[3]) if found[3] else None)

    def claimed(self, here: Owner) -> LedgerFile:
        """Return it as *here* claims it."""
        return LedgerFile(f"{self.stem}.{here}.merging", self.stem, self.owner, here)

    def is_left(self, here: Owner, age: int) -> bool:
        """Whether who wrote or claimed it has ended, or it has the *age* of a day."""
        user = self.claimer or self.owner
        return user.is_gone(here) or (self.claimer == here) or age > DAY


def ledger_files(folder: Path) -> list[LedgerFile]:
    """Return the ledger's files in *folder*, the newest first; none if it is not there. Raises OSError."""
    try:
        names = os.listdir(folder)  # noqa: PTH208 - names are enough
    except FileNotFoundError:
        return []
    return [file for name in sorted(names, reverse=True) if (file := LedgerFile.find(name))]


def read_file(path: Path, limit: int) -> tuple[bytes, bool]:
    """Return at most *limit* bytes of the file *path*, and whether that is all. Raises OSError.

    What is no regular file holds nothing.
    """
    try:
        handle = os.open(path, READ)
    except OSError as error:
        if error.errno == errno.ELOOP:  # a link
            return b"", True
        raise
    try:
        there = os.fstat(handle)
        if not stat.S_ISREG(there.st_mode):
            return b"", True
        # One byte more tells that the file has grown meanwhile, and one read that it has not.
        raw = os.read(handle, min(there.st_size + 1, limit))
        while len(raw) < limit and (more := os.read(handle, min(limit - len(raw), 1 << 20))):
            raw += more
        return raw, len(raw) < limit or not os.read(handle, 1)
    finally:
        os.close(handle)


def status_at(path: Path) -> os.stat_result | None:
    """Return what is at *path* now, None if nothing is. Raises OSError.

    It is opened for that: a network drive looks anew then, where a mere look may be answered from memory.
    """
    try:
        handle = os.open(path, READ)
    except FileNotFoundError:
        return None
    except OSError:
        return os.lstat(path)
    try:
        return os.fstat(handle)
    finally:
        os.close(handle)


def sync(handle: int) -> None:
    """Wait until what was written is on the disk. Raises OSError."""
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SYNC:
            raise


def sync_folder(folder: Path) -> None:
    """Wait until the names in *folder* are on the disk. Raises OSError. Windows opens no folders."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        sync(handle)
    finally:
        os.close(handle)


def usable(folder: Path) -> None:
    """Raise Unusable if *folder* is not where a ledger may be."""
    from aicore_magics.ledger.place import is_safe

    if not folder.is_absolute():
        raise Unusable("no home folder")
    if not is_safe(folder):
        raise Unusable("its folder belongs to another user, or is open to others")
