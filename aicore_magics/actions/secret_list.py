"""What a list of the tenant's secrets gives back: names, and what is not known or not shown of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.actions.recorded import ELSEWHERE
from aicore_magics.actions.results import count_of
from aicore_magics.base.plural import are, count
from aicore_magics.base.report import Code, Mark, Report, Said, Step, Table
from aicore_magics.base.result import Done, Where
from aicore_magics.base.tokens import MASK
from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.actions.recorded import StoredHere
    from aicore_magics.aicore.name_list import HiddenName
    from aicore_magics.base.report import Cell, State
    from aicore_magics.next_steps import Piece

SHOWN_NAMES = 200
_DAY = 86_400
_NOTED = (
    "AI Core returns names only.",
    "Registry, user, dates and notebooks are what this machine noted when it stored them.",
)
_NOTHING: tuple[Cell, ...] = (ELSEWHERE, Said("not known", ""), Said(Mark("not known", "unknown"), ""))


@dataclass(frozen=True, repr=False)
class SecretList(Done):
    """The names of the tenant's secrets, through all pages, in AI Core's order.

    A name that looks like a token, or contains a secret of this connection, is in no text and not in `names`:
    it is *hidden*, with its position. *complete*: it is known that the tenant has no others. The quota is
    None where it was not told. *known* is what the record of this machine has on them. With *ends_within*
    only those are shown that have a login which ends in that many days, or has ended.
    """

    names: tuple[str, ...]
    where: Where
    quota: int | None = None
    notes: tuple[str, ...] = ()
    hidden: tuple[HiddenName, ...] = ()
    complete: bool = True
    known: tuple[StoredHere, ...] = ()
    ends_within: int | None = None

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    @property
    def ending(self) -> tuple[str, ...]:
        """The names with a login that ends within the days of *ends_within*, or has ended."""
        within = (self.ends_within or 0) * _DAY
        ends = {
            each.name
            for each in self.known
            for login in each.logins
            if login.expiry.ends and (login.expiry.ends - each.now).total_seconds() <= within
        }
        return tuple(name for name in self.names if name in ends)

    def report(self) -> Report:
        """The names, how many of the allowed number they are, and what is known of them; and what is not."""
        table = self._table()
        filtered = self.ends_within is not None
        state: State = "warning" if self.hidden or not self.complete else ""
        columns = len(table.columns) if table else 0
        return Report(
            self._ending_headline() if filtered else self._headline(),
            state,
            tuple(self._sentences(0 if filtered else len(self._rows()) - SHOWN_NAMES)),
            table=table,
            steps=tuple(self._steps()),
            footer=str(self.where),
            notes=_NOTED if columns > 1 else (),
        )

    def _headline(self) -> str:
        many = count_of(len(self._rows()), self.quota)
        word = "secret" if many == "1" else "secrets"
        headline = f"{many} Docker registry {word} in tenant {self.where.tenant}"
        if not self.complete:
            return f"At least {headline}"
        if self._rows():
            return headline
        of_quota = "" if self.quota is None else f" (0 of {self.quota})"
        return f"No Docker registry secrets in tenant {self.where.tenant}{of_quota}"

    def _ending_headline(self) -> str:
        ending, days = len(self.ending), count(self.ends_within or 0, "day")
        verb = "has" if ending == 1 else "have"
        return f"{ending} of {count(len(self._rows()), 'secret')} {verb} a login that ends within {days}"

    def _table(self) -> Table | None:
        """Names alone, unless the record knows one of them: then what it knows of each."""
        known = {each.name: each for each in self.known}
        if self.ends_within is not None:
            rows: list[Code | tuple[Piece, ...]] = [Code(name) for name in self.ending]
        else:
            rows = self._rows()
        if not rows:
            return None
        if not known.keys() & {*self.names}:
            return Table(("Name",), tuple((cell,) for cell in rows[:SHOWN_NAMES]))
        return Table(
            ("Name", "Registry and user", "Stored", "Ends"),
            tuple(
                (cell, *_details(known.get(cell) if isinstance(cell, str) else None))
                for cell in rows[:SHOWN_NAMES]
            ),
        )

    def _rows(self) -> list[Code | tuple[Piece, ...]]:
        """Each name in its place, or what stands there for it."""
        rows: list[Code | tuple[Piece, ...]] = [Code(name) for name in self.names]
        for each in self.hidden:
            rows.insert(each.position - 1, (Code(MASK), f"  position {each.position}, {each.why}"))
        return rows

    def _steps(self) -> Iterator[Step]:
        due = sorted(
            (state, i) for i, each in enumerate(self.known) for state in each.states if state in _DUE
        )
        if due:
            state, i = due[0]
            which = "the login that expired" if state == "expired" else "the login that ends soon"
            yield Step(f"replace {which}", (self.known[i].update(),))
            yield Step("or see all ends", (do("due"),))
        elif self.names:
            yield Step(f"use {self.names[0]} in a template", (do("show", name=self.names[0]),))
        if self.hidden:
            first = str(self.hidden[0].position)
            yield Step("delete one whose name is hidden", (do("delete-hidden", position=first),))

    def _sentences(self, more: int) -> Iterator[str]:
        if more > 0:
            yield f"{more} more {are(more)} in .names."
        if not self.complete:
            yield "AI Core did not list all names, or gave no total. Others may exist."
        if self.hidden:
            hidden = count(len(self.hidden), "name")
            yield f"{hidden} not shown. Everyone who can list the secrets can read it: revoke the token."
        if self.ends_within is not None:
            known = {each.name for each in self.known if "not known" not in each.states and each.states}
            unknown = len(self.names) - len(known & {*self.names}) + len(self.hidden)
            if unknown:
                yield f"For {count(unknown, 'secret')} it is not known when a login ends."
        elif any(each.name in self.names for each in self.known):
            yield "Someone else may have replaced a login since."
        yield from self.notes


_DUE = ("expired", "soon")


def _details(known: StoredHere | None) -> tuple[Cell, ...]:
    return (known.registries(), known.stored(), known.ends()) if known else _NOTHING
