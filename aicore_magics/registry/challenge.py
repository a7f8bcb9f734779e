"""What a registry wants of those who ask: the WWW-Authenticate header, read as RFC 9110 (11.6.1) has it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = 8_192  # characters; a header of this length has never been seen
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_PARAMETER = re.compile(rf'[\s,]*({_TOKEN})\s*=\s*(?:"((?:[^"\\]|\\.)*)"|({_TOKEN[:-2]}/:]+))\s*(?:,|\Z)')
_SCHEME = re.compile(rf"[\s,]*({_TOKEN})(?:\s+[A-Za-z0-9._~+/-]+=*(?=\s*(?:,|\Z)))?(?=\s|,|\Z)(?!\s*=)\s*,?")


@dataclass(frozen=True, slots=True)
class Challenge:
    """One scheme in small letters, and its parameters by their names in small letters."""

    scheme: str
    parameters: Mapping[str, str] = field(default_factory=dict)


def challenges(header: str) -> tuple[Challenge, ...]:
    """Give the challenges of a WWW-Authenticate header, in its order; one header may hold several.

    Where a parameter stands twice, its challenge is left out: it could mean two things.

    >>> [one.scheme for one in challenges('Negotiate, Bearer realm="https://auth.example/t, 2",service="r"')]
    ['negotiate', 'bearer']
    """
    found: list[Challenge] = []
    text, at = header[:LONGEST], 0
    while scheme := _SCHEME.match(text, at):
        at = scheme.end()
        parameters: list[tuple[str, str]] = []
        while one := _PARAMETER.match(text, at):
            at = one.end()
            quoted, bare = one[2], one[3]
            value = bare if quoted is None else re.sub(r"\\(.)", r"\1", quoted)
            parameters.append((one[1].lower(), value))
        if len(dict(parameters)) == len(parameters):
            found.append(Challenge(scheme[1].lower(), dict(parameters)))
    return tuple(found)


def chosen(header: str) -> Challenge | None:
    """Give the challenge that can be met: Bearer before Basic. None if there is neither."""
    there = challenges(header)
    for scheme in ("bearer", "basic"):
        for one in there:
            if one.scheme == scheme:
                return one
    return None
