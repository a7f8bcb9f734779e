"""What registries and the tools of clouds print: a login as JSON, each in its own fields.

The fields are those that the tools document: Azure CLI `acr login --expose-token`, `acr credential show`,
`acr token create`, `ad sp create-for-rbac`; AWS CLI `ecr get-authorization-token`; Harbor's and Quay's robot
accounts; GitLab's deploy tokens; docker-credential-helpers' `get`; docker's AuthConfig.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.base.redact import Secret
from aicore_magics.base.yaml import NotText
from aicore_magics.logins.shapes.found import Auths, Found, Look, Named, Pair, broken
from aicore_magics.model.google_key import JSON_KEY, compact
from aicore_magics.next_steps import Command, Option, do

if TYPE_CHECKING:
    from aicore_magics.next_steps import Words

OF_ECR = "ECR logins expire after 12 hours, and AI Core does not renew them."
_AZURE_TOKEN_USER = "00000000-0000-0000-0000-000000000000"
_ECR_OUTPUT = "output of aws ecr get-authorization-token"
_PUBLIC_ECR = "public.ecr.aws"
_ANY = "login in JSON or YAML"
# A field that names a registry and nothing else: `host` and `url` may be those of a database.
REGISTRY_FIELDS = ("registry", "server", "serveraddress", "loginServer")
# Under these the values of a chart have the logins of registries, one or a list.
_PLACES = ("imageCredentials", "imagePullSecret", "registryCredentials", "dockerRegistry", "registry")


_NO_TEXTS = (bool, int, float, NotText)
# An access token of GitLab has a name of any words, too.
_OF_GITLAB = {"name", "token", "scopes"}


@dataclass(frozen=True, slots=True)
class _Output:
    """The fields of one kind of output, all of which are there: of the user, the password, the registry.

    *other_user* is the user where its field is missing; *with_* are fields that tell this kind from others.
    """

    kind: str
    user: str
    password: str
    registry: str = ""
    with_: tuple[str, ...] = ()
    other_user: str = ""


_OUTPUTS = (
    _Output(
        "output of az acr login",
        user="username",
        password="accessToken",
        registry="loginServer",
        other_user=_AZURE_TOKEN_USER,
    ),
    _Output("output of az ad sp create-for-rbac", "appId", "password", with_=("tenant",)),
    _Output("answer of a credential helper", "Username", "Secret", "ServerURL"),
    _Output("answer of a credential helper", "Username", "Secret"),
    *(_Output(_ANY, "username", "password", registry) for registry in REGISTRY_FIELDS),
    _Output(_ANY, "username", "password"),
    _Output("deploy token", "username", "token"),
)
_AWS_LOGIN: Words = (Command("aws ecr get-authorization-token"), " turns it into a login.")
_GOOGLE_LOGIN: Words = (Command("gcloud auth print-access-token"), " turns it into a login, for an hour.")
# Objects that are known by their fields, and are no login for a registry.
_NO_LOGINS: tuple[tuple[tuple[str, ...], str, Words], ...] = (
    (("clientid", "clientsecret"), "a service key", do("connect-key")),
    (("clientid", "certificate"), "a service key", do("connect-key")),
    (
        ("accessToken", "expiresOn"),
        "an Azure access token that is not for a registry",
        (Command("az acr login --expose-token --name REGISTRY"), " prints one for a registry."),
    ),
    (
        ("name", "token", "scopes"),
        "a GitLab access token without its user",
        ("give the token and its user ", Option("username", "USER", "with"), "."),
    ),
    (("AccessKeyId", "SecretAccessKey"), "a key for AWS", _AWS_LOGIN),
    (("refresh_token", "client_secret"), "a Google user's own login", _GOOGLE_LOGIN),
    (("audience", "subject_token_type"), "a workload identity of Google", _GOOGLE_LOGIN),
    (
        ("resources", "count"),
        "a list of names, as AI Core gives it",
        ("give the login with ", Option("username", "USER"), "."),
    ),
)


def output(data: dict[Any, Any], _look: Look) -> Found | None:
    """A login, or what is known and is none, by the fields of *data*."""
    return (
        _google_key(data)
        or _of_ecr(data)
        or _of_robot(data)
        or _by_fields(data)
        or _no_text(data)
        or _no_login(data)
        or _in_place(data)
        or _with_passwords(data)
    )


def _text(data: Any, field: str) -> str:
    value = data.get(field) if isinstance(data, dict) else None
    return value if isinstance(value, str) else ""


def _by_fields(data: dict[Any, Any]) -> Found | None:
    for each in _OUTPUTS:
        user, password = _text(data, each.user) or each.other_user, _text(data, each.password)
        registry = _text(data, each.registry)
        if user and password and (registry or not each.registry) and all(data.get(f) for f in each.with_):
            if registry:
                return Auths(each.kind, {registry: {"username": user, "password": password}})
            return Pair(each.kind, user, Secret(password))
    return None


def _no_text(data: dict[Any, Any]) -> Found | None:
    """A login whose user or password is no text: in YAML 12345, no and 1e5 need quotes."""
    both = {"username": data.get("username"), "password": data.get("password")}
    if not all(isinstance(value, (str, *_NO_TEXTS)) for value in both.values()):
        return None
    odd = next((name for name, value in both.items() if isinstance(value, _NO_TEXTS)), "")
    what = f"the `{odd}` in the file is not a string, but a number, a date, or true or false"
    return broken(what, "put it in quotes.") if odd else None


def _no_login(data: dict[Any, Any]) -> Found | None:
    # AWS has a temporary key one level below, and a binding its service key.
    inner = (data.get("Credentials"), data.get("credentials"))
    parts = [part for part in (data, *inner) if isinstance(part, dict)]
    known = (each for part in parts for each in _NO_LOGINS if all(field in part for field in each[0]))
    return next((Named(what, then) for _, what, then in known), None)


def _google_key(data: dict[Any, Any]) -> Found | None:
    """A service account's key: registries of Google take the whole of it as the password."""
    if data.get("type") != "service_account" or "private_key" not in data:
        return None
    if not all(isinstance(part, str) for pair in data.items() for part in pair):
        return broken("a field of the Google service account key is not a string")
    return Pair("Google service account key", JSON_KEY, Secret(compact(data)))


