"""The table of ends: a row for each login, or for several where there are many.

No name is left out up to MOST_NAMES; of more, those are named that end first.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from aicore_magics.actions.ends_words import When, ring
from aicore_magics.base.report import Bar, Code, Lines, Mark, Said, Table, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from aicore_magics.actions.recorded import RecordedLogin
    from aicore_magics.next_steps import Piece

DAYS = 90  # how far the bars go
MOST_ROWS = 20
MOST_NAMES = 2000  # a browser shows as many at once; nobody reads more
WEEK = 7
_NAMES_WIDE = 36  # characters of names in a line of text
_LATEST = datetime.max.replace(tzinfo=UTC)
_RANKS = {"does not end": 1, "not known": 2}

# Several secrets with one and the same login: it ends once, and is one login to replace.
Login: TypeAlias = "tuple[RecordedLogin, ...]"
Home: TypeAlias = "tuple[str, str] | None"  # tenant and host


def one_each(rows: Iterable[RecordedLogin]) -> list[Login]:
    """Return the logins of *rows*, the first to end first: rows with one fingerprint are one login."""
    found: dict[object, list[RecordedLogin]] = {}
    for i, row in enumerate(sorted(rows, key=_order)):
        same = (row.tenant, row.host, row.registry, row.username, row.fingerprint, row.expiry)
        key = same if row.fingerprint else i
        found.setdefault(key, []).append(row)
    return [tuple(each) for each in found.values()]


def table_of_ends(rows: Sequence[RecordedLogin], now: datetime, home: Home = None) -> Table:
    """Return the table of the logins in *rows*, with a bar for each row that ends, or does not.

    Of more than MOST_NAMES, it has those that end first.
    """
    names, when = Names(rows, home), When(now)
    groups = _groups(list(_first(one_each(rows))), when, names)
    return Table(
        ("Login", "Ends", "Replace from"),
        tuple((names.cell(group.rows), group.ends(when), group.due(when)) for group in groups),
        kind="ends",
    )


def _first(logins: list[Login]) -> Iterator[Login]:
    room = MOST_NAMES
    for login in logins:
        if room > 0:
            yield login[:room]
        room -= len(login)


@dataclass(frozen=True)
class _Group:
    """Logins that share a row. *later*: they end beyond the bars."""

    logins: tuple[Login, ...]
    later: bool = False

    @property
    def rows(self) -> tuple[RecordedLogin, ...]:
        return tuple(row for login in self.logins for row in login)

    @property
    def first(self) -> RecordedLogin:
        return self.logins[0][0]

    def ends(self, when: When) -> Said:
        expiry = self.first.expiry
        one = when.ends(expiry)
        if len(self.logins) == 1:
            return one
        if expiry.ends is None or self.first.state == "expired":
            word = "do not end" if self.first.state == "does not end" else self.first.state
            return Said(Mark(word, ring(expiry, when.now)), word)
        if self.later:
            card = f"later, first {when.date(expiry.ends)}"
        elif len({when.days(ends) for row in self.rows if (ends := row.expiry.ends)}) == 1:
            return one
        else:
            card = f"first {when.left(expiry)}"
        return Said(Mark(card, ring(expiry, when.now)), f"first {when.written(expiry)}")

    def due(self, when: When) -> Bar:
        """From when on they are to be replaced: the first of them that is due."""
        soonest = min((row.expiry for row in self.rows), key=lambda expiry: expiry.replace_from or _LATEST)
        words, first = when.replace_from(soonest), self.first
        if first.state == "expired":
            return Bar(words, tick=True)
        due, ends = soonest.replace_from, first.expiry.ends
        if due is None or ends is None:
            return Bar(words, thin=100 if first.state == "does not end" else 0)
        thin, end = _share(due, when), _share(ends, when)
        thick = min(
            round(end - thin, 1), round(100 - round(thin, 1), 1)
        )  # rounded parts are no longer than all
        return Bar(words, round(thin, 1), max(0.0, thick), tick=when.seconds(ends) <= _SECONDS)


_SECONDS = timedelta(days=DAYS).total_seconds()


def _share(time: datetime, when: When) -> float:
    """How far along the bar *time* is, in per cent of its length."""
    return min(100.0, max(0.0, 100 * when.seconds(time) / _SECONDS))


def _groups(logins: list[Login], when: When, names: Names) -> list[_Group]:
    """A row for each login; of more than 20, one for those of a day, or else of a week."""
    if len(logins) <= MOST_ROWS:
        return [_Group((login,)) for login in logins]
    by_day = _grouped(logins, lambda row: _day(row, when, names, 1))
    return by_day if len(by_day) <= MOST_ROWS else _grouped(logins, lambda row: _day(row, when, names, WEEK))


def _grouped(logins: list[Login], key: Callable[[RecordedLogin], tuple[object, ...]]) -> list[_Group]:
    groups: dict[tuple[object, ...], list[Login]] = {}
    for login in logins:
        groups.setdefault(key(login[0]), []).append(login)
    return [_Group(tuple(each), later=key_[-1] == "later") for key_, each in groups.items()]


def _day(row: RecordedLogin, when: When, names: Names, days: int) -> tuple[object, ...]:
    """What the logins of one row have in common: a row has one tenant, and one ring."""
    shared: tuple[object, ...] = (names.tenant(row), row.state)
    if row.expiry.ends is None or row.state == "expired":
        return shared
    left = when.days(row.expiry.ends)
    return (*shared, "later") if left > DAYS else (*shared, left // days)


def _order(row: RecordedLogin) -> tuple[Any, ...]:
    names = (row.tenant, row.secret, row.registry, row.username, row.host)
    return (_RANKS.get(row.state, 0), row.expiry.ends or _LATEST, *names)


class Names:
    """What each of *rows* is called: as much of it as tells it from the others.

    The tenant is left out where all are of *home*, the tenant that is named beside them anyway.
    """

    def __init__(self, rows: Sequence[RecordedLogin], home: Home = None) -> None:
        self._home = home
        self._hosts = {(row.tenant, row.host) for row in rows}
        self._tenants = {row.tenant for row in rows}
        self._registries = Counter((*_secret(row), row.registry) for row in rows)
        self._secrets = Counter(_secret(row) for row in rows)

    def tenant(self, row: RecordedLogin) -> str:
        """The tenant of *row*, and its host where two tenants are called alike; empty at home."""
        if self._hosts == {self._home}:
            return ""
        alike = len(self._hosts) > len(self._tenants)
        return f"{row.tenant} at {row.host}" if alike else row.tenant

    def name(self, row: RecordedLogin) -> tuple[Piece, ...]:
        """The name of the secret, with its registry and user where it has several; or of the service key."""
        if not row.secret:
            return (f"service key of {row.tenant}",)
        if self._secrets[_secret(row)] == 1 or not (row.registry or row.username):
            return (Code(row.secret),)
        user = f" as {row.username}" if self._registries[(*_secret(row), row.registry)] > 1 else ""
        return (Code(row.secret), f" at {row.registry or 'not known'}{user}")

    def cell(self, rows: Sequence[RecordedLogin]) -> Said:
        """The names of *rows*, which are of one tenant."""
        names = [self.name(row) for row in rows]
        tenant = self.tenant(rows[0]) if any(row.secret for row in rows) else ""
        after = f"{', ' if len(rows) == 1 else ' in '}{tenant}" if tenant else ""
        card = [piece for i, name in enumerate(names) for piece in ((", ",) if i else ()) + name]
        lines = [""]
        for i, name in enumerate(names):
            word = plain(name) + ("," if i < len(names) - 1 else after)
            wide = len(lines[-1]) + len(word) >= _NAMES_WIDE
            if lines[-1] and wide:
                lines.append(word)
            else:
                lines[-1] = f"{lines[-1]} {word}".strip()
        return Said((*card, after), Lines(tuple(lines)))


def _secret(row: RecordedLogin) -> tuple[str, str, str]:
    return row.host, row.tenant, row.secret
