"""Everything in one text that is a credential: by its looks, its name, its command line, in base64 even."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import REMOVED, is_filler
from aicore_magics.base.wrappers import from_url_base64
from aicore_magics.leaks.detectors.assignments import literal_hits
from aicore_magics.leaks.detectors.calls import call_hits, variable_hits
from aicore_magics.leaks.detectors.command_lines import address_hits, command_hits, variables_in_commands
from aicore_magics.leaks.detectors.keywords import Words, small_letters
from aicore_magics.leaks.detectors.kinds import KINDS
from aicore_magics.leaks.detectors.match import Match, Style, merged

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from aicore_magics.leaks.detectors.kinds import Kind

_BASE64_RUN = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{24,}={0,2}")
LONGEST_BASE64 = 1_500_000  # characters: a Kubernetes secret of 1 MiB
_LAYERS = 2  # a docker config in a Kubernetes secret, and the `auth` inside it
# A cell that is no Python: what a shell or a file gets needs no quotes.
_CELL_OF_SETTINGS = re.compile(r"\s*%%(?:writefile|file|bash|sh|script|system|cmd|aicore_template)\b")
_SHAPES = tuple((kind, re.compile(kind.shape)) for kind in KINDS if kind.shape)
# No text without one of these letters in a row holds what `assignments` and `command_lines` look for.
_TELLING = (
    "pass",
    "pw",
    "_pat",
    "secret",
    "token",
    "auth",
    "key",
    "creds",
    "-p",
    "-u",
    "://",
    "echo",
    "printf",
    "login(",
    "wort",
)


def hits(
    text: str, style: Style, *, known: bool = False, variables: Collection[str] | None = None
) -> list[Match]:
    """Find the credentials in *text*, in order; none overlaps another. *known*: it is about a registry.

    *variables* hold a password in this text; by default those that its own commands take one from.
    """
    written = "file" if style == "code" and _CELL_OF_SETTINGS.match(text) else style
    names = (variables_in_commands(text) if variables is None else variables) if style == "code" else ()
    found = [*_found(text, written, known=known, layers=_LAYERS), *variable_hits(text, names)]
    return merged(found)


def _found(text: str, style: Style, *, known: bool, layers: int) -> Iterator[Match]:
    # What stands in a credential's place has words in it that would tell of what is beside it.
    small = small_letters(re.sub(REMOVED, lambda left: " " * len(left[0]), text))
    for kind, shape in _SHAPES:
        if any(hint in small for hint in kind.hints):
            yield from _shaped(text, small, kind, shape)
    if any(word in small for word in _TELLING):
        yield from literal_hits(text, small, style, known=known)
        yield from call_hits(text, small)
        yield from command_hits(text, small)
        yield from address_hits(text)
    if layers:
        yield from _hidden(text, layers - 1)


def _shaped(text: str, small: str, kind: Kind, shape: re.Pattern[str]) -> Iterator[Match]:
    near = Words(small, (kind.near,)) if kind.near else None
    group = "secret" if "secret" in shape.groupindex else 0
    for match in shape.finditer(text):
        # A second way of writing it may have no such group.
        span = match.span(group) if match[group] else match.span()
        if not is_filler(text[slice(*span)]) and (near is None or near.near(span[0])):
            yield Match(*span, kind.id)


def _hidden(text: str, layers: int) -> Iterator[Match]:
    """Base64 that holds a credential is one as a whole."""
    for run in _BASE64_RUN.finditer(text):
        inner = next(_found(_decoded(run[0]), "file", known=True, layers=layers), None)
        if inner:
            kind = "registry-login" if inner.kind_id == "registry-password" else inner.kind_id
            yield Match(*run.span(), kind)


def _decoded(run: str) -> str:
    if len(run) > LONGEST_BASE64:
        return ""
    plain = run.rstrip("=")
    return from_url_base64(plain[: len(plain) - (len(plain) % 4 == 1)]) or ""
