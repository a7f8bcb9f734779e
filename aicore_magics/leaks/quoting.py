"""Values in quotes, however deep the text that holds them is itself quoted."""

from __future__ import annotations

import html

# At any depth of JSON inside a string, and in HTML. Fifteen backslashes are four levels.
QUOTE = r"""(?:\\{0,15}["']|&quot;|&\#34;|&\#x27;|&\#39;)"""
LONGEST_VALUE = 65_536  # characters; a whole docker config may stand there


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

    Each level writes a backslash for each backslash and each quote before it. So at depth d a quote of the
    value's own has 2^d - 1 of them in front, and one inside the value as many and an odd number of 2^d.
    """
    depth = len(quote) - 1
    limit = min(len(text), start + LONGEST_VALUE)
    at = text.find(quote[-1], start, limit)
    while at >= 0:
        run = _backslashes(text, start, at)
        if run >= depth and run % (2 * (depth + 1)) == depth:
            return at - depth
        at = text.find(quote[-1], at + 1, limit)
    return -1


def _backslashes(text: str, start: int, at: int) -> int:
    run = at
    while run > start and text[run - 1] == "\\":
        run -= 1
    return at - run
