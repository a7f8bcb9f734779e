from __future__ import annotations

import os
from pathlib import Path

import pytest

from aicore_magics.errors import InvalidFile
from aicore_magics.leaks.files import search_paths
from aicore_magics.leaks.files.search_paths import find_sources, is_settings
from tests.leaks.repositories import a_repository


@pytest.fixture
def folder(tmp_path):
    """A folder as notebooks leave it."""
    names = (
        "a.ipynb",
        "b.ipynb",
        ".ipynb_checkpoints/a-checkpoint.ipynb",
        "deep/c.ipynb",
        "deep/key.json",
        "docker.yaml",
        "x.yml",
        ".env",
        ".env.local",
        "prod.env",
        "data.csv",
        "README.md",
        "node_modules/d.ipynb",
        ".venv/e.ipynb",
        ".git/config.json",
    )
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}")
    return tmp_path


def named(found, folder):
    return {str(path.relative_to(folder)) for path in found}


def test_a_folder(folder):
    """A folder stands for its notebooks, their checkpoints and settings; hidden folders are left out."""
    found = find_sources([folder])
    settings = {"deep/key.json", "docker.yaml", "x.yml", ".env", ".env.local", "prod.env"}
    notebooks = {"a.ipynb", "b.ipynb", ".ipynb_checkpoints/a-checkpoint.ipynb", "deep/c.ipynb"}
    assert named(found.files, folder) == settings | notebooks
    assert named(found.nearby, folder) == settings
    assert named(find_sources([folder], nearby=False).files, folder) == notebooks


def test_an_empty_path_is_refused():
    """An empty path would mean the folder that happens to be this one, so it is refused."""
    with pytest.raises(InvalidFile, match="an empty path"):
        find_sources(["a.ipynb", ""])


def test_a_notebook(folder):
    """A notebook stands for itself, its checkpoint, and the settings in its folder."""
    found = find_sources([str(folder / "a.ipynb")])
    assert named(found.files, folder) == {
        "a.ipynb",
        ".ipynb_checkpoints/a-checkpoint.ipynb",
        "docker.yaml",
        "x.yml",
        ".env",
        ".env.local",
        "prod.env",
    }


def test_a_file_that_is_named(folder):
    """Any file that is named is searched, and is not one that merely lies there."""
    found = find_sources([folder / "README.md", folder / ".env"])
    assert named(found.files, folder) == {"README.md", ".env"}
    assert found.nearby == frozenset()


def test_what_is_named_twice_is_searched_once(folder):
    """A file in a folder that is named as well stands there once."""
    found = find_sources([folder, folder / "a.ipynb"])
    assert len(found.files) == len(set(found.files)) == 10


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("none.ipynb", "does not exist"),
        ("a\x00b", "does not exist"),
        ("~nobody-of-that-name/x", "cannot be read (RuntimeError)"),
    ],
)
def test_what_is_not_there(path, reason):
    """A path that leads nowhere is told, with the reason."""
    found = find_sources([path])
    assert found.files == ()
    assert [one.reason for one in found.unsearched] == [reason]


def test_a_collaboration_store(folder):
    """The store of shared edits is told as one that cannot be searched."""
    (folder / ".jupyter_ystore.db").write_bytes(b"x")
    for path in (folder, folder / "a.ipynb"):
        (one,) = find_sources([path]).unsearched
        assert one.path.endswith(".jupyter_ystore.db")
        assert "cannot be searched" in one.reason


def test_a_collaboration_store_above(folder):
    """A server keeps its store where it was started: it is looked for in the folders above, too."""
    (folder / ".jupyter_ystore.db").write_bytes(b"x")
    assert len(find_sources([folder / "deep"]).unsearched) == 1
    assert find_sources([folder / ".jupyter_ystore.db"]).files == ()


def test_what_is_too_large_for_settings(folder, monkeypatch):
    """A very large JSON file beside a notebook is told, and searched only where it is named."""
    monkeypatch.setattr(search_paths, "MAX_SETTINGS_BYTES", 1)
    found = find_sources([folder])
    assert found.nearby == frozenset()
    told = [passed_over for passed_over in found.unsearched if "is larger than" in passed_over.reason]
    assert len(told) == 6
    assert not any(passed_over.partly for passed_over in told)
    assert named(find_sources([folder / "docker.yaml"]).files, folder) == {"docker.yaml"}


