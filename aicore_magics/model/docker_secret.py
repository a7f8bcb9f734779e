"""Registry logins, and the Docker registry secret that holds them: values <-> `.dockerconfigjson`."""

from __future__ import annotations

import base64
import json
from collections import Counter
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any

from aicore_magics.base.redact import Secret, scrub_name, shown_key, without_user_info
from aicore_magics.base.report import Code
from aicore_magics.base.spaces import bare
from aicore_magics.base.tokens import MASK
from aicore_magics.base.wrappers import folded, from_base64
from aicore_magics.errors import InvalidLogin
from aicore_magics.model.google_key import on_one_line, whole_file_fault
from aicore_magics.model.login_faults import kept_spaces, key_fault, password_fault, username_fault
from aicore_magics.model.names import Registry, SecretName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from aicore_magics.model.login_faults import Fault
    from aicore_magics.next_steps import Words

MAX_CONFIG_BYTES = 1_048_576  # Kubernetes keeps at most 1 MiB in one secret
_FIELDS = ("auth", "username", "password")


@dataclass(frozen=True, slots=True)
class AuthKey:
    """The key a login goes by in `.dockerconfigjson`, as it stood in a file: it may hold a path or a glob."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True, init=False)
class RegistryLogin:
    """User and token for one registry.

    *registry* may be given in any spelling people use; it becomes a `Registry`. Spaces around it and around
    the user are left out; those of a password are kept, and told in `notes`. Raises InvalidRegistry, and
    InvalidLogin for a user or password that no registry could be sent (RFC 7617: no colon in a user name) or
    that nobody meant: empty, with control characters, a placeholder, or the mask instead of the password; for
    a key, too. A key of Google for its user `_json_key` or `_json_key_base64` loses its line breaks, which a
    note of the password tells.

    *key* is the auth key: what the kubelet compares with an image's registry.
    """

    registry: Registry | AuthKey
    username: str
    password: Secret
    key: str = field(init=False, repr=False, compare=False)

    # By hand: a verbose traceback shows what a frame holds, that of a made one too.
    def __init__(self, registry: Registry | AuthKey | str, username: str, password: Secret) -> None:
        if not isinstance(password, Secret):
            del self, password
            raise TypeError(
                "a password is a Secret: Secret.ask(…), Secret.from_env(…) or Secret.from_file(…)"
            )
        parsed = Registry.typed(registry) if isinstance(registry, str) else registry
        username = bare(username or "")
        key = parsed.auth_key if isinstance(parsed, Registry) else str(parsed)
        object.__setattr__(self, "registry", parsed)
        object.__setattr__(self, "username", username)
        object.__setattr__(self, "password", on_one_line(username, password))
        object.__setattr__(self, "key", key)
        _refuse(key_fault(key))
        check_username(username)
        _refuse(whole_file_fault(username, self.password))
        check_password(self.password)

    @property
    def auth(self) -> Secret:
        """The `auth` field: base64 of `user:password`, which skopeo, podman and docker-py insist on."""
        return Secret(base64.b64encode(f"{self.username}:{self.password.reveal()}".encode()).decode())

    def stored(self) -> StoredLogin:
        """Give what may be told about this login: everything but the password, wherever it stands.

        At some registries the user is the token, too.
        """
        key, registry = (shown_key(text, self.password) for text in (self.key, str(self.registry)))
        return StoredLogin(key, registry, scrub_name(self.username, self.password))

    @property
    def notes(self) -> tuple[str, ...]:
        """What to know about this login, a sentence each: that its password has a space at an end."""
        return tuple(filter(None, [kept_spaces(self.password, self.stored().registry)]))

    def __repr__(self) -> str:
        login, password = self.stored(), self.password
        return f"RegistryLogin(registry={login.registry!r}, username={login.username!r}, {password=})"


@dataclass(frozen=True, slots=True)
class DockerSecret:
    """Logins under a name, used by templates as `imagePullSecrets`.

    Raises InvalidLogin if there is no login, or two go by one key.
    """

    name: SecretName
    logins: tuple[RegistryLogin, ...]

    def __post_init__(self) -> None:
        keys = [login.key for login in self.logins]
        if not keys:
            raise InvalidLogin(
                "the secret has no login", next="give a registry and a user, such as ghcr.io and anna."
            )
        refuse_twice(keys)

    def dockerconfigjson(self) -> Secret:
        """Give the value of `.dockerconfigjson`, with username, password and auth for each key.

        The same fields in the same order as `kubectl create secret docker-registry` writes them.
        """
        auths = {login.key: _entry(login) for login in self.logins}
        text = json.dumps({"auths": auths}, ensure_ascii=False, separators=(",", ":"))
        if len(text.encode()) > MAX_CONFIG_BYTES:
            raise InvalidLogin("the logins together are larger than 1 MiB", next="create several secrets.")
        return Secret(text)

    def masked(self) -> str:
        """Give `.dockerconfigjson` to show, with password and auth masked."""
        shown = {
            login.key: {"username": login.username, "password": MASK, "auth": MASK}
            for login in (each.stored() for each in self.logins)
        }
        return json.dumps({"auths": shown}, ensure_ascii=False, separators=(",", ":"))


def key_for_others(login: RegistryLogin) -> str:
    """Give the key of *login* for a text that others read. Raises InvalidLogin if a password is in it."""
    if without_user_info(login.key) != login.key:
        raise InvalidLogin(
            f"the key for {shown_key(login.key)} contains a user or password",
            next="remove it from the key.",
        )
    return login.key


def check_username(username: str) -> None:
    """Raise InvalidLogin if no registry could be sent *username*, or nobody meant it."""
    _refuse(username_fault(bare(username)))


def check_password(password: Secret) -> None:
    """Raise InvalidLogin, without any of it, if no registry could be sent *password*, or nobody meant it."""
    _refuse(password_fault(password))


def refuse_twice(keys: list[str]) -> None:
    """Raise InvalidLogin if one of *keys* stands there twice."""
    twice = next((key for key, times in Counter(keys).items() if times > 1), None)
    if twice is not None:
        raise InvalidLogin(
            f"two logins have the key {shown_key(twice)}; a secret can have one login for each key",
            next="remove one, or create a second secret.",
        )


def _entry(login: RegistryLogin) -> dict[str, str]:
    return {
        "username": login.username,
        "password": login.password.reveal(),
        "auth": login.auth.reveal(),
    }


class EntryFault(Enum):
    """Why an entry of `auths` cannot be read."""

    AUTH_NO_TEXT = "auth is not a string"
    NOT_BASE64 = "auth is not base64 of UTF-8 text"
    NO_COLON = "auth has no colon"
    NO_TEXT = "user or password is not a string"


def read_entry(entry: Mapping[str, Any], *, unpadded: bool = True) -> tuple[str, str] | EntryFault:
    r"""Return user and password of an entry of `auths`, either of them perhaps empty, or what is wrong.

    As the kubelet reads it: `auth` wins, is split at its first colon, may be unpadded, and line breaks in it
    do not count; the names of the fields may be in capitals.

    >>> read_entry({"username": "anna", "auth": "Ym9iOnB3\nMQ=="})
    ('bob', 'pw1')
    """
    entry = folded(entry)
    auth, user, password = ("" if (value := entry.get(name)) is None else value for name in _FIELDS)
    if not isinstance(auth, str):
        return EntryFault.AUTH_NO_TEXT
    if auth:
        return read_auth(auth, unpadded=unpadded)
    if not isinstance(user, str) or not isinstance(password, str):
        return EntryFault.NO_TEXT
    return user, password


def read_auth(auth: str, *, unpadded: bool = True) -> tuple[str, str] | EntryFault:
    """Return user and password of an `auth`, which is base64 of the two with a colon between."""
    decoded = from_base64(auth, unpadded=unpadded)
    if decoded is None:
        return EntryFault.NOT_BASE64
    user, colon, password = decoded.partition(":")
    return (user, password.strip("\x00")) if colon else EntryFault.NO_COLON


def _refuse(fault: Fault | None) -> None:
    if fault:
        what, next_step = fault
        raise InvalidLogin(what, next=next_step)


@dataclass(frozen=True)
class StoredLogin:
    """A login as it stands in a secret, without its password: the auth key and the user."""

    key: str
    registry: str
    username: str

    def words(self) -> Words:
        """Registry and user; the key as well where it is spelt differently."""
        login = f"{self.registry}, user {self.username}"
        return login if self.key == self.registry else (f"{login}, key ", Code(self.key))
