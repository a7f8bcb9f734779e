import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.templates.facts import PLANS
from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.plan import INSTANCE, PLAN, plan_findings, text_labels


def found_in(labels):
    found = Findings()
    plan_findings(found, labels, ("labels",))
    return [(one.rule.id, one.severity, one.fix) for one in found]


@pytest.mark.parametrize("plan", [*PLANS, "{{inputs.parameters.plan}}", None])
def test_a_plan_that_is_documented_is_fine(plan):
    """So is one that a parameter tells."""
    assert found_in({PLAN: plan}) == []
    assert found_in({INSTANCE: "m5.xlarge"}) == []


def test_a_plan_that_is_not():
    """Another case is an error, an unknown name doubtful, for SAP documents AWS alone."""
    assert found_in({PLAN: "Starter"}) == [("plan-spelling", "error", "write starter")]
    assert found_in({PLAN: "infer.xl"}) == [("plan-unknown", "warning", "write infer.l")]
    assert found_in({PLAN: "Extended"})[0][:2] == ("plan-unknown", "warning")
    assert found_in({PLAN: ["starter"]})[0][0] == "text"
    assert found_in({PLAN: "starter", INSTANCE: "m5"})[0][0] == "plan-and-instance"


@pytest.mark.parametrize("key", [PLAN, INSTANCE])
def test_a_placeholder_is_told(key):
    """What SAP's own template leaves to be filled in must be filled in."""
    assert found_in({key: "<yourChoice>"})[0][:2] == ("plan-placeholder", "error")


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("a.b/c: starter", {"a.b/c": "starter"}),
        ("  a/b:   'x y' # z\n\n# c: d\nx: {{y}}", {"a/b": "x y", "x": "{{y}}"}),
        ('"a/b": "x # y"', {"a/b": "x # y"}),
        ("a:\nb:c\n- d: e", {"a": ""}),
        ("a: # b", {"a": ""}),
        ("a: 'b", {"a": "'b"}),
    ],
)
def test_labels_are_read_out_of_a_text(text, labels):
    """One a line, quoted or not, without comments; other lines are not read."""
    assert text_labels(text) == labels


@given(st.text())
def test_any_text_has_labels_or_none(text):
    """Whatever the text, it is read without an exception."""
    assert isinstance(text_labels(text), dict)
