"""What the record of this machine has: which logins end when, and which of them are to be replaced now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING

from aicore_magics.actions.due_logins import due_logins, spread
from aicore_magics.actions.ends_table import MOST_NAMES, Names, one_each, table_of_ends
from aicore_magics.actions.ends_words import When, ring
from aicore_magics.actions.recorded import StoredHere
from aicore_magics.base.plural import are, count
from aicore_magics.base.report import Lines, Mark, Report, Said, Step, plain
from aicore_magics.base.result import Done
from aicore_magics.ledger.record import NotedLogin
from aicore_magics.next_steps import Option, do

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from aicore_magics.actions.due_logins import DueLogin
    from aicore_magics.actions.ends_table import Login
    from aicore_magics.actions.recorded import RecordedLogin
    from aicore_magics.base.report import State
    from aicore_magics.base.result import Where
    from aicore_magics.next_steps import Action

MOST_STEPS = 3
MOST_DUE = 3  # names of logins that are due, where they are not what was asked for
_NOTES = (
    "Replace from: after two thirds of its life, or 14 days before its end.",
    "Ends are what this machine noted for the logins.",
)


@dataclass(frozen=True, repr=False)
class SecretRecords(Done):
    """The logins in the record of this machine, with their ends as they are at *now*.

    *where* is the tenant that was asked for its secrets: *known* of all its *total* are in the record; both
    are None if it was not asked. *gone* are those of its secrets in the record that it does not have any
    more. *damaged* lines of the record cannot be read, *newer* ones are of a later version; *fault* is why
    not all of it can be read. *profiles* that lead to tenants are each behind its tenant and host.
    """

    rows: tuple[RecordedLogin, ...]
    now: datetime
    where: Where | None = None
    known: int | None = None
    total: int | None = None
    gone: tuple[str, ...] = ()
    damaged: int = 0
    newer: int = 0
    fault: str = ""
    profiles: tuple[tuple[str, str, str], ...] = field(default=(), compare=False)

    @property
    def expired(self) -> tuple[RecordedLogin, ...]:
        """The logins that have ended, the first to end first."""
        return self._to_replace["expired"]

    @property
    def soon(self) -> tuple[RecordedLogin, ...]:
        """The logins that end soon: it is time to replace them."""
        return self._to_replace["soon"]

    @property
    def due(self) -> tuple[RecordedLogin, ...]:
        """The logins to replace now: those that have ended, then those that end soon."""
        return (*self.expired, *self.soon)

    @property
    def complete(self) -> bool:
        """Whether all of the record could be read."""
        return not (self.damaged or self.newer or self.fault)

    def report(self) -> Report:
        """How many logins are due, when each ends, and how to replace the first."""
        headline, state = self._headline()
        notes = (*_NOTES, *self._doubts()) if self.rows else ()
        return Report(
            headline,
            state if self.complete or state == "refused" else "warning",
            tuple(self._sentences()),
            table=table_of_ends(self.rows, self.now, self._home) if self.rows else None,
            steps=tuple(self._steps()),
            footer=str(self.where or ""),
            notes=notes,
        )

    @cached_property
    def _logins(self) -> list[Login]:
        return one_each(self.rows)

    @property
    def _home(self) -> tuple[str, str] | None:
        return (self.where.tenant, self.where.host) if self.where else None

    @cached_property
    def _to_replace(self) -> dict[str, tuple[RecordedLogin, ...]]:
        """What `expired`, `soon` and `due` are: a report asks for them again and again."""
        states = ("expired", "soon")
        each = [(row.state, row) for login in self._logins for row in login]
        return {one: tuple(row for state, row in each if state == one) for one in states}

    def _headline(self) -> tuple[str, State]:
        logins = [login[0] for login in self._logins]
        many = Counter(login.state for login in logins)
        expired, soon = self._many_due["expired"], self._many_due["soon"]
        if not logins:
            nobody = f"No login of tenant {self.where.tenant} is in the record" if self.where else ""
            fault = f"No record: {self.fault}" if self.fault else ""
            return fault or nobody or "No record on this machine yet", "hint"
        where = f" {spread(self._due_logins)}".rstrip() if self._is_told_at_once else ""
        if expired:
            ended = f"{count(expired, 'login')}{where} expired"
            return (f"{ended}, {soon} {are(soon)} due now" if soon else ended), "refused"
        if soon:
            return f"{count(soon, 'login')}{where} {are(soon)} due now", "warning"
        due = [login.expiry.replace_from for login in logins]
        if first := min((time for time in due if time), default=None):
            when = When(self.now)
            today = when.days(first) <= 0
            return ("No login is due now" if today else f"No login is due before {when.date(first)}"), ""
        if many["not known"] == len(logins):
            return f"The end of {count(len(logins), 'login')} is not known", "hint"
        return "No login in the record is due", ""

    @cached_property
    def _due_logins(self) -> tuple[DueLogin, ...]:
        return due_logins(self.due)

    @cached_property
    def _many_due(self) -> Counter[str]:
        return Counter(login.first.state for login in self._due_logins)

    @property
    def _is_told_at_once(self) -> bool:
        """Whether the headline has room for the secrets that all of them are in, and nothing is guessed."""
        return len(self._many_due) == 1 and all(login.is_proven for login in self._due_logins)

    def _where_they_are(self) -> Iterator[str]:
        """In which secrets the logins are that are due, if the headline does not have it."""
        where = spread(self._due_logins)
        if where and not self._is_told_at_once:
            they = "It is" if len(self._due_logins) == 1 else "They are"
            if all(login.is_proven for login in self._due_logins):
                yield f"{they} {where}."
            else:
                yield f"{they} probably {where}: registry, user and end are the same."

    def _sentences(self) -> Iterator[str]:
        yield from self._where_they_are()
        if self.fault and self.rows:
            yield f"Not all of the record could be read: {self.fault}."
        if self.damaged:
            yield f"{count(self.damaged, 'line')} of the record cannot be read."
        if self.newer:
            lines = count(self.newer, "line")
            yield f"{lines} of the record {are(self.newer)} of a later version of aicore-magics."
        if (more := len(self.rows) - MOST_NAMES) > 0:
            yield f"{more} more {are(more)} in .rows."
        unknown = sum(login[0].state == "not known" for login in self._logins)
        if self.where and self.total is not None and self.known is not None:
            of = f"{self.known} of {count(self.total, 'secret')} of tenant {self.where.tenant}"
            yield f"{of} {are(self.known)} in the record of this machine."
        elif self.rows:
            yield "AI Core was not asked: it may have secrets that are not in the record of this machine."
        if self.gone:
            yield f"In the record, but not in the tenant any more: {_some(self.gone)}."
        if 0 < unknown < len(self._logins) and not self.due:
            yield f"The end of {count(unknown, 'login')} is not known."

    def _doubts(self) -> Iterator[str]:
        names = Names(self.rows, self._home)
        doubted = list(dict.fromkeys(plain(names.name(row)) for row in self.rows if row.doubt))
        if doubted:
            yield f"The last write may have failed, so another login may be in {_some(doubted)}."

    def _steps(self) -> Iterator[Step]:
        lines, away = self._replacements()
        if lines:
            ready = tuple(
                self._update(line) if isinstance(line, str) else line for line in lines[:MOST_STEPS]
            )
            yield Step(f"replace what is due{self._expired_first(len(lines))}", ready)
        if away and self.where:
            yield Step(("for the other tenants, plan with ", Option("profile", "NAME"), " for each"), ())
        elif away:
            plans = tuple(
                login.plan({}, None, several=self._has_several(login)) for login in away[:MOST_STEPS]
            )
            yield Step("connect to each tenant, and plan there", plans)
        if any(not row.secret for row in self.due):
            yield Step("download a new service key, and connect with it", (do("connect-key"),))
        if self.gone:
            yield Step("remove the deleted secret from the record", (do("forget", name=self.gone[0]),))
        if not self.due and not self.fault:
            yield from self._what_is_not_known()

    def _replacements(self) -> tuple[list[Action | str], list[DueLogin]]:
        """What replaces each login that is due: a plan, or by hand in the secret of that name.

        Then those that are in a tenant, too, to which nothing that is known leads.
        """
        profiles = {(tenant, host): profile for tenant, host, profile in self.profiles}
        lines: dict[Action | str, None] = {}
        away = []
        for login in self._due_logins:
            reached = [place for place in login.places if place == self._home or place in profiles]
            if login.first.secret and len(reached) < len(login.places):
                away.append(login)
            if reached and login.can_be_planned:
                lines[login.plan(profiles, self._home, several=self._has_several(login))] = None
            else:
                lines.update({row.secret: None for row in login.rows if row.secret and self._is_here(row)})
        return [*lines], [login for login in away if login.can_be_planned or self.where]

    def _has_several(self, login: DueLogin) -> bool:
        """Whether the secret that stands for *login* has others beside it."""
        return self._logins_of[login.first.host, login.first.tenant, login.first.secret] > 1

    @cached_property
    def _logins_of(self) -> Counter[tuple[str, str, str]]:
        return Counter((row.host, row.tenant, row.secret) for row in self.rows)

    def _update(self, secret: str) -> Action:
        """What replaces all logins of *secret*."""
        rows = [row for row in self.rows if row.secret == secret and self._is_here(row)]
        logins = tuple(NotedLogin(registry=row.registry, username=row.username) for row in rows)
        return StoredHere(name=secret, now=self.now, logins=logins).update()

    def _expired_first(self, many: int) -> str:
        ones = "one" if self._many_due["expired"] == 1 else "ones"
        first = f", the expired {ones} first" if self.expired and many > 1 else ""
        return f"{first} ({MOST_STEPS} of {many})" if many > MOST_STEPS else first

    def _what_is_not_known(self) -> Iterator[Step]:
        if not self.rows:
            words = "note a secret that was stored elsewhere; what you store from now on is noted by itself"
            yield Step(words, (do("note"),))
            return
        unknown = [row.secret for row in self.rows if row.state == "not known" and self._is_here(row)]
        if unknown and unknown[0]:
            yield Step("note the end of a login, if you know it", (do("note-ends", name=unknown[0]),))

    def _is_here(self, row: RecordedLogin) -> bool:
        """Whether what is done next is done in the tenant of *row*."""
        return (row.tenant, row.host) == self._home


def _some(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    return f"{', '.join(names[:MOST_NAMES])}{f' and {more} more' if more > 0 else ''}"


def logins_due(rows: Sequence[RecordedLogin]) -> Said | None:
    """Say which logins of *rows* have ended or are due, three of them by name; None if none is."""
    due = one_each([row for row in rows if row.state in ("expired", "soon")])
    if not due:
        return None
    secrets = {row.secret for login in due for row in login}
    places = {(row.tenant, row.host) for row in rows}
    names = Names(
        [row for row in rows if row.secret in secrets], next(iter(places)) if len(places) == 1 else None
    )
    more = f" and {len(due) - MOST_DUE} more" if len(due) > MOST_DUE else ""
    named = [login[0] for login in due[:MOST_DUE]]
    alike = [tuple(each) for _, each in groupby(named, key=lambda row: row.state)]
    lines = [", ".join(_short(row, names) for row in each) for each in alike]
    lines[-1] += more
    rings = [ring(each[0].expiry, each[0].now) for each in alike]
    cards = tuple(Mark(words, state) for words, state in zip(lines, rings, strict=True))
    texts = "; ".join(", ".join(_written(row, names) for row in each) for each in alike)
    return Said(Lines(cards), f"{texts}{more}")


def _short(row: RecordedLogin, names: Names) -> str:
    verb = "" if row.state == "expired" else "ends "
    return f"{plain(names.name(row))} {verb}{When(row.now).short(row.expiry)}"


def _written(row: RecordedLogin, names: Names) -> str:
    name, ends = plain(names.name(row)), row.expiry.ends
    if row.state == "expired" or ends is None:
        return f"{name} expired"
    return f"{name} ends {When(row.now).date(ends, year=True)}"
