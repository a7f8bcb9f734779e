"""What is put into the record of this machine by hand, and taken out of it. Nothing happens at AI Core."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.base.plural import are, count
from aicore_magics.base.report import Code, Fact, Lines, Report, Step, Table
from aicore_magics.base.result import Done
from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.actions.recorded import StoredHere
    from aicore_magics.base.report import State
    from aicore_magics.base.result import Where

SHOWN = 20  # lines to copy
_NOTHING = "Nothing was changed at AI Core."


@dataclass(frozen=True, repr=False)
class SecretNoted(Done):
    """What a person entered on a secret, and what the record *had* on it. *exists*: None if nobody looked."""

    noted: StoredHere
    where: Where
    had: StoredHere | None = None
    images: tuple[str, ...] = ()
    exists: bool | None = None
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether it is in the record now."""
        return not self.notes

    def report(self) -> Report:
        """What is in the record now, what it replaced there, and how to take it out again."""
        name, gone = self.noted.name, self.exists is False
        facts = [Fact("Registry login", self.noted.registries()), Fact("Ends", self.noted.ends(how=True))]
        if self.images:
            facts.append(Fact("Used for", Lines(tuple(map(Code, self.images)))))
        if self.had:
            facts += [
                Fact("Login before", self.had.registries()),
                Fact("End before", self.had.ends(how=True)),
            ]
        return Report(
            f"{name} noted in the record of this machine" if self.complete else f"{name} could not be noted",
            "warning" if gone or self.notes else "done",
            (
                _NOTHING,
                *([f"Tenant {self.where.tenant} has no secret of that name now."] if gone else []),
                *self.notes,
            ),
            tuple(facts),
            steps=(
                Step("see which logins end when", (do("due"),)),
                Step("if that was wrong, remove it from the record", (do("forget", name=name),)),
            ),
            footer=str(self.where),
        )


@dataclass(frozen=True)
class Proposal:
    """A secret that templates use: its *name*, their images, and the files."""

    name: str
    images: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class NotesProposed(Done):
    """The secrets that the templates in *folder* use; those that the record has already are *known*.

    Files that cannot be read are *unread*.
    """

    folder: str
    proposals: tuple[Proposal, ...]
    known: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all templates could be read."""
        return not self.unread

    def report(self) -> Report:
        """Each secret with its images, and a line to copy for it; what templates do not say is blank."""
        many = len(self.proposals)
        used = f"{count(many, 'secret')} of the templates in {self.folder}"
        headline = f"{used} {are(many)} not in the record of this machine"
        if not many:
            headline = f"No secret of the templates in {self.folder} is missing in the record"
        return Report(
            headline,
            "hint",
            tuple(self._sentences()),
            table=Table(("Secret", "Images", "Used in"), self._rows()) if many else None,
            steps=tuple(self._steps()),
        )

    def _rows(self) -> tuple[tuple[Code | Lines, ...], ...]:
        return tuple(
            (
                Code(each.name),
                Lines(tuple(map(Code, each.images)) or ("not known",)),
                Lines(tuple(map(Code, each.files))),
            )
            for each in self.proposals
        )

    def _sentences(self) -> Iterator[str]:
        yield "Nothing was noted so far."
        if self.known:
            yield f"In the record already: {', '.join(self.known)}."
        if len(self.proposals) > SHOWN:
            yield f"The first {SHOWN} have a line below."
        if self.unread:
            yield f"Not read: {', '.join(self.unread[:SHOWN])}."

    def _steps(self) -> Iterator[Step]:
        lines = tuple(do("note", name=each.name, image=each.images) for each in self.proposals[:SHOWN])
        if lines:
            yield Step("fill in what templates do not say, and run", lines)


@dataclass(frozen=True, repr=False)
class RecordsForgotten(Done):
    """How many *records* were taken out, of which *secrets*; *left* is each file that was not, and why."""

    records: int
    secrets: tuple[str, ...]
    left: tuple[tuple[str, str], ...] = ()

    @property
    def complete(self) -> bool:
        """Whether all that was to be removed is removed."""
        return not self.left

    def report(self) -> Report:
        """What was removed from the record, and what could not be."""
        removed = f"{count(self.records, 'record')} of {count(len(self.secrets), 'secret')} removed"
        headline = (
            f"{removed} from this machine" if self.records else "No record was removed from this machine"
        )
        facts = [Fact("Secrets", ", ".join(self.secrets))] if self.secrets else []
        if self.left:
            facts.append(
                Fact("Not removed", Lines(tuple((Code(file), f": {why}") for file, why in self.left)))
            )
        state: State = "warning" if self.left else "done" if self.records else "hint"
        return Report(headline, state, (_NOTHING,), tuple(facts))
