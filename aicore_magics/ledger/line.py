"""Lines of the ledger: a record each, with the number of its format and a sum that tells a whole line.

A line is `{"crc":"0a1b2c3d","v":1,"id":…}`. The sum is over all that stands behind its own field, so the
number of the format is covered. Each later format keeps these two fields, and may change all others.
"""

from __future__ import annotations

import json
import re
from itertools import islice
from secrets import randbits
from typing import TYPE_CHECKING, Any, Literal
from zlib import crc32

from aicore_magics.base.tokens import without_tokens
from aicore_magics.ledger.record import LONGEST_TEXT, MOST_VALUES, Impossible, Record

if TYPE_CHECKING:
    from collections.abc import Iterator

VERSION = 1
LONGEST = 1 << 20  # bytes of one line
MOST_LINES = 200_000
_PIECE = 1 << 20
_LETTERS = bytes(
    byte if byte == ord("\n") else ord("x") for byte in range(256)
)  # all but the end of a line are x
_AT_ONCE = 500  # lines: more are no quicker, and take more room
_START, _MIDDLE = b'{"crc":"', b'",'
_SUM = len(_START)
_REST = _SUM + 8 + len(_MIDDLE)
_SHOWN = (
    *("registry", "username", "key", "kind", "reference", "source", "notebook", "secret"),
    *("profile", "detail"),
)
_CUT = ("notebook", "source", "detail")  # if they are longer than what is read
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


def read_lines(raw: bytes, most: int = MOST_LINES) -> tuple[list[tuple[bytes, Record | None]], int, bool]:
    """Return each whole line in *raw*, how many are not whole, and whether that is all.

    If there are more, it is the first *most*. With a line is its record, or None if it is of a later format.
    What does not begin as a line does is no more than counted: there may be as many as bytes.
    """
    lines = list(islice(_lines(raw), most + 1))
    is_all = len(lines) <= most
    whole = [line for line in lines[:most] if _is_whole(line)]
    read: list[tuple[bytes, Record | None]] = []
    for at in range(0, len(whole), _AT_ONCE):
        some = whole[at : at + _AT_ONCE]
        read += [(line, rec) for line, rec in zip(some, _records(some), strict=True) if rec is not False]
    return read, (_count(raw) if is_all else most) - len(read), is_all


def _lines(raw: bytes) -> Iterator[bytes]:
    """Give each line in *raw* that begins as one does. No other takes time: there may be millions."""
    at = 0 if raw.startswith(_START) else raw.find(b"\n" + _START) + 1
    while at or raw.startswith(_START):
        end = raw.find(b"\n", at) + 1 or len(raw)
        yield raw[at:end]
        at = raw.find(b"\n" + _START, end - 1) + 1
        if not at:
            return


def _count(raw: bytes) -> int:
    """Return how many lines are in *raw*, without empty ones."""
    count = raw[-1:] not in (b"", b"\n")
    if not raw.startswith(b"\n") and b"\n\n" not in raw:
        return count + raw.count(b"\n")
    pieces = (raw[max(at - 1, 0) : at + _PIECE] for at in range(0, len(raw), _PIECE))
    return count + sum(piece.translate(_LETTERS).count(b"x\n") for piece in pieces)


def _is_whole(line: bytes) -> bool:
    rest = line[_REST:-1]
    return line == b"%s%08x%s%s\n" % (_START, crc32(rest), _MIDDLE, rest) and len(line) <= LONGEST


def _records(lines: list[bytes]) -> list[Record | Literal[False] | None]:
    """Return what each of *lines* is: a record, None for one of a later format, False for nothing of ours."""
    objects = [b"{" + line[_REST:-1] for line in lines]
    # All at once takes half the time. Between two is a number that nobody could know when he wrote a line
    # that is half an object, with the next ones inside.
    between = randbits(60)
    try:
        values = json.loads(b"[%s]" % (b",%d," % between).join(objects))
    except _NOT_UNDERSTOOD:
        values = []
    if len(values) != 2 * len(lines) - 1 or values[1::2] != [between] * (len(lines) - 1):
        return [_record(_value(each)) for each in objects]
    return [_record(value) for value in values[::2]]


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
    try:
        return Record.from_data(data) if version == VERSION else None
    except Impossible:
        return False
    except _NOT_UNDERSTOOD:
        return None


def _clean(data: dict[str, Any]) -> dict[str, Any]:
    """Return *data* without anything that looks like a token, and without the folder of a notebook."""
    clean: dict[str, Any] = {
        name: without_tokens(value) if name in _SHOWN else value for name, value in data.items()
    }
    if "notebook" in clean:
        clean["notebook"] = re.split(r"[/\\]", clean["notebook"].rstrip("/\\"))[-1]
    # What a record can do without is no reason to have none.
    clean |= {name: clean[name][:LONGEST_TEXT] for name in _CUT if name in clean}
    clean |= {"images": clean["images"][:MOST_VALUES]} if "images" in clean else {}
    for name in ("logins", "images"):
        if name in clean:
            clean[name] = [_clean(each) for each in clean[name]]
    return clean
