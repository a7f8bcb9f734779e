"""Where the ledger lies: the folder of this user, and one for each sandbox, which goes away with it."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.files import at_home

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "AICORE_MAGICS_STATE"
OFF = "off"
_LEDGER = "ledger"
_APP = "aicore-magics"
_PRIVATE = 0o700


def ledger_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder of the ledger of this user, which need not exist; None if it is turned off.

    It is below AICORE_MAGICS_STATE, if *environ* has that, else in the user's folder for the state of
    programs. Where there is no home folder the path is not absolute, and a ledger says so when it is written.
    """
    chosen = environ.get(VARIABLE, "").strip()
    if chosen.lower() == OFF:
        return None
    if chosen:
        return _absolute(Path(chosen)) / _LEDGER
    import platformdirs  # at first use: %load_ext needs none

    try:
        return platformdirs.user_state_path(_APP, appauthor=False) / _LEDGER
    except RuntimeError:  # its later versions say so; earlier ones give a path that is not absolute
        return Path(_LEDGER)


def sandbox_folder(identity: str) -> Path:
    """Return the temporary folder of the sandbox *identity*, which need not exist: its ledger and its key.

    It is this user's own. A ledger makes it when it is written, and uses none that others may write in, or
    have put there: see `is_safe`.
    """
    who = os.getuid() if hasattr(os, "getuid") else "user"
    name = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    try:
        temporary = Path(tempfile.gettempdir())
    except OSError:  # none of them can be written
        temporary = Path()
    return temporary / f"{_APP}-{who}-{name}"


def remove_sandbox_folder(identity: str) -> None:
    """Take away the folder of the sandbox *identity*, if it is there and is this user's own."""
    folder = sandbox_folder(identity)
    if folder.is_absolute() and is_safe(folder):
        shutil.rmtree(folder, ignore_errors=True)


def make_folder(folder: Path) -> list[Path]:
    """Make *folder*, and what is missing above it, for this user only; return what was made. Raises OSError.

    Windows has no such modes: there, who may read it is what the folder above says.
    """
    missing = []
    for place in (folder, *folder.parents):
        if os.path.lexists(place):
            break
        missing.append(place)
    for place in reversed(missing):
        try:
            place.mkdir(_PRIVATE)
        except FileExistsError:  # another process was quicker
            if not place.is_dir():
                raise
    return missing


def is_safe(folder: Path) -> bool:
    """Whether nobody else can have put *folder* there, or is let in, if it is below one where all may write.

    Then each folder from that one down is this user's own, no link, and nobody else may write in it; one on
    the way may be the system's. Elsewhere, as in a home folder, who owns it says little: on network drives
    all may belong to nobody.
    """
    if not hasattr(os, "getuid"):
        return True
    below: list[os.stat_result] = []
    there = _status(folder)
    for above in folder.parents:
        below += [there] if there else []
        there = _status(above)
        if there and _all_may_write(above, there):
            closed = 0o077 if above == folder.parent else 0o022
            return all(_is_ours(each, closed) for each in below)
    return True


def _status(place: Path) -> os.stat_result | None:
    """What is at *place*; None for what cannot be seen, which cannot be used either."""
    try:
        return place.lstat()
    except (OSError, ValueError):
        return None


def _all_may_write(place: Path, there: os.stat_result) -> bool:
    if stat.S_ISLNK(there.st_mode):
        try:
            there = place.stat()  # a link itself has all rights
        except OSError:
            return False
    return bool(there.st_mode & stat.S_IWOTH)


def _is_ours(there: os.stat_result, closed: int) -> bool:
    """Whether it is no link, this user's or the system's, with none of the rights *closed*.

    A file is left to whoever takes it for a folder.
    """
    if stat.S_ISLNK(there.st_mode):
        return False
    return not there.st_mode & closed and there.st_uid in (os.getuid(), 0)


def _absolute(path: Path) -> Path:
    try:
        return at_home(path).absolute()
    except OSError:  # the working folder is gone
        return path
