from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.base.spaces import SEEN, UNSEEN, bare, ends_in_spaces

SPACES = [" ", "\t", "\n", "\r\n", "\u00a0", "\u2003", "\u202f", "\u3000", "\u2028", *sorted(UNSEEN)]


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_spaces_around(space):
    """Spaces, and what nobody sees, go from both ends; inside they stay."""
    assert bare(f"{space}a{space}b{space}{space}") == f"a{space}b"
    assert bare(space) == ""


@given(st.text())
def test_what_is_bare_stays(text):
    """A text that was stripped once is not changed by a second time, and only ends are taken."""
    once = bare(text)
    assert bare(once) == once
    assert once in text
    assert ends_in_spaces(once) == ()


@pytest.mark.parametrize(
    ("text", "ends"),
    [(" a", ("begins",)), ("a\u00a0", ("ends",)), ("\ufeffa ", ("begins", "ends")), ("a b", ())],
)
def test_ends(text, ends):
    """It is told which end has a space."""
    assert ends_in_spaces(text) == ends


def test_every_space_that_python_knows():
    """What Python takes for a space is one here, and nothing else is seen as one."""
    assert {*SEEN} == {sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isspace()}
