"""IPython's `history.sqlite`: every line that was run, and what it gave where the user keeps that, too."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from aicore_magics.base.files import expanded
from aicore_magics.leaks.detect import in_piece
from aicore_magics.leaks.files.notebook_texts import Part, plain_piece
from aicore_magics.leaks.values import forms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicore_magics.leaks.files.notebook_texts import Piece

NAME = "history.sqlite"
MAX_ROWS = 200_000  # of each table, the newest first
MAX_CHARACTERS = 67_108_864  # of all rows together
MAX_PROFILES = 50
_WAIT = 2.0  # seconds, for another process that writes
_NO_HISTORY = "is not a history of IPython, or is being written"


class _Column(NamedTuple):
    table: str
    column: str
    word: str
    searched: bool


# `source` is the same line as `source_raw`, with magics written out: it is cleaned, but not told twice.
_COLUMNS = (
    _Column("history", "source_raw", "input", searched=True),
    _Column("history", "source", "input", searched=False),
    _Column("output_history", "output", "output", searched=True),
)


def history_files() -> tuple[list[Path], list[tuple[Path, str]]]:
    """List the histories of this user's IPython profiles, as IPython looks for them, and what is left out.

    Of what is left out, each folder comes with the reason.
    """
    home = Path(os.environ.get("IPYTHONDIR") or "~/.ipython")
    try:
        home = expanded(home)
        profiles = sorted(home / name for name in os.listdir(home) if name.startswith("profile_"))  # noqa: PTH208
        files = [profile / NAME for profile in profiles if _may_be_there(profile / NAME)]
    except (FileNotFoundError, NotADirectoryError):
        return [], []
    except (OSError, RuntimeError, ValueError) as error:
        return [], [(home, f"cannot be read ({type(error).__name__})")]
    more = len(files) > MAX_PROFILES
    left_out = [(home, f"was searched for the histories of only {MAX_PROFILES} profiles")] if more else []
    return files[:MAX_PROFILES], left_out


def _may_be_there(file: Path) -> bool:
    """Whether *file* exists, or that cannot be seen: whoever reads it says so."""
    try:
        file.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def history_pieces(path: Path) -> tuple[list[Piece], str]:
    """Give the lines in the history *path*, and why not all of them could be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for
            return [], "is not a regular file"
        # Read without a lock, so that no kernel ever waits for it; a log beside it would be passed over so.
        mode = "" if path.with_name(f"{path.name}-wal").exists() else "&immutable=1"
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro{mode}", uri=True, timeout=_WAIT)
        ) as base:
            pieces = list(_bounded(_rows(base)))
            older = _has_older_rows(base)
    except (sqlite3.Error, FileNotFoundError, ValueError):
        return [], _NO_HISTORY
    except OSError as error:
        return [], f"cannot be read ({type(error).__name__})"
    if sum(len(piece.text) for piece in pieces) >= MAX_CHARACTERS:
        return pieces, f"was searched only in its newest {MAX_CHARACTERS // 1048576} MiB"
    return pieces, f"was searched only in its newest {MAX_ROWS} lines" if older else ""


def scrub_history(path: Path, values: Iterable[str]) -> int:
    """Replace the credentials in the history *path*, and have SQLite overwrite what is freed. Give how many.

    Raises sqlite3.Error, and nothing is changed, where another process holds it.
    """
    forms = {form for value in values for form in forms_of(value)}
    replaced = 0
    with closing(sqlite3.connect(path, timeout=_WAIT, isolation_level=None)) as base:
        base.text_factory = _text
        base.execute("PRAGMA secure_delete = ON")
        base.execute("BEGIN IMMEDIATE")
        for column in _COLUMNS:
            replaced += _scrub_column(base, column, forms)
        base.execute("COMMIT")
        base.execute("VACUUM")
    return replaced


def _rows(base: sqlite3.Connection) -> Iterator[Piece]:
    base.text_factory = _text
    tables = {name for (name,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "history" not in tables:
        raise ValueError(_NO_HISTORY)
    for table, column, word, searched in _COLUMNS:
        if searched and table in tables:
            for _, session, line, text in base.execute(_select(table, column)):
                if isinstance(text, (str, bytes)):
                    yield plain_piece(_as_text(text), Part(f"session {session}, {word} {line}", style="code"))


def _has_older_rows(base: sqlite3.Connection) -> bool:
    """Whether a table has more rows than are read of it."""
    tables = {table for (table,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return any(
        base.execute(f"SELECT 1 FROM {table} LIMIT 1 OFFSET {MAX_ROWS}").fetchone()  # noqa: S608 - names of ours
        for table in tables & {column.table for column in _COLUMNS}
    )


def _bounded(pieces: Iterator[Piece]) -> Iterator[Piece]:
    left = MAX_CHARACTERS
    for piece in pieces:
        yield piece
        left -= len(piece.text)
        if left <= 0:
            return


def _scrub_column(base: sqlite3.Connection, column: _Column, forms: set[str]) -> int:
    if not base.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (column.table,)).fetchone():
        return 0
    replaced = 0
    for row, _, _, raw in base.execute(_select(column.table, column.column)).fetchall():
        if not isinstance(raw, (str, bytes)):
            continue
        text = _as_text(raw)
        piece = plain_piece(text, Part("", style="code"))
        found = [one for one in in_piece(piece, forms) if not one.hit.possible]
        for one in reversed(found):
            text = f"{text[: one.hit.start]}{one.hit.kind.placeholder}{text[one.hit.end :]}"
        if found:
            update = f"UPDATE {column.table} SET {column.column} = ? WHERE rowid = ?"  # noqa: S608 - names of ours
            base.execute(update, (text if isinstance(raw, str) else text.encode(), row))
            replaced += len(found) if column.searched else 0
    return replaced


def _select(table: str, column: str) -> str:
    return f"SELECT rowid, session, line, {column} FROM {table} ORDER BY rowid DESC LIMIT {MAX_ROWS}"  # noqa: S608 - names of ours


def _as_text(value: str | bytes) -> str:
    return value if isinstance(value, str) else _text(value)


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
