"""Two kernels at once make one run: whoever is killed, sleeps, or meets another at any system call."""

from __future__ import annotations

import errno
import fcntl
import os
import random
import resource
import signal
import threading
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta

import pytest

from aicore_magics.ledger.faults import Unusable
from aicore_magics.ledger.owner import Owner
from aicore_magics.rotation import claim as claims
from aicore_magics.rotation.claim import NAME, Claim, Claimed, claim
from tests.forks import forked
from tests.ledger.acts import (
    MOST_CALLS,
    NO_PROCESS,
    at_call,
    child_of,
    failing,
    heard_until,
    interrupt,
    killed,
    status_of,
)
from tests.waiting import until

RUN = "r1201-ghcr"
HERE = Owner.here()
DEAD = Owner(HERE.machine, NO_PROCESS, 5)
AWAY, FAR = (Owner.here(name) for name in ("hub-1", "hub-2"))
SILENT = 61  # seconds


def left_by(folder, owner, *, silent=0, run="r1130-quay"):
    """A claim that *owner* holds, who says nothing for so many seconds by the clock of the disk."""
    held = Claim(folder, run, owner)
    held.take()
    sleeps(held)
    past = (folder / NAME).stat().st_mtime - silent
    os.utime(folder / NAME, (past, past))
    return held


def sleeps(held):
    """Let it renew itself no more."""
    held.over.set()


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_one_run_at_a_time(tmp_path):
    """Another is refused, and told which run it is and since when; afterwards no file is left."""
    folder = tmp_path / "state" / "ledger"
    with claim(folder, RUN) as held:
        assert held.held()
        assert names(folder) == [NAME]
        assert (folder / NAME).stat().st_mode & 0o777 == 0o600
        assert folder.stat().st_mode & 0o777 == 0o700
        for here, mine in ((None, True), (AWAY, False)):
            with pytest.raises(Claimed) as refused, claim(folder, "r1201-quay", here):
                pass
            assert (refused.value.run, refused.value.mine) == (RUN, mine)
            assert timedelta() <= datetime.now(UTC) - refused.value.since < timedelta(hours=1)
        assert held.held()
    assert names(folder) == []
    assert not held.held()
    until(lambda: not [each for each in threading.enumerate() if each.name.endswith("-claim")])


LEFT = {  # whose claim it is, for how many seconds it was silent, and whether it is free
    "of a process that is gone": (DEAD, 0, True),
    "of nobody": (HERE.nobody, 0, True),
    "of this process": (HERE, 0, False),
    "of this process, which was stopped": (HERE, SILENT, True),
    "of a living process": (Owner(HERE.machine, os.getppid(), 0), 50, False),
    "of a living process, which was stopped": (Owner(HERE.machine, os.getppid(), 0), SILENT, True),
    "of another machine": (AWAY, 50, False),
    "of another machine, which is silent": (AWAY, SILENT, True),
    "of a disk whose clock was set back": (AWAY, -3_600, True),
}


@pytest.mark.parametrize(("owner", "silent", "is_free"), LEFT.values(), ids=LEFT)
def test_what_is_free(tmp_path, owner, silent, is_free, monkeypatch):
    """At once where its process is gone, else after a minute by the clock of the disk, whatever ours says."""
    first = left_by(tmp_path, owner, silent=silent)
    monkeypatch.setattr(claims, "time_ns", lambda: 10**18)
    with ExitStack() as stack:
        if is_free:
            second = stack.enter_context(claim(tmp_path, RUN))
            assert second.held()
            assert not first.held()
            first.release()
            assert second.held()
            assert names(tmp_path) == [NAME]
        else:
            with pytest.raises(Claimed):
                stack.enter_context(claim(tmp_path, RUN))
            assert first.held()
            first.release()
    assert names(tmp_path) == []


def garbage(place):
    place.write_text("x")


def empty(place):
    place.write_text("")


def a_large_file(place):
    place.write_bytes(100_000 * b"x")


def almost(place):
    place.write_text(f"{DEAD} --login=x 1 {32 * 'a'}")


GARBAGE = (garbage, empty, a_large_file, almost)


@pytest.mark.parametrize("make", GARBAGE)
def test_a_file_that_nobody_understands(tmp_path, make):
    """It may be one that is being made: it is free after a minute."""
    make(tmp_path / NAME)
    with pytest.raises(Claimed) as refused, claim(tmp_path, RUN):
        pass
    assert (refused.value.run, refused.value.mine) == ("", False)
    past = (tmp_path / NAME).stat().st_mtime - SILENT
    os.utime(tmp_path / NAME, (past, past))
    with claim(tmp_path, RUN) as held:
        assert held.held()
    assert names(tmp_path) == []


