"""What a text without quotes stands for in YAML."""

from __future__ import annotations

import re

# After sigs.k8s.io/yaml, goyaml.v2/resolve.go: YAML 1.1, without numbers to the base of 60. It knows dates,
# but hands them on as text.
_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_NUMBER_STARTS = frozenset("+-.0123456789")
_LONGEST_NUMBER = 400
_INT = re.compile(r"[-+]?(?:0b[01]+|0o[0-7]+|0x[0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_BASES = {"0b": 2, "0o": 8, "0x": 16}


def plain(text: str) -> str | int | float | bool | None:
    """Give what the unquoted *text* stands for.

    >>> plain("yes"), plain("1.0"), plain("010"), plain("1e3"), plain("1:30"), plain("2024-01-01"), plain("~")
    (True, 1.0, 8, 1000.0, '1:30', '2024-01-01', None)
    """
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS or len(text) > _LONGEST_NUMBER:
        return text
    # Underscores group digits; not so where a point comes first.
    bare = text if text[0] == "." else text.replace("_", "")
    if _INT.fullmatch(bare):
        return _int(bare)
    return _float(bare, text) if _FLOAT.fullmatch(bare) else text


def _int(bare: str) -> int:
    digits = bare.lstrip("+-")
    octal = len(digits) > 1 and digits[0] == "0"
    base = _BASES.get(digits[:2], 8 if octal else 10)
    return int(bare.replace(digits[:2], "", 1) if digits[:2] in _BASES else bare, base)


def _float(bare: str, text: str) -> float | str:
    number = float(bare)
    return text if number in (float("inf"), float("-inf")) else number


# What YAML 1.1 reads as a date, a moment, or a number to the base of 60, and Kubernetes' reader as a text.
_CLOCK = r"\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?))?"
_DATE = re.compile(rf"\d{{4}}-\d\d?-\d\d?(?:(?:[Tt]|[ \t]+){_CLOCK})?")
_BASE_60 = re.compile(r"[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")


def other_reading(text: str) -> str:
    """Say what YAML 1.1 takes the unquoted *text* for, which `plain` takes for a text; empty for a text.

    >>> other_reading("2024-01-01"), other_reading("12:30:45"), other_reading("1.2.3")
    ('a date', 'a number', '')
    """
    if not "0" <= text[:1] <= "9" or len(text) > _LONGEST_NUMBER:
        return ""
    return "a date" if _DATE.fullmatch(text) else "a number" if _BASE_60.fullmatch(text) else ""
