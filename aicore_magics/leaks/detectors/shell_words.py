"""Values in the words of a command: `PASSWORD=value make`, `-e PASSWORD=value`, `--api-key value`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.detectors.bare_values import (
    is_default,
    is_metavariable,
    is_random_value,
    is_value,
)

if TYPE_CHECKING:
    from aicore_magics.leaks.detectors.named import Named
    from aicore_magics.leaks.files.json_spans import Span

# What sets a variable for all that follows. Matches `!export `, `%env `, `ENV A=b ` and `!setx `.
SETS = re.compile(
    r"[ \t]{0,80}(?:[!$>]?[ \t]{0,8}"
    r"(?:export|setx(?:[ \t]{1,4}/[Mm])?|setenv|set(?:[ \t]{1,4}-\w{1,3})?|declare[ \t]{1,4}-\w{1,3})"
    r"|%env|%set_env|ENV|ARG)[ \t]{1,8}(?:[\w.]{1,80}=\S{0,200}[ \t]{1,8}){0,8}\Z"
)
# What a shell takes for one word. Matches `=a,b` of `=a,b;c`, and `=a` of `=a,b=c`.
_ASSIGNED = re.compile(
    r"""[0-9]{0,3}=(?:\\\r?\n)?"""
    r"""(?P<value>(?:[^\s"'`\\;&|<>(),]|,(?![\w.]{1,40}=|\s|\Z)|\\(?![nrt"'\\\s])){1,1024})(?P<call>[\[(])?"""
)
# Of a header behind `-H "`. Matches `: value`.
_HEADER = re.compile(r""":[ \t]{0,4}(?P<value>[^\s"'\\]{1,1024})(?P<call>\()?""")
_HEADER_OPTION = re.compile(r"""(?:-H|--header)[ \t=]{0,8}["']\Z""")
_BEFORE_NAME = ("", *" \t\r\n\"'`;:&?|,({[<>/\\!#")
_JOINED_OPTIONS = ("-e", "-D", "-P")  # `-ePASSWORD=value`
_LONGEST_LEAD = 120  # characters
_COMMAND = re.compile(
    r"""[ \t]{0,80}["']?[ \t]{0,8}(?:(?:\w[\w, ]{0,60}=[ ]{0,4})?[!%$+>]|RUN[ \t]|ENV[ \t]|export[ \t])"""
)
# Matches `-e `, `--build-arg '` and `--from-literal=`.
_PASSES_ON = re.compile(r"(?:(?<![\w-])-[eDPH]|--?[a-z][a-z-]{0,40})[ \t=]{1,8}[\"']?\Z|(?<![\w-])-[eDP]\Z")
# The value is the name of a secret: `--secret-env NAME=team:password`, `--set-secrets=NAME=team:latest`.
_NAMES_SECRET = re.compile(
    r"--[a-z-]{0,20}secrets?(?:-[a-z-]{1,20})?[ \t=]{1,8}[\"']?(?:[\w.]{1,40}=[^\s,]{0,80},){0,4}\Z"
)
# Matches ` value`, ` "value"`, `", "value"` of a list, and ` value` on the next line behind a backslash.
_BEHIND = re.compile(
    r"""(?:(?P<listed>["'][ \t]{0,4},\s{0,40}(?=["']))|[ \t]{1,16}|"""
    r"""[ \t]{0,8}\\\r?\n[ \t]{0,80})(?P<open>["']?)"""
    r"""(?P<value>[^\s"'`\\;|&<>)]{4,1024})(?P=open)"""
)


def in_shell(named: Named) -> Span | None:
    """Give the rest of a word `NAME=value`: of a command, of an address, or of what was printed."""
    name = named.name[2:] if named.name.startswith(_JOINED_OPTIONS) else named.name
    joined = named.name[: len(named.name) - len(name)]
    lead = (named.command[-_LONGEST_LEAD:] + joined)[-_LONGEST_LEAD:]
    passed = _PASSES_ON.search(lead) is not None
    if not passed and lead[-1:] not in _BEFORE_NAME:
        return None
    if "secret" in lead and _NAMES_SECRET.search(lead):
        return None
    pattern = _HEADER if _HEADER_OPTION.search(lead) else _ASSIGNED
    word = pattern.match(named.text, named.span[1])
    if not word or word["call"]:
        return None
    value = word["value"].rstrip(".,")
    value = value if "[" in value else value.rstrip("]")
    start, end = word.start("value"), word.start("value") + len(value)
    if passed or name.startswith("--") or named.style == "file" or _COMMAND.match(named.command):
        fits = is_value(named.group, value) and not is_default(name, value)
    else:
        text = named.style == "output" or _in_text(named.line)
        fits = text and not named.is_argument(value, end) and is_random_value(named.group, value)
    return (start, end) if fits else None


def _in_text(line: str) -> bool:
    """Whether code with *line* before it stands in a text or in a comment."""
    return "#" in line or line.count('"') % 2 == 1 or line.count("'") % 2 == 1


def behind_option(named: Named) -> Span | None:
    """Give the word behind an option that is called so, of any program, or in quotes behind `setx NAME`."""
    option = named.text.startswith("--", named.span[0])
    given = _BEHIND.match(named.text, named.span[1]) if option or SETS.match(named.line) else None
    if not given or is_metavariable(given["value"]) or not (option or given["open"]):
        return None
    if given["listed"] and named.command.rfind("(") > named.command.rfind("["):
        return None  # it is an argument of a call, which defines the option
    fits = is_random_value if option else is_value
    return given.span("value") if fits(named.group, given["value"]) else None
