"""One HTTP request and its answer, as values: the rules make them, the socket floor carries them."""

from __future__ import annotations

import json
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from email.message import Message

    from aicore_magics.sandbox.faults import Faults

JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Request:
    """What a client asked. *path* stands as it was sent: a decoded one could name another resource.

    *certificate* is the serial number of the certificate that the client showed; empty if it showed none.
    """

    method: str
    path: str
    query: str
    headers: Message = field(repr=False)
    body: bytes = field(default=b"", repr=False)
    certificate: str = ""

    @property
    def content_type(self) -> str:
        """The media type of the body alone, in lower case."""
        return str(self.headers.get("Content-Type", "")).partition(";")[0].strip().lower()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the client gets. A *cut* answer ends in the middle of its body.

    *drip* is the pause between two bytes of it. *close_after* closes the connection, without a word, if this
    is at least its answer of that number; 0 keeps it.
    """

    status: int
    body: bytes
    content_type: str = JSON
    headers: tuple[tuple[str, str], ...] = ()
    cut: bool = False
    drip: float = 0.0
    close_after: int = 0

    @classmethod
    def document(cls, status: int, content: Mapping[str, object], *headers: tuple[str, str]) -> Answer:
        """Give *content* as JSON."""
        return cls(status, json.dumps(content).encode(), JSON, headers)

    @classmethod
    def text(cls, status: int, text: str, *headers: tuple[str, str]) -> Answer:
        """Give *text* bare, as the gateway in front of AI Core does."""
        return cls(status, text.encode(), "text/plain", headers)


class Refusal(Exception):
    """The request is not carried out. The message never repeats anything that was sent."""

    def __init__(self, status: int, message: str, *headers: tuple[str, str]) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = headers


def envelope(refusal: Refusal, *, target: str, faults: Faults) -> Answer:
    """Give *refusal* the shape in which AI Core's services report every error."""
    # Eight digits that are no HTTP status, as in the documented "01010076".
    code = f"0101{refusal.status:04d}"
    error: dict[str, object] = {
        "code": code,
        "message": refusal.message,
        faults.request_id_key: str(uuid.uuid4()),
        "target": f"/api{target}",
    }
    if faults.details_as_list:
        error["details"] = [{"code": code, "message": refusal.message}]
    return Answer.document(refusal.status, {"error": error}, *refusal.headers)
