"""Passwords in XML and HTML elements, in entries of a name and a value, and in a netrc file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.detectors.bare_values import is_default, is_random_value, is_value
from aicore_magics.leaks.detectors.judge import kind_of
from aicore_magics.leaks.detectors.keywords import REGISTRY, Words, names_registry
from aicore_magics.leaks.detectors.match import Match
from aicore_magics.leaks.detectors.names import group_of_label
from aicore_magics.leaks.detectors.string_literals import QUOTE, literal_spans

if TYPE_CHECKING:
    from collections.abc import Iterator

_CORE = r"(?:password|passwd|passphrase|passwort|kennwort|pwd|token|secret|api[_-]?key|secret[_-]?key)"
_NAME = rf"(?P<name>[\w.:-]{{0,60}}{_CORE})[0-9]{{0,3}}"
# Matches `<docker.password>value</docker.password>`; does not match `<password/>`.
_ELEMENT = re.compile(
    rf"(?i)<{_NAME}(?:\s[^<>]{{0,200}})?>\s{{0,40}}(?:<!\[CDATA\[)?"
    rf"(?P<value>[^\s<>][^<>\n]{{0,1024}}?)(?:\]\]>)?\s{{0,40}}</(?P=name)"
)
# Matches `name: DOCKER_PASSWORD` with `value: ` on the next line, and `key="password" value="`.
_ENTRY = re.compile(
    rf"(?i)\b(?:name|key|id|type)(?:{QUOTE}?[ \t]{{0,4}}[:=][ \t]{{0,4}}){QUOTE}?{_NAME}{QUOTE}?"
    rf"(?:[,\s]|\\{{1,15}}[nr]){{1,60}}{QUOTE}?value{QUOTE}?[ \t]{{0,4}}[:=][ \t]{{0,4}}"
    rf"(?:(?P<prefix>)(?P<open>{QUOTE})|(?P<value>[^\s\"',{{}}\[\]<>#&*|>!][^\s\"',{{}}<>]{{3,1024}}))"
)
# Matches `<entry key="password">value<`.
_KEYED = re.compile(
    rf"(?i)<\w{{1,20}}\s{{1,8}}(?:name|key|id)=[\"']{_NAME}[\"']\s{{0,8}}>(?P<value>[^<>\s]{{4,1024}})</"
)
_NETRC = re.compile(
    r"\b(?:machine\s{1,16}\S{1,200}|default)\s{1,40}login\s{1,16}\S{1,200}\s{1,40}(?:account\s{1,16}\S{1,200}\s{1,40})?"
    r"password\s{1,16}(?P<value>[^\s\"'\\]{1,1024})"
)


def markup_hits(text: str, small: str, *, known: bool) -> Iterator[Match]:
    """Find passwords in elements, entries and netrc lines in *text*, which is *small* in small letters.

    *known*: all of it is about a registry; else a word that says so has to be near.
    """
    found = [*_elements(text, small), *_entries(text, small)]
    words = Words(small, REGISTRY) if found and not known else None
    for start, end, group, name in found:
        about = known or names_registry(name) or (words is not None and words.near(start))
        yield Match(start, end, kind_of(group, about=about))


_Found = tuple[int, int, str, str]  # from where to where, what it is, and under which name


def _elements(text: str, small: str) -> Iterator[_Found]:
    patterns = [_ELEMENT, _KEYED] if "</" in text else []
    for pattern in patterns:
        for element in pattern.finditer(text):
            group = group_of_label(element["name"])
            if group and is_value(group, element["value"]):
                yield *element.span("value"), group, element["name"]
    for entry in _NETRC.finditer(text) if "login" in small and "password" in small else ():
        if is_value("password", entry["value"]):
            yield *entry.span("value"), "password", ""


def _entries(text: str, small: str) -> Iterator[_Found]:
    for entry in _ENTRY.finditer(text) if "value" in small else ():
        name, group = entry["name"], group_of_label(entry["name"])
        spans = literal_spans(text, entry) if entry["open"] else [entry.span("value")]
        value = "".join(text[start:end] for start, end in spans)
        fits = is_value if group == "password" else is_random_value
        if group and fits(group, value) and not is_default(name, value):
            for start, end in spans:
                yield start, end, group, name
