from __future__ import annotations

import pytest

from aicore_magics.errors import InvalidFile
from aicore_magics.leaks import sources
from aicore_magics.leaks.sources import find_sources, is_settings


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
    """A large JSON file beside a notebook is data: counted, and searched only where it is named itself."""
    monkeypatch.setattr(sources, "MAX_SETTINGS_BYTES", 1)
    found = find_sources([folder])
    assert (found.large, found.nearby) == (6, frozenset())
    assert named(find_sources([folder / "docker.yaml"]).files, folder) == {"docker.yaml"}


def test_links_are_not_followed(folder):
    """A folder's links are left out: what they lead to is somewhere else."""
    (folder / "link.ipynb").symlink_to(folder / "a.ipynb")
    (folder / "loop").symlink_to(folder)
    assert "link.ipynb" not in named(find_sources([folder]).files, folder)


def test_numbers_are_bounded(folder, monkeypatch):
    """Of too many files the first are searched, and it is told that there are more."""
    monkeypatch.setattr(sources, "MAX_FILES", 3)
    found = find_sources([folder])
    assert len(found.files) == 3
    assert found.unsearched[0].reason == "and what follows: more than 3 files"
    monkeypatch.setattr(sources, "MAX_ENTRIES", 4)
    assert "more than 4 files and folders" in find_sources([folder]).unsearched[0].reason


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
