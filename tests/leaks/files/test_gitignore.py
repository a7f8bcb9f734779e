from __future__ import annotations

import codecs
import os
import shutil
import socket
import stat
import subprocess

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aicore_magics.base.folders import NotWritten
from aicore_magics.base.git import ignored
from aicore_magics.leaks.files import gitignore
from aicore_magics.leaks.files.gitignore import has_ignore_line, ignore_line, write_ignore_line
from tests.base.repositories import a_repository


@pytest.fixture
def repo(tmp_path):
    """A repository that ignores nothing."""
    folder = a_repository(tmp_path / "repo")
    (folder / ".gitignore").unlink()
    return folder


@pytest.mark.parametrize(
    "name",
    [
        *("a.json", "#a.json", "!a.json", "a[1]*?.json", "a\\b.json", "a.json  ", ".env", "a\\", "a\\ "),
        *(
            "**x.json",
            "a\t",
            " ",
            "  a.json",
            "!",
            "#",
            "a\x0b\x0c\x85.json",
            "ä.json",
            "a\udcff.json",
            "-x.json",
        ),
    ],
)
def test_the_line_names_that_file_alone(repo, name):
    """The line makes git ignore the file, whatever its name, and no other."""
    file = repo / name
    file.write_text("{}")
    line = ignore_line(file)
    assert write_ignore_line(line.line, repo)
    assert has_ignore_line(line.line, repo)
    assert ignored([file, repo / "new.json", repo / "sub" / "a.json"]).files == {file}


# What patterns are made of comes often, beside any byte that a file's name may hold.
NAMES = st.lists(
    st.sampled_from([b"#", b"!", b" ", b"\\", b"*", b"?", b"[", b"]", b"a", b"-", b"^", b"\t", b"~", b"\xe4"])
    | st.integers(1, 255).map(lambda number: bytes([number])),
    min_size=1,
    max_size=8,
).map(b"".join)


@pytest.fixture(scope="module")
def plain_repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    return folder


@settings(max_examples=150)
@given(name=NAMES, others=st.lists(NAMES, max_size=3))
@example(name=b"a\rb", others=[])
@example(name=b"a ", others=[b"a"])
@example(name=b"[a]", others=[b"a"])
@example(name=b"*", others=[b"a"])
def test_any_name_is_ignored_alone(plain_repository, name, others):
    """Git ignores the file, and none whose name is another one; a name with a line break has no line."""
    names = {each for each in (name, *others) if b"/" not in each and each not in (b".", b"..", b".git")}
    if name not in names or name.lower() == b".gitignore":
        return
    (plain_repository / ".gitignore").unlink(missing_ok=True)
    line = ignore_line(plain_repository / os.fsdecode(name))
    if b"\n" in name or b"\r" in name:
        assert line is None
        return
    write_ignore_line(line.line, plain_repository)
    asked = subprocess.run(
        ["git", "check-ignore", "-z", "--stdin", "--no-index"],
        cwd=plain_repository,
        input=b"".join(each + b"\0" for each in sorted(names)),
        capture_output=True,
        check=True,
    )
    assert asked.stdout == name + b"\0"


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, "/a\n"), ("", "/a\n"), ("b", "b\n/a\n"), ("b\n", "b\n/a\n"), ("b\r\n", "b\r\n/a\n")],
)
def test_a_line_is_added_at_the_end(tmp_path, before, after):
    """All that stood there stays, and the line is added once."""
    place = tmp_path / ".gitignore"
    if before is not None:
        place.write_bytes(before.encode())
    assert not has_ignore_line("/a", tmp_path)
    assert write_ignore_line("/a", tmp_path)
    assert has_ignore_line("/a", tmp_path)
    assert not write_ignore_line("/a", tmp_path)
    assert place.read_bytes() == after.encode()


@pytest.mark.parametrize(
    ("before", "added"),
    [
        ("/new.json\n!*.json\n", True),
        ("!/new.json\n/new.json\n", False),
        ("/new.json\n# !\n*.log\n", False),
        ("/new.json\n!a\n/new.json\n", False),
        ("/new.json\r\n", False),
    ],
)
def test_a_line_that_is_taken_back_below_is_added_again(repo, before, added):
    """A line counts as there only if no exception follows it; afterwards git ignores the file."""
    (repo / ".gitignore").write_bytes(before.encode())
    assert write_ignore_line("/new.json", repo) is added
    assert ignored([repo / "new.json"]).files == {repo / "new.json"}
    assert not write_ignore_line("/new.json", repo)


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


def a_link(place):
    (place.parent / "theirs").write_text("b\n")
    place.symlink_to("theirs")


def a_link_out(place):
    place.symlink_to(shutil.__file__)


def a_dangling_link(place):
    place.symlink_to("none")


def a_loop(place):
    place.symlink_to(place.name)


def a_second_name(place):
    place.write_text("b\n")
    (place.parent / "other").hardlink_to(place)


def of_powershell(place):
    place.write_bytes(codecs.BOM_UTF16_LE + "b\n".encode("utf-16-le"))


@pytest.mark.parametrize(
    "kind",
    [
        *(a_pipe, a_folder, a_socket, too_large, a_link, a_link_out, a_dangling_link, a_loop, a_second_name),
        of_powershell,
        pytest.param(a_device, marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root makes them")),
    ],
)
def test_what_is_no_list_of_patterns(kind, tmp_path, monkeypatch):
    """Something else of that name is neither waited for nor changed nor followed, and told."""
    monkeypatch.chdir(tmp_path)
    kind(tmp_path / ".gitignore")
    before = os.lstat(".gitignore"), sorted(os.listdir())  # noqa: PTH208 - names are enough
    with pytest.raises(NotWritten) as caught:
        write_ignore_line("/a", tmp_path)
    assert caught.value.reason
    assert caught.value.fix
    assert not has_ignore_line("/a", tmp_path)
    assert (os.lstat(".gitignore"), sorted(os.listdir())) == before  # noqa: PTH208 - as above
