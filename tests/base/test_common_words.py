from __future__ import annotations

import time

import pytest

from aicore_magics.base.common_words import is_common
from tests.leaks.samples import PASSWORD, TOKENS


@pytest.mark.parametrize(
    "password",
    [
        *(
            "changeme",
            "change-me",
            "CHANGE_ME",
            "ChangeMe!",
            "password",
            "Password1",
            "password123!",
            "P@ssw0rd",
        ),
        *("p4ssw0rd", "admin", "admin123", "Harbor12345", "test", "test123", "secret", "token", "letmein"),
        *("123456", "12345678", "1234", "0000", "qwerty", "docker", "my-secret-password", "DOCKER_PASSWORD"),
        *(
            "user",
            "passwort",
            "Passwort1",
            "minioadmin",
            "welcome1",
            "guest",
            "foobar",
            "default",
            "dummy",
            "xxx",
        ),
    ],
)
def test_words_that_many_use(password):
    """What is guessed first is known, in any case, disguised, and with digits and signs behind it."""
    assert is_common(password)


@pytest.mark.parametrize(
    "password",
    [
        *(
            "correct horse battery staple",
            "Tr0ub4dor",
            "{Tr0ub4dor}",
            "hunter2x9",
            "a1b2c3d4",
            "8472",
            "p",
            "",
        ),
        *("$ecret!k", "churn", "anna", PASSWORD, *(sample.text for sample in TOKENS)),
    ],
)
def test_passwords_of_ones_own(password):
    """A password of somebody's own is no such word."""
    assert not is_common(password)


@pytest.mark.parametrize("part", ["a", "a_", "password", "1", "@", "p@"])
def test_time_does_not_explode(part):
    """The longest text that is looked at costs a moment, and a longer one nothing."""
    begin = time.process_time()
    for size in (40, 65_536):
        for end in ("!", ""):
            is_common(part * (size // len(part)) + end)
    assert time.process_time() - begin < 0.5
