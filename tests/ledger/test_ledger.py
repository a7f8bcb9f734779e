"""Whatever call fails, and whoever is killed: what was acknowledged is read, and the next one works."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import signal
import stat
from datetime import UTC, datetime
from time import time_ns

import pytest

from aicore_magics.ledger.ledger import Forgotten, Ledger
from aicore_magics.ledger.ledger_files import DAY
from aicore_magics.ledger.place import VARIABLE, ledger_folder
from aicore_magics.ledger.reading import Reading
from tests.forks import forked
from tests.ledger.acts import (
    MOST_CALLS,
    NO_PROCESS,
    at_call,
    child_of,
    failing,
    ids,
    interrupt,
    killed,
    left_by,
    record,
    status_of,
)
from tests.ledger.stress import killed_writers, many_writers

# Each error at each call takes a minute: `make ledger` tries all, a test run two.
EACH = [(code, always) for code in ("EROFS", "EACCES", "ENOSPC", "EIO", "EMFILE") for always in (False, True)]
ERRORS = EACH if "EVERY_ERROR" in os.environ else [("ENOSPC", False), ("EROFS", True)]


class Stage:
    """A folder where another process has left a record, and this one has written one."""

    def __init__(self, folder, *, written=True):
        self.folder = folder
        self.left, self.mine = record(1), record(2)
        left_by(folder, self.left)
        left_by(folder, record(1, time=1, id="old"))
        self.ledger = Ledger(folder)
        if written:
            with at_call(0, None):
                assert self.ledger.append(self.mine) == ""
        self.kept = {self.left.id, *([self.mine.id] if written else [])}

    def goes_on(self):
        """The next append works, and all that was acknowledged is read."""
        after = record(9)
        with at_call(0, None):
            assert self.ledger.append(after) == ""
        self.kept.add(after.id)
        assert self.kept <= ids(self.folder)


def first_append(stage):
    return stage.ledger.append(stage.new)


def forget(stage):
    return stage.ledger.forget(lambda each: each.secret == "secret-1").fault


def stages(folder, *, written, step=1):
    for number in range(1, MOST_CALLS, step):
        stage = Stage(folder / str(number), written=written)
        stage.new = record(3)
        yield number, stage
    pytest.fail(f"more than {MOST_CALLS} calls")


ACTS = {
    "the first append, which merges": (first_append, False),
    "a later append": (first_append, True),
    "forget": (forget, True),
}
each_act = pytest.mark.parametrize(("act", "written"), ACTS.values(), ids=ACTS)


@pytest.mark.enumerates
@pytest.mark.parametrize(("code", "always"), ERRORS)
@each_act
def test_an_error_at_any_call(tmp_path, act, written, code, always):
    """Whichever call fails, once or for good, nothing is raised or lost, and the next append works."""
    for number, stage in stages(tmp_path, written=written):
        with at_call(number, failing(getattr(errno, code)), always=always) as calls:
            told = act(stage)
        assert told in (
            "",
            "read-only file system",
            "no permission",
            "disk full",
            "disk error",
            "too many open files",
        )
        if act is first_append and not told:
            stage.kept.add(stage.new.id)
        if act is forget:
            stage.kept.discard(stage.left.id)
        stage.goes_on()
        if len(calls) < number:
            assert number > 5
            return


@pytest.mark.enumerates
@each_act
def test_ctrl_c_at_any_call(tmp_path, act, written):
    """Whenever Ctrl-C comes, nothing that was acknowledged is lost, and the next append works."""
    for number, stage in stages(tmp_path, written=written):
        with at_call(number, interrupt, before=False) as calls:
            try:
                told = act(stage)
            except KeyboardInterrupt:
                told = "stopped"
        if act is first_append and not told:
            stage.kept.add(stage.new.id)
        if act is forget:
            stage.kept.discard(stage.left.id)
        stage.goes_on()
        if len(calls) < number:
            return


@pytest.mark.enumerates
@each_act
def test_sigkill_at_any_call(tmp_path, act, written):
    """Whenever the process is killed, nothing is lost, and the next one ends what it has begun."""
    for number, stage in stages(tmp_path, written=written, step=1 if "EVERY_ERROR" in os.environ else 4):
        child = os.fork()
        if not child:
            with at_call(number, killed, before=False):
                act(stage)
            os._exit(0)
        over = status_of(child) == 0
        if act is forget:
            stage.kept.discard(stage.left.id)
        stage.goes_on()
        another = child_of(lambda _say, stage=stage: Ledger(stage.folder).append(record(5)))
        os.close(another[1])
        assert status_of(another[0]) == 0
        assert stage.kept <= ids(stage.folder)
        names = [each.name for each in stage.folder.iterdir() if each.name.endswith(("merging", ".tmp"))]
        assert names == []
        if over:
            return


def test_half_a_write(tmp_path):
    """Where the system itself ends a write half way, no torn line stays, and later records are whole."""

    def child():
        ledger = Ledger(tmp_path / "ledger")
        assert ledger.append(record(1)) == ""
        size = sum(path.stat().st_size for path in ledger.folder.iterdir())
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        told = []
        for limit in (size + 100, 100):  # in the file that there is, and in the next
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
            told.append(ledger.append(record(2)))
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        told.append(ledger.append(record(3)))
        return told, sorted(each.secret for each in ledger.read().records), ledger.read().damaged

    with forked(child) as answer:
        assert answer() == str((["files of this size are not allowed", "", ""], ["secret-1", "secret-3"], 0))


def a_file(folder):
    folder.parent.mkdir(parents=True)
    folder.write_text("x")


def a_loop(folder):
    folder.parent.mkdir(parents=True)
    folder.symlink_to(folder)


def open_to_others(folder):
    folder.parent.mkdir(parents=True)
    folder.parent.chmod(0o1777)
    folder.mkdir()
    folder.chmod(0o755)


def a_link_of_others(folder):
    folder.parent.mkdir(parents=True)
    folder.parent.chmod(0o1777)
    (folder.parent / "theirs").mkdir()
    folder.symlink_to(folder.parent / "theirs")


PLACES = {
    "a file in its place": (a_file, "a file is in the place of its folder"),
    "a loop of links": (a_loop, "its path is a loop of links"),
    "open to others": (open_to_others, "its folder belongs to another user, or is open to others"),
    "a link where all may write": (
        a_link_of_others,
        "its folder belongs to another user, or is open to others",
    ),
}


@pytest.mark.parametrize(("prepare", "words"), PLACES.values(), ids=PLACES)
def test_places_that_cannot_be_used(tmp_path, prepare, words):
    """What is in the way is told once; nothing is written; and once it is away, all goes on."""
    folder = tmp_path / "state" / "ledger"
    prepare(folder)
    known = (
        "a file is in the place of its folder",
        "its folder belongs to another user, or is open to others",
    )
    assert Ledger(folder).append(record()) in (words, *known)
    assert Ledger(folder).append(record()) == ""
    assert Ledger(folder).read().records == ()
    assert Ledger(folder).read().fault
    assert Ledger(folder).forget(lambda _: True).fault
    shutil.rmtree(folder.parent)
    after = record()
    assert Ledger(folder).append(after) == ""
    assert ids(folder) == {after.id}


@pytest.mark.parametrize("name", ["n" * 300, "a\0b"])
def test_names_that_no_folder_has(tmp_path, name):
    """A path that is too long, or none at all, is a reason in words."""
    assert Ledger(tmp_path / name).append(record())
    assert Ledger(tmp_path / name).read().records == ()


def test_no_home(monkeypatch, tmp_path):
    """Where there is no home folder, that is told, and no folder is made in the working folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    monkeypatch.delenv(VARIABLE)
    ledger = Ledger(ledger_folder())
    assert ledger.append(record()) == "no home folder"
    assert ledger.read() == Reading(fault="no home folder")
    assert list(tmp_path.iterdir()) == []


