import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.yaml import nodes
from aicore_magics.templates.yaml.masking import Masked
from aicore_magics.templates.yaml.nodes import compose
from aicore_magics.templates.yaml.scalars import plain


def read(text):
    trees, fault = compose(Masked(text))
    return [tree.root.data for tree in trees], fault


# Without the line breaks that YAML 1.1 alone knows: PyYAML does not write them as it reads them. Nor with
# what it writes bare and Kubernetes' reader takes for a number, such as 0E0.
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"), max_size=8).filter(
    lambda word: isinstance(plain(word), str) or yaml.safe_dump(word)[0] in "\"'"
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES, st.booleans())
def test_data_are_those_that_were_written(value, flow):
    """What PyYAML writes, in lines or in brackets, is read as it was."""
    text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True)
    assert read(text) == ([value], None)


@given(VALUES)
def test_scalars_stand_where_their_text_is(value):
    """From the start to the end of each plain or quoted scalar, the file has that scalar and no more."""
    text = yaml.safe_dump(value, allow_unicode=True, width=10_000)
    (tree,), _ = compose(Masked(text))
    left = [tree.root]
    while left:
        node = left.pop()
        left += [part for pair in node.pairs for part in pair] + list(node.items)
        if node.kind == "scalar" and node.start < node.end:
            assert yaml.load(f"- {text[node.start : node.end]}", yaml.BaseLoader) == [node.text]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("", []),
        ("# only a comment\n", []),
        ("---\n", [None]),
        ("a: 1\n---\nb: 2\n...\n", [{"a": 1}, {"b": 2}]),
        ("a: &x {b: 1}\nc: *x\n", [{"a": {"b": 1}, "c": {"b": 1}}]),
        ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", [{"a": {"b": 1}, "c": {"b": 1, "d": 2}}]),
        ("a: &x {b: 1}\nc:\n  b: 3\n  <<: [*x, {b: 4, e: 5}]\n", [{"a": {"b": 1}, "c": {"b": 3, "e": 5}}]),
        ('a: &x {b: 1}\nc: {"<<": 2}\n', [{"a": {"b": 1}, "c": {"<<": 2}}]),
        ("a: !!str 5\nb: !!int '7'\nc: !own x\n", [{"a": "5", "b": 7, "c": "x"}]),
        ("a: 1\na: 2\n", [{"a": 2}]),
        ("1: a\nyes: b\n~: c\n", [{"1": "a", "yes": "b", "~": "c"}]),
        ("a: '1'\nb: |\n  1\nc: >-\n  1\n", [{"a": "1", "b": "1\n", "c": "1"}]),
        (
            "a: {{x}}\nb: '{{x}}'\n{{k}}: [{{x}}, {{y}}]\n",
            [{"a": "{{x}}", "b": "{{x}}", "{{k}}": ["{{x}}", "{{y}}"]}],
        ),
        ("a: | # {{no}}\n  {{x}}\n  # {{y}}\n", [{"a": "{{x}}\n# {{y}}\n"}]),
        ("a: {{x}} # {{no}}\nb: {{y}}\n", [{"a": "{{x}}", "b": "{{y}}"}]),
    ],
)
def test_the_whole_language_is_read(text, data):
    """Documents, aliases, merges, tags, repeated and odd keys, placeholders are read as Kubernetes does."""
    assert read(text) == (data, None)


def test_repeated_keys_and_aliases_are_noted():
    """Keys that stand twice in one mapping, and aliases, are told with the document that has them."""
    (first, second), _ = compose(Masked("a: 1\na: 2\n---\nb: &x 1\nc: *x\n"))
    assert [(key.text, key.start) for key in first.repeated] == [("a", 5)]
    assert (first.linked, second.linked, second.repeated) == (False, True, ())


def test_the_last_of_two_keys_counts_and_a_merge_only_without_one():
    """A mapping gives the pair that readers take: the last of two, and the merged one last of all."""
    (tree,), _ = compose(Masked("m: &m {a: 1, z: 9}\na: 2\na: 3\n<<: *m\n"))
    assert [tree.root.pair(key)[1].data for key in ("a", "z")] == [3, 9]
    assert tree.root.pair("b") is None


def test_what_stands_before_a_fault_is_given():
    """Whole documents before the one that is broken are read."""
    data, fault = read("a: 1\n---\nb: [\n")
    assert data == [{"a": 1}]
    assert fault.offset


@pytest.mark.parametrize("loader", ["with libyaml", "without libyaml"])
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[" * 200, "nesting depth|100 levels"),
        ("[" * 100_000, "nesting depth|100 levels"),
        ("- " * 5_000, "100 levels"),
        ("{a: " * 5_000, "nesting depth|100 levels"),
        ("a: &x [*x]\n", "holds itself"),
        ("a: &x 1\nb: {<<: *x}\n", "no mapping"),
        ("a: *x\n", "undefined alias"),
        ("{[a]: b}\n", "as a key"),
        ("a\x07b", "forbidden character"),
        ("a: \ud800", "forbidden character"),
        ('a: "\\UFFFFFFFF"\n', "character"),
    ],
)
def test_what_cannot_be_read_is_a_fault(text, problem, loader, monkeypatch):
    """Too deep, circular or forbidden texts are faults with a place, never exceptions of another kind."""
    if loader == "without libyaml":
        monkeypatch.delattr(yaml, "CSafeLoader")
    data, fault = read(text)
    assert data == []
    assert any(words in fault.problem for words in problem.split("|"))
    assert 0 <= fault.offset <= len(text)


def test_aliases_cannot_multiply_without_end(monkeypatch):
    """What aliases repeat counts against the limit of values, so a small text cannot become a huge one."""
    levels = [f"{chr(98 + i)}: &{chr(98 + i)} [{', '.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(8)]
    data, fault = read("a: &a [x, x, x]\n" + "".join(levels))
    assert data == []
    assert "more than 100,000 values" in fault.problem
    monkeypatch.setattr(nodes, "MAX_NODES", 6)
    assert read("a: 1\nb: 2\n")[1] is None
    assert "more than 6 values" in read("a: 1\nb: 2\nc: 3\n")[1].problem


PIECES = [
    "a",
    "kind",
    ": ",
    ":",
    "- ",
    "\n",
    "\n  ",
    "\n    ",
    "{{x}}",
    "{{",
    "[",
    "]",
    "{",
    "}",
    ",",
    "'",
    '"',
]
PIECES += [
    "|",
    "|-",
    "|2",
    ">",
    "#",
    " #",
    "&a ",
    "*a",
    "<<: ",
    "!!str ",
    "!x ",
    "\t",
    "\r\n",
    "\r",
    "\x85",
    "\u2028",
]
PIECES += [
    "\ufeff",
    "\x00",
    "? ",
    "---\n",
    "%",
    "@",
    "\\",
    "\\u",
    "😀",
    "\ue000",
    "\ue001",
    "1e3",
    "~",
    "\ud800",
]


@pytest.mark.parametrize("loader", ["with libyaml", "without libyaml"])
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_text_is_data_or_a_fault(loader, text):
    """Whatever the text, it is read or it is a fault inside the text: nothing is raised."""
    with pytest.MonkeyPatch.context() as patch:
        if loader == "without libyaml":
            patch.delattr(yaml, "CSafeLoader")
        trees, fault = compose(Masked(text))
    assert all(0 <= tree.root.start <= tree.root.end <= len(text) for tree in trees)
    assert fault is None or 0 <= fault.offset <= len(text)
