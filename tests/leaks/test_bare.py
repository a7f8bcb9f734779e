from __future__ import annotations

import pytest

from aicore_magics.leaks.search import hits
from tests.leaks.samples import PASSWORD


def texts(text, style):
    return [text[hit.start : hit.end] for hit in hits(text, style)]


@pytest.mark.parametrize(
    "line",
    [
        "DOCKER_PASSWORD={}",
        "docker_password: {}",
        "docker:\n  password: {}  # of the team",
        "- docker_password: {}",
    ],
)
def test_settings_without_quotes(line):
    """In a file of settings a value needs no quotes, and may be a word."""
    assert texts(line.format("letmein"), "file") == ["letmein"]


@pytest.mark.parametrize("value", ['p!$%&"x', "$ecret!", "%w1&", "a'b;c"])
def test_settings_with_signs(value):
    """Without quotes a value may hold them, and begin with a sign."""
    assert texts(f"DOCKER_PASSWORD={value}\n", "file") == [value]


def test_an_answer_that_was_echoed():
    """What stands behind a prompt in an output is found if it looks like no word."""
    assert texts(f"Docker password: {PASSWORD}\n", "output") == [PASSWORD]
    assert texts("Docker password: refused\n", "output") == []


@pytest.mark.parametrize(
    "text",
    [
        "password:\n  valueFrom: docker",
        "docker_password: *anchor",
        "docker_password: |",
        "docker_password: $OTHER",
        "docker_password: &a",
        "docker_password: !vault x",
        "docker password again",
        "docker_password:",
    ],
)
def test_settings_that_hold_none(text):
    """A name with nothing behind it, or a tag, is no password."""
    assert texts(text, "file") == []
