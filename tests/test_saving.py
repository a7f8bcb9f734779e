"""A file is written whole, where it was meant to go, or not at all."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from aicore_magics import saving
from aicore_magics.errors import InvalidFile

YAML = (".yaml", ".yml")
ROWS = [
    row
    for row in json.loads((Path(__file__).parent / "data" / "bad-inputs.json").read_text("utf-8"))["cases"]
    if row["area"] == "filename"
]


def everything(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def save(folder, path, text="a: 1\n", **how):
    return saving.save_new(path, text, folder=folder, endings=YAML, **how)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_where_a_file_may_go(row, tmp_path, monkeypatch):
    """Each file name of the cases ends as they say; what is refused leaves nothing anywhere."""
    work = tmp_path / "home" / "work"
    work.mkdir(parents=True)
    monkeypatch.setenv("HOME", str(work.parent))
    monkeypatch.chdir(work)
    if row["expect"] == ["accept"]:
        assert save(work, row["value"]).read_text() == "a: 1\n"
        return
    with pytest.raises(InvalidFile, match="file") as caught:
        save(work, row["value"])
    assert "Nothing was written." in caught.value.message
    assert len(caught.value.message) < 200
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("path", ["churn.txt", "churn", ".yaml/x", "a/../b.yaml", "C:x.yaml", "a\x7f.yaml"])
def test_what_else_is_no_name_for_a_template(path, tmp_path):
    """Another ending, a detour and a control character are refused."""
    with pytest.raises(InvalidFile):
        save(tmp_path, path)
    assert everything(tmp_path) == {}


def test_a_file_that_is_there_stays(tmp_path):
    """Without force nothing is replaced, and the hint says how it would be."""
    (tmp_path / "a.yaml").write_text("mine")
    with pytest.raises(InvalidFile, match="is there already") as caught:
        save(tmp_path, "a.yaml")
    assert "--force" in caught.value.hint
    assert everything(tmp_path) == {"a.yaml": b"mine"}


def test_force_replaces_and_keeps_the_mode(tmp_path):
    """With force the content is new, its mode is the old one, and nothing else lies about."""
    place = tmp_path / "a.yaml"
    place.write_text("mine")
    place.chmod(0o664)
    save(tmp_path, "a.yaml", "b: 2\n", force=True)
    assert everything(tmp_path) == {"a.yaml": b"b: 2\n"}
    assert stat.S_IMODE(place.stat().st_mode) == 0o664


def test_force_makes_a_file_that_is_not_there(tmp_path):
    """A first run with force is as good as without."""
    assert save(tmp_path, "a.yaml", force=True).is_file()


@pytest.mark.parametrize("force", [False, True])
def test_no_link_is_followed(tmp_path, force):
    """Neither the file nor a folder on its way may be a link."""
    other = tmp_path / "other"
    work = tmp_path / "work"
    other.mkdir()
    work.mkdir()
    (other / "a.yaml").write_text("mine")
    (work / "a.yaml").symlink_to(other / "a.yaml")
    (work / "gone.yaml").symlink_to(other / "gone.yaml")
    (work / "sub").symlink_to(other)
    for path in ("a.yaml", "gone.yaml", "sub/a.yaml", "sub/b.yaml"):
        with pytest.raises(InvalidFile, match="link"):
            save(work, path, force=force)
    assert everything(other) == {"a.yaml": b"mine"}


def test_folders_are_not_made_up(tmp_path):
    """A folder that is not there is named; one that is there is written to."""
    with pytest.raises(InvalidFile, match="a folder that does not exist, templates"):
        save(tmp_path, "templates/a.yaml")
    (tmp_path / "templates").mkdir()
    assert save(tmp_path, "templates/a.yaml").is_file()
    (tmp_path / "b.yaml").mkdir()
    with pytest.raises(InvalidFile, match="is a folder"):
        save(tmp_path, "b.yaml", force=True)


def test_a_file_that_came_up_meanwhile_stays(tmp_path, monkeypatch):
    """Between looking and writing somebody else was quicker: theirs stays."""
    monkeypatch.setattr(saving, "_why_not", lambda *_, **__: "")
    (tmp_path / "a.yaml").write_text("theirs")
    with pytest.raises(InvalidFile, match="is there already"):
        save(tmp_path, "a.yaml")
    assert everything(tmp_path) == {"a.yaml": b"theirs"}


def test_a_file_system_without_links(tmp_path, monkeypatch):
    """Where no hard link can be made, the file is written all the same, and exclusively."""

    def no_links(*_):
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    assert save(tmp_path, "a.yaml").read_text() == "a: 1\n"
    monkeypatch.setattr(saving, "_why_not", lambda *_, **__: "")
    with pytest.raises(InvalidFile, match="is there already"):
        save(tmp_path, "a.yaml", "b: 2\n")
    assert everything(tmp_path) == {"a.yaml": b"a: 1\n"}


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("error", [OSError, KeyboardInterrupt])
def test_a_full_disk_leaves_nothing_half_written(tmp_path, monkeypatch, error, force):
    """What fails on the way leaves the old file, or none, and no rest."""
    (tmp_path / "old.yaml").write_text("mine")

    def full(_):
        raise error

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InvalidFile if error is OSError else error):
        save(tmp_path, "old.yaml" if force else "new.yaml", force=force)
    assert everything(tmp_path) == {"old.yaml": b"mine"}
