from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.leaks.detectors.string_literals import (
    LONGEST_VALUE,
    MAX_PARTS,
    are_joined,
    literal_spans,
    unquoted,
    value_end,
    value_start,
)

VALUES = ["hunter2", 'a"b', "a\\", 'a\\"b', "\\\\", "ä€😀", '"', "'"]


def nested(value, depth):
    """*value* in JSON, that in JSON, and so on; and the quote around it there."""
    text = json.dumps(value, ensure_ascii=False)
    for _ in range(depth):
        text = json.dumps(text, ensure_ascii=False)[1:-1]
    return text, text[: 2**depth]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("depth", [0, 1, 2, 3])
def test_a_value_ends_where_it_ends_at_any_depth(value, depth):
    """JSON in a string in JSON is read to the quote that closes the value, and no other."""
    text, quote = nested(value, depth)
    after = f"{text}, {quote}more{quote}"
    assert value_end(after, len(quote), quote) == len(text) - len(quote)


@pytest.mark.parametrize("value", ['Tr0"ub4dor', 'Tr0",ub4dor', 'a"b"c', '"x"y', "abc\\", 'a\\"b', "plain1"])
@pytest.mark.parametrize("depth", [0, 1])
def test_a_value_in_the_repr_of_json(value, depth):
    """A repr doubles the backslashes of JSON and puts none before its quotes: the value is found whole."""
    inner, quote = nested(value, depth)
    text = repr(f"{{{quote}a{quote}: {inner}, {quote}b{quote}: {quote}x{quote}}}")
    opening = repr(quote)[1:-1]
    start = text.index(": ") + 2 + len(opening)
    end = value_end(text, start, opening)
    assert text[start:end] == repr(inner[len(quote) : -len(quote)])[1:-1]


@pytest.mark.parametrize("behind", ["", ",", ', user="anna"', ")  # the end", ' + "x"', '.encode("ascii")'])
def test_a_backslash_at_the_end(behind):
    """In plain code two backslashes before a quote are one of the value's, and the quote ends it."""
    assert value_end(f'"abc\\\\"{behind}', 1, '"') == 6


@given(
    st.text(st.characters(exclude_characters="\n\r\x85\u2028\u2029", exclude_categories=["Cs", "Cc"])),
    st.integers(0, 3),
)
def test_any_value(value, depth):
    """So it is for every text on one line."""
    text, quote = nested(value, depth)
    end = value_end(text + ",", len(quote), quote)
    assert end == len(text) - len(quote) or (value == "" and depth == 0 and end == -1)


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("depth", [0, 1])
def test_the_value_as_it_was(value, depth):
    """The value is given as it was before it was quoted."""
    text, quote = nested(value, depth)
    assert unquoted(text[len(quote) : -len(quote)], quote) == value


def test_html():
    """A quote of HTML ends at the same one, and its value is read as HTML."""
    assert value_end("a&amp;b&quot;", 0, "&quot;") == 7
    assert unquoted("a&amp;b", "&quot;") == "a&b"


@pytest.mark.parametrize("quote", ["'", '"'])
def test_three_quotes(quote):
    """A text in three quotes may hold one of them, and line breaks."""
    text = f"{3 * quote}a{quote}\nb{3 * quote}"
    start, end = value_start(text, 1, quote), value_end(text, 1, quote)
    assert text[start:end] == f"a{quote}\nb"


@pytest.mark.parametrize("text", ['"', '"abc', '"a\nb"', '"' + (LONGEST_VALUE + 1) * "a" + '"'])
def test_what_is_no_value(text):
    """A text that does not end, ends on another line, or is longer than a docker config is none."""
    assert value_end(text, 1, '"') == -1


OPENING = re.compile(r"""(?P<prefix>f?)(?P<open>["'])""")


def parts_of(text, **options):
    return [text[start:end] for start, end in literal_spans(text, OPENING.match(text), **options)]


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
