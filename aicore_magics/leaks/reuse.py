"""Values that were found once, and stand again: which are worth looking for, and where they do."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from aicore_magics.base.placeholders import is_placeholder, looks_random
from aicore_magics.base.redact import token_kind
from aicore_magics.leaks.detectors.keywords import word_starts
from aicore_magics.leaks.detectors.match import Match

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from aicore_magics.leaks.files.notebook_texts import Piece

# What is looked for in other files, too, is special: a token, or long with many kinds of character.
_SHORTEST_SPECIAL, _KINDS_OF_CHARACTER = 10, 3
_SHORTEST_RANDOM, _CHANGES = 20, 6
_CHARACTERS = re.compile(r"[a-z]+|[A-Z]+|[0-9]+|[^\w./ -]+|[^\W\d_a-zA-Z]+")
_WORDS = re.compile(r"[A-Za-z]*[0-9]{0,4}(?:[_./ -][A-Za-z]*[0-9]{0,4})*")  # `Churn_model-v2`, `Summer2024`
# What may be a name or a word is looked for in its own file only, and as a whole.
_SHORTEST_VALUE = 6
_SHORTEST_WORD = 12  # of letters alone: shorter ones may be words
_PLAIN_NAME = re.compile(r"[a-z0-9_./-]*")  # `python3`, `data/model_v2`: in code it may be just that
_WORD = re.compile(r"\w")
_QUOTES, _LINE_ENDS = ("'", '"'), ("", "\n", "\r")
_INSIDE = re.compile(r"(?<!\\)\w\Z|\\[^\Wnrt]\Z")  # a word goes on; but `\nHunter2` begins one


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


def again_hits(piece: Piece, forms: Iterable[str]) -> Iterator[Match]:
    """Find where one of *forms* stands, but for the inside of words and what Jupyter needs as it is."""
    for at, form in word_starts(piece.text, forms):
        end = at + len(form)
        inside = _INSIDE.search(piece.text[max(0, at - 2) : at]) or _WORD.match(piece.text, end)
        if not inside and not piece.keeps(at, end):
            yield Match(at, end, "same-value")


def lone_hits(piece: Piece, values: Collection[str]) -> Iterator[Match]:
    """Where one of *values* is all that stands in quotes in code, or on a line of an output."""
    text, style = piece.text, piece.part.style
    if piece.part.whole_file and style == "output":
        return
    alone = [value for value in values if style == "output" or not _PLAIN_NAME.fullmatch(value)]
    for at, value in word_starts(text, alone):
        end = at + len(value)
        quoted = text[max(0, at - 1) : at] in _QUOTES and text[end : end + 1] == text[at - 1]
        start, stop = (at - 1, end + 1) if quoted else (at, end)
        line = text[max(0, start - 1) : start] in _LINE_ENDS and text[stop : stop + 1] in _LINE_ENDS
        if line if style == "output" else quoted:
            yield Match(at, end, "same-value")
