"""Whoever writes a file, and whatever happens: the file holds the old text or the new one, as was told.

Each writer is stopped at each of its system calls: by an error, by Ctrl-C, and by SIGKILL.
"""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest

from aicore_magics import actions
from aicore_magics.errors import AICoreError, Stopped
from aicore_magics.jupyter.run_template import run_template
from aicore_magics.jupyter.session import Session
from aicore_magics.templates.patch.patch_files import patch_files

CALLS = (
    *("open", "write", "fsync", "close", "mkdir", "link", "replace", "chmod", "chown", "unlink", "rmdir"),
    *("stat", "lstat", "fstat", "access", "listdir", "scandir", "readlink", "getcwd"),
)
MOST_CALLS = 400
TOKEN = "ghp_" + "a8Kz" * 9
SETTINGS = "docker_secret.json"
OLD, NEW = "a: 1\n", "a: 2\n"
TEMPLATE = "kind: WorkflowTemplate\nspec:\n  imagePullSecrets:\n  - name: old-one\n"


@dataclass
class Writer:
    """Who writes the file *name*: what it holds before, and *act*, which returns why it was not written."""

    name: str
    old: str | None
    act: object


def save(**how):
    def act(_plan):
        actions.save_template("a.yaml", NEW, check=False, **how)

    return act


def out(_plan):
    names = "workflow churn-train --image ghcr.io/acme/a:1 --secret team --scenario churn"
    run_template([*names.split(), "--args", "true", "--out", "a.yaml"], Session())


def new(_plan):
    actions.new_notebook("a.ipynb", actions.NotebookNames(sandbox=True))


def patch(_plan):
    (done,) = patch_files(["a.yaml"], "team-ghcr", write=True).files
    return done.reason


def scrub(plan):
    done = actions.scrub_notebooks(plan)
    return "".join(one.reason for one in done.refused)


def a_notebook():
    cell = {
        "cell_type": "code",
        "id": "a",
        "metadata": {},
        "source": f't = "{TOKEN}"',
        "outputs": [],
        "execution_count": None,
    }
    return json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


WRITERS = {
    "save": Writer("a.yaml", None, save()),
    "save --force": Writer("a.yaml", OLD, save(force=True)),
    "save --force, nothing there": Writer("a.yaml", None, save(force=True)),
    "--out": Writer("a.yaml", None, out),
    "new": Writer("a.ipynb", None, new),
    "patch --write": Writer("a.yaml", TEMPLATE, patch),
    "scrub --write": Writer("a.ipynb", a_notebook(), scrub),
    "scrub --write, a first .gitignore": Writer(".gitignore", None, scrub),
    "scrub --write, .gitignore": Writer(".gitignore", "*.log\n", scrub),
}
each_writer = pytest.mark.parametrize("writer", WRITERS.values(), ids=WRITERS)


class Stage:
    """A working folder in a repository, set up anew for each try."""

    def __init__(self, folder, monkeypatch):
        self.folder, self.monkeypatch = folder, monkeypatch
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
        monkeypatch.chdir(folder)
        monkeypatch.setattr(os, "fsync", lambda _: None)  # nobody pulls the plug, and it takes its time

    def set_up(self, writer):
        """Make everything as it was before, and plan what has to be planned."""
        place = self.folder / writer.name
        place.unlink(missing_ok=True)
        if writer.old is not None:
            place.write_text(writer.old)
            place.chmod(0o640)
        if writer.act is not scrub:
            return None
        if writer.name == ".gitignore":
            (self.folder / SETTINGS).write_text(json.dumps({"password": "Xk7-qPz81-vv"}))
            place = self.folder
        return actions.plan_scrub(place)

    def clear(self):
        """Take away what an earlier try has left."""
        for path in self.folder.glob(".aicore-magics-*"):
            shutil.rmtree(path)

    def text(self, writer):
        place = self.folder / writer.name
        return place.read_text() if place.exists() else None

    def left(self, writer):
        """What lies in the folder, beside the file that is written."""
        return sorted({path.name for path in self.folder.iterdir()} - {".git", SETTINGS, writer.name})

    def new_text(self, writer):
        """What the file holds where nothing goes wrong."""
        assert not writer.act(self.set_up(writer))
        text = self.text(writer)
        assert text != writer.old
        assert self.left(writer) == []
        return text

    def what_git_would_take(self, writer):
        listed = ["git", "ls-files", "--others", "--exclude-standard", "-z"]
        raw = subprocess.run(listed, capture_output=True, check=True).stdout
        return [
            path
            for path in map(Path, map(os.fsdecode, raw.split(b"\0")[:-1]))
            if str(path) not in (writer.name, SETTINGS)
        ]

    def at_call(self, number, then, *, before=False):
        """Let *then* happen at the *number*th system call, *before* it or after. Gives what was called."""
        calls = []
        patched = pytest.MonkeyPatch()

        def wrap(name):
            real = getattr(os, name)

            def called(*arguments, **how):
                calls.append(name)
                here = len(calls) == number
                if here and before:
                    then()
                try:
                    return real(*arguments, **how)
                finally:
                    if here and not before:
                        then()

            return called

        for name in CALLS:
            patched.setattr(os, name, wrap(name))
        return SimpleNamespace(calls=calls, undo=patched.undo)


