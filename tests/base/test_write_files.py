from __future__ import annotations

import errno
import json
import os
import stat
import threading
from pathlib import Path

import pytest

from aicore_magics.base import drafts, folders, write_files
from aicore_magics.base.folders import NotWritten
from aicore_magics.base.write_files import create, has_other_name, real_place, rewrite, save_new
from aicore_magics.errors import InvalidFile
from aicore_magics.jupyter.wording import NOTEBOOK

YAML = (".yaml", ".yml")
ROWS = [
    row
    for row in json.loads((Path(__file__).parents[1] / "data" / "bad-inputs.json").read_text("utf-8"))[
        "cases"
    ]
    if row["area"] == "filename"
]


def everything(folder):
    """What lies below *folder*: each file with its content, each link with where it leads."""
    return {
        path.relative_to(folder).as_posix(): path.readlink() if path.is_symlink() else path.read_bytes()
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }


def save(folder, path, text="a: 1\n", **how):
    save_new(path, text, folder=folder, endings=YAML, **how)
    return folder / path


@pytest.mark.parametrize("force", [False, True])
def test_what_is_there_already_is_not_written_again(tmp_path, force):
    """The same text is left as it is, write-protected or not, and said to be; any other one is not."""
    place = save(tmp_path, "a.yaml")
    place.chmod(0o444)
    before = place.stat()
    assert not save_new("a.yaml", "a: 1\n", folder=tmp_path, endings=YAML, force=force)
    assert place.stat() == before
    place.chmod(0o644)
    for other in ("a: 2\n", "a: 1", "a: 1\n\n", ""):
        with pytest.raises(InvalidFile, match="exists already"):
            save_new("a.yaml", other, folder=tmp_path, endings=YAML)
    assert save_new("a.yaml", "a: 2\n", folder=tmp_path, endings=YAML, force=True)


@pytest.fixture
def meanwhile(monkeypatch):
    """Let something happen when the draft is whole, and before it takes its place."""

    def meanwhile(act):
        real = os.fsync

        def fsync(handle):
            real(handle)
            act()

        monkeypatch.setattr(os, "fsync", fsync)

    return meanwhile


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
    with pytest.raises(InvalidFile, match="exists already") as caught:
        save(tmp_path, "a.yaml")
    assert "--force" in NOTEBOOK.say(caught.value.next)
    assert everything(tmp_path) == {"a.yaml": b"mine"}


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o664, 0o755])
def test_force_replaces_and_keeps_the_mode(tmp_path, mode):
    """With force the content is new, its mode is the old one, and nothing else lies about."""
    place = tmp_path / "a.yaml"
    place.write_text("mine")
    place.chmod(mode)
    save(tmp_path, "a.yaml", "b: 2\n", force=True)
    assert everything(tmp_path) == {"a.yaml": b"b: 2\n"}
    assert stat.S_IMODE(place.stat().st_mode) == mode


def test_force_makes_a_file_that_is_not_there(tmp_path):
    """A first run with force is as good as without."""
    assert save(tmp_path, "a.yaml", force=True).is_file()


@pytest.mark.parametrize(("mask", "mode"), [(0o022, 0o644), (0o077, 0o600)])
@pytest.mark.parametrize("force", [False, True])
def test_a_new_file_has_the_usual_mode(tmp_path, mask, mode, force):
    """Who may read a new file is what the umask says."""
    before = os.umask(mask)
    try:
        place = save(tmp_path, "a.yaml", force=force)
    finally:
        os.umask(before)
    assert stat.S_IMODE(place.stat().st_mode) == mode


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_owner_and_group_are_kept(tmp_path):
    """A replaced file is still its owner's, and its group's."""
    place = tmp_path / "a.yaml"
    place.write_text("theirs")
    os.chown(place, 1234, 2345)
    place.chmod(0o640)
    save(tmp_path, "a.yaml", force=True)
    rewrite(place, b"a: 1\n", b"b")
    kept = place.stat()
    assert (kept.st_uid, kept.st_gid, stat.S_IMODE(kept.st_mode)) == (1234, 2345, 0o640)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_where_owner_and_group_cannot_be_kept(tmp_path, monkeypatch):
    """What only the old group might read, no other group may."""
    place = tmp_path / "a.yaml"
    place.write_text("theirs")
    os.chown(place, 1234, 2345)
    place.chmod(0o664)

    def not_allowed(*_, **__):
        raise PermissionError

    monkeypatch.setattr(os, "chown", not_allowed)
    save(tmp_path, "a.yaml", force=True)
    kept = place.stat()
    assert (kept.st_uid, kept.st_gid, stat.S_IMODE(kept.st_mode)) == (0, 0, 0o604)


