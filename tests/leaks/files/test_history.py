from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from aicore_magics.leaks.files import history
from aicore_magics.leaks.files.history import history_files, history_pieces, scrub_history
from tests.leaks.samples import PASSWORD, TOKENS

TABLES = """
CREATE TABLE sessions (session integer primary key, start timestamp);
CREATE TABLE history (session integer, line integer, source text, source_raw text);
CREATE TABLE output_history (session integer, line integer, output text, PRIMARY KEY (session, line));
"""


def filled(path, rows, outputs=()):
    """A history as IPython keeps it."""
    with closing(sqlite3.connect(path)) as base:
        base.executescript(TABLES)
        base.executemany(
            "INSERT INTO history VALUES (1, ?, ?, ?)",
            [(i, f"get({row})", row) for i, row in enumerate(rows, 1)],
        )
        base.executemany("INSERT INTO output_history VALUES (1, ?, ?)", list(enumerate(outputs, 1)))
        base.commit()
    return path


def texts(path):
    pieces, reason = history_pieces(path)
    return [(piece.part.name, piece.text) for piece in pieces], reason


def test_every_line_is_read_and_the_file_stays(tmp_path):
    """Inputs and outputs are read, the newest first, and nothing is written, beside it neither."""
    path = filled(tmp_path / "history.sqlite", ["a", "b"], ["1"])
    before = path.read_bytes()
    path.chmod(0o400)
    assert texts(path) == (
        [("session 1, input 2", "b"), ("session 1, input 1", "a"), ("session 1, output 1", "1")],
        "",
    )
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_kernel_that_writes_is_not_waited_for(tmp_path):
    """A history that another process holds is read as it was."""
    path = filled(tmp_path / "history.sqlite", ["a"])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert texts(path)[0] == [("session 1, input 1", "a")]


def test_the_newest_lines_of_a_history_with_a_log(tmp_path):
    """Where SQLite keeps new lines in a log beside the file, they are read as well."""
    path = filled(tmp_path / "history.sqlite", ["a"])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("INSERT INTO history VALUES (2, 1, 'n', 'n')")
        assert texts(path)[0] == [("session 2, input 1", "n"), ("session 1, input 1", "a")]


@pytest.mark.parametrize("raw", [b"", b"no database", b"SQLite format 3\x00" + 100 * b"x"])
def test_what_is_no_history(tmp_path, raw):
    """A file that is none is answered with a reason."""
    path = tmp_path / "history.sqlite"
    path.write_bytes(raw)
    assert texts(path) == ([], "is not a history of IPython, or is being written")
    assert texts(tmp_path / "none") == ([], "is not a history of IPython, or is being written")


def test_what_is_read_is_bounded(tmp_path, monkeypatch):
    """Of a long history the newest lines are read, and it is told that there are more."""
    monkeypatch.setattr(history, "MAX_CHARACTERS", 3)
    found, reason = texts(filled(tmp_path / "history.sqlite", ["aa", "bb", "cc"]))
    assert [text for _, text in found] == ["cc", "bb"]
    assert reason.startswith("was searched only in its newest")


def test_odd_rows(tmp_path):
    """Rows that hold no text, or none that is UTF-8, are passed over or read as far as they go."""
    path = filled(tmp_path / "history.sqlite", ["a"])
    with closing(sqlite3.connect(path)) as base:
        base.execute("INSERT INTO history VALUES (2, 1, NULL, NULL)")
        base.execute("INSERT INTO history VALUES (2, 2, 1, CAST(x'ff61' AS TEXT))")
        base.commit()
    assert [text for _, text in texts(path)[0]] == ["\ufffda", "a"]
    assert scrub_history(path, []) == 0


def test_where_histories_are(own_environment, monkeypatch):
    """The histories of all profiles are found where IPython has them."""
    for profile in ("default", "work"):
        place = own_environment / "ipython" / f"profile_{profile}" / "history.sqlite"
        place.parent.mkdir(parents=True)
        place.touch()
    assert [path.parent.name for path in history_files()[0]] == ["profile_default", "profile_work"]
    monkeypatch.delenv("IPYTHONDIR")
    assert history_files() == ([], [])


def too_many(home, monkeypatch):
    monkeypatch.setattr(history, "MAX_PROFILES", 1)
    return "was searched for the histories of only 1 profiles"


def no_listing(home, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "denied", path)

    monkeypatch.setattr("os.listdir", refuse)
    return "cannot be read (PermissionError)"


def no_path(home, monkeypatch):
    monkeypatch.setattr("os.listdir", [].index)
    return "cannot be read (ValueError)"


