"""The token service: client credentials in, a bearer token out."""

from __future__ import annotations

import base64
import binascii
import hmac
import uuid
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from aicore_magics.sandbox.exchange import Answer, Refusal

if TYPE_CHECKING:
    from aicore_magics.sandbox.exchange import Request
    from aicore_magics.sandbox.faults import Faults
    from aicore_magics.sandbox.service_key import Client
    from aicore_magics.sandbox.state import State

FORM = "application/x-www-form-urlencoded"
_BAD_CREDENTIALS = 'Basic realm="UAA/client", error="unauthorized", error_description="Bad credentials"'
_NO_STORE = ("Cache-Control", "no-store")


def token_answer(request: Request, *, client: Client, state: State, faults: Faults) -> Answer:
    """Give *client*, and nobody else, a token."""
    if request.method != "POST":
        raise Refusal(405, "Method not allowed", ("Allow", "POST"))
    fields = form_fields(request)
    if not _same(_credentials(request, fields), (client.id, client.secret)):
        content = {"error": faults.wrong_client_error, "error_description": "Bad credentials"}
        return Answer.document(401, content, ("WWW-Authenticate", _BAD_CREDENTIALS))
    if fields.get("grant_type") != "client_credentials":
        content = {"error": "unsupported_grant_type", "error_description": "Unsupported grant type"}
        return Answer.document(400, content, _NO_STORE)
    return _granted(state, faults, issuer=client.url)


def form_fields(request: Request) -> dict[str, str]:
    """Give the form in the body by field; nothing if the body is no form."""
    if request.content_type != FORM:
        return {}
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def _granted(state: State, faults: Faults, *, issuer: str) -> Answer:
    jti = uuid.uuid4().hex
    content: dict[str, object] = {
        "access_token": state.grant_token(issuer=issuer, jti=jti),
        "token_type": "bearer",
        "expires_in": faults.expires_in,
        "scope": "uaa.resource",
        "jti": jti,
    }
    if faults.omit_expires_in:
        del content["expires_in"]
    return Answer.document(200, content, _NO_STORE)


def _credentials(request: Request, fields: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = str(request.headers.get("Authorization", "")).partition(" ")
    if scheme.lower() != "basic":
        return fields.get("client_id", ""), fields.get("client_secret", "")
    # A Basic header wins over the form, as in the real service: a stray ~/.netrc must show.
    return _basic(encoded.strip())


def _basic(encoded: str) -> tuple[str, str]:
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, password


def _same(given: tuple[str, str], expected: tuple[str, str]) -> bool:
    pairs = zip(given, expected, strict=True)
    return all(hmac.compare_digest(a.encode("utf-8", "replace"), b.encode()) for a, b in pairs)
