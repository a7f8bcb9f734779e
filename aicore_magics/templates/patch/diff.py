"""What a patch changes in a file, as a unified diff to look at."""

from __future__ import annotations

import difflib

from aicore_magics.base.tokens import token_kind
from aicore_magics.templates.yaml.marks import Lines

_CONTEXT = 3


def unified(before: str, after: str, path: str) -> str:
    r"""Give the lines that differ, with three lines around them; nothing if none does.

    A line that holds what looks like a token is named and not shown: so it is for people, not for `patch`.

    >>> print(unified("a: 1\nb: 2\n", "a: 1\nb: 3\n", "x.yaml"))
    --- x.yaml
    +++ x.yaml
    @@ -1,2 +1,2 @@
     a: 1
    -b: 2
    +b: 3
    """
    # With their line breaks: a change of these alone is one.
    lines = difflib.unified_diff(_lines(before), _lines(after), path, path, n=_CONTEXT, lineterm="")
    return "\n".join(_shown(line.rstrip("\r\n")) for line in lines)


def _lines(text: str) -> list[str]:
    return [line for line in Lines(text).with_breaks() if line]


def _shown(line: str) -> str:
    kind = token_kind(line)
    return f"{line[0]}(this line contains what looks like {kind})" if kind else line
