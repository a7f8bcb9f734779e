"""Which files templates are looked for in: each once, those of a folder by their ending, and not too many."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from aicore_magics.templates import template_files as templates_template_files
from aicore_magics.templates.check.check_files import check_files
from aicore_magics.templates.patch.patch_files import patch_files
from aicore_magics.templates.template_files import template_files


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder with templates, other files, and folders that are passed over."""
    for path in ("b.yaml", "a.yml", "sub/c.yaml", "notes.txt", ".git/d.yaml", "venv/e.yaml"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("a: 1\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_folder_gives_its_yaml_files(folder):
    """Sorted, with those in folders below; hidden folders and those of tools are left out."""
    found = [(path.relative_to(folder).as_posix(), named) for path, named in template_files([folder])]
    assert found == [("a.yml", False), ("b.yaml", False), ("sub/c.yaml", False)]


def test_a_named_file_is_given_whatever_it_is(folder):
    """What is named is given, also if it is no YAML, or not there: whoever reads it has to say so."""
    found = [(path.as_posix(), named) for path, named in template_files(["notes.txt", "none.yaml"])]
    assert found == [("notes.txt", True), ("none.yaml", True)]


def test_each_file_once(folder):
    """Named twice, or named and in a folder, or behind a link: it is given once, as it was met first."""
    (folder / "z.yaml").symlink_to(folder / "b.yaml")
    found = [(path.name, named) for path, named in template_files(["./b.yaml", "b.yaml", ".", "sub"])]
    assert found == [("b.yaml", True), ("a.yml", False), ("c.yaml", False)]


def test_no_more_than_can_be_read(folder, monkeypatch):
    """The look is bounded, however many paths are given."""
    assert templates_template_files.MAX_FILES == 2_000
    monkeypatch.setattr(templates_template_files, "MAX_FILES", 2)
    assert len(list(template_files([".", "b.yaml", "sub/c.yaml"]))) == 2


@pytest.mark.parametrize("path", ["~nobody-here/x.yaml", "a\x00b.yaml", 5000 * "x"])
def test_what_is_no_path_ends_nothing(path):
    """A tilde without a home, and what no file system takes, are given on, to be refused by whoever reads."""
    ((given, named),) = template_files([path])
    assert (str(given), named) == (path, True)


def test_a_tilde_is_the_home_folder(folder, monkeypatch):
    """A path may begin with a tilde."""
    monkeypatch.setenv("HOME", str(folder))
    assert [path for path, _ in template_files(["~/b.yaml"])] == [folder / "b.yaml"]


@pytest.mark.parametrize("refused", [".", "sub"])
def test_a_folder_that_cannot_be_listed(refused, folder, monkeypatch):
    """A folder that the system does not let one list is told, and the others are gone through."""
    listing = os.scandir
    place = folder / refused

    def scandir(path):
        if Path(path) == place:
            raise PermissionError(13, "denied", str(path))
        return listing(path)

    monkeypatch.setattr(os, "scandir", scandir)
    unread = []
    found = [path for path, _ in template_files([folder], unread)]
    assert [Path(error.filename) for error in unread] == [place]
    assert (folder / "b.yaml" in found) is (refused == "sub")
    checked = check_files([folder])
    (finding,) = [finding for finding in checked.findings if finding.file == place.as_posix()]
    assert finding.severity == "error"
    assert "the folder cannot be read (PermissionError)" in finding.message
    assert not checked.ok
    patched = patch_files([folder], "other-pull")
    (outcome,) = [outcome for outcome in patched.files if outcome.path == place.as_posix()]
    assert outcome.state == "refused"
    assert "cannot be read (PermissionError)" in outcome.reason
