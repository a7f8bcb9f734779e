"""The switches of the sandbox: what goes wrong, and what nobody outside SAP knows for sure."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, TypeVar, get_args

WrongClient = Literal["invalid_client", "unauthorized"]
Duplicate = Literal["202-exists", "overwrite", "409", "400", "500"]
QuotaStatus = Literal[400, 403, 429]
Forbidden = Literal["", "text", "json"]
Hits = Literal["api", "token", "both"]
Drop = Literal["", "before", "after", "cut"]

_T = TypeVar("_T")

_CHOICES = MappingProxyType(
    {
        "wrong_client_error": get_args(WrongClient),
        "duplicate": get_args(Duplicate),
        "quota_status": get_args(QuotaStatus),
        "forbidden": get_args(Forbidden),
        "hits": get_args(Hits),
    }
)


@dataclass(slots=True, kw_only=True)
class Faults:
    """Switches that may be set before the start or while the sandbox runs; as they stand, all is well.

    A name that is no switch, or a word that is none of its choices, is refused at once.
    """

    expires_in: int = 43199
    """How long a token lives, in seconds. The API enforces it."""
    omit_expires_in: bool = False
    """The token answer does not say how long the token lives."""
    wrong_client_error: WrongClient = "invalid_client"
    """The word for wrong credentials: today's, or that of 2021."""

    check_content: bool = True
    """`.dockerconfigjson` must hold a JSON object with at least one entry, an object, in `auths`."""
    patch_json_415: bool = False
    """A PATCH must be `application/merge-patch+json`; `application/json` is refused with 415."""
    duplicate: Duplicate = "202-exists"
    """What a create under a taken name gets. `202-exists` changes nothing, `overwrite` replaces."""
    recreate_fails: bool = False
    """A deleted name counts as taken for as long as it still shows."""
    quota: int = 50
    """How many secrets there may be; 0 turns the limit off."""
    quota_status: QuotaStatus = 400
    """What a create beyond the quota gets."""
    page_size: int = 1000
    """The longest list in one answer, whatever `$top` says."""

    visible_after: float = 0.0
    """Seconds until a create shows up in what is read, and until a delete does."""
    never_visible: bool = False
    """A create is accepted and stored, but never shows up in what is read."""

    forbidden: Forbidden = ""
    """Writes get a 403: the gateway's bare `RBAC: access denied`, or a JSON envelope."""
    forbidden_reads: bool = False
    """With `forbidden`: reads get it as well."""

    hits: Hits = "api"
    """Where `slow`, `redirect_to`, `html`, `next_statuses` and `echo_body` strike."""
    slow: float = 0.0
    """Seconds before each answer."""
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
    apply_anyway: bool = False
    """A request met by `next_statuses` is carried out all the same; only its answer is replaced."""
    drop: list[Drop] = field(default_factory=list)
    """One taken per authorised write: reset the connection "before" or "after" the write is applied, or
    "cut" the answer in the middle; "" lets a write pass."""
    echo_body: bool = False
    """A body is answered by an error that repeats the password in it: for leak tests, and only here."""

    request_id_key: str = "requestId"
    """How an error envelope spells the id of the request: also seen, `requestID` and `request_id`."""
    details_as_list: bool = False
    """Error envelopes carry `details`, a list of code and message."""

    def __setattr__(self, name: str, value: object) -> None:
        choices = _CHOICES.get(name)
        if choices and value not in choices:
            raise ValueError(f"{name} is one of {', '.join(map(repr, choices))}")
        object.__setattr__(self, name, value)

    def take_status(self) -> int:
        """Take the next of `next_statuses`; 0 if there is none."""
        return _first(self.next_statuses) or 0

    def take_drop(self) -> Drop:
        """Take the next of `drop`; empty if there is none. Raises ValueError for a word that is no choice."""
        drop = _first(self.drop) or ""
        if drop not in get_args(Drop):
            raise ValueError(f"drop holds one of {', '.join(map(repr, get_args(Drop)))}")
        return drop


def _first(queue: list[_T]) -> _T | None:
    # Asked and taken in one step: two threads may want the last one.
    try:
        return queue.pop(0)
    except IndexError:
        return None
