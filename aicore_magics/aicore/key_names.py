"""What people give in place of a service key, named by what it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from aicore_magics.base.redact import scrub_name
from aicore_magics.base.wrappers import MAX_DEPTH, Unread, jwt_claims
from aicore_magics.next_steps import Command, do

if TYPE_CHECKING:
    from collections.abc import Callable

    from aicore_magics.next_steps import Words

AGAIN = "download the key of your AI Core instance from the BTP cockpit again."
_NAME = re.compile(r"[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?")
_MOST_NAMES = 3


@dataclass(frozen=True, slots=True)
class NotAKey:
    """*what* is to be said of a text in place of a key, as "is a docker config"; and what to do *next*."""

    what: str
    next: Words = AGAIN


def _is(what: str, next: Words = AGAIN) -> NotAKey:
    return NotAKey(f"is not a service key: it is {what}", next)


# The first row that fits tells what an object is.
_OBJECTS: tuple[tuple[Callable[[dict[str, Any]], bool], str], ...] = (
    (lambda data: not data, "an empty object"),
    (lambda data: isinstance(data.get("auths"), dict), "a docker config, with registry logins"),
    (lambda data: data.get("type") == "service_account", "a Google service account key"),
    (lambda data: isinstance(data.get("access_token"), str), "the answer of a token service, with a token"),
    (lambda data: "nbformat" in data, "a notebook"),
    (lambda data: "sops" in data, "a file that SOPS has encrypted"),
    (lambda data: "openapi" in data or "swagger" in data, "the description of an API"),
    (lambda data: isinstance(data.get("error"), (str, dict)), "the answer to a request that failed"),
)
# Field that the keys of one service have, and its name. All but the last have no `serviceurls`.
_SERVICES: tuple[tuple[str, str, str], ...] = (
    ("hdi_user", "", "SAP HANA"),
    ("driver", "com.sap.db", "SAP HANA"),
    ("url", "jdbc:sap:", "SAP HANA"),
    ("uri", "destination-configuration", "the Destination service"),
    ("onpremise_proxy_host", "", "the Connectivity service"),
    ("bucket", "", "Object Store"),
    ("uaa", "", "another service, whose client is under `uaa`"),
    ("xsappname", "", "Authorization and Trust Management (XSUAA)"),
)


def other_service(data: Any) -> NotAKey | None:
    """Return the service that *data* is a key of, if it is known and another than AI Core."""
    if not isinstance(data, dict) or "serviceurls" in data:
        return None
    for field, part, service in _SERVICES:
        value = data.get(field)
        if value is not None and (not part or (isinstance(value, str) and part in value)):
            return NotAKey(f"is a service key, but of {service}", "take the key of your AI Core instance.")
    return None


def name_of(data: Any) -> NotAKey:
    """Return what *data* is, in which there is no service key."""
    if isinstance(data, list):
        return _is("an empty list" if not data else "a list without a service key")
    if not isinstance(data, dict):
        return _is("a single value")
    known = next((what for fits, what in _OBJECTS if fits(data)), "")
    return (
        _is(known)
        if known
        else _of_kubernetes(data) or _of_cap(data) or _bindings(data) or _is("an object with other fields")
    )


def _of_kubernetes(data: dict[str, Any]) -> NotAKey | None:
    kind = data.get("kind")
    if not isinstance(kind, str) or ("apiVersion" not in data and kind != "Secret"):
        return None
    if kind == "ServiceBinding":
        spec = data.get("spec")
        name = _shown(spec.get("secretName") if isinstance(spec, dict) else "") or "NAME"
        return _is(
            "a ServiceBinding of Kubernetes: the key is in its Secret",
            (Command(f"kubectl get secret {name} -o json > key.json"), ", then ", do("connect-key")),
        )
    if kind == "Secret":
        logins = {".dockerconfigjson", ".dockercfg"} & {
            *_names(data.get("data")),
            *_names(data.get("stringData")),
        }
        return _is(
            "a Kubernetes Secret with registry logins" if logins else "a Kubernetes Secret of another kind"
        )
    known = _shown(kind)
    return _is(f"a {known} of Kubernetes" if known else "an object of Kubernetes")


def _of_cap(data: dict[str, Any]) -> NotAKey | None:
    """A CAP configuration that names an instance, as `cds bind` writes it: the key stays in Cloud Foundry."""
    inner = data.get("cds")
    requires = (inner if isinstance(inner, dict) else data).get("requires")
    if not isinstance(requires, dict):
        return None
    services = [each for each in requires.values() if isinstance(each, dict)]
    services += [deep for each in services for deep in each.values() if isinstance(deep, dict)]
    bindings = [each["binding"] for each in services if isinstance(each.get("binding"), dict)]
    if not bindings:
        return _is("a CAP configuration")
    only = bindings[0] if len(bindings) == 1 else {}
    instance, key, secret = (_shown(only.get(name)) for name in ("instance", "key", "secret"))
    get = f"cf service-key {instance or 'INSTANCE'} {key or 'KEY'} > key.json"
    where = "Cloud Foundry"
    if any(each.get("type") == "k8s" for each in bindings):
        get, where = f"kubectl get secret {secret or 'NAME'} -o json > key.json", "a Secret of Kubernetes"
    what = f"a CAP binding: it names the key, which is in {where}"
    return _is(what, (Command(get), ", then ", do("connect-key")))


def _bindings(data: dict[str, Any]) -> NotAKey | None:
    """The bindings of an application, none of which is of AI Core."""
    labels = [
        name
        for name, each in data.items()
        if isinstance(each, list) and each and all(isinstance(one, dict) for one in each)
    ]
    if not labels or len(labels) < len(data):
        return None
    shown = [name for name in map(_shown, labels[:_MOST_NAMES]) if name]
    more = " and more" if len(labels) > len(shown) else ""
    return NotAKey(
        f"contains bindings of other services: {', '.join(shown)}{more}"
        if shown
        else "contains bindings of other services",
        "bind the application to AI Core, or give a service key.",
    )


def name_of_text(text: str, why: Unread) -> NotAKey:
    """Return what *text* is, in which there is no data."""
    if why is Unread.TOO_DEEP:
        return _is_what(f"it is nested more than {MAX_DEPTH} levels deep")
    start = text.lstrip("\ufeff").lstrip()
    if not start:
        return _is("empty")
    what = next((what for pattern, what in _TEXTS if re.match(pattern, start)), "")
    if what:
        return _is(what)
    if re.fullmatch(r"[^\n{}\"']{1,4000}\.(?:json|txt|ya?ml|env)", start.rstrip()):
        return _is("the path of a file", ("give that file: ", do("connect-key")))
    if jwt_claims(start.rstrip()):
        return _is("a token")
    return _is_what("it is not JSON")


_GETTING = r"(?i)(?:getting (?:service )?keys?\b[^\n]*\s+)?"  # cf's first line
_TEXTS = (
    (r"-----BEGIN [A-Z ]*PRIVATE KEY", "a private key"),
    (r"-----BEGIN CERTIFICATE", "a certificate"),
    (r"(?i)<!doctype|<html", "a web page"),
    (rf"{_GETTING}(?:FAILED\b|service (?:instance|key) [^\n]*not )", "an error of cf"),
    (rf"{_GETTING}(?:name\s+(?:last operation|guid)|no service keys?\b)", "a list of keys, as cf prints it"),
    (r"https?://\S+\s*\Z", "an address"),
    (r"&?map\[", "an object as Go prints it"),
)


def _is_what(reason: str) -> NotAKey:
    return NotAKey(f"is not a service key: {reason}")


def _names(data: Any) -> tuple[str, ...]:
    return tuple(map(str, data)) if isinstance(data, dict) else ()


def _shown(name: Any) -> str:
    """A foreign name, if it is one that people give; anything else may be a secret."""
    plain = isinstance(name, str) and _NAME.fullmatch(name)
    return scrub_name(name) if plain else ""
