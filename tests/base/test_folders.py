from __future__ import annotations

import os

import pytest

from aicore_magics.base import folders
from aicore_magics.base.folders import NotWritten, close, held, inside


def handles():
    """The number that the next thing opened would get: it grows with what is left open."""
    handle = os.dup(0)
    os.close(handle)
    return handle


def test_a_folder_is_held_wherever_it_goes(tmp_path):
    """What is looked at and taken away is what stands in that folder, though its path leads elsewhere."""
    (tmp_path / "work" / "sub").mkdir(parents=True)
    (tmp_path / "work" / "sub" / "a").write_text("ours")
    before = handles()
    with held(tmp_path, ("work", "sub")) as folder:
        (tmp_path / "work").rename(tmp_path / "moved")
        (tmp_path / "work" / "sub").mkdir(parents=True)
        (tmp_path / "work" / "sub" / "a").write_text("theirs")
        ours = (tmp_path / "moved" / "sub" / "a").stat()
        assert folder.has("a", ours)
        folder.unlink("a")
        assert folder.lstat("a") is None
    assert (tmp_path / "work" / "sub" / "a").read_text() == "theirs"
    assert handles() == before


@pytest.mark.parametrize("can_hold", [True, False])
def test_no_step_is_a_link(tmp_path, monkeypatch, can_hold):
    """The first folder may be a link, and none below it, whether folders are held open or not."""
    monkeypatch.setattr(folders, "CAN_HOLD", can_hold)
    (tmp_path / "real" / "sub").mkdir(parents=True)
    (tmp_path / "link").symlink_to("real")
    before = handles()
    with held(tmp_path / "link", ("sub",)) as folder:
        assert folder.lstat("none") is None
    with pytest.raises(NotWritten, match="link link, which"), held(tmp_path, ("link", "sub")):
        pass
    assert handles() == before


def test_a_link_that_comes_up_after_the_look(tmp_path, monkeypatch):
    """Between the look at a step and the step itself a link is not followed either."""
    (tmp_path / "other").mkdir()
    (tmp_path / "sub").mkdir()
    real = os.stat

    def swapped(path, **how):
        result = real(path, **how)
        if path == "sub" and not (tmp_path / "sub").is_symlink():
            (tmp_path / "sub").rmdir()
            (tmp_path / "sub").symlink_to("other")
        return result

    monkeypatch.setattr(os, "stat", swapped)
    with pytest.raises(OSError, match="sub"), held(tmp_path, ("sub",)):
        pass


def test_inside(tmp_path):
    """One folder further is held, or it is an error: no link, no file."""
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to("sub")
    (tmp_path / "file").touch()
    with held(tmp_path, ()) as folder:
        with inside(folder, "sub") as inner:
            assert inner.path == tmp_path / "sub"
        for name in ("link", "file", "none"):
            with pytest.raises(OSError, match=name), inside(folder, name):
                pass
        folder.rmdir("sub")
        folder.rmdir("sub")
        folder.unlink("none")
    assert not (tmp_path / "sub").exists()


def test_closing_never_fails():
    """What is closed already, or was never open, is no error: nothing depends on it any more."""
    close(None)
    close(10_000)
