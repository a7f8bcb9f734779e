from __future__ import annotations

import json

import pytest

from aicore_magics.errors import InvalidFile
from aicore_magics.logins.file_formats import parse_logins
from aicore_magics.logins.shapes.texts import last_guess
from aicore_magics.model.names import Registry
from tests.logins.shapes.samples import b64

R = Registry("r.example")
ECR = b64(json.dumps({"payload": 200 * "x", "datakey": "y", "version": "2"}))


@pytest.mark.parametrize(
    ("text", "kind", "logins"),
    [
        ("anna:pw:1", "user:token pair", [("r.example", "anna", "pw:1")]),
        (ECR, "login password of Amazon ECR", [("r.example", "AWS", ECR)]),
        ("ya29." + 30 * "a", "Google access token", [("r.example", "oauth2accesstoken", "ya29." + 30 * "a")]),
        (b64("anna:pw"), "user:token pair in base64", [("r.example", "anna", "pw")]),
        ("machine a.io login u password p", ".netrc", [("a.io", "u", "p")]),
        (
            "# a\nmachine a.io\n  login u\n  account x\n  password p\n\n# b\nmachine b.io login v password q",
            ".netrc",
            [("a.io", "u", "p"), ("b.io", "v", "q")],
        ),
        ("machine a.io login u password p#q\ndefault login x password y", ".netrc", [("a.io", "u", "p#q")]),
        (
            f"auth = {b64('anna:pw')}\nemail = a@b.c\n",
            "two-line .dockercfg",
            [("https://index.docker.io/v1/", "anna", "pw")],
        ),
    ],
)
def test_logins_in_words(text, kind, logins):
    """User and token, a token that tells its user, and words of older files are read."""
    found = parse_logins(text, registry=R)
    assert found.kind == kind
    assert [(login.key, login.username, login.password.reveal()) for login in found.logins] == logins


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("machine a.io login u password", "a.io has"),
        ("machine a.io\nmacdef init\ncd /x\n", "a .netrc with quotes or macros"),
        ("machine a.io login u password p\\q", "a .netrc with quotes or macros"),
        ("default login u password p", "a .netrc with a login for every host"),
        (
            "machine a.io login u password p\nmachine a.io login v password q",
            "a .netrc with two logins for one machine",
        ),
        ("ya29.short", "one word"),
        ("error: unknown flag", "an error message of another program"),
        ("<html>", "an HTML page"),
        *(
            (text, "TOML, such as the settings of containerd or podman")
            for text in (
                '[plugins."io.containerd.grpc.v1.cri".registry.configs."a.io".auth]\nusername = "u"',
                'version = 2\n\n[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = "x"',
                '[[registry."a.io"]]\nlocation = "a.io"',
                "[host.'https://a.io']\n  capabilities = []",
                '[host."https://a.io:5000".header]\nx = ["y"]\n',
            )
        ),
        ("[default]\nregion = x", "an INI file, such as that of the AWS CLI"),
    ],
)
def test_words_without_a_login(text, what):
    """What has none is called what it is."""
    with pytest.raises(InvalidFile) as caught:
        parse_logins(text, registry=R)
    assert what in caught.value.what or "the password is missing" in caught.value.what


def test_what_is_left():
    """One word, a token by its shape, and all other text are told apart."""
    assert [last_guess(text).what for text in ("abc", "e30.eyJhIjoxfQ.c2ln", "e30.eyJhIjoxfQ.", "a b")] == [
        "one word",
        "a token (JWT) without its user",
        "a token (JWT) without its user",
        "plain text",
    ]
