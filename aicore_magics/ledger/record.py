"""One record of the ledger: what was stored, noted or deleted, without any password or part of one."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from time import time_ns
from typing import Any, Literal

from aicore_magics.model.expiry import NOT_KNOWN, Expiry

# `service key` is about the tenant's own key, and has no secret. `run ended` closes the run that it names:
# until then all records of a run are kept. `forgotten` takes one record back, or all that is known of a
# place.
Op = Literal["created", "replaced", "deleted", "noted", "service key", "forgotten", "run ended"]
Outcome = Literal["done", "unknown"]
OPS = ("created", "replaced", "deleted", "noted", "service key", "forgotten", "run ended")


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
        fields = _fields(data)
        return cls(
            registry=_text(fields, "registry"),
            username=_text(fields, "username"),
            key=_text(fields, "key"),
            kind=_text(fields, "kind"),
            expiry=Expiry.from_data(fields.get("expiry", {})),
            fingerprint=_text(fields, "fp"),
        )


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
        fields = _fields(data)
        return cls(**{name: _text(fields, name) for name in ("reference", "verdict", "digest")})


@dataclass(frozen=True, kw_only=True)
class Record:
    """What was done with one secret of one tenant: *op*, and whether its *outcome* is known to be done.

    *host* is that of AI Core's API, *source* where the login came from, *notebook* a file's name without its
    folder. *run* is the rotation that it is part of, *of* the id of the record that it takes back. *time* is
    in nanoseconds since 1970.
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
    time: int = field(default_factory=time_ns)
    id: str = field(default_factory=lambda: uuid.uuid4().hex)

    @property
    def at(self) -> datetime:
        """When it was done, in UTC."""
        return _FIRST + timedelta(microseconds=self.time // 1000)

    @property
    def place(self) -> tuple[str, str, str]:
        """Host, tenant and secret: what it is about."""
        return self.host, self.tenant, self.secret

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
            "outcome": self.outcome,
            **{name: text for name, text in texts.items() if text},
            **_some("logins", [login.to_data() for login in self.logins]),
            **_some("images", [image.to_data() for image in self.images]),
        }

    @classmethod
    def from_data(cls, data: Any) -> Record:
        """Read what `to_data` gave. Raises ValueError for anything else."""
        fields = _fields(data)
        time, op, outcome = fields.get("t"), fields.get("op"), fields.get("outcome")
        if not isinstance(time, int) or isinstance(time, bool) or not 0 <= time < _LATEST:
            raise ValueError("no time")
        if op not in OPS or outcome not in ("done", "unknown") or not fields.get("id"):
            raise ValueError("no record")
        return cls(
            op=op,
            outcome=outcome,
            time=time,
            logins=tuple(map(NotedLogin.from_data, _list(fields, "logins"))),
            images=tuple(map(NotedImage.from_data, _list(fields, "images"))),
            **{name: _text(fields, name) for name in ("id", "tenant", "host", *_TEXTS)},
        )


_TEXTS = ("secret", "source", "notebook", "version", "run", "of")
_FIRST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = 253_402_300_800 * 10**9  # the year 10000


def _some(name: str, value: Any) -> dict[str, Any]:
    return {name: value} if value else {}


def _fields(data: Any) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError("no fields")  # noqa: TRY004 - whoever reads a line catches one error
    return data


def _text(fields: dict[str, Any], name: str) -> str:
    text = fields.get(name, "")
    if not isinstance(text, str):
        raise ValueError(f"{name} is no text")  # noqa: TRY004 - as above
    return text


def _list(fields: dict[str, Any], name: str) -> list[Any]:
    values = fields.get(name, [])
    if not isinstance(values, list):
        raise ValueError(f"{name} is no list")  # noqa: TRY004 - as above
    return values
