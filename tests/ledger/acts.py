"""Ledgers to try: records, files that others left, system calls that fail, and processes that are killed."""

from __future__ import annotations

import os
import random
import select
import signal
import traceback
from contextlib import contextmanager

import pytest

from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.ledger_files import LedgerFile
from aicore_magics.ledger.line import to_line
from aicore_magics.ledger.owner import Owner
from aicore_magics.ledger.record import NotedImage, NotedLogin, Record
from tests.waiting import PATIENCE

CALLS = (
    *(
        "open",
        "write",
        "fsync",
        "ftruncate",
        "close",
        "mkdir",
        "link",
        "replace",
        "rename",
        "unlink",
        "rmdir",
    ),
    *("stat", "lstat", "fstat", "listdir", "utime", "read"),
)
MOST_CALLS = 400
NO_PROCESS = 4_194_305  # one more than Linux gives


def record(number=0, **changes):
    """A record of real size: one login, two images."""
    values = {
        "tenant": "team-a-dev",
        "host": "api.ai.example.com",
        "secret": f"secret-{number}",
        "op": "created",
        "logins": (NotedLogin(registry="ghcr.io", username="anna", kind="a GitHub token"),),
        "images": tuple(
            NotedImage(reference=f"ghcr.io/acme/{name}:1.4", verdict="can pull", digest=f"sha256:{8 * 'ab'}")
            for name in ("train", "serve")
        ),
        "source": "GHCR_TOKEN",
        "notebook": "train.ipynb",
    }
    return Record(**(values | changes))


def ids(folder, **how):
    """The ids of all records in *folder*, which are read without a fault."""
    reading = Ledger(folder, **how).read()
    assert (reading.fault, reading.damaged) == ("", 0)
    return {each.id for each in reading.records}


def left_by(folder, *records, machine="", pid=NO_PROCESS, age=0):
    """A file with *records*, *age* days old, of a process that is gone, or of another machine."""
    folder.mkdir(parents=True, exist_ok=True)
    place = folder / LedgerFile.fresh(Owner(Owner.here(machine).machine, pid, 1)).name
    place.write_bytes(b"".join(map(to_line, records)))
    if age:
        past = place.stat().st_mtime - age * 86_400
        os.utime(place, (past, past))
    return place


@contextmanager
def at_call(number, then, *, before=True, always=False):
    """Let *then* happen at the *number*th system call, before it or after; give the calls so far.

    *always*: at each later call of the same name, too. Nobody pulls the plug, so nothing is synced.
    """
    calls = []

    def wrap(name, real):
        def called(*arguments, **how):
            calls.append(name)
            here = len(calls) == number
            hit = here or (always and len(calls) > number and calls[number - 1] == name)
            if hit and before:
                then()
            result = real(*arguments, **how)
            if hit and not before:
                then()
            return result

        return called

    with pytest.MonkeyPatch.context() as patched:
        for name in CALLS:
            patched.setattr(os, name, wrap(name, (lambda _: None) if name == "fsync" else getattr(os, name)))
        yield calls


def failing(code):
    def fail():
        raise OSError(code, os.strerror(code))

    return fail


def interrupt():
    raise KeyboardInterrupt


def killed():
    os.kill(os.getpid(), signal.SIGKILL)


def child_of(work):
    """Fork a child that does *work* with what says a line to the parent; give it, and where that is heard."""
    heard, said = os.pipe()
    child = os.fork()
    if child:
        os.close(said)
        return child, heard
    status = 1
    try:
        os.close(heard)
        work(lambda line: os.write(said, f"{line}\n".encode()))
        status = 0
    except BaseException:  # noqa: BLE001 - the parent shows it
        os.write(2, traceback.format_exc().encode())
    os._exit(status)


def heard_until(pipe, seconds=PATIENCE):
    """Give the whole lines that come through *pipe* until it is closed, or *seconds* are over."""
    raw, poll = b"", select.poll()
    poll.register(pipe, select.POLLIN | select.POLLHUP)
    while poll.poll(seconds * 1000) and (more := os.read(pipe, 65_536)):
        raw += more
        if seconds < PATIENCE and random.random() < 0.05:
            break
    return raw


def status_of(child):
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