def a_link(work, other):
    (work / "a.yaml").symlink_to(other / "a.yaml")
    return "a.yaml", "is a link"


def a_link_inside(work, other):
    (work / "b.yaml").write_text("mine")
    (work / "a.yaml").symlink_to("b.yaml")
    return "a.yaml", "is a link"


def a_dangling_link(work, other):
    (work / "a.yaml").symlink_to(other / "gone.yaml")
    return "a.yaml", "is a link"


def a_loop(work, other):
    (work / "a.yaml").symlink_to("a.yaml")
    return "a.yaml", "is a link"


def a_linked_folder(work, other):
    (work / "sub").symlink_to(other)
    return "sub/new.yaml", "is behind the link sub, which is not followed"


def a_file_in_a_linked_folder(work, other):
    (work / "sub").symlink_to(other)
    return "sub/a.yaml", "is behind the link sub, which is not followed"


def a_linked_folder_further_up(work, other):
    (other / "deep").mkdir()
    (work / "one").mkdir()
    (work / "one" / "sub").symlink_to(other)
    return "one/sub/deep/a.yaml", "is behind the link one/sub, which is not followed"


def a_looping_folder(work, other):
    (work / "sub").symlink_to("sub")
    return "sub/a.yaml", "is behind the link sub"


def a_dangling_folder(work, other):
    (work / "sub").symlink_to(other / "gone")
    return "sub/a.yaml", "is behind the link sub"


def a_file_for_a_folder(work, other):
    (work / "sub").write_text("mine")
    return "sub/a.yaml", "is in sub, which is not a folder"


def no_folder(work, other):
    return "sub/a.yaml", "is in a folder that does not exist, sub"


def a_folder(work, other):
    (work / "a.yaml").mkdir()
    return "a.yaml", "is a folder"


def a_pipe(work, other):
    os.mkfifo(work / "a.yaml")
    return "a.yaml", "is not a regular file"


def a_second_name(work, other):
    (work / "a.yaml").hardlink_to(other / "a.yaml")
    return "a.yaml", "has a second name"


NO_PLACES = [
    *(a_link, a_link_inside, a_dangling_link, a_loop, a_linked_folder, a_file_in_a_linked_folder),
    *(a_linked_folder_further_up, a_looping_folder, a_dangling_folder, a_file_for_a_folder, no_folder),
    *(a_folder, a_pipe, a_second_name),
]


@pytest.fixture(params=[True, False], ids=["held", "by path"])
def holding(request, monkeypatch):
    """Folders are held open, or, as on Windows, looked at and named by their paths."""
    monkeypatch.setattr(folders, "CAN_HOLD", request.param)


@pytest.mark.parametrize("kind", NO_PLACES)
@pytest.mark.parametrize("force", [False, True])
def test_what_is_no_place_for_a_file(tmp_path, kind, force, holding):
    """Neither the file nor a folder on its way may be a link, nor something else than it should be."""
    other, work = tmp_path / "other", tmp_path / "work"
    other.mkdir()
    work.mkdir()
    (other / "a.yaml").write_text("theirs")
    path, reason = kind(work, other)
    if kind is a_second_name and not force:
        reason = "exists already"
    before = everything(tmp_path)
    with pytest.raises(InvalidFile) as caught:
        save(work, path, force=force)
    assert f"the file {path!r} {reason}" in caught.value.message
    assert caught.value.message.endswith("Nothing was written.")
    assert caught.value.next
    assert everything(tmp_path) == before


@pytest.mark.parametrize("force", [False, True])
def test_by_path_as_well(tmp_path, holding, force):
    """Where folders cannot be held open files are written all the same."""
    (tmp_path / "sub").mkdir()
    assert save(tmp_path, "sub/a.yaml", force=force) == tmp_path / "sub" / "a.yaml"
    save(tmp_path, "sub/a.yaml", "b: 2\n", force=True)
    assert everything(tmp_path) == {"sub/a.yaml": b"b: 2\n"}


