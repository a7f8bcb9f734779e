from __future__ import annotations

import os
from pathlib import Path

import pytest

from aicore_magics.errors import InvalidFile
from aicore_magics.leaks.files import search_paths
from aicore_magics.leaks.files.search_paths import find_sources, is_settings
from aicore_magics.leaks.scan_result import not_all_read
from tests.base.repositories import a_repository


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


def test_a_link_that_leads_nowhere(tmp_path):
    """A link to itself, or to what is not there, is told as one, and counts as a path that is wrong."""
    for name, target in (("loop.ipynb", "loop.ipynb"), ("gone.ipynb", "none.ipynb")):
        (tmp_path / name).symlink_to(target)
        (one,) = find_sources([tmp_path / name]).unsearched
        assert (one.reason, one.missing) == ("is a link to nothing", True)


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
    assert told.reason == "is larger than 16 MiB: name it to search it, or let git ignore it"


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
    (folder / "link.json").symlink_to(folder / "docker.yaml")
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


def a_folder(folder, outside):
    (folder / "data").symlink_to(outside)
    return "data"


def checkpoints(folder, outside):
    (folder / "deep" / ".ipynb_checkpoints").symlink_to(outside)
    return "deep/.ipynb_checkpoints"


def a_hidden_folder(folder, outside):
    (folder / "now").symlink_to(".venv")
    return "now"


def settings_file(folder, outside):
    (folder / "deep" / ".env").symlink_to(outside / "key.json")
    return "deep/.env"


def settings_in_a_hidden_folder(folder, outside):
    (folder / "now.json").symlink_to(".git/config.json")
    return "now.json"


@pytest.mark.parametrize(
    "link", [a_folder, checkpoints, a_hidden_folder, settings_file, settings_in_a_hidden_folder]
)
def test_what_a_link_leads_to(link, folder, tmp_path_factory):
    """A link to a folder or to settings is told, unless what it leads to is searched as well."""
    outside = tmp_path_factory.mktemp("outside")
    for name in ("key.json", "x.ipynb"):
        (outside / name).write_text("{}")
    place = folder / link(folder, outside)
    (told,) = find_sources([folder]).unsearched
    assert told.path == str(place)
    assert "is a link, which is not followed" in told.reason
    target = place.resolve()
    assert find_sources([folder, target]).unsearched == ()
    found = find_sources([folder / "deep" / "c.ipynb"])
    assert [told.path for told in found.unsearched] == ([str(place)] if link is settings_file else [])


@pytest.mark.parametrize("leads_to", ["outside", "none", ".ipynb_checkpoints", "deep"])
def test_linked_checkpoints_of_a_named_notebook(folder, tmp_path_factory, leads_to):
    """The checkpoint of a notebook is not looked for behind a link; where one may be there, that is told."""
    (folder / ".ipynb_checkpoints" / "a-checkpoint.ipynb").unlink()
    (folder / ".ipynb_checkpoints").rmdir()
    outside = tmp_path_factory.mktemp("outside")
    (outside / "a-checkpoint.ipynb").write_text("{}")
    (folder / ".ipynb_checkpoints").symlink_to(outside if leads_to == "outside" else leads_to)
    found = find_sources([folder / "a.ipynb"], nearby=False)
    assert found.files == (folder / "a.ipynb",)
    told = [(one.path, one.reason) for one in found.unsearched]
    reason = "is a link, which is not followed: name the folder itself"
    assert told == (
        [(str(folder / ".ipynb_checkpoints"), reason)]
        if leads_to in ("outside", ".ipynb_checkpoints")
        else []
    )


def test_links_that_hold_nothing(folder):
    """An editor's lock, which leads nowhere, and a link that git ignores are no word worth."""
    (folder / ".#key.json").symlink_to("anna@host.1234:5678")
    assert find_sources([folder]).unsearched == ()
    repository = a_repository(folder / "repo")
    (repository / "sub" / "ignored.json").unlink()
    (repository / "sub" / "ignored.json").symlink_to("/etc/hostname")
    assert find_sources([repository]).unsearched == ()


@pytest.fixture
def refuse(monkeypatch):
    """Let the system refuse to look at paths, as in a folder that may be listed but not entered."""
    refused = set()
    lstat, stat = os.lstat, os.stat

    def looking(look):
        def at(path, *args, **options):
            if not isinstance(path, int) and os.fspath(path) in refused:
                raise PermissionError(13, "denied", os.fspath(path))
            return look(path, *args, **options)

        return at

    monkeypatch.setattr(os, "lstat", looking(lstat))
    monkeypatch.setattr(os, "stat", looking(stat))
    return lambda *paths: refused.update(map(str, paths))


def test_a_folder_that_may_not_be_entered(folder, refuse):
    """What cannot be looked at is searched, which says why not, and hides nothing that lies beside it."""
    everything = find_sources([folder]).files
    refuse(*(folder / "deep" / name for name in ("key.json", "c.ipynb")))
    assert find_sources([folder]).files == everything
    checkpoint = folder / ".ipynb_checkpoints" / "a-checkpoint.ipynb"
    refuse(checkpoint)
    assert {folder / "a.ipynb", checkpoint, folder / ".env"} <= {*find_sources([folder / "a.ipynb"]).files}


def test_a_folder_above_that_may_not_be_entered(folder, refuse, monkeypatch):
    """A store above is looked for as far as one may look."""
    monkeypatch.chdir(folder / "deep")
    refuse(folder / ".jupyter_ystore.db")
    assert find_sources(["."]).unsearched == ()
    assert Path("c.ipynb") in find_sources(["."]).files


def test_a_working_folder_that_is_gone(tmp_path, monkeypatch, folder):
    """Where the working folder was removed, that is told of it alone."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    found = find_sources([".", folder])
    assert [told.path for told in found.unsearched] == ["."]
    assert folder / "a.ipynb" in found.files


def test_a_path_that_is_none(folder):
    """A path that no file can have is told, and what is named beside it is searched."""
    found = find_sources(["a\0b", folder])
    assert [told.path for told in found.unsearched] == ["a\0b"]
    assert folder / "a.ipynb" in found.files


def test_an_ending_in_capitals(folder):
    """Beside a notebook that was named in capitals, its checkpoint and settings are found as well."""
    (folder / "B.IPYNB").write_text("{}")
    (folder / ".ipynb_checkpoints" / "B-checkpoint.IPYNB").write_text("{}")
    found = named(find_sources([folder / "B.IPYNB"]).files, folder)
    assert {"B.IPYNB", ".ipynb_checkpoints/B-checkpoint.IPYNB", ".env"} <= found


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
    """Of too many files the first are searched, and it is told how many more there are."""
    every = find_sources([folder])
    monkeypatch.setattr(search_paths, "MAX_FILES", 3)
    found = find_sources([folder])
    assert len(found.files) == 3
    left = len(every.files) - 3
    assert found.unsearched[0].reason.startswith("and what follows: at most 3 files are searched at once;")
    assert (found.unsearched[0].files, not_all_read(found.unsearched)) == (left, f"{left} not read")
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
