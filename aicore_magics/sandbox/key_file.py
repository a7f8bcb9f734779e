"""The file that a sandbox's service key is written to: for this user alone, and never another's."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from aicore_magics.sandbox.service_key import is_of_a_sandbox

if TYPE_CHECKING:
    from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_LONGEST_KEY = 65_536  # bytes; a service key has about 700


def write_private(path: Path, text: str) -> None:
    """Write *text* to *path* for this user alone, in one step: no reader sees half of it. Raises OSError."""
    if not path.parent.is_dir():
        raise OSError(f"the folder of --service-key-file does not exist: {path.parent}")
    if path.is_symlink():
        raise OSError(f"{path} is a link: name the file that it leads to")
    if path.exists() and not path.is_file():
        raise OSError(f"{path} is not a regular file")
    if path.exists() and not is_of_a_sandbox(_text_of(path)):
        raise OSError(f"{path} exists and is no service key of a sandbox: name another file, or move it away")
    _take_away_left(path)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            with suppress(OSError):
                _lock(handle)
            stream.write(text)
            stream.flush()
            if fcntl is not None:
                fresh.replace(path)
        if fcntl is None:  # Windows renames no file that is open
            fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _text_of(path: Path) -> str:
    """The text of a file that may be a service key, and nothing of one that is too long for that."""
    with path.open("rb") as stream:
        raw = stream.read(_LONGEST_KEY + 1)
    return raw.decode(errors="replace") if len(raw) <= _LONGEST_KEY else ""


def _take_away_left(path: Path) -> None:
    """Take away what a sandbox has left that was killed while it wrote *path*: nobody holds its lock."""
    left = re.compile(rf"\.{re.escape(path.name)}\.[0-9a-f]{{8}}")
    for place in path.parent.iterdir():
        if left.fullmatch(place.name) and place.is_file() and not place.is_symlink():
            with suppress(OSError), place.open("rb+") as stream:
                _lock(stream.fileno())
                place.unlink()


def _lock(handle: int) -> None:
    """Lock the file. Raises OSError if another process has, or if there are no locks."""
    if fcntl is None:
        raise OSError("no locks here")
    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
