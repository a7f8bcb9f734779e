from __future__ import annotations

import json
import time

from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.leaks.files.json_spans import JsonText

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
    first = text.text[span[0]]
    if first == "{":
        return {key: read(text, value) for key, _, value in text.members(span)}
    if first == "[":
        return [read(text, value) for value in text.elements(span)]
    return json.loads(text.text[slice(*span)])


@given(VALUES, st.sampled_from(WRITERS))
def test_any_json_is_taken_apart(value, write):
    """Members and elements, wherever they stand, are those that a JSON parser reads."""
    text = write(value)
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert read(JsonText(text), JsonText(text).whole()) == value


def test_what_is_no_object_or_array():
    """A number has neither members nor elements, and the empty ones have none."""
    for text in map(JsonText, ("1", "{}", "[]", '""', "[ ]", "{ }")):
        assert text.members(text.whole()) == []
        assert text.elements(text.whole()) == []


def test_a_key_that_stands_there_twice():
    """Both members are given: a credential may be in the one that parsers pass over."""
    assert [key for key, _, _ in JsonText('{"a": 1, "a": 2}').members((0, 16))] == ["a", "a"]


def test_strings():
    """A string is one, an array of strings is each of them, and anything else is none."""
    for text, read_as, spans in (
        ('"a"', ["a"], [(0, 3)]),
        ('["a", "b\\\\"]', ["a", "b\\"], [(1, 4), (6, 11)]),
    ):
        json_text = JsonText(text)
        assert json_text.strings(json_text.whole()) == read_as
        assert json_text.string_spans(json_text.whole()) == spans
    assert JsonText('["a", 1]').strings((0, 8)) is None
    assert JsonText("{}").strings((0, 2)) is None


def test_deep_and_long_arrays_take_linear_time():
    """Every end is looked for once: ten thousand arrays in one, and one in another, are read in a moment."""
    for text in ("[" * 900 + "]" * 900, "[" + ",".join(["[1]"] * 20_000) + "]"):
        start = time.process_time()
        json_text = JsonText(text)
        span = json_text.whole()
        while json_text.elements(span):
            span = json_text.elements(span)[0]
        assert time.process_time() - start < 2
