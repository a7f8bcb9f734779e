"""Secrets that do not print, and foreign text made safe to show."""

from __future__ import annotations

import hmac
import os
import re
import unicodedata
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from weakref import WeakKeyDictionary

from aicore_magics.base.encodings import BASE64_RUN, Encodings, as_bytes, hides, small
from aicore_magics.base.files import open_to_others, text_or_fault
from aicore_magics.base.tokens import MASK, without_tokens
from aicore_magics.errors import InvalidFile, LoginNotFound
from aicore_magics.next_steps import OR, Option, do

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_SECRETS = 200  # that a text is searched for
MAX_SECRET_FILE_BYTES = 65_538  # a password of 64 KiB and its line break
_LONGEST_NAME = 2_000
_LONG = 8  # characters of a secret that stand in a name by no chance


class _Key:
    """Stands in a Secret for its text: whoever looks into the one finds the other, with nothing in it."""

    __slots__ = ("__weakref__",)


@dataclass(slots=True)
class _Kept:
    """What is known of one Secret."""

    text: str = field(repr=False)
    encodings: Encodings | None = field(default=None, repr=False)


# The texts are here, and no attribute of a Secret leads to them; each goes when its Secret does.
_KEPT: WeakKeyDictionary[_Key, _Kept] = WeakKeyDictionary()


class Secret:
    """A text that never shows itself: not in a repr, a log, a pickle, a traceback or a list of variables.

    Only `reveal()` and `encodings()` give it back. It compares by value, in constant time, and has no hash
    and no length.

    >>> Secret("hunter2")
    Secret('***')
    >>> f"{Secret('hunter2')}"
    '***'
    """

    __slots__ = ("__key", "notes")

    def __init__(self, text: str, *, notes: tuple[str, ...] = ()) -> None:
        if not isinstance(text, str):
            del text  # a verbose traceback shows what a frame holds
            raise TypeError("a Secret is made of a str")
        self.__key = _Key()
        _KEPT[self.__key] = _Kept(text)
        self.notes = notes

    @classmethod
    def ask(cls, prompt: str, *, ask: Callable[[str], str] | None = None) -> Secret:
        """Ask for a secret without showing what is typed. *ask* defaults to `getpass.getpass`."""
        if ask is None:
            # Looked up at call time: a kernel replaces it while a cell runs.
            import getpass

            ask = getpass.getpass
        return cls(ask(prompt))

    @classmethod
    def from_env(cls, variable: str) -> Secret:
        """Take the secret from the environment *variable*. Raises LoginNotFound if it is not set or empty."""
        text = _variable(variable)
        if text:
            return cls(text)
        state = "is empty" if text == "" else "is not set"
        raise LoginNotFound(
            f"the password variable {_named(variable)}{state}",
            next=(do("set-variable"), OR, "leave ", Option("password-env"), " out to be asked for it."),
        )

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Secret:
        """Read the secret from the file *path* (UTF-8, or UTF-16), without one line break at its end.

        Notes say if a line break was left out, or if other users can read the file.
        Raises InvalidFile, which does not repeat *path*, if there is no such file or it is not a short text.
        """
        text, fault = text_or_fault(path, MAX_SECRET_FILE_BYTES, utf_16=True)
        if fault:
            # The password itself may stand there in place of a path, so that is not repeated.
            raise InvalidFile(
                f"the password file {fault}",
                next="check the path. If you typed a password as the path, revoke it.",
            )
        bare = text[:-1].removesuffix("\r") if text.endswith("\n") else text
        notes = (
            ()
            if bare == text
            else (f"The line break at the end of {without_tokens(Path(path).name)} was removed.",)
        )
        return cls(bare, notes=(*notes, *open_to_others(path)))

    def reveal(self) -> str:
        """Give the text itself. Keep it out of names that outlive the statement."""
        return _KEPT[self.__key].text

    def encodings(self) -> Encodings:
        """Give every usual encoding of the text: made at the first call, kept as long as the secret lives."""
        kept = _KEPT[self.__key]
        if kept.encodings is None:
            kept.encodings = Encodings.of(kept.text)
        return kept.encodings

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(as_bytes(self.reveal()), as_bytes(other.reveal()))

    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret is not written down: it cannot be pickled")

    def __getstate__(self) -> NoReturn:
        raise TypeError("a Secret has no state to give: it cannot be pickled")