def test_folders_are_not_made_up(tmp_path):
    """A folder that is not there is named; one that is there is written to."""
    with pytest.raises(InvalidFile, match="a folder that does not exist, templates"):
        save(tmp_path, "templates/a.yaml")
    (tmp_path / "templates").mkdir()
    assert save(tmp_path, "templates/a.yaml").is_file()


def test_a_working_folder_may_be_a_link(tmp_path):
    """The folder itself was chosen by whoever works there."""
    (tmp_path / "real").mkdir()
    (tmp_path / "work").symlink_to("real")
    save(tmp_path / "work", "a.yaml")
    assert (tmp_path / "real" / "a.yaml").is_file()


def test_a_file_that_came_up_meanwhile_stays(tmp_path, meanwhile):
    """Between looking and writing somebody else was quicker: theirs stays."""
    meanwhile(lambda: (tmp_path / "a.yaml").write_text("theirs"))
    with pytest.raises(InvalidFile, match="exists already"):
        save(tmp_path, "a.yaml")
    assert everything(tmp_path) == {"a.yaml": b"theirs"}


def test_a_file_that_came_up_at_the_last_moment_stays(tmp_path, monkeypatch):
    """Even after the last look nothing is replaced: the system makes the file, or does not."""
    link = os.link

    def late(*arguments, **how):
        (tmp_path / "a.yaml").write_text("theirs")
        link(*arguments, **how)

    monkeypatch.setattr(os, "link", late)
    with pytest.raises(InvalidFile, match="exists already"):
        save(tmp_path, "a.yaml")
    assert everything(tmp_path) == {"a.yaml": b"theirs"}


def test_force_replaces_what_came_up_meanwhile(tmp_path, meanwhile):
    """With force, a file that comes up between look and write is replaced as was asked, and its mode kept."""

    def theirs():
        (tmp_path / "a.yaml").write_text("theirs")
        (tmp_path / "a.yaml").chmod(0o604)

    meanwhile(theirs)
    place = save(tmp_path, "a.yaml", force=True)
    assert everything(tmp_path) == {"a.yaml": b"a: 1\n"}
    assert stat.S_IMODE(place.stat().st_mode) == 0o604


def test_force_makes_what_went_away_meanwhile(tmp_path, meanwhile):
    """With force, a file that goes away between look and write is made."""
    (tmp_path / "a.yaml").write_text("theirs")
    meanwhile((tmp_path / "a.yaml").unlink)
    save(tmp_path, "a.yaml", force=True)
    assert everything(tmp_path) == {"a.yaml": b"a: 1\n"}


@pytest.mark.parametrize("kind", [a_link, a_dangling_link, a_loop, a_folder, a_pipe, a_second_name])
def test_what_comes_up_meanwhile_is_looked_at_again(tmp_path, kind, meanwhile):
    """A link, a folder or a pipe that comes up between look and write is refused with force, too."""
    other, work = tmp_path / "other", tmp_path / "work"
    other.mkdir()
    work.mkdir()
    (other / "a.yaml").write_text("theirs")
    meanwhile(lambda: kind(work, other))
    with pytest.raises(InvalidFile, match="Nothing was written"):
        save(work, "a.yaml", force=True)
    assert (other / "a.yaml").read_text() == "theirs"


@pytest.mark.parametrize("force", [False, True])
@pytest.mark.parametrize("when", ["mkdir", "fsync", "link", "replace"])
def test_a_folder_that_becomes_a_link_meanwhile(tmp_path, monkeypatch, force, when):
    """The file goes to the folder that was looked at, wherever it is by then, never to where a link leads."""
    other, work = tmp_path / "other", tmp_path / "work"
    other.mkdir()
    (work / "sub").mkdir(parents=True)
    (other / "a.yaml").write_text("theirs")
    real = getattr(os, when)

    def swapped(*arguments, **how):
        monkeypatch.setattr(os, when, real)
        (work / "sub").rename(work / "moved")
        (work / "sub").symlink_to(other)
        return real(*arguments, **how)

    monkeypatch.setattr(os, when, swapped)
    save(work, "sub/a.yaml", force=force)
    expected = "sub" if when == ("link" if force else "replace") else "moved"
    assert (work / expected / "a.yaml").read_text() == "a: 1\n"
    assert everything(other) == {"a.yaml": b"theirs"}


