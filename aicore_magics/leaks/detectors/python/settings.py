"""Passwords in settings that a text in code holds: YAML, and what has a `[section]` or a variable a line."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.detectors.bare_values import is_random_value
from aicore_magics.leaks.detectors.names import group_of
from aicore_magics.leaks.detectors.python.comments import Told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.leaks.detectors.python.cell import Cell

_LINE_END = r"(?:\r?\n|(?:\\r)?\\n)"
# Matches `  password: abc-1`, `- password = abc-1 # old`, and `password: |` with the value on the next line.
_SET = re.compile(
    rf"(?:^|\\n|[\"'])[ \t]{{0,40}}(?:-[ \t]{{1,4}}|export[ \t])?(?P<name>[\w.-]{{0,40}}"
    r"(?:password|passwd|passwort|kennwort|passphrase|pwd|pw|pass|token|secret|api_?key|_pat))[ \t]{0,8}"
    rf"(?P<sign>[:=])[ \t]{{0,8}}(?:[|>][-+0-9]{{0,2}}[ \t]{{0,8}}{_LINE_END}[ \t]{{1,40}})?"
    r"(?P<value>[^\s\"'\\{}<>$,;]{4,200})[ \t]{0,8}"
    rf"(?=(?:[ \t][#;][^\n\\]{{0,200}})?(?:{_LINE_END}|[\"']))",
    re.MULTILINE,
)
_CODE = re.compile(r"[A-Za-z_]\w*\.\w+.*|.*[\[(].*|_?[a-z]{1,15}(?:_[a-z0-9]+)*_?[0-9]{0,2}")
# Matches `[registry]`, `A=b` and `# of the team`; does not match `login(a=b)` or `x = f(y)`.
_SETTING = re.compile(r"[ \t]*(?:\[[\w .:/-]+\]|(?:export[ \t])?[\w.-]+[ \t]*[:=][^()]*|[#;].*)?")


def in_settings(cell: Cell, small: str) -> Iterator[Told]:
    """Give the passwords in the settings that texts in *cell* hold, which is *small* in small letters."""
    told = list(_SET.finditer(small))
    texts = list(_texts(cell)) if told else []
    for entry in told:
        start, end = entry.span("value")
        name, value = cell.text[slice(*entry.span("name"))], cell.text[start:end]
        group = group_of(name)
        if not group or _CODE.fullmatch(value) or not is_random_value(group, value):
            continue
        around = next(((at, stop) for at, stop in texts if at <= entry.start() and end <= stop), None)
        if around and (entry["sign"] == ":" or _are_settings(cell.text[slice(*around)])):
            yield Told(start, end, group, name)


def _texts(cell: Cell) -> Iterator[tuple[int, int]]:
    for node in ast.walk(cell.tree) if cell.tree else ():
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            yield cell.span(node)


def _are_settings(text: str) -> bool:
    """Whether all lines of *text*, a literal with its quotes, are settings: else it may hold code."""
    lines = re.split(_LINE_END, text.strip("rbufRBUF\"'"))
    return len(lines) > 1 and all(_SETTING.fullmatch(line) for line in lines)
