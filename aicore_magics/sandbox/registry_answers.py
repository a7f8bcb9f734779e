"""What a registry's answers look like, and above all the one shape in which it reports every error."""

from __future__ import annotations

import json
from types import MappingProxyType

from aicore_magics.sandbox.exchange import Answer

JSON = "application/json; charset=utf-8"

_ERRORS = MappingProxyType(
    {
        "UNAUTHORIZED": (401, "authentication required"),
        "DENIED": (403, "requested access to the resource is denied"),
        "UNSUPPORTED": (405, "The operation is unsupported."),
        "TOOMANYREQUESTS": (429, "too many requests"),
        "UNKNOWN": (500, "unknown error"),
        "UNAVAILABLE": (503, "service unavailable"),
        "MANIFEST_UNKNOWN": (404, "manifest unknown"),
        "NAME_UNKNOWN": (404, "repository name not known to registry"),
        "BLOB_UNKNOWN": (404, "blob unknown to registry"),
        "DIGEST_INVALID": (400, "provided digest did not match uploaded content"),
    }
)
_ORDERED = ("UNAUTHORIZED", "DENIED", "UNSUPPORTED", "TOOMANYREQUESTS", "UNAVAILABLE")
# No detail is something else than a detail that is null.
_LEFT_OUT = object()


def document(content: object, *headers: tuple[str, str], status: int = 200) -> Answer:
    """Give *content* as JSON, in the way in which Go writes it."""
    body = json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
    return Answer(status, body, JSON, headers)


def error(
    code: str, *headers: tuple[str, str], message: str = "", detail: object = _LEFT_OUT, status: int = 0
) -> Answer:
    """Give the error that goes by *code*, with its own words and status if there are no others."""
    own_status, own_message = _ERRORS[code]
    entry: dict[str, object] = {"code": code, "message": message or own_message}
    if detail is not _LEFT_OUT:
        entry["detail"] = detail
    return document({"errors": [entry]}, *headers, status=status or own_status)


def ordered(status: int, *headers: tuple[str, str]) -> Answer:
    """Give the error that a registry reports with *status*."""
    code = next((code for code in _ORDERED if _ERRORS[code][0] == status), "UNKNOWN")
    return error(code, *headers, status=status)


def unauthorized(challenge: str, repository: str) -> Answer:
    """Give the answer to whoever may not pull from *repository*, or without one, may not come in."""
    wanted = {"Type": "repository", "Class": "", "Name": repository, "Action": "pull"}
    return error("UNAUTHORIZED", ("WWW-Authenticate", challenge), detail=[wanted] if repository else None)


def unsupported() -> Answer:
    """Give the answer to whoever wants to change something: here everything is only pulled."""
    return error("UNSUPPORTED", ("Allow", "GET, HEAD"))


def nowhere() -> Answer:
    """Give the answer for an address at which there is nothing."""
    return plain(404, "404 page not found\n")


def plain(status: int, text: str) -> Answer:
    """Give *text* as Go's HTTP server reports what never reached the registry."""
    header = ("X-Content-Type-Options", "nosniff")
    return Answer(status, text.encode(), "text/plain; charset=utf-8", (header,))
