"""The spaces around what somebody typed or pasted."""

from __future__ import annotations

# What a browser, a mail or a word processor puts beside a word: nobody sees it, and `str.strip` leaves it.
# Soft hyphen, zero width, joiners, direction marks, byte order mark. No override of the direction: whoever
# has that in a name is shown it.
UNSEEN = frozenset(
    "\u00ad\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff"
    "\u202a\u202b\u202c\u2066\u2067\u2068\u2069"
)

# All that `str.isspace` knows.
SEEN = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009"
    "\u200a\u2028\u2029\u202f\u205f\u3000"
)
_SPACES = SEEN + "".join(UNSEEN)


def bare(text: str) -> str:
    r"""Return *text* without the spaces around it, the unseen ones among them; a space inside stays.

    >>> bare("\ufeff ghcr.io\u00a0\u200b"), bare("two words")
    ('ghcr.io', 'two words')
    """
    return text.strip(_SPACES)


def ends_in_spaces(text: str) -> tuple[str, ...]:
    """Return at which of its ends *text* has a space, seen or unseen: "begins", "ends".

    >>> ends_in_spaces(" a b"), ends_in_spaces("a b")
    (('begins',), ())
    """
    ends = (("begins", text[:1]), ("ends", text[-1:]))
    return tuple(word for word, character in ends if character and character in _SPACES)
