"""What a search found, as text for people, or as JSON or SARIF for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Literal

from aicore_magics.leaks.sarif import sarif
from aicore_magics.next_steps import PYTHON

if TYPE_CHECKING:
    from aicore_magics.leaks.scan_result import LeaksFound
    from aicore_magics.next_steps import Door

Format = Literal["text", "json", "sarif"]


def in_format(found: LeaksFound, name: Format, door: Door = PYTHON) -> str:
    """Give *found* as text, as *door* words it, as JSON, or as SARIF 2.1.0 (OASIS), which code hosts show."""
    if name == "text":
        return found.report().text(door)
    return json.dumps(sarif(found) if name == "sarif" else found.to_dict(), indent=2)
