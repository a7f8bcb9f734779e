"""One thing, or several."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 6  # of a list in a sentence


def count(number: int, word: str) -> str:
    """Return *number* with *word*, in the plural where it is one.

    >>> count(1, "file"), count(2, "file"), count(0, "file")
    ('1 file', '2 files', '0 files')
    """
    return f"{number} {plural(number, word)}"


def plural(number: int, word: str) -> str:
    """Return *word* for *number* things.

    >>> plural(1, "secret"), plural(2, "secret")
    ('secret', 'secrets')
    """
    return word if number == 1 else f"{word}s"


def are(number: int) -> str:
    """Return the verb for *number* things.

    >>> are(1), are(2)
    ('is', 'are')
    """
    return "is" if number == 1 else "are"


def first_of(texts: Sequence[str]) -> str:
    """Return the first six of *texts* in a row, and how many more there are.

    >>> first_of(["a", "b"]), first_of(["a"] * 8)
    ('a, b', 'a, a, a, a, a, a and 2 more')
    """
    more = f" and {len(texts) - SHOWN:,} more" if len(texts) > SHOWN else ""
    return f"{', '.join(texts[:SHOWN])}{more}"
