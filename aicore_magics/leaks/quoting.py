"""Values in quotes, however deep the text that holds them is itself quoted."""

from __future__ import annotations

import html
import re

# At any depth of JSON inside a string, and in HTML. Fifteen backslashes are four levels.
QUOTE = r"""(?:\\{0,15}["']|&quot;|&\#34;|&\#x27;|&\#39;)"""
LONGEST_VALUE = 65_536  # characters; a whole docker config may stand there
_LONGEST_REST = 1_000  # characters of a value behind a quote of its own
_BEHIND_END = tuple(" \t\r\n,:;)]}+%.|&<\\`'\"")
_BEFORE_START = tuple(" \t,:=({[+")


def value_end(text: str, start: int, quote: str) -> int:
    r"""Tell where the value ends that *quote* opened just before *start*; -1 if it does not end on its line.

    >>> text = r'x = "a\"b" + "c"'
    >>> text[5 : value_end(text, 5, '"')]
    'a\\"b'
    """
    if quote.startswith("&"):
        return text.find(quote, start, start + LONGEST_VALUE)
    if len(quote) == 1 and text.startswith(2 * quote, start):
        return _three_quotes(text, start + 2, 3 * quote)
    end = _closing(text, start, quote)
    return -1 if "\n" in text[start : max(start, end)] else end


def value_start(text: str, start: int, quote: str) -> int:
    """Give *start*, or where the value begins behind three quotes."""
    return start + 2 if len(quote) == 1 and text.startswith(2 * quote, start) else start


def unquoted(value: str, quote: str) -> str:
    r"""Give *value* as it was before it was put into *quote*, as far as simple means go.

    >>> unquoted('a\\"b', '"')
    'a"b'
    """
    if quote.startswith("&"):
        return html.unescape(value)
    bare = value
    for _ in range(len(quote).bit_length()):
        bare = bare.replace('\\"', '"').replace("\\'", "'").replace("\\/", "/").replace("\\\\", "\\")
    return bare


def _three_quotes(text: str, start: int, quotes: str) -> int:
    at = text.find(quotes, start, start + LONGEST_VALUE)
    while at >= 0 and _backslashes(text, start, at) % 2:
        at = text.find(quotes, at + 1, start + LONGEST_VALUE)
    return at


def _closing(text: str, start: int, quote: str) -> int:
    """Where the quote itself stands that ends the value.

    Each level around doubles the backslashes, and adds one before a quote of its own kind. So behind those
    that the opening quote has, one inside the value has an odd number of 2^levels more.
    """
    own = len(quote) - 1
    step = 2 << own.bit_length()
    limit = min(len(text), start + LONGEST_VALUE)
    at = text.find(quote[-1], start, limit)
    while at >= 0:
        more = _backslashes(text, start, at) - own
        if more == 0 or (more > 0 and more % step == 0 and not _goes_on(text, at, quote)):
            return at - own
        at = text.find(quote[-1], at + 1, limit)
    return -1


def _goes_on(text: str, at: int, quote: str) -> bool:
    """Whether the value goes on behind the quote at *at*, with backslashes before it that may be its own.

    Levels that only double them do not show in the opening quote, as in the repr of JSON. What follows tells:
    another quote on the line that ends a value, and opens none.
    """
    if text[at + 1 : at + 2] not in ("", *_BEHIND_END):
        return True
    end = text.find("\n", at, at + _LONGEST_REST)
    rest = re.compile(rf"(?<!\\){re.escape(quote)}")
    following = rest.search(text, at + 1, end if end >= 0 else at + _LONGEST_REST)
    if not following:
        return False
    ends = text[following.end() : following.end() + 1] in ("", *_BEHIND_END)
    return ends and text[following.start() - 1] not in _BEFORE_START


def _backslashes(text: str, start: int, at: int) -> int:
    run = at
    while run > start and text[run - 1] == "\\":
        run -= 1
    return at - run
