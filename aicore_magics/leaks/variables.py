"""Passwords in variables of any name that a command line takes: `pw = "…"`, `docker login -p {pw}`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.leaks.hit import Hit
from aicore_magics.leaks.joined import parts
from aicore_magics.leaks.quoting import QUOTE
from aicore_magics.leaks.values import judged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

MAX_NAMES = 50  # of one file


def variable_hits(text: str, names: Collection[str]) -> Iterator[Hit]:
    """Find the texts that are given to one of the variables *names* in *text*."""
    present = [re.escape(name) for name in sorted(names)[:MAX_NAMES] if name in text]
    if not present:
        return
    assigned = re.compile(
        rf"(?:\A|[\n;])[ \t]{{0,80}}(?:export[ \t])?(?:{'|'.join(present)})(?:[ \t]{{0,8}}:[^=\n]{{1,40}})?"
        rf"[ \t]{{0,8}}=[ \t]{{0,8}}(?:\(\s{{0,32}})?(?P<prefix>[rbufRBUF]{{0,2}})(?P<open>{QUOTE})"
    )
    for opening in assigned.finditer(text):
        spans = parts(text, opening)
        if judged("password", text, spans, opening, about=True):
            yield from (Hit(*span, "registry-password") for span in spans)
