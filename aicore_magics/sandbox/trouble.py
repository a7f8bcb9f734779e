"""The answers of whatever stands between a client and AI Core, or is broken there."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from aicore_magics.sandbox.exchange import JSON, Answer, Refusal, envelope
from aicore_magics.sandbox.oauth import form_fields
from aicore_magics.sandbox.rules import DOCKER_CONFIG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.sandbox.exchange import Request
    from aicore_magics.sandbox.faults import Faults

LOWEST_ERROR = 400
LOGIN_PAGE = (
    b"<!doctype html>\n<html><head><title>Log on</title></head><body><form>Password</form></body></html>\n"
)
_PLAIN = "upstream connect error or disconnect/reset before headers"
# As far as the end of the sentence: what is put there is part of it.
_SENTENCE = re.compile(rb'"(?:message|error_description)": "(?:[^"\\]|\\.)*')


def interception(request: Request, faults: Faults) -> Answer | None:
    """Give the answer of a proxy or login page that never lets *request* through, or None."""
    if faults.redirect_to is not None:
        return Answer.text(307, "", ("Location", faults.redirect_to))
    if faults.html:
        return Answer(200, LOGIN_PAGE, "text/html; charset=utf-8")
    if faults.echo_body and request.body:
        return _echo(request, faults)
    return None


def breakdown(request: Request, faults: Faults) -> Answer | None:
    """Take the next of the statuses that were ordered and give its answer, or None."""
    status = faults.take_status()
    if not status:
        return None
    headers = () if faults.retry_after is None else (("Retry-After", faults.retry_after),)
    if faults.plain_errors:
        return Answer.text(status, _PLAIN, *headers)
    refusal = Refusal(status, "The service is not available at the moment", *headers)
    return envelope(refusal, target=request.path, faults=faults)


def forbidden(request: Request, faults: Faults) -> Answer:
    """Give the 403 of the gateway, or that of the service."""
    words = "RBAC: access denied" if faults.forbidden == "text" else "Access denied"
    return said(Refusal(403, words), faults.forbidden, request, faults)


def said(refusal: Refusal, form: str, request: Request, faults: Faults) -> Answer:
    """Give *refusal* in a *form*: bare "text", an "empty" body, or else the JSON envelope."""
    if form == "text":
        return Answer.text(refusal.status, refusal.message, *refusal.headers)
    if form == "empty":
        return Answer.text(refusal.status, "", *refusal.headers)
    return envelope(refusal, target=request.path, faults=faults)


def padded(answer: Answer, length: int) -> Answer:
    """Give *answer* a body of *length* bytes if it is an error: JSON stays JSON, with a very long message."""
    missing = length - len(answer.body)
    if answer.status < LOWEST_ERROR or missing <= 0:
        return answer
    sentence = _SENTENCE.search(answer.body) if answer.content_type == JSON else None
    end = sentence.end() if sentence else len(answer.body)
    return replace(answer, body=answer.body[:end] + b"x" * missing + answer.body[end:])


def _echo(request: Request, faults: Faults) -> Answer:
    passwords = ", ".join([*_secrets_in_form(request), *_secrets_in_json(request)])
    text = request.body.decode("utf-8", "replace")
    refusal = Refusal(400, f"Cannot work with {passwords} in {text}")
    return envelope(refusal, target=request.path, faults=faults)


def _secrets_in_form(request: Request) -> Iterator[str]:
    yield from filter(None, [form_fields(request).get("client_secret")])


def _secrets_in_json(request: Request) -> Iterator[str]:
    try:
        config = json.loads(json.loads(request.body)["data"][DOCKER_CONFIG])
        for login in config["auths"].values():
            yield str(login.get("password", ""))
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        # Whatever it is, the whole body is repeated anyway.
        return
