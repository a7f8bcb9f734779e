"""Whether code is still what it was without its credentials: Python, with as much JSON in its texts."""

from __future__ import annotations

import ast
import json
import re
import warnings

_COMMAND = re.compile(r"(?m)^([ \t]*)[!%].*$")  # IPython's own lines
_LONGEST_SOURCE = 1_000_000  # characters of a cell


def spoilt_cell(before: str, after: str) -> int:
    """Give the first cell of the notebook *before* that is spoilt in *after*, from 1 on; 0 if none is."""
    cells = zip(_sources(before), _sources(after), strict=True)
    for number, (old, new) in enumerate(cells, 1):
        if old != new and is_spoilt(old, new):
            return number
    return 0


def is_spoilt(before: str, after: str) -> bool:
    r"""Whether *before* is Python and *after* none, or a text in it is no JSON any more that was.

    >>> is_spoilt(r"x = 'a\'b'", "x = 'REMOVED'b'")
    True
    """
    count = _json_texts(before)
    return count is not None and _json_texts(after) != count


def _sources(text: str) -> list[str]:
    cells = json.loads(text.removeprefix("\ufeff"))["cells"]
    return [_source(cell) if isinstance(cell, dict) else "" for cell in cells]


def _source(cell: dict[str, object]) -> str:
    lines = cell.get("source") if cell.get("cell_type") == "code" else ""
    whole = lines if isinstance(lines, list) else [lines]
    return "".join(line for line in whole if isinstance(line, str))


def _json_texts(source: str) -> int | None:
    """How many texts in *source* are JSON objects; None if it is no Python."""
    if len(source) > _LONGEST_SOURCE:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes that Python will not know any more
            tree = ast.parse(_COMMAND.sub(r"\1pass", source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return sum(_is_json(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant))


def _is_json(value: object) -> bool:
    if not isinstance(value, str) or not value.lstrip().startswith("{"):
        return False
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True
