"""What files wrap a text in: JSON, base64, a Kubernetes Secret, the claims of a JWT.

Nothing here raises, for the text may be a secret, and the parsers' own errors quote it.
"""

from __future__ import annotations

import base64
import json
from enum import Enum
from typing import Any


class Unread(Enum):
    """Why there is nothing inside."""

    NOT_JSON = "not JSON"
    NOT_BASE64 = "not base64 of UTF-8 text"
    NO_SUCH_KEY = "no such key"


def from_json(text: str | bytes) -> Any:
    """Return what *text* is as JSON, or `Unread.NOT_JSON`.

    >>> from_json('{"a": 1}'), from_json("{")
    ({'a': 1}, <Unread.NOT_JSON: 'not JSON'>)
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return Unread.NOT_JSON


def from_base64(text: str, *, unpadded: bool = True) -> str | None:
    r"""Return the text in base64, or None if that is not what *text* is.

    As Go reads it: line breaks do not count, spaces do; padded, or, where *unpadded* is taken, not at all.

    >>> from_base64("YW5u\nYQ=="), from_base64("YW5uYQ"), from_base64("YW5uYQ", unpadded=False)
    ('anna', 'anna', None)
    """
    bare = text.replace("\r", "").replace("\n", "")
    padding = "=" * (-len(bare) % 4) if unpadded and not bare.endswith("=") else ""
    try:
        return base64.b64decode(bare + padding, validate=True).decode()
    except ValueError:
        return None


def from_url_base64(text: str) -> str | None:
    """Return the text in base64 of either alphabet, however it is padded, or None.

    >>> from_url_base64("w7_Dvw") == from_url_base64("w7/Dvw==")
    True
    """
    return from_base64(text.rstrip("=").replace("-", "+").replace("_", "/"))


def in_kubernetes_secret(secret: dict[str, Any], key: str) -> str | Unread:
    """Return the text under *key* of a Kubernetes Secret, which has it plain or in base64."""
    plain, coded = secret.get("stringData"), secret.get("data")
    if isinstance(plain, dict) and isinstance(plain.get(key), str):
        return str(plain[key])
    if isinstance(coded, dict) and isinstance(coded.get(key), str):
        text = from_base64(coded[key])
        return Unread.NOT_BASE64 if text is None else text
    return Unread.NO_SUCH_KEY


def jwt_claims(token: str) -> dict[str, Any]:
    """Return the claims of *token* if it is a JWT, or none. Nothing in it is verified."""
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004  header, claims, signature
        return {}
    claims = from_json(from_url_base64(parts[1]) or "")
    return claims if isinstance(claims, dict) else {}
