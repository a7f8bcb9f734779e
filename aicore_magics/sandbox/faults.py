"""The switches of the sandbox: what goes wrong, and what nobody outside SAP knows for sure, `Guesses`."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

from aicore_magics.sandbox.guesses import (
    Accepted,
    DeleteMissing,
    Duplicate,
    Guesses,
    Ignored,
    Invalid,
    Missing,
    Names,
    Order,
    QuotaStatus,
    Unauthorized,
)

WrongClient = Literal["invalid_client", "unauthorized"]
Forbidden = Literal["", "text", "json"]
Hits = Literal["api", "token", "both"]
Drop = Literal["", "before", "after", "cut"]
NoCertificate = Literal["handshake", "401"]

_T = TypeVar("_T")

_CHOICES = MappingProxyType(
    {
        "wrong_client_error": get_args(WrongClient),
        "duplicate": get_args(Duplicate),
        "quota_status": get_args(QuotaStatus),
        "forbidden": get_args(Forbidden),
        "hits": get_args(Hits),
        "no_certificate": get_args(NoCertificate),
        "accepted": get_args(Accepted),
        "invalid": get_args(Invalid),
        "names": get_args(Names),
        "unauthorized": get_args(Unauthorized),
        "missing": get_args(Missing),
        "no_address": get_args(Missing),
        "delete_missing": get_args(DeleteMissing),
        "order": get_args(Order),
    }
)
_DROPS = get_args(Drop)
_LISTS = MappingProxyType({"drop": _DROPS, "drop_reads": _DROPS, "ignored_query": get_args(Ignored)})
_SECONDS = frozenset({"slow", "drip", "visible_after", "stores_later"})
_COUNTS = frozenset({"body_bytes", "close_after"})


@dataclass(slots=True, kw_only=True)
class Faults(Guesses):
    """Switches that may be set before the start or while the sandbox runs; by default, all is well.

    A name that is no switch, or a value that makes no sense for it, is refused at once.
    """

    expires_in: int = 43199
    """How long a token lives, in seconds. The API enforces it."""
    omit_expires_in: bool = False
    """The token answer does not say how long the token lives."""
    told_expires_in: float | str | None = None
    """What the token answer says instead of `expires_in`: "3600" or -1, say. The life stays what it is."""
    truncate_token: bool = False
    """The token answer is JSON that ends in the middle of the token, with a `Content-Length` that fits."""
    wrong_client_error: WrongClient = "invalid_client"
    """The word for wrong credentials: today's, or that of 2021."""
    no_certificate: NoCertificate = "handshake"
    """What a client without a certificate meets at the certificate host: no handshake, or a 401."""

    visible_after: float = 0.0
    """Seconds until a create shows up in what is read, and until a delete does."""
    never_visible: bool = False
    """A create is accepted and stored, but never shows up in what is read."""
    stores_later: float = 0.0
    """Seconds until a write that was accepted with 202 is carried out; `state.secrets` has it then."""

    forbidden: Forbidden = ""
    """Writes get a 403: the gateway's bare `RBAC: access denied`, or a JSON envelope."""
    forbidden_reads: bool = False
    """With `forbidden`: reads get it as well."""

    hits: Hits = "api"
    """Where `slow`, `drip`, `redirect_to`, `html`, `next_statuses`, `body_bytes` and `echo_body` strike."""
    slow: float = 0.0
    """Seconds before each answer."""
    drip: float = 0.0
    """Seconds between the bytes of each answer, headers included."""
    redirect_to: str | None = None
    """Everything is answered 307 to this address."""
    html: bool = False
    """Everything is answered 200 with a login page."""
    next_statuses: list[int] = field(default_factory=list)
    """One taken per request: answer with this status; 0 lets a request pass."""
    retry_after: str | None = None
    """The `Retry-After` header that goes with `next_statuses`, as it stands."""
    plain_errors: bool = False
    """`next_statuses` answer in plain text, not in a JSON envelope."""
    body_bytes: int = 0
    """How long the body of an error (4xx, 5xx) is at least. JSON stays JSON: its message is very long."""
    apply_anyway: bool = False
    """A request met by `next_statuses` is carried out all the same; only its answer is replaced."""
    drop: list[Drop] = field(default_factory=list)
    """One taken per authorised write: reset the connection "before" or "after" the write is applied, or
    "cut" the answer in the middle; "" lets a write pass."""
    drop_reads: list[Drop] = field(default_factory=list)
    """The same for authorised reads. "before" and "after" look alike there."""
    close_after: int = 0
    """Every connection is closed after that many answers, without `Connection: close`; 0 keeps it."""
    echo_body: bool = False
    """A body is answered by an error that repeats the password in it: for leak tests, and only here."""

    request_id_key: str = "requestId"
    """How an error envelope spells the id of the request: also seen, `requestID` and `request_id`."""
    details_as_list: bool = False
    """Error envelopes carry `details`, a list of code and message."""

    def __setattr__(self, name: str, value: object) -> None:
        wanted = _wanted(name, value)
        if wanted:
            raise ValueError(f"{name} is {wanted}")
        object.__setattr__(self, name, value)

    def take_status(self) -> int:
        """Take the next of `next_statuses`; 0 if there is none."""
        return first(self.next_statuses) or 0

    def take_drop(self) -> Drop:
        """Take the next of `drop`; empty if there is none. Raises ValueError for a word that is no choice."""
        return _first_drop("drop", self.drop)

    def take_drop_read(self) -> Drop:
        """Take the next of `drop_reads`, as `take_drop` does."""
        return _first_drop("drop_reads", self.drop_reads)


def _wanted(name: str, value: object) -> str:
    """Say what the switch *name* is, if it cannot be *value*; empty if it can."""
    choices = _CHOICES.get(name)
    if choices and value not in choices:
        return f"one of {_quoted(choices)}"
    if name in _SECONDS and not is_number(value, int, float):
        return "a number of seconds from 0 on"
    if name in _COUNTS and not is_number(value, int):
        return "a whole number from 0 on"
    if name in _LISTS and not (isinstance(value, list) and all(each in _LISTS[name] for each in value)):
        return f"a list of {_quoted(_LISTS[name])}"
    if name == "told_expires_in" and not isinstance(value, int | float | str | None):
        return "a number, a text or None"
    return ""


def is_number(value: object, *kinds: type) -> bool:
    """Whether *value* is a number from 0 on, of one of these *kinds*."""
    # Its very type: True is no number of seconds.
    return isinstance(value, int | float) and type(value) in kinds and 0 <= value < math.inf


def _quoted(words: tuple[object, ...]) -> str:
    return ", ".join(map(repr, words))


def _first_drop(name: str, queue: list[Drop]) -> Drop:
    # Asked again: what was put into the list later has not been seen.
    drop = first(queue) or ""
    if drop not in _DROPS:
        raise ValueError(f"{name} is a list of {_quoted(_DROPS)}")
    return drop


def first(queue: list[_T]) -> _T | None:
    """Take the first of *queue*; None if there is none."""
    # Asked and taken in one step: two threads may want the last one.
    try:
        return queue.pop(0)
    except IndexError:
        return None
