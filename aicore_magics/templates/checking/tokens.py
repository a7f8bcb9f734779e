"""Tokens in a template, wherever they stand: git keeps them, and so does everybody who has the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.finding import Finding
from aicore_magics.redact import token_kind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aicore_magics.templates.reading.lines import Lines

_FIX = "revoke it, and take it out; what a container needs comes from a generic secret"


def token_findings(lines: Lines, file: str, told: Collection[int]) -> Iterator[Finding]:
    """Find the lines that hold what looks like a token, comments as well, but those *told* of already."""
    if token_kind(lines.text) is None:
        return
    for row in range(len(lines.starts)):
        line = lines.line(row)
        kind = token_kind(line)
        if kind and row + 1 not in told:
            column = len(line) - len(line.lstrip()) + 1
            yield Finding(
                "token", "error", f"this line holds what looks like {kind}", _FIX, file, row + 1, column
            )
