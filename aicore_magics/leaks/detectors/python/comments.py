"""Passwords that a comment tells: `# password: …`, at the end of a line of code or on its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from aicore_magics.base.placeholders import is_placeholder, looks_random
from aicore_magics.leaks.detectors.bare_values import is_strong_value
from aicore_magics.leaks.detectors.judge import fits, names_something
from aicore_magics.leaks.detectors.names import group_of
from aicore_magics.leaks.detectors.python.no_secrets import is_entry_of_another_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

# Matches `# user anna, password: abc-1` to the end of the line; does not match `# password: abc-1 or more`.
_TOLD = re.compile(
    r"(?m)(?<!\S)\#[^\n]{0,120}?(?<![\w.-])(?P<name>[\w.-]{0,40}(?:password|passwd|passwort|kennwort|passphrase|pwd|pw"
    r"|pass|token|secret|api_?key|_pat))[ \t]{0,4}(?P<sign>:|=|is(?=[ \t]))[ \t]{0,4}"
    r"(?P<value>[^\s\"'<>]{4,200}?)[.,;]?[ \t]*(?:\([^\n()]*\)[ \t]*)?\r?$"
)
_CODE = re.compile(r"[A-Za-z_]\w*(?:\.\w+)*|.*[\[(].*")  # a variable, a call or a type
_SIGNS = re.compile(r"[a-z]+|[A-Z]+|[0-9]+")
_LONG, _CHANGES = 12, 7
_ALGORITHM = re.compile(r"(?i)(?:sha|md|base|utf|rs|hs|aes|rsa)-?[0-9]{1,4}|\d+\w{1,5}|bcrypt.*|argon2.*")


_CODE_END = re.compile(r"[)\]][ \t]{0,8}\#")
# Matches `password = getpass()  # was abc-1`; does not match `password = getpass()  # of the team`.
_KEPT = re.compile(
    r"(?m)^[^\n#\"']{0,80}?(?P<name>[\w.-]{0,40}(?:password|passwd|passwort|kennwort|passphrase|pwd|pw|token"
    r"|secret|api_?key|_pat))[ \t]{0,8}=(?!=)[ \t]{0,8}[a-z_][\w.]{0,60}[(\[][^\n#]{0,120}[)\]][ \t]{0,8}"
    r"\#[ \t]{0,8}(?:(?:was|is|old|before|e\.g\.)[ \t:=]{1,4})?(?P<value>[^\s\"'<>]{6,200})[ \t]*\r?$"
)


class Told(NamedTuple):
    """Where a password stands in a text, and what it is called there."""

    start: int
    end: int
    group: str
    name: str


def in_comments(text: str, small: str) -> Iterator[Told]:
    """Give the passwords in the comments of *text*, which is *small* in small letters.

    They are what is no word behind a telling name.
    """
    if "#" in small:
        yield from _named(text, small)
        yield from _behind_code(text, small)


def _named(text: str, small: str) -> Iterator[Told]:
    for told in _TOLD.finditer(small):
        value, name = text[slice(*told.span("value"))], text[slice(*told.span("name"))]
        group = group_of(name)
        code = _CODE.fullmatch(value) if told["sign"] == "=" else "(" in value or "[" in value
        word = is_entry_of_another_kind(name, value) or _ALGORITHM.fullmatch(value) or names_something(value)
        if not group or code or word or is_placeholder(value) or not looks_random(value):
            continue
        if fits(group, value):
            yield Told(*told.span("value"), group, name)


def _behind_code(text: str, small: str) -> Iterator[Told]:
    """The passwords that somebody kept behind the code that fetches one."""
    lines = (small.rfind("\n", 0, end.start()) + 1 for end in _CODE_END.finditer(small))
    for kept in filter(None, (_KEPT.match(small, line) for line in lines)):
        value, name = text[slice(*kept.span("value"))], text[slice(*kept.span("name"))]
        group = group_of(name)
        code = _CODE.fullmatch(value) and not _is_mixed(value)
        if group and not code and is_strong_value(group, value):
            yield Told(*kept.span("value"), group, name)


def _is_mixed(value: str) -> bool:
    """Whether letters and digits change in *value* as in no name of a variable."""
    return value.isalnum() and len(value) >= _LONG and len(_SIGNS.findall(value)) >= _CHANGES
