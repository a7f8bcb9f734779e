"""What is to be taken out of which files, and what was."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aicore_magics.base.plural import count
from aicore_magics.base.report import Code, Mark, Report, Step, Table, as_data
from aicore_magics.base.result import Done
from aicore_magics.leaks.detectors.kinds import BY_ID
from aicore_magics.leaks.scan_result import (
    REVOKE_FIRST,
    Leak,
    ignore_steps,
    instead_steps,
    not_all_read,
    revoke_step,
)
from aicore_magics.leaks.scan_result import unsearched_notes as not_searched
from aicore_magics.next_steps import Option, do

if TYPE_CHECKING:
    from pathlib import Path

    from aicore_magics.base.redact import Secret
    from aicore_magics.base.report import State
    from aicore_magics.leaks.files.gitignore import IgnoreLine
    from aicore_magics.leaks.files.search_paths import PassedOver

SHOWN = 200
SHOWN_LINES = 5
_OPEN = "Close a notebook that is open in Jupyter first, or reload it afterwards."
_DATA = ("path", "leaks")
Replacements = tuple[tuple[int, int, str], ...]  # start, end and new text, the last one first


@dataclass(frozen=True, slots=True)
class Edit:
    """What is planned for one notebook. *rounds* are replacements to make, one round after the other.

    *place* is where it really stands; *digest* and *after* are the SHA-256 of what it holds and shall hold.
    *left* are the lines of the file that will still hold a part of a credential.
    """

    path: str
    leaks: tuple[Leak, ...]
    digest: bytes = field(repr=False)
    rounds: tuple[Replacements, ...] = field(repr=False)
    place: Path = field(repr=False)
    after: bytes = field(repr=False)
    left: tuple[int, ...] = ()

    @property
    def replacements(self) -> Replacements:
        """All of them, in the order in which they are made."""
        return tuple(one for each in self.rounds for one in each)


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A file, and how many credentials were taken out of it."""

    path: str
    number: int


@dataclass(frozen=True, slots=True)
class Left:
    """A notebook that keeps parts of credentials after it was cleaned, and on which lines of the file."""

    path: str
    lines: tuple[int, ...]


@dataclass(frozen=True, repr=False)
class ScrubPlan(Done):
    """What `scrub_notebooks` would do. *refused* is left alone; *values* are looked for in histories.

    *ignore_folders* are the real paths of the folders of *ignore_lines*, in their order. *possible* passwords
    stay where they are. *paths* are those that were named.
    """

    edits: tuple[Edit, ...]
    in_histories: tuple[Leak, ...] = ()
    refused: tuple[PassedOver, ...] = ()
    ignore_lines: tuple[IgnoreLine, ...] = ()
    unsearched: tuple[PassedOver, ...] = ()
    notes: tuple[str, ...] = ()
    values: tuple[Secret, ...] = field(default=(), repr=False)
    ignore_folders: tuple[Path, ...] = field(default=(), repr=False)
    possible: tuple[Leak, ...] = ()
    paths: tuple[str, ...] = ()

    @property
    def leaks(self) -> tuple[Leak, ...]:
        """All that would be replaced."""
        return (*(leak for edit in self.edits for leak in edit.leaks), *self.in_histories)

    @property
    def left(self) -> tuple[Left, ...]:
        """The notebooks that will keep parts of credentials."""
        return tuple(Left(edit.path, edit.left) for edit in self.edits if edit.left)

    @property
    def histories(self) -> tuple[str, ...]:
        """The histories of IPython that would be cleaned."""
        return tuple(dict.fromkeys(leak.path for leak in self.in_histories))

    def report(self) -> Report:
        """Each credential, and what shall stand in its place; what is refused, and what to do first."""
        files = count(len(self.edits) + len(self.histories), "file")
        planned = f"{count(len(self.leaks), 'credential')} to remove from {files}"
        headline = _headline(planned, self, nothing=not self.leaks)
        sentences = ["Nothing is changed yet."]
        if self.leaks:
            sentences += [REVOKE_FIRST, _OPEN]
        sentences += [*_left_alone(self.refused), *_not_all(self.left), *self.notes]
        sentences += not_searched(self.unsearched)
        steps = list(revoke_step(self.leaks))
        if self.leaks or self.ignore_lines:
            steps.append(Step("then carry out the plan", (do("scrub", paths=self.paths),)))
        steps += instead_steps(self.leaks)
        steps += [*ignore_steps(self.ignore_lines), *_strict_step(self.possible)]
        state = "warning" if self.leaks and not (self.refused or self.left) else _end(self)
        return Report(headline, state, tuple(sentences), table=_table(self.leaks), steps=tuple(steps))

    def to_dict(self) -> dict[str, Any]:
        """Give the plan as plain data, without the values and without where each credential ends."""
        edits = [{name: data for name, data in as_data(edit).items() if name in _DATA} for edit in self.edits]
        names = ("in_histories", "refused", "ignore_lines", "unsearched", "left", "possible")
        rest = {name: [as_data(value) for value in getattr(self, name)] for name in names}
        return {"result": type(self).__name__, "edits": edits, **rest, "notes": list(self.notes)}


