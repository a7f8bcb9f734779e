from __future__ import annotations

import pytest

from tests.leaks.text_samples import MARKUP, PASSWORDS


@pytest.mark.parametrize("sample", MARKUP, ids=repr)
def test_a_password_in_an_element_or_entry(sample):
    """In an element, an entry and a netrc line a password is found, and nothing beside it."""
    for password in PASSWORDS:
        assert sample.found(password) == [password]
