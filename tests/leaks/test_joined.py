from __future__ import annotations

import re

import pytest

from aicore_magics.leaks.joined import MAX_PARTS, are_joined, parts

OPENING = re.compile(r"""(?P<prefix>f?)(?P<open>["'])""")


def parts_of(text, **options):
    return [text[start:end] for start, end in parts(text, OPENING.match(text), **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("'a' 'b' + \"c\"", ["a", "b", "c"]),
        ("'a''b'", ["a", "b"]),
        ("'a' + name.of + 'b'", ["a", "b"]),
        ("'a', 'b'", ["a"]),
        ("'a'\n'b'", ["a"]),
        ("'' + 'b'", ["b"]),
        ("'a' f'b{x}'", ["a", "b{x}"]),
        ("'a' f'{x}'", ["a"]),
        ("f'{x}' 'a'", []),
        ("'a", []),
    ],
)
def test_parts(text, expected):
    """A value goes on in what is joined to it, and not in what only follows."""
    assert parts_of(text) == expected


def test_words_of_a_command_are_parted_by_spaces():
    """Where a space ends a word only what touches it belongs to it."""
    assert parts_of("'a'\"b\" 'c'", spaced=False) == ["a", "b"]


def test_the_number_of_parts_is_bounded():
    """A table of texts is not read as one value to its end."""
    assert len(parts_of(3 * MAX_PARTS * "'a' ")) == MAX_PARTS


@pytest.mark.parametrize(
    ("between", "joined"), [("' + '", True), ("''", True), ("' b\"", True), ("', '", False), ("", False)]
)
def test_what_joins(between, joined):
    """Two parts are of one value if nothing but quotes, spaces and a plus stand between them."""
    text = f"a{between}b"
    assert are_joined(text, 1, len(text) - 1) is joined
