"""Values that were found: which may stand again, how they may be written, and what of them is random."""

from __future__ import annotations

import base64
import html
import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from aicore_magics.base.placeholders import is_placeholder, looks_random
from aicore_magics.base.token_shapes import JWT_START, PRIVATE_KEY_BEGIN, PYPI_START, TOKEN_STARTS
from aicore_magics.base.tokens import token_kind
from aicore_magics.base.wrappers import begin_of_base64
from aicore_magics.leaks.detectors import hits
from aicore_magics.leaks.detectors.judge import login_in_base64

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from aicore_magics.leaks.files.json_spans import Span

# What is looked for in other files, too, is special: a token, or long with many kinds of character.
_SHORTEST_SPECIAL, _KINDS_OF_CHARACTER = 10, 3
_SHORTEST_RANDOM, _CHANGES = 20, 6
_CHANGES_OF_A_PART = 5
_CHARACTERS = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[^\w./ -]+|[^\W\d_a-zA-Z]+")
_WORDS = re.compile(r"[A-Za-z]*[0-9]{0,4}(?:[_./ -][A-Za-z]*[0-9]{0,4})*")  # `Churn_model-v2`, `Summer2024`
# What may be a name or a word is looked for in its own file only, and as a whole.
_SHORTEST_VALUE = 6
_SHORTEST_WORD = 12  # of letters alone: shorter ones may be words
# What keys and tokens of PyPI of all people begin with.
_FIRST_KEY_LINE = 64
_ALIKE = (PYPI_START, *TOKEN_STARTS)
_SHORTEST_INSIDE = 16  # bytes of text in base64
_LAYERS = 2  # of base64
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")


def may_stand_again(value: str) -> bool:
    """Whether *value* is long enough to be looked for at all."""
    long = len(value) >= _SHORTEST_WORD or (len(value) >= _SHORTEST_VALUE and looks_random(value))
    return long and "\n" not in value and not is_placeholder(value)


def is_distinctive(value: str) -> bool:
    """Whether *value* is a token, or long and of so many kinds of character that it is no name."""
    if token_kind(value):
        return True
    if _WORDS.fullmatch(value):
        return False
    runs = _CHARACTERS.findall(value)
    kinds = {_kind_of(run[0]) for run in runs}
    mixed = len(value) >= _SHORTEST_SPECIAL and len(kinds) >= _KINDS_OF_CHARACTER
    return mixed or (len(value) >= _SHORTEST_RANDOM and len(runs) >= _CHANGES and " " not in value)


def _kind_of(character: str) -> str:
    if not character.isascii() or not character.isalnum():
        return "sign"
    return "digit" if character.isdigit() else "capital" if character.isupper() else "small"


def forms_of(value: str) -> set[str]:
    """Give *value* as it may be written: as it is, in JSON, in a URL."""
    whole = value.encode("utf-8", "surrogatepass")
    return {
        value,
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        quote(whole, safe=""),
    }


def is_made_up(value: str) -> bool:
    """Whether a program made *value* up, so that no eight characters of it are a word but by chance."""
    decoded = _decoded(value)
    return bool(token_kind(value) or len(decoded) >= _SHORTEST_INSIDE or (decoded and login_in_base64(value)))


def may_be_words(part: str) -> bool:
    """Whether *part*, of what a human thought up, may stand elsewhere as a word, a name or a year.

    >>> may_be_words("Churn-mo"), may_be_words("Tr0ub4do"), may_be_words("kJhGfDsA")
    (True, False, False)
    """
    return len(_CHARACTERS.findall(part)) < _CHANGES_OF_A_PART and _WORDS.fullmatch(part) is not None


def random_part(value: str) -> Span:
    """Tell from where to where *value* is unlike others of its kind: without prefix, header or user name."""
    key = re.match(PRIVATE_KEY_BEGIN, value)
    if key:
        end = value.find("-----", key.end())
        return key.end() + _FIRST_KEY_LINE, end if end >= 0 else len(value)
    header = value.find(".") + 1 if value.startswith(JWT_START) else 0
    if header:
        return header, len(value)
    inside = _inside(value)
    if inside:
        return min(start for start, _ in inside) * 4 // 3, len(value)
    small = value.lower()
    return max((len(start) for start in _ALIKE if small.startswith(start)), default=0), len(value)


def with_inner(values: Iterable[str]) -> set[str]:
    """Give *values*, what they are without the escapes of a URL or of HTML, and what those in base64 hold."""
    every: set[str] = set()
    new = set(values)
    for _ in range(_LAYERS + 2):
        every |= new
        new = {other for value in new for other in _other_values(value)} - every
    # Of a text with credentials in it, names and hosts are none.
    return {value for value in every if not _quoted_in(value)}


def _other_values(value: str) -> Iterator[str]:
    yield unquote(value)
    yield html.unescape(value)
    for _, inner in _inside(value):
        yield inner
    yield from _quoted_in(value)


def _quoted_in(value: str) -> list[str]:
    """The credentials in *value* where it is JSON or the like, and not one by itself."""
    if '"' not in value or ":" not in value:
        return []
    parts = [value[hit.start : hit.end] for hit in hits(value, "file", known=True)]
    return [part for part in parts if part != value]


def _inside(value: str) -> list[tuple[int, str]]:
    """The credentials in what *value* is in base64, each with where it begins there."""
    text = _decoded(value)
    login = login_in_base64(value) if text else None
    if login:
        return [(len(login[0].encode()) + 1, login[1])]
    return [(hit.start, text[hit.start : hit.end]) for hit in hits(text, "file", known=True)]


def _decoded(value: str) -> str:
    return begin_of_base64(value, _SHORTEST_INSIDE) if _BASE64.fullmatch(value) else ""


def codes_of(value: str) -> Iterator[str]:
    """Give what *value* becomes backwards, in base64 behind anything, and in hexadecimal digits."""
    yield value[::-1]
    raw = value.encode("utf-8", "surrogatepass")
    yield raw.hex()
    for before, lost in enumerate((0, 2, 3)):
        code = base64.b64encode(bytes(before) + raw).decode()
        # The last letter tells of what follows, too.
        yield code[lost:].rstrip("=") if (before + len(raw)) % 3 == 0 else code[lost:].rstrip("=")[:-1]
