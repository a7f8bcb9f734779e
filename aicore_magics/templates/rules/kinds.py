"""What may stand behind a key: a text, a number, a list, a mapping of more keys."""

from __future__ import annotations

import re
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """What may stand behind a key: a value of *type*.

    *inside* is the kind of each entry of a list, or of each value of a mapping whose keys somebody chooses;
    *keys* are those of another mapping, None for any. *owner* is what it is called.
    """

    word: str
    type: type
    inside: Kind | None = None
    keys: dict[str, Kind] = field(default_factory=dict)
    owner: str = ""


TEXT = Kind("a string", str)
FLAG = Kind("true or false", bool)
WHOLE = Kind("a whole number", int)
COUNT = Kind("a whole number", int)  # or a text that is one, or will be
NUMBER_OR_TEXT = Kind("a number or a string", str)
SCALAR = Kind("a string", str)  # Argo makes a text of a number or truth value
ANY = Kind("anything", object)
FREE = Kind("a mapping", dict)  # of any keys


def each(kind: Kind) -> Kind:
    """Give a list of *kind*."""
    return Kind("a list", list, inside=kind)


def named(kind: Kind) -> Kind:
    """Give a mapping of any keys, each with a value of *kind*."""
    return Kind("a mapping", dict, inside=kind)


def keys(
    owner: str, *parts: dict[str, Kind], text: str = "", flag: str = "", whole: str = "", **others: Kind
) -> Kind:
    """Give a mapping with the keys of *parts*, those with a text, those with true or false, and so on."""
    kinds = dict.fromkeys(text.split(), TEXT) | dict.fromkeys(flag.split(), FLAG)
    kinds |= dict.fromkeys(whole.split(), WHOLE) | others
    for part in parts:
        kinds |= part
    return Kind("a mapping", dict, keys=kinds, owner=owner)


TEXTS, TEXT_MAP = each(TEXT), named(TEXT)

WHOLE_NUMBER = re.compile(r"[-+]?[0-9]+")


def fits(value: object, kind: Kind) -> bool:
    """Tell whether Argo reads *value* as *kind*, which is not its type. Null counts as left out.

    >>> fits("3", COUNT), fits("3", WHOLE), fits(None, TEXT), fits(None, FLAG)
    (True, False, True, False)
    """
    if value is None:
        return kind is not FLAG
    if kind is SCALAR:
        return isinstance(value, (str, int, float))
    if kind is NUMBER_OR_TEXT:
        return isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind in (WHOLE, COUNT) and isinstance(value, float):
        return value.is_integer()
    return kind is COUNT and isinstance(value, str) and bool(WHOLE_NUMBER.fullmatch(value) or "{{" in value)
