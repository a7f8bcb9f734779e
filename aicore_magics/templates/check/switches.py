"""Rules that are disabled, at a line by a comment or in a whole call. What they find is counted all the same.

The comment `# aicore-magics: disable=ID[,ID]` is about its own line. If it stands alone there, it is
about the next line as well that is no comment. After the ids and a blank, a reason may follow.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from aicore_magics.next_steps import do
from aicore_magics.templates.catalogue.index import RULES, alike
from aicore_magics.templates.catalogue.reading import DISABLE_COMMENT, SIZE
from aicore_magics.templates.finding import MAX_FINDINGS, Finding, shown
from aicore_magics.templates.yaml.comments import MARK, comments

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from aicore_magics.next_steps import Words
    from aicore_magics.templates.yaml.marks import Documents, Lines

# disable=a,b · disable = a , b because of c · not: disable a, disable=
_DISABLE = re.compile(r"disable[ \t]*=[ \t]*([\w-]+(?:[ \t]*,[ \t]*[\w-]+)*)(?:[ \t].*)?")
_GUESSES = 20  # a search for the nearest id takes a millisecond
_LIKE = f"write # {MARK} disable=ID, with the id of a rule"


@dataclass(frozen=True, slots=True)
class Switches:
    """The ids of disabled *rules*, and of those at each line, from 1; *findings* are about wrong comments."""

    rules: frozenset[str] = frozenset()
    at: Mapping[int, frozenset[str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def cover(self, finding: Finding, key_line: int = 0) -> bool:
        """Tell whether *finding* is disabled: at its line, at the line of its key, or everywhere."""
        rule = finding.rule
        if rule.always:
            return False
        here = self.at.get(finding.line, ()), self.at.get(key_line, ())
        return rule.id in self.rules or any(rule.id in ids for ids in here)


def switches(documents: Documents, file: str, rules: frozenset[str]) -> Switches:
    """Read what the comments of *documents* disable, beside *rules*."""
    listed = comments(documents)
    if not listed:
        return Switches(rules)
    below = _rows_below(documents.lines)
    at: dict[int, frozenset[str]] = {}
    wrong: list[Finding] = []
    for comment in listed:
        match = _DISABLE.fullmatch(comment.text)
        ids = re.split(r"[ \t]*,[ \t]*", match[1]) if match else []
        known = frozenset(filter(RULES.__contains__, ids))
        for row in (comment.row, below[comment.row]) if comment.alone else (comment.row,):
            at[row + 1] = at.get(row + 1, frozenset()) | known
        for message, fix in _wrong(ids, guess=len(wrong) < _GUESSES):
            wrong.append(Finding(DISABLE_COMMENT, message, fix).at(file, comment.row + 1, comment.column))
    if len(wrong) > MAX_FINDINGS:
        message = f"more than {MAX_FINDINGS} comments are wrong; the others are not shown"
        wrong[MAX_FINDINGS:] = [Finding(SIZE, message, "correct these first", file)]
    return Switches(rules, at, tuple(wrong))


def _rows_below(lines: Lines) -> list[int]:
    """For each row, the next one that holds more than a comment; for those at the end, the last."""
    below = [0] * len(lines.starts)
    row_below = len(below) - 1
    for row in range(len(below) - 1, -1, -1):
        below[row] = row_below
        if not lines.line(row).lstrip().startswith("#"):
            row_below = row
    return below


def _wrong(ids: list[str], *, guess: bool) -> Iterator[tuple[str, Words]]:
    """What is wrong with a comment that names *ids*, and what to do; *guess*: by the nearest id."""
    if not ids:
        yield "the comment disables nothing: it does not name a rule", _LIKE
    for name in ids:
        if name not in RULES:
            near = alike(name) if guess else []
            yield f"no rule is called {shown(name)}", f"write {near[0]}" if near else do("rules")
        elif RULES[name].always:
            yield f"{name} cannot be disabled: nothing can be checked in such a file", f"leave {name} out"
