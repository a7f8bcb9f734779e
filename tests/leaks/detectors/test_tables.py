from __future__ import annotations

import pytest

from tests.leaks.text_samples import PASSWORDS, TABLES


@pytest.mark.parametrize("sample", TABLES, ids=repr)
def test_a_password_in_a_table(sample):
    """Under a heading or beside a label a password is found, and nothing beside it."""
    for password in PASSWORDS:
        assert sample.found(password) == [password]
