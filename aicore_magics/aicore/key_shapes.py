"""The service key in the data that it comes in: bindings, Kubernetes Secrets, configurations of tools.

Who writes them so: `cf service-key` and CF's API (`credentials`), Cloud Foundry (`VCAP_SERVICES`, and
`default-env.json`, which has it in a file), Kyma and the SAP BTP service operator (a Secret, `serviceurls` as
JSON text), CAP (`.cdsrc-private.json`), SAP's SDK (`AICORE_…` in a config file), sap-aicore-cli (`aicore`).
What holds no key is named by what it is, in `key_names`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from aicore_magics.aicore.key_names import NotAKey, name_of, name_of_text, other_service
from aicore_magics.aicore.key_texts import MOST_LAYERS, data_in, unquoted
from aicore_magics.base.plural import count
from aicore_magics.base.wrappers import Unread, from_base64

# Field of ours -> where a service key has it. SAP's SDK reads the same places.
KEY_FIELDS = {
    "client_id": ("clientid",),
    "client_secret": ("clientsecret",),
    "auth_url": ("url",),
    "base_url": ("serviceurls", "AI_API_URL"),
    "cert_url": ("certurl",),
    "cert_str": ("certificate",),
    "key_str": ("key",),
}
_AICORE = "AICORE_"
# The fields of a configuration of SAP's SDK: the same, files in place of texts, and the resource group.
SDK_FIELDS = {
    field: f"{_AICORE}{field.upper()}"
    for field in (*KEY_FIELDS, "cert_file_path", "key_file_path", "resource_group")
}
# Where the key lies behind a name.
_WRAPPERS = ("AICORE_SERVICE_KEY", "VCAP_SERVICES", "credentials", "aicore")
# By one of these a key is known, even half a key.
_SIGNS = frozenset(["clientid", "clientsecret", "serviceurls", "certificate", "certurl"])
# Names without signs, in small letters, and the field of a key that they are; of several the last counts.
_SPELT = {"tokenurl": "url", "authurl": "url", "url": "url"} | {
    field: field for field in ("clientid", "clientsecret", "certificate", "key")
}
_MOST_VALUES, _MOST_TEXTS = 20_000, 50  # that a key is looked for in
_MAY_HOLD_KEY = re.compile(r"clientid|\A[\s\"'\[]*[A-Za-z0-9+/=_\s-]{100,}[\s\"'\]]*\Z")


@dataclass(frozen=True, slots=True)
class FoundKey:
    """A service key's *data*; or, of a configuration of SAP's SDK, its *settings* by their names."""

    data: dict[str, Any]
    settings: dict[str, str] | None = None
    notes: tuple[str, ...] = ()


def find_key(text: str) -> FoundKey | NotAKey:
    """Return the one service key in *text*, however it is wrapped, or what *text* is instead."""
    data: Any = text
    notes: tuple[str, ...] = ()
    for _ in range(MOST_LAYERS):
        if isinstance(data, str):
            text, data = data, data_in(data)
        if isinstance(data, Unread):
            return name_of_text(text, data)
        settings = _settings(data) if isinstance(data, dict) else None
        if settings:
            return FoundKey(data, settings, notes)
        inner = _inside(data)
        if inner is None:
            return _key_or_name(data, notes)
        notes += _first_of_several(data)
        data = inner
    return name_of(data)


def _inside(data: Any) -> Any:
    """What lies in one wrapping, or None if *data* is wrapped in none."""
    if isinstance(data, list):
        return data[0] if len(data) == 1 else None
    if not isinstance(data, dict):
        return None
    if data.get("kind") in ("Secret", "List"):
        return _secret(data) if data["kind"] == "Secret" else data.get("items")
    inner = next((data[name] for name in _WRAPPERS if data.get(name)), None)
    bindings = inner if isinstance(inner, list) else _labelled(data)
    if bindings:
        return bindings[0]
    return inner if isinstance(inner, (dict, str)) else None


def _labelled(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The bindings of AI Core among those of an application, whatever they are listed under."""
    lists = [each for each in data.values() if isinstance(each, list)]
    return [one for each in lists for one in each if isinstance(one, dict) and one.get("label") == "aicore"]


def _secret(data: dict[str, Any]) -> dict[str, Any] | None:
    """The values of a Kubernetes Secret, or the one key in them; nothing where there is none."""
    values = _secret_values(data)
    if values.keys() & {*_SIGNS, *_WRAPPERS, *SDK_FIELDS.values()}:
        return values
    within = _candidates(list(values.values()))
    return within[0] if len(within) == 1 else None


def _secret_values(data: dict[str, Any]) -> dict[str, str]:
    """What a Kubernetes Secret holds, as texts."""
    coded = {name: (from_base64(each), each) for name, each in _texts(data.get("data")).items()}
    values = {name: each if plain is None else plain for name, (plain, each) in coded.items()}
    return values | _texts(data.get("stringData"))


