import pytest
import yaml

from aicore_magics.templates.yaml import faults
from aicore_magics.templates.yaml.marks import read_documents

BROKEN = [
    ("spec:\n\tentrypoint: a\n", "2:1", faults.TAB),
    ("spec:\n  a: 1\n\tb: 2\n", "3:1", faults.TAB),
    ("a: |\n\tx\n", "2:1", faults.TAB),
    ("spec:\n  image:docker.io/x\n  b: 2\n", "2:9", faults.NO_SPACE),
    ("spec:\n  container:\n    image:docker.io/x\n    command: y\n", "3:11", faults.NO_SPACE),
    ("spec:\n  a: 1\n  image:docker\n", "3:9", faults.NO_SPACE),
    ("a: foo: bar\n", "1:7", faults.SECOND_COLON),
    ("a b\nc: d\n", "1:2", faults.NO_COLON),
    ("a: b\nx.y/c:d\n", "2:7", faults.NO_SPACE),
    ("x:\n  a.b/c word\n  c: d\n", "2:8", faults.NO_COLON),
    ("a:\n  - name: x\n      b:\n        c: 1\n", "3:8", faults.DEEPER),
    ("a:\n    b: 1\n  c: 2\n", "3:3", faults.INDENTATION),
    ("a:\n- b\n c: 1\n", "3:3", faults.INDENTATION),
    ('a: "abc\nb: 1\n', "1:4", faults.OPEN_QUOTE),
    ("a: 'it's'\n", "1:8", faults.OPEN_QUOTE),
    ("a: [1, 2\nb: 3\n", "1:4", faults.OPEN_BRACKET),
    ("a: [1 2]]\n", "1:9", faults.OPEN_BRACKET),
    ('a: "\\q"\n', "1:5", faults.BACKSLASH),
    ("a: @x\n", "1:4", "begins with an @"),
    ("a: `x`\n", "1:4", "begins with a backtick"),
    ("a: *x\n", "1:4", "begins with a *"),
    ("%a: 1\n", "1:1", "begins with a %"),
    ("a: {{x\nb: 1\n", "1:4", faults.HALF_PLACEHOLDER),
    ("a: 1\n{{ end }}\nb: 2\n", "2:1", faults.ALONE),
    ("? [a]\n: b\n", "1:3", faults.ODD_KEY),
    ("a: \0\n", "1:4", "U+0000"),
    ("- " * 200, "1:101", faults.TOO_DEEP),
]


@pytest.mark.parametrize(("text", "place", "cause"), BROKEN)
def test_a_fault_has_the_exact_place_and_the_usual_cause(text, place, cause):
    """What stops a text from being YAML is told with line, column and cause, whatever the line breaks."""
    for one in (text, text.replace("\n", "\r\n"), "\ufeff" + text):
        fault = read_documents(one).fault
        assert str(fault.place) == place
        assert cause in fault.cause


@pytest.mark.parametrize(("text", "place", "cause"), [one for one in BROKEN if "\0" not in one[0]])
def test_a_fault_inside_a_text_block_is_placed_in_the_file(text, place, cause):
    """In the text block of a ServingTemplate, the same faults have the same causes, placed in the file."""
    inside = "".join(f"      {line}\n" for line in text.split("\n"))
    outer = f"kind: ServingTemplate\nspec:\n  template:\n    spec: |\n{inside}"
    fault = read_documents(outer).documents[0].block.fault
    line, column = place.split(":")
    assert str(fault.place) == f"{int(line) + 4}:{int(column) + 6}"
    assert cause in fault.cause


@pytest.mark.parametrize(("text", "place", "cause"), BROKEN)
def test_pyyaml_without_libyaml_finds_a_fault_on_the_same_lines(text, place, cause, monkeypatch):
    """Where PyYAML was built without libyaml, its words differ: the fault is found all the same."""
    monkeypatch.delattr(yaml, "CSafeLoader")
    fault = read_documents(text).fault
    assert fault.problem
    assert abs(fault.place.line - int(place.split(":")[0])) <= 1


def test_a_fault_reads_as_a_sentence_with_its_cause():
    """The reader's own words come first, ours in brackets; an unknown cause leaves no empty brackets."""
    fault = read_documents("a: @x").fault
    assert str(fault) == f"{fault.problem} ({fault.cause})"
    unexplained = read_documents("%YAML 2.0\n---\na: 1\n").fault
    assert (str(unexplained), unexplained.cause) == ("found incompatible YAML document", "")


@pytest.mark.parametrize("line", ["a: [{{x.y]", 'a: ["{{x.y]', "a: [b, {{x.y}, c]", "a: {{x.y", "- {{x.y"])
def test_an_open_placeholder_is_called_so(line):
    """In brackets and quotes as well: what is missing is its end."""
    fault = read_documents(f"k: v\n{line}\nz: v\n" if line[0] != "-" else line).fault
    assert fault.cause == faults.HALF_PLACEHOLDER
    assert fault.message == "this is not YAML: {{ is not closed"
