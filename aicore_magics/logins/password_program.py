"""Where the program of a password command is: a path, or a name on the PATH.

It is never run just because the working folder has a file of that name.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.redact import scrub
from aicore_magics.errors import LoginNotFound
from aicore_magics.next_steps import Guess

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.next_steps import Words

_MOST_PROGRAMS = 20_000  # on the PATH, that are looked through for what was meant
_ALIKE = 0.65  # of 1, by difflib's measure: gti is git
# Not the name itself: it may be the password in the wrong place.
_REVOKE = "If you typed a password there, revoke it."


def find_program(word: str) -> str:
    """Give the path of the program that *word* means: a path of its own, or a name on the PATH.

    A relative path is from the working folder. Raises LoginNotFound if there is no such program, or if it is
    found only because the working folder has it.
    """
    if any(separator in word for separator in (os.sep, os.altsep) if separator):
        return _by_path(word)
    found = shutil.which(word)
    # On Windows `which` looks into the working folder first; elsewhere a PATH may say so.
    if found and Path(found).is_absolute():
        return found
    what = "only in the working folder, not on the PATH" if found else "not on the PATH"
    raise LoginNotFound(f"the program of the password command is {what}", next=_instead(word))


def base_name(program: str) -> str:
    """Give the name of a *program* without its folder, safe to show."""
    return scrub(re.split(r"[/\\]" if os.name == "nt" else "/", program)[-1], limit=64)


def _by_path(word: str) -> str:
    if word.startswith("~"):
        raise LoginNotFound(
            "the program of the password command begins with ~, which only a shell replaces",
            next="write the whole path.",
        )
    path = os.path.abspath(word)  # noqa: PTH100  as it was written, with its links
    found = None if "\0" in word else shutil.which(path)
    if found is None:
        raise LoginNotFound(
            "no program has the path in the password command",
            next=f"check the path, and that the file may be run. {_REVOKE}",
        )
    return found


def _instead(word: str) -> Words:
    meant = difflib.get_close_matches(word, {*islice(_programs(), _MOST_PROGRAMS)}, n=1, cutoff=_ALIKE)
    otherwise = f"ive its whole path, or start Jupyter where it works. {_REVOKE}"
    return (Guess((scrub(meant[0], limit=64),)), f"Or g{otherwise}") if meant else f"g{otherwise}"


def _programs() -> Iterator[str]:
    """The names of what stands in the folders of the PATH."""
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    return chain.from_iterable(_names(folder) for folder in folders if os.path.isabs(folder))  # noqa: PTH117


def _names(folder: str) -> list[str]:
    try:
        with os.scandir(folder) as entries:
            return [entry.name for entry in islice(entries, _MOST_PROGRAMS)]
    except OSError:
        return []
