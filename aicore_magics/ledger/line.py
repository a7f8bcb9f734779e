"""Lines of the ledger: a record each, with the number of its format and a sum that tells a whole line.

A line is `{"crc":"0a1b2c3d","v":1,"id":…}`. The sum is over all that stands behind its own field, so the
number of the format is covered. Each later format keeps these two fields, and may change all others.
"""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any
from zlib import crc32

from aicore_magics.base.tokens import without_tokens
from aicore_magics.ledger.record import OPS, Record

VERSION = 1
LONGEST = 1 << 20  # bytes of one line
_START, _MIDDLE = b'{"crc":"', b'",'
_SUM = len(_START)
_REST = _SUM + 8 + len(_MIDDLE)
_SHOWN = ("registry", "username", "key", "kind", "reference", "source", "notebook", "secret")
# What a line that is whole may still raise: an end in the year 1, a list in a list in a list and so on.
_NOT_UNDERSTOOD = (ValueError, OverflowError, RecursionError, TypeError, KeyError)


def to_line(record: Record) -> bytes:
    """Return the line of *record*: without the looks of a token in any text, and of a notebook the name only.

    Raises ValueError or TypeError for a record that no reader would take back.
    """
    data = _clean(record.to_data())
    Record.from_data(data)
    rest = json.dumps({"v": VERSION, **data}, separators=(",", ":")).encode()[1:]
    return b"%s%08x%s%s\n" % (_START, crc32(rest), _MIDDLE, rest)


class Damaged(ValueError):
    """A line is not as it was written."""


def read_lines(raw: bytes) -> tuple[list[tuple[bytes, Record | None]], int]:
    """Return each whole line in *raw*, and how many are not whole.

    With it is its record, or None if it is of a later format.
    """
    lines: list[tuple[bytes, Record | None]] = []
    damaged = 0
    for line in BytesIO(raw):  # one after the other: there may be as many as bytes
        try:
            lines.append((line, _record(line)))
        except Damaged:
            damaged += line != b"\n"
    return lines, damaged


def _record(line: bytes) -> Record | None:
    """Return the record of *line*, None if a later version wrote it. Raises Damaged."""
    if len(line) > LONGEST or line[-1:] != b"\n":
        raise Damaged
    rest = line[_REST:-1]
    if line[:_REST] != b"%s%08x%s" % (_START, crc32(rest), _MIDDLE):
        raise Damaged
    try:
        data = json.loads(b"{" + rest)
        if data["v"] == VERSION and data["op"] in OPS:
            return Record.from_data(data)
        if _is_later(data):
            return None
    except _NOT_UNDERSTOOD:
        pass
    raise Damaged


def _is_later(data: dict[str, Any]) -> bool:
    """Whether *data* is of a later format, or of a later version of this one that does more with a secret."""
    version = data["v"]
    if isinstance(version, bool) or not isinstance(version, int):
        return False
    return version > VERSION or (version == VERSION and isinstance(data["op"], str))


def _clean(data: dict[str, Any]) -> dict[str, Any]:
    """Return *data* without anything that looks like a token, and without the folder of a notebook."""
    clean: dict[str, Any] = {
        name: without_tokens(value) if name in _SHOWN else value for name, value in data.items()
    }
    if "notebook" in clean:
        clean["notebook"] = re.split(r"[/\\]", clean["notebook"].rstrip("/\\"))[-1]
    for name in ("logins", "images"):
        if name in clean:
            clean[name] = [_clean(each) for each in clean[name]]
    return clean