def test_a_file_system_without_links(tmp_path, monkeypatch, meanwhile):
    """Where no hard link can be made, the file is written all the same, and exclusively."""

    def no_links(*_, **__):
        raise PermissionError

    monkeypatch.setattr(os, "link", no_links)
    assert save(tmp_path, "a.yaml").read_text() == "a: 1\n"
    meanwhile(lambda: (tmp_path / "b.yaml").write_text("theirs"))
    with pytest.raises(InvalidFile, match="exists already"):
        save(tmp_path, "b.yaml", "b: 2\n")
    assert everything(tmp_path) == {"a.yaml": b"a: 1\n", "b.yaml": b"theirs"}


def test_a_file_system_without_links_that_fails(tmp_path, monkeypatch):
    """There, what fails at the last step leaves no empty file."""

    def fails(*_, **__):
        raise PermissionError(errno.EPERM, "not permitted")

    monkeypatch.setattr(os, "link", fails)
    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(InvalidFile, match="is not writable"):
        save(tmp_path, "a.yaml")
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("force", [False, True])
def test_many_at_once(tmp_path, force):
    """Of many that write the same file, one wins without force, and the last one with it; it is whole."""
    texts = [f"{number}: {'x' * 10_000}\n" for number in range(12)]
    won = []

    def write(text):
        try:
            save(tmp_path, "a.yaml", text, force=force)
        except InvalidFile:
            return
        won.append(text)

    threads = [threading.Thread(target=write, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (written,) = everything(tmp_path).values()
    assert written.decode() in won
    assert len(won) == (12 if force else 1)


def test_a_file_is_rewritten_only_if_it_holds_what_is_said(tmp_path):
    """Between a plan and its write nobody's change is lost."""
    place = tmp_path / "a.yaml"
    place.write_bytes(b"old")
    for other in (b"", b"ol", b"older", b"new"):
        with pytest.raises(NotWritten, match="was changed"):
            rewrite(place, other, b"new")
    rewrite(place, b"old", b"new")
    assert everything(tmp_path) == {"a.yaml": b"new"}
    with pytest.raises(NotWritten, match="was changed"):
        rewrite(tmp_path / "none.yaml", b"", b"new")


def same_text(place):
    place.write_bytes(b"old")


def another_file(place):
    place.with_name("other").write_bytes(b"old")
    place.with_name("other").replace(place)


def changed_rights(place):
    place.chmod(0o600)


def gone(place):
    place.unlink()


def linked(place):
    place.rename(place.with_name("other"))
    place.symlink_to("other")


def second_name(place):
    place.with_name("other").hardlink_to(place)


@pytest.mark.parametrize("change", [same_text, another_file, changed_rights, gone, linked, second_name])
def test_what_changes_meanwhile_is_not_rewritten(tmp_path, change, meanwhile):
    """Whatever becomes of the file between look and write, it is left alone, and that is told."""
    place = tmp_path / "a.yaml"
    place.write_bytes(b"old")
    os.utime(place, (1, 1))
    meanwhile(lambda: change(place))
    with pytest.raises(NotWritten, match="was changed"):
        rewrite(place, b"old", b"new")
    assert b"new" not in everything(tmp_path).values()


@pytest.mark.parametrize("kind", [a_link, a_dangling_link, a_loop, a_folder, a_pipe, a_second_name])
def test_what_is_not_rewritten(tmp_path, kind):
    """A link, a file with two names and what is no file are left alone, and so is what a link leads to."""
    other, work = tmp_path / "other", tmp_path / "work"
    other.mkdir()
    work.mkdir()
    (other / "a.yaml").write_bytes(b"old")
    kind(work, other)
    with pytest.raises(NotWritten, match=r"link|folder|regular"):
        rewrite(work / "a.yaml", b"old", b"new")
    with pytest.raises(NotWritten):
        create(work / "a.yaml", b"new")
    assert (other / "a.yaml").read_bytes() == b"old"


def test_a_folder_that_became_a_link_is_not_written_through(tmp_path):
    """The real path of a plan is no real path any more: nothing is written behind the link."""
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.yaml").write_bytes(b"old")
    (tmp_path / "work").symlink_to("other")
    with pytest.raises(NotWritten, match=f"is behind the link {tmp_path}/work, which"):
        rewrite(tmp_path / "work" / "a.yaml", b"old", b"new")
    with pytest.raises(NotWritten, match="is behind the link"):
        create(tmp_path / "work" / "b.yaml", b"new")
    assert everything(tmp_path / "other") == {"a.yaml": b"old"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_write_protected_file(tmp_path):
    """Protection of the file counts, though its folder would let it be replaced."""
    place = tmp_path / "a.yaml"
    place.write_bytes(b"old")
    place.chmod(0o444)
    with pytest.raises(NotWritten, match="write-protected"):
        rewrite(place, b"old", b"new")
    with pytest.raises(InvalidFile, match="write-protected"):
        save(tmp_path, "a.yaml", force=True)
    assert everything(tmp_path) == {"a.yaml": b"old"}


@pytest.mark.parametrize("force", [False, True])
def test_a_folder_that_vanishes(tmp_path, monkeypatch, force):
    """A working folder that was removed meanwhile is told."""
    with pytest.raises(InvalidFile, match="its folder does not exist"):
        save(tmp_path / "none", "a.yaml", force=force)
    work = tmp_path / "work"
    work.mkdir()
    real = os.mkdir

    def late(*arguments, **how):
        work.rmdir() if work.exists() else None
        return real(*arguments, **how)

    monkeypatch.setattr(os, "mkdir", late)
    with pytest.raises(InvalidFile, match="its folder does not exist"):
        save(work, "a.yaml", force=force)
    assert everything(tmp_path) == {}


@pytest.mark.parametrize(
    ("path", "leads_to"),
    [
        ("a.yaml", "here/a.yaml"),
        ("sub/a.yaml", "here/sub/a.yaml"),
        ("in/a.yaml", "here/sub/a.yaml"),
        ("out/a.yaml", None),
        ("sub/../out/a.yaml", None),
        ("out/../a.yaml", None),
        ("../other/a.yaml", "other/a.yaml"),
        ("../here/out/a.yaml", None),
    ],
)
@pytest.mark.parametrize("whole", [False, True])
def test_where_a_named_path_leads(tmp_path, monkeypatch, path, leads_to, whole):
    """Below the working folder no link may lead out of it; who names another folder means that one."""
    for name in ("here/sub", "other"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "here" / "out").symlink_to("../other")
    (tmp_path / "here" / "in").symlink_to("sub")
    monkeypatch.chdir(tmp_path / "here")
    named = Path.cwd() / path if whole else Path(path)
    if leads_to:
        assert real_place(named) == tmp_path / leads_to
        return
    with pytest.raises(NotWritten, match=f"leads out of the working folder: use {tmp_path}"):
        real_place(named)


def test_where_a_path_leads_from_elsewhere(tmp_path, monkeypatch):
    """A folder elsewhere may be named through a link, and the working folder may be gone."""
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    assert real_place(tmp_path / "link" / "a.yaml") == tmp_path / "real" / "a.yaml"
    (tmp_path / "work").rmdir()
    assert real_place(tmp_path / "link" / "a.yaml") == tmp_path / "real" / "a.yaml"


def test_a_second_name_that_a_kill_has_left(tmp_path):
    """The hard link in a draft that a killed process has left counts as none: it is taken away."""
    place = tmp_path / "a.yaml"
    place.write_text("a: 1\n")
    draft = tmp_path / f".aicore-magics-{drafts.HOST}-0123456789abcdef.tmp"
    draft.mkdir()
    (draft / ".gitignore").write_text("*\n")
    (draft / "new").hardlink_to(place)
    assert not has_other_name(place)
    assert not draft.exists()
    (tmp_path / "b.yaml").hardlink_to(place)
    assert has_other_name(place)


def test_what_failed_is_told_with_what_to_do():
    """Each fault of a disk has words of its own, and a step that helps."""
    assert all(words and fix for words, fix in write_files.FAULTS.values())
