"""Whether container and options, and what is in them, are of the kinds that they should be.

Asked before anything else: from Python, one may give whatever one likes. No value is repeated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aicore_magics.templates.generate.parts import Artifact, Container, Parameter, WorkflowOptions
from aicore_magics.templates.generate.spelling import refused


def require_container(container: object) -> None:
    """Refuse what is no Container, or has a list or mapping of another kind in it."""
    if not isinstance(container, Container):
        raise _wanted("container", "a Container")
    # A text alone counts as a list of one.
    lists = {"args": container.args, "command": container.command, "env_from": container.env_from}
    for name, value in lists.items():
        if not isinstance(value, Sequence):
            raise _wanted(name, "a list")
    _require_mappings(
        env=container.env, mounts=container.mounts, requests=container.requests, limits=container.limits
    )


def require_workflow_options(options: object) -> None:
    """Refuse what is no WorkflowOptions, or has something of another kind in it."""
    if not isinstance(options, WorkflowOptions):
        raise _wanted("options", "a WorkflowOptions")
    _require_parameters(options.parameters)
    _require_artifacts(options.inputs, "inputs")
    _require_artifacts(options.outputs, "outputs")
    _require_mappings(labels=options.labels)


def require_serving_options(options: object) -> None:
    """Refuse what is no ServingOptions, or has something of another kind in it."""
    from aicore_magics.templates.generate.serving_parts import Autoscaling, Probe, ServingOptions

    if not isinstance(options, ServingOptions):
        raise _wanted("options", "a ServingOptions")
    _require_parameters(options.parameters)
    _require_artifacts(options.inputs, "inputs")
    _require_mappings(labels=options.labels)
    if not isinstance(options.autoscaling, Autoscaling):
        raise _wanted("autoscaling", "an Autoscaling")
    probes = {"readiness": options.readiness, "liveness": options.liveness, "startup": options.startup}
    for name, probe in probes.items():
        if not (probe is None or isinstance(probe, Probe)):
            raise _wanted(name, "a Probe")


def _require_parameters(parameters: object) -> None:
    if isinstance(parameters, str) or not isinstance(parameters, Sequence):
        raise _wanted("parameters", "a list")
    if not all(isinstance(parameter, Parameter) for parameter in parameters):
        raise _wanted("each of parameters", "a Parameter")


def _require_artifacts(artifacts: object, what: str) -> None:
    if isinstance(artifacts, str) or not isinstance(artifacts, Sequence):
        raise _wanted(what, "a list")
    for artifact in artifacts:
        if not isinstance(artifact, Artifact):
            raise _wanted(f"each of {what}", "an Artifact")
        _require_mappings(labels=artifact.labels)


def _require_mappings(**values: object) -> None:
    for name, value in values.items():
        if not isinstance(value, Mapping):
            raise _wanted(name, "a mapping")


def _wanted(what: str, kind: str) -> Exception:
    return refused(f"{what} must be {kind}", "give one; help(workflow_template) explains it.")