def a_link(place):
    (place.parent / "theirs").write_text("x")
    place.symlink_to(place.parent / "theirs")


IN_THE_WAY = {
    "a link": (a_link, f"{NAME} in its folder is a link"),
    "a folder": (os.mkdir, f"{NAME} in its folder is no file"),
    "a pipe": (os.mkfifo, f"{NAME} in its folder is no file"),
}


@pytest.mark.parametrize(("make", "words"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_what_is_no_file(tmp_path, make, words):
    """It is told in words, never followed, and left as it is."""
    make(tmp_path / NAME)
    before = names(tmp_path)
    with pytest.raises(Unusable) as told, claim(tmp_path, RUN):
        pass
    assert told.value.words == words
    assert names(tmp_path) == before
    assert all(path.read_text() == "x" for path in tmp_path.glob("theirs"))


def test_places_that_cannot_be_used(tmp_path):
    """A file in the place of the folder, a folder of others, or none at all is told in words."""
    (tmp_path / "file").write_text("x")
    (tmp_path / "open").mkdir()
    (tmp_path / "open").chmod(0o1777)
    (tmp_path / "open" / "theirs").mkdir(mode=0o755)
    for place in ("file", "open/theirs", "a\0b", "n" * 300):
        with pytest.raises(Unusable) as told, claim(tmp_path / place, RUN):
            pass
        assert told.value.words
    assert names(tmp_path / "open" / "theirs") == []


def test_a_full_disk(tmp_path):
    """Where nothing can be written that is told in words, and nothing half is left."""

    def child():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        told = []
        for limit in (0, 40):
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, most))
            try:
                with claim(tmp_path, RUN):
                    pass
            except Unusable as error:
                told.append(error.words)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
        with claim(tmp_path, RUN) as held:
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
            told.append(held.held())
        return told, names(tmp_path)

    with forked(child) as answer:
        assert answer() == str((["files of this size are not allowed", "disk full", True], []))


def test_it_is_renewed(tmp_path, monkeypatch):
    """A thread renews it for as long as it is held; a child that was forked has no part in it."""
    monkeypatch.setattr(claims, "RENEWED_EVERY", 0.01)
    with claim(tmp_path, RUN) as held:
        os.utime(tmp_path / NAME, (1, 1))
        until(lambda: (tmp_path / NAME).stat().st_mtime > 1)
        with forked(lambda: (held.held(), held.release())) as answer:
            assert answer() == "(False, None)"
        assert held.held()


class Meeting:
    """A claim that was left, somebody who takes it over, and what comes between two of his system calls."""

    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        self.left = left_by(folder, AWAY, silent=SILENT)
        self.mine, self.other = Claim(folder, RUN, HERE), Claim(folder, RUN, FAR)
        self.told = []

    def wakes_up(self):
        self.told.append(self.left.held())

    def ends(self):
        self.left.release()

    def another_comes(self):
        self.told.append(got(self.other))

    def another_comes_and_ends(self):
        got(self.other)
        self.other.release()

    def two_others(self):
        self.another_comes_and_ends()
        self.left.release()
        self.other = Claim(self.folder, RUN, FAR)
        self.another_comes()


def got(held):
    try:
        held.take()
    except Claimed:
        return False
    sleeps(held)
    return True


MEETINGS = (
    Meeting.wakes_up,
    Meeting.ends,
    Meeting.another_comes,
    Meeting.another_comes_and_ends,
    Meeting.two_others,
)


@pytest.mark.enumerates
@pytest.mark.parametrize("happens", MEETINGS)
def test_two_that_meet_at_any_call(tmp_path, happens):
    """Whoever comes, wakes up or ends between any two system calls: never do two hold it."""
    for number in range(1, MOST_CALLS):
        meeting = Meeting(tmp_path / str(number))
        with at_call(number, lambda meeting=meeting: happens(meeting)) as calls:
            mine = got(meeting.mine)
        assert not (mine and any(meeting.told)), number
        holders = [held for held in (meeting.mine, meeting.other, meeting.left) if held.held()]
        assert (mine or any(meeting.told)) <= len(holders) <= 1, number
        assert meeting.mine.held() is mine
        for held in (meeting.mine, meeting.other, meeting.left):
            held.release()
        if len(calls) < number:
            assert number > 10
            return
    pytest.fail("too many calls")


@pytest.mark.enumerates
def test_who_comes_while_another_ends(tmp_path):
    """Whoever takes a claim over while its owner gives it back, at any call, has it alone, or has not."""
    for number in range(1, MOST_CALLS):
        meeting, told = Meeting(tmp_path / str(number)), []
        with at_call(number, lambda told=told, meeting=meeting: told.append(got(meeting.mine))) as calls:
            meeting.left.release()
        assert meeting.mine.held() is any(told), number
        assert got(meeting.other) is not any(told), number
        if len(calls) < number:
            assert number > 5
            return
    pytest.fail("too many calls")


