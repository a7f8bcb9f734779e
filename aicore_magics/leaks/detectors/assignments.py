"""Values that stand under a name that gives them away: `password = "…"`, `"auth": "…"`, `clientsecret: …`.

Where they may stand without quotes, `unquoted` finds them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.detectors.judge import judged, kind_of
from aicore_magics.leaks.detectors.keywords import REGISTRY, Words, names_registry, small_letters
from aicore_magics.leaks.detectors.match import Match, Style
from aicore_magics.leaks.detectors.names import cores_in, is_other_noun, whole_name
from aicore_magics.leaks.detectors.string_literals import QUOTE, between, literal_spans
from aicore_magics.leaks.detectors.unquoted import argument_hit, unquoted_hits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.leaks.detectors.names import Core
    from aicore_magics.leaks.files.json_spans import Span

_LONGEST_TARGETS = 80  # characters
_LONGEST_LINE = 2_000
_GOES_ON = tuple(" ,)+%.;:]}\n")  # what follows a text in code
_ANNOTATION = r"(?::[ \t]{0,4}[\w.\[\]| ]{1,30}?(?==))?"
# What stands between a name and its value. Matches ` = "`, `": "` and `: str = "`; does not match ` = value`.
_ASSIGNED = re.compile(
    rf"[0-9]{{0,3}}(?:(?P<close>{QUOTE})\]?[ \t]{{0,8}}(?:(?P<comma>,)|:|=>|\+?==?)|{QUOTE}\)[ \t]{{0,8}}="
    rf"|[ \t]{{0,8}}{_ANNOTATION}(?::=|\+?==?|:))\s{{0,32}}(?:\(\s{{0,32}})?"
    rf"(?P<prefix>[rbufRBUF]{{0,2}})(?P<open>{QUOTE})"
)
_TARGETS = re.compile(r"(?:\A|[\n;])[ \t]*((?:\w+[ \t]*,[ \t]*){1,8})\Z")
_NEXT = re.compile(rf"{QUOTE}[ \t]*,[ \t]*(?P<prefix>[rbufRBUF]{{0,2}})(?P<open>{QUOTE})")
_LABEL = re.compile(r"[A-Z][a-z]{2,20}")
_LONGEST_CONFIG = 400  # characters of a docker config before a password in it
_IN_CALL = re.compile(rf"\(\s{{0,16}}{QUOTE}[^-]\Z")  # `getenv("DOCKER_PASSWORD", "…")`, and no list of names


def literal_hits(text: str, small: str, style: Style, *, known: bool) -> Iterator[Match]:
    """Find values under a telling name in *text*, which is *small* in small letters.

    *known*: all of it is about a registry; else a word that says so has to be near.
    """
    cores = cores_in(small)
    words = Words(small, REGISTRY) if cores else None
    for core in cores:
        name = whole_name(text, core)
        if not name:
            continue
        at = core.end - len(name)
        named = (at, core.end)
        argument = argument_hit(text, named, core.group)
        if argument:
            yield argument
            continue
        values = _quoted(text, core, at) or unquoted_hits(text, named, style, core.group)
        for value in values:
            doubtful = is_other_noun(name, core) and not names_registry(name)
            about = names_registry(name) or known or (words is not None and words.near(core.start))
            yield Match(*value, kind_of(core.group, about=about and not doubtful), doubtful=doubtful)


def _quoted(text: str, core: Core, at: int) -> list[Span]:
    """Where the parts of the value in quotes stand behind *core*, if it is what that says."""
    opening = _ASSIGNED.match(text, core.end)
    if not opening or (opening["comma"] and not _IN_CALL.search(text[max(0, at - 40) : at + 1])):
        return []
    start, end = between(text, opening)
    if _begins_outside(text, opening, start) or _is_label(text, opening, (start, end)):
        return []
    for _ in range(_targets_before(text, at)):
        following = _NEXT.match(text, end)
        if end < 0 or not following:
            return []
        opening = following
        start, end = between(text, opening)
    spans = literal_spans(text, opening)
    return spans if judged(core.group, text, spans, opening) else []


def _is_label(text: str, opening: re.Match[str], value: Span) -> bool:
    """Whether the value is what a form calls its field, as in `{"password": "Passwort"}`."""
    before = small_letters(text[max(0, value[0] - _LONGEST_CONFIG) : value[0]])
    return bool(opening["close"] and _LABEL.fullmatch(text, *value)) and "auths" not in before


def _targets_before(text: str, at: int) -> int:
    """How many names stand before the one at *at*, as in `user, password = "anna", "…"`."""
    before = _TARGETS.search(text[max(0, at - _LONGEST_TARGETS) : at])
    return before[1].count(",") if before else 0


def _begins_outside(text: str, opening: re.Match[str], start: int) -> bool:
    """Whether the quote ends a text that only speaks of a password: `"password: " + other + "."`."""
    if text[start : start + 1] not in _GOES_ON:
        return False
    line = text.rfind("\n", max(0, start - _LONGEST_LINE), opening.start("open")) + 1
    quote = opening["open"]
    return text.count(quote, max(line, start - _LONGEST_LINE), opening.start("open")) % 2 == 1