def _of_ecr(data: dict[Any, Any]) -> Found | None:
    """What AWS prints: a token for each account, or that of the public registry."""
    tokens = data.get("authorizationData")
    if isinstance(tokens, dict):
        tokens = [{"proxyEndpoint": _PUBLIC_ECR, **tokens}]
    if not isinstance(tokens, list) or not tokens:
        return None
    places = [_text(token, "proxyEndpoint").removeprefix("https://") for token in tokens]
    auths = [{"auth": auth} for token in tokens if (auth := _text(token, "authorizationToken"))]
    if not all(places) or len(auths) < len(places):
        return Named(
            f"a part of the {_ECR_OUTPUT}", (Command("aws ecr get-authorization-token"), " prints the whole.")
        )
    return Auths(_ECR_OUTPUT, dict(zip(places, auths, strict=True)), (OF_ECR,))


def _of_robot(data: dict[Any, Any]) -> Found | None:
    """A robot account, of Harbor by its prefix or its fields, of Quay by the plus in its name.

    Harbor's administrators may choose another prefix than `robot$`; Quay has its secret in `token`.
    """
    name, secret, token = (_text(data, field) for field in ("name", "secret", "token"))
    if not re.fullmatch(r"[^\s:]+", name) or data.keys() >= _OF_GITLAB:
        return None
    made = any(data.get(field) is not None for field in ("expires_at", "creation_time"))
    if name.startswith("robot$") or (secret and made) or data.get("creation_time"):
        kind = "Harbor robot account"
    else:
        kind = ("robot account" if secret else "Quay robot account") if "+" in name else ""
    return Pair(kind, name, Secret(secret or token)) if kind and (secret or token) else None


def _with_passwords(data: dict[Any, Any]) -> Found | None:
    """What Azure prints of a registry's own user or token: a user with two passwords."""
    part = data.get("credentials") or data
    user, passwords = _text(part, "username"), part.get("passwords") if isinstance(part, dict) else None
    if not user or not isinstance(passwords, list):
        return None
    value = next(filter(None, (_text(each, "value") for each in passwords)), "")
    return Pair("Azure registry credential", user, Secret(value)) if value else None


def _in_place(data: dict[Any, Any]) -> Found | None:
    """The logins in the values of a Helm chart, under one of the names that charts have for them."""
    for place in _PLACES:
        part = data.get(place)
        logins = part if isinstance(part, list) else [part]
        found = [_by_fields(each) if isinstance(each, dict) else None for each in logins]
        entries = [each.entries for each in found if isinstance(each, Auths)]
        if entries and len(entries) == len(found):
            return Auths(f"login in {place}", {key: entry for each in entries for key, entry in each.items()})
        if len(found) == 1 and isinstance(found[0], Pair):
            return Pair(f"login in {place}", found[0].username, found[0].password)
    return None
