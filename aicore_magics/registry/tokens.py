"""Tokens of a registry: asked for with or without a login, and what the token of nobody may already do."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from aicore_magics.authorization import Bearer
from aicore_magics.redact import Secret

if TYPE_CHECKING:
    from aicore_magics.exchange import Answer


def bearer_in(answer: Answer) -> tuple[Bearer, Secret] | None:
    """Give the token in a token server's *answer*, ready to be sent, or None if there is none."""
    data = answer.json() if answer.ok else None
    if not isinstance(data, dict):
        return None
    text = data.get("token") or data.get("access_token")
    # It travels in a header: only what a header can carry is one.
    if not isinstance(text, str) or not text or not all("!" <= character <= "~" for character in text):
        return None
    token = Secret(text)
    return Bearer(token), token


def grants_pull(token: Secret, repository: str) -> bool:
    """Whether *token*, if it is a JWT as the distribution specification has it, lets *repository* be pulled.

    It is read, not verified: whether it does so in fact, the registry's own answer tells.
    """
    claims = _claims(token)
    access = claims.get("access") if isinstance(claims, dict) else None
    return isinstance(access, list) and any(
        isinstance(one, dict)
        and one.get("name") == repository
        and isinstance(one.get("actions"), list)
        and ("pull" in one["actions"] or "*" in one["actions"])
        for one in access
    )


def _claims(token: Secret) -> Any:
    parts = token.reveal().split(".")
    if len(parts) != 3:  # noqa: PLR2004
        return None
    try:
        return json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, RecursionError):
        return None
