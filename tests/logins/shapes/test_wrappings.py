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
        with pytest.raises(InvalidFile, match="the password contains a line break at its end"):
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
        ("-----BEGIN PGP MESSAGE-----\n\nx\n-----END PGP MESSAGE-----", "text that PGP has encrypted"),
        (
            "-----BEGIN AGE ENCRYPTED FILE-----\nYWdl\n-----END AGE ENCRYPTED FILE-----",
            "text that age has encrypted",
        ),
        ("-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nx\n-----END PGP PUBLIC KEY BLOCK-----", "PEM (pgp public"),
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
    assert what in caught.value.what or "its registry is unknown" in caught.value.what


def test_a_line_like_a_variable_inside_of_yaml():
    """In a file of YAML such a line is a part of a text, and read as that."""
    text = (
        f"script: |\n  DOCKER_AUTH_CONFIG='{json.dumps(config({'a.io': ('u', 'CANARY')}))}' docker pull x\n"
    )
    with pytest.raises(InvalidFile, match="an object with the field script"):
        parse_logins(text)


ECR = b64(json.dumps({"payload": 200 * "x", "datakey": "y"}))
GOOGLE = "ya29.c.b0A" + 30 * "aZ9"


@pytest.mark.parametrize("mark", ["%", "⏎", "%\n", " ⏎\r\n"])
@pytest.mark.parametrize(
    ("text", "kind", "user"),
    [
        (TEXT, "docker config", "anna"),
        (PRETTY, "docker config", "anna"),
        (b64(TEXT), "docker config in base64", "anna"),
        (b64(PRETTY, 64), "docker config in base64", "anna"),
        (b64(TEXT).rstrip("="), "docker config in base64", "anna"),
        (b64("anna:pw"), "user:token pair in base64", "anna"),
        (ECR, "login password of Amazon ECR", "AWS"),
        (GOOGLE, "Google access token", "oauth2accesstoken"),
        (f"[{TEXT}]", "docker config in a list", "anna"),
    ],
)
def test_the_mark_of_a_missing_line_break(text, kind, user, mark):
    """The sign that zsh or fish shows behind what ends without a line break is left out, and that is said."""
    found = parse_logins(text + mark, registry=Registry("r.example"))
    assert (found.kind, found.logins[0].username) == (kind, user)
    assert "%" not in found.logins[0].password.reveal()
    sign = mark.strip()
    assert (
        found.notes[-1]
        == f"The {sign} at its end was removed. A shell shows it where a line break is missing."
    )


@pytest.mark.parametrize("text", ["anna:pw%", "anna:%", "anna:aZ9aZ9aZ9%", "anna:{}%", "anna:x⏎"])
def test_a_sign_that_may_be_of_the_token(text):
    """At the end of user:token the same sign is a part of the token."""
    (login,) = parse_logins(text, registry=Registry("r.example")).logins
    assert f"{login.username}:{login.password.reveal()}" == text


@pytest.mark.parametrize(
    "address",
    [
        "data:application/json;base64,{}",
        "data:;base64,{}",
        "data:text/plain;charset=utf-8;base64,{}",
        "data:application/vnd.docker.config+json;base64,{}\n",
        "data:application/json;name=config.json;base64,{}",
    ],
)
def test_an_address_with_the_data_in_it(address):
    """A data: address is base64 of a file, and no user called data."""
    assert parse_logins(address.format(b64(TEXT))).kind == "docker config in base64"
    with pytest.raises(InvalidFile, match="a data: address"):
        parse_logins(address.format("e30="), registry=Registry("r.example"))


@pytest.mark.parametrize(
    "quotes", ["''", "``", "\u2018\u2019", "\u201c\u201d", "\u201e\u201c", "\u00ab\u00bb"]
)
def test_quotes_around_the_whole(quotes):
    """Quotes that were copied with user and token are no part of them; those inside may be."""
    registry = Registry("r.example")
    found = parse_logins(f"{quotes[0]}anna:token{quotes[1]}\n", registry=registry)
    assert (found.kind, found.logins[0].username) == ("user:token pair in quotes", "anna")
    assert found.logins[0].password.reveal() == "token"
    (login,) = parse_logins(f"anna:{quotes[0]}token{quotes[1]}", registry=registry).logins
    assert login.password.reveal() == f"{quotes[0]}token{quotes[1]}"
