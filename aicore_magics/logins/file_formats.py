"""Logins out of the files people have, recognised by content: keys as they stand, nothing guessed.

A docker `config.json` or the older `.dockercfg`, a Kubernetes Secret (YAML or JSON), the body of AI Core's
own API; and, for a registry that is named beside them, `user:token`, what `aws ecr get-login-password`
prints, and a Google service account's JSON key.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.base import yaml
from aicore_magics.base.redact import Secret, shown_key
from aicore_magics.base.wrappers import MAX_DEPTH, Unread, from_base64, from_json, in_kubernetes_secret
from aicore_magics.errors import InvalidFile, InvalidLogin
from aicore_magics.model.docker_secret import AuthKey, EntryFault, RegistryLogin, read_entry
from aicore_magics.next_steps import Option

if TYPE_CHECKING:
    from aicore_magics.model.names import Registry

MAX_FILE_BYTES = 1_048_576
MAX_LOGINS = 5_000
_KEY = ".dockerconfigjson"
_NOT_YAML = {
    yaml.Unread.NOT_YAML: "is neither JSON nor YAML",
    yaml.Unread.LINKED: "has YAML aliases or merge keys; write them out",
    yaml.Unread.TOO_DEEP: f"is nested more than {MAX_DEPTH} levels deep",
    yaml.Unread.TOO_MANY: f"is YAML of more than {yaml.MAX_VALUES:,} values",
}
_TOKENS = {"identitytoken": "an identity token", "registrytoken": "a registry token"}
_SHORTEST_ECR = 200  # characters; real ones have two thousand


@dataclass(frozen=True, slots=True)
class FoundLogins:
    """The logins of a file, what kind of file it was, and a sentence for each entry without a password."""

    kind: str
    logins: tuple[RegistryLogin, ...]
    skipped: tuple[str, ...] = ()


def parse_logins(text: str, *, registry: Registry | None = None) -> FoundLogins:
    """Read the logins in *text*; *registry* is for the kinds that name none.

    Raises InvalidFile if it is none of the known kinds, or one with a fault.
    """
    data = None
    bare = _plain_text(text.strip())
    if bare is None:
        data = _structure(text)
        bare = _google_key(data)
    return _for_registry(bare, registry) if bare else _logins_in(*_docker_config(data))


def _logins_in(kind: str, config: Any) -> FoundLogins:
    read = [_login(key, entry) for key, entry in _auths(config).items()]
    skipped = tuple(reason for reason in read if isinstance(reason, str))
    logins = tuple(login for login in read if isinstance(login, RegistryLogin))
    if not logins:
        raise InvalidFile(
            f"the {kind} holds no password that could be stored",
            next=skipped[0] if skipped else "is it the right file?",
        )
    return FoundLogins(kind, logins, skipped)


def _auths(config: Any) -> dict[str, Any]:
    if not isinstance(config, dict):
        raise _not_known("the login file has no `auths`")
    auths = config.get("auths")
    if not auths and (config.get("credsStore") or config.get("credHelpers")):
        raise InvalidFile(
            "docker keeps the passwords in a credential helper, not in this file",
            next=("give user and token of the registry yourself, ", Option("registry", "HOST", "with"), "."),
        )
    if not isinstance(auths, dict):
        raise _not_known("the login file has no `auths`")
    if len(auths) > MAX_LOGINS:
        raise _not_known(f"the login file has more than {MAX_LOGINS:,} entries")
    if not all(isinstance(key, str) for key in auths):
        raise _not_known("a key of `auths` is no text; YAML needs quotes there")
    return auths


@dataclass(frozen=True, slots=True)
class _Bare:
    """User and password without a registry, what kind of text they were, and what to know about it."""

    kind: str
    username: str
    password: Secret
    note: str = ""


def _plain_text(text: str) -> _Bare | None:
    """A login in one word of text, or None if *text* is something else."""
    if not text or text.startswith(("{", "[", '"', "'")) or any(character.isspace() for character in text):
        return None
    if _is_ecr_token(text):
        note = "ECR logins live 12 hours, and AI Core does not renew them."
        return _Bare("login password of Amazon ECR", "AWS", Secret(text), note)
    user, colon, token = text.partition(":")
    if not (colon and user and token) or token.startswith("//"):
        return None
    return _Bare("user:token pair", user, Secret(token))


def _google_key(data: Any) -> _Bare | None:
    if not isinstance(data, dict) or data.get("type") != "service_account" or "private_key" not in data:
        return None
    if not all(isinstance(part, str) for pair in data.items() for part in pair):
        raise _not_known("a field of the Google service account key is no text")
    # Registries of Google take the whole key as the password, on one line.
    return _Bare("Google service account key", "_json_key", Secret(json.dumps(data, separators=(",", ":"))))


def _is_ecr_token(text: str) -> bool:
    """What `aws ecr get-login-password` prints: base64 of JSON with a payload and a data key."""
    if len(text) < _SHORTEST_ECR or ":" in text:
        return False
    data = from_json(from_base64(text) or "")
    return isinstance(data, dict) and {"payload", "datakey"} <= data.keys()


def _for_registry(bare: _Bare, registry: Registry | None) -> FoundLogins:
    if registry is None:
        raise InvalidFile(
            f"the file is a {bare.kind}, which names no registry",
            next=Option("registry", "HOST", "add"),
        )
    notes = (bare.note,) if bare.note else ()
    return FoundLogins(bare.kind, (_checked(registry, bare.username, bare.password),), notes)


def _structure(text: str) -> Any:
    """The file as data: JSON, or else YAML."""
    data = from_json(text)
    if isinstance(data, Unread):
        data = yaml.read_untrusted(text)
    if isinstance(data, yaml.Unread):
        raise _not_known(f"the login file {_NOT_YAML[data]}")
    return data


def _docker_config(data: Any) -> tuple[str, Any]:
    """Say what *data* is, and give the docker config inside."""
    if not isinstance(data, dict):
        raise _not_known("the login file is no object")
    if data.get("kind") == "Secret":
        return "Kubernetes Secret", _kubernetes(data)
    inner = data.get("data")
    if isinstance(inner, dict) and isinstance(inner.get(_KEY), str):
        return "AI Core request body", _inner(inner[_KEY])
    if data and "auths" not in data and all(isinstance(e, dict) and "auth" in e for e in data.values()):
        return "legacy .dockercfg", {"auths": data}
    return "docker config", data


def _kubernetes(data: dict[str, Any]) -> Any:
    text = in_kubernetes_secret(data, _KEY)
    if text is Unread.NOT_BASE64:
        raise _not_known("the Kubernetes Secret is not base64 of UTF-8 text")
    if isinstance(text, Unread):
        raise _not_known(f"the Kubernetes Secret has no {_KEY}; is its type right?")
    return _inner(text)


def _inner(text: str) -> Any:
    data = from_json(text)
    if data is Unread.TOO_DEEP:
        raise _not_known(f"the text in {_KEY} is nested more than {MAX_DEPTH} levels deep")
    if data is Unread.NOT_JSON:
        raise _not_known(f"the text in {_KEY} is not JSON")
    return data


def _login(key: str, entry: Any) -> RegistryLogin | str:
    """The login under *key*, or one sentence why there is none."""
    shown = shown_key(key)
    if not isinstance(entry, dict):
        # It would spoil the whole secret: so it is not just left out.
        raise _not_known(f"the entry {shown} is not an object")
    user, password = _user_and_password(entry, shown)
    token = next((what for field, what in _TOKENS.items() if entry.get(field)), "")
    if token and not password:
        return f"{shown} has {token}, which AI Core cannot pull with."
    if not user and not password:
        return f"{shown} has no password in the file: docker keeps it in a credential helper."
    return _checked(AuthKey(key), user, Secret(password))


def _checked(key: AuthKey | Registry, user: str, password: Secret) -> RegistryLogin:
    """The login, or InvalidFile with what is wrong with it."""
    fault = ""
    try:
        return RegistryLogin(key, user, password)
    except InvalidLogin as error:
        fault = error.what
    raise InvalidFile(f"the entry {shown_key(str(key))}: {fault}", next="mend the entry, or leave it out.")


def _user_and_password(entry: dict[str, Any], shown: str) -> tuple[str, str]:
    """User and password as the kubelet takes them."""
    login = read_entry(entry)
    if not isinstance(login, EntryFault):
        return login
    raise _not_known(
        {
            EntryFault.AUTH_NO_TEXT: f"the `auth` of {shown} is no text",
            EntryFault.NOT_BASE64: f"the `auth` of {shown} is not base64 of UTF-8 text",
            EntryFault.NO_COLON: f"the `auth` of {shown} has no colon after the user",
            EntryFault.NO_TEXT: f"user or password of {shown} is no text",
        }[login]
    )


def _not_known(reason: str) -> InvalidFile:
    return InvalidFile(
        f"{reason}.",
        next="give a docker config.json, a Kubernetes Secret, or the body of AI Core's API.",
    )