@dataclass(frozen=True, repr=False)
class Scrubbed(Done):
    """What was taken out of which files. *leaks* are all that were planned for; *possible* ones stayed."""

    cleaned: tuple[Cleaned, ...]
    refused: tuple[PassedOver, ...] = ()
    ignore_lines: tuple[IgnoreLine, ...] = ()
    leaks: tuple[Leak, ...] = ()
    unsearched: tuple[PassedOver, ...] = ()
    notes: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()
    possible: tuple[Leak, ...] = ()

    def report(self) -> Report:
        """How much was taken out of each file, which were refused, and what is left to do."""
        number = sum(one.number for one in self.cleaned)
        taken = f"{count(number, 'credential')} removed from {count(len(self.cleaned), 'file')}"
        headline = _headline(taken, self, nothing=not self.cleaned)
        sentences = [*_left_alone(self.refused), *_not_all(self.left), *self.notes]
        sentences += not_searched(self.unsearched)
        if self.leaks:
            sentences.insert(0, REVOKE_FIRST)
        rows = (
            *((Code(one.path), Mark("cleaned", "done"), str(one.number)) for one in self.cleaned[:SHOWN]),
            *((Code(one.path), Mark("left alone", "refused"), one.reason) for one in self.refused[:SHOWN]),
        )
        table = Table(("File", "Result", "Credentials"), rows) if rows else None
        steps = [*revoke_step(self.leaks), *instead_steps(self.leaks), *ignore_steps(self.ignore_lines)]
        steps += _strict_step(self.possible)
        return Report(headline, _end(self), tuple(sentences), table=table, steps=tuple(steps))


def _headline(words: str, result: ScrubPlan | Scrubbed, *, nothing: bool) -> str:
    """*words*; or, of *nothing* to take out, how many files were left alone with what they hold."""
    left_alone = f"{count(len(result.refused), 'file')} left alone" if nothing and result.refused else ""
    return "; ".join(
        filter(None, (left_alone or words, _staying(result.possible), not_all_read(result.unsearched)))
    )


def _end(result: ScrubPlan | Scrubbed) -> State:
    """How it ended: what was not read may hold more."""
    if result.refused or result.left:
        return "refused"
    return "unknown" if result.unsearched else "hint" if result.possible else "done"


def _staying(possible: tuple[Leak, ...]) -> str:
    """How many *possible* passwords stay in the files."""
    return f"{count(len(possible), 'possible password')} not removed" if possible else ""


def _strict_step(possible: tuple[Leak, ...]) -> tuple[Step, ...]:
    """What takes out the *possible* passwords as well."""
    words = ("to remove the possible passwords as well: ", Option("strict", lead="add"))
    return (Step(words, ()),) if possible else ()


def _left_alone(refused: tuple[PassedOver, ...]) -> tuple[str, ...]:
    return tuple(f"Left alone: {one.path} {one.reason}." for one in refused[:SHOWN])


def _not_all(left: tuple[Left, ...]) -> tuple[str, ...]:
    """What to say of *left*."""
    return tuple(
        f"Not all removed: {one.path} keeps part of a credential in {_lines(one.lines)} of the file. "
        "Remove it in a text editor."
        for one in left[:SHOWN]
    )


def _lines(numbers: tuple[int, ...]) -> str:
    more = f" and {len(numbers) - SHOWN_LINES} more" if len(numbers) > SHOWN_LINES else ""
    word = "line" if len(numbers) == 1 else "lines"
    return f"{word} {', '.join(map(str, numbers[:SHOWN_LINES]))}{more}"


def _table(leaks: tuple[Leak, ...]) -> Table | None:
    rows = tuple(
        (Code(leak.path), leak.place, Code(leak.excerpt), Code(BY_ID[leak.kind_id].placeholder))
        for leak in leaks[:SHOWN]
    )
    return Table(("File", "Place", "Text", "Becomes"), rows) if rows else None
