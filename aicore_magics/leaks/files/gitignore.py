"""The line that makes git ignore a file."""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.base.files import open_regular
from aicore_magics.base.folders import NotWritten
from aicore_magics.base.write_files import create, rewrite

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES = 16_777_216
NO_LINE = "has a line break in its name, which .gitignore cannot express: rename it, or git may add it"
_SPECIAL = re.compile(r"([\\*?\[\]])")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class IgnoreLine:
    """A *line* for the `.gitignore` in *folder*."""

    folder: str
    line: str

    def __str__(self) -> str:
        return self.line


def ignore_line(file: Path) -> IgnoreLine | None:
    """Give the line for the `.gitignore` beside *file* that names this file alone; None if none can."""
    if re.search(r"[\r\n]", file.name):
        return None
    name = _SPECIAL.sub(r"\\\1", file.name)
    name = re.sub(r" +\Z", lambda spaces: spaces[0].replace(" ", r"\ "), name)
    return IgnoreLine(str(file.parent), f"/{name}")


def write_ignore_line(line: str, folder: Path) -> bool:
    """Add *line* to the `.gitignore` in *folder*, its real path, at the end. False: it is there already.

    Raises NotWritten.
    """
    place = folder / ".gitignore"
    wanted = os.fsencode(line)
    if not os.path.lexists(place):
        create(place, wanted + b"\n")
        return True
    before = _patterns(place)
    if _holds(before, wanted):
        return False
    gap = b"" if not before or before.endswith(b"\n") else b"\n"
    rewrite(place, before, before + gap + wanted + b"\n")
    return True


def has_ignore_line(line: str, folder: Path) -> bool:
    """Whether *line* stands in the `.gitignore` in *folder*, and is not taken back below."""
    try:
        return _holds(_patterns(folder / ".gitignore"), os.fsencode(line))
    except NotWritten:
        return False


def _patterns(place: Path) -> bytes:
    """What the `.gitignore` at *place* holds."""
    try:
        if place.is_symlink():
            raise NotWritten("is a link, which is not followed", "add the line yourself")
        with open_regular(place) as stream:
            before = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise NotWritten(f"cannot be read ({type(error).__name__})", "add the line yourself") from None
    if len(before) > MAX_BYTES:
        raise NotWritten("is too large", "add the line yourself")
    if before.startswith(_UTF16):
        raise NotWritten("is UTF-16 text, which git does not read", "save it as UTF-8, and run it again")
    return before


def _holds(patterns: bytes, line: bytes) -> bool:
    """Whether *line* stands there, and no exception after it, which would take it back."""
    lines = patterns.splitlines()
    return line in lines and not any(
        later.startswith(b"!") for later in lines[len(lines) - lines[::-1].index(line) :]
    )
