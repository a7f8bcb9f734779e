"""Where a repository keeps what git may read, and which of its settings count."""

from __future__ import annotations

import pytest

from aicore_magics.base.git_folder import GitSettings, Unusable, content_of, repository, repository_files
from tests.base.repositories import a_repository


def listed(*pairs):
    return GitSettings.parse(b"".join(f"{key}\n{value}\0".encode() for key, value in pairs))


@pytest.mark.parametrize(
    ("pairs", "fault"),
    [
        ([], ""),
        ([("core.repositoryformatversion", "1"), ("core.bare", "false")], ""),
        ([("core.repositoryformatversion", "-1")], "its format is unknown"),
        ([("core.repositoryformatversion", "x")], "its format is unknown"),
        ([("core.bare", "YES")], "it has no working tree"),
        ([("core.bare", "true"), ("core.bare", "0")], ""),
        ([("core.worktree", "..")], ""),
        ([("core.worktree", "../..")], "its working tree is another folder"),
        ([("core.worktree", "/elsewhere")], "its working tree is another folder"),
    ],
)
def test_settings_with_which_git_refuses(pairs, fault, tmp_path):
    """Settings are a fault where git would not work in that folder; the last value of one counts."""
    assert listed(*pairs).fault(tmp_path / ".git", tmp_path) == fault


@pytest.mark.parametrize(
    ("key", "empties"),
    [
        ("core.excludesfile", True),
        ("include.path", True),
        ("includeif.gitdir:/a b/.path", True),
        ("core.excludesfiles", False),
        ("remote.include.path.url", False),
    ],
)
def test_options(key, empties):
    """The user's own list of excludes does not count where the repository names, or may name, another."""
    assert ("core.excludesFile=" in listed((key, "x")).words()) is empties


def test_kinds_of_repositories():
    """Whether the digests are long, and whether a working tree has settings of its own, is told."""
    long = listed(("extensions.objectformat", "sha256"), ("extensions.worktreeconfig", "true"))
    assert (long.sha256, long.of_working_tree) == (True, True)
    short = listed(("extensions.objectformat", "sha1"))
    assert (short.sha256, short.of_working_tree) == (False, False)


def test_the_files_of_a_repository(tmp_path):
    """Of a plain repository each file is found in its folder `.git`."""
    folder = a_repository(tmp_path / "repo")
    found = repository_files(folder, [])
    assert repository(folder / "sub") == folder
    assert found.index == folder / ".git" / "index"
    assert found.settings[0] == folder / ".git" / "config"
    assert not found.beside_first


def test_content_has_an_end(tmp_path):
    """A file is read whole or not at all: a last line that is missed may say the opposite of the first."""
    file = tmp_path / "exclude"
    assert content_of(file, 3) == b""
    file.write_bytes(b"abc")
    assert content_of(file, 3) == b"abc"
    with pytest.raises(Unusable, match="its exclude is too large"):
        content_of(file, 2)
