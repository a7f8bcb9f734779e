"""Plain data to YAML that every reader takes alike: YAML 1.1 (PyYAML, Go's yaml) and YAML 1.2 (ruamel).

No YAML library is imported. A text stands bare only where no reader could take it for anything else;
several lines stand as a block, and everything else in double quotes, as JSON has them.
"""

from __future__ import annotations

import re
from json.encoder import encode_basestring
from string import ascii_letters, digits
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

# What stands bare begins with a letter or a slash, and no blank is in it, nor a colon at its end: so it is no
# number, no date, no key, has no comment, and does not begin with a sign that means something.
_FIRST = frozenset(ascii_letters + "/")
_SIGNS = ascii_letters + digits + "_./:-"
# Truth values and nothing, as some reader takes them.
_WORDS = frozenset(
    spelt
    for word in ("null", "true", "false", "yes", "no", "on", "off", "y", "n")
    for spelt in (word, word.capitalize(), word.upper())
)
# A block would change a blank at the end of a line, and need a sign for one at its beginning.
_NO_BLOCK = r"\A[ \n]| (?:\n|\Z)|\n\n\Z"
_FOUR_DIGITS = 0xFFFF
_MOST_KEYS = 256


class Bare(str):
    """A text written as it stands: a placeholder that AI Core will replace by a number."""

    __slots__ = ()


def emit(document: Mapping[str, Any], comments: Mapping[str, str] | None = None) -> str:
    """Write *document*, made of dict, list, str, int and bool, as YAML with its keys in their order.

    *comments* stand above the first line that has their key.

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
    _mapping(document, "", out, dict(comments or {}))
    return "".join(out)


def scalar(text: str) -> str:
    """Give *text* on one line, in quotes where a reader could take it for anything else.

    >>> scalar("ghcr.io/acme/churn:1.4"), scalar("1e3"), scalar("off")
    ('ghcr.io/acme/churn:1.4', '"1e3"', '"off"')
    """
    return _written(text)


class _Keys(dict[str, str]):
    """How keys are written: the same few dozen stand in every template."""

    def __missing__(self, key: str) -> str:
        if len(self) >= _MOST_KEYS:
            self.clear()
        self[key] = written = scalar(key)
        return written


_keys = _Keys()


def _mapping(node: Mapping[str, Any], pad: str, out: list[str], comments: dict[str, str]) -> None:
    deeper = pad + "  "
    for name, value in node.items():
        if name in comments:
            out.append(f"{pad}# {comments.pop(name)}\n")
        kind, key = type(value), _keys[name]
        if kind is str:
            # A word is told here, and not in a function: calls are what takes time.
            word = value.isalpha() and value.isascii() and value not in _WORDS
            text = value if word else _written(value, deeper)
            out.append(f"{pad}{key}: {text}\n")
        elif kind is dict and value:
            out.append(f"{pad}{key}:\n")
            _mapping(value, deeper, out, comments)
        elif kind is list and value:
            out.append(f"{pad}{key}:\n")
            _list(value, deeper, out, comments)
        else:
            out.append(f"{pad}{key}: {_other(value)}\n")


def _list(node: list[Any], pad: str, out: list[str], comments: dict[str, str]) -> None:
    deeper = pad + "  "
    for value in node:
        kind = type(value)
        if kind is str:
            out.append(f"{pad}- {_written(value, deeper)}\n")
        elif kind in (dict, list) and value:
            first = len(out)
            (_mapping if kind is dict else _list)(value, deeper, out, comments)
            out[first] = f"{pad}- {out[first][len(deeper) :]}"
        else:
            out.append(f"{pad}- {_other(value)}\n")


def _written(text: str, pad: str = "") -> str:
    """*text* as it is, if it may stand bare, or else in quotes or as a block."""
    # No pattern: it is no faster, and to compile one takes time at the first template.
    if text[:1] in _FIRST and not text.strip(_SIGNS) and text[-1] != ":" and text not in _WORDS:
        return text
    return _quoted(text, pad)


def _quoted(text: str, pad: str = "") -> str:
    """*text* in quotes; with *pad*, as a block there if it has several lines and a block would keep it."""
    if pad and "\n" in text and not re.search(_NO_BLOCK, text) and text.replace("\n", "").isprintable():
        sign, body = ("|", text[:-1]) if text.endswith("\n") else ("|-", text)
        # A blank line gets no indent, so that no line ends in blanks.
        return sign + re.sub(r"\n(?=[^\n])", f"\n{pad}", f"\n{body}")
    quoted = encode_basestring(text)
    if quoted.isprintable():
        return quoted
    # What YAML does not take as it stands, takes for a line break, or shows as nothing or in another order.
    return "".join(each if each.isprintable() else _escape(ord(each)) for each in quoted)


def _other(value: object) -> str:
    """A number, a truth value, a placeholder, or what is empty."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, Bare)):
        return str(value)
    if value in ({}, []):
        return "{}" if isinstance(value, dict) else "[]"
    raise TypeError(f"no YAML is written for {type(value).__name__}")


def _escape(code: int) -> str:
    return f"\\u{code:04x}" if code <= _FOUR_DIGITS else f"\\U{code:08x}"
