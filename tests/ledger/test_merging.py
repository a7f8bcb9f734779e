from __future__ import annotations

import os

import pytest

from aicore_magics.ledger import merging
from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.owner import Owner
from tests.forks import forked
from tests.ledger.acts import NO_PROCESS, ids, left_by, record

DAY = 86_400


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_dead_files_become_one(tmp_path):
    """The first write of a process merges what dead ones left: the last record of each secret stays."""
    for number in range(30):
        left_by(tmp_path, record(number % 3, time=number), record(7, time=number))
    assert Ledger(tmp_path).append(record(9)) == ""
    assert len(files(tmp_path)) == 2
    assert sorted(each.time for each in Ledger(tmp_path).read().records)[:4] == [27, 28, 29, 29]


@pytest.mark.parametrize(
    ("how", "left"),
    [
        ({"pid": os.getpid()}, True),  # it was given the number of one that is gone
        ({"pid": 0}, False),
        ({"machine": "another"}, False),
        ({"machine": "another", "age": 2}, True),
        ({"age": 0}, True),
    ],
)
def test_whose_files_are_merged(tmp_path, how, left):
    """Those of processes of this machine that are gone; those of another one after a day."""
    place = left_by(tmp_path, record(1), **how)
    assert Ledger(tmp_path).append(record(2)) == ""
    assert place.exists() is not left
    assert len(ids(tmp_path)) == 2


def test_a_living_process(tmp_path):
    """The file of one that lives stays its own."""
    mine = Ledger(tmp_path)
    mine.append(record(1))
    before = files(tmp_path)
    with forked(lambda: Ledger(tmp_path).append(record(2))) as answer:
        assert answer() == ""
    assert set(before) < set(files(tmp_path))


MARKS = {
    "of a process that is gone": (str(Owner(Owner.here().machine, NO_PROCESS, 1)) + " x", 0, True),
    "of nobody: it was killed too early": ("", 0, True),
    "of another machine": (str(Owner("0" * 16, 1, 1)) + " x", 0, False),
    "of another machine, an hour ago": (str(Owner("0" * 16, 1, 1)) + " x", 3_700, True),
    "of a living process": (str(Owner.here()) + " x", 0, False),
}


@pytest.mark.parametrize(("text", "age", "is_taken"), MARKS.values(), ids=MARKS)
def test_the_marker(tmp_path, text, age, is_taken):
    """While another merges this one does not; a marker that was left behind is taken away."""
    left_by(tmp_path, record(1))
    mark = tmp_path / merging.MARKER
    mark.write_text(text)
    os.utime(mark, (mark.stat().st_mtime - age,) * 2)
    assert Ledger(tmp_path).append(record(2)) == ""
    assert mark.exists() is not is_taken
    assert len(ids(tmp_path)) == 2


def test_two_mergers_at_once(tmp_path, monkeypatch):
    """Without a marker, too: what one has claimed the other leaves, and nothing is lost."""
    records = [record(number) for number in range(12)]
    for each in records:
        left_by(tmp_path, each)
    real, second = merging.LedgerFile.claimed, []

    def claimed(self, here):
        if not second:
            second.append(True)
            (tmp_path / merging.MARKER).unlink()
            merging.merge(tmp_path, Owner("1" * 16, 5, 5))
        return real(self, here)

    monkeypatch.setattr(merging.LedgerFile, "claimed", claimed)
    merging.merge(tmp_path, Owner.here())
    assert second
    assert ids(tmp_path) == {each.id for each in records}


def test_forget_while_another_merges(tmp_path):
    """Where files cannot be rewritten now, what is forgotten is hidden, and stays so when they are merged."""
    gone, kept = record(1), record(2)
    left_by(tmp_path, gone, kept)
    ledger = Ledger(tmp_path)
    (tmp_path / merging.MARKER).write_text(f"{Owner.here()} x")
    told = ledger.forget(lambda each: each.id == gone.id)
    assert (told.count, told.hidden, told.fault) == (1, 1, "")
    assert ids(tmp_path) == {kept.id}
    (tmp_path / merging.MARKER).unlink()
    with forked(lambda: Ledger(tmp_path).append(record(3))) as answer:
        assert answer() == ""
    assert gone.id not in ids(tmp_path)
    assert b"secret-1" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_refusal_in_the_file_of_another_machine(tmp_path):
    """A write in doubt that was refused there is merged here: what was known before it stays known."""
    first, doubt = (record(1, op="replaced", outcome="unknown", time=at) for at in (1, 2))
    left_by(tmp_path, first, doubt)
    left_by(tmp_path, record(1, op="refused", of=doubt.id, time=3), machine="another")
    assert Ledger(tmp_path).append(record(2)) == ""
    known = {each.record.secret: each.record.id for each in Ledger(tmp_path).read().known()}
    assert known["secret-1"] == first.id
