"""One run at a time: whoever runs has a file beside the ledger, which is free when he has ended or is silent.

Nothing is locked, for network drives may have no locks. What settles who was first is that a name is made
only once. Each claim has a token, and whoever takes it over makes the one file that is called after that
token: its successor. Only then he puts that in the place of the claim. So of two that find a claim left one
gets it; who wakes up late finds a successor, or another's claim; and who ends his claim makes its successor
himself, so that nobody takes over what is about to go.

How old a claim is, is told by a file that is made for it: by the clock of the disk, whatever this one says.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from time import time_ns
from typing import TYPE_CHECKING

from aicore_magics.ledger.faults import Unusable, words_of
from aicore_magics.ledger.ledger_files import READ, usable
from aicore_magics.ledger.owner import OWNER, Owner
from aicore_magics.ledger.place import make_folder
from aicore_magics.rotation.run_id import RUN_ID

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "rotation.claim"
RENEWED_EVERY = 15.0  # seconds
FREE_AFTER = 60 * 10**9  # nanoseconds without being renewed
# What a file system says that has no hard links: there a kill may leave an empty file.
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EACCES, errno.EINVAL, errno.EMLINK}
_TRIES, _MOST_LINKS, _MOST_BYTES = 5, 100, 500
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_TEXT = re.compile(rf"({OWNER}) ({RUN_ID}) ([0-9]{{1,20}}) ([0-9a-f]{{32}})")
_FIRST = datetime.fromtimestamp(0, UTC)
_BESIDE = re.compile(rf"{re.escape(NAME)}\.[0-9a-f]{{32}}")


class Claimed(Exception):
    """Another run has the claim: *run*, "" if that is not known, since *since*; *mine*: in this process."""

    def __init__(self, run: str, since: datetime, *, mine: bool) -> None:
        self.run, self.since, self.mine = run, since, mine
        super().__init__(run)


@contextmanager
def claim(folder: Path, run: str, here: Owner | None = None) -> Iterator[Claim]:
    """Hold the claim of the ledger in *folder* for *run*, as *here*, which is this process.

    Raises Claimed if another has it, and Unusable with what is wrong with the disk, in words.
    """
    ours = Claim(folder, run, here or Owner.here())
    try:
        ours.take()
        yield ours
    finally:
        ours.release()


def running(folder: Path) -> str:
    """Return the run that has the claim of the ledger in *folder* now; "" if none has or can be seen."""
    seen = Claim(folder, "", Owner.here())
    with suppress(OSError, ValueError):
        return seen.holder()
    return ""


class Claim:
    """The claim of one run, renewed every 15 s in a thread of its own until *over* is set."""

    def __init__(self, folder: Path, run: str, here: Owner) -> None:
        self._root = folder / NAME
        self._here = here
        self._token = secrets.token_hex(16)
        self._run = run
        self._text = self._text_with(self._token)
        self._process = os.getpid()
        self.over = threading.Event()

    def take(self) -> None:
        """Get it, or raise Claimed, or Unusable."""
        try:
            self._take()
            threading.Thread(target=self._renew, name="aicore-magics-claim", daemon=True).start()
        except (OSError, ValueError, RuntimeError) as error:
            raise Unusable(words_of(error)) from None

    def holder(self) -> str:
        """Return the run that holds the claim, this one or another; "" if it is free. Raises OSError."""
        links = self._links()
        return "" if not links or self._is_free(links[-1]) else links[-1].run

    def held(self) -> bool:
        """Renew it, and return whether it is still this one: before each wave, for another may have it since.

        Whoever takes it over looks whether it was renewed after he has made its successor: so one of the two
        sees the other.
        """
        with suppress(OSError):
            return self._process == os.getpid() and self._stands()
        return False

    def release(self) -> None:
        """Give it back, if it is still held, and leave no file behind. Nothing is raised."""
        self.over.set()
        with suppress(OSError, ValueError):  # it may be no path at all
            if self._process != os.getpid() or not self._is_ours(self._root):
                return
            last = self._after(self._token)
            with suppress(OSError):  # on a full disk nobody else makes it either
                if not _create(last, self._text_with(secrets.token_hex(16))):
                    return
            if self._is_ours(self._root):
                self._root.unlink()
                _sweep(self._root.parent)
            with suppress(FileNotFoundError):
                last.unlink()

    def _take(self) -> None:
        folder = self._root.parent
        usable(folder)
        make_folder(folder)
        usable(folder)  # somebody else may have made it
        for _ in range(_TRIES):
            links = self._links()
            if not links:
                if _create(self._root, self._text):
                    return
            elif self._is_free(links[-1]):
                if self._succeeds(links):
                    return
            else:
                break
        last = (links or self._links() or [_NOBODY])[-1]
        raise Claimed(last.run, last.since, mine=last.owner == self._here)

    def _succeeds(self, links: list[_Link]) -> bool:
        """Take the place of the last of *links*, which was free; False if another was quicker."""
        path = self._after(links[-1].token)
        try:
            if not _create(path, self._text):
                return False
            now = self._links()
            tokens = [*(link.token for link in links), self._token]
            if [link.token for link in now] != tokens or not self._is_free(now[-2]):
                return False
            with suppress(FileNotFoundError):
                path.replace(self._root)
            for link in links[:-1]:  # who made one of them, and still sleeps, is not to put it there
                self._after(link.token).unlink(missing_ok=True)
            return self._stands()
        finally:
            self._withdraw(path)

    def _stands(self) -> bool:
        """Renew it, and return whether it is this one, and has no successor. Raises OSError."""
        return self._touch() and _look(self._after(self._token)) is None and self._is_ours(self._root)

    def _withdraw(self, path: Path) -> None:
        """Take away what was made at *path*, unless another has already made a successor of it."""
        with suppress(OSError):
            last = self._after(self._token)
            if self._is_ours(path) and _create(last, self._text_with(secrets.token_hex(16))):
                path.unlink()
                last.unlink()

    def _links(self) -> list[_Link]:
        """The claim, its successor, and so on: the last has it. Raises OSError."""
        links: list[_Link] = []
        path = self._root
        while len(links) < _MOST_LINKS and (link := _look(path)):
            links.append(link)
            path = self._after(link.token)
        return links

    def _is_free(self, link: _Link) -> bool:
        if link.owner and link.owner.is_gone(self._here):
            return True
        return abs(_now(self._after(secrets.token_hex(16))) - link.renewed) > FREE_AFTER

    def _after(self, token: str) -> Path:
        return self._root.with_name(f"{NAME}.{token}")

    def _text_with(self, token: str) -> str:
        return f"{self._here} {self._run} {time_ns()} {token}"

    def _is_ours(self, path: Path) -> bool:
        link = _look(path)
        return link is not None and link.token == self._token

    def _renew(self) -> None:
        while not self.over.wait(RENEWED_EVERY):
            with suppress(OSError):
                if not self._touch():
                    return

    def _touch(self) -> bool:
        """Set its time to that of the disk, if it is still ours. Raises OSError."""
        if not self._is_ours(self._root):
            return False
        os.utime(self._root)
        return True


@dataclass(frozen=True)
class _Link:
    """A claim or successor as it was seen; one that nobody understands has a token of what it looks like."""

    token: str
    renewed: int = 0
    since: datetime = _FIRST
    run: str = ""
    owner: Owner | None = None


_NOBODY = _Link("")


def _look(path: Path) -> _Link | None:
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
        return _Link(token, renewed, datetime.fromtimestamp(renewed // 10**9, UTC))
    since = datetime.fromtimestamp(int(found[3]) // 10**9, UTC)
    return _Link(found[4], renewed, since, found[2], Owner.parse(found[1]))


def _create(path: Path, text: str) -> bool:
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


def _now(path: Path) -> int:
    """The time by the clock of the disk: that of a file that is made at *path*. Raises OSError."""
    handle = os.open(path, _NEW, 0o600)
    try:
        return os.fstat(handle).st_mtime_ns
    finally:
        os.close(handle)
        with suppress(OSError):
            path.unlink()


def _sweep(folder: Path) -> None:
    """Take away what others have left beside the claim, who were killed on the way. Raises OSError."""
    for name in os.listdir(folder):  # noqa: PTH208 - names are enough
        if _BESIDE.fullmatch(name):
            with suppress(OSError):
                (folder / name).unlink()
