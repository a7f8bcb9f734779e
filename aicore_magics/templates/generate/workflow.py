"""A WorkflowTemplate as plain data. Argo Workflows has its schema, SAP the labels and annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.templates.generate.container import (
    absolute,
    apart,
    artifact_annotations,
    command_and_args,
    compute,
    environment,
    metadata,
    pull_policy,
    resources,
    volume_mounts,
    volumes,
)
from aicore_magics.templates.generate.spelling import number, plain_text, refused, unique, word

if TYPE_CHECKING:
    from aicore_magics.templates.generate.parts import (
        Artifact,
        Container,
        Parameter,
        Scenario,
        WorkflowOptions,
    )

KIND = "WorkflowTemplate"
MAIN = "main"
_SHELL = ["/bin/sh", "-c"]
COMMENTS = {
    "name": "Executable ID: unique in the tenant, across both kinds.",
    "annotations": "Names shown in SAP AI Launchpad. Both are required.",
    "labels": "Scenario ID and version: required strings.",
    "imagePullSecrets": "Docker registry secret that pulls the image. It belongs here, in spec.",
    "entrypoint": "The template below that a run starts with.",
    "activeDeadlineSeconds": "Time limit in seconds: ends a run that hangs and costs.",
    "arguments": "Values that a configuration sets. Use one as workflow.parameters.NAME in double braces.",
    "ai.sap.com/resourcePlan": "Resource plan. A free tenant has only starter.",
    "globalName": "Required: AI Core registers an output by this name.",
    "image": "Full name: registry, repository, fixed tag.",
    "command": "Required: AI Core ignores CMD and ENTRYPOINT of the image.",
    "env": "Strings. Take a secret from a generic secret.",
}


def workflow_document(
    name: str,
    *,
    image: str,
    scenario: Scenario,
    secret: str,
    container: Container,
    options: WorkflowOptions,
) -> dict[str, Any]:
    """Return the WorkflowTemplate of these parts."""
    artifacts = (*options.inputs, *options.outputs)
    unique(artifacts, "an artifact")
    for artifact in artifacts:
        word(artifact.name, "the name of an artifact")
    annotations = {
        **artifact_annotations(options.inputs, "dataset"),
        **artifact_annotations(options.outputs, "model"),
    }
    spec: dict[str, Any] = {"imagePullSecrets": [{"name": secret}]} if secret else {}
    spec["entrypoint"] = MAIN
    if options.deadline is not None:
        spec["activeDeadlineSeconds"] = number(options.deadline, "--deadline", 1, like=3600)
    if options.parameters:
        unique(options.parameters, "a parameter")
        spec["arguments"] = {"parameters": [_parameter(parameter) for parameter in options.parameters]}
    step = options.step
    template = _container_template(step or MAIN, image, container, options)
    spec["templates"] = [template]
    if step:
        if word(step, "--step", "-") == MAIN:
            raise refused("main is the template that calls --step", "choose another name, such as train.")
        spec["templates"] = [{"name": MAIN, "steps": [[{"name": step, "template": step}]]}, template]
    return {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": KIND,
        "metadata": metadata(name, scenario, options, annotations),
        "spec": spec,
    }


def placeholders(options: WorkflowOptions) -> set[str]:
    """Give what may stand in double braces: the parameters, and where the artifacts are."""
    return {
        *(f"workflow.parameters.{each.name}" for each in options.parameters),
        *(f"inputs.artifacts.{each.name}.path" for each in options.inputs),
        *(f"outputs.artifacts.{each.name}.path" for each in options.outputs),
    }


def _container_template(
    name: str, image: str, container: Container, options: WorkflowOptions
) -> dict[str, Any]:
    template: dict[str, Any] = {
        "name": name,
        "metadata": {"labels": compute(options.plan, options.instance_type)},
    }
    if options.inputs:
        inputs = [
            {
                "name": artifact.name,
                "path": absolute(artifact.path or f"/app/{artifact.name}", "the path of an --input"),
            }
            for artifact in options.inputs
        ]
        if len(inputs) > 1:
            apart([each["path"] for each in inputs], "the path of an --input")
        template["inputs"] = {"artifacts": inputs}
    if options.outputs:
        template["outputs"] = {"artifacts": [_output(artifact) for artifact in options.outputs]}
    parts: dict[str, Any] = {"image": image}
    if container.pull_policy:
        parts["imagePullPolicy"] = pull_policy(container.pull_policy)
    parts.update(_run(container))
    parts.update(environment(container))
    if container.requests or container.limits:
        parts["resources"] = resources(container)
    if container.mounts or container.shared_memory:
        template["volumes"] = volumes(container)
        parts["volumeMounts"] = volume_mounts(container)
    template["container"] = parts
    return template


def _run(container: Container) -> dict[str, Any]:
    """Give `command` and `args`, as AI Core wants both. One command line alone is run by /bin/sh -c."""
    run = command_and_args(container)
    if "command" in run:
        return run
    (first, *more) = run["args"]
    if more or first.lstrip().startswith("-"):
        reason = (
            "--args without --command must be one line for /bin/sh"
            if more
            else "--args has an option, but no program"
        )
        hint = 'AI Core ignores ENTRYPOINT: repeat it, as in --command "python train.py"'
        raise refused(reason, hint)
    return {"command": _SHELL[:], **run}


def _output(artifact: Artifact) -> dict[str, Any]:
    name, path = artifact.name, absolute(artifact.path, "the path of an --output")
    # Argo packs an output as .tgz, unless it is told not to.
    unpacked: dict[str, Any] = {} if artifact.packed else {"archive": {"none": {}}}
    return {"name": name, "globalName": name, "path": path, **unpacked}


def _parameter(parameter: Parameter) -> dict[str, str]:
    fields = {"name": word(parameter.name, "a --param")}
    if parameter.description:
        fields["description"] = plain_text(parameter.description, "--param-description")
    if parameter.default is not None:
        fields["default"] = plain_text(parameter.default, "the default of a --param")
    if parameter.value is not None:
        fields["value"] = plain_text(parameter.value, "--param-value")
    return fields
