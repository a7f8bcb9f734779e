from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.ledger.fingerprint import Fingerprints
from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.place import ledger_folder, remove_sandbox_folder, sandbox_folder
from aicore_magics.model.docker_secret import RegistryLogin
from tests.ledger.acts import left_by, record

TOKEN = RegistryLogin("ghcr.io", "anna", Secret(f"ghp_{'aB3dE5fG7hJ9' * 3}"))


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


def _mode(name, mode):
    return lambda base: (base / name).chmod(mode)


def _theirs(name):
    def change(base):
        if os.getuid():
            pytest.skip("only root can give a folder away")
        os.chown(base / name, 65_534, -1)

    return change


def _link(name):
    def change(base):
        (base / name).rename(base / "elsewhere")
        (base / name).symlink_to(base / "elsewhere")

    return change


# What is done to `state`, `state/in` or `state/in/ledger`, in a folder where all may write; may it be used?
BELOW = {
    "nothing": (lambda _: None, True),
    "ours, and others may look": (_mode("state/in", 0o755), True),
    "the ledger, and others may look": (_mode("state/in/ledger", 0o755), True),
    **{f"the group may write {name}": (_mode(name, 0o770), False) for name in ("state", "state/in")},
    **{f"others may write {name}": (_mode(name, 0o702), False) for name in ("state/in/ledger",)},
    **{f"of another {name}": (_theirs(name), False) for name in ("state", "state/in", "state/in/ledger")},
    **{f"a link {name}": (_link(name), False) for name in ("state", "state/in", "state/in/ledger")},
    # What others may write in is where the way begins.
    "open, and ours from there": (_mode("state", 0o1777), True),
    "open just above, and others may look": (_mode("state/in", 0o1777), False),
}


@pytest.mark.parametrize(("change", "is_used"), BELOW.values(), ids=BELOW)
@pytest.mark.parametrize("mode", [0o1777, 0o777])
def test_on_the_way_from_where_all_may_write(tmp_path, change, is_used, mode):
    """Each folder from there down is this user's own, no link, and nobody else may write in it."""
    folder = tmp_path / "state" / "in" / "ledger"
    left_by(folder, record())
    for each in (folder, folder.parent, folder.parent.parent):
        each.chmod(0o755)
    tmp_path.chmod(mode)
    change(tmp_path)
    told = Ledger(folder).append(record())
    assert told == ("" if is_used else "its folder belongs to another user, or is open to others")
    assert bool(Ledger(folder).read().records) is is_used
    assert bool(Fingerprints(folder).of(TOKEN)) is is_used


@pytest.mark.parametrize("change", [change for change, _ in BELOW.values()], ids=BELOW)
def test_in_a_home(tmp_path, change, monkeypatch):
    """Where all may write nowhere above, it is used whoever owns its folders: network drives have nobody."""
    folder = tmp_path / "state" / "in" / "ledger"
    left_by(folder, record())
    change(tmp_path)
    monkeypatch.setattr(stat, "S_IWOTH", 0)  # as if no folder were open to all
    assert Ledger(folder).append(record()) == ""


def test_no_folder_for_temporary_files(monkeypatch):
    """Where there is none, the ledger says so, and nothing is made in the working folder."""

    def fail():
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "gettempdir", fail)
    assert Ledger(sandbox_folder("a")).append(record()) == "no home folder"
    remove_sandbox_folder("a")
