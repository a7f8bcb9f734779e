"""Tokens in texts: what kind one is, by the shapes of `token_shapes`, and texts without any."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from aicore_magics.base.token_shapes import SHORTEST_TOKEN, TOKEN_SHAPES

if TYPE_CHECKING:
    from aicore_magics.base.token_shapes import TokenShape

MASK = "***"
_SIGNED = tuple((sign, shape) for shape in TOKEN_SHAPES for sign in shape.signs)


def token_kind(text: str) -> str | None:
    """Say what kind of token *text* looks like, or None. Only known shapes count, never mere length.

    >>> token_kind("dckr_pat_" + 20 * "a")
    'a Docker Hub token'
    >>> token_kind("team-ghcr") is None
    True
    """
    if len(text) < SHORTEST_TOKEN:
        return None
    small = text.lower()
    for sign, shape in _SIGNED:
        if sign in small and shape.near in small and _pattern(shape).search(text):
            return shape.called or shape.words
    return None


@cache
def _whole(shape: TokenShape) -> re.Pattern[str]:
    return re.compile(shape.pattern)


@cache
def _pattern(shape: TokenShape) -> re.Pattern[str]:
    """Compiled at the first use: most texts have no sign of a token, and few have more than one."""
    return re.compile(shape.alone or shape.pattern)


def without_tokens(text: str) -> str:
    """Return *text* with all masked that looks like a token; of a key that is cut off, what is there."""
    low = text.lower()
    for sign, shape in _SIGNED:
        if sign in low and shape.near in low:
            for pattern in (_whole(shape), _pattern(shape)):
                text = pattern.sub(_masked, text)
    return text


def _masked(match: re.Match[str]) -> str:
    """What matched, with its token masked: all of it, or its group `secret`."""
    name = "secret" if "secret" in match.re.groupindex and match["secret"] else 0
    start, end = (at - match.start() for at in match.span(name))
    return f"{match[0][:start]}{MASK}{match[0][end:]}"