def test_turned_off(tmp_path, monkeypatch):
    """Turned off, it takes nothing, holds nothing, and complains of nothing."""
    ledger = Ledger(None)
    assert ledger.append(record()) == ""
    assert ledger.read() == Reading()
    assert ledger.forget(lambda _: True) == Forgotten()


def test_a_folder_that_vanishes(tmp_path):
    """Where the folder is removed meanwhile, it is made again, for this user only."""
    ledger = Ledger(tmp_path / "state" / "ledger")
    assert ledger.append(record()) == ""
    shutil.rmtree(tmp_path / "state")
    after = record()
    assert ledger.append(after) == ""
    assert ids(ledger.folder) == {after.id}
    modes = [stat.S_IMODE(path.stat().st_mode) for path in (ledger.folder, *ledger.folder.iterdir())]
    assert modes == [0o700, 0o600]
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_a_record_that_cannot_be_written(tmp_path):
    """What is no record, or too large for a line, is refused in words, and harms no other."""
    assert "cannot be written" in Ledger(tmp_path / "a").append(record(time=-1))
    assert Ledger(tmp_path / "b").append(record(tenant="x" * (1 << 20))) == "a record is too large"
    good = record()
    assert Ledger(tmp_path / "a").append(good) == ""
    assert ids(tmp_path / "a") == {good.id}


def test_one_sync_for_an_append(tmp_path, monkeypatch):
    """Several records at once are one sync; so is one that is not the first."""
    ledger = Ledger(tmp_path / "ledger")
    ledger.append(record())
    synced = []
    monkeypatch.setattr(os, "fsync", synced.append)
    ledger.append(record(), record(), record())
    assert len(synced) == 1
    assert len(list(ledger.folder.iterdir())) == 1


def test_a_child_has_its_own_file(tmp_path):
    """A process that was forked writes a file of its own, beside that of its parent."""
    ledger = Ledger(tmp_path / "ledger")
    mine, theirs = record(1), record(2)
    ledger.append(mine)
    with forked(lambda: ledger.append(theirs)) as answer:
        assert answer() == ""
    assert len(list(ledger.folder.iterdir())) == 2
    assert ids(ledger.folder) == {mine.id, theirs.id}


def test_forget_takes_out_of_every_file(tmp_path):
    """Out of files of this process, dead and living ones; what another machine may be writing is hidden."""
    folder, wanted = tmp_path / "ledger", lambda each: each.secret == "gone"
    ledger = Ledger(folder)
    kept = [record(number) for number in range(4)]
    ledger.append(kept[0], record(secret="gone"))
    left_by(folder, kept[1], record(secret="gone"))
    left_by(folder, kept[2], record(secret="gone"), pid=os.getppid())
    fresh = left_by(folder, kept[3], record(secret="gone"), machine="another")
    assert ledger.forget(wanted) == Forgotten(count=4, hidden=1)
    assert b'"gone"' not in b"".join(path.read_bytes() for path in folder.iterdir() if path != fresh)
    assert ids(folder) == {each.id for each in kept}
    assert ledger.forget(wanted) == Forgotten()
    # A day later it is merged, and then it is nowhere.
    past = fresh.stat().st_mtime - 2 * 86_400
    os.utime(fresh, (past, past))
    with forked(lambda: ledger.append(record(7))) as answer:
        assert answer() == ""
    assert b'"gone"' not in b"".join(path.read_bytes() for path in folder.iterdir())
    assert {each.id for each in kept} <= ids(folder)


CLOCKS = {  # by how many nanoseconds the clock goes on for each next record
    "standing": [0, 0, 0],
    "back a little": [-1, -2, -3],
    "back an hour": [-3_600 * 10**9, 5, 5],
    "back a month": [-30 * DAY, 1, 1],
    "back to 1970": [-time_ns() + 10**9, 0, 1],
    "a year ahead, and back": [365 * DAY, -365 * DAY - 5, 1],
}


