"""What a scheduled run has left as JSON, read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aicore_magics.actions.rotation_results import RotationStatus
from aicore_magics.base.calls import bare_errors
from aicore_magics.base.files import text_or_fault
from aicore_magics.errors import InvalidFile

_LARGEST = 16 << 20  # bytes
_MADE_BY = "RotationDone"


@bare_errors
def recorded_rotation(path: str) -> RotationStatus:
    """Return what the file *path* says of a run: it is what `jupyter aicore rotate --format json` printed.

    Raises InvalidFile for anything else.
    """
    text, fault = text_or_fault(Path(path), _LARGEST)
    if fault:
        raise InvalidFile(f"the file {fault}", next="name the JSON file that a run has left.")
    data = _data(text)
    if data is None:
        raise InvalidFile(
            "the file is not the result of a rotation",
            next="name the JSON file of jupyter aicore rotate --format json.",
        )
    return RotationStatus((), datetime.now(UTC), recorded=data)


def _data(text: str) -> dict[str, Any] | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or data.get("result") != _MADE_BY:
        return None
    return data