def _texts(data: Any) -> dict[str, str]:
    pairs = data.items() if isinstance(data, dict) else ()
    return {name: each for name, each in pairs if isinstance(name, str) and isinstance(each, str)}


def _settings(data: dict[str, Any]) -> dict[str, str] | None:
    """The settings of SAP's SDK in *data*, unless a whole service key is among them."""
    if data.get("AICORE_SERVICE_KEY"):
        return None
    texts = _texts(data)
    found = {field: unquoted(texts[name]) for field, name in SDK_FIELDS.items() if name in texts}
    return found if found.keys() - {"resource_group"} else None


def _first_of_several(data: Any) -> tuple[str, ...]:
    """That there are more bindings of AI Core than the one that is taken, as SAP's SDK takes it."""
    bindings = data.get("aicore") if isinstance(data, dict) else None
    if not isinstance(bindings, list) or len(bindings) < 2:  # noqa: PLR2004  several
        return ()
    return (f"There are {len(bindings)} bindings of AI Core. The first was used, as SAP's SDK does.",)


def _key_or_name(data: Any, notes: tuple[str, ...]) -> FoundKey | NotAKey:
    """The key that *data* is, or the only one somewhere in it."""
    data = _decoded(_as_in_keys(data))
    other = other_service(data)
    if isinstance(data, dict) and data.keys() & _SIGNS and not other:
        return FoundKey(_with_urls(data), notes=notes)
    found = _candidates(data)
    if len(found) > 1:
        what = f"contains {count(len(found), 'service key')}, not one"
        return NotAKey(what, "put the one that you want into a separate file.")
    return FoundKey(found[0], notes=notes) if found else other or name_of(data)


def _decoded(data: Any) -> Any:
    """The values of a Secret that kubectl printed alone, still in base64."""
    url = data.get("url") if isinstance(data, dict) else None
    if isinstance(url, str) and (from_base64(url) or "").startswith("http"):
        return _secret_values({"data": data})
    return data


def _as_in_keys(data: Any) -> Any:
    """An object that names the fields of a key in another way, with the names that a key has.

    `clientId`, `client_id`, the arguments of SAP's SDK (`auth_url`, `base_url`), or the client under `uaa`.
    """
    if not isinstance(data, dict):
        return data
    plain = {re.sub("[_-]", "", name).lower(): each for name, each in data.items() if isinstance(name, str)}
    if isinstance(plain.get("uaa"), dict) and "serviceurls" in plain:
        beside = {name: each for name, each in data.items() if name != "uaa"}
        return {**plain["uaa"], **beside, "serviceurls": plain["serviceurls"]}
    urls = _urls(plain)
    if "clientid" not in plain or urls is None:
        return data
    named = {field: plain[name] for name, field in _SPELT.items() if name in plain}
    return {**data, **named, "serviceurls": urls}


def _urls(plain: dict[str, Any]) -> Any:
    """What is `serviceurls` in a key, by the plain names of its fields; None if there is no address."""
    urls = plain.get("serviceurls")
    if isinstance(urls, dict):
        return {(name.upper() if name.lower() == "ai_api_url" else name): each for name, each in urls.items()}
    address = plain.get("aiapiurl") or plain.get("baseurl")
    return urls or ({"AI_API_URL": address} if address else None)


def _with_urls(data: dict[str, Any]) -> dict[str, Any]:
    """The key, with `serviceurls` as an object where it is JSON text, as in a Secret of Kyma, or left out."""
    urls = data.get("serviceurls")
    if urls is None and isinstance(data.get("AI_API_URL"), str):
        return {**data, "serviceurls": {"AI_API_URL": data["AI_API_URL"]}}
    if isinstance(urls, str):
        inner = data_in(urls)
        return {**data, "serviceurls": inner if isinstance(inner, dict) else urls}
    return data


def _candidates(data: Any) -> list[dict[str, Any]]:
    """The different service keys of AI Core anywhere in *data*, and in the texts in it."""
    found: list[dict[str, Any]] = []
    waiting, seen, texts = [data], 0, 0
    while waiting and seen < _MOST_VALUES:
        each = waiting.pop()
        seen += 1
        if isinstance(each, str) and texts < _MOST_TEXTS and _MAY_HOLD_KEY.search(each):
            texts += 1
            each = data_in(each)
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            whole = _with_urls(_decoded(_as_in_keys(each)))
            if "clientid" in whole and "AI_API_URL" in whole.get("serviceurls", ()):
                found += [] if whole in found else [whole]
            else:
                waiting += [_secret_values(each)] if each.get("kind") == "Secret" else each.values()
    return found
