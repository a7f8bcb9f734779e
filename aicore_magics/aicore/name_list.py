"""The names of a tenant's docker secrets: page by page, which of them may be shown, whether they are all."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.base.encodings import as_bytes
from aicore_magics.base.redact import Secret, scrub_name
from aicore_magics.base.tokens import MASK, token_kind

if TYPE_CHECKING:
    from collections.abc import Iterable

PAGE = 100
MAX_PAGES = 100
_MARK_LETTERS = 8


@dataclass(frozen=True, slots=True)
class HiddenName:
    """A name that is not shown: it looks like a token, or holds a secret. *position* counts from 1.

    *why* says what it looks like or holds. *mark* is the same for the same name and service key; without the
    key, nobody can tell the name by it.
    """

    position: int
    why: str
    mark: str

    def __str__(self) -> str:
        return f"{MASK} at position {self.position}"


@dataclass(frozen=True, slots=True)
class NameList:
    """The *names* that may be shown, in AI Core's order, and those that are *hidden*, each with its position.

    *complete*: it is known that there are no others.
    """

    names: tuple[str, ...]
    hidden: tuple[HiddenName, ...] = ()
    complete: bool = True
    texts: tuple[Secret, ...] = ()

    def __len__(self) -> int:
        return len(self.names) + len(self.hidden)

    def text_of(self, wanted: HiddenName) -> Secret | None:
        """Return the name that *wanted* stands for, or None if it is not there, or is another one now."""
        for hidden, text in zip(self.hidden, self.texts, strict=True):
            if (hidden.position, hidden.mark) == (wanted.position, wanted.mark):
                return text
        return None


class NameReader:
    """Reads the list page by page, until it is known to be whole or it leads nowhere.

    AI Core tells how many there are. A server in between may leave that out, tell the rows of the page,
    repeat a page or give a short one: what ends that way is not called complete.
    """

    def __init__(self) -> None:
        self.skip = 0  # rows so far, with a name or without
        self._names: dict[str, None] = {}
        self._unnamed = 0
        self._pages = 0
        self._count: int | None = None
        self._ended = self._seen_end = False

    @property
    def goes_on(self) -> bool:
        """Whether there is another page to ask for."""
        return not self._ended and self._pages < MAX_PAGES

    def add(self, rows: list[object], count: object) -> None:
        """Take the *rows* of one page, and how many there are in all, as the server says."""
        before = len(self._names)
        for row in rows:
            name = row.get("name") if isinstance(row, dict) else None
            if isinstance(name, str) and name:
                self._names[name] = None
            else:
                self._unnamed += 1
        self.skip += len(rows)
        self._pages += 1
        told = isinstance(count, int) and not isinstance(count, bool) and count >= self.skip
        self._count = count if told else None  # type: ignore[assignment]
        nothing_new = len(self._names) == before
        # A page that is full may have another behind it, whatever the count: it may be that of the page.
        self._ended = nothing_new or (self._count == self.skip and len(rows) < PAGE)
        self._seen_end = not rows

    def result(self, secrets: tuple[Secret, ...]) -> NameList:
        """Return what was read; names with one of *secrets* in them are hidden, and what looks like a token.

        The first of *secrets* is what opens the tenant.
        """
        counted = self._count == len(self._names) if self._count is not None else self._seen_end
        hidden, texts = [], []
        for position, name in enumerate(self._names, 1):
            if why := _secret_in(name, secrets):
                hidden.append(HiddenName(position, why, _mark(name, secrets[0])))
                texts.append(Secret(name))
        shown = _without(self._names, hidden)
        return NameList(shown, tuple(hidden), self._ended and counted and not self._unnamed, tuple(texts))


def _without(names: Iterable[str], hidden: list[HiddenName]) -> tuple[str, ...]:
    places = {each.position for each in hidden}
    return tuple(name for position, name in enumerate(names, 1) if position not in places)


def _secret_in(name: str, secrets: tuple[Secret, ...]) -> str:
    """What is secret about *name*; empty if nothing is known to be."""
    if kind := token_kind(name):
        return f"looks like {kind}"
    return "contains a secret of this connection" if MASK in scrub_name(name, *secrets) else ""


def _mark(name: str, key: Secret) -> str:
    """A few letters by which one sees that it is the same name; worth nothing to who has not the *key*."""
    text = as_bytes(f"name of a docker secret: {name}")
    return hmac.new(as_bytes(key.reveal()), text, "sha256").hexdigest()[:_MARK_LETTERS]
