"""Values without quotes under a telling name, in settings, commands, prose and what was printed.

In settings and on command lines any value counts; elsewhere one that looks like no word, no number, no code.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.detectors.bare_values import is_default, is_random_value, is_value
from aicore_magics.leaks.detectors.match import Match
from aicore_magics.leaks.detectors.named import Named
from aicore_magics.leaks.detectors.prose import in_prose
from aicore_magics.leaks.detectors.shell_words import SETS, behind_option, in_shell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.leaks.detectors.match import Style
    from aicore_magics.leaks.files.json_spans import Span

_LONGEST_LINE = 1_000
_LONGEST_OPTION = 24
_MAGIC = re.compile(r"""[ \t]--env[ \t=]{1,8}\\{0,7}["']?\Z""")  # of a magic: `--env NAME=value`
_MAGIC_VALUE = re.compile(r"""=(?P<value>[^\s"'\\]{1,1024})""")


def argument_hit(text: str, name: Span, group: str) -> Match | None:
    """Give the value that a magic's `--env` sets for the name at *name*."""
    if not _MAGIC.search(text[max(0, name[0] - _LONGEST_OPTION) : name[0]]):
        return None
    start = max(0, name[0] - _LONGEST_LINE)
    magic = text.rfind("aicore_", max(start, text.rfind("\n", start, name[0])), name[0])
    value = _MAGIC_VALUE.match(text, name[1]) if magic >= 0 else None
    if not value or not is_value(group, value["value"]):
        return None
    return Match(*value.span("value"), "command-password")


def unquoted_hits(text: str, name: Span, style: Style, group: str) -> Iterator[Span]:
    """Give where the value stands without quotes behind the name at *name*, if it is what *group* says.

    A line may be read in more than one way: what overlaps is one value.
    """
    named = Named(text, name, style, group)
    for read in (_on_its_line, in_shell, behind_option, in_prose):
        value = read(named)
        if value:
            yield value


# Matches `: ` and ` = ` before a value, and ` ` alone; does not match `: "` or `: <b>`.
_SIGN = re.compile(
    r"[0-9]{0,3}[\"']?(?:[ \t]{0,8}(?P<sign>[:=](?!>))|[ \t])[ \t]{0,8}"
    r"(?!<\w{1,8}>)(?=[^\s\"'„“«#,;{}\[\](*`])"
)
_OPTION = re.compile(r"--?(?:p|pass|passwd|password|token)(?:=|[ \t]{1,8})")  # of a command, behind a name
_WORD = re.compile(r"\S{1,1024}")
_LINE_END = re.compile(r"[ \t\r]{0,80}(?:\n|\Z|[ \t](?:#|;|//))")
_LONGEST_START = 80  # characters of a line before a name
# Matches `- `, `$ ` and `Docker `.
_LINE_START = re.compile(r"[ \t]{0,80}(?:(?:[-+*>•$]|\d{1,3}\.)[ \t]{1,8}){0,3}(?:[\w ./()-]{0,60}[ \t])?\Z")
_TYPE = re.compile(r"[\w.]+|.*[\[(].*")  # `password: str`, `token: Optional[str]`


def _on_its_line(named: Named) -> Span | None:
    """The last word of a line that begins with the name."""
    text, end = named.text, named.span[1]
    sign = _SIGN.match(text, end)
    option = _OPTION.match(text, sign.end()) if sign else None
    word = _WORD.match(text, option.end() if option else sign.end()) if sign else None
    if not sign or not word or not _LINE_END.match(text, word.end()):
        return None
    value = word[0].rstrip(",;")
    start, stop = word.start(), word.start() + len(value)
    if not option and not _may_be_bare(named, sign["sign"] or "", value):
        return None
    if named.is_argument(value, stop) or is_default(named.name, value):
        return None
    return (start, stop) if is_value(named.group, value) else None


def _may_be_bare(named: Named, sign: str, value: str) -> bool:
    """Whether *value* may stand so behind a name and *sign*."""
    before = named.line.lstrip("\"'")
    if SETS.match(before):  # `%env NAME=value`, `%env NAME value`
        return True
    if not sign:  # as in a netrc file, an entry a line
        return named.style == "file" and not before.strip() and is_random_value(named.group, value)
    if len(before) > _LONGEST_START or not _LINE_START.match(before):
        return False
    # In code only YAML inside a text, for a name and a sign are an assignment or a type.
    yaml = sign == ":" and not _TYPE.fullmatch(value)
    printed = named.style == "output" or yaml
    return named.style == "file" or (printed and is_random_value(named.group, value))
