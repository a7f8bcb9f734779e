"""The values that templates are made of."""

from __future__ import annotations

import copy
import inspect
import pickle

import pytest

from aicore_magics.templates.facts import ARTIFACT_KINDS, PLANS
from aicore_magics.templates.generate.generated import workflow_template
from aicore_magics.templates.generate.parts import (
    NONE,
    Artifact,
    Autoscaling,
    Container,
    Parameter,
    Probe,
    SecretKey,
    ServingOptions,
    WorkflowOptions,
)


@pytest.mark.parametrize("part", [Artifact("a"), Container(), Parameter("a"), WorkflowOptions()])
def test_parts_do_not_change(part):
    """A part is a value: what was made with it does not change behind one's back."""
    with pytest.raises(AttributeError):
        setattr(part, part._fields[0], "other")


@pytest.mark.parametrize(
    ("given", "named"),
    [((), {}), (("a",), {"name": "b"}), ((1, 2, 3, 4, 5), {}), (("a",), {"colour": "red"})],
)
def test_parts_take_what_they_have_once(given, named):
    """What is missing, given twice, too much or unknown is a TypeError that names all there is."""
    with pytest.raises(TypeError, match="Parameter takes name, default, value, description, each once"):
        Parameter(*given, **named)


def test_parts_are_values():
    """Two parts with the same things are equal, however they were made; another class is another value."""
    part = Parameter("a", value="b")
    assert part == Parameter(name="a", default=None)._replace(value="b")
    assert part != Parameter("a")
    assert part != ("a", None, "b", "")
    assert tuple(part) == ("a", None, "b", "")
    assert len({part, copy.deepcopy(part), pickle.loads(pickle.dumps(part))}) == 1
    assert repr(part) == "Parameter(name='a', default=None, value='b', description='')"


def test_parts_keep_what_they_have():
    """Nothing of a part can be taken away."""
    with pytest.raises(AttributeError):
        del Parameter("a").name


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


def test_help_shows_what_a_part_takes():
    """The names and defaults of a part are what `help` and completion show, in their order."""
    assert str(inspect.signature(SecretKey)) == "(secret, key)"
    assert str(inspect.signature(Parameter)) == "(name, default=None, value=None, description='')"


@pytest.mark.parametrize("part", [Autoscaling(), Probe("/"), ServingOptions()])
def test_parts_do_not_change_of_serving_parts(part):
    """A part is a value: what was made with it does not change behind one's back."""
    with pytest.raises(AttributeError):
        setattr(part, part._fields[0], "other")


def test_nothing_is_guessed():
    """What AI Core, Knative or Kubernetes decide by themselves is left to them."""
    options = ServingOptions()
    assert options.autoscaling == Autoscaling()
    assert not any(options.autoscaling)
    assert (options.concurrency, options.timeout, options.grace, options.readiness) == (None,) * 4
