from __future__ import annotations

import json

import pytest

from aicore_magics.errors import InvalidFile
from aicore_magics.logins.file_formats import parse_logins
from aicore_magics.model.names import Registry
from tests.logins.shapes.samples import KEY, b64, config, secret

CONFIG = json.dumps(config({"ghcr.io": ("anna", "pw")}))
OTHER = json.dumps(config({"quay.io": ("bob", "pw")}))


@pytest.mark.parametrize(
    "more",
    [
        {"data": {KEY: b64(CONFIG)}, "type": "Opaque", "immutable": True},
        {"data": {KEY: b64(CONFIG), ".dockercfg": b64(OTHER)}},
        {"data": {KEY: b64(OTHER)}, "stringData": {KEY: CONFIG}},
        {"data": {KEY: f"{b64(CONFIG, 60, chr(10) + '    ')}"}},
        {"data": {KEY: b64(CONFIG).replace("=", "")}},
        {"data": {KEY: None, "config.json": b64(CONFIG)}},
        {"kind": "secret", "data": {KEY: b64(CONFIG)}},
        {"data": {"my-config": b64(CONFIG), "x": b64("a:b"), "n": None, "bad": "!"}},
        {"metadata": None, "stringData": {"login": CONFIG}},
    ],
)
def test_secrets(more):
    """A Secret of any type is read, wrapped as people do, by a known key or the only one with logins."""
    assert [login.username for login in parse_logins(json.dumps(secret(**more))).logins] == ["anna"]


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (secret(data={"a": b64(CONFIG), "b": b64(OTHER)}), "with the fields a, b"),
        (secret(data={"password": b64("pw")}), "with the field password"),
        (secret(type="x y", data={"s3cret!": b64("pw")}), "a Kubernetes Secret with 1 field"),
        (secret(type=1), "a Kubernetes Secret that is empty"),
        (
            secret(type="bootstrap.kubernetes.io/token", data={}),
            "of type bootstrap.kubernetes.io/token that is empty",
        ),
        ({"kind": "List", "items": []}, "an empty list"),
        ({"kind": "ghp_" + 36 * "a"}, "an object with the field kind"),
        ({"kind": "AKIA" + 16 * "A"}, "a ***"),
    ],
)
def test_what_is_no_login(data, what):
    """A Secret with other fields is named by its type and them; a kind that is a token is not shown."""
    with pytest.raises(InvalidFile) as caught:
        parse_logins(json.dumps(data), registry=Registry("r.example"))
    assert what in caught.value.what


@pytest.mark.parametrize("field", ["registry", "server", "serveraddress", "loginServer"])
@pytest.mark.parametrize("coded", [True, False])
def test_a_registry_beside_user_and_password(field, coded):
    """A Secret that names its registry is for that one: its password goes to no other that was named."""
    values = {"username": "anna", "password": "pw", field: "ghcr.io\n"}
    part = {"data": {name: b64(text) for name, text in values.items()}} if coded else {"stringData": values}
    (login,) = parse_logins(json.dumps(secret(**part)), registry=Registry("r.example")).logins
    assert (login.key, login.username, login.password.reveal()) == ("ghcr.io", "anna", "pw")


def test_a_password_in_a_secret_with_a_line_break():
    """What `echo` put behind the password is told as that."""
    data = {"username": b64("anna"), "password": b64("pw\n")}
    with pytest.raises(InvalidFile, match="the password contains a line break at its end"):
        parse_logins(json.dumps(secret(data=data)), registry=Registry("r.example"))
