from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.leaks.files.json_spans import elements, members, strings, whole

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)
WRITERS = (
    json.dumps,
    lambda value: json.dumps(value, indent=1),
    lambda value: json.dumps(value, ensure_ascii=False, separators=(",", ":")),
    lambda value: f"\ufeff \n{json.dumps(value)}\n",
)


def read(text, span):
    """The value at *span*, taken apart and put together again."""
    first = text[span[0]]
    if first == "{":
        return {key: read(text, value) for key, _, value in members(text, span)}
    if first == "[":
        return [read(text, value) for value in elements(text, span)]
    return json.loads(text[slice(*span)])


@given(VALUES, st.sampled_from(WRITERS))
def test_any_json_is_taken_apart(value, write):
    """Members and elements, wherever they stand, are those that a JSON parser reads."""
    text = write(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert read(text, whole(text)) == value


def test_what_is_no_object_or_array():
    """A number has neither members nor elements, and the empty ones have none."""
    for text in ("1", "{}", "[]", '""', "[ ]", "{ }"):
        assert members(text, whole(text)) == []
        assert elements(text, whole(text)) == []


def test_a_key_that_stands_there_twice():
    """Both members are given: a credential may be in the one that parsers pass over."""
    assert [key for key, _, _ in members('{"a": 1, "a": 2}', (0, 16))] == ["a", "a"]


def test_strings():
    """A string is one, an array of strings is each of them, and anything else is none."""
    assert strings('"a"', (0, 3)) == [(0, 3)]
    assert strings('["a", "b"]', (0, 10)) == [(1, 4), (6, 9)]
    assert strings('["a", 1]', (0, 8)) is None
    assert strings("{}", (0, 2)) is None
