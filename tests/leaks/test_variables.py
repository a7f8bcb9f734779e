from __future__ import annotations

import pytest

from aicore_magics.leaks.variables import variable_hits
from tests.leaks.samples import PASSWORD


def texts(text, *names):
    return [text[hit.start : hit.end] for hit in variable_hits(text, names)]


@pytest.mark.parametrize(
    "line", ["word = '{}'", 'x = 1; word: str = "{}"', "  word='{}'", "export word='{}'", 'word = (\n"{}")']
)
def test_a_text_in_the_variable(line):
    """A text that is given to the variable is found, however it is written."""
    assert texts(line.format(PASSWORD), "word", "other") == [PASSWORD]


@pytest.mark.parametrize(
    "line",
    ["words = '{}'", "a.word = '{}'", "word == '{}'", "word = get('{}')", "f(word='{}')", "word = '<token>'"],
)
def test_what_is_no_text_in_the_variable(line):
    """Another name, a comparison, a call and a placeholder are none."""
    assert texts(line.format(PASSWORD), "word") == []


def test_no_variable():
    """Without a name there is nothing to look for."""
    assert texts(f"word = '{PASSWORD}'") == []
