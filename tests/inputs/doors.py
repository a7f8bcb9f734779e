"""The doors through which text comes in, for each what may be tried, and how one sees that it went right."""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hypothesis import strategies as st

from aicore_magics.aicore.address import Address
from aicore_magics.aicore.service_key import parse_service_key, service_key
from aicore_magics.leaks.detect import detect
from aicore_magics.leaks.files.document import Document, notebook_fault
from aicore_magics.logins.file_formats import parse_logins
from aicore_magics.model.docker_secret import DockerSecret
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry, SecretName
from aicore_magics.templates.check.check_files import check_text
from aicore_magics.templates.generate.generated import serving_template, workflow_template
from aicore_magics.templates.generate.parts import Container, Parameter
from aicore_magics.templates.generate.serving_parts import ServingOptions
from aicore_magics.templates.patch.patch import Patched, set_pull_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis.strategies import SearchStrategy

ODD = "\x00\t\n\r\x1b\x85 \u00a0\u200b\u202e\u2028\ufeff\ud800é😀İſ\"'\\{}[]<>&%#@:/?=+*|`~$.-_,;!0aA"
SAP_NAME = re.compile(r"[a-z0-9](?:_?[a-z0-9.\-]+)*[a-z0-9]")  # as SAP publishes it
# The grammar of github.com/distribution/reference, as it is documented there: the domain may be missing, and
# gh_r.io, which is none, is then the first part of a path.
_COMPONENT = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
REFERENCE = re.compile(
    rf"(?:(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::[0-9]+)?/)?{_COMPONENT}(?:/{_COMPONENT})*"
    r"(?::[\w][\w.-]{0,127})?(?:@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,})?"
)


@dataclass(frozen=True)
class Door:
    """*enter* takes a text; *wrong* says what is wrong with what it gave, or nothing."""

    name: str
    texts: SearchStrategy[str]
    enter: Callable[[str], Any]
    wrong: Callable[[str, Any], str] = lambda _text, _result: ""


def edited(*examples: str) -> SearchStrategy[str]:
    """Text of any kind, the examples, and the examples with a few characters put in, taken out or doubled."""
    edit = st.tuples(st.integers(0, 2000), st.integers(0, 3), st.text(st.sampled_from(ODD), max_size=3))
    near = st.builds(_edited, st.sampled_from(examples), st.lists(edit, min_size=1, max_size=4))
    return st.one_of(near, near, st.text(max_size=80), st.text(st.sampled_from(ODD), max_size=40))


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for place, length, put in edits:
        at = place % (len(text) + 1)
        text = text[:at] + put + text[at + length :]
    return text


def _name_is_wrong(text: str, name: SecretName) -> str:
    fits = 2 <= len(text) <= 63 and SAP_NAME.fullmatch(text)
    return "" if fits and str(name) == text else "taken, though SAP's pattern does not"


def _registry_is_wrong(_text: str, registry: Registry) -> str:
    if Registry.parse(str(registry)) != registry:
        return "reads differently the second time"
    parts = urlsplit(f"https://{registry.host}")
    plain = not (parts.path or parts.query or parts.fragment or parts.username) and parts.hostname
    return "" if plain and re.fullmatch(r"[a-z0-9.:\[\]-]+", registry.host) else "is no host"


def _image_is_wrong(_text: str, image: ImageReference) -> str:
    if ImageReference.parse(str(image)) != image:
        return "reads differently the second time"
    return "" if REFERENCE.fullmatch(str(image)) else "is no reference by distribution's grammar"


def _address_is_wrong(_text: str, address: Address) -> str:
    parts = urlsplit(str(address))
    loopback = (parts.hostname or "") == "localhost" or (parts.hostname or "").startswith(("127.", "::1"))
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        return "a secret would go over plain HTTP"
    return "a login or a query in it" if parts.username or parts.query or parts.fragment else ""


def _logins_are_wrong(_text: str, found: Any) -> str:
    config = json.loads(DockerSecret(SecretName("team"), found.logins).dockerconfigjson().reveal())
    for entry in config["auths"].values():
        user, colon, password = base64.b64decode(entry["auth"], validate=True).decode().partition(":")
        if (user, colon, password) != (entry["username"], ":", entry["password"]):
            return "the kubelet would read another login"
    return "" if config["auths"] else "no login"


def _key_is_wrong(text: str, key: Any) -> str:
    """The secret stands in the text as it is, or as JSON or Python would write it."""
    secret = key.proof.reveal()
    written = (secret, json.dumps(secret)[1:-1], repr(secret)[1:-1])
    # An escape may be written in several ways.
    return "" if "\\" in text or any(each in text for each in written) else "another secret than the key's"


