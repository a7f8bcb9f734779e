from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.python.telling import gives, tells


@pytest.mark.parametrize(
    "text",
    [
        *("password = a + b", "for password in ['a']:", "password(value='a')", "p.communicate('a')"),
        *("creds = 'anna:abc'", "aicorev2client(a, b, c, d)", "text(value='a', description='password')"),
    ],
)
def test_code_that_gives_a_password(text):
    """Code is parsed where it gives a password to a name, to a function, or to a program."""
    assert gives(text)


@pytest.mark.parametrize(
    "text", ["password = 5", "creds = 'https://ghcr.io'", "p.communicate()", "text(value='a')"]
)
def test_code_that_gives_none(text):
    """What patterns read already, and what gives nothing, is not worth it."""
    assert not gives(text)


def test_code_that_speaks_of_none():
    """Code without a word of a password's name is not looked at any further."""
    assert (tells("docker_password = 5"), tells("x = 5")) == (True, False)
