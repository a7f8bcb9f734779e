"""What files wrap a text in: JSON, base64, a Kubernetes Secret, the claims of a JWT.

Nothing here raises, for the text may be a secret, and the parsers' own errors quote it.
"""

from __future__ import annotations

import base64
import json
from enum import Enum
from itertools import accumulate
from typing import Any

MAX_DEPTH = 50  # levels of objects and lists
_LEVELS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(each for each in range(256) if each not in _LEVELS)
_MOST_DIGITS = 4_300  # as newer Pythons have it by themselves


class Unread(Enum):
    """Why there is nothing inside."""

    NOT_JSON = "not JSON"
    TOO_DEEP = "too deep"
    NOT_BASE64 = "not base64 of UTF-8 text"
    NO_SUCH_KEY = "no such key"


def from_json(text: str) -> Any:
    """Return what *text* is as JSON, or `Unread.NOT_JSON`, or `Unread.TOO_DEEP` beyond 50 levels.

    >>> from_json('{"a": 1}'), from_json("{")
    ({'a': 1}, <Unread.NOT_JSON: 'not JSON'>)
    """
    if _is_deep(text):
        return Unread.TOO_DEEP
    try:
        return json.loads(text, parse_int=_int)
    except (ValueError, RecursionError):
        return Unread.NOT_JSON


def _is_deep(text: str) -> bool:
    """Whether *text*, as JSON, has more levels than may be; seen before a parser goes down that deep."""
    if text.count("[") + text.count("{") <= MAX_DEPTH:
        return False
    outside = "".join(text.replace("\\\\", "").replace('\\"', "").split('"')[::2])
    brackets = outside.encode("ascii", "replace").translate(None, _NO_BRACKETS)
    return max(accumulate(map(_LEVELS.__getitem__, brackets)), default=0) > MAX_DEPTH


def _int(digits: str) -> int:
    """The number, unless it has so many digits that reading it takes more time than they are long."""
    if len(digits) > _MOST_DIGITS:
        raise ValueError("too many digits")
    return int(digits)


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
