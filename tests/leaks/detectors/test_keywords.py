from __future__ import annotations

import sys

import pytest

from aicore_magics.leaks.detectors.keywords import NEAR, Words, names_registry, small_letters, word_starts


def test_every_letter_keeps_its_place():
    """Small letters are as many as the text has: places found in them hold in the text."""
    every = "".join(map(chr, range(sys.maxunicode + 1)))
    assert len(small_letters(every)) == len(every)


def test_occurrences_do_not_overlap():
    """A word is found again behind the last one, and not in the middle of it."""
    assert word_starts("aaaa-aa", ["aa", "-"]) == [(0, "aa"), (2, "aa"), (5, "aa"), (4, "-")]


def test_near_is_a_number_of_characters():
    """A word counts for what stands at most so many characters from its beginning, before it or behind it."""
    words = Words(f"docker{NEAR * 3 * ' '}", ["docker"])
    assert words.near(NEAR)
    assert not words.near(NEAR + 1)
    assert Words(f"{NEAR * ' '}docker", ["docker"]).near(0)
    assert not Words(f"{(NEAR + 1) * ' '}docker", ["docker"]).near(0)


@pytest.mark.parametrize(
    ("name", "is_one"), [("GHCR_TOKEN", True), ("dockerPassword", True), ("db_password", False)]
)
def test_names_of_registries(name, is_one):
    """A variable tells by its name that it is for a registry."""
    assert names_registry(name) is is_one
