"""What the `depends` of a task says: the tasks that it waits for, and with which results.

The words are Argo's (workflow/common/ancestry.go, 3.5); its operators are those of its page on the enhanced
depends logic.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

RESULTS = ("Succeeded", "Failed", "Errored", "Skipped", "Omitted", "Daemoned", "AnySucceeded", "AllFailed")
OF_ITEMS = ("AnySucceeded", "AllFailed")  # only a task in a loop has these
_SIGNS = {"and": "&&", "&": "&&", ",": "&&", "or": "||", "|": "||", "not": "!"}
# Matches `and` and a single `&`; does not match `a-and-b`, nor `&&`.
_SPELT = re.compile(r"(?i)(?<![-\w.])(?:and|or|not)(?![-\w.])|(?<!&)&(?!&)|(?<!\|)\|(?!\|)|,")
# Matches `A`, `a-1.Succeeded`, `&&`, `||`, `!`, `(` and `)`, and any other sign by itself.
_TOKEN = re.compile(r"([A-Za-z0-9][-A-Za-z0-9]*)(?:\.([A-Za-z0-9]*))?|(&&|\|\||!=|==|[!()])|(\S)")


@dataclass(frozen=True, slots=True)
class Wait:
    """A task that is waited for, and its *result*; an empty text for any that Argo takes as done."""

    task: str
    result: str


def waits(depends: str) -> tuple[Wait, ...]:
    """Give the tasks that *depends* names, each with its result.

    >>> waits("a.Succeeded && !b")
    (Wait(task='a', result='Succeeded'), Wait(task='b', result=''))
    """
    matches = _TOKEN.finditer(depends)
    return tuple(dict.fromkeys(Wait(one[1], one[2] or "") for one in matches if one[1]))


def fault(depends: str) -> str:
    """Say why *depends* cannot be read; an empty text if it can, or if it compares, which is not looked at.

    >>> fault("a && (b || c"), fault("a & b"), fault("a && !b")
    ('a bracket is not closed', '& is not an operator', '')
    """
    deep, due = 0, True  # due: a task comes next, no operator
    for token in _TOKEN.finditer(depends):
        name, operator, other = token[1], token[3], token[4]
        if other:
            return f"{other} is not an operator"
        if operator in ("==", "!="):
            return ""
        opens = bool(name) or operator in ("(", "!")
        if opens != due:
            return _missing(name or operator, opens=opens)
        due = operator is not None and operator != ")"
        deep += (operator == "(") - (operator == ")")
        if deep < 0:
            return "a bracket is closed, but not opened"
    if due:
        return "a task is missing at its end"
    return "a bracket is not closed" if deep else ""


def _missing(word: str, *, opens: bool) -> str:
    if word.lower() in _SIGNS:
        return f"{word} is not an operator"
    return f"an operator is missing before {word}" if opens else f"a task is missing before {word}"


def with_signs(depends: str) -> str:
    """Put Argo's signs in place of the words and marks that people write for them.

    >>> with_signs("a and not b"), with_signs("a, b"), with_signs("a & b")
    ('a && !b', 'a && b', 'a && b')
    """
    spelt = _SPELT.sub(lambda word: f" {_SIGNS[word[0].lower()]} ", depends)
    return " ".join(spelt.split()).replace("! ", "!")
