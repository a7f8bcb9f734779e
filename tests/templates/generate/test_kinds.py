"""What is given from Python in place of a container, of options, or of what is in them."""

from __future__ import annotations

import pytest

from aicore_magics.errors import InvalidTemplate
from aicore_magics.templates.generate.generated import serving_template, workflow_template
from aicore_magics.templates.generate.parts import Artifact, Container, Parameter, WorkflowOptions
from aicore_magics.templates.generate.serving_parts import Autoscaling, Probe, ServingOptions

RUN = Container(args=["run"])
WHAT = {"image": "ghcr.io/acme/churn:1.4", "scenario": "churn"}


@pytest.mark.parametrize(
    ("container", "options", "reason"),
    [
        ({"args": ["hunter2"]}, None, "container must be a Container"),
        ("hunter2", None, "container must be a Container"),
        (Container(args=["run"], env=["A=hunter2"]), None, "env must be a mapping"),
        (Container(args=["run"], mounts=["a"]), None, "mounts must be a mapping"),
        (Container(args=["run"], limits="cpu=1"), None, "limits must be a mapping"),
        (Container(args=5), None, "args must be a list"),
        (RUN, {"plan": "basic"}, "options must be a WorkflowOptions"),
        (RUN, ServingOptions(), "options must be a WorkflowOptions"),
        (RUN, WorkflowOptions(parameters=["hunter2"]), "each of parameters must be a Parameter"),
        (RUN, WorkflowOptions(inputs="rows"), "inputs must be a list"),
        (RUN, WorkflowOptions(outputs=[Parameter("x")]), "each of outputs must be an Artifact"),
        (RUN, WorkflowOptions(inputs=[Artifact("a", labels=["x"])]), "labels must be a mapping"),
        (RUN, WorkflowOptions(labels=["a=b"]), "labels must be a mapping"),
    ],
)
def test_another_kind_of_part_is_refused(container, options, reason):
    """From Python, what is no such part is refused as input, with what is expected, and is not repeated."""
    given = {"container": container} | ({} if options is None else {"options": options})
    with pytest.raises(InvalidTemplate) as caught:
        workflow_template("churn-train", **WHAT, **given)
    assert caught.value.message == f"{reason}. Nothing was written."
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (WorkflowOptions(), "options must be a ServingOptions"),
        (ServingOptions(readiness="/health"), "readiness must be a Probe"),
        (ServingOptions(autoscaling={"metric": "rps"}), "autoscaling must be an Autoscaling"),
        (ServingOptions(parameters={"a": "b"}), "parameters must be a list"),
    ],
)
def test_another_kind_of_serving_part_is_refused(options, reason):
    """The same for what only a serving template has."""
    with pytest.raises(InvalidTemplate) as caught:
        serving_template("churn-serve", **WHAT, options=options)
    assert caught.value.message == f"{reason}. Nothing was written."


def test_what_is_right_is_not_refused():
    """Lists may be tuples, a text may stand for a list of one, and what was not given is as it should be."""
    container = Container(args="run", env={"A": "b"})
    options = ServingOptions(readiness=Probe("/"), autoscaling=Autoscaling("rps"), inputs=(Artifact("a"),))
    assert "value: b" in workflow_template("churn-train", **WHAT, container=container).text.replace('"', "")
    assert "autoscaling.knative.dev/metric" in serving_template("churn-serve", **WHAT, options=options).text


@pytest.mark.parametrize(
    "make",
    [
        lambda: workflow_template(
            "churn-train", **WHAT, container=RUN, options=WorkflowOptions(instance_type=5)
        ),
        lambda: serving_template("churn-serve", **WHAT, options=ServingOptions(autoscaling=Autoscaling(5))),
        lambda: serving_template(
            "churn-serve", **WHAT, options=ServingOptions(autoscaling=Autoscaling(window=5))
        ),
    ],
    ids=["instance type", "metric", "window"],
)
def test_a_number_in_place_of_a_text_is_refused(make):
    """Where a text is read, a number is refused as input, and no TypeError comes out of the depths."""
    with pytest.raises(InvalidTemplate, match="must be a string"):
        make()
