from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.bare_values import (
    is_default,
    is_metavariable,
    is_random_value,
    is_strong_value,
    is_value,
)
from tests.leaks.text_samples import PASSWORDS


@pytest.mark.parametrize(
    "value",
    [
        *(
            "0.99ms",
            "12.5it/s",
            "1e-05x",
            "128k",
            "95%",
            "auto-generated",
            "base64-encoded",
            "sha256",
            "utf-8",
        ),
        *("cfg.password", "user_password", 'read("x1")', "ids[0]", "settings2.yaml", "2026-01-01T12:00:00Z"),
        *("-p2", "<your token>", "$TOKEN1", "***", "mypassword", "[`v1`](https://a.io/b1)"),
    ],
)
def test_what_is_no_password(value):
    """Measures, words, code, files, options, placeholders and words for a password are none."""
    assert not is_random_value("password", value)


@pytest.mark.parametrize("password", PASSWORDS)
def test_passwords(password):
    """What has signs or digits among its letters, and is none of that, is one, in a sentence even."""
    assert is_value("password", password)
    assert is_random_value("password", password)
    assert is_strong_value("password", password)


def test_a_word_with_a_number():
    """It may be a password behind its label, and no more than a word inside a sentence."""
    for value in ("Summer" + "2024", "step-2", "12-characters"):
        assert not is_strong_value("password", value)
    assert is_random_value("password", "Summer" + "2024")


def test_what_stands_for_a_value():
    """A help text has it in capital letters, and a database's name repeats it."""
    assert is_metavariable("VALUE2")
    assert not is_metavariable("Value2")
    assert is_default("POSTGRES_PASSWORD", "postgres")
    assert not is_default("DOCKER_PASSWORD", "postgres")
