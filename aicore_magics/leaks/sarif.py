"""Credentials found, as SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aicore_magics.leaks.detectors.kinds import KINDS, RANK

if TYPE_CHECKING:
    from aicore_magics.leaks.scan_result import Leak, LeaksFound

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def sarif(found: LeaksFound) -> dict[str, Any]:
    """Give *found* as one run, one result for each credential; possible passwords are notes.

    No region tells where a credential ends.
    """
    driver = {
        "name": "aicore-magics",
        "version": _version(),
        "rules": [_rule(rank) for rank in range(len(KINDS))],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {"executionSuccessful": found.all_read, "toolExecutionNotifications": _notifications(found)}
        ],
        "results": [_result(leak, "error") for leak in found.leaks]
        + [_result(leak, "note") for leak in found.possible],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rank: int) -> dict[str, Any]:
    kind = KINDS[rank]
    return {
        "id": kind.id,
        "shortDescription": {"text": f"{kind.words} in a file"},
        "help": {"text": f"Revoke it: {kind.revoke}. Then take it out of the file."},
        "defaultConfiguration": {"level": "error"},
    }


def _result(leak: Leak, level: str) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": {"uri": _uri(leak.path)}}
    if leak.file_line:
        place["region"] = {"startLine": leak.file_line, "startColumn": leak.file_column}
    return {
        "ruleId": leak.kind_id,
        "ruleIndex": RANK[leak.kind_id],
        "level": level,
        "message": {"text": f"{leak.kind} ({leak.place}): {leak.excerpt}"},
        "locations": [{"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": leak.place}]}],
    }


def _notifications(found: LeaksFound) -> list[dict[str, Any]]:
    return [{"level": "warning", "message": {"text": one.not_searched}} for one in found.unsearched]


def _uri(path: str) -> str:
    """A relative reference for what lies below this folder, as code hosts want it; else a file URI."""
    place = Path(path)
    if place.is_absolute() and place.is_relative_to(Path.cwd()):
        place = place.relative_to(Path.cwd())
    posix = place.as_posix().encode("utf-8", "surrogatepass")
    return f"file://{quote(posix)}" if place.is_absolute() else quote(posix)


def _version() -> str:
    try:
        return version("aicore-magics")
    except PackageNotFoundError:
        return "0"
