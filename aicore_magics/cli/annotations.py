"""Findings as GitHub shows them at the lines of a pull request.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.report import plain
from aicore_magics.leaks.scan_result import LeaksFound
from aicore_magics.templates.check.check_result import TemplatesChecked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.cli.formats import Result
    from aicore_magics.leaks.scan_result import Leak
    from aicore_magics.next_steps import Door
    from aicore_magics.templates.finding import Severity

_LEVELS: dict[Severity, str] = {"error": "error", "warning": "warning", "hint": "notice"}


def in_lines(result: Result, door: Door) -> Iterator[str]:
    """Give a line for each thing that was found, and a last one with the numbers."""
    if isinstance(result, LeaksFound):
        yield from (_leak("error", leak) for leak in result.leaks)
        yield from (_leak("notice", leak) for leak in result.possible)
        yield from (annotation("warning", one.not_searched, file=one.path) for one in result.unsearched)
    elif isinstance(result, TemplatesChecked):
        for one in result.findings:
            message = f"{one.message}; fix: {plain(one.fix, door)}"
            yield annotation(
                _LEVELS[one.severity],
                message,
                title=one.rule.id,
                file=one.file,
                line=one.line,
                col=one.column,
            )
        yield from (annotation("warning", note) for note in result.notes)
    headline, _, _ = result.shown(door).partition("\n")
    # Behind a word of ours: a headline may begin with what a file is called.
    yield f"aicore-magics: {headline}"


def annotation(level: str, message: str, *, file: str = "", **where: str | int) -> str:
    """Give one annotation. What is empty or 0 is not known, and left out.

    >>> annotation("error", "50 % of it", title="a: b, c", line=3)
    '::error title=a%3A b%2C c,line=3::50 %25 of it'
    """
    known = {"file": _in_workspace(file) if file else "", **where}
    properties = ",".join(
        f"{name}={_escaped(str(value)).replace(':', '%3A').replace(',', '%2C')}"
        for name, value in known.items()
        if value
    )
    return f"::{level}{f' {properties}' if properties else ''}::{_escaped(message)}"


def _leak(level: str, leak: Leak) -> str:
    message = f"{leak.kind} ({leak.place}): {leak.excerpt}. Revoke it: {leak.revoke}."
    return annotation(
        level, message, title=leak.kind_id, file=leak.path, line=leak.file_line, col=leak.file_column
    )


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _in_workspace(path: str) -> str:
    """The path as GitHub knows it: from the folder of the repository, wherever the step runs."""
    place = Path.cwd() / path
    folder = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    return place.relative_to(folder).as_posix() if place.is_relative_to(folder) else place.as_posix()
