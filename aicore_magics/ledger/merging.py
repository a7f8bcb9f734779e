"""Many files become one: those of processes that have ended, with the records that are still needed.

Each file is first claimed, by a new name that tells the merger: of two mergers one gets it, and its writer,
should it live after all, finds it gone. Then it is read, what is needed is written to a new file and synced,
and only then the claimed files go. Whoever is killed on the way leaves files that everybody reads, some
records twice at worst, and the next merger goes on. A record is dropped only for a later one that the same
merger has just written. So two mergers at once do no harm; the marker saves them the work.
"""

from __future__ import annotations

import os
import secrets
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from time import time_ns
from typing import TYPE_CHECKING

from aicore_magics.base.drafts import draft, sweep
from aicore_magics.base.folders import held
from aicore_magics.ledger.ledger_files import LedgerFile, ledger_files, read_file, sync_folder, usable
from aicore_magics.ledger.owner import Owner
from aicore_magics.ledger.reading import Reader
from aicore_magics.ledger.state import needed, refused, taken_back, visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aicore_magics.ledger.record import Record

    Line = tuple[bytes, Record | None]
    Choose = Callable[[list[Line]], list[bytes]]

MARKER = "merging"
_HOUR = 3_600 * 10**9


def merge(folder: Path, here: Owner) -> None:
    """Merge what processes have left that live no more. What cannot be done now the next one does.

    Nothing is raised: what was to be written is on the disk by now, whatever is wrong with the rest.
    """
    with suppress(Exception), _marked(folder, here) as now:
        if now:
            left = [file for file in ledger_files(folder) if _is_left(folder, file, here, now)]
            if len(left) > 1 or any(file.owner.pid or file.claimer for file in left):
                _rewrite(folder, here, left, lambda lines: _needed(folder, lines, now))


@dataclass(frozen=True)
class Removed:
    """The ids of records that match: how many are *gone*, and which are still in a file.

    *at* is the time by the clock of its disk, 0 if that was not seen.
    """

    gone: int = 0
    left: tuple[str, ...] = ()
    fault: str = ""
    at: int = 0


def remove(folder: Path, here: Owner, which: Callable[[Record], bool]) -> Removed:
    """Take the records that match *which* out of all files but those that another machine may write now.

    A record whose time is ahead is asked for as one of 1970: its date is not to be believed.
    """
    matching, fault = _matching(folder, which)
    ids, at = {record.id for records in matching.values() for record in records}, 0
    if not ids:
        return Removed(fault=fault)
    with suppress(OSError, ValueError, MemoryError), _marked(folder, here) as now:
        at = now
        if now:
            files = [file for file in matching if _can_rewrite(folder, file, here, now)]
            _rewrite(folder, here, files, lambda lines: _others(lines, ids))
    again, fault = _matching(folder, which)
    left = {record.id for records in again.values() for record in records}
    return Removed(len(ids - left), tuple(sorted(left)), fault, at)


def _matching(folder: Path, which: Callable[[Record], bool]) -> tuple[dict[LedgerFile, list[Record]], str]:
    """The records of each file that match, and have not been taken back; and why not all could be read."""
    reader, now = Reader(folder), time_ns()

    def matches(record: Record) -> bool:
        return which(replace(record, time=0) if record.is_ahead(now) else record)

    read = list(reader.files())
    seen = {record.id for record in visible(record for each in read for _, record in each.lines if record)}
    found = {each.file: [r for _, r in each.lines if r and r.id in seen and matches(r)] for each in read}
    return {file: records for file, records in found.items() if records}, reader.fault


def _needed(folder: Path, lines: list[Line], now: int) -> list[bytes]:
    """Return those of *lines* that are needed, as far as no file of *folder* takes them back."""
    every = [record for read in Reader(folder).files() for _, record in read.lines if record]
    own = {record.id: record for _, record in lines if record}.values()
    gone = taken_back(every)
    ids = needed(own, now, gone, refused(record for record in every if record.id not in gone))
    return [line for line, record in lines if record is None or record.id in ids]


def _others(lines: list[Line], ids: set[str]) -> list[bytes]:
    return [line for line, record in lines if record is None or record.id not in ids]


def _is_left(folder: Path, file: LedgerFile, here: Owner, now: int) -> bool:
    try:
        return file.is_left(here, now - os.lstat(folder / file.name).st_mtime_ns)
    except OSError:
        return False


def _can_rewrite(folder: Path, file: LedgerFile, here: Owner, now: int) -> bool:
    """Whether *file* can be taken from its writer: one of this machine looks for it at each write."""
    mine = file.claimer is None and file.owner.machine == here.machine
    return mine or _is_left(folder, file, here, now)


def _rewrite(folder: Path, here: Owner, files: list[LedgerFile], choose: Choose) -> None:
    """Put what *choose* keeps of *files* into one new file, and take them away. Raises OSError."""
    reader = Reader(folder)
    claimed = filter(None, [_claim(folder, file, here) for file in files])
    read = [each for each in map(reader.file, claimed) if each and each.whole]
    lines = list(dict.fromkeys(line for each in read for line in each.lines))
    kept = choose(lines)
    with held(folder, ()) as place:
        sweep(place)
        if kept:
            with draft(place, b"".join(kept), mode=0o600) as fresh:
                fresh.replace(place, LedgerFile.fresh(here.nobody).name)
            sync_folder(folder)
    for each in read:
        with suppress(OSError):
            (folder / each.file.name).unlink()


def _claim(folder: Path, file: LedgerFile, here: Owner) -> LedgerFile | None:
    """Take *file* away from its writer and all other mergers; None if another was quicker, or has it open."""
    claimed = file.claimed(here)
    try:
        (folder / file.name).rename(folder / claimed.name)
    except OSError:
        return None
    with suppress(OSError):
        os.utime(folder / claimed.name)  # nobody takes it over as one that was left
    return claimed


@contextmanager
def _marked(folder: Path, here: Owner) -> Iterator[int]:
    """Hold the marker of the one that merges; give the time by the clock of its disk, 0 if another has it."""
    usable(folder)
    mark, path = f"{here} {secrets.token_hex(8)}", folder / MARKER
    now = _mark(path, mark, here)
    try:
        yield now
    finally:
        if now:
            with suppress(OSError):
                if read_file(path, 200)[0] == mark.encode():
                    path.unlink()


def _mark(path: Path, mark: str, here: Owner) -> int:
    """Set the marker, in the place of one that was left, and give its time; 0 if another's stands."""
    for _ in range(2):
        with suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            try:
                os.write(handle, mark.encode())
                return os.fstat(handle).st_mtime_ns
            except BaseException:
                with suppress(OSError):
                    path.unlink()
                raise
            finally:
                os.close(handle)
        if not _was_left(path, here):
            return 0
        aside = path.with_name(f"{MARKER}.{secrets.token_hex(8)}")
        with suppress(FileNotFoundError):
            path.rename(aside)  # of two that take it away, one does
            aside.unlink()
    return 0


def _was_left(path: Path, here: Owner) -> bool:
    try:
        owner = read_file(path, 200)[0].decode("ascii", "replace").partition(" ")[0]
        age = time_ns() - os.lstat(path).st_mtime_ns
    except FileNotFoundError:
        return True
    try:
        return Owner.parse(owner).is_gone(here) or age > _HOUR
    except ValueError:
        return True  # whoever set it was killed before it was written: or is not, which does no harm
