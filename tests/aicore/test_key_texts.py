from __future__ import annotations

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.aicore.key_texts import data_in, pem_in, unquoted
from aicore_magics.base.wrappers import Unread

PLAIN = st.recursive(
    st.one_of(st.text(max_size=8), st.none(), st.booleans(), st.integers(-9, 9)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)


@given(st.dictionaries(st.text(max_size=4), PLAIN, min_size=1, max_size=3))
def test_whatever_python_prints(data):
    """A dict is read from what Python prints of it, whatever is in its texts."""
    assert data_in(repr(data)) == data


@pytest.mark.parametrize(
    "text",
    [
        '{"a": "b", }',
        "{'a': f'b'}",
        "{'a': 1 + 1}",
        '{"a"} {"b"}',
        '"a": {"b": 1}}',
        "a",
        "'",
        '""',
        "``",
        "```",
        "``` x",
        "{'",
        "{'a\\",
        '{"a',
        "AICORE_X",
        "\\",
    ],
)
def test_what_is_no_data(text):
    """A text that only looks like data is none."""
    assert isinstance(data_in(text), Unread)


@given(st.text(st.sampled_from("{}[]'\"\\`\n:=,ab "), max_size=30))
def test_any_text_is_read_or_not(text):
    """No text raises."""
    data_in(text)


@pytest.mark.parametrize(
    "part",
    ["'", "\\'", '"', '\\"', "{", "[{", "`", "```\n", "{}", "AICORE_X='\n", "a: ", "-----BEGIN A-----"],
)
def test_time_does_not_explode(part):
    """The longest text that may be is read in a moment, whatever it is made of."""
    begin = time.process_time()
    for start in ("", "{", "{'"):
        data_in(start + part * (100_000 // len(part)))
    pem_in(part * (100_000 // len(part)))
    assert time.process_time() - begin < 3


@pytest.mark.parametrize(
    ("text", "plain"), [("'c'", "c"), ('"c"', "c"), ("'c", "'c"), ("''", "''"), ("c", "c")]
)
def test_quotes(text, plain):
    """Only quotes of one kind at both ends are left out."""
    assert unquoted(text) == plain


@pytest.mark.parametrize("mark", ["", "%", "⏎", "%\n"])
def test_base64_with_the_mark_of_a_shell(mark):
    """What zsh or fish shows at the end of a text without a line break is not a part of base64."""
    text = base64.b64encode(b'{"clientid": "sb-x", "clientsecret": "y"}').decode()
    assert data_in(text + mark) == {"clientid": "sb-x", "clientsecret": "y"}
