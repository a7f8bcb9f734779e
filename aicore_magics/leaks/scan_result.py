"""What a search for credentials gives back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.base.plural import count
from aicore_magics.base.report import Code, Report, Step, Table
from aicore_magics.base.result import Done
from aicore_magics.leaks.detectors.kinds import BY_ID, POSSIBLE
from aicore_magics.next_steps import Option, do, uncapitalised

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.base.report import State
    from aicore_magics.leaks.files.gitignore import IgnoreLine
    from aicore_magics.leaks.files.search_paths import PassedOver
    from aicore_magics.next_steps import Words

SAME = "same-value"
SHOWN_LEAKS = 200
OF_POSSIBLE = "A possible password does not count: nothing in its file names a registry or AI Core."
REVOKE_FIRST = "Revoke each of them first: removing it from a file does not make it secret again."


@dataclass(frozen=True, slots=True)
class Leak:
    """One credential in a file. *excerpt* shows its line without it.

    *cell* counts from 1 and is 0 outside the cells; *line* counts in the cell's text, or in the file where
    there is none; *file_line* and *file_column* always in the file. *kind_id* is one of `kinds.KINDS`.
    *instead* is what does without it, for a source that holds a registry's password.
    """

    path: str
    part: str
    cell: int
    cell_id: str
    line: int
    kind_id: str
    kind: str
    excerpt: str
    revoke: str
    file_line: int = 0
    file_column: int = 0
    instead: Words = ""

    @property
    def possible(self) -> bool:
        """Whether it is a possible password: nothing in its file says that it is for a registry."""
        return self.kind_id == POSSIBLE

    @property
    def place(self) -> str:
        """Where in the file it is, in words."""
        cell = f"cell {self.cell}" if self.cell else ""
        return ", ".join(filter(None, (cell, self.part, f"line {self.line}")))


@dataclass(frozen=True, repr=False)
class LeaksFound(Done):
    """The credentials in *searched* files. *unsearched* were not read, or not as they should be.

    Not looked into were *ignored* files, as git ignores them. *possible* passwords are no leaks: nothing in
    their files names a registry or AI Core. *paths* are those that were named.
    """

    leaks: tuple[Leak, ...]
    searched: int
    ignored: int = 0
    unsearched: tuple[PassedOver, ...] = ()
    ignore_lines: tuple[IgnoreLine, ...] = ()
    notes: tuple[str, ...] = ()
    possible: tuple[Leak, ...] = ()
    paths: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.leaks)

    @property
    def all_read(self) -> bool:
        """Whether everything was read as it should be: only then no leak means that there is no known one."""
        return not self.unsearched

    def report(self) -> Report:
        """Each credential with its place, what to do about it, and what was not searched."""
        return Report(
            self._headline(),
            self._state(),
            self._sentences(),
            table=_table((*self.leaks, *self.possible)) if self.leaks or self.possible else None,
            steps=self._steps(),
        )

    def _state(self) -> State:
        if self.leaks:
            return "warning"
        if not self.all_read:
            return "unknown"
        return "done" if self.searched and not self.possible else "hint"

    def _headline(self) -> str:
        if not self.leaks and not self.searched and not self.unsearched:
            return "Nothing to search: no notebook, no settings"
        files = count(self.searched, "file")
        leaky = len({leak.path for leak in self.leaks})
        possible = count(len(self.possible), "possible password") if self.possible else ""
        found = (
            f"{count(len(self.leaks), 'credential')} in {leaky} of {files}"
            if self.leaks
            else f"No known credentials found in {files}"
        )
        missed = not_all_read(self.unsearched)
        if missed and not self.leaks:
            found = f"Scan not complete: {missed}; {uncapitalised(found)}"
            missed = ""
        return "; ".join(filter(None, (found, possible, missed)))

    def _sentences(self) -> tuple[str, ...]:
        sentences = [*self.notes, *unsearched_notes(self.unsearched), *self._left_out()]
        if self.possible:
            sentences.insert(0, OF_POSSIBLE)
        if self.leaks:
            sentences.insert(0, REVOKE_FIRST)
        return tuple(sentences)

    def _left_out(self) -> tuple[str, ...]:
        more = len(self.leaks) + len(self.possible) - SHOWN_LEAKS
        ignored = f"{count(self.ignored, 'file')} that git ignores: not searched." if self.ignored else ""
        return tuple(filter(None, (f"{more} more are in .leaks and .possible." if more > 0 else "", ignored)))

    def _steps(self) -> tuple[Step, ...]:
        counted = (Step(("if they are passwords, count them: ", Option("strict", lead="add")), ()),)
        if not self.leaks:
            return counted if self.possible else ()
        notebooks = any(leak.path.endswith(".ipynb") for leak in self.leaks)
        steps = list(revoke_step(self.leaks))
        if notebooks:
            steps.append(Step("remove them from the notebooks", (do("plan-scrub", paths=self.paths),)))
        steps += instead_steps(self.leaks)
        steps += ignore_steps(self.ignore_lines)
        return (*steps, *(counted if self.possible else ()))


def revoke_step(leaks: Sequence[Leak]) -> tuple[Step, ...]:
    """Say for each kind among *leaks* where it is made worthless."""
    kinds = {leak.kind_id: f"{leak.kind}: {leak.revoke}" for leak in leaks if leak.kind_id != SAME}
    return (Step("revoke each one where it was created", tuple(kinds.values())),) if leaks else ()


def instead_steps(leaks: Sequence[Leak]) -> tuple[Step, ...]:
    """Give the lines that do the same without a password in the source."""
    lines = tuple(dict.fromkeys(leak.instead for leak in leaks if leak.instead))
    return (Step("keep the new one in a variable, and store it with", lines),) if lines else ()


def ignore_steps(lines: Sequence[IgnoreLine]) -> tuple[Step, ...]:
    """Give the lines for `.gitignore`, by folder."""
    folders = dict.fromkeys(line.folder for line in lines)
    return tuple(
        Step(
            f"keep out of git, in {folder}/.gitignore",
            tuple(each.line for each in lines if each.folder == folder),
        )
        for folder in folders
    )


def not_all_read(unsearched: Sequence[PassedOver]) -> str:
    """Say how much was not read, and how much incompletely; nothing if all was.

    >>> from aicore_magics.leaks.files.search_paths import PassedOver
    >>> not_all_read([PassedOver("a", "is too large"), PassedOver("b", "is not JSON", partly=True)])
    '1 not read, 1 read incompletely'
    """
    partly = sum(passed_over.partly for passed_over in unsearched)
    unread = sum(passed_over.files for passed_over in unsearched if not passed_over.partly)
    told = (f"{unread} not read" if unread else "", f"{partly} read incompletely" if partly else "")
    return ", ".join(filter(None, told))


def unsearched_notes(unsearched: Sequence[PassedOver]) -> tuple[str, ...]:
    """Say what was not searched, and why: the first twenty."""
    more = len(unsearched) - _SHOWN_UNSEARCHED
    notes = [passed_over.not_searched for passed_over in unsearched[:_SHOWN_UNSEARCHED]]
    if more > 0:
        notes.append(f"{more} more are in .unsearched.")
    return tuple(notes)


_SHOWN_UNSEARCHED = 20


def _table(leaks: Sequence[Leak]) -> Table:
    rows = tuple(
        (Code(leak.path), leak.place, BY_ID[leak.kind_id].words, Code(leak.excerpt))
        for leak in leaks[:SHOWN_LEAKS]
    )
    return Table(("File", "Place", "Kind", "Text"), rows)
