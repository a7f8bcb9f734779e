from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from aicore_magics.base import files
from aicore_magics.base.files import (
    at_home,
    expanded,
    is_there,
    open_regular,
    open_to_others,
    read_text,
    short_path,
)
from aicore_magics.errors import InvalidFile


def written(folder, raw, name="key.json"):
    place = folder / name
    place.write_bytes(raw)
    return place


def refused(path, limit=100):
    with pytest.raises(InvalidFile) as caught:
        read_text(path, what="the key file", limit=limit)
    return caught.value


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        (b"", ""),
        (b"a\nb\r\n", "a\nb\r\n"),
        ("ä€😀".encode(), "ä€😀"),
        (b"\xef\xbb\xbfabc", "abc"),
        (b"\xef\xbb\xbf\xef\xbb\xbfabc", "\ufeffabc"),
        (b"a\x00b", "a\x00b"),
    ],
)
def test_a_text_is_read_as_it_is(raw, text, tmp_path):
    """Every character is kept, line breaks too; one byte order mark at the beginning is none."""
    assert read_text(written(tmp_path, raw), what="the key file", limit=100) == text


@pytest.mark.parametrize(
    ("place", "there"),
    [
        (".", True),
        ("key.json", True),
        ("gone", False),
        ("key.json/x", False),
        ("a" * 300, False),
        ("\0", False),
    ],
    ids=["folder", "file", "gone", "in a file", "no name", "no path"],
)
def test_whether_a_file_is_there(place, there, tmp_path):
    """What is no name of a file, or too long for one, is not there: never an error."""
    written(tmp_path, b"abc")
    assert is_there(tmp_path / place) is there


def test_a_file_in_a_folder_of_others(tmp_path, monkeypatch):
    """What cannot be seen counts as not there."""

    def forbidden(*_args, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", forbidden)
    assert is_there(tmp_path / "key.json") is False


def test_a_path_may_be_text_and_begin_with_a_tilde(own_environment):
    """The path of a file is written as people write it."""
    written(own_environment, b"abc")
    assert read_text("~/key.json", what="the key file", limit=100) == "abc"


def test_the_limit(tmp_path):
    """A file as large as the limit is read, one byte more is refused, in KiB."""
    assert read_text(written(tmp_path, 2048 * b"x"), what="the key file", limit=2048) == 2048 * "x"
    error = refused(written(tmp_path, 2049 * b"x"), limit=2048)
    assert error.message.endswith("key.json' is larger than 2 KiB. Nothing was sent.")


def test_a_file_without_end_is_not_read():
    """A device or a pipe, which may never end, is refused before it is opened."""
    assert "is not a regular file" in refused("/dev/zero", limit=1024).message


def loop(folder):
    place = folder / "loop"
    place.symlink_to(place)
    return place


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda folder: folder / "none.json", "does not exist"),
        (lambda folder: folder / "none" / "key.json", "does not exist"),
        (lambda folder: written(folder, b"x") / "key.json", "cannot be read (NotADirectoryError)"),
        (lambda folder: folder, "is a folder"),
        (loop, "cannot be read (OSError)"),
        (lambda folder: folder / (500 * "x"), "cannot be read (OSError)"),
        (lambda folder: folder / "a\x00b", "cannot be read (ValueError)"),
        (lambda folder: folder / "\ud800", "cannot be read (UnicodeEncodeError)"),
        (lambda folder: "~nobody-of-that-name/x", "cannot be read (RuntimeError)"),
        (lambda folder: written(folder, b"\xff\xfea\x00"), "is not UTF-8 text"),
        (lambda folder: written(folder, "ä".encode("latin-1")), "is not UTF-8 text"),
    ],
    ids=[
        "missing",
        "folder missing",
        "file as folder",
        "folder",
        "loop",
        "long",
        "NUL",
        "surrogate",
        "no home",
        "16",
        "latin",
    ],
)
def test_what_cannot_be_read(make, reason, tmp_path):
    """Whatever is wrong with a file, one sentence names it, its path and the reason; nothing hangs on it."""
    path = make(tmp_path)
    error = refused(path)
    assert error.message == f"the key file {str(path)!r} {reason}. Nothing was sent."
    assert error.hint == "check the path."
    assert (error.__cause__, error.__context__) == (None, None)


@pytest.mark.parametrize("raw", [b"canary \xff", b"canary \xc3"])
def test_the_content_of_a_file_is_not_repeated(raw, tmp_path):
    """No refusal repeats what stands in the file, nor holds an error that does."""
    error = refused(written(tmp_path, raw))
    assert "canary" not in f"{error}{error.__dict__}{error.args}"
    assert error.__context__ is None


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o000, 0o700, 0o622, 0o611])
def test_a_file_of_ones_own(mode, tmp_path):
    """A file that nobody else can read is worth no word."""
    place = written(tmp_path, b"")
    place.chmod(mode)
    assert open_to_others(place) == ()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o666, 0o777])
def test_a_file_that_others_can_read(mode, tmp_path):
    """A file that group or others can read is told, with the command that ends it."""
    place = written(tmp_path, b"")
    place.chmod(mode)
    assert open_to_others(place) == (
        f"key.json can be read by other users of this machine: chmod 600 {place}",
    )


FOLDERS = ["a b", "it's", 'a"b', "$HOME", "a;b", "`a`", "a~b", "-x", "é", "a\\b", "*"]


