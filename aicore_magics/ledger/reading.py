"""What a ledger's files say together, whoever writes or merges meanwhile."""

from __future__ import annotations

import gc
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.ledger.faults import words_of
from aicore_magics.ledger.ledger_files import ledger_files, read_file, usable
from aicore_magics.ledger.line import MOST_LINES, read_lines
from aicore_magics.ledger.state import Known, known, service_keys, visible

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from aicore_magics.ledger.ledger_files import LedgerFile
    from aicore_magics.ledger.record import Record

MOST_BYTES = 64 << 20  # that are read of all files together
TOO_LARGE = "larger than 64 MiB: its oldest files were not read"
TOO_MANY = "more than 200,000 lines: its oldest files were not read"
NO_ROOM = "not enough memory"
_LOOKS = 20


@dataclass(frozen=True)
class Reading:
    """The *records* of a ledger, the oldest first, each once.

    *damaged* counts the lines that were skipped, *newer* those of a later format, which are left alone.
    *fault* says why not everything could be read: it is empty where all could, also where nothing was written
    yet.
    """

    records: tuple[Record, ...] = ()
    damaged: int = 0
    newer: int = 0
    fault: str = ""

    def known(self) -> tuple[Known, ...]:
        """Return what each secret is taken to hold now, in the order of their records."""
        return known(self.records)

    def service_keys(self) -> tuple[Record, ...]:
        """Return the last record of each tenant's own service key."""
        return service_keys(self.records)


@dataclass
class Read:
    """One file's whole *lines*, with the record of each that has one."""

    file: LedgerFile
    lines: list[tuple[bytes, Record | None]]
    damaged: int
    whole: bool


class Reader:
    """Reads all files of a *folder* once. What it could not read is in `fault`, in words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._left = MOST_BYTES
        self._lines = MOST_LINES
        self._read: set[str] = set()
        self.fault = ""

    def files(self) -> Iterator[Read]:
        """Give what each file holds.

        One that is renamed by a merger while this reads is found under its new name, or what came of it: the
        folder is listed until all that is in it has been read. A record that is read twice has one id.
        """
        try:
            usable(self._folder)
            for _ in range(_LOOKS):
                fresh = [file for file in ledger_files(self._folder) if file.stem not in self._read]
                if not fresh:
                    return
                yield from filter(None, map(self.file, fresh))
        except (OSError, ValueError) as error:
            self.fault = words_of(error)
        except MemoryError:
            self.fault = NO_ROOM

    def file(self, file: LedgerFile) -> Read | None:
        """Return what *file* holds, as far as there is room for it; None if it cannot be read."""
        try:
            raw, whole = read_file(self._folder / file.name, self._left)
        except FileNotFoundError:
            return None
        except OSError as error:
            self._read.add(file.stem)
            self.fault = words_of(error)
            return None
        self._read.add(file.stem)
        self._left -= len(raw)
        lines, damaged, is_all = read_lines(raw, self._lines)
        self._lines -= len(lines)
        if not whole or not is_all:
            self.fault = TOO_MANY if whole else TOO_LARGE
        is_cut = not whole and is_all and raw[-1:] not in (b"", b"\n")
        return Read(file, lines, damaged - is_cut, whole and is_all)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Let nobody look for garbage in thousands of new values: it takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def read_folder(folder: Path) -> Reading:
    """Return what the ledger in *folder* holds. Never raises."""
    reader = Reader(folder)
    records: dict[str, Record] = {}
    newer: set[bytes] = set()
    damaged = 0
    with _without_collection(), suppress(MemoryError):
        for read in reader.files():
            damaged += read.damaged
            for line, record in read.lines:
                if record is None:
                    newer.add(line)
                else:
                    records.setdefault(record.id, record)
        return Reading(visible(records.values()), damaged, len(newer), reader.fault)
    return Reading(fault=NO_ROOM)
