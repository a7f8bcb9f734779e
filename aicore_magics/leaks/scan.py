"""Search notebooks, what lies beside them, and IPython's history for credentials. Nothing is changed."""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aicore_magics.base.git import kept
from aicore_magics.base.git_folder import repository
from aicore_magics.base.plural import count
from aicore_magics.base.progress import Watch
from aicore_magics.errors import Stopped
from aicore_magics.leaks.detect import (
    MAX_FOUND,
    Occurrence,
    detect,
    distinctive_values,
    in_piece,
    values_in,
)
from aicore_magics.leaks.excerpt import excerpt, instead_step
from aicore_magics.leaks.files.document import read_document
from aicore_magics.leaks.files.gitignore import NO_LINE, ignore_line
from aicore_magics.leaks.files.history import NAME, history_files, history_pieces
from aicore_magics.leaks.files.notebook_texts import SOURCE
from aicore_magics.leaks.files.search_paths import PassedOver, Sources, find_sources
from aicore_magics.leaks.scan_result import Leak, LeaksFound
from aicore_magics.leaks.values import forms_of
from aicore_magics.next_steps import AGAIN, Effect

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from aicore_magics.base.progress import Tell
    from aicore_magics.leaks.files.document import Document
    from aicore_magics.leaks.files.gitignore import IgnoreLine


MAX_ASKED = 50  # files with a credential that git is asked about
SHOWN_FOLDERS = 3
SHOWN_STOPPED = 2
FILES = "files"  # the step that a watch is told of


@dataclass
class Searched:
    """What one search knows: the files, the leaks of each, and the values that it looked for everywhere.

    *possible* are passwords that nothing says the use of. *unread* counts those of the files that could not
    be read at all.
    *paths* are those that were named.
    """

    sources: Sources
    values: set[str] = field(default_factory=set, repr=False)
    leaks: dict[Path, list[Leak]] = field(default_factory=dict)
    possible: dict[Path, list[Leak]] = field(default_factory=dict)
    unsearched: list[PassedOver] = field(default_factory=list)
    unread: int = 0
    paths: tuple[str, ...] = ()

    @property
    def possible_in_notebooks(self) -> tuple[Leak, ...]:
        """The possible passwords, without those in settings beside the notebooks."""
        places = (leaks for path, leaks in self.possible.items() if path not in self.sources.nearby)
        return tuple(leak for leaks in places for leak in leaks)

    def note(self, path: Path, found: list[Leak], *, strict: bool) -> None:
        """Keep what was *found* in the file *path*, the possible passwords apart unless *strict*."""
        self.leaks[path] = [leak for leak in found if strict or not leak.possible]
        self.possible[path] = [leak for leak in found if not strict and leak.possible]


def scan_notebooks(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    nearby: bool = True,
    history: bool = False,
    strict: bool = False,
    watch: Watch | None = None,
) -> LeaksFound:
    """Find credentials in the notebooks that *paths* name or hold, and in their checkpoints.

    *nearby*: also in JSON, YAML and .env files beside them that git does not ignore. *history*: also in what
    IPython keeps of every line that was run. A value that gives itself away in one place is found wherever it
    stands again. A password under its name counts where something in its file names a registry or AI Core;
    elsewhere it is a possible one, unless *strict*. What cannot be searched is listed with its reason, and
    nothing is raised for it. *watch* is told how many files were searched. Raises InvalidFile for an empty
    path, and Stopped after Ctrl-C, with what was found until then.
    """
    searched = search(paths, nearby=nearby, history=history, strict=strict, watch=watch)
    lines, unwritable, notes = ignoring(searched)
    return LeaksFound(
        tuple(leak for each in searched.leaks.values() for leak in each),
        len(searched.leaks) - searched.unread,
        searched.sources.ignored,
        tuple(searched.unsearched),
        lines,
        (*notes, *(f"{one.path} {one.reason}." for one in unwritable)),
        tuple(leak for each in searched.possible.values() for leak in each),
        searched.paths,
    )


def search(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    *,
    nearby: bool,
    history: bool,
    strict: bool = False,
    watch: Watch | None = None,
) -> Searched:
    """Search twice: for what looks like a credential, and then for the values that were found.

    Raises Stopped after Ctrl-C, with what was found until then.
    """
    named = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
    sources = find_sources(named, nearby=nearby)
    histories, left_out = history_files() if history else ([], [])
    no_histories = (PassedOver(str(place), reason, partly=bool(histories)) for place, reason in left_out)
    result = Searched(sources, unsearched=[*sources.unsearched, *no_histories], paths=tuple(map(str, named)))
    files = [*sources.files, *histories]
    try:
        _search(result, files, strict=strict, tell=(watch or Watch()).tell)
    except KeyboardInterrupt:
        pass
    else:
        return result
    raise _stopped(result, len(files))


