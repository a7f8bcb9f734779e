from __future__ import annotations

import pytest

from tests.leaks.text_samples import PASSWORDS, PRINTED, SETTINGS


@pytest.mark.parametrize("sample", [*PRINTED, *SETTINGS], ids=repr)
def test_a_password_without_quotes(sample):
    """In settings and what was printed a password is found, and nothing beside it."""
    for password in PASSWORDS:
        assert sample.found(password) == [password]
