from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest

from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.place import ledger_folder, remove_sandbox_folder, sandbox_folder
from tests.ledger.acts import record


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """A folder for temporary files where everybody may write, as /tmp is."""
    tmp_path.chmod(0o1777)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize("text", ["off", "OFF", " off "])
def test_turned_off(text):
    """`off` turns it off."""
    assert ledger_folder({"AICORE_MAGICS_STATE": text}) is None


def test_where_it_is(tmp_path, monkeypatch):
    """The variable is a folder for all state; without it, it is the user's own for such things."""
    assert ledger_folder({"AICORE_MAGICS_STATE": str(tmp_path)}) == tmp_path / "ledger"
    monkeypatch.chdir(tmp_path)
    assert ledger_folder({"AICORE_MAGICS_STATE": "x"}) == tmp_path / "x" / "ledger"
    assert ledger_folder({"AICORE_MAGICS_STATE": "~/x"}) == Path.home() / "x" / "ledger"
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert ledger_folder({"AICORE_MAGICS_STATE": " "}).parent.name == "aicore-magics"


def test_no_test_writes_into_the_users_folder(own_environment):
    """In a test the ledger is below the home folder that was made for it."""
    assert ledger_folder().is_relative_to(own_environment)


def test_a_sandbox_has_its_own(temporary):
    """Each sandbox has a folder, private, the same each time, which goes when it is removed."""
    folder = sandbox_folder("https://127.0.0.1:1234")
    assert folder == sandbox_folder("https://127.0.0.1:1234") != sandbox_folder("https://127.0.0.1:1235")
    assert folder.parent == temporary
    assert "127" not in folder.name
    assert Ledger(folder).append(record()) == ""
    assert folder.stat().st_mode & 0o777 == 0o700
    remove_sandbox_folder("https://127.0.0.1:1234")
    assert not folder.exists()
    remove_sandbox_folder("https://127.0.0.1:1234")


def test_what_somebody_else_has_put_there(temporary, tmp_path_factory):
    """A link, or a folder that others may open, is neither written, nor read, nor removed."""
    theirs = tmp_path_factory.mktemp("theirs")
    (theirs / "kept").write_text("x")
    sandbox_folder("a").symlink_to(theirs)
    sandbox_folder("b").mkdir()
    sandbox_folder("b").chmod(0o777)
    for name in ("a", "b"):
        assert "another user" in Ledger(sandbox_folder(name)).append(record())
        assert "another user" in Ledger(sandbox_folder(name)).read().fault
        remove_sandbox_folder(name)
        assert os.path.lexists(sandbox_folder(name))
    assert (theirs / "kept").read_text() == "x"


def test_no_folder_for_temporary_files(monkeypatch):
    """Where there is none, the ledger says so, and nothing is made in the working folder."""

    def fail():
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "gettempdir", fail)
    assert Ledger(sandbox_folder("a")).append(record()) == "no home folder"
    remove_sandbox_folder("a")
