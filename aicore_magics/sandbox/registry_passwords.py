"""The shapes that passwords of registries have, and which of them tell when they end."""

from __future__ import annotations

import base64
import json
import secrets
import string
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

Shape = Literal["opaque", "jwt", "ecr", "google", "github", "gitlab", "harbor"]
SHAPES: tuple[Shape, ...] = get_args(Shape)

_LETTERS = string.ascii_letters + string.digits


@dataclass(frozen=True, slots=True)
class Claims:
    """What a password may tell of its login: whose it is, and from when to when it is good."""

    issuer: str
    username: str
    begins: datetime
    ends: datetime | None


def password(shape: Shape, claims: Claims) -> str:
    """Give a password of this *shape* that nobody has seen. A "jwt" and an "ecr" one tell their *claims*."""
    return _MAKERS[shape](claims)


def default_life(shape: Shape) -> timedelta | None:
    """Give how long a login lives if nothing is said: Amazon's 12 hours, Google's hour; None is for ever."""
    return _LIVES.get(shape)


def fixed_user(shape: Shape) -> str:
    """Give the one user name that goes with *shape*; empty if any does."""
    return _USERS.get(shape, "")


def fitting(shape: Shape, ends: datetime) -> datetime:
    """Give *ends* as *shape* can have it, never a later one: in whole seconds, at GitLab whole days."""
    if shape == "gitlab":
        return ends.replace(hour=0, minute=0, second=0, microsecond=0)
    return ends.replace(microsecond=0)


def _opaque(_: Claims) -> str:
    return secrets.token_urlsafe(18)


def _jwt(claims: Claims) -> str:
    header = {"alg": "RS256", "typ": "JWT", "kid": "sandbox"}
    told: dict[str, object] = {
        "iss": claims.issuer,
        "sub": claims.username,
        "iat": int(claims.begins.timestamp()),
        "jti": str(uuid.uuid4()),
    }
    if claims.ends is not None:
        told["exp"] = int(claims.ends.timestamp())
    # The signature is nobody's: those who read such a token to learn its end cannot verify it either.
    parts = (_compact(header), _compact(told), secrets.token_bytes(64))
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _ecr(claims: Claims) -> str:
    told: dict[str, object] = {
        "payload": base64.b64encode(secrets.token_bytes(420)).decode(),
        "datakey": base64.b64encode(secrets.token_bytes(184)).decode(),
        "version": "2",
        "type": "DATA_KEY",
    }
    if claims.ends is not None:
        told["expiration"] = int(claims.ends.timestamp())
    return base64.b64encode(_compact(told)).decode()


def _letters(prefix: str, length: int) -> Callable[[Claims], str]:
    def make(_: Claims) -> str:
        return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))

    return make


def _compact(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


_Maker: TypeAlias = Callable[[Claims], str]
_MAKERS = MappingProxyType[Shape, _Maker](
    {
        "opaque": _opaque,
        "jwt": _jwt,
        "ecr": _ecr,
        "google": _letters("ya29.", 160),
        "github": _letters("ghp_", 36),
        "gitlab": _letters("glpat-", 20),
        "harbor": _letters("", 32),
    }
)
_LIVES = MappingProxyType[Shape, timedelta]({"ecr": timedelta(hours=12), "google": timedelta(hours=1)})
_USERS = MappingProxyType[Shape, str]({"ecr": "AWS", "google": "oauth2accesstoken"})
