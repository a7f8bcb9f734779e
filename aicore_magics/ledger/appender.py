"""What this process writes into a ledger: a file of its own, and when a record in it is on the disk.

No file has two writers, so no lock is needed, which network drives may not have. A record is on the disk when
it is written, the file synced, and the file then still in its place. A merger on this machine or another
first renames a file, and reads it after that: so either it reads the record, or the look after the sync
shows that the file is gone, and the same record, with the same id, is written to a new file.

Nothing is held open between two records: a file that is not as it was left (cut, replaced, with half a line
of a write that was stopped) is left alone from then on, and no later record stands behind a torn one.
"""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass, replace
from time import time_ns
from typing import TYPE_CHECKING

from aicore_magics.ledger.faults import words_of
from aicore_magics.ledger.ledger_files import DAY, LedgerFile, status_at, sync, sync_folder, usable
from aicore_magics.ledger.line import LONGEST, to_line
from aicore_magics.ledger.owner import Owner
from aicore_magics.ledger.place import make_folder
from aicore_magics.ledger.record import Impossible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from aicore_magics.ledger.record import Record

_TRIES = 5
_WRITE = os.O_WRONLY | os.O_APPEND | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
_NEW = _WRITE | os.O_CREAT | os.O_EXCL
_REMOVED = "its file was removed again and again"


@dataclass
class _OwnFile:
    """The file that this process writes: where, which one, and how much of it is on the disk."""

    path: Path
    made: os.stat_result
    size: int = 0

    @classmethod
    def new(cls, folder: Path, owner: Owner) -> _OwnFile:
        """Make a file in *folder*, with all that is missing above it. Raises OSError."""
        usable(folder)
        for made in make_folder(folder):
            sync_folder(made.parent)
        usable(folder)  # somebody else may have made it
        path = folder / LedgerFile.fresh(owner).name
        handle = os.open(path, _NEW, 0o600)
        try:
            made_file = os.fstat(handle)
        finally:
            os.close(handle)
        file = cls(path, made_file)
        try:
            sync_folder(folder)
        except BaseException:
            file.leave()
            raise
        return file

    def append(self, raw: bytes) -> bool:
        """Write *raw* to the disk; False if the file was not, or is no more, the one that was left.

        Raises OSError.
        """
        try:
            handle = os.open(self.path, _WRITE)
        except FileNotFoundError:
            return False
        try:
            there = os.fstat(handle)
            if there.st_size != self.size or not os.path.samestat(there, self.made):
                return False
            self._put(handle, raw)
        finally:
            os.close(handle)
        there_now = status_at(self.path)
        return there_now is not None and os.path.samestat(there_now, self.made)

    def _put(self, handle: int, raw: bytes) -> None:
        try:
            left = memoryview(raw)
            while left:
                left = left[os.write(handle, left) :]
            sync(handle)
        except BaseException:
            with suppress(OSError):
                os.ftruncate(handle, self.size)
            raise
        self.size += len(raw)

    def leave(self) -> None:
        """Write to it no more; without a record in it, it goes."""
        if not self.size:
            with suppress(OSError):
                self.path.unlink()


class Appender:
    """What one process has of one folder: its file, and whether it has merged there, or told a reason."""

    def __init__(self, folder: Path, machine: str) -> None:
        self.owner = Owner.here(machine)
        self._folder = folder
        # Reentrant: an interrupt at its very end may leave it to the thread that has it.
        self._lock = threading.RLock()
        self._file: _OwnFile | None = None
        self._told = False
        self._merged = False
        self._last = 0  # the time of the last record

    def append(self, records: Sequence[Record]) -> str:
        """Write *records* to the disk with one sync; return why they are not there, at the first time."""
        reason = self.try_append(records)
        if not reason or self._told:
            return ""
        self._told = True
        return reason

    def try_append(self, records: Sequence[Record]) -> str:
        """Write *records* to the disk with one sync; return why they are not there, each time."""
        from aicore_magics.ledger.merging import merge

        try:
            lines = [to_line(record) for record in self._in_turn(records)]
        except Impossible as impossible:
            return f"{impossible}"
        except (ValueError, TypeError, RecursionError, OverflowError) as error:
            return f"a record cannot be written ({type(error).__name__})"
        if max(map(len, lines)) > LONGEST:
            return "a record is too large"
        with self._lock:
            reason = self._write(b"".join(lines))
            first = not reason and not self._merged
            self._merged = self._merged or first
        if first:
            merge(self._folder, self.owner)
        return reason

    def _in_turn(self, records: Sequence[Record]) -> Iterator[Record]:
        """Give *records*, none earlier than the one before, though a clock may have been set back.

        One that was ahead by more than a day is not believed any more: what follows it is as it is.
        """
        for record in records:
            with self._lock:
                latest = time_ns() + DAY
                behind = self._last and record.time <= self._last <= latest
                turn = replace(record, time=self._last + 1) if behind else record
                self._last = turn.time if turn.time <= latest else self._last
            yield turn

    def _write(self, raw: bytes) -> str:
        try:
            for _ in range(_TRIES):
                file = self._file = self._file or _OwnFile.new(self._folder, self.owner)
                self._file = None  # until it has gone well
                try:
                    stands = file.append(raw)
                except BaseException:
                    file.leave()
                    raise
                if stands:
                    self._file = file
                    return ""
        except (OSError, ValueError) as error:
            return words_of(error)
        return _REMOVED
