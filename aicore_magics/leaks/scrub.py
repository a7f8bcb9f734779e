"""Take credentials out of notebooks: first a plan, then stretch by stretch, so that all else stays."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.files import replace_file
from aicore_magics.base.redact import Secret
from aicore_magics.errors import AICoreError
from aicore_magics.leaks.detect import MAX_FOUND, detect
from aicore_magics.leaks.files.document import Document, notebook_fault, read_document
from aicore_magics.leaks.files.gitignore import write_ignore_line
from aicore_magics.leaks.files.history import NAME, scrub_history
from aicore_magics.leaks.files.search_paths import PassedOver
from aicore_magics.leaks.scan import ignoring, leaks_of, search
from aicore_magics.leaks.scrub_result import Cleaned, Edit, Scrubbed, ScrubPlan
from aicore_magics.leaks.syntax_check import spoilt_cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aicore_magics.leaks.detect import Occurrence
    from aicore_magics.leaks.files.gitignore import IgnoreLine

_NO_NOTEBOOK = "is no notebook, and only those are cleaned: take it out by hand"
_OF_HISTORY = "is IPython's history, which is cleaned only where that is asked for"
_CHANGED = "was changed meanwhile: plan again"


def plan_scrub(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    running: str | os.PathLike[str] | None = None,
    nearby: bool = True,
    history: bool = False,
) -> ScrubPlan:
    """Find the credentials in the notebooks of *paths*, and plan what shall stand in their place.

    Nothing is changed. *running* is the notebook that asks: it is refused, for its next save would bring all
    back. Settings beside notebooks are not cleaned, since somebody needs them: each gets a line in
    `.gitignore`. *history*: IPython's history is cleaned, too. What is refused is listed with its reason.
    Raises InvalidFile for an empty path.
    """
    searched = search(paths, nearby=nearby, history=history)
    histories = [path for path in searched.leaks if path.name == NAME] if history else []
    others = {path for path, leaks in searched.leaks.items() if leaks} - searched.sources.nearby
    planned = {path: _planned(path, searched.values, running) for path in sorted(others - {*histories})}
    lines, notes = ignoring(searched)
    return ScrubPlan(
        tuple(edit for edit in planned.values() if isinstance(edit, Edit)),
        tuple(leak for path in histories for leak in searched.leaks[path]),
        tuple(PassedOver(str(path), reason) for path, reason in planned.items() if isinstance(reason, str)),
        lines,
        tuple(searched.unsearched),
        notes,
        tuple(map(Secret, sorted(searched.values))),
    )


def scrub_notebooks(plan: ScrubPlan) -> Scrubbed:
    """Do what *plan* says: each file at once or not at all, its mode and all other bytes as they were.

    A file that is not as it was planned for is left alone, and listed with the reason.
    """
    done = [(edit.path, len(edit.leaks), _written(edit)) for edit in plan.edits]
    done += [(place, *_scrubbed_history(place, plan)) for place in plan.histories]
    written = [(line, _ignored(line)) for line in plan.ignore_lines]
    unwritten = [(str(Path(line.folder, ".gitignore")), reason) for line, reason in written if reason]
    failed = [*((path, reason) for path, _, reason in done if reason), *unwritten]
    return Scrubbed(
        tuple(Cleaned(path, number) for path, number, reason in done if not reason),
        (*plan.refused, *(PassedOver(path, reason) for path, reason in failed)),
        tuple(line for line, reason in written if not reason),
        plan.leaks,
        plan.unsearched,
        plan.notes,
    )


def _planned(path: Path, values: Iterable[str], running: str | os.PathLike[str] | None) -> Edit | str:
    """What is to be replaced in the file *path*, or why it is left alone."""
    reason = _why_not(path, running)
    document = read_document(path)
    if isinstance(document, str):
        return document
    if not document.is_notebook:
        return _OF_HISTORY if path.name == NAME else _NO_NOTEBOOK
    if reason or document.fault:
        return reason or document.fault
    found = detect(document, values)
    if len(found) > MAX_FOUND:
        return f"holds more than {MAX_FOUND} credentials: it is better made anew"
    fault = _spoilt_by(document, found)
    if fault:
        return f"would be spoilt by it: {fault}"
    replacements = tuple(sorted(_replacements(found), reverse=True))
    return Edit(str(path), tuple(leaks_of(document, found)), document.digest, replacements)


def _spoilt_by(document: Document, found: Iterable[Occurrence]) -> str:
    """Why the notebook would not be one any more, or its code would not run, without what was *found*."""
    after = _without(document, found)
    fault = notebook_fault(after)
    if fault:
        return f"it {fault}"
    cell = spoilt_cell(document.text, after)
    return f"take out by hand what is found in cell {cell}, and scan again" if cell else ""


def _why_not(path: Path, running: str | os.PathLike[str] | None) -> str:
    try:
        if running is not None and Path(running).exists() and path.samefile(running):
            return "is running: close it, and clean it from another notebook or a terminal"
        if path.is_symlink():
            return "is a link: name the file that it leads to"
        if path.stat().st_nlink > 1:
            return "has another name (a hard link) that would keep the credential: remove that one"
    except (OSError, ValueError) as error:
        return f"cannot be read ({type(error).__name__})"
    return "" if os.access(path, os.W_OK) else "is write-protected"


def _replacements(found: Iterable[Occurrence]) -> list[tuple[int, int, str]]:
    """Stretches of the file, and what shall stand there: one placeholder, even for a key of many lines."""
    result = []
    for one in found:
        for number, (start, end) in enumerate(one.spans):
            result.append((start, end, "" if number else one.hit.kind.placeholder))
    return result


def _without(document: Document, found: Iterable[Occurrence]) -> str:
    return _replaced(document.text, sorted(_replacements(found), reverse=True))


def _replaced(text: str, replacements: Iterable[tuple[int, int, str]]) -> str:
    """*text* with each of *replacements*, the last one first, in place."""
    parts = []
    end_of_rest = len(text)
    for start, end, new in replacements:
        parts += [text[end:end_of_rest], new]
        end_of_rest = start
    return text[:end_of_rest] + "".join(reversed(parts))


def _written(edit: Edit) -> str:
    """Write what was planned; say why not, or nothing."""
    document = read_document(Path(edit.path))
    if isinstance(document, str):
        return document
    if document.digest != edit.digest:
        return _CHANGED
    try:
        replace_file(Path(edit.path), document.encoded(_replaced(document.text, edit.replacements)))
    except OSError as error:
        return f"cannot be written ({type(error).__name__})"
    return ""


def _scrubbed_history(place: str, plan: ScrubPlan) -> tuple[int, str]:
    try:
        return scrub_history(Path(place), [value.reveal() for value in plan.values]), ""
    except (sqlite3.Error, OSError) as error:
        return 0, f"cannot be cleaned ({type(error).__name__}): shut down the kernels that use it"


def _ignored(line: IgnoreLine) -> str:
    """Write the line; say why not, or nothing."""
    try:
        write_ignore_line(line)
    except (OSError, AICoreError) as error:
        return f"cannot be written ({type(error).__name__})"
    return ""
