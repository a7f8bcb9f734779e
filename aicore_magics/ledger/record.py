"""One record of the ledger: what was stored, noted or deleted, without any password or part of one."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import time_ns
from typing import Any, Literal, TypeVar

from aicore_magics.model.expiry import NOT_KNOWN, Expiry, time_in

# `service key` is about the tenant's own key, and has no secret. `forgotten` takes one record back, or all
# that is known of a place. The last four are of a run: `planned` is a secret that it is to reach, `same` one
# that was left as it is, `refused` takes a write in doubt back, and `run ended` closes it.
Op = Literal[
    "created",
    "replaced",
    "deleted",
    "noted",
    "service key",
    "forgotten",
    "planned",
    "refused",
    "same",
    "run ended",
]
Outcome = Literal["done", "unknown"]
_OUTCOMES = ("done", "unknown")
Made = TypeVar("Made")
LONGEST_TEXT, MOST_VALUES = 2_000, 500
# What begins with a hyphen would be an option in a line to copy.
_SECRET = re.compile(r"(?:[A-Za-z0-9][A-Za-z0-9._-]{0,252})?")


class Impossible(ValueError):
    """A record that no version writes: one of its texts or lists is too long, or its secret has no name."""


# What says nothing of what a secret holds.
SILENT = ("planned", "refused", "same", "run ended")
OPS = ("created", "replaced", "deleted", "noted", "service key", "forgotten", *SILENT)


@dataclass(frozen=True, kw_only=True)
class NotedLogin:
    """A login that a secret holds, without its password.

    *kind* is what its token is called, where its looks tell. *fingerprint* is there for tokens that no person
    chose; equal ones are one token.
    """

    registry: str
    username: str
    key: str = ""
    kind: str = ""
    expiry: Expiry = NOT_KNOWN
    fingerprint: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, without what is empty."""
        texts = {
            "registry": self.registry,
            "username": self.username,
            "key": self.key,
            "kind": self.kind,
            "fp": self.fingerprint,
        }
        return {
            **{name: text for name, text in texts.items() if text},
            **_some("expiry", self.expiry.to_data()),
        }

    @classmethod
    def from_data(cls, data: Any) -> NotedLogin:
        """Read what `to_data` gave. Raises ValueError for anything else."""
        values = _filled(data, _LOGIN)
        expiry = values.pop("expiry", None)
        values = _texts(values, _LOGIN)
        values["fingerprint"] = values.pop("fp")
        values["expiry"] = NOT_KNOWN if expiry is None else Expiry.from_data(expiry)
        return _made(cls, values)


