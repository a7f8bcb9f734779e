"""Everything in one text that is a credential: by its looks, its name, its command line, in base64 even."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from aicore_magics.base.placeholders import REMOVED, is_filler
from aicore_magics.base.wrappers import begin_of_base64
from aicore_magics.leaks.detectors.assignments import literal_hits
from aicore_magics.leaks.detectors.calls import call_hits, variable_hits
from aicore_magics.leaks.detectors.command_lines import address_hits, command_hits, variables_in_commands
from aicore_magics.leaks.detectors.judge import kind_of
from aicore_magics.leaks.detectors.keywords import REGISTRY, Words, names_registry, small_letters
from aicore_magics.leaks.detectors.kinds import KINDS, POSSIBLE, RANK
from aicore_magics.leaks.detectors.markup import markup_hits
from aicore_magics.leaks.detectors.match import Match, Style, merged
from aicore_magics.leaks.detectors.names import is_doubtful
from aicore_magics.leaks.detectors.python import covered, read
from aicore_magics.leaks.detectors.python.values import meaning
from aicore_magics.leaks.detectors.tables import table_hits
from aicore_magics.leaks.detectors.unwrapped import behind_escape, unescaped, unwrapped

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from aicore_magics.leaks.detectors.kinds import Kind
    from aicore_magics.leaks.detectors.python import Reading
    from aicore_magics.leaks.detectors.python.program import Held
    from aicore_magics.leaks.detectors.unwrapped import View

_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]{24,}={0,2}")
LONGEST_BASE64 = 1_500_000  # characters: a Kubernetes secret of 1 MiB
_SHORTEST_INSIDE = 16  # bytes of text in base64
_LAYERS = 2  # a docker config in a Kubernetes secret, and the `auth` inside it
# A cell that is no Python: what a shell or a file gets needs no quotes.
_CELL_OF_SETTINGS = re.compile(
    r"\s*%%(?:writefile|file|bash|sh|script|system|sx|cmd|aicore_template)\b"
    r"(?![^\n]*(?:\.(?i:py|r|jl|js|ts|java|scala|go|c|cpp|rs)\s*(?:\n|\Z)|\bpython))"
)
_SHAPES = tuple((kind, re.compile(kind.shape)) for kind in KINDS if kind.shape)
_HINTS = tuple(dict.fromkeys(hint for kind, _ in _SHAPES for hint in kind.hints))
_BY_NAME = frozenset((POSSIBLE, "registry-password", "identity-token"))  # kinds that a name alone makes
_REMOVED = re.compile(REMOVED)
# No text without one of these letters in a row holds what `assignments` and `command_lines` look for.
_TELLING = (
    "pass",
    "pw",
    "pswd",
    "_pat",
    *("pat=", "pat =", "pat:", "pat'", 'pat"'),
    "secret",
    "securestring",
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
    text: str,
    style: Style,
    *,
    known: bool = False,
    variables: Collection[str] | None = None,
    reading: Reading | None = None,
) -> list[Match]:
    """Find the credentials in *text*, in order; none overlaps another. *known*: it is about a registry.

    *variables* hold a password in this text; by default those that its own commands take one from. *reading*
    is what it says as Python, with the other cells of its notebook; by default as it says alone.
    """
    if style != "code":
        return merged(_found(text, style, known=known, layers=_LAYERS))
    written = "file" if _CELL_OF_SETTINGS.match(text) else style
    names = variables_in_commands(text) if variables is None else variables
    found = [*_found(text, written, known=known, layers=_LAYERS), *variable_hits(text, names)]
    return merged(_as_read(text, found, reading or read_code([text])[0], known=known))


def read_code(texts: Sequence[str]) -> list[Reading]:
    """Read the pieces of code of one file, together: what Python says of each."""
    readings, assembled = read(texts)
    for value in assembled:
        # What the code will have in one is searched as if it stood there.
        for hit in _as_it_stands(meaning(value), "output", known=False, layers=_LAYERS):
            if not hit.possible:
                whole = meaning(value)[hit.start : hit.end]
                for number, start, end in covered(value, hit.start, hit.end):
                    readings[number].put_together.append(Match(start, end, hit.kind_id, whole=whole))
    return readings


def _as_read(text: str, found: list[Match], reading: Reading, *, known: bool) -> Iterator[Match]:
    """What was *found*, but for what Python says to be none; and what only Python knows."""
    yield from reading.put_together
    every = [*found, *_under_names(text, reading.held, known=known)]
    roles = reading.roles if any(hit.kind_id in _BY_NAME for hit in every) else {}
    for hit in every:
        role = roles.get(hit.start) if hit.kind_id in _BY_NAME else None
        if role == "doubtful":
            yield replace(hit, kind_id=POSSIBLE, doubtful=True)
        elif role is None:
            yield hit


def _under_names(text: str, held: Sequence[Held], *, known: bool) -> Iterator[Match]:
    words = Words(small_letters(_without_removed(text)), REGISTRY) if held else None
    for part in held:
        doubtful = is_doubtful(part.name) and not names_registry(part.name)
        about = names_registry(part.name) or known or (words is not None and words.near(part.start))
        kind = kind_of(part.group, about=about and not doubtful)
        yield Match(part.start, part.end, kind, doubtful, part.whole)


def _found(text: str, style: Style, *, known: bool, layers: int, escapes: bool = True) -> list[Match]:
    """All in *text* as it stands; and in what it means, without *escapes* and without its breaks."""
    found = list(_as_it_stands(text, style, known=known, layers=layers))
    within = [
        _covering(view, hit)
        for view in (unescaped(text) if escapes else ())
        for hit in _found(view.text, style, known=known, layers=layers, escapes=False)
    ]
    across = [
        _covering(view, hit)
        for view in unwrapped(text)
        for hit in _as_it_stands(view.text, style, known=known, layers=layers)
        if view.crosses(hit.start, hit.end) and not _all_in(view, hit, found)
    ]
    return [*found, *within, *across]


def _covering(view: View, hit: Match) -> Match:
    parts = view.parts(hit.start, hit.end)
    return replace(hit, start=parts[0][0], end=parts[-1][1])


def _all_in(view: View, hit: Match, found: list[Match]) -> bool:
    """Whether each part of *hit* is one of *found* already, and no less is said of it there."""
    told = [other for other in found if RANK[other.kind_id] <= RANK[hit.kind_id]]
    return all(
        any(other.start <= start and end <= other.end for other in told)
        for start, end in view.parts(hit.start, hit.end)
    )


def _as_it_stands(text: str, style: Style, *, known: bool, layers: int) -> Iterator[Match]:
    small = small_letters(_without_removed(text))
    hints = {hint for hint in _HINTS if hint in small}
    for kind, shape in _SHAPES if hints else ():
        if not hints.isdisjoint(kind.hints):
            yield from _shaped(text, small, kind, shape)
    if any([word in small for word in _TELLING]):  # noqa: C419 - a generator takes longer
        yield from literal_hits(text, small, style, known=known)
        yield from call_hits(text, small)
        yield from command_hits(text, small)
        yield from address_hits(text)
        yield from markup_hits(text, small, known=known)
        yield from table_hits(text, small, style, known=known)
    if layers:
        yield from _hidden(text, layers - 1)


def _without_removed(text: str) -> str:
    # What stands in a credential's place has words in it that would tell of what is beside it.
    return _REMOVED.sub(lambda left: " " * len(left[0]), text) if "REMOVED_" in text else text


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
        start = behind_escape(text, run.start())
        short = run.end() - start <= LONGEST_BASE64
        decoded = begin_of_base64(text[start : run.end()], _SHORTEST_INSIDE) if short else ""
        inner = _found(decoded, "file", known=True, layers=layers) if decoded else []
        if inner:
            first = min(inner, key=lambda hit: (hit.start, RANK[hit.kind_id]))
            kind = "registry-login" if first.kind_id == "registry-password" else first.kind_id
            yield Match(start, run.end(), kind)
