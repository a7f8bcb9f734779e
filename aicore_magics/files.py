"""The one door to files of other people: short texts, read whole or refused with the reason."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from aicore_magics.errors import InvalidFile


def read_text(path: str | os.PathLike[str], *, what: str, limit: int) -> str:
    """Give the text of the file *path*, without a byte order mark.

    *what* names the file in errors, *limit* is its largest size in bytes. Raises InvalidFile if there is
    no such file, or it cannot be read, is larger, or is not UTF-8.
    """
    text, reason = _read(path, limit)
    if reason:
        # A whole service key, pasted in place of its path, is not repeated.
        named = "" if "{" in str(path) else f" {str(path)!r}"
        raise InvalidFile(f"{what}{named} {reason}. Nothing was sent.", hint="check the path.")
    return text


def open_to_others(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Say so, in one sentence, if other users of this machine can read the file *path*."""
    try:
        place = Path(path).expanduser()
        mode = place.stat().st_mode
    except (OSError, ValueError, RuntimeError):
        return ()
    if os.name != "posix" or not mode & (stat.S_IRGRP | stat.S_IROTH):
        return ()
    return (f"{place.name} can be read by other users of this machine: chmod 600 {place.name}",)


def read_bytes(path: str | os.PathLike[str], limit: int) -> tuple[bytes, str]:
    """Give what the file *path* holds, at most *limit* bytes, and why that is not known, or nothing."""
    try:
        # RuntimeError: there is no home folder for the tilde.
        place = Path(path).expanduser()
        if place.exists() and not place.is_file():
            # A pipe would be waited for, for ever.
            return b"", "is a folder" if place.is_dir() else "is no regular file"
        with place.open("rb") as stream:
            raw = stream.read(limit + 1)
    except FileNotFoundError:
        return b"", "does not exist"
    except (OSError, ValueError, RuntimeError) as error:
        return b"", f"cannot be read ({type(error).__name__})"
    size = f"{limit // 1_000_000} MB" if limit % 1_000_000 == 0 else f"{limit // 1024} KiB"
    return (b"", f"is larger than {size}") if len(raw) > limit else (raw, "")


def _read(path: str | os.PathLike[str], limit: int) -> tuple[str, str]:
    """The text, and why there is none: exactly one of them is empty, unless the file is."""
    raw, reason = read_bytes(path, limit)
    try:
        return raw.decode("utf-8-sig"), reason
    except UnicodeDecodeError:
        return "", "is not UTF-8 text"