def _service_key(text: str) -> Any:
    return service_key(parse_service_key(text, "the key"), "the key")


def _scanned(text: str) -> Any:
    return detect(Document(Path("x.ipynb"), "utf-8", b"", text, True, notebook_fault(text)))


def _checked(text: str) -> Any:
    return check_text(text, "t.yaml")


def _patched(text: str) -> Any:
    return set_pull_secret(text, "team-ghcr")


def _patch_is_wrong(_text: str, done: Any) -> str:
    if not isinstance(done, Patched):
        return ""
    again = set_pull_secret(done.text, "team-ghcr")
    return "" if isinstance(again, Patched) and not again.changed else "changes again"


_LOGIN = {"auths": {"ghcr.io": {"username": "anna", "password": "pw-1", "auth": "YW5uYTpwdy0x"}}}
_CONFIG = json.dumps(_LOGIN)
_KUBERNETES = json.dumps(
    {
        "kind": "Secret",
        "type": "kubernetes.io/dockerconfigjson",
        "data": {".dockerconfigjson": base64.b64encode(_CONFIG.encode()).decode()},
    }
)
_OTHER_LOGINS = (
    base64.b64encode(_CONFIG.encode()).decode(),
    f"export DOCKER_AUTH_CONFIG='{_CONFIG}'\n",
    f"```\n{_CONFIG}\n```\n",
    f"curl -d '{_CONFIG}' https://x",
    json.dumps({"name": "team", "data": {".dockerconfigjson": _CONFIG}}),
    json.dumps({"accessToken": "pw-1", "loginServer": "acme.azurecr.io"}),
    json.dumps({"type": "service_account", "private_key": "-----BEGIN\nx\n"}, indent=1),
    "machine ghcr.io login anna password pw-1",
)
_KEY = json.dumps(
    {
        "clientid": "sb-1!b2|aicore!b540",
        "clientsecret": "not-a-secret",
        "url": "https://acme.authentication.eu10.hana.ondemand.com",
        "serviceurls": {"AI_API_URL": "https://api.ai.prod.eu-central-1.aws.ml.hana.ondemand.com"},
    }
)
_CELL = {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": []}
_NOTEBOOK = json.dumps(
    {
        "cells": [{**_CELL, "source": ["password = 'pw-1'\n", "!docker login -u anna -p pw-1 ghcr.io"]}],
        "metadata": {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
)
_WHAT = {"image": "ghcr.io/acme/churn:1.4", "secret": "team-churn", "scenario": "churn"}
_WORKFLOW = workflow_template("churn-train", **_WHAT, container=Container(args=("python train.py",))).text
_SERVING = serving_template(
    "churn-serve",
    **_WHAT,
    container=Container(env={"LEVEL": "{{inputs.parameters.level}}"}),
    options=ServingOptions(parameters=(Parameter("level", "info"),)),
).text

DOORS = (
    Door("secret name", edited("team-ghcr", "a1", "a_b.c-d"), SecretName.parse, _name_is_wrong),
    Door(
        "registry",
        edited("ghcr.io", "https://index.docker.io/v1/", "10.0.0.1:5000", "[::1]:5000", "GHCR.IO/"),
        Registry.parse,
        _registry_is_wrong,
    ),
    Door(
        "image reference",
        edited("ghcr.io/acme/churn:1.4", "ubuntu", f"r.io:5000/a__b/c@sha256:{64 * 'a'}", "docker.io/a/b"),
        ImageReference.parse,
        _image_is_wrong,
    ),
    Door(
        "address",
        edited("https://api.ai.prod.aws.ml.hana.ondemand.com/v2", "http://127.0.0.1:8080", "https://[::1]/x"),
        lambda text: Address.parse(text, what="API url"),
        _address_is_wrong,
    ),
    Door(
        "docker config",
        edited(_CONFIG, _KUBERNETES, "anna:pw-1", *_OTHER_LOGINS),
        lambda text: parse_logins(text, registry=Registry("ghcr.io")),
        _logins_are_wrong,
    ),
    Door(
        "service key",
        edited(
            _KEY,
            json.dumps({"credentials": json.loads(_KEY)}),
            f"Getting key k for service instance i as a@b.c...\n\n{_KEY}\nOK",
            repr(json.loads(_KEY)),
            f"AICORE_SERVICE_KEY='{_KEY}'",
        ),
        _service_key,
        _key_is_wrong,
    ),
    Door("notebook", edited(_NOTEBOOK), _scanned),
    Door("template to check", edited(_WORKFLOW, _SERVING), _checked),
    Door("template to patch", edited(_WORKFLOW, _SERVING), _patched, _patch_is_wrong),
)
