"""The long runs, `python -m tests.ledger.stress`: what was acknowledged, and what was lost of it."""

from __future__ import annotations

import os
import random
import signal
import statistics
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.ledger_files import LedgerFile
from aicore_magics.ledger.line import to_line
from aicore_magics.ledger.owner import Owner
from aicore_magics.ledger.record import NotedImage, NotedLogin
from aicore_magics.model.expiry import Expiry
from tests.ledger.acts import child_of, heard_until, record, status_of

MACHINES = ("", "", "another")


def writer(folder, count, machine=""):
    """Write *count* records, and say the id of each once it is acknowledged."""

    def work(say):
        ledger = Ledger(folder, machine=machine)
        for number in range(count):
            # Each its own secret, so that none may be merged away.
            one = record(f"{os.getpid()}-{number}")
            reason = ledger.append(one)
            assert not reason, reason
            say(one.id)

    return work


def counted(folder, acknowledged):
    """What is lost of those *acknowledged*, and how many lines are torn."""
    reading = Ledger(folder).read()
    assert not reading.fault, reading.fault
    return len(acknowledged - {each.id for each in reading.records}), reading.damaged


def many_writers(folder, processes, count):
    """Let *processes* write *count* records each, at once; give how many were acknowledged, lost and torn."""
    children = [child_of(writer(folder, count)) for _ in range(processes)]
    acknowledged = {line.decode() for _, pipe in children for line in heard_until(pipe).splitlines()}
    assert [status_of(child) for child, _ in children] == processes * [0]
    for _, pipe in children:
        os.close(pipe)
    return len(acknowledged), *counted(folder, acknowledged)


def killed_writers(folder, rounds, *, writers=2, machines=MACHINES):
    """Kill *writers* at a random moment, *rounds* times in one folder: each first merges what others left.

    Gives how many were acknowledged, lost and torn, and the most files there were.
    """
    acknowledged, files, torn = set(), 0, 0
    for _ in range(rounds):
        children = [child_of(writer(folder, 100, random.choice(machines))) for _ in range(writers)]
        raws = []
        for child, pipe in children:
            raws.append(heard_until(pipe, random.uniform(0.001, 0.12)))
            os.kill(child, signal.SIGKILL)
        for (child, pipe), begun in zip(children, raws, strict=True):
            raw = begun + heard_until(pipe)
            os.close(pipe)
            assert status_of(child) in (0, -signal.SIGKILL)
            acknowledged |= {line.decode() for line in raw.split(b"\n")[:-1]}
        files = max(files, len(list(folder.glob("*.jsonl*"))))
        torn = max(torn, Ledger(folder).read().damaged)
    lost, torn_now = counted(folder, acknowledged)
    return len(acknowledged), lost, max(torn, torn_now), files


def real_record(number):
    ends, begins = datetime(2027, 1, 1, tzinfo=UTC), datetime(2026, 11, 1, tzinfo=UTC)
    login = NotedLogin(
        registry="ghcr.io",
        username="anna",
        kind="a GitHub token",
        expiry=Expiry(ends, begins, how="header"),
        fingerprint=16 * "ab",
    )
    images = tuple(NotedImage(reference=f"ghcr.io/acme/{name}:1.4", verdict="can pull") for name in "ab")
    return record(number % 300, op="replaced", logins=(login,), images=images)


def speed(folder):
    """Give the bytes of a record, the CPU of reading 5,000 in 200 files, and of one more, in milliseconds."""
    owner = Owner("0" * 16, 1, 1)
    for file in range(200):
        lines = [to_line(real_record(25 * file + number)) for number in range(25)]
        (folder / LedgerFile.fresh(owner).name).write_bytes(b"".join(lines))
    reads, appends, walls = [], [], []
    for _ in range(11):
        begin = time.process_time()
        reading = Ledger(folder).read()
        told = len(reading.records), reading.damaged, reading.newer, reading.fault
        assert told == (5_000, 0, 0, ""), told
        reads.append(1000 * (time.process_time() - begin))
    ledger = Ledger(folder / "own")
    ledger.append(record())
    for number in range(200):
        one, begin, wall = real_record(number), time.process_time(), time.perf_counter()
        assert not ledger.append(one)
        appends.append(1000 * (time.process_time() - begin))
        walls.append(1000 * (time.perf_counter() - wall))
    return len(to_line(real_record(0))), *map(statistics.median, (reads, appends, walls)), min(reads)


def say(line):
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main():
    with tempfile.TemporaryDirectory() as scratch:
        told = many_writers(Path(scratch) / "a", 8, 200)
        say("8 processes x 200 records: {} acknowledged, {} lost, {} torn".format(*told))
        told = killed_writers(Path(scratch) / "b", 200)
        say("200 rounds of kill -9: {} acknowledged, {} lost, {} torn, at most {} files".format(*told))
        crowd = Path(scratch) / "c"
        told = killed_writers(crowd, 100, writers=8, machines=("",))
        say("100 rounds of 8 writers that merge: {} acknowledged, {} lost, {} torn, {} files".format(*told))
        (Path(scratch) / "d").mkdir()
        size, read, append, wall, least = speed(Path(scratch) / "d")
        say(f"a record of {size} bytes, CPU to read 5,000 in 200 files: {read:.0f} ms (least {least:.0f})")
        say(f"to append one: {append:.2f} ms CPU, {wall:.2f} ms wall (medians)")


if __name__ == "__main__":
    main()
