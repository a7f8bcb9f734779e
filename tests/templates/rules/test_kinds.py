import pytest

from aicore_magics.templates.rules.kinds import COUNT, FLAG, NUMBER_OR_TEXT, SCALAR, TEXT, WHOLE, fits, keys


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        (TEXT, [None], [1, True, []]),
        (FLAG, [], [None, "true", 1]),
        (WHOLE, [None, 2.0], ["2", 1.5, True]),
        (COUNT, [None, 2.0, "2", "-2", "{{x}}"], ["", "x", "1.5", True]),
        (NUMBER_OR_TEXT, [None, 1, 1.5], [True, []]),
        (SCALAR, [None, 1, 1.5, True], [[], {}]),
    ],
    ids=lambda each: getattr(each, "word", None),
)
def test_what_argo_reads_beside_the_type_itself(kind, right, wrong):
    """A whole number may be written as 2.0, a count as a text; true is no number."""
    assert all(fits(value, kind) for value in right)
    assert not any(fits(value, kind) for value in wrong)


def test_keys_come_from_everywhere():
    """Those of parts, those by their kind, and those that are given one by one."""
    kind = keys("it", {"a": FLAG}, text="b c", whole="d", e=COUNT)
    assert kind.keys == {"a": FLAG, "b": TEXT, "c": TEXT, "d": WHOLE, "e": COUNT}
