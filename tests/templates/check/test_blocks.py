from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.check.blocks import _simple, block_faults, metadata_blocks
from aicore_magics.templates.check.text import check_document, check_text
from aicore_magics.templates.yaml.marks import read_documents
from tests.templates.examples import SERVING, WORKFLOW, changed

FIELD = Path(__file__).parents[2] / "data" / "field"
NOTES = '        autoscaling.knative.dev/target: "1"\n'
LABELS = "        ai.sap.com/resourcePlan: starter\n"


def test_what_the_field_brought():
    """A colon that is missing: told on its line of the file, behind the key."""
    found = check_text((FIELD / "T69-annotations-bad.yaml").read_text("utf-8"))
    assert [(each.rule.id, each.severity, each.line, each.column) for each in found] == [
        ("yaml", "error", 21, 39)
    ]
    assert str(found[0].fix) == "a colon is missing after the key"


@pytest.mark.parametrize(
    ("old", "new", "rules"),
    [
        (NOTES, "        autoscaling.knative.dev/target§ 1\n        x: y1\n", "yaml error"),
        (NOTES, '        a: §"1\n', "yaml error"),
        (NOTES, "        a: [1§\n        b: 2\n", "yaml error"),
        (NOTES, "        §\ta: 1\n", "yaml error"),
        (NOTES, '        a: "1"\n        §a: "2"\n', "repeated-key warning"),
        (LABELS, LABELS + "        x: §a: b\n", "yaml error"),
        (LABELS, LABELS + "        §ai.sap.com/resourcePlan: basic\n", "repeated-key warning"),
    ],
)
def test_a_fault_inside_stands_at_its_line_of_the_file(old, new, rules):
    """No YAML, a key twice: each at the line and column that an editor shows."""
    text, place = changed("serving", old, new)
    found = [each for each in check_text(text) if each.rule.id != "plan-missing"]
    assert [f"{each.rule.id} {each.severity}" for each in found] == [rules]
    assert found[0].line == place[0]


@pytest.mark.parametrize("key", ["annotations", "labels"])
@pytest.mark.parametrize("sign", [">", ">-", ">+", "> # why"])
def test_lines_that_are_folded_into_one(key, sign):
    """A `>` makes one line of several: told there, and with `|` in its place all is well."""
    lines = {"annotations": NOTES, "labels": LABELS}[key]
    text, _place = changed("serving", lines, lines + '        acme.com/team: "churn"\n')
    folded = text.replace(f"{key}: |", f"{key}: {sign}")
    found = [each for each in check_text(folded) if each.rule.id == "yaml"]
    assert [str(each.fix) for each in found] == [
        "the > after the key, which joins several lines: write | instead"
    ]
    assert folded.splitlines()[found[0].line - 1].strip() == f"{key}: {sign}"
    assert check_text(folded.replace(f"{key}: >", f"{key}: |")) == ()


def test_several_documents_in_one_text():
    """What follows --- is not read."""
    text, _place = changed("serving", NOTES, '        a: "1"\n        ---\n        b: "2"\n')
    found = check_text(text)
    assert [(each.rule.id, each.message) for each in found] == [
        ("spec", "the annotations have several documents")
    ]


@pytest.mark.parametrize("text", [SERVING, SERVING.replace("labels: |", "labels: |-").replace("\n", "\r\n")])
@pytest.mark.parametrize("comment", ["", " # why"])
def test_the_blocks_are_those_that_are_texts(text, comment):
    """Each with what it holds; a mapping in place of a text is none, and a workflow has none."""
    (document,) = read_documents(text.replace("starter", f"starter{comment}")).documents
    data, blocks = metadata_blocks(document)
    assert data == {
        "annotations": {"autoscaling.knative.dev/target": "1"},
        "labels": {"ai.sap.com/resourcePlan": "starter"},
    }
    # What is simple is not read as YAML.
    assert list(blocks) == (["labels"] if comment else [])
    assert list(block_faults(blocks, document, "f")) == []
    (document,) = read_documents(WORKFLOW).documents
    assert metadata_blocks(document) == ({}, {})
    (document,) = read_documents(SERVING.replace("labels: |", "labels:")).documents
    assert list(metadata_blocks(document)[0]) == ["annotations"]


LINES = st.lists(
    st.text("ab1.- :'\"#/\t{~", max_size=8) | st.sampled_from(["on: x", "a: 1", "b: 'c'", "a: null"])
)


@given(LINES)
def test_what_is_simple_is_what_yaml_reads(lines):
    """However it is read: whatever the lines are, it holds the same."""
    text = "\n".join(lines)
    simple = _simple(text)
    if simple is not None and text:
        (document,) = read_documents(text).documents
        assert document.data == simple
        assert not document.tree.odd


@pytest.mark.parametrize(
    "new",
    [
        "        a b\n        c: d\n",
        "        - x\n",
        '        a: "1"\n        a: "2"\n',
        "        a: 1\n        ---\n",
    ],
)
def test_a_document_has_what_its_text_has(new):
    """Checked as plain data, the blocks are read as well; a repeated key is only seen in the text."""
    text, _ = changed("serving", NOTES, new)
    wanted = [each.rule.id for each in check_text(text) if each.rule.id != "repeated-key"]
    (document,) = read_documents(text).documents
    assert [each.rule.id for each in check_document(document.data)] == wanted
