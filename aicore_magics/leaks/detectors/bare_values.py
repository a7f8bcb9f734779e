"""What a value without quotes looks like: words, numbers with a unit, code and names of files are none."""

from __future__ import annotations

import re

from aicore_magics.base.placeholders import is_placeholder, looks_random
from aicore_magics.leaks.detectors.judge import fits

# Words with a number in them that are no passwords: base64, sha-256, OAuth2.
_TECHNICAL = r"(?i:base|sha|md|utf|int|uint|float|fp|bf|oauth|http|ipv|v|win)-?\d{1,4}"
_A_WORD = rf"(?:{_TECHNICAL}|[^\W\d_]+)"
_UNIT = (
    r"(?i:%|x|[numµ]?s|secs?|mins?|hrs?|h|d|days?|[kmgt]?i?b?|it|tok|tokens?|steps?|chars?|rows?|st|nd|rd|th)"
)
# Matches `auto-generated`, `0.99ms`, `35.2tok/s`, `cfg.password`, `read("x1")` and `settings2.yaml`; does not
# match `Hunter2` or `p.w0rd-x`.
_NO_VALUE = re.compile(
    rf"""(?xs)
    [!&*@~]?{_A_WORD}(?:[-_./'\u2019:]+{_A_WORD})*[?,.;:)]*
    | [~<>≈±+-]?\d[\d.,:_]*(?:e[+-]?\d+)?{_UNIT}(?:/[^\W\d_]{{1,8}})?
    | \d{{4}}-\d\d-\d\dT[\d:.,+-]+Z?
    | [A-Za-z_][\w.]*[\[(].*
    | [a-z_]+(?:\.[A-Za-z_]\w*)+
    | [\w./~-]+\.(?i:txt|json|ya?ml|py|ipynb|env|md|sh|ini|cfg|toml|csv|log|pem|key|html?|lock)
    | -.*
    """
)
# Matches `get_secret("x")`, `mypassword` and `[a link](https://a.io)`.
_SAYS_SO = re.compile(
    r"[A-Za-z_][\w.]{0,200}[\[(].*[\])]|(?i:[a-z_-]*(?:passw(?:or)?[dt]|secret|token)[a-z_-]*)|\[.*\]\(.*"
)
_METAVARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,11}")  # of a help text: `--token VALUE2`
# `step-2` and `Summer2024` may be words of a sentence.
_WORDS = re.compile(r"(?:[A-Z]?[a-z]*|[A-Z]+)[0-9]{0,4}(?:[_./ -](?:[A-Z]?[a-z]*|[A-Z]+)[0-9]{0,4})*")


def is_value(group: str, value: str) -> bool:
    """Whether *value* may be what *group* says: it is no placeholder, no call, and no word for one."""
    return not is_placeholder(value) and not _SAYS_SO.fullmatch(value) and fits(group, value)


def is_random_value(group: str, value: str) -> bool:
    """Whether *value* is so, and no word, number, code or file name either.

    >>> [is_random_value("password", text) for text in ("Hunter2", "0.99ms", "auto-made")]
    [True, False, False]
    """
    return looks_random(value) and not _NO_VALUE.fullmatch(value) and is_value(group, value)


def is_strong_value(group: str, value: str) -> bool:
    """Whether *value* is so, and cannot be a word of a sentence with a number behind it.

    >>> is_strong_value("password", "Hunter2!"), is_strong_value("password", "Hunter2")
    (True, False)
    """
    return not _WORDS.fullmatch(value) and is_random_value(group, value)


def is_metavariable(value: str) -> bool:
    """Whether *value* is in capital letters, as help texts have it behind an option."""
    return _METAVARIABLE.fullmatch(value) is not None


def is_default(name: str, value: str) -> bool:
    """Whether *value* repeats its *name*, as of a database that runs here: `POSTGRES_PASSWORD=postgres`."""
    return value.lower() in name.lower()
