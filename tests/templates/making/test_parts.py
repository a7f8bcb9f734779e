"""The values that templates are made of."""

from __future__ import annotations

import pytest

from aicore_magics.templates.documented import ARTIFACT_KINDS, PLANS
from aicore_magics.templates.making.generated import workflow_template
from aicore_magics.templates.making.parts import (
    NONE,
    Artifact,
    Container,
    Parameter,
    WorkflowOptions,
)


@pytest.mark.parametrize("part", [Artifact("a"), Container(), Parameter("a"), WorkflowOptions()])
def test_parts_do_not_change(part):
    """A part is a value: what was made with it does not change behind one's back."""
    with pytest.raises(AttributeError):
        setattr(part, part._fields[0], "other")


def test_the_empty_mapping_stays_empty():
    """The default that many parts share can hold nothing."""
    assert not NONE
    with pytest.raises(TypeError):
        NONE["a"] = "b"


@pytest.mark.parametrize("plan", PLANS)
@pytest.mark.parametrize("kind", ARTIFACT_KINDS)
def test_every_plan_and_kind_can_be_had(plan, kind):
    """What is listed is accepted, and stands in the template."""
    options = WorkflowOptions(plan=plan, inputs=[Artifact("rows", kind=kind)])
    made = workflow_template(
        "train", image="a.b/c:1", scenario="churn", container=Container(args=["x"]), options=options
    )
    assert f"ai.sap.com/resourcePlan: {plan}\n" in made.text
    assert f"artifacts.ai.sap.com/rows.kind: {kind}\n" in made.text
    assert made.notes == ()
