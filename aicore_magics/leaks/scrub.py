"""Take credentials out of notebooks: first a plan, then stretch by stretch, so that all else stays."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from aicore_magics.base.folders import NotWritten
from aicore_magics.base.plural import count
from aicore_magics.base.redact import Secret
from aicore_magics.base.write_files import has_other_name, real_place, rewrite
from aicore_magics.errors import Stopped
from aicore_magics.leaks.detect import MAX_FOUND, detect, values_in, values_of
from aicore_magics.leaks.files.document import Document, notebook_fault, read_document
from aicore_magics.leaks.files.gitignore import has_ignore_line, write_ignore_line
from aicore_magics.leaks.files.history import NAME, scrub_history
from aicore_magics.leaks.files.search_paths import PassedOver
from aicore_magics.leaks.known import Known
from aicore_magics.leaks.scan import FILES, ignoring, leaks_of, search
from aicore_magics.leaks.scrub_result import Cleaned, Edit, Replacements, Scrubbed, ScrubPlan
from aicore_magics.leaks.syntax_check import spoilt_cell
from aicore_magics.next_steps import Effect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from aicore_magics.base.progress import Watch
    from aicore_magics.leaks.detect import Occurrence
    from aicore_magics.leaks.files.gitignore import IgnoreLine
    from aicore_magics.leaks.scan_result import Leak

# What was taken out may have parted a credential from what tells of it: so what is left is searched again.
_ROUNDS = 4
_NO_NOTEBOOK = "is not a notebook, and only notebooks are cleaned: remove it by hand"
_OF_HISTORY = "is IPython's history, which is cleaned only on request"
_CHANGED = "was changed meanwhile: plan again"
_NOT_REACHED = "was not reached before you stopped: plan again"
_STOPPED = "may be partly cleaned, because you stopped: plan again"


def plan_scrub(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    running: str | os.PathLike[str] | None = None,
    nearby: bool = True,
    history: bool = False,
    strict: bool = False,
    watch: Watch | None = None,
) -> ScrubPlan:
    """Find the credentials in the notebooks of *paths*, and plan what shall stand in their place.

    Nothing is changed. *running* is the notebook that asks: it is refused, for its next save would bring all
    back. Settings beside notebooks are not cleaned, since somebody needs them: each gets a line in
    `.gitignore`. *history*: IPython's history is cleaned, too. Possible passwords stay, unless *strict*. What
    is refused is listed with its reason. *watch* is told how many files were searched, and then planned.
    Raises InvalidFile for an empty path, and Stopped after Ctrl-C.
    """
    try:
        searched = search(paths, nearby=nearby, history=history, strict=strict, watch=watch)
    except Stopped as stopped:
        stopped.effect = Effect.NOTHING_CHANGED
        raise
    leaky = dict.fromkeys(path for path, leaks in searched.leaks.items() if leaks)
    histories = {path: _linked_history(path) for path in leaky if path.name == NAME} if history else {}
    others = {*leaky} - searched.sources.nearby - {*histories}
    planned: dict[Path, Edit | str] = {}
    for path in sorted(others):
        if watch:
            watch.tell(FILES, "running", f"{len(planned)} of {count(len(others), 'file')} planned")
        planned[path] = _planned(path, searched.values, running, strict=strict)
    lines, unwritable, notes = ignoring(searched)
    folders = {line: _folder(line) for line in lines}
    places = ((_place(line), reason) for line, reason in folders.items())
    reasons = (*planned.items(), *histories.items(), *places)
    refused = [PassedOver(str(path), why) for path, why in reasons if why and isinstance(why, str)]
    return ScrubPlan(
        tuple(edit for edit in planned.values() if isinstance(edit, Edit)),
        tuple(leak for path, reason in histories.items() if not reason for leak in searched.leaks[path]),
        (*refused, *unwritable),
        tuple(line for line, folder in folders.items() if isinstance(folder, Path)),
        tuple(searched.unsearched),
        notes,
        tuple(map(Secret, sorted(searched.values))),
        tuple(folder for folder in folders.values() if isinstance(folder, Path)),
        searched.possible_in_notebooks,
        searched.paths,
    )


def scrub_notebooks(plan: ScrubPlan) -> Scrubbed:
    """Do what *plan* says: each file at once or not at all, its mode and all other bytes as they were.

    A file that is not as it was planned for is left alone, and listed with the reason. So is, after Ctrl-C,
    each one that was not reached.
    """
    run = _Run()
    done = [(edit.path, *run.of(partial(_written, edit), partial(_end_of, edit))) for edit in plan.edits]
    done += [
        (place, *run.of(partial(_scrubbed_history, place, plan), lambda: (0, _STOPPED)))
        for place in plan.histories
    ]
    ignored = zip(plan.ignore_lines, plan.ignore_folders, strict=True)
    written = [
        (line, run.of(partial(_ignored, line, folder), partial(_end_of_line, line, folder))[1])
        for line, folder in ignored
    ]
    unwritten = [(str(_place(line)), reason) for line, reason in written if reason]
    failed = [*((path, reason) for path, _, reason in done if reason), *unwritten]
    cleaned = tuple(Cleaned(path, number) for path, number, reason in done if not reason)
    return Scrubbed(
        cleaned,
        (*plan.refused, *(PassedOver(path, reason) for path, reason in failed)),
        tuple(line for line, reason in written if not reason),
        plan.leaks,
        plan.unsearched,
        plan.notes,
        tuple(left for left in plan.left if left.path in [each.path for each in cleaned]),
        plan.possible,
    )


_End = tuple[int, str]  # how many credentials were taken out, or why none was


class _Run:
    """One file after the other, until somebody presses Ctrl-C: then none any more."""

    stopped = False

    def of(self, act: Callable[[], _End], end: Callable[[], _End]) -> _End:
        """Do *act* and tell how it ended; *end* tells that where it was interrupted."""
        if self.stopped:
            return 0, _NOT_REACHED
        try:
            return act()
        except KeyboardInterrupt:
            self.stopped = True
            return end()


def _planned(
    path: Path, values: Iterable[str], running: str | os.PathLike[str] | None, *, strict: bool
) -> Edit | str:
    """What is to be replaced in the file *path*, or why it is left alone."""
    place = _real(path, running)
    document = read_document(path)
    if isinstance(document, str):
        return document
    if not document.is_notebook:
        return _OF_HISTORY if path.name == NAME else _NO_NOTEBOOK
    if isinstance(place, str) or document.fault:
        return place if isinstance(place, str) else document.fault
    rounds: list[Replacements] = []
    leaks: list[Leak] = []
    after = document
    known = values_in(document, values)
    for _ in range(_ROUNDS):
        found = [one for one in detect(after, known) if strict or not one.hit.possible]
        known |= values_of(found)
        if len(found) > MAX_FOUND:
            return f"has more than {MAX_FOUND} credentials: create it again"
        if not found:
            break
        leaks += leaks_of(after, found)
        rounds.append(tuple(sorted(_replacements(found), reverse=True)))
        after = replace(after, text=_replaced(after.text, rounds[-1:]))
    fault = _spoilt_by(document, after.text)
    if fault:
        return f"would be damaged by it: {fault}"
    digest = _digest(document.encoded(after.text))
    left = tuple(Known(known).lines(after.text))
    return Edit(str(path), tuple(leaks), document.digest, tuple(rounds), place, digest, left)


def _spoilt_by(document: Document, after: str) -> str:
    """Why the notebook would not be one any more, or its code would not run, with the text *after*."""
    fault = notebook_fault(after)
    if fault:
        return f"it {fault}"
    cell = spoilt_cell(document.text, after)
    return f"remove by hand what is found in cell {cell}, and scan again" if cell else ""


def _digest(raw: bytes) -> bytes:
    return hashlib.sha256(raw).digest()


def _real(path: Path, running: str | os.PathLike[str] | None) -> Path | str:
    """Where the notebook *path* really stands, or why it is left alone."""
    try:
        if running is not None and Path(running).exists() and path.samefile(running):
            return "is running: close it, and clean it from another notebook or a terminal"
        if path.is_symlink():
            return "is a link: name the file that it leads to"
        if has_other_name(path):
            return "has a second name (a hard link) that would keep the credential: remove that one"
        place = real_place(path)
    except NotWritten as error:
        return error.told
    except (OSError, ValueError) as error:
        return f"cannot be read ({type(error).__name__})"
    return place if os.access(path, os.W_OK) else "is write-protected"


def _linked_history(path: Path) -> str:
    """Why the history *path* is left alone, or nothing: only the one in its own profile is written to."""
    if path.is_symlink() or path.parent.is_symlink():
        return f"is a link, or is behind one: name {os.path.realpath(path)}"
    return ""


def _place(line: IgnoreLine) -> Path:
    return Path(line.folder, ".gitignore")


def _folder(line: IgnoreLine) -> Path | str:
    """The real path of the folder that the line is for, or why it cannot be written there."""
    try:
        return real_place(_place(line)).parent
    except NotWritten as error:
        return error.told
    except OSError as error:
        return f"cannot be read ({type(error).__name__})"


def _replacements(found: Iterable[Occurrence]) -> list[tuple[int, int, str]]:
    """Stretches of the file, and what shall stand there: one placeholder, even for a key of many lines.

    In code each part of a value gets its own, for what stands between them stays: `a + b` may need both.
    """
    result = []
    for one in found:
        each = one.piece.part.style == "code" and one.hit.kind_id == "same-value"
        for number, (start, end) in enumerate(one.spans):
            result.append((start, end, one.hit.kind.placeholder if each or not number else ""))
    return result


def _replaced(text: str, rounds: Iterable[Replacements]) -> str:
    """*text* after each of *rounds*: with each of its replacements, the last one first, in place."""
    for replacements in rounds:
        parts = []
        end_of_rest = len(text)
        for start, end, new in replacements:
            parts += [text[end:end_of_rest], new]
            end_of_rest = start
        text = text[:end_of_rest] + "".join(reversed(parts))
    return text


def _written(edit: Edit) -> _End:
    """Write what was planned."""
    document = read_document(edit.place)
    if isinstance(document, str):
        return 0, document
    if document.digest != edit.digest:
        return 0, _CHANGED
    before, after = document.text, _replaced(document.text, edit.rounds)
    try:
        rewrite(edit.place, document.encoded(before), document.encoded(after))
    except NotWritten as error:
        return 0, error.told
    return len(edit.leaks), ""


def _end_of(edit: Edit) -> _End:
    """Look how it ended: whole, or not at all."""
    document = read_document(edit.place)
    done = not isinstance(document, str) and document.digest == edit.after
    return (len(edit.leaks), "") if done else (0, _NOT_REACHED)


def _scrubbed_history(place: str, plan: ScrubPlan) -> _End:
    try:
        return scrub_history(Path(place), [value.reveal() for value in plan.values]), ""
    except (sqlite3.Error, OSError) as error:
        return 0, f"cannot be cleaned ({type(error).__name__}): shut down the kernels that use it"


def _ignored(line: IgnoreLine, folder: Path) -> _End:
    """Write the line into the `.gitignore` in *folder*."""
    try:
        write_ignore_line(line.line, folder)
    except NotWritten as error:
        return 0, error.told
    return 0, ""


def _end_of_line(line: IgnoreLine, folder: Path) -> _End:
    return 0, "" if has_ignore_line(line.line, folder) else _NOT_REACHED
