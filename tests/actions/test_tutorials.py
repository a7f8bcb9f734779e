"""The tutorials in a folder of the user's: all that they link to is there, and nothing is overwritten."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from aicore_magics.actions.tutorials import INDEX, copy_tutorials, tutorials_folder
from aicore_magics.errors import InvalidFile

NOTEBOOKS = {path.name for path in tutorials_folder().glob("*.ipynb")}


def files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_all_are_copied_as_they_are(tmp_path):
    """The folder is made, with every notebook in it, byte for byte; the list of them comes first."""
    done = copy_tutorials(str(tmp_path / "new" / "one"))
    copied = files(tmp_path / "new" / "one")
    assert {name for name in copied if name.endswith(".ipynb")} == NOTEBOOKS
    assert all((tutorials_folder() / name).read_bytes() == raw for name, raw in copied.items())
    assert (set(done.written), done.there) == (set(copied), ())
    assert done.titles[0][0] == INDEX
    assert [name for name, _ in done.titles[1:]] == sorted(NOTEBOOKS - {INDEX})
    assert f"jupyter lab {tmp_path}/new/one/index.ipynb" in str(done)


def test_every_link_leads_somewhere_in_the_copy(tmp_path):
    """A notebook or page in the copy links to nothing that is not there, nor out of the folder."""
    copy_tutorials(str(tmp_path))
    pages = {name: raw for name, raw in files(tmp_path).items() if name.endswith((".ipynb", ".md"))}
    for name, raw in pages.items():
        for link in re.findall(
            r'(?:\]\(|src=\\?")(?!https?:|#)([^)"#\s\\]+)', raw.decode("utf-8", "replace")
        ):
            place = (tmp_path / name).parent / link
            assert place.exists(), (name, link)
            assert tmp_path in place.resolve().parents, (name, link)


def test_a_second_time_nothing_happens(tmp_path):
    """What is there already is left alone, and what is missing is written."""
    first = copy_tutorials(str(tmp_path))
    assert (copy_tutorials(str(tmp_path)).written, str(first) != "") == ((), True)
    (tmp_path / INDEX).unlink()
    done = copy_tutorials(str(tmp_path))
    assert done.written == (INDEX,)
    assert f"{len(first.written) - 1} files already there; not changed." in str(done)


def test_a_file_that_was_changed_is_never_overwritten(tmp_path):
    """It is named, and nothing else is written either."""
    copy_tutorials(str(tmp_path))
    (tmp_path / INDEX).write_text("mine")
    second = sorted(NOTEBOOKS)[1]
    (tmp_path / second).unlink()
    before = files(tmp_path)
    with pytest.raises(InvalidFile, match="has other versions of 1 file") as refused:
        copy_tutorials(str(tmp_path))
    assert INDEX in str(refused.value)
    assert "Nothing was written." in str(refused.value)
    assert files(tmp_path) == before


def no_folder(place):
    place.write_text("a file")
    return place


def below_a_file(place):
    return no_folder(place) / "tutorials"


def dangling_link(place):
    (place / "x").mkdir(parents=True)
    (place / "x" / INDEX).symlink_to(place / "gone")
    return place / "x"


def link_for_a_folder(place):
    (place / "x").mkdir(parents=True)
    (place / "elsewhere").mkdir()
    (place / "x" / "reference").symlink_to(place / "elsewhere")
    return place / "x"


def folder_for_a_file(place):
    (place / "x" / INDEX).mkdir(parents=True)
    return place / "x"


@pytest.mark.parametrize(
    "make", [no_folder, below_a_file, dangling_link, link_for_a_folder, folder_for_a_file, lambda _: "a\0b"]
)
def test_a_folder_that_cannot_be_used(tmp_path, make):
    """It is refused with what is wrong; what was there stays, and nothing is written through a link."""
    folder = make(tmp_path / "place")
    before = {name: raw for name, raw in files(tmp_path).items() if "/x/" not in name}
    with pytest.raises(InvalidFile) as refused:
        copy_tutorials(str(folder))
    assert refused.value.next
    assert {name: raw for name, raw in files(tmp_path).items() if "/x/" not in name} == before


def test_the_data_of_the_result(tmp_path):
    """It is plain data, with where the files are."""
    data = json.loads(json.dumps(copy_tutorials(str(tmp_path)).to_dict()))
    assert (data["result"], data["folder"]) == ("TutorialsCopied", str(tmp_path))
    assert Path(data["place"]).is_absolute() or data["place"].startswith("~")


@pytest.mark.parametrize("folder", ["~/foo", "../tut/rel", "a b/../c", ".", "link/x"])
def test_the_place_is_where_the_files_are(tmp_path, monkeypatch, folder):
    """However the folder is written, what is said of it is the one that has the files."""
    (tmp_path / "tut").mkdir()
    (tmp_path / "tut" / "link").symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path / "tut")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    done = copy_tutorials(folder)
    assert ".." not in done.place
    assert (Path(done.place).expanduser() / INDEX).is_file()
    assert str(done).startswith(f"Tutorials copied to {done.place}.")


@pytest.mark.parametrize("folder", ["x", ".", "../x", "~nobody-of-that-name/x"])
def test_a_working_folder_that_is_gone(tmp_path, monkeypatch, folder):
    """Where the working folder was removed, a sentence says so; a whole path can still be written to."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    with pytest.raises(InvalidFile, match=r"the working folder no longer exists\. Nothing was written\."):
        copy_tutorials(folder)
    assert copy_tutorials(str(tmp_path / "there")).written


@pytest.mark.parametrize("folder", ["", " "])
def test_an_empty_folder_is_none(tmp_path, monkeypatch, folder):
    """What a variable leaves that is not set is refused: the working folder is not filled unasked."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InvalidFile, match="an empty path is not a folder"):
        copy_tutorials(folder)
    assert not [*tmp_path.iterdir()]