@pytest.fixture
def stage(tmp_path, monkeypatch):
    return Stage(tmp_path, monkeypatch)


def outcome(writer, plan):
    """Why the file was not written, as it was told, or nothing."""
    try:
        return writer.act(plan) or ""
    except AICoreError as error:
        return str(error)
    except KeyboardInterrupt:
        return "stopped"


def every_call(stage, writer, then, *, before):
    """Try the writer once for each of its calls; give the call, how it ended, and what the file holds."""
    for number in range(1, MOST_CALLS):
        stage.clear()
        plan = stage.set_up(writer)
        hook = stage.at_call(number, then, before=before)
        try:
            told = outcome(writer, plan)
        finally:
            hook.undo()
        if len(hook.calls) < number:
            assert number > 10, hook.calls
            return
        yield hook.calls[number - 1], told, stage.text(writer)
    pytest.fail(f"more than {MOST_CALLS} calls")


def no_space():
    raise OSError(errno.ENOSPC, "No space left on device")


def interrupt():
    raise KeyboardInterrupt


@each_writer
def test_an_error_at_any_call(stage, writer):
    """Whichever call fails, what is told is true, and nothing is left but where taking away itself failed."""
    new = stage.new_text(writer)
    for call, told, text in every_call(stage, writer, no_space, before=True):
        assert text == (writer.old if told else new), (call, told)
        if call not in ("unlink", "rmdir", "close"):
            assert stage.left(writer) == [], (call, told)
        assert "Traceback" not in told
    assert stage.new_text(writer) == new
    assert stage.left(writer) == []


@each_writer
def test_ctrl_c_at_any_call(stage, writer):
    """Whenever Ctrl-C comes, the file holds what was told; what a draft leaves, the next write takes away."""
    new = stage.new_text(writer)
    for call, told, text in every_call(stage, writer, interrupt, before=False):
        assert text == (writer.old if told else new), (call, told)
        if call != "close":  # else the test keeps the lock open
            assert stage.new_text(writer) == new


@each_writer
def test_sigkill_at_any_call(stage, writer):
    """Whenever the process is killed, the file is whole, git takes in no text, and the rest goes away."""
    new = stage.new_text(writer)
    seen = set()
    for number in range(1, MOST_CALLS):
        plan = stage.set_up(writer)
        child = os.fork()
        if not child:
            stage.at_call(number, lambda: os.kill(os.getpid(), signal.SIGKILL))
            outcome(writer, plan)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        text = stage.text(writer)
        assert text in (writer.old, new)
        seen.add((text, bool(stage.left(writer))))
        assert [path for path in stage.what_git_would_take(writer) if path.stat().st_size] == []
        assert all(name.startswith(".aicore-magics-") for name in stage.left(writer))
        if not os.WIFSIGNALED(status):
            break
        assert stage.new_text(writer) == new
    else:
        pytest.fail(f"more than {MOST_CALLS} calls")
    assert {(writer.old, False), (writer.old, True), (new, True), (new, False)} == seen, number


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "your share of the disk is full"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "is not writable"),
        (errno.EPERM, "is not writable"),
        (errno.EIO, "the disk has failed"),
        (errno.ENOMEM, "OSError"),
    ],
)
@each_writer
def test_what_a_fault_means(stage, writer, code, words, monkeypatch):
    """A full disk, a read-only folder and the like are named as such."""

    def fail(*_, **__):
        raise OSError(code, "x")

    plan = stage.set_up(writer)
    monkeypatch.setattr(os, "mkdir", fail)
    told = outcome(writer, plan)
    assert "cannot be written" in told
    assert words in told
    assert stage.text(writer) == writer.old


@each_writer
def test_a_disk_that_is_really_full(stage, writer):
    """Where the system itself ends the write half way, nothing is lost, and nothing left."""
    plan = stage.set_up(writer)
    child = os.fork()
    if not child:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (3, 3))
        os._exit(0 if "files of this size are not allowed" in outcome(writer, plan) else 1)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert stage.text(writer) == writer.old
    assert stage.left(writer) == []


@pytest.mark.parametrize("writer", [WRITERS[name] for name in ("patch --write", "scrub --write")])
def test_a_read_only_file(stage, writer, monkeypatch):
    """A write-protected file is left alone, though its folder would let it be replaced."""
    monkeypatch.setattr(os, "access", lambda *_, **__: False)
    assert "write-protected" in outcome(writer, stage.set_up(writer))
    assert stage.text(writer) == writer.old


@each_writer
def test_a_working_folder_that_is_gone(stage, writer, tmp_path, monkeypatch):
    """Where the working folder was removed, that is told, and no new one is made."""
    gone = tmp_path / "gone"
    gone.mkdir()
    stage.folder = gone
    monkeypatch.chdir(gone)
    plan = stage.set_up(writer)
    shutil.rmtree(gone)
    assert re.search(
        "its folder does not exist|does not exist|cannot be read|changed in the meantime",
        outcome(writer, plan),
    )
    assert not gone.exists()


def test_stopped_is_what_it_is_called(stage, monkeypatch):
    """Ctrl-C before anything stands there is Stopped, as everywhere."""
    monkeypatch.setattr(os, "fsync", lambda _: interrupt())
    with pytest.raises(Stopped):
        actions.save_template("a.yaml", NEW, check=False)
    assert stage.left(WRITERS["save"]) == []
