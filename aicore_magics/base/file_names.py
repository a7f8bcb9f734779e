"""Names for files that we make: what none may have, here or where somebody else checks them out of git."""

from __future__ import annotations

import os
import re
from pathlib import PurePosixPath, PureWindowsPath

LONGEST_NAME = 255  # bytes, as the usual file systems have it
# Git refuses to check out a file with such a name on Windows, and with it the whole commit.
_DEVICES = {
    *("con", "prn", "aux", "nul", "conin$", "conout$"),
    *(f"{device}{digit}" for device in ("com", "lpt") for digit in "0123456789¹²³"),
}
_NO_SIGNS = re.compile(r'[<>:"|?*]' if os.sep == "\\" else r'[<>:"|?*\\]')
# Control characters, among them line breaks, and bytes that are no UTF-8.
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def why_no_name(path: str, endings: tuple[str, ...]) -> str:
    """Say why no file can be made at *path* below a folder, in words behind its name; nothing if it can.

    It is read as both kinds of system would: a backslash leads out on the other one. Its name has to have one
    of *endings*.
    """
    posix, windows = PurePosixPath(path), PureWindowsPath(path)
    either = (posix, windows)
    signs = _NO_SIGNS.search(path)
    devices = [part for part in windows.parts if _stem(part) in _DEVICES]
    reasons = (
        (not path.strip() or _NO_TEXT.search(path), "has no usable name"),
        (
            any(pure.is_absolute() or pure.drive or pure.root or ".." in pure.parts for pure in either),
            "is outside the working folder",
        ),
        (path.startswith("~"), "begins with ~, which is not expanded here"),
        (not posix.name.lower().endswith(endings), f"must end in {' or '.join(endings)}"),
        (
            any(len(part.encode("utf-8", "replace")) > LONGEST_NAME for part in posix.parts),
            f"has a name longer than {LONGEST_NAME} bytes",
        ),
        (devices, f"cannot be checked out on Windows, where {''.join(devices[:1])} is a device"),
        (signs, f"cannot be checked out on Windows: a name there cannot have {signs[0] if signs else ''}"),
        (
            any(part.endswith((".", " ")) for part in windows.parts),
            "cannot be checked out on Windows: a name there cannot end in a dot or a space",
        ),
    )
    return next((reason for holds, reason in reasons if holds), "")


def _stem(part: str) -> str:
    """What Windows compares with the names of its devices."""
    return part.partition(".")[0].partition(":")[0].rstrip(" ").lower()
