"""A WorkflowTemplate as plain data."""

from __future__ import annotations

import pytest

from aicore_magics.templates.emit import emit
from aicore_magics.templates.generate.parts import Artifact, Container, Parameter, Scenario, WorkflowOptions
from aicore_magics.templates.generate.workflow import COMMENTS, placeholders, workflow_document

WHAT = {
    "name": "churn-train",
    "image": "ghcr.io/acme/churn:1.4",
    "scenario": Scenario("churn"),
    "secret": "team-ghcr",
}


def made(what=WHAT, **options):
    return workflow_document(**what, container=Container(args=["x"]), options=WorkflowOptions(**options))


def test_the_secret_stands_in_spec():
    """There, and nowhere else; a public image has none."""
    assert made()["spec"]["imagePullSecrets"] == [{"name": "team-ghcr"}]
    assert "imagePullSecrets" not in made({**WHAT, "secret": ""})["spec"]


@pytest.mark.parametrize("step", ["", "train"])
def test_the_entrypoint_is_there(step):
    """A run begins with a template that exists, and every step calls one that exists."""
    spec = made(step=step)["spec"]
    names = [each["name"] for each in spec["templates"]]
    assert spec["entrypoint"] in names
    assert len(names) == (2 if step else 1)
    called = [
        each["template"] for one in spec["templates"] for group in one.get("steps", ()) for each in group
    ]
    assert called == ([step] if step else [])


def test_outputs_are_registered():
    """An output has a globalName, or AI Core would not know it, and is not packed unless that was said."""
    outputs = [Artifact("model", "/model"), Artifact("table", "/table", packed=True)]
    written = made(outputs=outputs)["spec"]["templates"][0]["outputs"]["artifacts"]
    assert written == [
        {"name": "model", "globalName": "model", "path": "/model", "archive": {"none": {}}},
        {"name": "table", "globalName": "table", "path": "/table"},
    ]


def test_inputs_have_a_usual_place_and_kind():
    """An input without a path is below /app, and without a kind a dataset."""
    document = made(inputs=[Artifact("rows")])
    assert document["spec"]["templates"][0]["inputs"] == {
        "artifacts": [{"name": "rows", "path": "/app/rows"}]
    }
    assert document["metadata"]["annotations"]["artifacts.ai.sap.com/rows.kind"] == "dataset"


def test_parameters_say_only_what_was_said():
    """No default is no default, an empty one is an empty one."""
    parameters = [Parameter("a"), Parameter("b", ""), Parameter("c", "1", "2", "why")]
    assert made(parameters=parameters)["spec"]["arguments"]["parameters"] == [
        {"name": "a"},
        {"name": "b", "default": ""},
        {"name": "c", "description": "why", "default": "1", "value": "2"},
    ]


def test_a_run_may_end():
    """A deadline is a number of seconds, for the whole run."""
    assert made(deadline="60")["spec"]["activeDeadlineSeconds"] == 60
    assert "activeDeadlineSeconds" not in made()["spec"]


def test_what_may_stand_in_braces():
    """The parameters, and where the artifacts are."""
    options = WorkflowOptions(
        parameters=[Parameter("a")], inputs=[Artifact("b")], outputs=[Artifact("c", "/c")]
    )
    assert placeholders(options) == {
        "workflow.parameters.a",
        "inputs.artifacts.b.path",
        "outputs.artifacts.c.path",
    }


def test_every_comment_has_its_line():
    """No comment is written for nothing: in a template with everything, each is there."""
    options = WorkflowOptions(parameters=[Parameter("a")], outputs=[Artifact("c", "/c")], deadline=1)
    document = workflow_document(**WHAT, container=Container(args=["x"], env={"A": "b"}), options=options)
    text = emit(document, COMMENTS)
    sentences = " ".join(line.strip(" #") for line in text.splitlines() if "#" in line)
    assert all(comment in sentences for comment in COMMENTS.values())
    assert all(len(comment) < 100 and "{{" not in comment for comment in COMMENTS.values())
