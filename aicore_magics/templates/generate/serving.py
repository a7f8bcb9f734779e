"""A ServingTemplate as plain data.

Its annotations, labels and spec are texts that AI Core fills before it reads them: so they are written apart,
and whatever stands for a number stands there without quotes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from aicore_magics.templates.emit import COMMENT_COLUMNS, emit
from aicore_magics.templates.generate.container import artifact_annotations, compute, metadata
from aicore_magics.templates.generate.predictor import predictor
from aicore_magics.templates.generate.spelling import (
    number_or_placeholder,
    plain_text,
    refused,
    require_text,
    serving_word,
    unique,
)

if TYPE_CHECKING:
    from aicore_magics.templates.generate.parts import Container, Parameter, Scenario
    from aicore_magics.templates.generate.serving_parts import Autoscaling, ServingOptions

KIND = "ServingTemplate"
COMMENTS = {
    "name": "Executable ID: unique in the tenant, across both kinds.",
    "annotations": "Names shown in SAP AI Launchpad. Both are required.",
    "labels": "Scenario ID and version: required strings.",
    "inputs": "Values that a configuration sets. Use one as inputs.parameters.NAME or inputs.artifacts.NAME "
    "in double braces.",
    "template": "Below, annotations, labels and spec are text blocks. AI Core fills in the values, "
    "then reads them as YAML.",
}
INNER_COMMENTS = {
    "imagePullSecrets": "Docker registry secret that pulls the image. It belongs here, in predictor.",
    "minReplicas": "Replicas. minReplicas 0 = scale to zero.",
    "image": "Full name: registry, repository, fixed tag.",
    "ports": "Port that the server in the image listens on.",
    "env": "Strings. Take a secret from a generic secret.",
}
_INNER_COLUMNS = COMMENT_COLUMNS - 6  # the block is that much deeper in the file
_METRICS = ("concurrency", "rps")
_TIME = re.compile(r"(?:[0-9]{1,6}(?:ms|s|m|h)){1,4}")


def serving_document(
    name: str,
    *,
    image: str,
    scenario: Scenario,
    secret: str,
    container: Container,
    options: ServingOptions,
) -> dict[str, Any]:
    """Return the ServingTemplate of these parts."""
    unique(options.inputs, "an artifact")
    for artifact in options.inputs:
        serving_word(artifact.name, "an --input")
    annotations = artifact_annotations(options.inputs, "model")
    inputs: dict[str, Any] = {}
    if options.parameters:
        unique(options.parameters, "a parameter")
        inputs["parameters"] = [_parameter(parameter) for parameter in options.parameters]
    if options.inputs:
        inputs["artifacts"] = [{"name": artifact.name} for artifact in options.inputs]
    spec: dict[str, Any] = {}
    if inputs:
        spec["inputs"] = inputs
    inner_metadata: dict[str, str] = {}
    scaling = _autoscaling(options.autoscaling)
    if scaling:
        inner_metadata["annotations"] = emit(scaling)
    inner_metadata["labels"] = emit(compute(options.plan, options.instance_type))
    inner_spec = {"predictor": predictor(image, secret, container, options)}
    spec["template"] = {
        "apiVersion": "serving.kserve.io/v1beta1",
        "metadata": inner_metadata,
        "spec": emit(inner_spec, INNER_COMMENTS if options.comments else None, widest=_INNER_COLUMNS),
    }
    return {
        "apiVersion": "ai.sap.com/v1alpha1",
        "kind": KIND,
        "metadata": metadata(name, scenario, options, annotations),
        "spec": spec,
    }


def placeholders(options: ServingOptions) -> set[str]:
    """Give what may stand in double braces: the parameters and artifacts."""
    return {
        *(f"inputs.parameters.{each.name}" for each in options.parameters),
        *(f"inputs.artifacts.{each.name}" for each in options.inputs),
    }


def cautions(finished: str) -> tuple[str, ...]:
    """Give what should be said about *finished*, the text of the template."""
    if "{%" in finished or "{#" in finished:
        return ("AI Core may read {% and {# in a serving template as its own syntax, and change them.",)
    return ()


def _parameter(parameter: Parameter) -> dict[str, str]:
    fields = {"name": serving_word(parameter.name, "a --param"), "type": "string"}
    if parameter.value is not None:
        raise refused("a serving template has no --param-value", "use --param NAME=DEFAULT.")
    if parameter.default is not None:
        fields["default"] = plain_text(parameter.default, "the default of a --param")
    if parameter.description:
        fields["description"] = plain_text(parameter.description, "--param-description")
    return fields


def _autoscaling(scaling: Autoscaling) -> dict[str, str]:
    """The annotations that Knative's autoscaler reads. They are texts, whatever they say."""
    metric = scaling.metric
    if metric and "{{" not in require_text(metric, "--metric") and metric not in _METRICS:
        raise refused("--metric must be concurrency or rps", "choose one of them.")
    for key, value, least in (("target", scaling.target, 1), ("burst", scaling.burst, -1)):
        if value is not None:
            number_or_placeholder(value, f"--{key}", least)
    parts = {
        "metric": metric,
        "target": scaling.target,
        "targetBurstCapacity": scaling.burst,
        "window": _time(scaling.window, "--window"),
        "scaleToZeroPodRetentionPeriod": _time(scaling.retention, "--retention"),
        "scale-down-delay": _time(scaling.delay, "--scale-down-delay"),
    }
    return {
        f"autoscaling.knative.dev/{key}": str(part) for key, part in parts.items() if part not in (None, "")
    }


def _time(value: str, what: str) -> str:
    """A length of time as Go spells it, such as 90s, 10m or 1h30m."""
    if value and "{{" not in require_text(value, what) and not _TIME.fullmatch(value):
        raise refused(f"{what} must be a time", "write it like 90s, 10m or 1h.")
    return value
