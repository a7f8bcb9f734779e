"""The YAML that is written: every reader takes it alike, whatever a text looks like."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from aicore_magics.base.redact import written_out
from aicore_magics.templates.emit import Bare, emit, scalar

CASES = json.loads((Path(__file__).parents[1] / "data/bad-inputs.json").read_text("utf-8"))["cases"]
ROWS = [case["value"] for case in CASES if case["area"] == "yaml"]
MORE = [
    *("y", "N", "On", "OFF", "Null", "TRUE", "=", "<<", "", " ", "-", "--- a", "...", "?", "? a", "a:", ":a"),
    *(
        "1.0",
        "1",
        "+1",
        "-1",
        ".5",
        "0b1",
        "0x",
        "1E+3",
        "1:20",
        "190:20:30.15",
        "2001-12-14t21:59:43Z",
        "~a",
    ),
    *(
        "@a",
        "`a",
        "|",
        ">",
        "a\tb",
        "\ta",
        "a\r\nb",
        "a\rb",
        "\ufeffa",
        "a\u200bb",
        "\u202eabc",
        "\x7f",
        "\xa0",
    ),
    *(
        "\ufffe",
        "\U0001f468\u200d\U0001f469",
        "\U000e0041",
        "\\u0041",
        '\\"',
        "C:\\temp",
        "%YAML 1.2",
        ".nan",
    ),
    *(
        "-----BEGIN",
        "key: {a: [b]}",
        "!!str x",
        "&x *y",
        "NaN",
        "+.INF",
        "0.1.0",
        "a" * 2000,
        "{{x}}",
        "a::b",
    ),
]
BLOCKS = [
    "a\nb",
    "a\nb\n",
    "a\n\n\nb\n",
    "# a\n- b\n",
    "a: b\n  c: d\n",
    "---\n...\n",
    "%a\nb",
    "{{x}}\n|\n",
    "é😀\nb",
]
QUOTED = [
    *(
        "\n",
        "\na",
        " a\nb",
        "a \nb",
        "a\n \nb",
        "a\n\n",
        "a\tb\nc",
        "a\r\nb",
        "a\nb ",
        "a\n\u2028b",
        "\ufeffa\nb",
    ),
    "a\n\x85",
]
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
DATA = st.recursive(
    TEXTS | st.integers() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)


def both(text):
    """What a YAML 1.1 and a YAML 1.2 reader read: they have to agree."""
    old, new = yaml.safe_load(text), YAML(typ="safe", pure=True).load(io.StringIO(text))
    assert old == new
    assert repr(old) == repr(new)
    return old


@pytest.mark.parametrize("text", [*ROWS, *MORE, *BLOCKS, *QUOTED])
def test_a_text_stays_the_same_text(text):
    """As a value, a key, an item, and inside a text block, a text is read as what it was."""
    document = {"a": text, "b": {"c": [text, [text], {"d": text}]}, f"{text[:500]}k": "e"}
    assert both(emit(document)) == document
    assert both(both(emit({"inner": emit(document)}))["inner"]) == document


@pytest.mark.parametrize(
    "text", ["churn-train", "ghcr.io/acme/churn:1.4", "/bin/sh", "main", "http://a/b", "a::b"]
)
def test_what_needs_no_quotes_has_none(text):
    """Names, images and paths stand bare: as people write them."""
    assert scalar(text) == text


@pytest.mark.parametrize("text", BLOCKS)
def test_lines_are_a_block(text):
    """Several lines stand as they are, below a `|`, and no line of the block ends in blanks."""
    written = emit({"args": [text]})
    assert written.startswith("args:\n  - |")
    assert all(line == line.rstrip() for line in written.split("\n"))


@pytest.mark.parametrize("text", QUOTED)
def test_lines_that_a_block_would_change_are_quoted(text):
    """Blanks at an end, tabs, other line breaks: in quotes, so that they survive editors and readers."""
    assert emit({"args": text}).startswith('args: "')


@given(st.dictionaries(TEXTS, DATA, max_size=4).map(lambda data: {"k": 1, **data}))
def test_any_data_is_read_as_it_was(data):
    """Whatever is nested in whatever, both readers give it back, in the same order."""
    text = emit(data)
    assert both(text) == data
    assert list(both(text)) == list(data)


@given(TEXTS)
def test_nothing_unseen_is_written(text):
    """No character that hides or moves others reaches the file: what one sees is what is there."""
    written = emit({"a": text})
    assert all(written_out(line) == line for line in written.split("\n"))


def test_numbers_truth_and_nothing():
    """Numbers and truth values stand bare, what is empty has its brackets, a placeholder has no quotes."""
    document = {
        "a": 1,
        "b": -2,
        "c": True,
        "d": False,
        "e": {},
        "f": [],
        "g": [[], {}, 3],
        "h": Bare("{{x}}"),
    }
    written = "a: 1\nb: -2\nc: true\nd: false\ne: {}\nf: []\ng:\n  - []\n  - {}\n  - 3\nh: {{x}}\n"
    assert emit(document) == written


@pytest.mark.parametrize("value", [1.5, None, b"a", ("a",)])
def test_other_kinds_are_refused(value):
    """What no template holds is a mistake of ours, and not written somehow."""
    with pytest.raises(TypeError, match="cannot be written as YAML"):
        emit({"a": value})


def test_comments_stand_once_above_their_key():
    """A comment is above the first line with its key, as deep as that, and changes no data."""
    document = {"a": {"b": "1", "c": [{"b": "2"}]}, "b": "3"}
    assert emit(document, {"b": "What b is.", "x": "Not there."}) == (
        'a:\n  # What b is.\n  b: "1"\n  c:\n    - b: "2"\nb: "3"\n'
    )
    assert both(emit(document, {"a": "A.", "b": "B.", "c": "C."})) == document


def test_comments_are_wrapped():
    """No comment has a line over 60 columns, however deep it stands, and no word of it is lost."""
    text = "Every word of a sentence that is longer than one line has room for, and some more."
    document = {"a": {"b": {"c": [{"d": 1, "e": 2}]}}}
    for key in "abcde":
        written = emit(document, {key: text})
        above = [line for line in written.splitlines() if "#" in line]
        assert len(above) > 1
        assert max(map(len, above)) <= 60
        assert " ".join(line.strip(" -#") for line in above) == text
        assert both(written) == document


def test_a_comment_on_an_item_keeps_the_item():
    """Where the key is the first of an item, the comment stands behind its hyphen."""
    assert both(emit({"a": [{"b": "x", "c": "y"}]}, {"b": "B."})) == {"a": [{"b": "x", "c": "y"}]}


def test_many_keys():
    """More keys than are kept in mind are written as well."""
    document = {f"{i}": i for i in range(1000)}
    assert both(emit(document)) == document
