"""How a text looks once it is encoded: what has to be masked of a secret, wherever it turns up."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
# Of all letters only these two are not one small letter each, wherever they stand.
_OF_TWO_FORMS = frozenset("İΣ")
_WINDOWS = {byte: bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}


@dataclass(frozen=True, repr=False)
class Encodings:
    """One text in every usual encoding, in small letters, as a host has it that is made of a password.

    *forms*: encoded once and twice; *inside*: what base64 may hide.
    """

    forms: frozenset[str]
    inside: frozenset[bytes]

    @classmethod
    def of(cls, text: str) -> Encodings:
        """Return the encodings of *text*; none of an empty one, which is in everything."""
        if not text:
            return cls(frozenset(), frozenset())
        # A key of several lines may come back on one, with spaces or with nothing between them.
        bare = {text, " ".join(text.split()), "".join(text.split())} - {""}
        once = {*bare, *(form for each in bare for form in _encoded(each))}
        twice = {form for each in once for form in _encoded(each)}
        once |= {form for each in bare for form in _broken(each)}
        return cls(frozenset(map(small, once | twice)), frozenset(as_bytes(form).lower() for form in once))


def small(text: str) -> str:
    """Return *text* in small letters, one for each of its characters: so both are as long.

    >>> small("ÄrGer"), len(small("İ"))
    ('ärger', 1)
    """
    if not _OF_TWO_FORMS.intersection(text):
        return text.lower()
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def as_bytes(text: str) -> bytes:
    """Return *text* in UTF-8, half characters included."""
    return text.encode("utf-8", "surrogatepass")


def hides(run: str, inside: Collection[bytes]) -> bool:
    """Return whether base64 hides one of *inside* in something longer, as in `auth`, twice even.

    What stands before it may look like base64, too: so it is read from each of four characters on.
    """
    return any(_found(decoded, inside) for decoded in _decoded(run))


def _found(decoded: bytes, inside: Collection[bytes]) -> bool:
    low = decoded.lower()
    if any(form in low for form in inside):
        return True
    runs = BASE64_RUN.findall(decoded.decode("ascii", "replace"))
    return any(form in twice.lower() for run in runs for twice in _decoded(run) for form in inside)


def _decoded(run: str) -> Iterator[bytes]:
    plain = run.rstrip("=").replace("-", "+").replace("_", "/")
    for skip in range(4):
        part = plain[skip:]
        part = part[: len(part) - (len(part) % 4 == 1)]
        yield base64.b64decode(part + "=" * (-len(part) % 4))


def _broken(text: str) -> Iterator[str]:
    """What comes back from whoever takes UTF-8 for an older code, or writes each character as a number."""
    coded = as_bytes(text)
    yield coded.decode("latin-1")
    # As browsers read it: what windows-1252 leaves open is as in Latin-1.
    yield "".join(_WINDOWS.get(byte) or chr(byte) for byte in coded)
    yield coded.hex()
    for number in ("&#{};", "&#x{:x};"):
        yield "".join(number.format(ord(letter)) for letter in text)
        yield "".join(letter if letter.isascii() else number.format(ord(letter)) for letter in text)
        yield "".join(
            letter if letter.isalnum() and letter.isascii() else number.format(ord(letter)) for letter in text
        )


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
