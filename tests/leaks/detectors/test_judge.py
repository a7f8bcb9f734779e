from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.judge import fits, kind_of, login_in_base64
from tests.leaks.samples import LOGIN, PASSWORD, base64_of, client_secret, made


def test_a_login_in_base64():
    """User and password are read at the first colon; what is no base64 of text is no login."""
    assert login_in_base64(LOGIN) == ("anna", PASSWORD)
    assert login_in_base64(base64_of("a:b:c")) == ("a", "b:c")
    assert login_in_base64("not base64") is None
    assert login_in_base64("/w==") is None


@pytest.mark.parametrize(
    ("group", "value", "fitting"),
    [
        ("client", client_secret(), True),
        ("client", "short", False),
        ("aws", made(38, "abcXYZ019+/") + "a1", True),
        ("aws", made(41), False),
        ("auth", LOGIN, True),
        ("auth", base64_of("anna:<password>"), False),
        ("password", "pass1", True),
        ("password", "abc", False),
        *(("password", path, False) for path in ("/home/anna/x", "./data/a", "~/b/c", "C:\\Users\\anna")),
        ("token", made(20), True),
        ("token", "of-a-robot", False),
        *(
            ("password", place, False)
            for place in ("password.txt", "https://vault.example/v1", "pw/key1.pem")
        ),
        *(("password", word, True) for word in ("summer", "Summer.24", "a.b.c", "https://anna:pw1@y")),
        *(("token", sign, False) for sign in ("INV-2023-0001", "###END1###", "__unk__01", "spacy_token_1")),
        *(("token", key, True) for key in ("ABCD-EFGH-1234", "a1b2c3d4e5", "_Ab3dEf9hIj")),
        ("token", "twowords", False),
        ("token", "https://a.io/token1", False),
        ("identity", made(20), True),
        ("secret", made(20), True),
        ("secret", "3f2b13f3-3162-3162-3162-7aa2054cb98a", True),
        *(("secret", name, False) for name in ("team-ghcr-2", "my-secret-1", "docker.secret1", "ghcr2")),
    ],
)
def test_what_fits_a_name(group, value, fitting):
    """A value is what its name says by its looks: a path is no password, a secret's name is no secret."""
    assert fits(group, value) is fitting


@pytest.mark.parametrize(
    ("group", "near_a_registry", "elsewhere"),
    [
        *((group, "registry-password", "possible-password") for group in ("password", "token", "secret")),
        ("identity", "identity-token", "possible-password"),
        ("auth", "registry-login", "registry-login"),
        ("client", "client-secret", "client-secret"),
    ],
)
def test_what_a_value_is(group, near_a_registry, elsewhere):
    """A password or token is one of a registry only where something speaks of one; the others say it."""
    assert kind_of(group, about=True) == near_a_registry
    assert kind_of(group, about=False) == elsewhere
