"""What a rotation is to do: one login replaced in many secrets, in which turn, without any password."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.errors import AICoreError, InvalidFile
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry, SecretName

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT, VERSION = "aicore-magics rotation plan", 1
MOST_SECRETS, MOST_VALUES, LONGEST = 5_000, 500, 2_000
# Tenants whose secrets come last, by a word of their name.
_LAST = frozenset({"prod", "prd", "production", "live"})


@dataclass(frozen=True)
class HeldLogin:
    """A login that a secret holds, as the record of this machine has it; *key* may be unknown."""

    registry: str
    username: str
    key: str = ""


@dataclass(frozen=True)
class PlannedSecret:
    """A secret whose login is to be replaced, and *images* that it must be able to pull.

    *login* is what is replaced, *others* are its other logins, which have to be given as well. *templates*
    are the files that name it. *profile* leads to its tenant, where one was named.
    """

    tenant: str
    host: str
    name: str
    login: HeldLogin
    others: tuple[HeldLogin, ...] = ()
    images: tuple[str, ...] = ()
    templates: tuple[str, ...] = ()
    profile: str = ""

    @property
    def place(self) -> tuple[str, str, str]:
        """Host, tenant and name: the secret, as records have it."""
        return self.host, self.tenant, self.name

    @property
    def is_last(self) -> bool:
        """Whether its tenant is called production, or so: its turn comes after all others."""
        words = "".join(letter if letter.isalnum() else " " for letter in self.tenant.lower()).split()
        return not _LAST.isdisjoint(words)


@dataclass(frozen=True)
class Plan:
    """The login of *username* at *registry* is replaced in *secrets*, the first alone, then the rest."""

    registry: str
    username: str
    secrets: tuple[PlannedSecret, ...]

    @classmethod
    def of(cls, registry: str, username: str, secrets: Iterable[PlannedSecret]) -> Plan:
        """Put *secrets* in turn.

        First comes the one that the fewest templates name, and of those one outside of production. Tenants
        called production come last.
        """
        each = sorted(secrets, key=lambda secret: (secret.is_last, len(secret.templates), *secret.place[1:]))
        first = min(each, key=lambda secret: len(secret.templates), default=None)
        rest = (secret for secret in each if secret is not first)
        return cls(registry, username, (*([first] if first else ()), *rest))

    @property
    def tenants(self) -> tuple[tuple[str, str], ...]:
        """The tenants, each as name and host, in turn."""
        return tuple(dict.fromkeys((secret.tenant, secret.host) for secret in self.secrets))

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles that lead to its tenants; none if one of them has none."""
        profiles = tuple(dict.fromkeys(secret.profile for secret in self.secrets))
        return profiles if all(profiles) else ()

    def to_data(self) -> dict[str, Any]:
        """Return it as plain data, ready for `json.dumps`. There is no secret in it."""
        return {
            "format": FORMAT,
            "version": VERSION,
            "registry": self.registry,
            "username": self.username,
            "secrets": [_secret_data(secret) for secret in self.secrets],
        }

    @classmethod
    def parse(cls, text: str) -> Plan:
        """Read the text of a plan's file. Raises InvalidFile for anything else."""
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            data = None
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise InvalidFile(
                "the file is not a rotation plan", next="make one with plan and --out PLAN.json."
            )
        if data.get("version") != VERSION:
            raise InvalidFile(
                "the plan was made by a later version of aicore-magics", next="update aicore-magics."
            )
        try:
            return _plan(data)
        except (AICoreError, KeyError, TypeError, ValueError):
            raise InvalidFile(
                "the rotation plan is damaged", next="make it again with plan and --out PLAN.json."
            ) from None


def registry_of_key(key: str) -> str:
    """Return the registry of an auth key, in the spelling that plans have; of a pattern, the key itself."""
    host = key.removeprefix("https://").removeprefix("http://").partition("/")[0]
    return str(Registry.find(key) or Registry.find(host) or key)


def _secret_data(secret: PlannedSecret) -> dict[str, Any]:
    return {
        "tenant": secret.tenant,
        "host": secret.host,
        "name": secret.name,
        **({"profile": secret.profile} if secret.profile else {}),
        "login": _login_data(secret.login),
        "others": [_login_data(login) for login in secret.others],
        "images": list(secret.images),
        "templates": list(secret.templates),
    }


def _login_data(login: HeldLogin) -> dict[str, str]:
    key = {"key": login.key} if login.key else {}
    return {"registry": login.registry, "username": login.username, **key}


def _plan(data: dict[str, Any]) -> Plan:
    registry = str(Registry.parse(_text(data["registry"])))
    secrets = tuple(_secret(each, registry) for each in _list(data["secrets"], MOST_SECRETS))
    if not secrets or len({secret.place for secret in secrets}) < len(secrets):
        raise ValueError("no secret, or one twice")
    return Plan(registry, _text(data["username"]), secrets)


def _secret(data: Any, registry: str) -> PlannedSecret:
    login = _login(data["login"])
    if login.registry != registry:
        raise ValueError("another registry")
    return PlannedSecret(
        tenant=_text(data["tenant"]),
        host=_text(data["host"]),
        name=str(SecretName.parse(_text(data["name"]))),
        profile=_text(data.get("profile", "")),
        login=login,
        others=tuple(map(_login, _list(data["others"]))),
        images=tuple(str(ImageReference.parse(_text(each))) for each in _list(data["images"])),
        templates=tuple(map(_file, _list(data["templates"]))),
    )


def _login(data: Any) -> HeldLogin:
    login = HeldLogin(_text(data["registry"]), _text(data["username"]), _text(data.get("key", "")))
    # A file may come from elsewhere: no key in it may lead a login to another registry than it says.
    if login.key and login.registry not in (login.key, registry_of_key(login.key)):
        raise ValueError("a key of another registry")
    return login


def _list(value: Any, most: int = MOST_VALUES) -> list[Any]:
    if not isinstance(value, list) or len(value) > most:
        raise TypeError("no list, or too long")
    return value


def _file(value: Any) -> str:
    """The name of a file, in which any character may be."""
    if not isinstance(value, str) or len(value) > LONGEST:
        raise TypeError("no text, or too long")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or len(value) > LONGEST or not value.isprintable():
        raise TypeError("no text that can be shown, or too long")
    return value
