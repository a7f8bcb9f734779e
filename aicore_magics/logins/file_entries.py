"""One entry of a login file: a login, or why it is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aicore_magics.base.redact import Secret, shown_key
from aicore_magics.base.wrappers import folded
from aicore_magics.errors import InvalidLogin
from aicore_magics.logins.shapes.found import GIVE
from aicore_magics.model.docker_secret import AuthKey, EntryFault, RegistryLogin, read_entry
from aicore_magics.next_steps import OR, Option

if TYPE_CHECKING:
    from aicore_magics.model.names import Registry
    from aicore_magics.next_steps import Words

_OTHER_TOKEN: Words = ("create an access token, and give it ", Option("username", "USER", "with"), ".")
_ELSEWHERE: Words = (
    "take it ",
    Option("docker-login", lead="with"),
    OR,
    "give it ",
    Option("username", "USER", "with"),
    ".",
)
_TOKENS = {"identitytoken": "an identity token", "registrytoken": "a registry token"}
_FAULTS = {
    EntryFault.AUTH_NO_TEXT: "the `auth` of {} is not a string",
    EntryFault.NOT_BASE64: "the `auth` of {} is not base64 of UTF-8 text",
    EntryFault.NO_COLON: "the `auth` of {} has no colon after the user",
    EntryFault.NO_TEXT: "user or password of {} is not a string",
}


@dataclass(frozen=True, slots=True)
class Unusable:
    """An entry that is no login: a sentence on why without its full stop, and what to do *next*.

    *odd*: something is wrong with it. Else it has no password, as docker leaves entries behind.
    """

    key: str
    reason: str
    next: Words = GIVE
    odd: bool = True


@dataclass(frozen=True, slots=True)
class FileEntry:
    """An entry of a login file as it stands there."""

    key: str
    _entry: Any = field(repr=False, compare=False)

    def judged(self) -> RegistryLogin | Unusable:
        """Return the login that it is, or why it is none."""
        shown = shown_key(self.key)
        if not isinstance(self._entry, dict):
            return Unusable(self.key, f"the entry {shown} is not an object")
        login = read_entry(self._entry)
        if isinstance(login, EntryFault):
            return Unusable(self.key, _FAULTS[login].replace("{}", shown))
        user, password = login
        fields = folded(self._entry)
        token = next((what for name, what in _TOKENS.items() if fields.get(name)), "")
        if token and not password:
            return Unusable(
                self.key, f"{shown} has {token}, which AI Core cannot pull with", _OTHER_TOKEN, odd=False
            )
        if not user and not password:
            where = "has no password in the file; docker may keep it in a credential helper"
            return Unusable(self.key, f"{shown} {where}", _ELSEWHERE, odd=False)
        return judged(AuthKey(self.key), user, Secret(password))


def judged(key: AuthKey | Registry, user: str, password: Secret) -> RegistryLogin | Unusable:
    """Return the login, or what is wrong with it."""
    try:
        return RegistryLogin(key, user, password)
    except InvalidLogin as error:
        fault = error.what
    return Unusable(str(key), f"the entry {shown_key(str(key))}: {fault}", "fix the entry, or remove it.")
