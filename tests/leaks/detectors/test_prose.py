from __future__ import annotations

import pytest

from tests.leaks.text_samples import PASSWORDS, PROSE


@pytest.mark.parametrize("sample", PROSE, ids=repr)
def test_a_password_in_prose(sample):
    """In a sentence, a list, a comment or a code block a password is found, and nothing beside it."""
    for password in PASSWORDS:
        assert sample.found(password) == [password]