@pytest.mark.parametrize("fault", [too_many, no_listing, no_path])
def test_histories_that_are_left_out(fault, own_environment, monkeypatch):
    """Where not every profile is looked into, that is told of their folder."""
    for profile in ("default", "work"):
        filled(profile_of(own_environment, profile), ["a"])
    reason = fault(own_environment, monkeypatch)
    assert history_files()[1] == [(own_environment / "ipython", reason)]


def profile_of(home, profile):
    """The place of a profile's history."""
    place = home / "ipython" / f"profile_{profile}" / "history.sqlite"
    place.parent.mkdir(parents=True)
    return place


def test_a_profile_that_may_not_be_entered(own_environment, monkeypatch):
    """A profile that cannot be looked into is listed, and reading its history says why not."""
    place = filled(profile_of(own_environment, "default"), ["a"])
    refused = {str(place)}
    for name in ("stat", "lstat"):
        look = getattr(os, name)

        def at(path, *args, look=look, **options):
            if not isinstance(path, int) and os.fspath(path) in refused:
                raise PermissionError(13, "denied", os.fspath(path))
            return look(path, *args, **options)

        monkeypatch.setattr(os, name, at)
    assert history_files() == ([place], [])
    assert texts(place) == ([], "cannot be read (PermissionError)")


def test_a_pipe_is_not_waited_for(tmp_path):
    """A history that is a pipe, or a folder, is answered at once."""
    os.mkfifo(tmp_path / "history.sqlite")
    assert texts(tmp_path / "history.sqlite") == ([], "is not a regular file")
    assert texts(tmp_path) == ([], "is not a regular file")


@pytest.mark.parametrize("table", ["history", "output_history"])
def test_more_lines_than_are_read(table, tmp_path, monkeypatch):
    """That the oldest lines were not read is told, of inputs and of outputs."""
    monkeypatch.setattr(history, "MAX_ROWS", 2)
    rows = {"history": (["a", "b"], ["1"]), "output_history": (["a"], ["1", "2"])}[table]
    path = filled(tmp_path / "history.sqlite", *rows)
    assert texts(path)[1] == ""
    with closing(sqlite3.connect(path)) as base:
        values = "(2, 1, 'c', 'c')" if table == "history" else "(2, 1, '3')"
        base.execute(f"INSERT INTO {table} VALUES {values}")
        base.commit()
    assert texts(path)[1] == "was searched only in its newest 2 lines"


def test_lines_that_are_bytes(tmp_path):
    """A line that a program has put there as bytes is read and cleaned like another one."""
    path = filled(tmp_path / "history.sqlite", ["a"])
    line = f"x = '{TOKENS[2].text}'".encode()
    with closing(sqlite3.connect(path)) as base:
        base.execute("INSERT INTO history VALUES (2, 1, ?, ?)", (line, line))
        base.commit()
    assert line.decode() in dict(texts(path)[0]).values()
    assert scrub_history(path, []) == 1
    assert TOKENS[2].text.encode() not in path.read_bytes()


def test_a_password_in_an_option_of_a_magic(tmp_path):
    """A value that a magic was to put into a variable for passwords is taken out of both columns."""
    line = f"%aicore_template workflow x --env PASSWORD={PASSWORD} --save y"
    path = filled(tmp_path / "history.sqlite", [line])
    assert scrub_history(path, []) == 1
    assert PASSWORD.encode() not in path.read_bytes()


def test_scrubbing_leaves_no_byte(tmp_path):
    """What is taken out of a history is nowhere in the file any more; other lines stay."""
    lines = ["a = 1", f'docker_password = "{PASSWORD}"', f"print('{TOKENS[0].text}')", f"x {PASSWORD}"]
    path = filled(tmp_path / "history.sqlite", lines, [f"'{PASSWORD}'"])
    assert scrub_history(path, [PASSWORD]) == 4
    raw = path.read_bytes()
    assert PASSWORD.encode() not in raw
    assert TOKENS[0].text.encode() not in raw
    assert dict(texts(path)[0])["session 1, input 1"] == "a = 1"
    assert dict(texts(path)[0])["session 1, input 2"] == 'docker_password = "REMOVED_REGISTRY_PASSWORD"'
    assert scrub_history(path, [PASSWORD]) == 0


def test_a_history_that_is_held_is_left_alone(tmp_path, monkeypatch):
    """While another process writes, nothing is changed, and that is told."""
    monkeypatch.setattr(history, "_WAIT", 0.05)
    path = filled(tmp_path / "history.sqlite", [TOKENS[0].text])
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError):
            scrub_history(path, [])
    assert texts(path)[0] == [("session 1, input 1", TOKENS[0].text)]
