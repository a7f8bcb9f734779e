import math

import pytest
import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from aicore_magics.templates.yaml.scalars import plain


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
