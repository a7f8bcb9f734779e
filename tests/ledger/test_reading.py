from __future__ import annotations

import os
import random
import resource
from pathlib import Path

import pytest

from aicore_magics.ledger import reading
from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.ledger_files import LedgerFile
from aicore_magics.ledger.line import to_line
from aicore_magics.ledger.owner import Owner
from tests.forks import forked
from tests.ledger.acts import ids, left_by, record


def name():
    return LedgerFile.fresh(Owner("0" * 16, 1, 1)).name


def test_nothing_yet(tmp_path):
    """A folder that is not there is an empty ledger, without a fault."""
    assert Ledger(tmp_path / "ledger").read() == reading.Reading()


def test_what_is_not_ours(tmp_path):
    """Other files, links, pipes and folders of our names are left alone, and nobody waits for them."""
    mine = record()
    left_by(tmp_path, mine)
    (tmp_path / "notes.jsonl").write_text("x")
    (tmp_path / name()).mkdir()
    os.mkfifo(tmp_path / name())
    (tmp_path / "target").write_bytes(to_line(record()))
    (tmp_path / name()).symlink_to(tmp_path / "target")
    (tmp_path / name()).symlink_to(tmp_path / "nowhere")
    before = {path.name for path in tmp_path.iterdir() if path.name.endswith("l")}
    assert ids(tmp_path) == {mine.id}
    ledger = Ledger(tmp_path)
    assert ledger.append(record()) == ""
    assert ledger.forget(lambda each: each.id == mine.id).count == 1
    after = {path.name for path in tmp_path.iterdir()}
    assert len(before - after) == 1  # the file that was merged
    assert (tmp_path / "target").read_bytes()


def test_the_order_of_files_does_not_count(tmp_path):
    """However records lie in files, and if some are there twice, they are read by their time, each once."""
    records = [record(number, time=number) for number in range(30)]
    shuffled = [*records, *records[:10]]
    random.shuffle(shuffled)
    for at in range(0, len(shuffled), 7):
        left_by(tmp_path, *shuffled[at : at + 7])
    assert Ledger(tmp_path).read().records == tuple(records)


def test_a_file_that_is_renamed_while_others_are_read(tmp_path, monkeypatch):
    """What a merger takes away between the list and the look is found under its new name."""
    records = [record(number) for number in range(3)]
    places = [left_by(tmp_path, each) for each in records]
    real, here = reading.read_file, Owner.here("another")

    def taken(path, limit):
        if path.name == places[0].name:
            file = LedgerFile.find(path.name)
            path.rename(tmp_path / file.claimed(here).name)
        return real(path, limit)

    monkeypatch.setattr(reading, "read_file", taken)
    assert ids(tmp_path) == {each.id for each in records}


def test_more_than_is_read(tmp_path, monkeypatch):
    """Of too much the newest files are read, that is told, and no merger drops what it has not read."""
    old, new = record(1), record(2)
    left_by(tmp_path, *(record(1) for _ in range(9)), old)
    left_by(tmp_path, new)
    monkeypatch.setattr(reading, "MOST_BYTES", 2 * len(to_line(new)) + 10)
    read = Ledger(tmp_path).read()
    assert read.fault == reading.TOO_LARGE
    assert new in read.records
    assert old not in read.records
    assert Ledger(tmp_path).append(record(3)) == ""
    monkeypatch.undo()
    assert {old.id, new.id} <= ids(tmp_path)


def test_a_file_that_cannot_be_read(tmp_path, monkeypatch):
    """The others are read, and the fault is told."""
    bad, good = left_by(tmp_path, record()), record()
    left_by(tmp_path, good)
    real = reading.read_file

    def fail(path, limit):
        if path == bad:
            raise PermissionError(13, "x")
        return real(path, limit)

    monkeypatch.setattr(reading, "read_file", fail)
    read = Ledger(tmp_path).read()
    assert (read.records, read.fault) == ((good,), "no permission")


@pytest.mark.parametrize("kept", ["v2", "an op"])
def test_lines_of_a_later_version_survive(tmp_path, kept):
    """They are counted, and merged as they are."""
    import json
    from zlib import crc32

    changes = {"v": 2} if kept == "v2" else {"op": "renamed"}
    rest = json.dumps({"v": 1, **record().to_data(), **changes})[1:].encode()
    line = b'{"crc":"%08x",%s\n' % (crc32(rest), rest)
    left_by(tmp_path, record()).write_bytes(line)
    left_by(tmp_path, record())
    assert Ledger(tmp_path).append(record()) == ""
    assert len(list(tmp_path.iterdir())) == 2
    assert Ledger(tmp_path).read().newer == 1
    assert line in b"".join(path.read_bytes() for path in tmp_path.iterdir())


@pytest.mark.parametrize("piece", [b"x\n", b'{"crc":"\n'])
def test_a_file_as_large_as_is_read(tmp_path, piece):
    """Bytes of nobody, as many as are read, take a process no more than 100 MB, and no record of others."""
    mine = record()
    left_by(tmp_path, record(1)).write_bytes(piece * ((reading.MOST_BYTES - 9_000) // len(piece)))
    left_by(tmp_path, mine)

    def child():
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + (100 << 20),) * 2)
        read = Ledger(tmp_path).read()
        told = Ledger(tmp_path).append(record(2))
        return [each.id for each in read.records], read.fault, told

    with forked(child) as answer:
        fault = reading.TOO_MANY if piece.startswith(b"{") else ""
        assert answer() == str(([mine.id], fault, ""))
    assert mine.id in {each.id for each in Ledger(tmp_path).read().records}


def test_no_memory(tmp_path, monkeypatch):
    """Where there is no room for it, that is told, and a write goes well."""
    left_by(tmp_path, record())

    def fail(*_):
        raise MemoryError

    monkeypatch.setattr(reading, "read_lines", fail)
    assert Ledger(tmp_path).read().fault == reading.NO_ROOM
    assert Ledger(tmp_path).append(record()) == ""
    assert Ledger(tmp_path).forget(lambda _: True).fault == reading.NO_ROOM
