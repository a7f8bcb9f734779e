import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.quantity import amount, meant


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("2", 2),
        ("1.", 1),
        (".5", 0.5),
        ("500m", 0.5),
        ("4k", 4000),
        ("4Ki", 4096),
        ("1.5Gi", 1.5 * 2**30),
        ("1G", 10**9),
        ("2E", 2 * 10**18),
        ("1e3", 1000),
        ("1E-2", 0.01),
        ("10u", 0.00001),
    ],
)
def test_what_kubernetes_reads(text, number):
    """Decimal and binary suffixes and exponents, as apimachinery reads them."""
    assert amount(text) == pytest.approx(number)


@pytest.mark.parametrize(
    "text", ["", ".", "-1", "+1", "4GB", "4g", "4 Gi", "4ki", "1Ei2", "1e3Gi", "\u0664", "two"]
)
def test_what_is_no_quantity(text):
    """What it refuses, other digits than ours among them."""
    assert amount(text) is None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("4GB", "4G or 4Gi"),
        ("4gib", "4G or 4Gi"),
        ("0.5 tb", "0.5T or 0.5Ti"),
        ("512kb", "512k or 512Ki"),
        ("lots", "it like 2, 500m or 4Gi"),
        ("", "it like 2, 500m or 4Gi"),
    ],
)
def test_what_was_meant(text, words):
    """A unit that people write has its two readings; else there is an example."""
    assert meant(text) == words


@given(st.text(alphabet="0123456789.eEmkKMGTPiBb +-", max_size=12))
def test_what_is_meant_is_a_quantity(text):
    """Whatever the text: it is read or not, and each of two readings is one."""
    found = amount(text)
    assert found is None or found >= 0
    if " or " in meant(text) and "," not in meant(text):
        assert all(amount(each) is not None for each in meant(text).split(" or "))
