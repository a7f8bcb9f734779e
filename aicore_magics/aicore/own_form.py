"""Which answers are AI Core's own: only these say anything about what AI Core did.

Between here and AI Core stand proxies, login pages and gateways, which answer in its place. Sources of the
forms: SAP's OpenAPI document (the error envelope) and documentation (`request_id`, `RBAC: access denied`),
reports of users (`Jwt is expired`), and Kubernetes, whose Status objects AI Core passes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aicore_magics.http.messages import Response

    Data = Mapping[str, Any]

_UNAUTHORIZED = 401
_FORBIDDEN = 403
_FIRST_ERROR = 400
_DONE = (200, 201, 202)
_OF_ERRORS = ("error", "errors", "code", "kind")  # an object with one of these tells of no success


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _says(answer: Response, status: int, word: str) -> bool:
    """Whether it is a bare text of the gateway that belongs to AI Core."""
    plain = answer.headers.get("content-type", "").lower().startswith("text/plain")
    return plain and answer.status == status and answer.text().startswith(word)


def _is_envelope(_answer: Response, data: Data) -> bool:
    error = data.get("error")
    return isinstance(error, dict) and (_is_text(error.get("message")) or _is_text(error.get("code")))


def _is_status(answer: Response, data: Data) -> bool:
    return data.get("kind") == "Status" and data.get("code") == answer.status


_ERRORS: tuple[tuple[str, Callable[[Response, Data], bool]], ...] = (
    ("error", _is_envelope),
    ("Status", _is_status),
    ("request_id", lambda _, data: _is_text(data.get("request_id")) and _is_text(data.get("message"))),
    ("Jwt", lambda answer, _: _says(answer, _UNAUTHORIZED, "Jwt ")),
    ("RBAC", lambda answer, _: _says(answer, _FORBIDDEN, "RBAC: ")),
)
FORMS = ("object", *(name for name, _ in _ERRORS))


def own_form(answer: Response) -> str:
    """Name the form in which AI Core itself gave *answer*, one of `FORMS`; empty if something else may have.

    An `object` is the JSON object of a success. A page, a redirect, an empty body and a bare text are none.
    """
    if answer.not_an_api():
        return ""
    body = answer.json()
    data = body if isinstance(body, dict) else {}
    error = next((name for name, fits in _ERRORS if fits(answer, data)), "")
    if answer.status >= _FIRST_ERROR:
        return error
    done = answer.status in _DONE and isinstance(body, dict)
    return "object" if done and not error and not any(data.get(key) for key in _OF_ERRORS) else ""
