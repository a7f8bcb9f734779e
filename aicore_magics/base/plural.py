"""One thing, or several."""

from __future__ import annotations


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
