"""Fingerprints of logins: equal ones are one login, and nothing else is told by one.

Only tokens that a machine made get one: what has the shape of a token at the registry of its maker, which
takes no other there, a signed JWT, or a key of Google. Whoever has a fingerprint and the key can try guesses,
which is hopeless against random tokens, and is not against what a person may have chosen.

The key is a file beside the ledger, and in no keyring: that of the system may ask a question, or wait for
somebody to unlock it, in the middle of a write that has succeeded, and where notebooks run there is mostly
none. For tokens of machines a key that lies there, readable by this user alone, does no harm.
"""

from __future__ import annotations

import hmac
import re
import secrets
from contextlib import suppress
from typing import TYPE_CHECKING

from aicore_magics.base.drafts import draft, sweep
from aicore_magics.base.encodings import as_bytes
from aicore_magics.base.folders import held
from aicore_magics.base.token_shapes import TOKEN_SHAPES
from aicore_magics.base.wrappers import from_json, from_url_base64
from aicore_magics.ledger.ledger_files import read_file, sync_folder, usable
from aicore_magics.ledger.makers import MAKERS
from aicore_magics.ledger.place import make_folder
from aicore_magics.model.names import Registry

if TYPE_CHECKING:
    from pathlib import Path

    from aicore_magics.base.redact import Secret
    from aicore_magics.model.docker_secret import RegistryLogin

KEY_FILE = "fingerprint.key"
_KEY_BYTES = 32
_DIGITS = 32  # of 4 bits
_JWT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{43,}", re.ASCII)
# Behind its sign a token is at least this long, with a digit and so many letters that differ: `glpat-` and a
# word is what a person may choose.
_LEAST, _DIFFERENT = 20, 10
# A random signature of 32 bytes, the shortest in use, has some thirty letters that differ.
_DIFFERENT_SIGNED = 20


class Fingerprints:
    """Gives fingerprints by the key in *folder*, which is made at first use; None: there are none."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._key = b""

    def of(self, login: RegistryLogin) -> str:
        """Return the fingerprint of *login*: of its registry, user and token, and of no tenant.

        "" for what a person may have chosen, and where the key cannot be read or made.
        """
        if self._folder is None or not made_by_machine(login):
            return ""
        self._key = self._key or _key(self._folder)
        return hmac.digest(self._key, _told(login), "sha256").hex()[:_DIGITS] if self._key else ""


def made_by_machine(login: RegistryLogin) -> bool:
    """Whether the whole password of *login* is a token that no person has chosen, by its looks and its place.

    A JWT is one everywhere, and so is the key of a Google service account.
    """
    return _is_token(login) or _is_jwt(login.password) or _is_google_key(login.password)


def _told(login: RegistryLogin) -> bytes:
    """What a fingerprint is of, each part with its length: so no two logins are one."""
    host = str(Registry.find(login.key) or login.key)
    return b"".join(
        b"%d:%s" % (len(part), part)
        for part in (as_bytes(host), as_bytes(login.username), as_bytes(login.password.reveal()))
    )


def _is_token(login: RegistryLogin) -> bool:
    host, password = str(Registry.find(login.key) or ""), login.password
    return any(
        MAKERS[shape.id].takes(host, password)
        and re.fullmatch(shape.pattern, password.reveal()) is not None
        and _is_random(password, shape.signs)
        for shape in TOKEN_SHAPES
        if shape.id in MAKERS
    )


def _is_random(password: Secret, signs: tuple[str, ...]) -> bool:
    sign = max((len(sign) for sign in signs if password.reveal().lower().startswith(sign)), default=0)
    different = len(set(password.reveal()[sign:]))
    has_digit = re.search(r"[0-9]", password.reveal()[sign:]) is not None
    return len(password.reveal()) - sign >= _LEAST and different >= _DIFFERENT and has_digit


def _is_jwt(password: Secret) -> bool:
    """Whether it has three parts in base64: header and claims, two JSON objects, and a random signature."""
    if not _JWT.fullmatch(password.reveal()):
        return False
    if len(set(password.reveal().rpartition(".")[2])) < _DIFFERENT_SIGNED:
        return False
    return all(
        isinstance(from_json(from_url_base64(part) or ""), dict) for part in password.reveal().split(".")[:2]
    )


def _is_google_key(password: Secret) -> bool:
    """Whether it is the file that Google makes for a service account, as JSON or in base64."""
    for text in (password.reveal(), from_url_base64(password.reveal()) or ""):
        key = from_json(text) if text.startswith("{") else None
        if isinstance(key, dict) and key.get("type") == "service_account":
            return re.search("-----BEGIN [A-Z ]*PRIVATE KEY-----", str(key.get("private_key"))) is not None
    return False


def _key(folder: Path) -> bytes:
    """Return the key in *folder*, made by one of all processes that ask at once; empty if there is none."""
    with suppress(OSError, ValueError):
        usable(folder)
        with suppress(FileNotFoundError):
            return _read(folder)
        make_folder(folder)
        usable(folder)
        with suppress(FileExistsError):
            _make(folder)
        return _read(folder)
    return b""


def _read(folder: Path) -> bytes:
    key, _ = read_file(folder / KEY_FILE, _KEY_BYTES + 1)
    return key if len(key) == _KEY_BYTES else b""


def _make(folder: Path) -> None:
    """Let a new key stand there, whole from the first moment on. Raises FileExistsError, and OSError."""
    with held(folder, ()) as place:
        sweep(place)
        with draft(place, secrets.token_bytes(_KEY_BYTES), mode=0o600) as fresh:
            fresh.create(place, KEY_FILE)
    sync_folder(folder)
