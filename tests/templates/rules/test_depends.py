import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.rules.depends import RESULTS, Wait, fault, waits, with_signs


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "a && b",
        "a.Succeeded || b.Failed",
        "!a.Failed && (b || !(c.Skipped))",
        "((a))",
        "a-1.AnySucceeded&&b2",
        "a.Succeeded\n  && b.Omitted",
        "!!a",
        "a.Succeeded == b.Succeeded",
    ],
)
def test_what_argo_reads(text):
    """Names with or without a result, and, or, not, and brackets; comparing is left to Argo."""
    assert fault(text) == ""


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a &", "& is not an operator"),
        ("a & b", "& is not an operator"),
        ("a, b", ", is not an operator"),
        ("a b", "an operator is missing before b"),
        ("a !b", "an operator is missing before !"),
        ("a (b)", "an operator is missing before ("),
        ("&& a", "a task is missing before &&"),
        ("a && || b", "a task is missing before ||"),
        ("a &&", "a task is missing at its end"),
        ("()", "a task is missing before )"),
        ("(a && b", "a bracket is not closed"),
        ("a)", "a bracket is closed, but not opened"),
        ("a.Succeeded and b", "and is not an operator"),
        ("  ", "a task is missing at its end"),
    ],
)
def test_what_argo_cannot_read(text, why):
    """The first thing that is wrong is told."""
    assert fault(text) == why


def test_the_tasks_and_results_are_given_once():
    """Each pair in its order; a dot without a word is no result."""
    assert waits("a.Failed || b || a.Failed && c.") == (Wait("a", "Failed"), Wait("b", ""), Wait("c", ""))


NAMES = st.sampled_from(["a", "b-1", "C2"])
LEAVES = st.builds(
    lambda name, result: name + result, NAMES, st.sampled_from(["", *(f".{r}" for r in RESULTS)])
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("!{}".format, inner),
        st.builds("{} {} {}".format, inner, st.sampled_from(["&&", "||"]), inner),
    ),
    max_leaves=12,
)


@given(TREES)
def test_every_expression_of_the_grammar_is_read(text):
    """However deep it is; and a bracket more is told."""
    assert fault(text) == ""
    assert all(map(fault, (f"({text}", f"{text})", f"{text} &&")))


@pytest.mark.parametrize(
    ("text", "better"),
    [
        ("a and b", "a && b"),
        ("a OR b", "a || b"),
        ("not a", "!a"),
        ("a, b", "a && b"),
        ("a & b | c", "a && b || c"),
        ("a-and-b && c", "a-and-b && c"),
        ("a && (b or c.Failed)", "a && (b || c.Failed)"),
    ],
)
def test_words_and_single_marks_become_signs(text, better):
    """What people write for them is replaced, and a name with such a word in it is not."""
    assert with_signs(text) == better
    assert fault(better) == ""
