"""A ServingTemplate as plain data.

Its annotations, labels and spec are texts that AI Core fills before it reads them: so they are written apart,
and whatever stands for a number stands there without quotes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.templates.emit import emit
from aicore_magics.templates.generate.container import artifact_annotations, compute, metadata
from aicore_magics.templates.generate.predictor import predictor
from aicore_magics.templates.generate.spelling import (
    number_or_placeholder,
    plain_text,
    refused,
    serving_word,
    unique,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.templates.generate.parts import (
        Autoscaling,
        Container,
        Parameter,
        Scenario,
        ServingOptions,
    )

KIND = "ServingTemplate"
COMMENTS = {
    "name": "The id of the executable. No other template of the tenant, of either kind, may have it.",
    "annotations": "What people see in SAP AI Launchpad; both names are mandatory.",
    "labels": "The scenario this belongs to, and the version: both are mandatory, and texts.",
    "inputs": "What a configuration sets: inputs.parameters.NAME or inputs.artifacts.NAME, in double braces.",
    "template": "From here on, annotations, labels and spec are texts, which AI Core fills and then reads.",
}
INNER_COMMENTS = {
    "imagePullSecrets": "The Docker registry secret that opens the image. Only here it counts, in predictor.",
    "minReplicas": "So many copies run: 0 is none while nobody calls.",
    "image": "With the registry in front, and a version that stays what it is.",
    "ports": "The port that the server in the image listens at.",
    "env": "Texts, all of them. What is secret comes from a generic secret.",
}
_METRICS = ("concurrency", "rps")


def serving_document(
    what: tuple[str, str, Scenario, str], container: Container, options: ServingOptions
) -> dict[str, Any]:
    """Give the ServingTemplate of these parts; *what* is its name, image, scenario and secret."""
    name, image, scenario, secret = what
    unique(options.inputs, "an artifact")
    for each in options.inputs:
        serving_word(each.name, "an --input")
    told = artifact_annotations(options.inputs, "model")
    inputs = _inputs(options)
    template = {
        "apiVersion": "serving.kserve.io/v1beta1",
        "metadata": _metadata(options),
        "spec": emit(
            {"predictor": predictor(image, secret, container, options)},
            INNER_COMMENTS if options.comments else None,
        ),
    }
    return {
        "apiVersion": "ai.sap.com/v1alpha1",
        "kind": KIND,
        "metadata": metadata(name, scenario, options, told),
        "spec": {**({"inputs": inputs} if inputs else {}), "template": template},
    }


def placeholders(options: ServingOptions) -> set[str]:
    """Give what may stand in double braces: the parameters and artifacts."""
    return {
        *(f"inputs.parameters.{each.name}" for each in options.parameters),
        *(f"inputs.artifacts.{each.name}" for each in options.inputs),
    }


def cautions(text: str) -> tuple[str, ...]:
    """Give what should be said about *text*, the finished template."""
    if "{%" in text or "{#" in text:
        return ("AI Core may take {% and {# in a serving template for its own: it fills in parameters so.",)
    return ()


def _inputs(options: ServingOptions) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    if options.parameters:
        unique(options.parameters, "a parameter")
        inputs["parameters"] = list(map(_parameter, options.parameters))
    if options.inputs:
        inputs["artifacts"] = [{"name": each.name} for each in options.inputs]
    return inputs


def _parameter(parameter: Parameter) -> dict[str, str]:
    told = {"name": serving_word(parameter.name, "a --param"), "type": "string"}
    if parameter.value is not None:
        reason = "a serving template has no --param-value"
        raise refused(reason, "use --param NAME=DEFAULT.")
    if parameter.default is not None:
        told["default"] = plain_text(parameter.default, "the default of a --param")
    if parameter.description:
        told["description"] = plain_text(parameter.description, "--param-description")
    return told


def _metadata(options: ServingOptions) -> dict[str, str]:
    scaling = dict(_autoscaling(options.autoscaling))
    labels = emit(compute(options.plan, options.instance_type))
    return {**({"annotations": emit(scaling)} if scaling else {}), "labels": labels}


def _autoscaling(scaling: Autoscaling) -> Iterator[tuple[str, str]]:
    """The annotations that Knative's autoscaler reads. They are texts, whatever they say."""
    if scaling.metric and "{{" not in scaling.metric and scaling.metric not in _METRICS:
        raise refused("--metric is concurrency or rps", "choose one of them.")
    for key, value, least in (("target", scaling.target, 1), ("burst", scaling.burst, -1)):
        if value is not None:
            number_or_placeholder(value, f"--{key}", least)
    parts = {
        "metric": scaling.metric,
        "target": scaling.target,
        "targetBurstCapacity": scaling.burst,
        "window": _time(scaling.window, "--window"),
        "scaleToZeroPodRetentionPeriod": _time(scaling.retention, "--retention"),
        "scale-down-delay": _time(scaling.delay, "--scale-down-delay"),
    }
    for key, part in parts.items():
        if part not in (None, ""):
            yield f"autoscaling.knative.dev/{key}", str(part)


def _time(value: str, what: str) -> str:
    """A length of time as Go spells it, such as 90s, 10m or 1h30m."""
    import re

    if value and "{{" not in value and not re.fullmatch(r"(?:[0-9]{1,6}(?:ms|s|m|h)){1,4}", value):
        raise refused(f"{what} takes a time", "write it like 90s, 10m or 1h.")
    return value
