"""The switches of the sandbox's registry: what goes wrong there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from aicore_magics.sandbox.faults import first, is_number

# What a header, and a quoted word in one, can hold.
_WORDS = re.compile(r"[ !#-\[\]-~]+")
_TEXTS = frozenset({"retry_after", "realm", "blob_redirect"})
_FLAGS = frozenset({"html", "opaque_tokens", "schema1"})


@dataclass(slots=True, kw_only=True)
class RegistryFaults:
    """Switches that may be set at any time, for both sides; by default, all is well.

    A name that is no switch, or a value that makes no sense for it, is refused at once.
    """

    slow: float = 0.0
    """Seconds before each answer."""
    next_statuses: list[int] = field(default_factory=list)
    """One taken per request: answer with this error, 429 for one; 0 lets a request pass."""
    retry_after: str | None = None
    """The `Retry-After` header that goes with `next_statuses`, as it stands."""
    html: bool = False
    """Everything is answered 200 with a login page."""
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
    if name == "slow" and not is_number(value, int, float):
        return "a number of seconds from 0 on"
    if name == "next_statuses" and not (isinstance(value, list) and all(map(_is_status, value))):
        return "a list of statuses from 400 to 599, or 0"
    if name in _TEXTS and not (value is None or (isinstance(value, str) and _WORDS.fullmatch(value))):
        return "a text allowed in a header, or None"
    if name in _FLAGS and not isinstance(value, bool):
        return "True or False"
    return ""


def _is_status(value: object) -> bool:
    return is_number(value, int) and (value == 0 or value in range(400, 600))
