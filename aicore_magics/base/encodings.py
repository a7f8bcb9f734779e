"""How a text looks once it is encoded: what has to be masked of a secret, wherever it turns up."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, repr=False)
class Encodings:
    """One text in every usual encoding. *forms*: encoded once and twice; *inside*: what base64 may hide."""

    forms: frozenset[str]
    inside: frozenset[bytes]

    @classmethod
    def of(cls, text: str) -> Encodings:
        """Return the encodings of *text*; none of an empty one, which is in everything."""
        if not text:
            return cls(frozenset(), frozenset())
        once = {text, *_encoded(text)}
        twice = {form for each in once for form in _encoded(each)}
        return cls(frozenset(once | twice), frozenset(map(as_bytes, once)))


def as_bytes(text: str) -> bytes:
    """Return *text* in UTF-8, half characters included."""
    return text.encode("utf-8", "surrogatepass")


def _encoded(text: str) -> Iterator[str]:
    for coded in (json.dumps(text)[1:-1], json.dumps(text, ensure_ascii=False)[1:-1]):
        yield coded
        # Go writes these three as JSON, Java and others the digits in capitals.
        yield coded.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")
        yield re.sub(r"(?<=\\u)[0-9a-f]{4}", lambda digits: digits[0].upper(), coded)
    for shown in (repr(text)[1:-1], ascii(text)[1:-1], repr(as_bytes(text))[2:-1]):
        yield shown
        yield re.sub(r"(?<!\\)'", r"\'", shown)
    from html import escape  # with it comes a table of all entities, which few calls need

    for quotes in (True, False):
        page = escape(text, quote=quotes)
        yield page
        yield page.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
        yield page.replace("&#x27;", "&#39;")
    safe = as_bytes(text)
    for percent in (quote(safe, safe=""), quote(safe), quote(safe, safe="!'()*"), quote_plus(safe)):
        yield percent
        yield re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), percent)
    yield base64.b64encode(safe).decode()
    yield base64.urlsafe_b64encode(safe).decode()
