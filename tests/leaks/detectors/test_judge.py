from __future__ import annotations

import pytest

from aicore_magics.leaks.detectors.judge import fits, login_in_base64
from tests.leaks.samples import LOGIN, PASSWORD, base64_of, client_secret, made


def test_a_login_in_base64():
    """User and password are read at the first colon; what is no base64 of text is no login."""
    assert login_in_base64(LOGIN) == ("anna", PASSWORD)
    assert login_in_base64(base64_of("a:b:c")) == ("a", "b:c")
    assert login_in_base64("not base64") is None
    assert login_in_base64("/w==") is None


@pytest.mark.parametrize(
    ("group", "value", "anywhere", "near_a_registry"),
    [
        ("client", client_secret(), True, True),
        ("client", "short", False, False),
        ("aws", made(38, "abcXYZ019+/") + "a1", True, True),
        ("aws", made(41), False, False),
        ("auth", LOGIN, True, True),
        ("auth", base64_of("anna:<password>"), False, False),
        ("password", "pass1", False, True),
        ("password", "abc", False, False),
        ("token", made(20), False, True),
        ("token", "of-a-robot", False, False),
        ("token", "twowords", False, False),
        ("token", "https://a.io/token1", False, False),
        ("identity", made(20), False, True),
    ],
)
def test_what_fits_a_name(group, value, anywhere, near_a_registry):
    """A value is what its name says by its looks; passwords and tokens count only near a registry's word."""
    assert fits(group, value, about=False) is anywhere
    assert fits(group, value, about=True) is near_a_registry