@dataclass(frozen=True)
class NotedImage:
    """An image that a secret is to pull: the *verdict* of the last check, and the digest that it saw."""

    reference: str
    verdict: str = ""
    digest: str = ""

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, without what is empty."""
        texts = {"reference": self.reference, "verdict": self.verdict, "digest": self.digest}
        return {name: text for name, text in texts.items() if text}

    @classmethod
    def from_data(cls, data: Any) -> NotedImage:
        """Read what `to_data` gave. Raises ValueError for anything else."""
        return _made(cls, _texts(_filled(data, _IMAGE), _IMAGE))


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was done with one secret of one tenant: *op*, and whether its *outcome* is known to be done.

    *host* is that of AI Core's API, *source* where the login came from, *notebook* a file's name without its
    folder. *run* is the rotation that it is part of, *undoes* the one that this takes back, *profile* what
    leads to the tenant. *of* is the id of the record that it takes back, *detail* why, in words. *time* is in
    nanoseconds since 1970. *stored* is when the secret was last stored from here before it was noted.
    """

    tenant: str
    host: str
    secret: str
    op: Op
    outcome: Outcome = "done"
    logins: tuple[NotedLogin, ...] = ()
    images: tuple[NotedImage, ...] = ()
    source: str = ""
    notebook: str = ""
    version: str = ""
    run: str = ""
    of: str = ""
    stored: str = ""
    profile: str = ""
    detail: str = ""
    undoes: str = ""
    time: int = field(default_factory=time_ns)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def at(self) -> datetime:
        """When it was done, in UTC."""
        return _FIRST + timedelta(microseconds=self.time // 1000)

    @property
    def stored_at(self) -> datetime | None:
        """When the secret was last stored from here, in UTC; None if it never was."""
        return self.at if self.op in ("created", "replaced") else time_in(self.stored)

    @property
    def place(self) -> tuple[str, str, str]:
        """Host, tenant and secret: what it is about."""
        return self.host, self.tenant, self.secret

    def is_ahead(self, now: int) -> bool:
        """Whether its time is more than a day after *now*: no clock that is right has that."""
        return self.time > now + _DAY

    def with_(self, **changes: Any) -> Record:
        """Return a fresh record, of now, with *changes*."""
        return replace(self, **{"time": time_ns(), "id": uuid.uuid4().hex, **changes})

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, without what is empty."""
        texts = {name: getattr(self, name) for name in _TEXTS}
        return {
            "id": self.id,
            "t": self.time,
            "tenant": self.tenant,
            "host": self.host,
            "op": self.op,
            **({} if self.outcome == "done" else {"outcome": self.outcome}),
            **{name: text for name, text in texts.items() if text},
            **_some("logins", [login.to_data() for login in self.logins]),
            **_some("images", [image.to_data() for image in self.images]),
        }

    @classmethod
    def from_data(cls, data: Any) -> Record:
        """Read what `to_data` gave. Raises ValueError for anything else."""
        values = _filled(data, _RECORD)
        time, op, outcome = values.pop("t", None), values.pop("op", None), values.pop("outcome", "done")
        logins, images = values.pop("logins", []), values.pop("images", [])
        values = _texts(values, _RECORD)
        if type(time) is not int or not 0 <= time < _LATEST or not values["id"]:
            raise ValueError("no record")
        if op not in OPS or outcome not in _OUTCOMES or type(logins) is not list or type(images) is not list:
            raise ValueError("no record")
        if not _SECRET.fullmatch(values["secret"]):
            raise Impossible("a record has no name of a secret")
        if len(logins) > MOST_VALUES or len(images) > MOST_VALUES:
            raise Impossible("a record is too large")
        values |= {"time": time, "op": op, "outcome": outcome}
        values["logins"] = tuple(map(NotedLogin.from_data, logins))
        values["images"] = tuple(map(NotedImage.from_data, images))
        return _made(cls, values)


_TEXTS = (
    *("secret", "source", "notebook", "version", "run", "of", "stored"),
    *("profile", "detail", "undoes"),
)
_RECORD = dict.fromkeys(("id", "tenant", "host", *_TEXTS), "")
_LOGIN = dict.fromkeys(("registry", "username", "key", "kind", "fp"), "")
_IMAGE = dict.fromkeys(("reference", "verdict", "digest"), "")
_DAY = 86_400 * 10**9
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_800 * 10**9  # the year 10000


def _made(cls: type[Made], values: dict[str, Any]) -> Made:
    """Return a *cls* of all its *values*. Its own way sets each by a call, and takes four times as long."""
    made = object.__new__(cls)
    object.__setattr__(made, "__dict__", values)
    return made


def _some(name: str, value: Any) -> dict[str, Any]:
    return {name: value} if value else {}


def _filled(data: Any, empty: dict[str, str]) -> dict[str, Any]:
    """Return the fields *data*, with those of *empty* that it does not have."""
    if type(data) is not dict:
        raise ValueError("no fields")  # whoever reads a line catches one error
    return {**empty, **data}


def _texts(values: dict[str, Any], names: dict[str, str]) -> dict[str, Any]:
    """Return those of *values* that *names* has, all of them texts."""
    if len(values) > len(names):
        values = {name: values[name] for name in names}
    try:
        together = "".join(values.values())  # this asks all at once whether they are texts
    except TypeError:
        raise ValueError("no text") from None
    if len(together) > LONGEST_TEXT and max(map(len, values.values())) > LONGEST_TEXT:
        raise Impossible("a record is too large")
    return values
