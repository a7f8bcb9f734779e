"""Lines of the ledger: a record each, with the number of its format and a sum that tells a whole line.

A line is `{"crc":"0a1b2c3d","v":1,"id":…}`. The sum is over all that stands behind its own field, so the
number of the format is covered. Each later format keeps these two fields, and may change all others.
"""

from __future__ import annotations

import json
import re
from contextlib import suppress
from io import BytesIO
from typing import Any, Literal
from zlib import crc32

from aicore_magics.base.tokens import without_tokens
from aicore_magics.ledger.record import Record

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


def read_lines(raw: bytes) -> tuple[list[tuple[bytes, Record | None]], int]:
    """Return each whole line in *raw*, and how many are not whole.

    With it is its record, or None if it is of a later format.
    """
    lines = [line for line in BytesIO(raw) if line != b"\n"]  # BytesIO: there may be as many as bytes
    whole = [line for line in lines if _is_whole(line)]
    read = [
        (line, record) for line, record in zip(whole, _records(whole), strict=True) if record is not False
    ]
    return read, len(lines) - len(read)


def _is_whole(line: bytes) -> bool:
    rest = line[_REST:-1]
    return line == b"%s%08x%s%s\n" % (_START, crc32(rest), _MIDDLE, rest) and len(line) <= LONGEST


def _records(lines: list[bytes]) -> list[Record | Literal[False] | None]:
    """Return what each of *lines* is: a record, None for one of a later format, False for nothing of ours."""
    objects = [b"{" + line[_REST:-1] for line in lines]
    try:
        values = json.loads(b"[%s]" % b",".join(objects))  # all at once takes half the time
    except _NOT_UNDERSTOOD:
        values = []
    if len(values) != len(lines):
        values = [_value(each) for each in objects]
    return [_record(value) for value in values]


def _value(line: bytes) -> Any:
    try:
        return json.loads(line)
    except _NOT_UNDERSTOOD:
        return None


def _record(data: Any) -> Record | Literal[False] | None:
    version = data.pop("v", None) if isinstance(data, dict) else None
    if type(version) is not int or version < VERSION:
        return False
    # What has the right sum, and is not understood, a later version has written.
    with suppress(*_NOT_UNDERSTOOD):
        return Record.from_data(data) if version == VERSION else None
    return None


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
