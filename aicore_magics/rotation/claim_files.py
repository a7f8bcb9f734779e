"""The files of a claim on the disk: what one says, and how one comes to stand there whole."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from aicore_magics.ledger.faults import Unusable
from aicore_magics.ledger.ledger_files import READ
from aicore_magics.ledger.owner import OWNER, Owner
from aicore_magics.rotation.run_id import RUN_ID

if TYPE_CHECKING:
    from pathlib import Path

NAME = "rotation.claim"
# What a file system says that has no hard links: there a kill may leave an empty file.
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES, errno.EINVAL, errno.EMLINK}
_MOST_BYTES = 500
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_TEXT = re.compile(rf"({OWNER}) ({RUN_ID}) ([0-9]{{1,20}}) ([0-9a-f]{{32}})")
_FIRST = datetime.fromtimestamp(0, UTC)
_BESIDE = re.compile(rf"{re.escape(NAME)}\.[0-9a-f]{{32}}")


@dataclass(frozen=True)
class Link:
    """A claim or successor as it was seen; one that nobody understands has a token of what it looks like."""

    token: str
    renewed: int = 0
    since: datetime = _FIRST
    run: str = ""
    owner: Owner | None = None


NOBODY = Link("")


def look(path: Path) -> Link | None:
    """Return what is at *path*, None if nothing is. Raises Unusable if it is no file, and OSError."""
    try:
        handle = os.open(path, READ)
    except FileNotFoundError:
        return None
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Unusable(f"{NAME} in its folder is a link") from None
        raise
    try:
        there = os.fstat(handle)
        if not stat.S_ISREG(there.st_mode):
            raise Unusable(f"{NAME} in its folder is no file")
        raw = os.read(handle, _MOST_BYTES)
    finally:
        os.close(handle)
    renewed = there.st_mtime_ns
    found = _TEXT.fullmatch(raw.decode("ascii", "replace"))
    if found is None:
        token = sha256(b"%d %d %s" % (there.st_ino, renewed, raw)).hexdigest()[:32]
        return Link(token, renewed, datetime.fromtimestamp(renewed // 10**9, UTC))
    since = datetime.fromtimestamp(int(found[3]) // 10**9, UTC)
    return Link(found[4], renewed, since, found[2], Owner.parse(found[1]))


def create(path: Path, text: str) -> bool:
    """Let *text* stand at *path*, whole from the first moment on; False if something does. Raises OSError."""
    draft = path.with_name(f"{NAME}.{secrets.token_hex(16)}")
    try:
        _write(draft, text)
        os.link(draft, path)
    except (FileExistsError, FileNotFoundError):  # or the draft was swept away, by who ends his claim
        return False
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        return _write(path, text)
    finally:
        with suppress(OSError):
            draft.unlink()
    return True


def _write(path: Path, text: str) -> bool:
    """Make the file *path*; False if it is there. Raises OSError, and leaves nothing then."""
    try:
        handle = os.open(path, _NEW, 0o600)
    except FileExistsError:
        return False
    try:
        _put(handle, text.encode("ascii"))
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise
    finally:
        os.close(handle)
    return True


def _put(handle: int, raw: bytes) -> None:
    if os.write(handle, raw) < len(raw):
        raise OSError(errno.ENOSPC, "")


def disk_time(path: Path) -> int:
    """Return the time by the clock of the disk: that of a file that is made at *path*. Raises OSError."""
    handle = os.open(path, _NEW, 0o600)
    try:
        return os.fstat(handle).st_mtime_ns
    finally:
        os.close(handle)
        with suppress(OSError):
            path.unlink()


def sweep_beside(folder: Path) -> None:
    """Take away what others have left beside the claim, who were killed on the way. Raises OSError."""
    for name in os.listdir(folder):  # noqa: PTH208 - names are enough
        if _BESIDE.fullmatch(name):
            with suppress(OSError):
                (folder / name).unlink()
