"""Files: those of other people are read whole or refused with the reason, ours written whole or not at all.

Nothing is written but where it was meant to go.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import BinaryIO

from aicore_magics.base.tokens import without_tokens
from aicore_magics.errors import InvalidFile
from aicore_magics.next_steps import OR, Effect, Option


class NotText(str):
    """Why a file could not be read: it is there, and holds something else than UTF-8 text."""

    __slots__ = ()


def read_text(path: str | os.PathLike[str], *, what: str, limit: int) -> str:
    """Give the text of the file *path*, without a byte order mark.

    *what* names the file in errors, *limit* is its largest size in bytes. Raises InvalidFile if there is
    no such file, or it cannot be read, is larger, or is not UTF-8.
    """
    text, fault = text_or_fault(path, limit)
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


def text_or_fault(path: str | os.PathLike[str], limit: int) -> tuple[str, str]:
    """Give the text of the file *path*, or why there is none: one of them is empty, or the file is."""
    raw, fault = read_bytes(path, limit)
    try:
        return raw.decode("utf-8-sig"), fault
    except UnicodeDecodeError:
        return "", NotText("is not UTF-8 text")


def unread(path: str | os.PathLike[str], fault: str, *, what: str) -> str:
    """Say that the file *path* could not be read, and why; *what* names it."""
    # A whole service key, pasted in place of its path, is not repeated.
    named = "" if "{" in str(path) else f" {without_tokens(str(path))!r}"
    return f"{what}{named} {fault}"


def open_to_others(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """Say so, in one sentence, if other users of this machine can read the file *path*."""
    try:
        place = expanded(path)
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
        place = expanded(path)
        if place.exists() and not place.is_file():
            # A pipe would be waited for, for ever.
            return b"", "is a folder" if place.is_dir() else "is no regular file"
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
            raise OSError(f"{os.fspath(path)!r} is no regular file")  # noqa: TRY301 - the handle is closed below
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


LONGEST_NAME = 255  # bytes, as the usual file systems have it


def save_new(path: str, text: str, *, folder: Path, endings: tuple[str, ...], force: bool = False) -> Path:
    """Write *text* to the file *path* below *folder*, and give the place where it stands now.

    *endings* are those that its name may have. Raises InvalidFile, and leaves everything as it was, if the
    path leads out of the folder or through a link, or if the file is there already and *force* was not said.
    """
    place = _place(path, folder, endings)
    reason = _why_not(place, folder, force=force) or _written(place, text.encode("utf-8"), force=force)
    if reason:
        another = ("choose another name", OR, Option("force"), " to replace it.")
        step = another if isinstance(reason, _Taken) else "choose another path."
        raise InvalidFile(f"the file {without_tokens(str(path))!r} {reason}", Effect.NOTHING_WRITTEN, step)
    return place


def replace_file(place: Path, raw: bytes) -> None:
    """Put *raw* in the place of the file's content at once, with its mode kept. Raises OSError."""
    fresh = place.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        _fill(fresh, raw, mode=0o600)
        fresh.chmod(stat.S_IMODE(place.stat().st_mode))
        os.replace(fresh, place)  # noqa: PTH105 - as everywhere for the atomic call
    finally:
        fresh.unlink(missing_ok=True)


class _Taken(str):
    """The reason that something is there already, which can be replaced."""

    __slots__ = ()


_THERE = _Taken("is there already")


def _place(path: str, folder: Path, endings: tuple[str, ...]) -> Path:
    """The path below *folder*, read as both kinds of system would: a backslash leads out on the other one."""
    either = PurePosixPath(path), PureWindowsPath(path)
    reason = ""
    if not path.strip() or any(ord(char) < ord(" ") or ord(char) == 127 for char in path):  # noqa: PLR2004
        reason = "has no usable name"
    elif any(pure.is_absolute() or pure.drive or pure.root or ".." in pure.parts for pure in either):
        reason = "leads out of the working folder"
    elif path.startswith("~"):
        reason = "begins with a tilde, which is not expanded here"
    elif not either[0].name.lower().endswith(endings):
        reason = f"has to end in {' or '.join(endings)}"
    elif any(len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in either[0].parts):
        reason = f"has a name longer than {LONGEST_NAME} bytes"
    if reason:
        shown = "with this name" if len(path) > LONGEST_NAME else ascii(path)
        raise InvalidFile(
            f"the file {shown} {reason}",
            Effect.NOTHING_WRITTEN,
            f"a path below the working folder, for example churn{endings[0]}.",
        )
    return folder / path


def _why_not(place: Path, folder: Path, *, force: bool) -> str:
    """Why *place* cannot be written, seen before anything is; or nothing."""
    for parent in reversed(place.relative_to(folder).parents[:-1]):
        step = folder / parent
        if step.is_symlink():
            return f"stands behind the link {parent.as_posix()}, which is not followed"
        if not step.is_dir():
            return f"stands in a folder that does not exist, {parent.as_posix()}"
    if place.is_symlink():
        return "is a link, which is not followed"
    if place.is_dir():
        return "is a folder"
    return _THERE if place.exists() and not force else ""


def _written(place: Path, raw: bytes, *, force: bool) -> str:
    """Write *raw*, and say why that was not possible, or nothing."""
    try:
        if force and place.exists():
            replace_file(place, raw)
        else:
            _create(place, raw)
    except FileExistsError:
        return _THERE
    except OSError as error:
        return f"cannot be written ({type(error).__name__})"
    return ""


def _create(place: Path, raw: bytes) -> None:
    """Make the file with its whole content at once. Raises FileExistsError if another one was quicker."""
    fresh = place.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        _fill(fresh, raw, mode=0o666)
        try:
            os.link(fresh, place)  # fails if the name is taken by now, unlike a rename
        except FileExistsError:
            raise
        except OSError:
            # A file system without links: exclusive still, though no longer in one step.
            _fill(place, raw, mode=0o666)
    finally:
        fresh.unlink(missing_ok=True)


def _fill(place: Path, raw: bytes, *, mode: int) -> None:
    """Make the file *place* anew with *raw* in it, on disk before this returns."""
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(raw)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        place.unlink(missing_ok=True)  # the disk is full, or Ctrl-C: half a file is worse than none
        raise