ACTS = {"to take it": ("take", 0), "to take it over": ("take", SILENT), "to give it back": ("release", None)}


@pytest.mark.enumerates
@pytest.mark.parametrize("then", [interrupt, failing(errno.ENOSPC)], ids=["Ctrl-C", "a full disk"])
@pytest.mark.parametrize(("act", "silent"), ACTS.values(), ids=ACTS)
def test_what_strikes_at_any_call(tmp_path, act, silent, then):
    """Wherever it does, the claim is free again after a minute, and the next one leaves no file behind."""
    for number in range(1, MOST_CALLS):
        folder = tmp_path / str(number)
        folder.mkdir()
        if silent:
            left_by(folder, AWAY, silent=silent)
        held = Claim(folder, RUN, HERE)
        if act == "release":
            held.take()
        with at_call(number, then) as calls:
            try:
                if act == "take":
                    with claim(folder, RUN, HERE):
                        pass
                else:
                    held.release()
            except (KeyboardInterrupt, Unusable):
                pass
        for name in names(folder):  # a minute later
            os.utime(folder / name, (1, 1))
        with claim(folder, RUN):
            pass
        assert names(folder) == []
        if len(calls) < number:
            return
    pytest.fail("too many calls")


def worker(folder, rounds):
    """Claim it again and again, and lock a file meanwhile, which only one can do."""

    def work(say):
        lock = os.open(folder / "lock", os.O_RDWR | os.O_CREAT)
        for _ in range(rounds):
            try:
                with claim(folder, RUN) as held:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    say("held" if held.held() else "lost")
                    fcntl.flock(lock, fcntl.LOCK_UN)
            except Claimed:
                say("refused")

    return work


def said_by(children):
    lines = [line for _, pipe in children for line in heard_until(pipe).split(b"\n")[:-1]]
    for _, pipe in children:
        os.close(pipe)
    return lines


@pytest.mark.enumerates
@pytest.mark.parametrize("act", ["take it", "take it over", "give it back"])
def test_who_is_killed_at_any_call(tmp_path, act):
    """What he has claimed, or was about to, is free at once on this machine, and the next one tidies up."""
    for number in range(1, MOST_CALLS):
        folder = tmp_path / str(number)
        folder.mkdir()
        if act == "take it over":
            left_by(folder, AWAY, silent=SILENT)

        def dies(_say, folder=folder, number=number):
            with ExitStack() as stack:
                stack.enter_context(at_call(number if act != "give it back" else 0, killed, before=False))
                held = stack.enter_context(claim(folder, RUN))
                if act == "give it back":
                    with at_call(number, killed, before=False):
                        held.release()

        child, pipe = child_of(dies)
        os.close(pipe)
        is_over = status_of(child) == 0
        with claim(folder, RUN) as held:
            assert held.held()
        assert names(folder) == []
        if is_over:
            assert number > 10
            return
    pytest.fail("too many calls")


def test_a_disk_without_hard_links(tmp_path, monkeypatch):
    """There the file is made in its place, and one run is one as well."""
    monkeypatch.setattr(os, "link", lambda *_: failing(errno.EPERM)())
    left_by(tmp_path, AWAY, silent=SILENT)
    with claim(tmp_path, RUN) as held, pytest.raises(Claimed), claim(tmp_path, RUN, AWAY):
        pytest.fail("two have it")
    assert not held.held()
    assert names(tmp_path) == []


def test_many_processes(tmp_path):
    """Of six processes that try again and again never two hold it, and some do."""
    children = [child_of(worker(tmp_path, 20)) for _ in range(6)]
    lines = said_by(children)
    assert [status_of(child) for child, _ in children] == 6 * [0]
    assert len(lines) == 120
    assert b"held" in lines
    assert b"lost" not in lines
    assert names(tmp_path) == ["lock"]


def test_processes_that_are_killed(tmp_path):
    """Nor do they when some are killed at any moment; what those held is free at once on this machine."""
    for _ in range(5):
        children = [child_of(worker(tmp_path, 1_000)) for _ in range(3)]
        heard_until(children[0][1], random.uniform(0.001, 0.05))
        survivor = child_of(worker(tmp_path, 5))
        for child, _ in children:
            os.kill(child, signal.SIGKILL)
        assert {status_of(child) for child, _ in children} == {-signal.SIGKILL}
        said_by([*children, survivor])
        assert status_of(survivor[0]) == 0
        with claim(tmp_path, RUN) as held:
            assert held.held()
        assert names(tmp_path) == ["lock"]