def _variable(name: str) -> str | None:
    try:
        return os.environ.get(name)
    except UnicodeEncodeError:  # half of a character: no environment can have it
        return None


def _named(variable: str) -> str:
    """The name as people write variables; anything else may be the password itself, and is not repeated."""
    return f"{variable} " if re.fullmatch(r"[A-Z_][A-Z0-9_]{0,63}", variable) else ""


_hidden: ContextVar[tuple[Secret, ...]] = ContextVar("_hidden", default=())


@contextmanager
def hiding(*secrets: Secret) -> Iterator[None]:
    """Let no answer, not even one to a look, show one of *secrets* while a login is being stored."""
    before = _hidden.set((*_hidden.get(), *secrets))
    try:
        yield
    finally:
        _hidden.reset(before)


def hidden() -> tuple[Secret, ...]:
    """Give what is to be hidden in this thread now."""
    return _hidden.get()


def scrub(text: str, *secrets: Secret, limit: int = 300) -> str:
    """Make foreign *text* safe to show: a message, a name, a host.

    No secret in any usual encoding, in capitals or small letters; nothing that looks like a token, whether it
    is known or not; on one line, at most *limit* characters. Nothing of the text is shown if more than 200
    secrets might be in it: to look for each in every encoding would take too long.
    """
    # No encoding is shorter than what it encodes, and written out, a character takes ten at most.
    longest = 10 * len(text)
    secrets = tuple(secret for secret in secrets if 0 < len(secret.reveal()) <= longest)
    if len(secrets) > MOST_SECRETS:
        return MASK
    known = [secret.encodings() for secret in secrets]
    # The longest first: one may be a part of another.
    forms = sorted({form for each in known for form in each.forms}, key=len, reverse=True)
    inside = {form for each in known for form in each.inside}
    text = _without(text, forms, inside)
    # Once more, as it is shown: one line may join what a line break kept apart.
    shown = visible(text)
    if shown != text:
        text = _without(shown, forms, inside)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def scrub_name(name: str, *secrets: Secret) -> str:
    """Make a foreign *name*, host, key or user safe to show, as `scrub` does.

    A secret of less than eight characters counts only where it is the whole name: it is in others by chance.
    """
    whole = small(name)
    known = (secret for secret in secrets if len(secret.reveal()) >= _LONG or whole == small(secret.reveal()))
    return scrub(name, *known, limit=_LONGEST_NAME)


def visible(text: str) -> str:
    r"""Put *text* on one line, with control, direction and other unseen characters written out.

    >>> print(visible("a\x1b[31m\n  b\u202e"))
    a\x1b[31m b\u202e
    """
    return written_out(re.sub(r"[ \t\r\n]+", " ", text).strip())


def without_user_info(key: str) -> str:
    """Give *key* without the user and the password that somebody wrote into it.

    >>> without_user_info("https://anna:secret@ghcr.io/acme")
    'https://ghcr.io/acme'
    """
    # Up to the last @ that begins no digest: a password may hold a slash or another @.
    return re.sub(r"(?s)\A([a-zA-Z]+://)?.*@(?!sha\d+:)", r"\1", key)


def shown_key(key: str, *secrets: Secret) -> str:
    """Give *key* as messages show it: without user info, *secrets* and tokens, what is unseen written out."""
    return scrub_name(without_user_info(key), *secrets)


def written_out(text: str) -> str:
    """Write out every character of *text* that could not be seen or would move others; spaces stay."""
    if text.isprintable():
        return text
    seen = {letter: _seen(letter) for letter in set(text)}
    return "".join(map(seen.__getitem__, text))


def _without(text: str, forms: list[str], inside: set[bytes]) -> str:
    """*text* with every one of *forms* masked, all base64 that hides one of *inside*, and all tokens."""
    low = small(text)
    for form in forms:
        if form in low:
            parts = low.split(form)
            text, low = MASK.join(_cut(text, parts, len(form))), MASK.join(parts)
    if inside:
        text = BASE64_RUN.sub(lambda run: MASK if hides(run[0], inside) else run[0], text)
    return without_tokens(text)


def _cut(text: str, parts: list[str], gap: int) -> list[str]:
    """The parts of *text* that are as long as *parts*, with a *gap* between any two."""
    ends = accumulate(len(part) + gap for part in parts)
    return [text[end - len(part) - gap : end - gap] for part, end in zip(parts, ends, strict=True)]


def _seen(character: str) -> str:
    if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return character
    return ascii(character)[1:-1]
