"""Secrets that do not print, and foreign text made safe to show."""

from __future__ import annotations

import base64
import binascii
import hmac
import html
import json
import os
import re
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import quote, quote_plus

from aicore_magics.errors import LoginNotFound
from aicore_magics.files import open_to_others, read_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MASK = "***"
MAX_SECRET_FILE_BYTES = 65_538  # a password of 64 KiB and its line break

_BASE64_RUN = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_TOKEN_SHAPES = (
    ("a Docker Hub token", re.compile(r"dckr_(?:pat|oat)_[\w-]{8,}")),
    ("a GitHub token", re.compile(r"gh[pousr]_\w{16,}|github_pat_\w{16,}")),
    ("a GitLab token", re.compile(r"gl(?:pat|dt|rt|cbt)-[\w-]{8,}")),
    ("an AWS key", re.compile(r"(?:AKIA|ASIA)[0-9A-Z]{12,}")),
    ("a JWT", re.compile(r"(?<![\w-])eyJ[\w-]{4,}\.eyJ[\w-]{4,}\.[\w-]*")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----")),
    ("an XSUAA client secret", re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\$[\w+/=-]{16,}")),
)


class Secret:
    """A text that never shows itself: not in a repr, a log, a pickle or a traceback.

    Only `reveal()` gives it back. It compares by value, in constant time, and has no hash and no length.

    >>> Secret("hunter2")
    Secret('***')
    >>> f"{Secret('hunter2')}"
    '***'
    """

    __slots__ = ("__text", "notes")

    def __init__(self, text: str, *, notes: tuple[str, ...] = ()) -> None:
        if not isinstance(text, str):
            raise TypeError("a Secret is made of a str")
        self.__text = text
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
        text = os.environ.get(variable)
        if text:
            return cls(text)
        state = "is empty" if text == "" else "is not set"
        raise LoginNotFound(
            f"the password variable {visible(variable)} {state} in this kernel. Nothing was sent.",
            hint="set it before Jupyter starts, or leave --password-env out to be asked.",
        )

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> Secret:
        """Read the secret from the file *path* (UTF-8), without one line break at its end.

        Notes say if a line break was left out, or if other users can read the file.
        Raises InvalidFile if there is no such file or it is not a short text.
        """
        text = read_text(path, what="the password file", limit=MAX_SECRET_FILE_BYTES)
        bare = text[:-1].removesuffix("\r") if text.endswith("\n") else text
        notes = () if bare == text else (f"The line break at the end of {Path(path).name} was left out.",)
        return cls(bare, notes=(*notes, *open_to_others(path)))

    def reveal(self) -> str:
        """Give the text itself. Keep it out of names that outlive the statement."""
        return self.__text

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return MASK

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self.__text), _bytes(other.__text))

    __hash__ = None  # type: ignore[assignment]

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a Secret is not written down: it cannot be pickled")


def token_kind(text: str) -> str | None:
    """Say what kind of token *text* looks like, or None. Only known shapes count, never mere length.

    >>> token_kind("dckr_pat_" + 20 * "a")
    'a Docker Hub token'
    >>> token_kind("team-ghcr") is None
    True
    """
    return next((kind for kind, shape in _TOKEN_SHAPES if shape.search(text)), None)


def scrub(text: str, *secrets: Secret, limit: int = 300) -> str:
    """Make foreign *text* safe to show.

    No secret in any usual encoding, on one line, at most *limit* characters.
    """
    for secret in secrets:
        bare = secret.reveal()
        if bare:
            text = _without(text, bare)
    text = visible(text)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def visible(text: str) -> str:
    r"""Put *text* on one line, with control, direction and other unseen characters written out.

    >>> print(visible("a\x1b[31m\n  b\u202e"))
    a\x1b[31m b\u202e
    """
    return written_out(re.sub(r"[ \t\r\n]+", " ", text).strip())


def written_out(text: str) -> str:
    """Write out every character of *text* that could not be seen or would move others; spaces stay."""
    return "".join(map(_seen, text))


def _without(text: str, bare: str) -> str:
    for form in sorted(_forms(bare), key=len, reverse=True):
        text = text.replace(form, MASK)
    return _BASE64_RUN.sub(lambda run: MASK if _decodes_to(run[0], bare) else run[0], text)


def _forms(bare: str) -> set[str]:
    once = set(_encodings(bare))
    return {form for each in (bare, *once) for form in _encodings(each)} | once | {bare}


def _encodings(text: str) -> Iterator[str]:
    yield json.dumps(text)[1:-1]
    yield json.dumps(text, ensure_ascii=False)[1:-1]
    yield repr(text)[1:-1]
    yield html.escape(text)
    yield html.escape(text, quote=False)
    safe = _bytes(text)
    for percent in (quote(safe, safe=""), quote(safe), quote_plus(safe)):
        yield percent
        yield re.sub(r"%[0-9A-F]{2}", lambda code: code[0].lower(), percent)
    yield base64.b64encode(safe).decode()
    yield base64.urlsafe_b64encode(safe).decode()


def _decodes_to(run: str, bare: str) -> bool:
    """Whether base64 hides the secret in something longer, as `auth` hides `user:password`."""
    padded = run.rstrip("=").replace("-", "+").replace("_", "/")
    padded = padded[: len(padded) - (len(padded) % 4 == 1)]
    try:
        decoded = base64.b64decode(padded + "=" * (-len(padded) % 4))
    except binascii.Error:
        return False
    return any(_bytes(form) in decoded for form in {bare, json.dumps(bare)[1:-1]})


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _seen(character: str) -> str:
    if unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"):
        return character
    return ascii(character)[1:-1]
