import math

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from aicore_magics.templates.yaml import nodes
from aicore_magics.templates.yaml.nodes import Masked, compose, plain


def read(text):
    trees, fault = compose(text)
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
    (tree,), _ = compose(text)
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
    (first, second), _ = compose("a: 1\na: 2\n---\nb: &x 1\nc: *x\n")
    assert [(key.text, key.start) for key in first.repeated] == [("a", 5)]
    assert (first.linked, second.linked, second.repeated) == (False, True, ())


def test_the_last_of_two_keys_counts_and_a_merge_only_without_one():
    """A mapping gives the pair that readers take: the last of two, and the merged one last of all."""
    (tree,), _ = compose("m: &m {a: 1, z: 9}\na: 2\na: 3\n<<: *m\n")
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
        ("[" * 200, "nesting depth|50 levels"),
        ("[" * 100_000, "nesting depth|50 levels"),
        ("- " * 5_000, "50 levels"),
        ("{a: " * 5_000, "nesting depth|50 levels"),
        ("a: &x [*x]\n", "contains itself"),
        ("a: &x 1\nb: {<<: *x}\n", "not a mapping"),
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
    assert "more than 20,000 values" in fault.problem
    monkeypatch.setattr(nodes, "MAX_VALUES", 6)
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
        trees, fault = compose(text)
    assert all(0 <= tree.root.start <= tree.root.end <= len(text) for tree in trees)
    assert fault is None or 0 <= fault.offset <= len(text)


BRACES = ["{{", "}}", "{", "}", "a", " ", "\n", "\r", "\ue000", "\ue001", "{{x}}", "{{ a.b-c }}", ":"]


@given(st.lists(st.sampled_from(BRACES), max_size=30).map("".join))
def test_every_character_keeps_its_place(text):
    """The masked text is as long as the text, breaks its lines at the same places, and can be put back."""
    masked = Masked(text)
    assert len(masked.text) == len(text)
    assert [i for i, c in enumerate(masked.text) if c in "\r\n"] == [
        i for i, c in enumerate(text) if c in "\r\n"
    ]
    assert masked.restored(masked.text, 0, len(text)) == text


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a: {{x}}", "{{x}}"),
        ("{{x}}/img:1", "{{x}}"),
        ("{a: {{x}}}", "{{x}}"),
        ("{{ inputs.parameters.a }}", "{{ inputs.parameters.a }}"),
        ("{{='a' + 'b'}}", "{{='a' + 'b'}}"),
        ("{{ {{x}}", "{{x}}"),
        ("{{", ""),
        ("{{x\n}}", ""),
        ('{"a":{"b":1}}', ""),
    ],
)
def test_a_placeholder_is_two_braces_on_one_line(text, hidden):
    """What stands between two opening and two closing braces on one line is hidden, and nothing else."""
    masked = Masked(text).text
    assert "".join(old for old, new in zip(text, masked, strict=True) if old != new) == hidden


def test_a_part_is_restored_with_its_own_placeholders():
    """A value gets back the placeholders that stand where it was read, not those before it."""
    text = "# {{no}}\na: {{x}}-{{y}}\n"
    masked = Masked(text)
    start, end = text.index("{{x}}"), len(text) - 1
    assert masked.restored(masked.text[start:end], start, end) == "{{x}}-{{y}}"


def test_a_masked_character_that_no_placeholder_made_stays():
    """A value with more of our own characters than its text has keeps them: an escape wrote them."""
    assert Masked("a: '{{x}}'").restored("\ue000\ue000", 3, 10) == "{{x}}\ue000"


@pytest.mark.parametrize("piece", ["{{", "{{ }", "{{{", "{{}", "{{x}}"])
def test_long_texts_take_linear_time(piece):
    """Two hundred thousand braces in one line are read, not tried in every way."""
    assert len(Masked(piece * 100_000).text) == len(piece) * 100_000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *(("yes", True), ("y", True), ("On", True), ("TRUE", True), ("N", False), ("off", False)),
        *(("", None), ("~", None), ("Null", None), ("nil", "nil"), ("yEs", "yEs")),
        *(("0", 0), ("-12", -12), ("+7", 7), ("010", 8), ("-010", -8), ("0o17", 15), ("0x1F", 31)),
        *(("0b101", 5), ("-0x10", -16), ("1_000", 1000), ("123456789012345678901", 123456789012345678901)),
        *(("1.0", 1.0), ("1.", 1.0), (".5", 0.5), ("1e3", 1000.0), ("-1.5E-2", -0.015), ("08", 8.0)),
        *((".inf", math.inf), ("-.INF", -math.inf), ("1e999", "1e999")),
        *(("0.1.0", "0.1.0"), ("1:30", "1:30"), ("2024-01-01", "2024-01-01"), ("0x", "0x"), ("-", "-")),
        *(("._5", "._5"), (".", "."), ("+", "+"), ("1e", "1e"), ("0xg", "0xg"), ("a1", "a1")),
    ],
)
def test_a_word_is_what_kubernetes_reads(text, value):
    """An unquoted word is what Kubernetes' YAML reader takes it for, type included."""
    read = plain(text)
    assert (read, type(read)) == (value, type(value))


def test_not_a_number_is_a_number():
    """`.nan` is the float that equals nothing."""
    assert math.isnan(plain(".NaN"))


def test_a_long_number_is_text():
    """Digits past any use are not turned into a number, which takes time."""
    assert plain("1" * 5000) == "1" * 5000


@given(st.text(alphabet="0123456789+-._exobafnuly~TrueFals", max_size=8))
def test_it_never_raises_and_agrees_with_pyyaml_on_text(text):
    """What is text here is text to PyYAML, too, but for numbers to the base of 60 and dates."""
    value = plain(text)
    assume(isinstance(value, str) and text == text.strip() and text not in ("-", "?", "---", "..."))
    assume(not text.startswith("- "))
    try:
        other = yaml.safe_load(f"[{text}]")[0]
    except (ValueError, yaml.YAMLError):
        return
    assert isinstance(other, str) or "-" in text or "_" in text or len(text) > 100