def test_what_large_is(folder):
    """Large are settings of more than 16 MiB; a file of that size is read."""
    with (folder / "large.json").open("wb") as stream:
        stream.truncate(16_777_216)
    assert folder / "large.json" in find_sources([folder]).files
    with (folder / "large.json").open("ab") as stream:
        stream.write(b" ")
    (told,) = find_sources([folder]).unsearched
    assert told.reason == "is larger than 16 MiB: name it to have it searched, or let git ignore it"


def test_capital_letters(folder):
    """Endings are endings in capitals, too: some systems do not tell one from the other."""
    for name in ("B.IPYNB", "KEY.JSON", "X.Env"):
        (folder / name).write_text("{}")
    found = find_sources([folder])
    assert {"B.IPYNB", "KEY.JSON", "X.Env"} <= named(found.files, folder)
    assert {"KEY.JSON", "X.Env"} <= named(found.nearby, folder)


def test_links_are_not_followed(folder, tmp_path_factory):
    """Links are not followed: one to a notebook that is not searched anyway is told."""
    (folder / "link.ipynb").symlink_to(folder / "a.ipynb")
    (folder / "loop").symlink_to(folder)
    (folder / "link.json").symlink_to("/etc/hostname")
    found = find_sources([folder])
    assert "link.ipynb" not in named(found.files, folder)
    assert found.unsearched == ()
    outside = tmp_path_factory.mktemp("outside") / "x.ipynb"
    outside.write_text("{}")
    for name, target in (
        ("out.ipynb", outside),
        ("nowhere.ipynb", folder / "none"),
        ("self.ipynb", "self.ipynb"),
    ):
        (folder / name).symlink_to(target)
    told = {Path(passed_over.path).name for passed_over in find_sources([folder]).unsearched}
    assert told == {"out.ipynb", "nowhere.ipynb", "self.ipynb"}
    assert folder / "out.ipynb" in find_sources([folder / "out.ipynb"]).files


def test_a_folder_that_cannot_be_read(folder, monkeypatch):
    """A folder below that cannot be listed is told: what lies in it was not searched."""
    deep = folder
    monkeypatch.chdir(folder)
    for _ in range(20):  # a path longer than a system call takes
        Path(250 * "d").mkdir()
        os.chdir(250 * "d")
        deep = deep / (250 * "d")
    (told,) = find_sources([folder]).unsearched
    assert "cannot be read (OSError)" in told.reason
    assert told.path.startswith(str(folder / (250 * "d")))


def test_what_git_was_not_asked(folder, monkeypatch):
    """Where git gives no answer, everything is searched, and the repository is told with the reason."""
    a_repository(folder)
    (folder / ".gitignore").write_text("mine.yaml\n")
    (folder / "mine.yaml").touch()
    found = find_sources([folder])
    assert (found.ignored, found.unasked) == (1, ())
    monkeypatch.setenv("PATH", "")
    found = find_sources([folder])
    assert (found.ignored, found.unasked) == (0, ((folder, "the program git was not found"),))
    assert folder / "mine.yaml" in found.files


def test_numbers_are_bounded(folder, monkeypatch):
    """Of too many files the first are searched, and it is told that there are more."""
    monkeypatch.setattr(search_paths, "MAX_FILES", 3)
    found = find_sources([folder])
    assert len(found.files) == 3
    assert found.unsearched[0].reason == "and what follows: more than 3 files"
    monkeypatch.setattr(search_paths, "MAX_ENTRIES", 4)
    for path in (folder, folder / "a.ipynb"):
        assert "more than 4 files and folders" in find_sources([path]).unsearched[0].reason


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        (".env", True),
        (".env.prod", True),
        ("a.env", True),
        ("a.dockercfg", True),
        ("env", False),
        ("a.py", False),
    ],
)
def test_what_settings_are_called(name, is_one):
    """Settings are known by their ending."""
    assert is_settings(name) is is_one
