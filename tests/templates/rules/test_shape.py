import pytest

from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules import shape


@pytest.mark.parametrize("value", [None, {}, {"a": 1}])
def test_a_mapping_or_nothing_is_fine(value):
    """A mapping is given, nothing is an empty one, and neither is a finding."""
    found = Findings()
    assert shape.mapping_in(found, {"spec": value}, "spec", ()) == (value or {})
    assert found == []


@pytest.mark.parametrize(
    ("value", "said"),
    [(1, "a number"), ("x", "a string"), ([], "a list"), (True, "a boolean"), (1.5, "a number")],
)
def test_what_is_no_mapping_is_named(value, said):
    """The message says what stands there, and what must; the reader gets an empty mapping."""
    found = Findings()
    assert shape.mapping_in(found, {"spec": value}, "spec", ("a",)) == {}
    assert found[0].message == f"spec is {said}, it must be a mapping"
    assert found[0].path == ("a", "spec")


def test_entries_keep_their_place_in_the_list():
    """An entry that is no mapping is a finding, and those behind it keep their number."""
    found = Findings()
    entries = shape.mappings_in(found, {"env": ["x", {"name": "A"}]}, "env", ())
    assert entries == [(("env", 1), {"name": "A"})]
    assert [one.path for one in found] == [("env", 0)]


@pytest.mark.parametrize(("value", "fix"), [(1.0, '"1.0"'), (True, '"true"'), (False, '"false"'), (0, '"0"')])
def test_a_number_is_to_be_put_in_quotes(value, fix):
    """The fix shows the text that was meant."""
    found = Findings()
    shape.text_values(found, {"ai.sap.com/version": value, "fine": "x", "empty": None}, ("labels",))
    (one,) = found
    assert one.fix == f"put it in quotes, as {fix}"
    assert one.path == ("labels", "ai.sap.com/version")


def test_a_value_that_is_no_text_is_not_repeated():
    """A mapping in place of a text may hold anything; it is named by its kind alone."""
    found = Findings()
    shape.not_text(found, "value", {"password": "hunter2"}, ())
    assert "hunter2" not in str(found[0])
