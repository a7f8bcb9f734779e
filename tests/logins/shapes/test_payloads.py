from __future__ import annotations

import json

import pytest

from aicore_magics.errors import InvalidFile
from aicore_magics.logins.file_formats import parse_logins
from tests.logins.shapes.samples import KEY, b64, config

CONFIG = config({"ghcr.io": ("anna", "pw")})
TEXT = json.dumps(CONFIG)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"name": "team", "data": {KEY: TEXT}}, "AI Core request body"),
        ({"data": {KEY: TEXT}}, "AI Core request body"),
        ({"name": "team", KEY: TEXT}, "AI Core request body"),
        ({KEY: TEXT}, f"bare {KEY}"),
        ({".dockercfg": b64(json.dumps(CONFIG["auths"]))}, "bare .dockercfg"),
        ({"DOCKER_AUTH_CONFIG": CONFIG}, "variable DOCKER_AUTH_CONFIG"),
        ({"variables": {"DOCKER_AUTH_CONFIG": TEXT, "A": "b"}}, "variable DOCKER_AUTH_CONFIG"),
        ({"key": "DOCKER_AUTH_CONFIG", "value": TEXT, "masked": True}, "variable DOCKER_AUTH_CONFIG"),
        ({"data": {"data": {KEY: TEXT}, "metadata": {}}}, "answer of Vault"),
        (
            {"ARN": "x", "Name": "x", "SecretString": TEXT},
            "docker config in an answer of AWS Secrets Manager",
        ),
        (
            {"name": "projects/1/secrets/x/versions/1", "payload": {"data": b64(TEXT)}},
            "docker config in base64 in an answer of Google's Secret Manager",
        ),
        (
            {"id": "https://x.vault.azure.net/secrets/x", "value": TEXT},
            "docker config in an answer of Azure Key Vault",
        ),
    ],
)
def test_docker_configs_in_something(data, kind):
    """A docker config is read from where it is kept."""
    found = parse_logins(json.dumps(data))
    assert found.kind == kind
    assert [login.username for login in found.logins] == ["anna"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"name": "team", "data": {KEY: 1}}, f"the {KEY} of the AI Core request body is not a string"),
        ({"name": "team", "data": {KEY: ["x"]}}, f"the {KEY} of the AI Core request body is not a string"),
        ({"name": "team", "data": {KEY: "  "}}, "the file is an AI Core request body with an empty text"),
        ({"name": "team", "data": "x"}, "the file is an object with the fields name, data"),
        ({"name": "team", "data": {"x": "y"}}, "the file is an object with the fields name, data"),
        ({"key": ["x"], "value": "y"}, "the file is an object with the fields key, value"),
        ({"id": "x", "value": TEXT}, "the file is an object with the fields id, value"),
        ({"id": 1, "value": 1}, "the file is an object with the fields id, value"),
        (
            {"SecretString": TEXT[:-3], "Name": "x"},
            "the login file is JSON that is cut off, or has other text at its end",
        ),
    ],
)
def test_what_holds_none(data, what):
    """Anything else under these keys is called what it is."""
    with pytest.raises(InvalidFile) as caught:
        parse_logins(json.dumps(data))
    assert caught.value.what == what
