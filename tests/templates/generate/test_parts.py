"""The values that templates are made of."""

from __future__ import annotations

import copy
import inspect
import pickle
from dataclasses import FrozenInstanceError, fields, replace

import pytest

from aicore_magics.templates.facts import ARTIFACT_KINDS, PLANS
from aicore_magics.templates.generate.generated import workflow_template
from aicore_magics.templates.generate.parts import (
    Artifact,
    Container,
    Parameter,
    Scenario,
    SecretKey,
    WorkflowOptions,
)
from aicore_magics.templates.generate.serving_parts import Autoscaling, Probe, ServingOptions

PARTS = [
    Artifact("a"),
    Autoscaling(),
    Container(),
    Parameter("a"),
    Probe("/"),
    Scenario("a"),
    SecretKey("a", "b"),
    ServingOptions(),
    WorkflowOptions(),
]


@pytest.mark.parametrize("part", PARTS)
def test_parts_do_not_change(part):
    """A part is a value: what was made with it does not change behind one's back."""
    name = fields(part)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(part, name, "other")
    with pytest.raises(FrozenInstanceError):
        delattr(part, name)
    with pytest.raises((AttributeError, TypeError)):
        part.colour = "red"


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), (("a",), {"name": "b"}), ((1, 2, 3, 4, 5), {}), (("a",), {"colour": "red"})],
)
def test_parts_take_what_they_have_once(given, named):
    """What is missing, given twice, too much or unknown is a TypeError, as for any function."""
    with pytest.raises(TypeError, match="__init__"):
        Parameter(*given, **named)


def test_parts_are_values():
    """Two parts with the same things are equal, however they were made; another class is another value."""
    part = Parameter("a", value="b")
    assert part == replace(Parameter(name="a", default=None), value="b")
    assert part != Parameter("a")
    assert part != ("a", None, "b", "")
    assert len({part, Parameter("a", None, "b")}) == 1
    assert repr(part) == "Parameter(name='a', default=None, value='b', description='')"


@pytest.mark.parametrize("part", PARTS)
def test_parts_can_be_copied(part):
    """A copy, and what comes out of a pickle, is the same value."""
    assert copy.deepcopy(part) == part
    assert pickle.loads(pickle.dumps(part)) == part


def test_parts_share_no_mapping():
    """What is put into the empty mapping of one part is in no other."""
    assert Container().env is not Container().env
    assert WorkflowOptions().labels is not WorkflowOptions().labels


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


def test_help_shows_what_a_part_takes():
    """The names and defaults of a part are what `help` and completion show, in their order."""
    assert list(inspect.signature(SecretKey).parameters) == ["secret", "key"]
    defaults = {name: each.default for name, each in inspect.signature(Parameter).parameters.items()}
    assert list(defaults) == ["name", "default", "value", "description"]
    assert defaults["name"] is inspect.Parameter.empty
    assert (defaults["default"], defaults["value"], defaults["description"]) == (None, None, "")
