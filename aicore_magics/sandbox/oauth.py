"""The token service: client credentials in, a bearer token out."""

from __future__ import annotations

import base64
import binascii
import hmac
import uuid
from dataclasses import replace
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
    if not same(_credentials(request, fields), (client.id, client.secret)):
        return wrong_client(faults)
    return granted(fields, client=client, state=state, faults=faults)


def form_fields(request: Request) -> dict[str, str]:
    """Give the form in the body by field; nothing if the body is no form."""
    if request.content_type != FORM:
        return {}
    return dict(parse_qsl(request.body.decode("utf-8", "replace"), keep_blank_values=True))


def granted(fields: dict[str, str], *, client: Client, state: State, faults: Faults) -> Answer:
    """Give a token to *client*, who is known by now, if the form asks for one in the right way."""
    if fields.get("grant_type") != "client_credentials":
        return refused("unsupported_grant_type", "Unsupported grant type")
    jti = uuid.uuid4().hex
    token = state.tokens.grant(issuer=client.url, jti=jti)
    content: dict[str, object] = {
        "access_token": token,
        "token_type": "bearer",
        **_life(faults),
        "scope": "uaa.resource",
        "jti": jti,
    }
    answer = Answer.document(200, content, _NO_STORE)
    return replace(answer, body=answer.body[: len(answer.body) // 2]) if faults.truncate_token else answer


def refused(error: str, description: str) -> Answer:
    """Give the 400 for a form that asks in the wrong way."""
    return Answer.document(400, {"error": error, "error_description": description}, _NO_STORE)


def wrong_client(faults: Faults) -> Answer:
    """Give the 401 for credentials that nobody has."""
    content = {"error": faults.wrong_client_error, "error_description": "Bad credentials"}
    return Answer.document(401, content, ("WWW-Authenticate", _BAD_CREDENTIALS))


def same(given: tuple[str, ...], expected: tuple[str, ...]) -> bool:
    """Compare without telling by the time it takes where the difference is."""
    pairs = zip(given, expected, strict=True)
    return all(hmac.compare_digest(a.encode("utf-8", "replace"), b.encode()) for a, b in pairs)


def _life(faults: Faults) -> dict[str, object]:
    if faults.omit_expires_in:
        return {}
    told = faults.told_expires_in
    return {"expires_in": faults.expires_in if told is None else told}


def _credentials(request: Request, fields: dict[str, str]) -> tuple[str, str]:
    scheme, _, encoded = str(request.headers.get("Authorization", "")).partition(" ")
    if scheme.lower() != "basic":
        return fields.get("client_id", ""), fields.get("client_secret", "")
    # A Basic header wins over the form, as in the real service: a stray ~/.netrc must show.
    return basic_login(encoded.strip())


def basic_login(encoded: str) -> tuple[str, str]:
    """Give the name and the password of a Basic header's second word; both empty if it holds none."""
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return "", ""
    return name, password