def _search(result: Searched, files: Sequence[Path], *, strict: bool, tell: Tell) -> None:
    reasons: dict[Path, PassedOver | None] = {}
    own: dict[Path, set[str]] = {}  # what each file shows by itself
    for number, path in enumerate(files):
        tell(FILES, "running", _how_far(result, number, len(files)))
        own[path] = set()
        found, reasons[path] = _leaks_in(path, own[path])
        result.note(path, found, strict=strict)
        result.values |= own[path]
    values = frozenset(result.values)
    for number, path in enumerate(files) if values else ():
        word = (
            f"{_how_far(result, len(files), len(files))}; searching again for the same values: "
            f"{number} of {len(files)}"
        )
        tell(FILES, "running", word)
        again = _leaks_again(path, values - own[path])
        if again:
            found, reasons[path] = again
            result.note(path, found, strict=strict)
    tell(FILES, "done", _how_far(result, len(files), len(files)))
    passed_over = [reason for reason in reasons.values() if reason]
    result.unsearched.extend(passed_over)
    result.unread = sum(not each.partly for each in passed_over)


def _how_far(result: Searched, number: int, of: int) -> str:
    found = sum(map(len, result.leaks.values()))
    return f"{number} of {count(of, 'file')} searched, {count(found, 'credential')} found"


def _stopped(result: Searched, of: int) -> Stopped:
    """The error after Ctrl-C: how far it came, and where the first credentials are."""
    leaks = [leak for each in result.leaks.values() for leak in each]
    places = "; ".join(f"{leak.kind} in {leak.path}, {leak.place}" for leak in leaks[:SHOWN_STOPPED])
    more = f"; and {len(leaks) - SHOWN_STOPPED} more" if len(leaks) > SHOWN_STOPPED else ""
    what = f"after {_how_far(result, len(result.leaks), of)}"
    what = f"{what}: {places}{more}" if leaks else what
    return Stopped(what, Effect.NONE, (AGAIN, " to search all files."))


def ignoring(
    searched: Searched,
) -> tuple[tuple[IgnoreLine, ...], tuple[PassedOver, ...], tuple[str, ...]]:
    """Give the lines that keep settings with a credential out of git, those that have none, and notes."""
    leaky = sorted(path for path in searched.sources.nearby if searched.leaks.get(path))
    leaky = [path for path in leaky if repository(path.parent)]
    in_git = kept(leaky[:MAX_ASKED], within=searched.sources.folders).files
    has_already = (
        f"git has {path} already: git rm --cached removes it only from the next commit."
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
        yield f"Git was not asked what it ignores in {named}: {reason}. No file there counts as ignored."


_InFile = tuple[list[Leak], "PassedOver | None"]  # its leaks, and why it was not searched as it should be


def _leaks_in(path: Path, values: set[str]) -> _InFile:
    """The leaks in the file *path*. Adds to *values* those that are worth looking for elsewhere."""
    if path.name == NAME:
        return _in_history(path, values, ())
    document = read_document(path)
    if isinstance(document, str):
        return [], PassedOver(str(path), document)
    found = detect(document)
    values |= distinctive_values(found)
    return _told(document, found)


def _leaks_again(path: Path, values: frozenset[str]) -> _InFile | None:
    """The leaks in the file *path* with *values* among them; None if none of those stands there."""
    if path.name == NAME:
        return _in_history(path, set(), values)
    document = read_document(path)
    if isinstance(document, str):
        return [], PassedOver(str(path), document)
    standing = values_in(document, values)
    return _told(document, detect(document, standing)) if standing else None


def _told(document: Document, found: Sequence[Occurrence]) -> _InFile:
    more = f"has more than {MAX_FOUND} credentials: the rest is not listed" if len(found) > MAX_FOUND else ""
    fault = f"{document.fault}; it was searched as plain text" if document.fault else ""
    reason = more or fault
    passed_over = PassedOver(str(document.path), reason, partly=True) if reason else None
    return leaks_of(document, found[:MAX_FOUND]), passed_over


def _in_history(path: Path, values: set[str], known: Iterable[str]) -> _InFile:
    pieces, reason = history_pieces(path)
    forms = {form for value in known for form in forms_of(value)}
    found = [one for piece in pieces for one in in_piece(piece, forms) if not one.hit.possible]
    values |= distinctive_values(found)
    leaks = [_leak(str(path), one, _line(one.piece.text, one.hit.start)) for one in found[:MAX_FOUND]]
    return leaks, PassedOver(str(path), reason, partly=bool(pieces)) if reason else None


def leaks_of(document: Document, found: Sequence[Occurrence]) -> list[Leak]:
    """Give what may be told of *found* in *document*, cell by cell, its source first."""
    if not found:
        return []
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
