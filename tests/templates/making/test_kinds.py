import pytest

from aicore_magics.errors import InvalidTemplate
from aicore_magics.templates.making import generated
from aicore_magics.templates.making.generated import serving_template, workflow_template
from aicore_magics.templates.making.kinds import unlike
from aicore_magics.templates.making.parts import Artifact, Container, Parameter, WorkflowOptions
from aicore_magics.templates.making.serving_parts import Autoscaling, Probe, ServingOptions

RUN = Container(args=["run"])
WHAT = {"image": "ghcr.io/acme/churn:1.4", "scenario": "churn"}


@pytest.mark.parametrize(
    ("container", "options", "reason"),
    [
        ({"args": ["hunter2"]}, None, "container has to be a Container"),
        ("hunter2", None, "container has to be a Container"),
        (Container(args=["run"], env=["A=hunter2"]), None, "env has to be a mapping"),
        (Container(args=["run"], mounts=["a"]), None, "mounts has to be a mapping"),
        (Container(args=["run"], limits="cpu=1"), None, "limits has to be a mapping"),
        (Container(args=5), None, "args has to be a list"),
        (RUN, {"plan": "basic"}, "options has to be a WorkflowOptions"),
        (RUN, ServingOptions(), "options has to be a WorkflowOptions"),
        (RUN, WorkflowOptions(parameters=["hunter2"]), "each of parameters has to be a Parameter"),
        (RUN, WorkflowOptions(inputs="rows"), "inputs has to be a list"),
        (RUN, WorkflowOptions(outputs=[Parameter("x")]), "each of outputs has to be an Artifact"),
        (RUN, WorkflowOptions(inputs=[Artifact("a", labels=["x"])]), "labels has to be a mapping"),
        (RUN, WorkflowOptions(labels=["a=b"]), "labels has to be a mapping"),
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
        (WorkflowOptions(), "options has to be a ServingOptions"),
        (ServingOptions(readiness="/health"), "readiness has to be a Probe"),
        (ServingOptions(autoscaling={"metric": "rps"}), "autoscaling has to be an Autoscaling"),
        (ServingOptions(parameters={"a": "b"}), "parameters has to be a list"),
    ],
)
def test_another_kind_of_serving_part_is_refused(options, reason):
    """The same for what only a serving template has."""
    with pytest.raises(InvalidTemplate) as caught:
        serving_template("churn-serve", **WHAT, options=options)
    assert caught.value.message == f"{reason}. Nothing was written."


def test_what_is_right_is_not_refused():
    """Lists may be tuples, a text may stand for a list of one, and what was not given is as it should be."""
    options = ServingOptions(readiness=Probe("/"), autoscaling=Autoscaling("rps"), inputs=(Artifact("a"),))
    assert unlike(options, ServingOptions, "options") is None
    assert unlike(Container(args="run", env={"A": "b"}), Container, "container") is None


def test_a_fault_of_ours_stays_one(monkeypatch):
    """Where all parts are of their kind, an AttributeError is a bug, and keeps its name."""
    monkeypatch.setattr(generated, "check_placeholders", lambda *_: None.nothing)
    with pytest.raises(AttributeError):
        workflow_template("churn-train", **WHAT, container=RUN)
