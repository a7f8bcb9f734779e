"""Credentials found, as SARIF 2.1.0."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.base.sarif import place, sarif_file
from aicore_magics.leaks.detectors.kinds import KINDS, RANK

if TYPE_CHECKING:
    from aicore_magics.leaks.scan_result import Leak, LeaksFound


def sarif(found: LeaksFound) -> dict[str, Any]:
    """Give *found* as one run, one result for each credential; possible passwords are notes.

    No region tells where a credential ends.
    """
    return sarif_file(
        map(_rule, range(len(KINDS))),
        [_result(leak, "error") for leak in found.leaks] + [_result(leak, "note") for leak in found.possible],
        complete=found.all_read,
        warnings=(one.not_searched for one in found.unsearched),
    )


def _rule(rank: int) -> dict[str, Any]:
    kind = KINDS[rank]
    return {
        "id": kind.id,
        "shortDescription": {"text": f"{kind.words} in a file"},
        "help": {"text": f"Revoke it: {kind.revoke}. Then remove it from the file."},
        "defaultConfiguration": {"level": "error"},
    }


def _result(leak: Leak, level: str) -> dict[str, Any]:
    return {
        "ruleId": leak.kind_id,
        "ruleIndex": RANK[leak.kind_id],
        "level": level,
        "message": {"text": f"{leak.kind} ({leak.place}): {leak.excerpt}"},
        "locations": [
            {
                "physicalLocation": place(leak.path, leak.file_line, leak.file_column),
                "logicalLocations": [{"fullyQualifiedName": leak.place}],
            }
        ],
    }
