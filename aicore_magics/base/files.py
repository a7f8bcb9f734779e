"""Files of other people, which are read whole or refused with the reason."""

from __future__ import annotations

import os
import re
import shlex
import stat
from pathlib import Path
from typing import BinaryIO

from aicore_magics.base.tokens import without_tokens
from aicore_magics.base.wrappers import as_text
from aicore_magics.errors import InvalidFile

_LONGEST_PATH = 1_024  # characters of one that is repeated


class NotText(str):
    """Why a file could not be read: it is there, and holds something else than UTF-8 text."""

    __slots__ = ()


def read_text(path: str | os.PathLike[str], *, what: str, limit: int, utf_16: bool = False) -> str:
    """Give the text of the file *path*, without a byte order mark.

    *what* names the file in errors, *limit* is its largest size in bytes; *utf_16*: what PowerShell writes is
    read, too. Raises InvalidFile if there is no such file, or it cannot be read, is larger, or is not UTF-8.
    """
    text, fault = text_or_fault(path, limit, utf_16=utf_16)
    if fault:
        raise InvalidFile(unread(path, fault, what=what), next="check the path.")
    return text


def expanded(path: str | os.PathLike[str]) -> Path:
    """Return *path* with the home folder in place of a tilde. Raises RuntimeError where there is none."""
    return Path(path).expanduser()


def at_home(path: str | os.PathLike[str]) -> Path:
    """Return *path* with the home folder in place of a tilde, or as it is where there is none."""
    try:
        return expanded(path)
    except RuntimeError:
        return Path(path)


def is_there(place: Path) -> bool:
    """Return whether *place* exists, as far as that can be seen: in a folder of others nothing can."""
    try:
        return place.exists()
    except (OSError, ValueError):
        return False


def short_path(place: Path) -> str:
    """Return *place* as people write it: with a tilde for the home folder."""
    try:
        shown = f"~/{at_home(place).relative_to(at_home('~')).as_posix()}"
    except ValueError:
        shown = str(place)
    return without_tokens(shown)


def place_of(path: str | os.PathLike[str], folder: Path) -> str:
    """Return where *path* below *folder* is on this machine, as people write it; else *path* itself."""
    try:
        return short_path((folder / path).absolute())
    except OSError:
        return without_tokens(os.fspath(path))


def text_or_fault(path: str | os.PathLike[str], limit: int, *, utf_16: bool = False) -> tuple[str, str]:
    """Give the text of the file *path*, or why there is none: one of them is empty, or the file is."""
    raw, fault = read_bytes(path, limit)
    text = as_text(raw, utf_16=utf_16)
    return ("", NotText("is not UTF-8 text")) if text is None else (text, fault)


def unread(path: str | os.PathLike[str], fault: str, *, what: str) -> str:
    """Say that the file *path* could not be read, and why; *what* names it."""
    named = "" if _is_content(str(path)) else f" {without_tokens(str(path))!r}"
    return f"{what}{named} {fault}"


def _is_content(path: str) -> bool:
    """Whether *path* may be what is in the file, pasted in place of its path: a key, `user:token`, base64."""
    # A drive, such as C:\ or D:x, has one letter before its colon.
    if len(path) > _LONGEST_PATH or re.search(r"[{}\n]|://|[^:/\\]{2,}:", path):
        return True
    return any(_looks_coded(part) for part in re.findall(r"[A-Za-z0-9+=]{24,}", path))


def _looks_coded(text: str) -> bool:
    return text.endswith("=") or all(re.search(kind, text) for kind in ("[a-z]", "[A-Z]", "[0-9]"))


def open_to_others(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Say so, in one sentence, if other users of this machine can read the file *path*."""
    try:
        place = expanded(path)
        mode = place.stat().st_mode
    except (OSError, ValueError, RuntimeError):
        return ()
    if os.name != "posix" or not mode & (stat.S_IRGRP | stat.S_IROTH):
        return ()
    return (f"{without_tokens(place.name)} can be read by other users of this machine: {_closing(place)}",)


def _closing(place: Path) -> str:
    """Return the line for any folder that lets nobody else read *place*; words where none can be shown."""
    try:
        path = f"{place.absolute()}"
    except OSError:
        path = ""
    short = short_path(Path(path))
    # A tilde in quotes is none to a shell.
    quoted = f"~/{shlex.quote(short[2:])}" if short.startswith("~/") else shlex.quote(path)
    can_be_shown = path and path.isprintable() and without_tokens(path) == path
    return f"chmod 600 {quoted}" if can_be_shown else "make it readable only by you."


def read_bytes(path: str | os.PathLike[str], limit: int) -> tuple[bytes, str]:
    """Give what the file *path* holds, at most *limit* bytes, and why that is not known, or nothing."""
    try:
        # RuntimeError: there is no home folder for the tilde.
        place = expanded(path)
        if place.exists() and not place.is_file():
            # A pipe would be waited for, for ever.
            return b"", "is a folder" if place.is_dir() else "is not a regular file"
        with open_regular(place) as stream:
            raw = stream.read(limit + 1)
    except FileNotFoundError:
        return b"", "does not exist"
    except (OSError, ValueError, RuntimeError) as error:
        return b"", f"cannot be read ({type(error).__name__})"
    size = f"{limit // 1_000_000} MB" if limit % 1_000_000 == 0 else f"{limit // 1024} KiB"
    return (b"", f"is larger than {size}") if len(raw) > limit else (raw, "")


def open_regular(path: str | os.PathLike[str]) -> BinaryIO:
    """Open the file *path* for reading. Raises OSError, at once, if it is none: a pipe would be waited for.

    That is asked of what was opened, since somebody may put a pipe where a file has just been seen.
    """
    flags = (
        os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOCTTY", 0)
    )
    handle = os.open(path, flags)
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(f"{os.fspath(path)!r} is not a regular file")  # noqa: TRY301 - the handle is closed below
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise
