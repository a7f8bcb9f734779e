"""Passwords of words that many use, such as `changeme`: stored, and told where a registry accepts them."""

from __future__ import annotations

import re

from aicore_magics.base.placeholder_words import COMMON, MOST_LETTERS, vocabulary

_BEHIND = "0123456789!.?*#_- "
_LEET = str.maketrans("@4301$5!7", "aaeoissit")
_NUMBERS = r"0+|1+|(?:0?1234567890?)|0?123(?:4(?:5(?:6(?:7(?:8(?:9(?:0)?)?)?)?)?)?)?|(?:123){2,}|123321|6{3,}"


def is_common(password: str) -> bool:
    """Return whether *password* is a word that many use, whatever digits and signs are behind it.

    >>> is_common("changeme"), is_common("P@ssw0rd123!"), is_common("correct horse battery staple")
    (True, True, False)
    """
    if len(password) > MOST_LETTERS:
        return False
    low = password.lower()
    words = {low, low.rstrip(_BEHIND), low.translate(_LEET), low.rstrip(_BEHIND).translate(_LEET)}
    return re.fullmatch(_NUMBERS, low) is not None or any(map(_is_common_word, words))


def _is_common_word(text: str) -> bool:
    words = re.findall(r"[^\s._-]+", text)
    known = all(word in vocabulary() or word in COMMON for word in words)
    return "".join(words) in COMMON or (bool(words) and known)
