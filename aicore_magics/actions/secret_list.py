"""What a list of the tenant's secrets gives back: names, and what is not known or not shown of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.actions.results import count_of
from aicore_magics.base.plural import are, count
from aicore_magics.base.report import Code, Report, Step, Table
from aicore_magics.base.result import Done, Where
from aicore_magics.base.tokens import MASK
from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.aicore.name_list import HiddenName
    from aicore_magics.base.report import State
    from aicore_magics.next_steps import Piece

SHOWN_NAMES = 200


@dataclass(frozen=True, repr=False)
class SecretList(Done):
    """The names of the tenant's secrets, through all pages, in AI Core's order.

    A name that looks like a token, or contains a secret of this connection, is in no text and not in `names`:
    it is *hidden*, with its position. *complete*: it is known that the tenant has no others. The quota is
    None where it was not told.
    """

    names: tuple[str, ...]
    where: Where
    quota: int | None = None
    notes: tuple[str, ...] = ()
    hidden: tuple[HiddenName, ...] = ()
    complete: bool = True

    def __len__(self) -> int:
        return len(self.names)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def report(self) -> Report:
        """The names, and how many of the allowed number they are; and what is not known, or not shown."""
        rows, tenant = self._rows(), self.where.tenant
        state: State = "warning" if self.hidden or not self.complete else ""
        many = count_of(len(rows), self.quota)
        word = "secret" if many == "1" else "secrets"
        headline = f"{many} Docker registry {word} in tenant {tenant}"
        if not self.complete:
            headline = f"At least {headline}"
        elif not rows:
            of_quota = "" if self.quota is None else f" (0 of {self.quota})"
            headline = f"No Docker registry secrets in tenant {tenant}{of_quota}"
        steps: list[Step] = []
        if self.names:
            steps.append(Step(f"use {self.names[0]} in a template", (do("show", name=self.names[0]),)))
        if self.hidden:
            first = str(self.hidden[0].position)
            steps.append(Step("delete one whose name is hidden", (do("delete-hidden", position=first),)))
        table = Table(("Name",), tuple((cell,) for cell in rows[:SHOWN_NAMES])) if rows else None
        return Report(
            headline,
            state,
            tuple(self._sentences(len(rows) - SHOWN_NAMES)),
            table=table,
            steps=tuple(steps),
            footer=str(self.where),
        )

    def _rows(self) -> list[Code | tuple[Piece, ...]]:
        """Each name in its place, or what stands there for it."""
        rows: list[Code | tuple[Piece, ...]] = [Code(name) for name in self.names]
        for each in self.hidden:
            rows.insert(each.position - 1, (Code(MASK), f"  position {each.position}, {each.why}"))
        return rows

    def _sentences(self, more: int) -> Iterator[str]:
        if more > 0:
            yield f"{more} more {are(more)} in .names."
        if not self.complete:
            yield "AI Core did not list all names, or gave no total. Others may exist."
        if self.hidden:
            hidden = count(len(self.hidden), "name")
            yield f"{hidden} not shown. Everyone who can list the secrets can read it: revoke the token."
        yield from self.notes
