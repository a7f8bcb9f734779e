"""What is a comment to YAML is one to us, and nothing else: the text is read with and without it."""

from __future__ import annotations

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicore_magics.templates.facts import SERVING_SPEC
from aicore_magics.templates.yaml.comments import comments
from aicore_magics.templates.yaml.marks import read_documents
from tests.templates.examples import GOOD

MARKED = "# aicore-magics: disable=image-tag"


def listed(text):
    return [(one.text, one.row, one.alone) for one in comments(read_documents(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1 # aicore-magics: x", [("x", 0, False)]),
        ("# aicore-magics: x\na: 1", [("x", 0, True)]),
        ("a:\n  # aicore-magics: x\n  b: 1", [("x", 1, True)]),
        ("- # aicore-magics: x\n  a", [("x", 0, False)]),
        ("a: [1, # aicore-magics: x\n  2]", [("x", 0, False)]),
        ("a: | # aicore-magics: x\n  b\n", [("x", 0, False)]),
        ("a: >- # aicore-magics: x\n  b\n", [("x", 0, False)]),
        ("a: |\n  b\n# aicore-magics: x\n", [("x", 2, True)]),
        ("a:\n  b: |\n    c\n  # aicore-magics: x\n  d: 1\n", [("x", 3, True)]),
        ("a:\n  b: |\n    c\n\n   # aicore-magics: x\n", [("x", 4, True)]),
        ("a: 1\n---\n# aicore-magics: x\nb: 2", [("x", 2, True)]),
        ("a: {{x}} # aicore-magics: x", [("x", 0, False)]),
        ("a: 1 # why # aicore-magics: x", [("x", 0, False)]),
        ("a: 1 # aicore-magics: x # aicore-magics: y", [("x # aicore-magics: y", 0, False)]),
        ("a: '# aicore-magics: x' # aicore-magics: y", [("y", 0, False)]),
        ("a: 'b' # aicore-magics: x", [("x", 0, False)]),
        ("#aicore-magics:x\na: 1", [("x", 0, True)]),
        ("a: 1\t#\taicore-magics:\tx\t", [("x", 0, False)]),
        ("\ufeff# aicore-magics: x\na: 1", [("x", 0, True)]),
        ("# aicore-magics: x", [("x", 0, True)]),
        ("<<: {a: 1} # aicore-magics: x", [("x", 0, False)]),
        ("a: &b 1 # aicore-magics: x\nc: *b # aicore-magics: y", [("x", 0, False), ("y", 1, False)]),
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"], ids=ascii)
def test_where_a_comment_may_stand(text, found, line_break):
    """At the end of a line or alone on it, behind the | of a block, below a block, in any document."""
    assert listed(text.replace("\n", line_break)) == found


@pytest.mark.parametrize(
    "text",
    [
        "a: 'b # aicore-magics: x'",
        'a: "b # aicore-magics: x"',
        'a: "b\n  # aicore-magics: x\n  c"',
        "a: b# aicore-magics: x",
        "a: |\n  b # aicore-magics: x\n",
        "a: |\n  # aicore-magics: x\n  b\n",
        "a: >\n  b\n  # aicore-magics: x\n",
        "a: |\n  b\n  # aicore-magics: x\n",
        "- |\n  b # aicore-magics: x\n",
        "a: {{ # aicore-magics: x }}",
        "'a # aicore-magics: x': 1",
        "? |\n  # aicore-magics: x\n: 1",
        "<<: {a: 'b # aicore-magics: x'}",
        "a: &b 'c # aicore-magics: x'\nd: *b",
        "a: 1 # aicore-magic: x",
        "a: 1 # Aicore-Magics: x",
        "a: 1",
        "",
    ],
)
@pytest.mark.parametrize("line_break", ["\n", "\r\n"], ids=ascii)
def test_what_is_text_is_no_comment(text, line_break):
    """In quotes, in a block, in a placeholder or in a word a # begins none."""
    assert listed(text.replace("\n", line_break)) == []


def test_behind_a_fault_nothing_is_known():
    """What could not be read may be anything."""
    assert listed("a: 1 # aicore-magics: x\n---\nb: [1 # aicore-magics: y\n}") == [("x", 0, False)]
    assert listed("a: [1 # aicore-magics: y\n}") == []


BLOCK = """\
kind: ServingTemplate
spec:
  template:
    metadata:
      labels: |
        a: b # aicore-magics: labels
      annotations: {style}
        # aicore-magics: annotations
        a: b
    spec: {style}
      predictor: # aicore-magics: one
        # aicore-magics: two
        args:
          - |
            # aicore-magics: three
          - '# aicore-magics: four'
"""


def test_a_text_that_is_yaml_has_comments_of_its_own():
    """Those of a literal block count; in a folded or quoted text no line is one of the file."""
    inside = [("labels", 5, False), ("annotations", 7, True), ("one", 10, False), ("two", 11, True)]
    assert listed(BLOCK.replace("{style}", "|")) == inside
    assert listed(BLOCK.replace("{style}", ">")) == inside[:1]
    workflow = BLOCK.replace("ServingTemplate", "WorkflowTemplate")
    assert listed(workflow.replace("{style}", "|")) == []


def test_a_broken_block_has_no_comments():
    """What of it could not be read may be anything; the rest of the file is not touched by that."""
    text = BLOCK.replace("{style}", "|").replace("'# aicore-magics: four'", "'# aicore-magics: four")
    assert [one[0] for one in listed(text)] == ["labels", "annotations"]
    several = BLOCK.replace("{style}", "|") + "      --- # aicore-magics: five\n"
    assert [one[0] for one in listed(several)] == ["labels", "annotations", "one", "two"]


def meaning(text):
    """All data of a text, with what is YAML in YAML read as well; None if it cannot be read."""
    read = read_documents(text)
    if read.fault:
        return None
    data = []
    for document in read.documents:
        block, whole = document.block, copy.deepcopy(document.data)
        if block is not None and block.origins:
            if block.fault or block.several:
                return None
            owner = whole
            for step in SERVING_SPEC[:-1]:
                owner = owner[step]
            owner[SERVING_SPEC[-1]] = block.data
            for key in owner["metadata"]:
                owner["metadata"][key] = document.inside((*SERVING_SPEC[:-1], "metadata", key)).data
        data.append(whole)
    return data


def with_comment(text, row, indent):
    """The text with a comment at the end of a line, or above it if an *indent* is given."""
    lines = text.split("\n")
    if indent is None:
        lines[row] += f" {MARKED}"
    else:
        lines.insert(row, indent * " " + MARKED)
    return "\n".join(lines)


def agrees(text, row, indent):
    changed = with_comment(text, row, indent)
    before, after = meaning(text), meaning(changed)
    if before is None or after is None:
        return
    number = len(listed(changed)) - len(listed(text))
    assert number == (1 if repr(before) == repr(after) else 0), changed


@pytest.mark.parametrize("kind", GOOD)
def test_every_line_of_a_template(kind):
    """At and above each line, at any depth: it is listed if, and only if, it does not change the data."""
    text = GOOD[kind]
    for row in range(len(text.splitlines())):
        for indent in (None, 0, 4, 6, 10):
            agrees(text, row, indent)


WORDS = [
    "x",
    "'y # aicore-magics: z'",
    '"y # aicore-magics: z"',
    '"y\n      z"',
    "y\n      z",
    "{{v}}",
    "[a, 'b']",
]
WORDS += [
    "{a: 1}",
    "|\n      a\n      b",
    ">\n      a\n\n      b",
    "|-\n      # a\n      b\n",
    "",
    "&n m",
    "!!str 3",
]
VALUES = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5)


@settings(max_examples=300, deadline=None)
@given(values=VALUES, rows=st.integers(0, 30), indent=st.none() | st.integers(0, 8), data=st.booleans())
def test_any_place_of_any_text(values, rows, indent, data):
    """Among values of every style, a comment is listed if, and only if, it does not change the data."""
    begin = "a:\n" if data else ""
    text = begin + "".join(f"  {'- ' if data else f'k{i}: '}{value}\n" for i, value in enumerate(values))
    agrees(text, rows % len(text.split("\n")), indent)
