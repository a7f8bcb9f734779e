from __future__ import annotations

import ast

import pytest

from aicore_magics.leaks.detectors.python.given_back import called, given_back, is_wrapper


@pytest.mark.parametrize(
    ("source", "given"),
    [
        *(("Secret('a')", ["'a'"]), ("os.getenv('A', 'b')", ["'b'"]), ("f('a', default='b')", ["'b'"])),
        *(("config.get('a', 'b')", []), ("env.get('a', 'b')", ["'b'"]), ("get_secret('a')", [])),
        *(("getattr(o, 'a', 'b')", ["'b'"]), ("cast(str, 'a')", ["'a'"]), ("x.get('MY_PW', 'b')", ["'b'"])),
    ],
)
def test_what_is_given_back(source, given):
    """A wrapper gives back what it is given, and what fetches gives its default."""
    node = ast.parse(source).body[0].value
    assert [ast.unparse(value) for value in given_back(node, called(node))] == given


@pytest.mark.parametrize(
    ("name", "wraps"),
    [
        ("Secret", True),
        ("MaskedPassword", True),
        ("SecretField", False),
        ("secret", False),
        ("Tokenizer", False),
    ],
)
def test_wrappers(name, wraps):
    """A type that hides what it is made of gives it back; one that fetches or describes does not."""
    assert is_wrapper(name) is wraps
