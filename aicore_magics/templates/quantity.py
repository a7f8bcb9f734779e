"""Quantities as Kubernetes has them, such as 500m, 2 and 4Gi: what they amount to, and what was meant."""

from __future__ import annotations

import re

# apimachinery's resource.Quantity, without a sign: no container asks for less than nothing.
_QUANTITY = r"([0-9]{1,15}(?:\.[0-9]{0,9})?|\.[0-9]{1,9})(?:([numkMGTPE]|[KMGTPE]i)|[eE]([+-]?[0-9]{1,2}))?"
_NEARLY = r"([0-9]{1,15}(?:\.[0-9]{1,9})?) ?([kmgtp])(?:i?b|i)?"
_POWERS = {"n": -3, "u": -2, "m": -1, "k": 1, "K": 1, "M": 2, "G": 3, "T": 4, "P": 5, "E": 6}


def amount(text: str) -> float | None:
    """Give what *text* amounts to, None if Kubernetes takes it for no quantity.

    >>> amount("500m"), amount("2Ki"), amount("1e3"), amount("4GB")
    (0.5, 2048.0, 1000.0, None)
    """
    found = re.fullmatch(_QUANTITY, text, re.ASCII)
    if found is None:
        return None
    number, suffix, exponent = found.groups()
    base = 1024 if suffix and suffix.endswith("i") else 1000
    return float(number) * float(base) ** _POWERS.get((suffix or "")[:1], 0) * 10.0 ** int(exponent or 0)


def meant(text: str) -> str:
    """Give how a quantity is written that *text* may have meant.

    >>> meant("4GB"), meant("512 mb"), meant("much")
    ('4G or 4Gi', '512M or 512Mi', 'it like 2, 500m or 4Gi')
    """
    found = re.fullmatch(_NEARLY, text, re.ASCII | re.IGNORECASE)
    if found is None:
        return "it like 2, 500m or 4Gi"
    number, letter = found[1], found[2].upper()
    return f"{number}{'k' if letter == 'K' else letter} or {number}{letter}i"
