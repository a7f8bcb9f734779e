from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from aicore_magics.errors import InvalidFile
from aicore_magics.leaks import gitignore
from aicore_magics.leaks.gitignore import (
    IgnoreLine,
    ignore_line,
    ignored,
    repository,
    tracked,
    write_ignore_line,
)


def git(folder, *words):
    identity = ("-c", "user.name=anna", "-c", "user.email=anna@example.com")
    return subprocess.run(
        ["git", *identity, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def repo(tmp_path):
    """A repository with one file that git ignores, one that it keeps, and one that it does not know."""
    git(tmp_path, "init", "-q")
    for name in ("ignored.json", "kept.json", "new.json", "sub/ignored.json", "ä b.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    git(tmp_path, "add", "kept.json")
    (tmp_path / ".gitignore").write_text("ignored.json\nkept.json\nä b.json")
    return tmp_path


def test_what_git_ignores(repo):
    """Files that git ignores are told from others, below as well; what it keeps already is not ignored."""
    names = ("ignored.json", "kept.json", "new.json", "sub/ignored.json", "ä b.json")
    found = ignored([repo / name for name in names])
    assert found == {repo / "ignored.json", repo / "sub/ignored.json", repo / "ä b.json"}
    assert ignored([]) == set()


def test_relative_paths(repo, monkeypatch):
    """So it is for paths from the working folder."""
    monkeypatch.chdir(repo)
    assert ignored([Path("ignored.json"), Path("new.json")]) == {Path("ignored.json")}


def test_two_repositories(repo):
    """Each file is asked for in the repository that it is in."""
    inner = repo / "inner"
    inner.mkdir()
    git(inner, "init", "-q")
    (inner / ".gitignore").write_text("new.json")
    assert ignored([inner / "new.json", repo / "new.json", repo / "ignored.json"]) == {
        inner / "new.json",
        repo / "ignored.json",
    }


def test_without_git_or_repository(repo, tmp_path_factory, monkeypatch):
    """Where there is no repository, or no git, nothing counts as ignored, so that everything is searched."""
    other = tmp_path_factory.mktemp("none")
    assert ignored([other / "a.json"]) == set()
    assert repository(other) is None
    monkeypatch.setenv("PATH", str(other))
    assert ignored([repo / "ignored.json"]) == set()


def test_a_git_that_does_not_answer(repo, monkeypatch):
    """A git that takes too long is not waited for."""
    slow = repo / "bin" / "git"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{slow.parent}:/usr/bin:/bin")
    monkeypatch.setattr(gitignore, "SECONDS", 0.2)
    assert ignored([repo / "ignored.json"]) == set()


def test_a_repository_runs_no_program_of_its_own(repo):
    """A file monitor that a repository names in its settings is not started."""
    program, trace = repo / "monitor", repo / "trace"
    program.write_text(f"#!/bin/sh\ntouch {trace}\n")
    program.chmod(0o755)
    git(repo, "config", "core.fsmonitor", str(program))
    assert ignored([repo / "ignored.json"]) == {repo / "ignored.json"}
    assert tracked(repo / "kept.json")
    assert not trace.exists()


def test_what_git_keeps(repo):
    """A file that git keeps already is known: for it a line in .gitignore is too late."""
    assert tracked(repo / "kept.json")
    assert not tracked(repo / "new.json")


@pytest.mark.parametrize(
    "name", ["a.json", "#a.json", "!a.json", "a[1]*?.json", "a\\b.json", "a.json  ", ".env"]
)
def test_the_line_names_that_file_alone(repo, name):
    """The line makes git ignore the file, whatever its name, and no other."""
    file = repo / name
    file.write_text("{}")
    assert write_ignore_line(ignore_line(file))
    assert ignored([file, repo / "new.json", repo / "sub" / "a.json"]) == {file}


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, "/a\n"), ("", "/a\n"), ("b", "b\n/a\n"), ("b\n", "b\n/a\n"), ("b\r\n", "b\r\n/a\n")],
)
def test_a_line_is_added_at_the_end(tmp_path, before, after):
    """All that stood there stays, and the line is added once."""
    place = tmp_path / ".gitignore"
    if before is not None:
        place.write_bytes(before.encode())
    line = IgnoreLine(str(tmp_path), "/a")
    assert write_ignore_line(line)
    assert not write_ignore_line(line)
    assert place.read_bytes() == after.encode()


def test_where_it_cannot_be_written(tmp_path):
    """A link that leads nowhere is not followed."""
    (tmp_path / ".gitignore").symlink_to(tmp_path / "none")
    with pytest.raises(InvalidFile):
        write_ignore_line(IgnoreLine(str(tmp_path), "/a"))