@pytest.mark.skipif(os.name != "posix", reason="left out: only POSIX has these modes")
@pytest.mark.parametrize("at", ["folder", "home", "here"])
@pytest.mark.parametrize("name", FOLDERS)
def test_the_line_that_closes_a_file_can_be_pasted(name, at, tmp_path, own_environment, monkeypatch):
    """A shell in any folder runs it, and it is that file that nobody else can read from then on."""
    folder = (own_environment if at == "home" else tmp_path) / name
    folder.mkdir()
    place = folder / name
    place.write_bytes(b"x")
    place.chmod(0o644)
    monkeypatch.chdir(folder)
    given = {"home": f"~/{name}/{name}", "here": f"./{name}", "folder": f"{place}"}[at]
    (told,) = open_to_others(given)
    _, _, line = told.partition("of this machine: ")
    assert line.startswith("chmod 600 ")
    assert ("~/" in line.split("'")[0]) is (at == "home")
    subprocess.run(["/bin/sh", "-c", line], cwd="/", check=True)
    assert place.stat().st_mode & 0o777 == 0o600
    assert open_to_others(given) == ()


@pytest.mark.skipif(os.name != "posix", reason="left out: only POSIX has these modes")
@pytest.mark.parametrize("name", ["ghp_" + 6 * "ab1c", "a\nb", "a\x1bb"])
def test_a_file_whose_path_cannot_be_shown(name, tmp_path):
    """A path with a token or a control character in it is in no line to paste; words say what to do."""
    (tmp_path / name).mkdir()
    place = written(tmp_path / name, b"")
    place.chmod(0o644)
    assert open_to_others(place)[0].endswith("of this machine: make it readable only by you.")


def test_a_file_of_the_home_folder_that_others_can_read(own_environment):
    """The mode of a path with a tilde is looked at, too."""
    written(own_environment, b"").chmod(0o644)
    assert len(open_to_others("~/key.json")) == 1


@pytest.mark.parametrize("path", ["~nobody-of-that-name/x", "/none/x", "a\x00b", "\ud800"])
def test_the_mode_of_what_is_not_there(path):
    """Of a file that cannot be looked at nothing is said."""
    assert open_to_others(path) == ()


def test_where_modes_mean_nothing(tmp_path, monkeypatch):
    """Where the system has no such modes, nothing is said of them."""
    place = written(tmp_path, b"")
    place.chmod(0o666)
    monkeypatch.setattr(files, "os", SimpleNamespace(name="nt"))
    assert open_to_others(place) == ()


def test_a_service_key_in_place_of_its_path_is_not_repeated():
    """Who pastes the JSON itself is told that there is no such file, without it."""
    told = refused('{"clientsecret": "hunter2"}')
    assert told.message == "the key file does not exist. Nothing was sent."


@pytest.mark.parametrize(
    "content",
    [
        "anna:canary",
        "https://anna:canary@ghcr.io",
        "https://canary@ghcr.io",
        "eyJhdXRocyI6eyJnaGNyLmlvIjp7ImF1dGgiOiJZVzV1WVRwd2R3PT0ifX19",
        "eyJhdXRocyI6eyJhLmlvIjp7ImF1dGgiOiJZVHBp/n19fQ==",
        "anna:pw@registry.example.com",
        "first line\ncanary",
        "[client] {canary}",
        "canary/" * 20_000,
    ],
)
def test_other_content_in_place_of_a_path_is_not_repeated(content):
    """What may be a login, base64 or text of several lines is not shown as the path that it is no path of."""
    assert refused(content).message in (
        "the key file does not exist. Nothing was sent.",
        "the key file cannot be read (OSError). Nothing was sent.",
    )


@pytest.mark.parametrize(
    "path",
    [
        *("none.json", "~/none/key.json", "C:\\none\\key.json", "C:none.json", "/none/Größe 2/key (1).json"),
        *("/none/service-key-of-team-2026.json", "none/my_project_notebooks_and_more/x.json", "../none"),
    ],
)
def test_a_path_is_repeated(path):
    """A path by its looks is shown, so that one sees what is wrong with it."""
    assert refused(path).message == f"the key file {path!r} does not exist. Nothing was sent."


@pytest.mark.parametrize("name", ["pipe", "folder", "link to a pipe", "/dev/zero", "none"])
def test_what_is_no_file_is_not_opened(name, tmp_path):
    """Opening what is no regular file ends at once with an error: a pipe is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "link to a pipe").symlink_to("pipe")
    before = os.dup(0)
    os.close(before)
    with pytest.raises(OSError, match=r"regular file|No such"):
        open_regular(tmp_path / name)
    after = os.dup(0)
    os.close(after)
    assert after == before, "what was opened is open still"
    (tmp_path / "file").write_bytes(b"abc")
    with open_regular(tmp_path / "file") as stream:
        assert stream.read() == b"abc"


def test_the_home_folder_and_back(monkeypatch, tmp_path):
    """A tilde stands for the home folder, and a path in it is shown with the tilde again."""
    monkeypatch.setenv("HOME", str(tmp_path))
    assert at_home("~/a/b") == expanded("~/a/b") == tmp_path / "a" / "b"
    assert short_path(tmp_path / "a" / "b") == short_path(Path("~/a/b")) == "~/a/b"
    assert short_path(Path("/elsewhere/a")) == "/elsewhere/a"
    assert short_path(Path("a")) == "a"


def test_a_home_folder_that_nobody_has():
    """The tilde of somebody who is not known stays, or is an error, as the caller asks."""
    nobody = "~zqx-nobody/key.json"
    assert at_home(nobody) == Path(nobody)
    assert short_path(Path(nobody)) == nobody
    with pytest.raises(RuntimeError):
        expanded(nobody)


def test_no_other_module_looks_for_the_home_folder():
    """Outside the sandbox, a tilde is filled in here alone."""
    root = Path(files.__file__).parents[1]
    texts = {path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*.py")}
    seekers = {name for name, text in texts.items() if "expanduser" in text or "Path.home" in text}
    assert {name for name in seekers if not name.startswith("sandbox/")} == {"base/files.py"}
