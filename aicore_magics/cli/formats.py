"""A result as text for people, or as JSON, SARIF or GitHub's annotations for programs."""

from __future__ import annotations

import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Protocol, cast

from aicore_magics.errors import AICoreError
from aicore_magics.next_steps import PYTHON

if TYPE_CHECKING:
    from aicore_magics.base.report import Report
    from aicore_magics.next_steps import Door
    from aicore_magics.templates.check.check_result import TemplatesChecked


class Result(Protocol):
    """What a command returns."""

    def report(self) -> Report:
        """Give what it has to say."""

    def shown(self, door: Door) -> str:
        """Give it as text, as *door* words it."""

    def to_dict(self) -> dict[str, Any]:
        """Give it as plain data, ready for `json.dumps`."""


def in_format(result: Result, name: str, door: Door = PYTHON) -> str:
    """Give *result* in the format *name*, its words as *door* says them.

    JSON is its `to_dict()`. SARIF 2.1.0 (OASIS) and annotations are for what was found in files.
    """
    if name == "json":
        return json.dumps(result.to_dict(), indent=2)
    if name == "sarif":
        return json.dumps(_sarif(result, door), indent=2)
    if name == "github":
        from aicore_magics.cli.annotations import in_lines

        return "\n".join(in_lines(result, door))
    return result.shown(door)


def asks_json(words: list[str]) -> bool:
    """Whether *words* ask for JSON, also where the rest of them cannot be read.

    >>> asks_json(["list", "--format", "json"]), asks_json(["list", "--format=json"]), asks_json(["json"])
    (True, True, False)
    """
    return "--format=json" in words or ("--format", "json") in pairwise(words)


def refusal(error: Exception, status: int) -> str:
    """Give *error*, which ends a command with the exit *status*, as JSON."""
    message, hint = (error.message, error.hint) if isinstance(error, AICoreError) else (f"{error}", "")
    data = {"error": type(error).__name__, "message": message, "next": hint, "status": status}
    return json.dumps(data, indent=2)


def _sarif(result: Result, door: Door) -> dict[str, Any]:
    from aicore_magics.leaks.scan_result import LeaksFound

    if isinstance(result, LeaksFound):
        from aicore_magics.leaks.sarif import sarif

        return sarif(result)
    from aicore_magics.templates.check.sarif import sarif as sarif_of_templates

    return sarif_of_templates(cast("TemplatesChecked", result), door)
