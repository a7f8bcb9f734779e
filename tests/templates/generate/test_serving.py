"""A ServingTemplate as plain data, with texts in it."""

from __future__ import annotations

import pytest
import yaml

from aicore_magics.templates.emit import emit
from aicore_magics.templates.generate.parts import Artifact, Container, Parameter, Scenario
from aicore_magics.templates.generate.serving import (
    COMMENTS,
    INNER_COMMENTS,
    cautions,
    placeholders,
    serving_document,
)
from aicore_magics.templates.generate.serving_parts import Autoscaling, ServingOptions

WHAT = {
    "name": "churn-serve",
    "image": "ghcr.io/acme/churn:1.4",
    "scenario": Scenario("churn"),
    "secret": "team-ghcr",
}


def made(**options):
    return serving_document(**WHAT, container=Container(env={"A": "b"}), options=ServingOptions(**options))


def test_what_ai_core_fills_is_text():
    """Labels, annotations and spec of the template are texts, and YAML in themselves."""
    template = made(autoscaling=Autoscaling(metric="rps"))["spec"]["template"]
    assert yaml.safe_load(template["metadata"]["labels"]) == {"ai.sap.com/resourcePlan": "starter"}
    assert yaml.safe_load(template["metadata"]["annotations"]) == {"autoscaling.knative.dev/metric": "rps"}
    assert yaml.safe_load(template["spec"])["predictor"]["imagePullSecrets"] == [{"name": "team-ghcr"}]
    assert "imagePullSecrets" not in made()["spec"]


def test_autoscaling_is_said_in_texts():
    """Kubernetes takes texts alone as annotations, so numbers are texts; what is not said is left out."""
    scaling = Autoscaling("concurrency", 10, "-1", "90s", "10m", "1h")
    written = yaml.safe_load(made(autoscaling=scaling)["spec"]["template"]["metadata"]["annotations"])
    assert written == {
        "autoscaling.knative.dev/metric": "concurrency",
        "autoscaling.knative.dev/target": "10",
        "autoscaling.knative.dev/targetBurstCapacity": "-1",
        "autoscaling.knative.dev/window": "90s",
        "autoscaling.knative.dev/scaleToZeroPodRetentionPeriod": "10m",
        "autoscaling.knative.dev/scale-down-delay": "1h",
    }
    assert "annotations" not in made()["spec"]["template"]["metadata"]


def test_inputs_are_declared():
    """Parameters are strings, which is said of each; artifacts have a name alone."""
    spec = made(parameters=[Parameter("a", "1", description="why")], inputs=[Artifact("model")])["spec"]
    assert spec["inputs"] == {
        "parameters": [{"name": "a", "type": "string", "default": "1", "description": "why"}],
        "artifacts": [{"name": "model"}],
    }
    assert "inputs" not in made()["spec"]


def test_numbers_come_without_quotes():
    """A parameter in place of a number has no quotes around it: it is a number once it is filled."""
    given = {"parameters": [Parameter("n", "3")], "min_replicas": "{{inputs.parameters.n}}"}
    text = made(**given)["spec"]["template"]["spec"]
    assert "minReplicas: {{inputs.parameters.n}}\n" in text
    filled = yaml.safe_load(text.replace("{{inputs.parameters.n}}", "3"))
    assert filled["predictor"]["minReplicas"] == 3


def test_what_may_stand_in_braces():
    """Parameters and artifacts."""
    options = ServingOptions(parameters=[Parameter("a")], inputs=[Artifact("b")])
    assert placeholders(options) == {"inputs.parameters.a", "inputs.artifacts.b"}


@pytest.mark.parametrize(("text", "notes"), [("a {{b}} }", 0), ("a {% if %}", 1), ("${#array}", 1)])
def test_signs_that_ai_core_may_take_for_its_own(text, notes):
    """AI Core's errors show that it fills in parameters with Jinja, which knows more signs than {{."""
    assert len(cautions(text)) == notes


def test_every_comment_has_its_line():
    """No comment is written for nothing, and without comments there is none, neither outside nor inside."""
    document = made(parameters=[Parameter("a")])
    text = emit(document, COMMENTS)
    sentences = " ".join(line.strip(" #") for line in text.splitlines() if "#" in line)
    assert all(each in sentences for each in (*COMMENTS.values(), *INNER_COMMENTS.values()))
    assert all("{{" not in each for each in (*COMMENTS.values(), *INNER_COMMENTS.values()))
    assert "#" not in emit(made(parameters=[Parameter("a")], comments=False))
