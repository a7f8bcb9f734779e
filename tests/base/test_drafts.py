from __future__ import annotations

import os
import signal
import stat
import subprocess
import threading
from contextlib import ExitStack

import pytest

from aicore_magics.base import drafts
from aicore_magics.base.drafts import HOST, draft, sweep
from aicore_magics.base.folders import held

NAME = f".aicore-magics-{HOST}-0123456789abcdef.tmp"


@pytest.fixture
def folder(tmp_path):
    with held(tmp_path, ()) as folder:
        yield folder


def names(folder):
    return sorted(path.relative_to(folder.path).as_posix() for path in folder.path.rglob("*"))


def left(folder, *, name=NAME, ignore="*\n", text="half"):
    """A draft as a process that was killed has left it."""
    place = folder.path / name
    place.mkdir()
    if ignore is not None:
        (place / ".gitignore").write_text(ignore)
    if text is not None:
        (place / "new").write_text(text)
    return place


def test_a_draft_is_whole_private_and_gone(folder):
    """While it is there, only its owner reaches it; then nothing is left of it."""
    with draft(folder, b"text", mode=0o666) as fresh:
        place = fresh.inner.path
        assert (place / "new").read_bytes() == b"text"
        assert stat.S_IMODE(place.stat().st_mode) == 0o700
        assert place.name.startswith(".aicore-magics-")
        assert HOST in place.name
    assert names(folder) == []


def test_git_passes_over_a_draft(folder):
    """Who commits everything at that moment commits no draft."""
    subprocess.run(["git", "init", "-q"], cwd=folder.path, check=True)
    with draft(folder, b"text", mode=0o666):
        listed = ["git", "status", "--porcelain", "-uall"]
        assert subprocess.run(listed, cwd=folder.path, check=True, capture_output=True).stdout == b""


def test_what_a_dead_process_has_left_is_taken_away(folder):
    """However far it came: an empty folder, one without a text, one with half a text, a whole one."""
    kinds = [
        {"ignore": None, "text": None},
        {"ignore": "", "text": None},
        {"text": None},
        {"text": ""},
        {"text": "half"},
    ]
    for number, kind in enumerate(kinds):
        left(folder, name=NAME.replace("abcdef", f"abcde{number}"), **kind)
    assert len(names(folder)) > len(kinds)
    sweep(folder)
    assert names(folder) == []


def test_the_draft_of_a_living_process_stays(folder):
    """While another process, or another thread, works on its draft, nobody takes it away."""
    with draft(folder, b"text", mode=0o666):
        before = names(folder)
        sweep(folder)
        assert names(folder) == before
    assert names(folder) == []


def test_a_process_that_is_stopped_lives(folder, tmp_path):
    """A process that sleeps in the middle finds its draft when it goes on, however many write meanwhile."""
    child = os.fork()
    if not child:
        try:
            with draft(folder, b"theirs", mode=0o666) as fresh:
                os.kill(os.getpid(), signal.SIGSTOP)
                fresh.create(folder, "theirs")
        finally:
            os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    sweep(folder)
    with draft(folder, b"ours", mode=0o666) as fresh:
        fresh.create(folder, "ours")
    os.kill(child, signal.SIGCONT)
    os.waitpid(child, 0)
    assert (tmp_path / "theirs").read_text() == "theirs"
    assert names(folder) == ["ours", "theirs"]


@pytest.mark.parametrize("call", ["open", "mkdir"])
def test_a_draft_that_is_swept_before_it_is_locked_is_begun_again(folder, monkeypatch, call):
    """A sweep between the first steps of another process costs it a second try, and no more."""
    real, swept = getattr(os, call), []

    def and_a_sweep(*arguments, **how):
        result = real(*arguments, **how)
        wanted = call == "mkdir" or arguments[0] == ".gitignore"
        if wanted and len(swept) < 2:
            swept.append(arguments[0])
            with monkeypatch.context() as undone:
                undone.setattr(os, call, real)
                sweep(folder)
        return result

    monkeypatch.setattr(os, call, and_a_sweep)
    with draft(folder, b"text", mode=0o666) as fresh:
        fresh.create(folder, "a")
    assert len(swept) == 2
    assert names(folder) == ["a"]


