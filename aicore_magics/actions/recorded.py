"""What the record of this machine knows of a secret and its logins, as values that results are made of.

Each has *now*, the time at which it was looked up: what it says of an end holds at that time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aicore_magics.actions.ends_words import HOW, When, ring
from aicore_magics.base.report import Fact, Lines, Mark, Said
from aicore_magics.ledger.record import SILENT
from aicore_magics.model.expiry import NOT_KNOWN
from aicore_magics.next_steps import BLANKS, do

if TYPE_CHECKING:
    from datetime import datetime

    from aicore_magics.ledger.record import NotedLogin, Record
    from aicore_magics.model.expiry import Expiry, State
    from aicore_magics.next_steps import Action

_GONE = ("deleted", "forgotten", *SILENT)
SINCE = "Someone else may have replaced its login since."
ELSEWHERE = "not known: not stored from this machine"


@dataclass(frozen=True, kw_only=True)
class RecordedLogin:
    """A login in a secret of a tenant, as the record has it. Without a *secret* it is the service key.

    *doubt*: nobody knows whether the last write was done, so the secret may have another login. *told*: a
    person entered it, and it was not stored from here. Equal fingerprints are one token.
    """

    tenant: str
    host: str
    secret: str
    now: datetime
    registry: str = ""
    username: str = ""
    expiry: Expiry = NOT_KNOWN
    fingerprint: str = field(default="", repr=False)
    at: datetime | None = None
    notebook: str = ""
    told: bool = False
    doubt: bool = False

    @property
    def state(self) -> State:
        """What the login is: expired, soon, valid, does not end, or not known."""
        return self.expiry.state(self.now)

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, with times in UTC, and without the fingerprint."""
        return {
            "tenant": self.tenant,
            "host": self.host,
            "secret": self.secret or None,
            "registry": self.registry or None,
            "username": self.username or None,
            **end_data(self.expiry, self.now),
            "recorded": self.at.isoformat() if self.at else None,
            "notebook": self.notebook or None,
            "told": self.told,
            "doubt": self.doubt,
        }


@dataclass(frozen=True, kw_only=True)
class StoredHere:
    """What the record has on one secret: its logins, and when and from which notebook they were stored.

    *told* and *doubt* are as for a RecordedLogin.
    """

    name: str
    now: datetime
    logins: tuple[NotedLogin, ...] = ()
    at: datetime | None = None
    notebook: str = ""
    told: bool = False
    doubt: bool = False

    @property
    def states(self) -> tuple[State, ...]:
        """What each login is."""
        return tuple(login.expiry.state(self.now) for login in self.logins)

    def registries(self) -> Lines:
        """Each login with its registry and user, a line each."""
        perhaps = "probably " if self.doubt else ""
        named = tuple(
            f"{perhaps}{_named(login)}" if login.registry else _named(login) for login in self.logins
        )
        return Lines(named or ("not known",))

    def stored(self) -> Said:
        """When it was stored, and from which notebook."""
        if self.at is None:
            return Said("not known", "not known")
        day = When(self.now).stored(self.at)
        if self.told:
            return Said(Lines(("not known", f"noted {day.card}")), f"not known, noted {day.text}")
        if not self.notebook:
            return day
        return Said(Lines((str(day.card), self.notebook)), f"{day.text} in {self.notebook}")

    def facts(self) -> tuple[Fact, ...]:
        """The logins, when they were last stored from here, and when they end."""
        return (
            Fact("Registry login", self.registries()),
            Fact("Last stored", self.stored()),
            Fact("Ends", self.ends(how=True)),
        )

    def ends(self, *, how: bool = False) -> Said:
        """When each login ends; one line if all do so alike. *how*: with where that is known from."""
        when, logins = When(self.now), {login.expiry: "" for login in self.logins} or {NOT_KNOWN: ""}
        each = list(logins.items())
        if len(each) > 1:
            each = [(login.expiry, f"{login.registry or 'not known'}: ") for login in self.logins]
        sources = [f", {HOW[expiry.how]}" if how and HOW[expiry.how] else "" for expiry, _ in each]
        ends = [(whose, expiry, source) for (expiry, whose), source in zip(each, sources, strict=True)]
        cards = [(f"{whose}{when.left(expiry)}{source}", expiry) for whose, expiry, source in ends]
        texts = tuple(f"{whose}{when.written(expiry)}{source}" for whose, expiry, source in ends)
        return Said(Lines(tuple(Mark(word, ring(expiry, self.now)) for word, expiry in cards)), Lines(texts))

    def update(self) -> Action:
        """Return what replaces its logins: each is named, since an update replaces them all."""
        logins = [login for login in self.logins if login.registry]
        if len(logins) > 1:
            return do("update-logins", name=self.name, logins=tuple(map(_pair, logins)))
        login = logins[0] if logins else None
        given = {"registry": login.registry, "username": login.username} if login else {}
        return do("update-login", name=self.name, **given)

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, with times in UTC, and without the fingerprints."""
        logins = [
            {
                "registry": login.registry or None,
                "username": login.username or None,
                **end_data(login.expiry, self.now),
            }
            for login in self.logins
        ]
        return {
            "name": self.name,
            "logins": logins,
            "recorded": self.at.isoformat() if self.at else None,
            "notebook": self.notebook or None,
            "told": self.told,
            "doubt": self.doubt,
            "now": self.now.isoformat(),
        }


def end_data(expiry: Expiry, now: datetime) -> dict[str, Any]:
    """Return the end of a login as plain data, with what it is at *now*."""
    times = {"ends": expiry.ends, "begins": expiry.begins, "replace_from": expiry.replace_from}
    told = {name: time.isoformat() if time else None for name, time in times.items()}
    return {"state": expiry.state(now), **told, "how": expiry.how}


def stored_here(record: Record, now: datetime, *, doubt: bool = False) -> StoredHere | None:
    """Return what *record* has on its secret; None if the secret is gone.

    *doubt*: the outcome of a later record is unknown.
    """
    if record.op in _GONE or not record.secret:
        return None
    return StoredHere(
        name=record.secret,
        now=now,
        logins=record.logins,
        at=record.stored_at or record.at,
        notebook=record.notebook,
        told=record.stored_at is None,
        doubt=doubt or record.outcome == "unknown",
    )


def recorded_logins(record: Record, now: datetime, *, doubt: bool = False) -> tuple[RecordedLogin, ...]:
    """Return each login of *record*; a secret without any has one of which nothing is known."""
    if record.op in _GONE:
        return ()
    common: dict[str, Any] = {
        "tenant": record.tenant,
        "host": record.host,
        "secret": record.secret,
        "now": now,
        "at": record.stored_at or record.at,
        "notebook": record.notebook,
        "told": record.stored_at is None and bool(record.secret),
        "doubt": doubt or record.outcome == "unknown",
    }
    each = tuple(
        RecordedLogin(
            **common,
            registry=login.registry,
            username=login.username,
            expiry=login.expiry,
            fingerprint=login.fingerprint,
        )
        for login in record.logins
    )
    return each or (RecordedLogin(**common),)


def _pair(login: NotedLogin) -> str:
    return f"{login.registry}={login.username or BLANKS['username']}"


def _named(login: NotedLogin) -> str:
    if not login.registry:
        return f"not known as {login.username}" if login.username else "not known"
    return f"{login.registry} as {login.username}" if login.username else login.registry
