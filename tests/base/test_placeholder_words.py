from __future__ import annotations

import pytest

from aicore_magics.base.placeholder_words import ALONE, TO_DO, YOURS, pieces, vocabulary


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("token", ("token",)),
        ("yourdockertoken", ("your", "docker", "token")),
        ("пользователь", ("пользователь",)),
        ("您的密码", ("您的", "密码")),
        ("yourself", ()),
        ("hunter", ()),
        ("together", ()),
        ("", ()),
        ("your" * 11, ()),
    ],
)
def test_the_words_in_a_word(word, parts):
    """A word is known, or several that are written as one; of two letters none is joined to others."""
    assert pieces(word) == parts


def test_each_list_holds_words_that_are_known():
    """What marks a placeholder is itself a word that no secret is made of, and all are small letters."""
    for word in YOURS | TO_DO | ALONE | vocabulary():
        assert pieces(word) == (word,)
        assert word == word.lower()
