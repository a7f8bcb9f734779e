"""The ledger of this machine: what it stored where, for whom and until when, a record each.

It lies in one folder, in a file for each process that writes (`appender`), which are read together
(`reading`) and become few again (`merging`). The folder is closed to other users, and so is each file;
Windows has no such modes, and there the user's own folder for programs keeps others out.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import time_ns
from typing import TYPE_CHECKING

from aicore_magics.base.aside import PerProcess
from aicore_magics.ledger.appender import Appender
from aicore_magics.ledger.reading import Reading, read_folder
from aicore_magics.ledger.record import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

# One file for each process and folder, and one word of what is wrong there, however many ledgers are made.
_APPENDERS: PerProcess[dict[tuple[str, str], Appender]] = PerProcess(dict)


@dataclass(frozen=True)
class Forgotten:
    """How many records were taken out of the ledger: *count* in all.

    *hidden* of them are still in files that another machine may be writing: they are read no more, and go
    when those are merged. *fault* says why not all could be found or taken out.
    """

    count: int = 0
    hidden: int = 0
    fault: str = ""


class Ledger:
    """The ledger in *folder*; None: it is turned off, takes nothing and holds nothing.

    Nothing here raises an exception: a ledger is no reason for any work to fail. *machine* is another name
    for this machine.
    """

    def __init__(self, folder: Path | None, *, machine: str = "") -> None:
        self.folder = folder
        self._machine = machine

    def append(self, *records: Record) -> str:
        """Write *records*: "" once they are on the disk, or if it is turned off; else the reason, in words.

        In one process and folder a reason is told once, and is "" from then on. The first time that something
        is written, what other processes have left is merged.
        """
        folder = self.folder
        return "" if folder is None or not records else self._appender(folder).append(records)

    def write(self, *records: Record) -> str:
        """Write *records* as `append` does, and return the reason each time; also that it is turned off."""
        if self.folder is None:
            return "AICORE_MAGICS_STATE turns it off"
        return self._appender(self.folder).try_append(records) if records else ""

    def read(self) -> Reading:
        """Return what all processes have written."""
        return Reading() if self.folder is None else read_folder(self.folder)

    def forget(self, which: Callable[[Record], bool]) -> Forgotten:
        """Take the records that match *which* out of every file. Lines of a later format are left alone.

        A record with a time of the days to come is asked for as one of 1970: its date is not to be believed.
        """
        from aicore_magics.ledger.merging import remove

        if self.folder is None:
            return Forgotten()
        appender = self._appender(self.folder)
        removed = remove(self.folder, appender.owner, which)
        now = max(time_ns(), removed.at)  # mergers go by the clock of the disk: it is to be kept by that, too
        marks = [
            Record(tenant="", host="", secret="", op="forgotten", of=of, time=now) for of in removed.left
        ]
        fault = appender.try_append(marks) if marks else ""
        hidden = 0 if fault else len(marks)
        return Forgotten(removed.gone + hidden, hidden, fault or removed.fault)

    def _appender(self, folder: Path) -> Appender:
        key = (str(folder), self._machine)
        ours = _APPENDERS()
        return ours.get(key) or ours.setdefault(key, Appender(folder, self._machine))
