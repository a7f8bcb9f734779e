"""Search notebooks, what lies beside them, and IPython's history for credentials. Nothing is changed."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aicore_magics.base.git import kept
from aicore_magics.base.git_folder import repository
from aicore_magics.leaks.detect import MAX_FOUND, Occurrence, detect, distinctive_values, forms_of, in_piece
from aicore_magics.leaks.excerpt import excerpt, instead_step
from aicore_magics.leaks.files.document import Document, read_document
from aicore_magics.leaks.files.gitignore import NO_LINE, ignore_line
from aicore_magics.leaks.files.history import NAME, history_files, history_pieces
from aicore_magics.leaks.files.notebook_texts import SOURCE
from aicore_magics.leaks.files.search_paths import PassedOver, Sources, find_sources
from aicore_magics.leaks.scan_result import Leak, LeaksFound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from aicore_magics.leaks.files.gitignore import IgnoreLine


MAX_ASKED = 50  # files with a credential that git is asked about
SHOWN_FOLDERS = 3


@dataclass
class Searched:
    """What one search knows: the files, the leaks of each, and the values that it looked for everywhere.

    *unread* counts those of the files that could not be read at all.
    """

    sources: Sources
    values: set[str] = field(repr=False)
    leaks: dict[Path, list[Leak]]
    unsearched: list[PassedOver]
    unread: int = 0


def scan_notebooks(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    nearby: bool = True,
    history: bool = False,
) -> LeaksFound:
    """Find credentials in the notebooks that *paths* name or hold, and in their checkpoints.

    *nearby*: also in JSON, YAML and .env files beside them that git does not ignore. *history*: also in what
    IPython keeps of every line that was run. A value that gives itself away in one place is found wherever it
    stands again. What cannot be searched is listed with its reason; nothing is raised for it. Raises
    InvalidFile for an empty path.
    """
    searched = search(paths, nearby=nearby, history=history)
    leaks = tuple(leak for each in searched.leaks.values() for leak in each)
    lines, unwritable, notes = ignoring(searched)
    return LeaksFound(
        leaks,
        len(searched.leaks) - searched.unread,
        searched.sources.ignored,
        tuple(searched.unsearched),
        lines,
        (*notes, *(f"{one.path} {one.reason}." for one in unwritable)),
    )


def search(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], *, nearby: bool, history: bool
) -> Searched:
    """Search twice: for what looks like a credential, and then for the values that were found."""
    named = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    sources = find_sources(named, nearby=nearby)
    files = list(sources.files)
    histories, left_out = history_files() if history else ([], [])
    files += histories
    no_histories = (PassedOver(str(place), reason, partly=bool(histories)) for place, reason in left_out)
    result = Searched(sources, set(), {}, [*sources.unsearched, *no_histories])
    reasons: dict[Path, PassedOver | None] = {}
    for path in files:
        result.leaks[path], reasons[path] = _leaks_in(path, result.values, ())
    if result.values:
        for path in files:
            result.leaks[path], reasons[path] = _leaks_in(path, set(), result.values)
    passed_over = [reason for reason in reasons.values() if reason]
    result.unsearched.extend(passed_over)
    result.unread = sum(not each.partly for each in passed_over)
    return result


def ignoring(
    searched: Searched,
) -> tuple[tuple[IgnoreLine, ...], tuple[PassedOver, ...], tuple[str, ...]]:
    """Give the lines that keep settings with a credential out of git, those that have none, and notes."""
    leaky = sorted(path for path in searched.sources.nearby if searched.leaks.get(path))
    leaky = [path for path in leaky if repository(path.parent)]
    in_git = kept(leaky[:MAX_ASKED], within=searched.sources.folders).files
    has_already = (
        f"git has {path} already: git rm --cached takes it out of the next commit only."
        for path in sorted(in_git)
    )
    lines = {path: ignore_line(path) for path in leaky}
    return (
        tuple(filter(None, lines.values())),
        tuple(PassedOver(str(path), NO_LINE) for path, line in lines.items() if line is None),
        (*has_already, *_unasked_notes(searched.sources.unasked)),
    )


def _unasked_notes(unasked: Iterable[tuple[Path, str]]) -> Iterator[str]:
    by_reason: dict[str, list[str]] = {}
    for folder, reason in unasked:
        by_reason.setdefault(reason, []).append(str(folder))
    for reason, folders in by_reason.items():
        more = len(folders) - SHOWN_FOLDERS
        named = ", ".join(folders[:SHOWN_FOLDERS]) + (f" and {more} more" if more > 0 else "")
        yield f"Git was not asked what it ignores in {named}: {reason}. No file counts as ignored there."


def _leaks_in(path: Path, values: set[str], known: Iterable[str]) -> tuple[list[Leak], PassedOver | None]:
    """The leaks in the file *path*, and why it was not searched, or not as it should be. Adds to *values*."""
    if path.name == NAME:
        return _in_history(path, values, known)
    document = read_document(path)
    if isinstance(document, str):
        return [], PassedOver(str(path), document)
    found = detect(document, known)
    values |= distinctive_values(found)
    more = (
        f"holds more than {MAX_FOUND} credentials: the rest is not listed" if len(found) > MAX_FOUND else ""
    )
    fault = f"{document.fault}; it was searched as plain text" if document.fault else ""
    reason = more or fault
    passed_over = PassedOver(str(path), reason, partly=True) if reason else None
    return leaks_of(document, found[:MAX_FOUND]), passed_over


def _in_history(path: Path, values: set[str], known: Iterable[str]) -> tuple[list[Leak], PassedOver | None]:
    pieces, reason = history_pieces(path)
    forms = {form for value in known for form in forms_of(value)}
    found = [one for piece in pieces for one in in_piece(piece, forms)]
    values |= distinctive_values(found)
    leaks = [_leak(str(path), one, _line(one.piece.text, one.hit.start)) for one in found[:MAX_FOUND]]
    return leaks, PassedOver(str(path), reason, partly=bool(pieces)) if reason else None


def leaks_of(document: Document, found: Sequence[Occurrence]) -> list[Leak]:
    """Give what may be told of *found* in *document*, cell by cell, its source first."""
    breaks = [match.start() for match in re.finditer("\n", document.text)]
    leaks = []
    for one in sorted(found, key=_in_order):
        start = one.spans[0][0]
        line = bisect_left(breaks, start)
        column = start - (breaks[line - 1] if line else -1)
        shown = line + 1 if one.piece.part.whole_file else _line(one.piece.text, one.hit.start)
        leaks.append(_leak(str(document.path), one, shown, (line + 1, column)))
    return leaks


def _in_order(one: Occurrence) -> tuple[bool, int, bool]:
    part = one.piece.part
    return part.cell == 0, part.cell, part.name != SOURCE


def _leak(path: str, one: Occurrence, line: int, in_file: tuple[int, int] = (0, 0)) -> Leak:
    part, kind = one.piece.part, one.hit.kind
    source = part.name == SOURCE and kind.variable
    return Leak(
        path,
        part.name,
        part.cell,
        part.cell_id,
        line,
        kind.id,
        kind.words,
        excerpt(one.piece.text, one.hit, one.beside),
        kind.revoke,
        *in_file,
        instead=instead_step(one.piece.text, one.hit, kind.variable) if source else "",
    )


def _line(text: str, at: int) -> int:
    return text.count("\n", 0, at) + 1
