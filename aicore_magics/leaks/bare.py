"""Values without quotes behind a telling name, up to the end of the line: in settings, shells and outputs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.hit import Hit, Style
from aicore_magics.leaks.placeholders import is_placeholder, looks_random
from aicore_magics.leaks.values import KIND_OF, fits

if TYPE_CHECKING:
    from aicore_magics.leaks.json_spans import Span

_LONGEST_START = 80  # characters of a line before a name
_SIGN = re.compile(r"[0-9]{0,3}[\"']?(?:[ \t]{0,8}(?P<sign>[:=])|[ \t])[ \t]{0,8}(?=[^\s\"'#,;{}\[\](*])")
_WORD = re.compile(r"\S{1,1024}")
_LINE_END = re.compile(r"[ \t\r]{0,80}(?:\n|\Z|[ \t]#)")
_LINE_START = re.compile(r"[ \t]*(?:-[ \t]+)?(?:[\w ./()-]{0,60}[ \t])?\Z")
_TYPE = re.compile(r"[\w.]+|.*[\[(].*")  # `password: str`, `token: Optional[str]`
_LONGEST_LINE = 1_000
_LONGEST_OPTION = 24
_ARGUMENT = re.compile(r"""[ \t]--env[ \t=]{1,8}\\{0,7}["']?\Z""")  # of a magic: `--env NAME=value`
_ARGUMENT_VALUE = re.compile(r"""=(?P<value>[^\s"'\\]{1,1024})""")
_SETS = re.compile(r"[ \t]*(?:!?[ \t]*export|!?[ \t]*set|%env|%set_env|ENV|ARG)[ \t]+\Z")


def bare_hit(text: str, name: Span, style: Style, group: str, *, about: bool) -> Hit | None:
    """Give the value without quotes behind the name at *name*, if it is what *group* says."""
    before = _line_before(text, name[0])
    sign = _SIGN.match(text, name[1]) if before is not None else None
    word = _WORD.match(text, sign.end()) if sign else None
    if before is None or not sign or not word or not _LINE_END.match(text, word.end()):
        return None
    value = word[0].rstrip(",;")
    if is_placeholder(value) or not _may_be_bare(before, style, sign["sign"] or "", value):
        return None
    return (
        Hit(word.start(), word.start() + len(value), KIND_OF[group])
        if fits(group, value, about=about)
        else None
    )


def argument_hit(text: str, name: Span, group: str) -> Hit | None:
    """Give the value that a magic's `--env` sets for the name at *name*."""
    if not _ARGUMENT.search(text[max(0, name[0] - _LONGEST_OPTION) : name[0]]):
        return None
    start = max(0, name[0] - _LONGEST_LINE)
    magic = text.rfind("aicore_", max(start, text.rfind("\n", start, name[0])), name[0])
    value = _ARGUMENT_VALUE.match(text, name[1]) if magic >= 0 else None
    if not value or is_placeholder(value["value"]) or not fits(group, value["value"], about=True):
        return None
    return Hit(*value.span("value"), "command-password")


def _may_be_bare(before: str, style: Style, sign: str, value: str) -> bool:
    """Whether *value* may stand so behind a name and *sign*, with *before* in front of them on the line."""
    if style == "code" and _SETS.match(before):  # `%env NAME=value`, `%env NAME value`
        return True
    # In code only YAML inside a text, for a name and a sign are an assignment or a type.
    random = looks_random(value) and (style == "output" or (sign == ":" and not _TYPE.fullmatch(value)))
    return bool(sign and _LINE_START.match(before)) and (random or style == "file")


def _line_before(text: str, at: int) -> str | None:
    """What stands before *at* on its line; None if that is much."""
    first = max(0, at - _LONGEST_START)
    start = text.rfind("\n", first, at)
    return None if start < 0 < first else text[start + 1 if start >= 0 else 0 : at].lstrip("\"'")
