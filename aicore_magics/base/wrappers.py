"""What files wrap a text in: JSON, base64, a Kubernetes Secret, the claims of a JWT.

Nothing here raises, for the text may be a secret, and the parsers' own errors quote it.
"""

from __future__ import annotations

import base64
import codecs
import json
import re
from enum import Enum
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_DEPTH = 50  # levels of objects and lists
_LEVELS = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS = bytes(each for each in range(256) if each not in _LEVELS)
_SPACE = re.compile(r"[ \t\r\n]*")
# Without a mark, as RFC 4627 tells encodings apart: by where the zeros are in two characters of ASCII.
_BY_ZEROS: dict[tuple[bool, ...], str] = {
    (False, True, False, True): "utf-16-le",
    (True, False, True, False): "utf-16-be",
}
_MOST_DIGITS = 4_300  # as newer Pythons have it by themselves


class Unread(Enum):
    """Why there is nothing inside."""

    NOT_JSON = "not JSON"
    TOO_DEEP = "too deep"
    TOO_MANY = "too many"
    NOT_BASE64 = "not base64 of UTF-8 text"
    NO_SUCH_KEY = "no such key"


def from_json(text: str, *, lenient: bool = False) -> Any:
    """Return what *text* is as JSON, or `Unread.NOT_JSON`, or `Unread.TOO_DEEP` beyond 50 levels.

    *lenient*: a text in it may have line breaks as they are, where JSON has them written out.

    >>> from_json('{"a": 1}'), from_json("{")
    ({'a': 1}, <Unread.NOT_JSON: 'not JSON'>)
    """
    if _is_deep(text):
        return Unread.TOO_DEEP
    try:
        return json.loads(text, parse_int=_int, strict=not lenient)
    except (ValueError, RecursionError):
        return Unread.NOT_JSON


def from_json_documents(
    text: str, most: int, made: Callable[[list[tuple[str, Any]]], dict[str, Any]] = dict
) -> list[Any] | Unread:
    r"""Return the JSON values that stand one after the other in *text*, or why they cannot be read.

    Read as `from_json` does leniently; each object is *made* of its pairs. Beyond *most* values it is
    `Unread.TOO_MANY`.

    >>> from_json_documents('{"a": 1}\n{"a": 2}', most=2)
    [{'a': 1}, {'a': 2}]
    """
    if _is_deep(text):
        return Unread.TOO_DEEP
    decoder = json.JSONDecoder(parse_int=_int, strict=False, object_pairs_hook=made)
    values: list[Any] = []
    at = 0
    try:
        while at < len(text):
            if len(values) >= most:
                return Unread.TOO_MANY
            value, at = decoder.raw_decode(text, at)
            values.append(value)
            space = _SPACE.match(text, at)
            at = space.end() if space else at
    except (ValueError, RecursionError):
        return Unread.NOT_JSON
    return values


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


def from_wrapped_base64(text: str) -> str | None:
    r"""Return the text in base64 as people have it: wrapped at any column, indented, of either alphabet.

    What is in it may be UTF-16, as PowerShell writes it. None: *text* is something else.

    >>> from_wrapped_base64("  YW5u\n  YQ==\n")
    'anna'
    """
    bare = "".join(text.split()).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return as_text(base64.b64decode(bare + "=" * (-len(bare) % 4), validate=True))
    except ValueError:
        return None


def begin_of_base64(letters: str, shortest: int) -> str:
    r"""Return what base64 of either alphabet means as text, up to where it is none any more.

    That is nothing where the text ends before *shortest* bytes. A letter too many at its end is left out.

    >>> begin_of_base64("YW5uYQ", 16), begin_of_base64("YW5uYf8", 3), begin_of_base64("YW5uYf8", 16)
    ('anna', 'anna', '')
    """
    bare = letters.rstrip("=").replace("-", "+").replace("_", "/")
    bare = bare[: len(bare) - (len(bare) % 4 == 1)]
    raw = base64.b64decode(bare + "=" * (-len(bare) % 4))
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        return raw[: error.start].decode() if error.start >= shortest else ""


def as_text(raw: bytes, *, utf_16: bool = True) -> str | None:
    r"""Return *raw* as text: UTF-8, or *utf_16* as PowerShell writes it, without a byte order mark; or None.

    >>> as_text("anna".encode("utf-16")), as_text("anna".encode("utf-16-le")), as_text(b"\xff")
    ('anna', 'anna', None)
    """
    try:
        return raw.decode(_encoding(raw) if utf_16 else "utf-8-sig")
    except UnicodeDecodeError:
        return None


def _encoding(raw: bytes) -> str:
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return _BY_ZEROS.get(tuple(byte == 0 for byte in raw[:4]), "utf-8-sig")


def in_kubernetes_secret(secret: dict[str, Any], key: str) -> str | Unread:
    """Return the text under *key* of a Kubernetes Secret, which has it plain or in base64."""
    plain, coded = secret.get("stringData"), secret.get("data")
    if isinstance(plain, dict) and isinstance(plain.get(key), str):
        return str(plain[key])
    if isinstance(coded, dict) and isinstance(coded.get(key), str):
        text = from_base64(coded[key])
        return Unread.NOT_BASE64 if text is None else text
    return Unread.NO_SUCH_KEY


def folded(fields: Mapping[Any, Any]) -> dict[str, Any]:
    """Return *fields* by their names in small letters, as Go takes those of JSON: the last that is not null.

    >>> folded({"Auth": "YTpi", "auth": None})
    {'auth': 'YTpi'}
    """
    by_name: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(name, str):
            by_name[name.lower()] = by_name.get(name.lower()) if value is None else value
    return by_name


def jwt_claims(token: str) -> dict[str, Any]:
    """Return the claims of *token* if it is a JWT, or none. Nothing in it is verified."""
    parts = token.split(".")
    if len(parts) != 3:  # noqa: PLR2004  header, claims, signature
        return {}
    claims = from_json(from_url_base64(parts[1]) or "")
    return claims if isinstance(claims, dict) else {}
