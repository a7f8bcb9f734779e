from __future__ import annotations

import pytest

from aicore_magics.leaks.files.notebook_texts import Part, plain_piece
from aicore_magics.leaks.reuse import again_hits, forms_of, is_distinctive, lone_hits
from tests.leaks.samples import PASSWORD, TOKENS, made


def piece(text, style="output", kept=()):
    return plain_piece(text, Part("source", style=style), kept=kept)


def test_how_a_value_may_be_written():
    """A value is looked for as it is, in JSON with and without escapes, and in a URL."""
    assert forms_of('a"ä') == {'a"ä', 'a\\"ä', 'a\\"\\u00e4', "a%22%C3%A4"}


@pytest.mark.parametrize("value", [PASSWORD, TOKENS[0].text, made(40), "tr0ub4dor&3"])
def test_what_is_too_special_for_chance(value):
    """A token, and a long value of many kinds of character, stand nowhere by chance."""
    assert is_distinctive(value)


@pytest.mark.parametrize("value", ["python3", "model_v2_final", "Churn-Model-2024", "a/b/model.csv", "a1!B"])
def test_what_may_be_a_name(value):
    """Names, paths and what is short may."""
    assert not is_distinctive(value)


@pytest.mark.parametrize(
    ("text", "found"),
    [("x {} y", True), ("a\\n{}", True), ("({})", True), ("x{}", False), ("{}y", False), ("_{}", False)],
)
def test_a_value_inside_a_word(text, found):
    """A value counts where no word goes on, before it or behind it."""
    assert bool(list(again_hits(piece(text.format(PASSWORD)), [PASSWORD]))) is found


def test_what_is_kept():
    """Where a text has to stay as it is, no value is looked for."""
    assert list(again_hits(piece(PASSWORD, kept=[(0, 3)]), [PASSWORD])) == []


@pytest.mark.parametrize(
    ("text", "style", "found"),
    [
        *(("f('Hunter22')", "code", True), ("Hunter22", "code", False), ("'Hunter22 '", "code", False)),
        *(
            ("a\nHunter22\nb", "output", True),
            ("'Hunter22'", "output", True),
            ("x Hunter22", "output", False),
        ),
        ("f('Hunter22')", "output", False),
    ],
)
def test_a_value_alone(text, style, found):
    """A short value counts as all that stands in quotes in code, or on a line of an output."""
    assert bool(list(lone_hits(piece(text, style), ["Hunter22"]))) is found