@pytest.mark.parametrize("steps", CLOCKS.values(), ids=CLOCKS)
def test_the_order_of_one_process(tmp_path, steps):
    """What it writes later is believed, whatever its clock does, at once and when it is merged."""
    ledger, time = Ledger(tmp_path / "ledger"), time_ns()
    for step in (0, *steps):
        time += step
        last = record(time=time)
        assert ledger.append(last) == ""
    assert [each.record.id for each in ledger.read().known()] == [last.id]
    both = record(5, time=time), record(5, time=time)
    assert ledger.append(*both) == ""
    assert [each.record.id for each in ledger.read().known()] == [last.id, both[1].id]


@pytest.mark.parametrize("days", [2, 400, 2_000_000])
def test_forget_what_has_a_wrong_time(tmp_path, days):
    """A record with a time of the days to come is one from before any date."""
    wrong, right = record(1, time=time_ns() + days * DAY), record(2)
    left_by(tmp_path, wrong, right)
    past = datetime(2026, 1, 1, tzinfo=UTC)
    assert Ledger(tmp_path).forget(lambda each: each.at < past) == Forgotten(count=1)
    assert ids(tmp_path) == {right.id}


def test_a_mark_of_a_clock_that_is_behind(tmp_path, monkeypatch):
    """What is forgotten by a process whose clock is years behind that of the disk is not seen again."""
    gone = record(1)
    file = left_by(tmp_path, gone, machine="another")
    monkeypatch.setattr("aicore_magics.ledger.ledger.time_ns", lambda: 10**18)
    assert Ledger(tmp_path).forget(lambda each: each.id == gone.id) == Forgotten(count=1, hidden=1)
    left_by(tmp_path, record(2))
    with forked(lambda: Ledger(tmp_path).append(record(3))) as answer:
        assert answer() == ""
    assert file.exists()
    assert gone.id not in ids(tmp_path)


def test_many_writers(tmp_path):
    """Eight processes at once lose nothing, and tear nothing."""
    assert many_writers(tmp_path / "ledger", 8, 6) == (48, 0, 0)


def test_killed_writers(tmp_path):
    """Nor do writers that are killed at any moment, merging or not, on two machines."""
    acknowledged, lost, torn, files = killed_writers(tmp_path / "ledger", 6)
    assert (lost, torn) == (0, 0)
    assert files < 20 + acknowledged


def test_two_machines_on_one_folder(tmp_path):
    """Both read each other's records, and neither merges what the other may be writing."""
    folder = tmp_path / "ledger"
    here, there = Ledger(folder, machine="here"), Ledger(folder, machine="there")
    first, second = record(1), record(1)
    assert (here.append(first), there.append(second)) == ("", "")
    assert len(list(folder.glob("*.jsonl"))) == 2
    assert ids(folder) == {first.id, second.id}


def test_a_writer_that_wakes_up_after_a_day(tmp_path):
    """Its file was merged by another machine: it writes a new one, and nothing is lost."""
    folder = tmp_path / "ledger"
    here, before = Ledger(folder, machine="here"), record(1)
    here.append(before)
    (file,) = folder.glob("*.jsonl")
    past = file.stat().st_mtime - 2 * 86_400
    os.utime(file, (past, past))
    there, other = Ledger(folder, machine="there"), record(2)
    assert there.append(other) == ""
    assert not file.exists()
    woken = record(3)
    assert here.append(woken) == ""
    assert ids(folder) == {before.id, other.id, woken.id}


def test_a_file_that_goes_in_the_middle_of_an_append(tmp_path, monkeypatch):
    """Where a merger takes the file between the write and the look, the record is written again."""
    folder = tmp_path / "ledger"
    ledger, before, after = Ledger(folder), record(1), record(2)
    ledger.append(before)
    real = os.fsync

    def synced(handle):
        monkeypatch.setattr(os, "fsync", real)
        for path in folder.glob("*.jsonl"):
            path.unlink()
        real(handle)

    monkeypatch.setattr(os, "fsync", synced)
    assert ledger.append(after) == ""
    assert ids(folder) == {after.id}


def test_no_process_has_this_number():
    """The number by which these tests call a process that is gone belongs to none."""
    with pytest.raises(ProcessLookupError):
        os.kill(NO_PROCESS, 0)
