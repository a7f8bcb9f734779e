"""Whose a file of the ledger is, and whether that process lives: what its name tells."""

from __future__ import annotations

import hashlib
import os
import platform
import re
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

_BOOT = Path("/proc/sys/kernel/random/boot_id")
_NAMESPACE = Path("/proc/self/ns/pid")
OWNER = r"[0-9a-f]{16}-[0-9]{1,10}\.[0-9]{1,20}"
_START = 19  # the field of /proc/PID/stat, counted behind the name of the program
_ENDED = ("Z", "X")


@dataclass(frozen=True)
class Owner:
    """A process of one *machine* since that was started: its *pid*, and its *start* where that is known.

    Two containers on one machine count as two, for each has its own process numbers. pid 0: nobody, whose
    files are whole.
    """

    machine: str
    pid: int = 0
    start: int = 0

    @classmethod
    def here(cls, machine: str = "") -> Owner:
        """Return this process, on this machine or on *machine*, which a test pretends to be."""
        pid = os.getpid()
        return cls(_hashed(machine or _machine()), pid, _start(pid)[0])

    @classmethod
    def parse(cls, text: str) -> Owner:
        """Read what `str` gave. Raises ValueError."""
        if not re.fullmatch(OWNER, text):
            raise ValueError("no owner")
        machine, _, process = text.partition("-")
        pid, _, start = process.partition(".")
        return cls(machine, int(pid), int(start))

    def __str__(self) -> str:
        return f"{self.machine}-{self.pid}.{self.start}"

    @property
    def nobody(self) -> Owner:
        """The same machine without a process."""
        return replace(self, pid=0, start=0)

    def is_gone(self, here: Owner) -> bool:
        """Whether this process has ended for sure, as seen from *here*; that of another machine never has."""
        if self.pid == 0 or self == here:
            return self.pid == 0
        return self.machine == here.machine and _has_ended(self.pid, self.start)


def _has_ended(pid: int, start: int) -> bool:
    # On Windows the call below would end the process that it asks for.
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    now, ended = _start(pid)
    return ended or (start != 0 and now not in (0, start))  # a number is given again


def _start(pid: int) -> tuple[int, bool]:
    """When the process *pid* was started, 0 where that is not known; and whether it has ended since."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].decode("ascii").split()
        return int(fields[_START]), fields[0] in _ENDED
    except (OSError, ValueError, IndexError):
        return 0, False


def _machine() -> str:
    """What tells this machine, since its start, from others: its name, and numbers that Linux has."""
    return f"{platform.node()}\0{_boot()}\0{_namespace()}"


@cache
def _boot() -> str:
    try:
        return _BOOT.read_text("ascii").strip()
    except (OSError, ValueError):
        return ""


def _namespace() -> str:
    try:
        return os.readlink(_NAMESPACE)  # noqa: PTH115 - a text
    except OSError:
        return ""


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
