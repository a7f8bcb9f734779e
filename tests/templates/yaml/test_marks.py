import os
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.facts import SERVING_SPEC
from aicore_magics.templates.finding import INNER
from aicore_magics.templates.yaml.marks import Documents, Lines, Position, read_documents

HEAD = "apiVersion: ai.sap.com/v1alpha1\nkind: ServingTemplate\nmetadata:\n  name: churn\nspec:\n"
SERVING = (
    HEAD
    + """\
  inputs:
    parameters:
    - name: replicas # {{no}}
  template:
    metadata:
      labels: |
        ai.sap.com/resourcePlan: {{inputs.parameters.plan}}
    spec: |
      # a comment: with a colon
      predictor:

        imagePullSecrets:
        - name: team-ghcr
        minReplicas: {{inputs.parameters.replicas}}
        containers:
        - name: kserve-container
          image: {{inputs.parameters.host}}/churn:1.4
"""
)
NAME = (*SERVING_SPEC, INNER, "predictor", "imagePullSecrets", 0, "name")


def only(text):
    read = read_documents(text)
    assert (len(read.documents), read.fault) == (1, None)
    return read.documents[0]


def at(text, place):
    """What stands at *place* in *text*, to the end of its line, as an editor counts."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[place.line - 1][place.column - 1 :]


FORMS = [
    SERVING,
    SERVING.replace("\n", "\r\n"),
    SERVING.replace("\n", "\r"),
    "\ufeff" + SERVING,
    SERVING.rstrip("\n"),
    SERVING.replace("spec: |", "spec: |-"),
    SERVING.replace("spec: |", "spec: |+ # keep"),
    SERVING.replace("spec: |", "spec: |2"),
    "# first\n---\n" + SERVING + "\n\n",
]


@pytest.mark.parametrize("text", FORMS)
def test_places_hold_down_into_the_text_block(text):
    """Line and column are those of the file, in the text block too, with any line breaks and any header."""
    template = only(text)
    spec = template.inner["predictor"]
    assert spec["imagePullSecrets"] == [{"name": "team-ghcr"}]
    assert spec["minReplicas"] == "{{inputs.parameters.replicas}}"
    assert at(text, template.place(NAME)) == "team-ghcr"
    assert at(text, template.place(NAME, key=True)) == "name: team-ghcr"
    image = (*SERVING_SPEC, INNER, "predictor", "containers", 0, "image")
    assert at(text, template.place(image)) == "{{inputs.parameters.host}}/churn:1.4"
    assert at(text, template.place(("kind",))) == "ServingTemplate"
    assert at(text, template.place(SERVING_SPEC, key=True)).startswith("spec: |")


def test_a_template_tells_kind_and_data():
    """Kind, data and the text block as AI Core gets it, with every placeholder in its place."""
    template = only(SERVING)
    assert template.kind == "ServingTemplate"
    assert template.data["metadata"] == {"name": "churn"}
    assert template.data["spec"]["template"]["spec"] == template.block.text
    assert template.block.text.endswith("image: {{inputs.parameters.host}}/churn:1.4\n")
    assert (template.block.fault, template.repeated) == (None, ())


@pytest.mark.parametrize(
    ("path", "key", "words"),
    [
        ((), False, "apiVersion"),
        (("metadata", "nothing", 0), False, "name: churn"),
        (("metadata", "nothing"), True, "metadata:"),
        (("spec", "inputs", "parameters", 0, "name"), False, "replicas"),
        (("spec", "inputs", "parameters", 0), True, "name: replicas"),
        (("spec", "inputs", "parameters", 7), False, "- name: replicas"),
        ((*SERVING_SPEC, INNER), False, "predictor:"),
        ((*SERVING_SPEC, INNER, "predictor", "nothing"), False, "imagePullSecrets:"),
        ((*SERVING_SPEC, INNER, "predictor", "nothing"), True, "predictor:"),
        (("spec", "nothing", INNER, "x"), False, "inputs:"),
    ],
)
def test_a_path_that_leads_nowhere_ends_at_the_last_part_there(path, key, words):
    """For any path there is a place: that of the deepest part that exists."""
    assert at(SERVING, only(SERVING).place(path, key=key)).startswith(words)


def test_a_key_without_value_is_the_place_of_its_value():
    """Where nothing stands behind a key, the place is the key."""
    text = "a:\n  b:\n  c: ''\n"
    template = only(text)
    assert at(text, template.place(("a", "b"))) == "b:"
    assert at(text, template.place(("a", "c"))) == "''"


def test_any_text_block_can_be_opened():
    """The labels of a ServingTemplate are text, too: their data and places are to be had."""
    path = ("spec", "template", "metadata", "labels")
    template = only(SERVING)
    assert template.inside(path).data == {"ai.sap.com/resourcePlan": "{{inputs.parameters.plan}}"}
    place = template.place((*path, INNER, "ai.sap.com/resourcePlan"))
    assert at(SERVING, place) == "{{inputs.parameters.plan}}"
    assert template.inside(("spec", "nothing")) is None


INSIDE = "predictor:\n  minReplicas: 1\n"


@pytest.mark.parametrize(
    ("written", "style"),
    [
        (" >\n      predictor:\n        minReplicas: 1\n", "folded"),
        (' "predictor:\\n  minReplicas: 1\\n"\n', "quoted"),
        (" 'predictor:\n\n      \\ '\n", "quoted"),
        (" word\n", "plain"),
        (" |\n      predictor:\n        minReplicas: 1\n", "literal"),
        ("\n      predictor:\n        minReplicas: 1\n", "mapping"),
    ],
)
def test_other_texts_than_a_literal_block(written, style):
    """A folded, quoted or plain text is read, too, with all places at its start; a mapping stays as it is."""
    text = f"{HEAD}  template:\n    spec:{written}"
    template = only(text)
    assert template.block.style == style
    start = template.place(SERVING_SPEC)
    place = template.place((*SERVING_SPEC, INNER, "predictor", "minReplicas"))
    if style in ("literal", "mapping"):
        assert at(text, place) == "1"
        assert template.inner == {"predictor": {"minReplicas": 1}}
    else:
        assert place == start


@pytest.mark.parametrize("spec", ["", " ~", " {}", " []", " |\n", " |\n\n\n", " ''"])
def test_an_empty_text_block_has_nothing_in_it(spec):
    """Nothing, null and blanks are no data and no fault."""
    template = only(f"{HEAD}  template:\n    spec:{spec}\n")
    assert not template.inner
    assert template.block is None or template.block.fault is None
    assert template.place(NAME).line >= 5


def test_only_a_serving_template_has_an_inner_spec():
    """In other kinds the same path is no text block."""
    template = only(SERVING.replace("ServingTemplate", "WorkflowTemplate"))
    assert (template.inner, template.block) == (None, None)


def test_a_line_break_that_only_yaml_knows_keeps_the_data():
    """A text with a NEL in it is read; all its places are that of the text: no editor breaks lines there."""
    text = f"{HEAD}  template:\n    spec: |\n      a: 1\x85      b: 2\n"
    template = only(text)
    assert template.inner == {"a": 1, "b": 2}
    assert template.place((*SERVING_SPEC, INNER, "b")) == template.place(SERVING_SPEC)


def test_several_documents_are_one_after_the_other():
    """Each document has its own data and the places of the one file; the fault is that of the last."""
    read = read_documents("kind: A\n---\nkind: [x]\n---\n- kind\n---\na: @\n")
    assert [one.kind for one in read.documents] == ["A", "", ""]
    assert [str(one.place(("kind",))) for one in read.documents] == ["1:7", "3:7", "5:1"]
    assert read.fault.place == Position(7, 4)


def test_keys_that_stand_twice_are_told():
    """A key twice in one mapping is told, with the place of the later one."""
    assert only("a: 1\nb:\n  c: 1\n  c: 2\n").repeated == (("c", Position(4, 3)),)


TEXTS = st.lists(
    st.sampled_from(
        [*"ab:-|>{}[]#'\"&*! \n\t", "\n  ", "\n      ", ": ", "{{x}}", "\r\n", "\ufeff", "\0", "é", "|2\n"]
    ),
    max_size=30,
).map("".join)


@given(TEXTS, st.sampled_from(["", "      ", "    "]))
def test_any_text_has_an_answer(text, indent):
    """Whatever stands in the file or in its text block: data or a fault, and for any path a place in it."""
    block = "".join(f"{indent}{line}" for line in text.splitlines(keepends=True))
    for whole in (text, f"{HEAD}  template:\n    spec: |\n{block}", f"{HEAD}  template:\n    spec: {text}"):
        read = read_documents(whole)
        for template in read.documents:
            assert template.inner is None or not template.block.fault
            for path in ((), NAME, ("a", 0, "b"), ("a", INNER, "b"), (INNER, INNER), (0,)):
                place = template.place(path)
                assert 1 <= place.line <= len(read.lines.starts)
                assert 1 <= place.column <= len(read.lines.line(place.line - 1)) + 1


@given(st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), max_size=40))
def test_places_inside_are_those_of_the_same_text_outside(value):
    """A value in the text block stands where it would in a file of its own, moved by line and indentation."""
    inner = yaml.safe_dump({"a": {"b": [0, value]}}, allow_unicode=True, width=10_000)
    block = "".join(f"      {line}\n" for line in inner.rstrip("\n").split("\n"))
    outer = only(f"{HEAD}  template:\n    spec: |\n{block}")
    alone = only(inner)
    assert outer.inner == alone.data
    inside, outside = outer.place((*SERVING_SPEC, INNER, "a", "b", 1)), alone.place(("a", "b", 1))
    assert inside == Position(outside.line + 7, outside.column + 6)


@pytest.mark.needs("template-corpus")
def test_real_templates_are_read():
    """Of the templates that people published, all but those that are broken are read, with their places."""
    files = sorted(Path(os.environ["AICORE_TEMPLATE_CORPUS"]).glob("*.yaml"))
    read = {file.name: read_documents(file.read_bytes().decode()) for file in files}
    whole = {name: one for name, one in read.items() if not one.fault}
    assert len(read) - len(whole) <= 3
    for one in whole.values():
        assert isinstance(one, Documents)
        assert all(template.block is None or not template.block.fault for template in one.documents)
    for one in (one for one in read.values() if one.fault):
        assert one.fault.cause


@pytest.mark.parametrize(
    ("text", "offset", "place"),
    [
        ("", 0, (1, 1)),
        ("ab", 2, (1, 3)),
        ("a\nb", 2, (2, 1)),
        ("a\r\nb", 3, (2, 1)),
        ("a\rb", 2, (2, 1)),
        ("a\u2028b\x85c", 4, (1, 5)),
        ("😀: 1\n😀", 5, (2, 1)),
    ],
)
def test_a_place_is_what_an_editor_shows(text, offset, place):
    """Lines end at LF, CRLF and CR alone, and columns count characters, both from 1."""
    assert Lines(text).place(offset) == Position(*place)


@given(st.text(alphabet="a\r\n", max_size=20))
def test_lines_hold_the_whole_text(text):
    """The lines with their breaks are the text, and no line has a break inside."""
    lines = Lines(text)
    rows = range(len(lines.starts))
    assert "".join(text[lines.starts[row] : lines.end(row)] for row in rows) == text
    assert lines.with_breaks() == [text[lines.starts[row] : lines.end(row)] for row in rows]
    assert not any("\n" in lines.line(row) or "\r" in lines.line(row) for row in rows)
    assert all(lines.row(offset) < len(lines.starts) for offset in range(len(text) + 1))


def test_places_sort_and_read_as_editors_write_them():
    """A place is written line:column, and sorts by line first."""
    assert str(Position(24, 9)) == "24:9"
    assert sorted([Position(2, 1), Position(1, 9), Position(1, 2)]) == [
        Position(1, 2),
        Position(1, 9),
        Position(2, 1),
    ]
