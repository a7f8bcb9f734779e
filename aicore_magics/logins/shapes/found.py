"""What a text or a value turns out to be, before any of its logins is judged."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from aicore_magics.base.plural import first_of, plural
from aicore_magics.base.redact import Secret, shown_key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from aicore_magics.next_steps import Words

GIVE: Words = "give a docker config.json, a Kubernetes Secret, or the body of AI Core's API."


@dataclass(frozen=True, slots=True)
class Auths:
    """Entries by their keys, as a docker config has them, of a *kind* of file.

    *wrappings* are what that was in, the outermost last; *name* is what its document is called.
    """

    kind: str
    entries: dict[Any, Any] = field(repr=False)
    notes: tuple[str, ...] = ()
    wrappings: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """User and password for a registry that is named elsewhere."""

    kind: str
    username: str = field(repr=False)
    password: Secret
    notes: tuple[str, ...] = ()
    wrappings: tuple[str, ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """What holds no login that can be read: *what* it is, with its article, and what to do *next*.

    *guess*: it looks so, and a reader that knows better comes first. *whole*: *what* is a sentence by itself.
    *among*: the several with logins of which one has to be chosen.
    """

    what: str
    next: Words = GIVE
    guess: bool = False
    whole: bool = False
    among: tuple[Auths | Pair, ...] = field(default=(), repr=False)

    @property
    def sentence(self) -> str:
        """What is said of the file."""
        return self.what if self.whole else f"the file is {self.what}"


Found: TypeAlias = Auths | Pair | Named
Look: TypeAlias = "Callable[[Any], Found]"


def broken(reason: str, next: Words = GIVE) -> Named:
    """Return what is said of a file in which something is wrong."""
    return Named(reason, next, whole=True)


def wrapped(found: Found, wrapping: str, *, of: str) -> Found:
    """Return *found* as it is in a *wrapping*; *of* has {} for what it is called without."""
    if isinstance(found, Named):
        # By hand: what it is called may have braces in it.
        return found if found.whole else replace(found, what=of.replace("{}", found.what))
    return replace(found, wrappings=(*found.wrappings, wrapping))


def full_kind(found: Auths | Pair) -> str:
    """Return what *found* is and what it was in.

    >>> full_kind(Auths("docker config", {}, wrappings=("base64",)))
    'docker config in base64'
    """
    return " in ".join((found.kind, *found.wrappings))


def article(noun: str) -> str:
    """Return *noun* with its article.

    >>> article("docker config"), article("AI Core request body"), article("user:token pair")
    ('a docker config', 'an AI Core request body', 'a user:token pair')
    """
    return f"{'an' if noun[:1] in 'AEIOaeio' else 'a'} {noun}"


def keys_of(fields: Collection[Any]) -> str:
    r"""Return the names of *fields* as messages show them; where one is no word, only how many they are.

    >>> keys_of({"a": 1, "tls.key": 2}), keys_of(["s3cret!"])
    ('the fields a, tls.key', '1 field')
    """
    words = [
        name for name in fields if isinstance(name, str) and re.fullmatch(r"[A-Za-z.][\w.\-]{0,40}", name)
    ]
    if len(words) < len(fields):
        return f"{len(fields)} {plural(len(fields), 'field')}"
    return f"the {plural(len(words), 'field')} {first_of([shown_key(word) for word in words])}"
