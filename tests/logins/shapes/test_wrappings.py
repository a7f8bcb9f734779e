from __future__ import annotations

import json
import shlex

import pytest

from aicore_magics.errors import InvalidFile
from aicore_magics.logins.file_formats import parse_logins
from aicore_magics.model.names import Registry
from tests.logins.shapes.samples import b64, config

CONFIG = config({"ghcr.io": ("anna", "pw")})
TEXT = json.dumps(CONFIG)
PRETTY = json.dumps(CONFIG, indent=2)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"```\n{PRETTY}\n```", "docker config in a Markdown code block"),
        (f"Text.\n\n~~~ json\n{PRETTY}\n~~~\nMore.", "docker config in a Markdown code block"),
        (f"'{PRETTY}'", "docker config in quotes"),
        (f"DOCKER_AUTH_CONFIG={TEXT}", "variable DOCKER_AUTH_CONFIG"),
        (f"DOCKER_AUTH_CONFIG='{PRETTY}'\nA=b\n", "variable DOCKER_AUTH_CONFIG"),
        (f'\n# x\n\nA=b\nexport DOCKER_AUTH_CONFIG="{TEXT}";\r\n', "variable DOCKER_AUTH_CONFIG"),
        (f"$env:DOCKER_AUTH_CONFIG = '{TEXT}'", "variable DOCKER_AUTH_CONFIG"),
        (f"set DOCKER_AUTH_CONFIG={TEXT}", "variable DOCKER_AUTH_CONFIG"),
        (f"DOCKER_AUTH_CONFIG={b64(TEXT)}", "variable DOCKER_AUTH_CONFIG"),
        (f"curl -d {shlex.quote(TEXT)} https://x", "docker config in a curl command"),
        (f"$ curl --data={shlex.quote(TEXT)} https://x", "docker config in a curl command"),
        (f"curl https://x \\\n  -d{shlex.quote(PRETTY)}", "docker config in a curl command"),
        (f"curl.exe --json {shlex.quote(TEXT)} https://x", "docker config in a curl command"),
        (f"### Create\nPOST https://x\nA: b\r\n\r\n{PRETTY}", "docker config in an HTTP request"),
        (f"PATCH https://x\n\n{TEXT}", "docker config in an HTTP request"),
        (json.dumps(TEXT)[1:-1], "docker config in a JSON text"),
        (TEXT.replace('"', "&quot;"), "docker config in HTML"),
        (f"map[.dockerconfigjson:{b64(TEXT)}]", "bare .dockerconfigjson"),
        (
            f"-----BEGIN CERTIFICATE-----\n{b64(TEXT, 64)}\n-----END CERTIFICATE-----",
            "docker config in base64",
        ),
    ],
)
def test_what_is_unwrapped(text, kind):
    """What people have around a login file is taken off."""
    found = parse_logins(text)
    assert found.kind == kind
    assert [(login.key, login.username, login.password.reveal()) for login in found.logins] == [
        ("ghcr.io", "anna", "pw")
    ]


@pytest.mark.parametrize(
    ("value", "password"),
    [
        ('"{\\"a.io\\": {\\"auth\\": \\"AUTH\\"}}"', "pw"),
        ('\'{"a.io": {"auth": "AUTH"}}\'', "pw"),
        ('{"a.io": {"username": "u", "password": "C:\\\\x\\n"}}', None),
        ('"{\\"a.io\\": {\\"username\\": \\"u\\", \\"password\\": \\"C:\\\\\\\\n\\$x\\"}}"', "C:\\n$x"),
        ('\'{"a.io": {"username": "u", "password": "a$b`c"}}\'', "a$b`c"),
    ],
)
def test_values_as_a_shell_takes_them(value, password):
    """In double quotes four characters are written out, in single quotes none; nothing is filled in."""
    text = f"DOCKER_AUTH_CONFIG={value.replace('AUTH', b64('u:pw'))}"
    if password is None:
        with pytest.raises(InvalidFile, match="the password holds a line break at its end"):
            parse_logins(text)
        return
    (login,) = parse_logins(text).logins
    assert login.password.reveal() == password


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("```\n```", "a Markdown code block with an empty text"),
        ("```\nopen", "the login file is neither JSON nor YAML"),
        ("''", "an empty text in quotes"),
        ("A=b\nDOCKER_AUTH_CONFIG=x", "a variable DOCKER_AUTH_CONFIG with one word"),
        ("curl 'open", "a command for the shell (curl …)"),
        ("curl -d", "a command for the shell (curl …)"),
        ("curl --data-binary @x.json https://x", "a curl command, which sends another file"),
        ("sudo docker login ghcr.io", "a command for the shell (docker …)"),
        ("PUT https://x", "an HTTP request without a body"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "PEM (certificate)"),
        ("-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----", "PEM (pgp message)"),
        ("password", "one word"),
        ("YWJjZGVm", "one word"),
        (b64("\x00" * 12), "one word"),
        ("map[other:x]", "one word"),
    ],
)
def test_what_is_in_nothing(text, what):
    """A wrapping around nothing, or around what is no login, is called what it is."""
    with pytest.raises(InvalidFile) as caught:
        parse_logins(text, registry=Registry("r.example") if ":" not in text else None)
    assert what in caught.value.what or "which names no registry" in caught.value.what


def test_a_line_like_a_variable_inside_of_yaml():
    """In a file of YAML such a line is a part of a text, and read as that."""
    text = (
        f"script: |\n  DOCKER_AUTH_CONFIG='{json.dumps(config({'a.io': ('u', 'CANARY')}))}' docker pull x\n"
    )
    with pytest.raises(InvalidFile, match="an object with the field script"):
        parse_logins(text)
