"""Files of ours: written whole or not at all, and nowhere but where they were meant to go.

No link is followed, nor one that comes up meanwhile: the folder is held open, and what stands in it is looked
at again just before it is replaced. What comes up in the moment after that look is replaced itself, never
written through.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from aicore_magics.base.drafts import draft, sweep
from aicore_magics.base.file_names import LONGEST_NAME, why_no_name
from aicore_magics.base.folders import NotWritten, held, same
from aicore_magics.base.tokens import without_tokens
from aicore_magics.errors import InvalidFile
from aicore_magics.next_steps import OR, Effect, Option

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.base.drafts import Draft
    from aicore_magics.base.folders import Folder
    from aicore_magics.next_steps import Words

FAULTS = {
    errno.ENOSPC: ("the disk is full", "free some space, and run it again"),
    errno.EDQUOT: ("your share of the disk is full", "free some space, and run it again"),
    errno.EFBIG: ("files of this size are not allowed there", "choose another place"),
    errno.EROFS: ("its file system is read-only", "choose another place"),
    errno.EACCES: (
        "its folder is not writable",
        "change the folder's permissions, or choose another place",
    ),
    errno.EPERM: ("its folder is not writable", "change the folder's permissions, or choose another place"),
    errno.ENOENT: ("its folder does not exist", "create that folder, and run it again"),
    errno.ENAMETOOLONG: ("its name is too long", "choose a shorter name"),
    errno.EIO: ("the disk has failed", "choose another place"),
    errno.EBUSY: ("another program uses it", "close that program, and run it again"),
}


# Before the umask, and until it has the mode of the file that it replaces.
_USUAL, _PRIVATE = 0o666, 0o600


class _Taken(NotWritten):
    """Something is there already, which can be replaced."""


def save_new(path: str, text: str, *, folder: Path, endings: tuple[str, ...], force: bool = False) -> bool:
    """Write *text* to the file *path* below *folder*; False if the file held just that already.

    *endings* are those that its name may have. Raises InvalidFile, and leaves everything as it was, if the
    path leads out of the folder or through a link, if its name is none on another system, or if the file is
    there already with another text and *force* was not said; else its mode is kept, owner and group where
    they can be.
    """
    _check_name(path, endings)
    *parents, name = PurePosixPath(path).parts if os.sep == "/" else Path(path).parts
    drafts: list[Draft] = []
    try:
        with _facts(), held(folder, parents) as place:
            raw = text.encode("utf-8")
            if _holds(place, name, raw):
                return False
            _put(place, name, raw, drafts, force=force)
    except NotWritten as error:
        reason = error
    except KeyboardInterrupt:
        # Where it came too late, what was asked for is done.
        if not _stands(drafts, folder / path):
            raise
        return True
    else:
        return True
    another: Words = ("choose another name", OR, Option("force"), " to replace it.")
    step = another if isinstance(reason, _Taken) else f"{reason.fix}."
    raise InvalidFile(f"the file {without_tokens(str(path))!r} {reason.reason}", Effect.NOTHING_WRITTEN, step)


def create(place: Path, raw: bytes) -> None:
    """Make the file *place*; its folder is named by its real path. Raises NotWritten, also if it is there."""
    with _facts(), held(Path(place.anchor), place.parent.parts[1:]) as folder:
        _put(folder, place.name, raw, [], force=False)


def rewrite(place: Path, before: bytes, after: bytes) -> None:
    """Put *after* into the file *place* in one step, with its mode kept; owner and group where they can be.

    The file's folder is named by its real path. Raises NotWritten if the file does not hold *before*, or is a
    link, or has a second one.
    """
    with _facts(), held(Path(place.anchor), place.parent.parts[1:]) as folder:
        sweep(folder)
        seen = _holding(folder, place.name, before)
        with draft(folder, after, mode=_PRIVATE) as fresh:
            fresh.take_rights(seen)
            now = folder.lstat(place.name)
            if now is None or not same(now, seen) or now.st_ctime_ns != seen.st_ctime_ns:
                raise _changed()
            fresh.replace(folder, place.name)


def has_other_name(place: Path) -> bool:
    """Whether the file *place* has a second hard link, which would keep what it holds now. Raises OSError."""
    if place.stat().st_nlink == 1:
        return False
    # A process that was killed may have left one.
    with held(place.parent, ()) as folder:
        sweep(folder)
    return place.stat().st_nlink > 1


def real_place(place: Path) -> Path:
    """Return *place* with the real path of its folder, for `create` and `rewrite`.

    Raises NotWritten if it is named by a path below the working folder, and a link on that way leads out of
    it: who names another folder means that one. Raises OSError.
    """
    real = Path(os.path.realpath(place.parent), place.name)
    try:
        here = Path.cwd()
    except FileNotFoundError:  # it was removed: only a whole path leads anywhere
        return real
    below = Path(os.path.normpath(here / place)).is_relative_to(here)
    if below and not real.is_relative_to(os.path.realpath(here)):
        raise NotWritten("is behind a link that leads out of the working folder", f"use {real}")
    return real


def _check_name(path: str, endings: tuple[str, ...]) -> None:
    reason = why_no_name(path, endings)
    if reason:
        shown = "with this name" if len(path) > LONGEST_NAME else ascii(path)
        raise InvalidFile(
            f"the file {shown} {reason}",
            Effect.NOTHING_WRITTEN,
            f"a path below the working folder, for example churn{endings[0]}.",
        )


def _put(folder: Folder, name: str, raw: bytes, drafts: list[Draft], *, force: bool) -> None:
    """Let *raw* stand at *name*, in the place of what is there with *force*. Its draft joins *drafts*."""
    sweep(folder)
    mode = _PRIVATE if _look(folder, name, force=force) else _USUAL
    with draft(folder, raw, mode=mode) as fresh:
        drafts.append(fresh)
        old = _look(folder, name, force=force)
        if not force:
            try:
                fresh.create(folder, name)
            except FileExistsError:
                raise _taken() from None
        else:
            if old:
                fresh.take_rights(old)
            fresh.replace(folder, name)


def _taken() -> NotWritten:
    return _Taken("exists already", "choose another name")


def _changed() -> NotWritten:
    return NotWritten("was changed in the meantime", "run it again")


def _stands(drafts: list[Draft], place: Path) -> bool:
    """Whether one of *drafts* has become the file *place*."""
    with suppress(OSError):
        there = os.lstat(place)
        return any(same(each.stat, there) for each in drafts)
    return False


def _look(folder: Folder, name: str, *, force: bool) -> os.stat_result | None:
    """Tell what is there to be replaced, if anything. Raises NotWritten if it must not be, or OSError."""
    there = folder.lstat(name)
    if there is None:
        return None
    if not force and stat.S_ISREG(there.st_mode):
        raise _taken()
    _refuse(folder, name, there)
    return there


def _refuse(folder: Folder, name: str, there: os.stat_result) -> None:
    """Raise NotWritten if what stands at *name* is not to be replaced by a file."""
    if stat.S_ISLNK(there.st_mode):
        raise NotWritten(
            "is a link, which is not followed", "use the path of the file itself, or remove the link"
        )
    if stat.S_ISDIR(there.st_mode):
        raise NotWritten("is a folder", "choose another name")
    if not stat.S_ISREG(there.st_mode):
        raise NotWritten("is not a regular file", "choose another name")
    if there.st_nlink > 1:
        raise NotWritten(
            "has a second name (a hard link), which would keep the old content", "remove the second name"
        )
    if not os.access(folder.at(name), os.W_OK, dir_fd=folder.handle):
        raise NotWritten("is write-protected", "make it writable")


def _holding(folder: Folder, name: str, before: bytes) -> os.stat_result:
    """Tell what the file *name* is, if it holds *before*; else raise NotWritten."""
    there = folder.lstat(name)
    if there is None:
        raise _changed()
    _refuse(folder, name, there)
    if not _reads(folder, name, there, before):
        raise _changed()
    return there


def _holds(folder: Folder, name: str, raw: bytes) -> bool:
    """Whether *name* is a file with just *raw* in it; what cannot be read is none."""
    try:
        there = folder.lstat(name)
        same_size = there is not None and stat.S_ISREG(there.st_mode) and there.st_size == len(raw)
        return there is not None and same_size and _reads(folder, name, there, raw)
    except OSError:
        return False


def _reads(folder: Folder, name: str, there: os.stat_result, raw: bytes) -> bool:
    """Whether *name*, which was seen as *there*, is still that file, and holds *raw*."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    handle = os.open(folder.at(name), flags | getattr(os, "O_BINARY", 0), dir_fd=folder.handle)
    with os.fdopen(handle, "rb") as stream:
        return same(os.fstat(stream.fileno()), there) and stream.read(len(raw) + 1) == raw


@contextmanager
def _facts() -> Iterator[None]:
    """Let an OSError out as the NotWritten that says what it means here."""
    try:
        yield
    except OSError as error:
        words, fix = FAULTS.get(error.errno or 0, (type(error).__name__, "choose another place"))
        raise NotWritten(f"cannot be written ({words})", fix) from None
