"""A line that holds a credential, made safe to show: it is masked, and what may be one beside it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.redact import visible
from aicore_magics.base.tokens import MASK
from aicore_magics.next_steps import do

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aicore_magics.leaks.detectors.match import Match
    from aicore_magics.next_steps import Action

BEFORE, AFTER = 40, 16  # characters of the line that are shown beside the mask
_LONG_WORD = re.compile(r"(?=[^\W\d]*[\d+/=~-])[\w+/=~-]{20,}")


def excerpt(text: str, hit: Match, hits: Sequence[Match]) -> str:
    """Give what stands around *hit* on its line; none of *hits*, it and those beside it, can be seen."""
    first, last = max(0, hit.start - 2 * BEFORE), hit.end + 2 * AFTER
    start = max(first, text.rfind("\n", first, hit.start) + 1)
    end = text.find("\n", hit.end, last)
    before = _shown(text, start, hit.start, hits)
    after = _shown(text, hit.end, end if end >= 0 else min(last, len(text)), hits)
    return visible(f"{_cut_left(before)}{MASK}{_cut_right(after)}")


def instead_step(text: str, hit: Match, variable: str) -> Action:
    """Give what does without a password in the source; it keeps the registry named nearby."""
    around = text[max(0, hit.start - 600) : hit.end + 600]
    known = _HOST.search(around)
    registry = known[0].lower() if known else ""
    return do("create-variable", registry=registry, variable=variable)


# Matches `ghcr.io` and `acme.azurecr.io`; does not match `my-ghcr.io` or `registry.example`.
_HOST = re.compile(
    r"(?i)(?<![\w.-])(?:(?:ghcr|quay|docker)\.io|registry\.gitlab\.com|[\w-]{1,60}\.azurecr\.io"
    r"|[\w-]{1,40}-docker\.pkg\.dev|(?:[\w-]{1,40}\.)?gcr\.io|[0-9]{12}\.dkr\.ecr\.[\w-]{1,30}\.amazonaws\.com"
    r"|[\w-]{1,60}\.(?:common\.repositories\.cloud\.sap|jfrog\.io))(?![\w-])"
)


def _shown(text: str, start: int, end: int, hits: Sequence[Match]) -> str:
    """From *start* to *end*, with other hits and long words masked. A word cut in two counts as it was."""
    shown = []
    at = start
    for hit in hits:
        if hit.end > at and hit.start < end:
            shown += [text[at : max(at, hit.start)], MASK]
            at = min(end, hit.end)
    return _LONG_WORD.sub(MASK, "".join([*shown, text[at:end]]))


def _cut_left(text: str) -> str:
    return text if len(text) <= BEFORE else f"…{text[-BEFORE:]}"


def _cut_right(text: str) -> str:
    return text if len(text) <= AFTER else f"{text[:AFTER]}…"
