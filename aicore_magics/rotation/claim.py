"""One run at a time: whoever runs has a file beside the ledger, which is free when he has ended or is silent.

Nothing is locked, for network drives may have no locks. What settles who was first is that a name is made
only once. Each claim has a token, and whoever takes it over makes the one file that is called after that
token: its successor. Only then he puts that in the place of the claim. So of two that find a claim left one
gets it; who wakes up late finds a successor, or another's claim; and who ends his claim makes its successor
himself, so that nobody takes over what is about to go.

How old a claim is, is told by a file that is made for it: by the clock of the disk, whatever this one says.
"""

from __future__ import annotations

import os
import secrets
import threading
from contextlib import contextmanager, suppress
from time import time_ns
from typing import TYPE_CHECKING

from aicore_magics.ledger.faults import Unusable, words_of
from aicore_magics.ledger.ledger_files import usable
from aicore_magics.ledger.owner import Owner
from aicore_magics.ledger.place import make_folder
from aicore_magics.rotation.claim_files import NAME, NOBODY, create, disk_time, look, sweep_beside

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from aicore_magics.rotation.claim_files import Link

RENEWED_EVERY = 15.0  # seconds
FREE_AFTER = 60 * 10**9  # nanoseconds without being renewed
_TRIES, _MOST_LINKS = 5, 100


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
                if not create(last, self._text_with(secrets.token_hex(16))):
                    return
            if self._is_ours(self._root):
                self._root.unlink()
                sweep_beside(self._root.parent)
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
                if create(self._root, self._text):
                    return
            elif self._is_free(links[-1]):
                if self._succeeds(links):
                    return
            else:
                break
        last = (links or self._links() or [NOBODY])[-1]
        raise Claimed(last.run, last.since, mine=last.owner == self._here)

    def _succeeds(self, links: list[Link]) -> bool:
        """Take the place of the last of *links*, which was free; False if another was quicker."""
        path = self._after(links[-1].token)
        try:
            if not create(path, self._text):
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
        return self._touch() and look(self._after(self._token)) is None and self._is_ours(self._root)

    def _withdraw(self, path: Path) -> None:
        """Take away what was made at *path*, unless another has already made a successor of it."""
        with suppress(OSError):
            last = self._after(self._token)
            if self._is_ours(path) and create(last, self._text_with(secrets.token_hex(16))):
                path.unlink()
                last.unlink()

    def _links(self) -> list[Link]:
        """The claim, its successor, and so on: the last has it. Raises OSError."""
        links: list[Link] = []
        path = self._root
        while len(links) < _MOST_LINKS and (link := look(path)):
            links.append(link)
            path = self._after(link.token)
        return links

    def _is_free(self, link: Link) -> bool:
        if link.owner and link.owner.is_gone(self._here):
            return True
        return abs(disk_time(self._after(secrets.token_hex(16))) - link.renewed) > FREE_AFTER

    def _after(self, token: str) -> Path:
        return self._root.with_name(f"{NAME}.{token}")

    def _text_with(self, token: str) -> str:
        return f"{self._here} {self._run} {time_ns()} {token}"

    def _is_ours(self, path: Path) -> bool:
        link = look(path)
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
