"""The switches of the sandbox's registry: what goes wrong there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal, get_args

from aicore_magics.sandbox.faults import first, is_number

# What a header, and a quoted word in one, can hold.
_WORDS = re.compile(r"[ !#-\[\]-~]+")
_TEXTS = frozenset({"retry_after", "realm", "blob_redirect", "redirect_to", "told_end"})
_FLAGS = frozenset({"html", "opaque_tokens", "schema1"})

_SECONDS = frozenset({"slow", "drip"})

Hits = Literal["", "registry", "issuers"]
EndedLogin = Literal["", "harbor", "ghcr", "ecr"]
_CHOICES = MappingProxyType({"hits": get_args(Hits), "ended_login": get_args(EndedLogin)})


@dataclass(slots=True, kw_only=True)
class RegistryFaults:
    """Switches that may be set at any time, for both sides; by default, all is well.

    A name that is no switch, or a value that makes no sense for it, is refused at once.
    """

    hits: Hits = ""
    """Where `slow`, `drip`, `next_statuses`, `html`, `redirect_to` and `body_bytes` strike: everywhere, only
    at the registry with its token service, or only where the issuers of logins tell when these end."""
    slow: float = 0.0
    """Seconds before each answer."""
    drip: float = 0.0
    """Seconds between the bytes of each answer, headers included."""
    next_statuses: list[int] = field(default_factory=list)
    """One taken per request: answer with this error, 429 for one; 0 lets a request pass."""
    retry_after: str | None = None
    """The `Retry-After` header that goes with `next_statuses`, as it stands."""
    html: bool = False
    """Everything is answered 200 with a login page."""
    redirect_to: str | None = None
    """Everything is answered 307 to this address."""
    body_bytes: int = 0
    """How long the body of an answer is at least: spaces follow it."""
    told_end: str | None = None
    """What the issuers tell as the end of every login, as it stands. It ends when it did before."""
    ended_login: EndedLogin = ""
    """What a login gets that has expired or was revoked: 401. At Harbor an expired robot (`robot$...`) gets a
    token without a right, whatever its password. At GHCR the token service answers 403. At ECR a 403 says
    that it has expired, at the side with Basic logins."""
    realm: str | None = None
    """The challenge names this address of a token service, and not the sandbox's own."""
    opaque_tokens: bool = False
    """Tokens are no JWT, and say nothing to whoever looks into them."""
    blob_redirect: str | None = None
    """Blobs are answered 307, to this address and the path of the blob behind it."""
    schema1: bool = False
    """Images are answered as schema 1, as by the registries of long ago; there is no index."""

    def __setattr__(self, name: str, value: object) -> None:
        wanted = _wanted(name, value)
        if wanted:
            raise ValueError(f"{name} is {wanted}")
        object.__setattr__(self, name, value)

    def take_status(self) -> int:
        """Take the next of `next_statuses`; 0 if there is none. Raises ValueError for what is no error."""
        # Asked again: what was put into the list later has not been seen.
        status = first(self.next_statuses) or 0
        if not _is_status(status):
            raise ValueError(f"next_statuses is {_wanted('next_statuses', None)}")
        return status


def _wanted(name: str, value: object) -> str:
    """Say what the switch *name* is, if it cannot be *value*; empty if it can."""
    choices = _CHOICES.get(name)
    if choices and value not in choices:
        return f"one of {', '.join(map(repr, choices))}"
    if name in _SECONDS or name == "body_bytes":
        return _wanted_number(name, value)
    if name == "next_statuses" and not (isinstance(value, list) and all(map(_is_status, value))):
        return "a list of statuses from 400 to 599, or 0"
    if name in _TEXTS and not (value is None or (isinstance(value, str) and _WORDS.fullmatch(value))):
        return "a text allowed in a header, or None"
    if name in _FLAGS and not isinstance(value, bool):
        return "True or False"
    return ""


def _wanted_number(name: str, value: object) -> str:
    if name in _SECONDS:
        return "" if is_number(value, int, float) else "a number of seconds from 0 on"
    return "" if is_number(value, int) else "a whole number from 0 on"


def _is_status(value: object) -> bool:
    return is_number(value, int) and (value == 0 or value in range(400, 600))