def test_sweeps_without_end(folder, monkeypatch):
    """Where every draft is swept at once, that is an error, and not a loop."""
    real = os.mkdir

    def and_a_sweep(*arguments, **how):
        real(*arguments, **how)
        sweep(folder)

    monkeypatch.setattr(os, "mkdir", and_a_sweep)
    with pytest.raises(OSError, match="taken away"), draft(folder, b"text", mode=0o666):
        pass
    assert names(folder) == []


def of_another_host(folder):
    left(folder, name=".aicore-magics-elsewhere-0123456789abcdef.tmp")


def of_another_program(folder):
    left(folder, name=".aicore-magics.tmp")
    left(folder, name=f"aicore-magics-{HOST}-0123456789abcdef.tmp")
    left(folder, name=f"{NAME}.bak")


def with_more_in_it(folder):
    (left(folder, ignore=None) / "mine").write_text("mine")


def a_file(folder):
    (folder.path / NAME).write_text("mine")


def a_link_to_a_folder(folder):
    left(folder, name="mine")
    (folder.path / NAME).symlink_to("mine")


def with_a_linked_lock(folder):
    place = left(folder, ignore=None)
    (folder.path / "mine").write_text("*\n")
    (place / ".gitignore").symlink_to("../mine")


@pytest.mark.parametrize(
    "kind",
    [of_another_host, of_another_program, with_more_in_it, a_file, a_link_to_a_folder, with_a_linked_lock],
)
def test_what_is_not_known_to_be_left_stays(folder, kind):
    """Drafts of another machine, and whatever else has such a name, are left alone."""
    kind(folder)
    before = names(folder)
    sweep(folder)
    assert names(folder) == before


@pytest.mark.parametrize("without", ["fcntl", "flock"])
def test_where_there_are_no_locks(folder, monkeypatch, without):
    """There drafts are written all the same, and what is left stays: its process may live."""

    def no_locks(*_):
        raise OSError("no locks")

    if without == "fcntl":
        monkeypatch.setattr(drafts, "fcntl", None)
    else:
        monkeypatch.setattr(drafts.fcntl, "flock", no_locks)
    left(folder)
    before = names(folder)
    sweep(folder)
    with draft(folder, b"text", mode=0o666) as fresh:
        fresh.create(folder, "a")
    assert names(folder) == sorted([*before, "a"])


def test_a_folder_that_cannot_be_listed(folder, monkeypatch):
    """Then what is left in it stays, and files are written all the same."""

    def refused(_):
        raise PermissionError

    monkeypatch.setattr(os, "listdir", refused)
    left(folder)
    sweep(folder)
    assert (folder.path / NAME).exists()


def test_many_drafts_and_sweeps_at_once(folder):
    """Threads that write and sweep in the same folder take nothing from each other."""
    failed = []

    def work(number):
        try:
            for turn in range(10):
                sweep(folder)
                with draft(folder, b"x" * 1000, mode=0o666) as fresh:
                    fresh.create(folder, f"{number}-{turn}")
        except OSError as error:
            failed.append(error)

    with ExitStack() as stack:
        for number in range(6):
            thread = threading.Thread(target=work, args=(number,))
            stack.callback(thread.join)
            thread.start()
    assert failed == []
    assert names(folder) == sorted(f"{number}-{turn}" for number in range(6) for turn in range(10))


def test_a_swept_and_replaced_placeholder_stays(folder, monkeypatch):
    """Without hard links, what somebody else put in the place that was taken is not taken away again."""

    def no_links(*_, **__):
        raise PermissionError

    def theirs(*_, **__):
        (folder.path / "a").unlink()
        (folder.path / "a").write_text("theirs")
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    monkeypatch.setattr(os, "replace", theirs)
    with pytest.raises(PermissionError), draft(folder, b"text", mode=0o666) as fresh:
        fresh.create(folder, "a")
    assert (folder.path / "a").read_text() == "theirs"
