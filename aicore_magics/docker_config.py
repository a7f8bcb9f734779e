"""Logins out of the files people have, recognised by content: keys as they stand, nothing guessed.

A docker `config.json`, a Kubernetes Secret (YAML or JSON), or the body of AI Core's own API.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Any

from aicore_magics.docker_secret import AuthKey, RegistryLogin
from aicore_magics.errors import InvalidFile, InvalidLogin
from aicore_magics.redact import Secret, visible

MAX_FILE_BYTES = 1_048_576
_KEY = ".dockerconfigjson"


@dataclass(frozen=True, slots=True)
class FoundLogins:
    """The logins of a file, what kind of file it was, and a sentence for each entry without a password."""

    kind: str
    logins: tuple[RegistryLogin, ...]
    skipped: tuple[str, ...] = ()


def parse_logins(text: str) -> FoundLogins:
    """Read the logins in *text*. Raises InvalidFile if it is none of the known kinds, or one with a fault."""
    kind, config = _docker_config(_structure(text))
    auths = config.get("auths") if isinstance(config, dict) else None
    if not isinstance(auths, dict):
        raise _not_known("it has no `auths`")
    read = [_login(key, entry) for key, entry in auths.items()]
    skipped = tuple(one for one in read if isinstance(one, str))
    logins = tuple(one for one in read if isinstance(one, RegistryLogin))
    if not logins:
        raise InvalidFile(
            f"the {kind} holds no password that could be stored. Nothing was sent.",
            hint=skipped[0] if skipped else "is it the right file?",
        )
    return FoundLogins(kind, logins, skipped)


def _structure(text: str) -> Any:
    """The file as data: JSON, or else YAML. The parsers' own messages quote the text, so none is kept."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError):
        pass
    raise _not_known("it is neither JSON nor YAML")


def _docker_config(data: Any) -> tuple[str, Any]:
    """Say what *data* is, and give the docker config inside."""
    if not isinstance(data, dict):
        raise _not_known("it is no object")
    if data.get("kind") == "Secret":
        return "Kubernetes Secret", _kubernetes(data)
    inner = data.get("data")
    if isinstance(inner, dict) and isinstance(inner.get(_KEY), str):
        return "AI Core request body", _inner(inner[_KEY])
    return "docker config", data


def _kubernetes(data: dict[str, Any]) -> Any:
    plain, coded = data.get("stringData"), data.get("data")
    if isinstance(plain, dict) and isinstance(plain.get(_KEY), str):
        return _inner(plain[_KEY])
    if isinstance(coded, dict) and isinstance(coded.get(_KEY), str):
        return _inner(_from_base64(coded[_KEY], "the Kubernetes Secret"))
    raise _not_known(f"the Kubernetes Secret has no {_KEY}; its type must be kubernetes.io/dockerconfigjson")


def _inner(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    raise _not_known(f"the text in {_KEY} is not JSON")


def _login(key: str, entry: Any) -> RegistryLogin | str:
    """The login under *key*, or one sentence why there is none."""
    shown = visible(key)
    if not isinstance(entry, dict):
        raise _not_known(f"the entry {shown} is not an object, which spoils the whole secret")
    user, password = _user_and_password(entry, shown)
    if not user and not password:
        return f"{shown} has no password in the file: docker keeps it in a credential helper."
    if entry.get("identitytoken") and not password:
        return f"{shown} has an identity token, which AI Core cannot pull with."
    fault = ""
    try:
        return RegistryLogin(AuthKey(key), user, Secret(password))
    except InvalidLogin as error:
        fault = error.message
    raise InvalidFile(f"the entry {shown}: {fault}", hint="mend the entry, or leave it out.")


def _user_and_password(entry: dict[str, Any], shown: str) -> tuple[str, str]:
    """User and password as the kubelet takes them: `auth` wins, and is split at its first colon."""
    auth = entry.get("auth") or ""
    if not isinstance(auth, str):
        raise _not_known(f"the `auth` of {shown} is no text")
    if auth:
        user, colon, password = _from_base64(auth, f"the `auth` of {shown}").partition(":")
        if not colon:
            raise _not_known(f"the `auth` of {shown} holds no colon between user and password")
        return user, password.strip("\x00")
    user, password = entry.get("username") or "", entry.get("password") or ""
    if not isinstance(user, str) or not isinstance(password, str):
        raise _not_known(f"user or password of {shown} is no text")
    return user, password


def _from_base64(text: str, what: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode()
    except (binascii.Error, ValueError):
        pass
    raise _not_known(f"{what} is not base64 of UTF-8 text")


def _not_known(reason: str) -> InvalidFile:
    return InvalidFile(
        f"the login file cannot be used: {reason}. Nothing was sent.",
        hint="give a docker config.json, a Kubernetes Secret, or the body of AI Core's API.",
    )
