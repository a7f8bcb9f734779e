from __future__ import annotations

import os
import socket
import stat

import pytest

from aicore_magics.base.git import ignored
from aicore_magics.errors import InvalidFile
from aicore_magics.leaks.files import gitignore
from aicore_magics.leaks.files.gitignore import IgnoreLine, ignore_line, write_ignore_line
from tests.base.repositories import a_repository


@pytest.fixture
def repo(tmp_path):
    """A repository that ignores nothing."""
    folder = a_repository(tmp_path / "repo")
    (folder / ".gitignore").unlink()
    return folder


@pytest.mark.parametrize(
    "name", ["a.json", "#a.json", "!a.json", "a[1]*?.json", "a\\b.json", "a.json  ", ".env"]
)
def test_the_line_names_that_file_alone(repo, name):
    """The line makes git ignore the file, whatever its name, and no other."""
    file = repo / name
    file.write_text("{}")
    assert write_ignore_line(ignore_line(file))
    assert ignored([file, repo / "new.json", repo / "sub" / "a.json"]).files == {file}


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


def a_pipe(place):
    os.mkfifo(place)


def a_folder(place):
    place.mkdir()


def a_socket(place):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(os.path.relpath(place))


def too_large(place):
    with place.open("wb") as stream:
        stream.truncate(gitignore.MAX_BYTES + 1)


def a_device(place):
    os.mknod(place, 0o600 | stat.S_IFCHR, os.makedev(1, 5))


@pytest.mark.parametrize(
    "kind",
    [
        a_pipe,
        a_folder,
        a_socket,
        too_large,
        pytest.param(a_device, marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root makes them")),
    ],
)
def test_what_is_no_list_of_patterns(kind, tmp_path, monkeypatch):
    """Something else of that name is neither waited for nor changed."""
    monkeypatch.chdir(tmp_path)
    kind(tmp_path / ".gitignore")
    before = os.lstat(".gitignore")
    with pytest.raises(OSError, match=r"regular file|too large|No such"):
        write_ignore_line(IgnoreLine(str(tmp_path), "/a"))
    assert os.lstat(".gitignore") == before
