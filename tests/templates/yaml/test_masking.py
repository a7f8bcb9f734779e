import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.yaml.masking import Masked

PIECES = ["{{", "}}", "{", "}", "a", " ", "\n", "\r", "\ue000", "\ue001", "{{x}}", "{{ a.b-c }}", ":"]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
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
