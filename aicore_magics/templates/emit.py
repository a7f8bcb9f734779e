"""Plain data to YAML that every reader takes alike: YAML 1.1 (PyYAML, Go's yaml) and YAML 1.2 (ruamel).

No YAML library is imported. A text stands bare only where no reader could take it for anything else;
several lines stand as a block, and everything else in double quotes, as JSON has them.
"""

from __future__ import annotations

import re
from functools import lru_cache
from json.encoder import encode_basestring
from textwrap import wrap
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# What stands bare begins with a letter or a slash, and no blank is in it, nor a colon at its end: so it is no
# number, no date, no key, has no comment, and does not begin with a sign that means something.
_BARE = re.compile(r"[A-Za-z/][A-Za-z0-9_./:-]*")
# Truth values and nothing, as some reader takes them.
_WORDS = frozenset(
    spelt
    for word in ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
    for spelt in (word, word.capitalize(), word.upper())
)
# A block would change a blank at the end of a line, and need a sign for one at its beginning.
_NO_BLOCK = re.compile(r"\A[ \n]| (?:\n|\Z)|\n\n\Z")
_FOUR_DIGITS = 0xFFFF
COMMENT_COLUMNS = 60  # its indent included: so a card in half a notebook shows it whole


class Bare(str):
    """A text written as it stands: a placeholder that AI Core will replace by a number."""

    __slots__ = ()


class _Comments:
    """The comments that are still to be written, by the key that each stands above."""

    def __init__(self, texts: Mapping[str, str], widest: int) -> None:
        self._texts = dict(texts)
        self._widest = widest

    def above(self, name: str, pad: str) -> list[str]:
        """Take the lines that stand above the key *name*; none if it has no comment, or had it already."""
        text = self._texts.pop(name, "")
        return [f"{pad}# {line}\n" for line in wrap(text, self._widest - len(pad) - 2)]


def emit(
    document: Mapping[str, Any], comments: Mapping[str, str] | None = None, *, widest: int = COMMENT_COLUMNS
) -> str:
    """Write *document*, made of dict, list, str, int and bool, as YAML with its keys in their order.

    *comments* stand above the first line that has their key, with no line over *widest* columns.

    >>> print(emit({"name": "churn", "version": "1.0", "args": ["yes", "a: b"]}, {"version": "A text."}))
    name: churn
    # A text.
    version: "1.0"
    args:
      - "yes"
      - "a: b"
    <BLANKLINE>
    """
    out: list[str] = []
    _mapping(document, "", out, _Comments(comments or {}, widest))
    return "".join(out)


def scalar(text: str) -> str:
    """Give *text* on one line, in quotes where a reader could take it for anything else.

    >>> scalar("ghcr.io/acme/churn:1.4"), scalar("1e3"), scalar("off")
    ('ghcr.io/acme/churn:1.4', '"1e3"', '"off"')
    """
    return text if _may_stand_bare(text) else _quoted(text)


# The same few dozen keys stand in every template.
_key = lru_cache(maxsize=256)(scalar)


def _mapping(node: Mapping[str, Any], pad: str, out: list[str], comments: _Comments) -> None:
    for name, value in node.items():
        out += comments.above(name, pad)
        if isinstance(value, (dict, list)) and value:
            out.append(f"{pad}{_key(name)}:\n")
            _lines(value, pad + "  ", out, comments)
        else:
            out.append(f"{pad}{_key(name)}: {_written(value, pad + '  ')}\n")


def _list(node: list[Any], pad: str, out: list[str], comments: _Comments) -> None:
    for value in node:
        if isinstance(value, (dict, list)) and value:
            first = len(out)
            _lines(value, pad + "  ", out, comments)
            out[first] = f"{pad}- {out[first].removeprefix(pad + '  ')}"
        else:
            out.append(f"{pad}- {_written(value, pad + '  ')}\n")


def _lines(node: dict[str, Any] | list[Any], pad: str, out: list[str], comments: _Comments) -> None:
    if isinstance(node, dict):
        _mapping(node, pad, out, comments)
    else:
        _list(node, pad, out, comments)


def _written(value: object, pad: str) -> str:
    """A text, a number, a truth value, a placeholder, or what is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Bare)):
        return str(value)
    if isinstance(value, str):
        return value if _may_stand_bare(value) else _quoted(value, pad)
    if value in ({}, []):
        return "{}" if isinstance(value, dict) else "[]"
    raise TypeError(f"{type(value).__name__} cannot be written as YAML")


def _may_stand_bare(text: str) -> bool:
    """Whether no reader could take *text* for anything else than a text."""
    return bool(_BARE.fullmatch(text)) and not text.endswith(":") and text not in _WORDS


def _quoted(text: str, pad: str = "") -> str:
    """*text* in quotes; with *pad*, as a block there if it has several lines and a block would keep it."""
    if pad and "\n" in text and not _NO_BLOCK.search(text) and text.replace("\n", "").isprintable():
        sign, body = ("|", text[:-1]) if text.endswith("\n") else ("|-", text)
        # A blank line gets no indent, so that no line ends in blanks.
        return sign + re.sub(r"\n(?=[^\n])", f"\n{pad}", f"\n{body}")
    quoted = encode_basestring(text)
    if quoted.isprintable():
        return quoted
    # What YAML does not take as it stands, takes for a line break, or shows as nothing or in another order.
    return "".join(sign if sign.isprintable() else _escape(ord(sign)) for sign in quoted)


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code <= _FOUR_DIGITS else f"\\U{code:08x}"
