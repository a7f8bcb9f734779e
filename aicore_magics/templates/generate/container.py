"""What both kinds of template share, as plain data: metadata, and the container that runs."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from aicore_magics.templates.facts import ARTIFACT_KINDS, DEFAULT_PLAN
from aicore_magics.templates.generate.parts import SecretKey
from aicore_magics.templates.generate.spelling import (
    LONGEST_NAME,
    label,
    plain_text,
    refused,
    require_text,
    secret_name,
    text,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from aicore_magics.templates.generate.parts import Artifact, Container, Scenario, WorkflowOptions
    from aicore_magics.templates.generate.serving_parts import ServingOptions

_POLICIES = ("Always", "IfNotPresent", "Never")
_SHARED_MEMORY = "/dev/shm"  # noqa: S108 - a mount in the container, where programs look for it
_OWN_LABEL = "ext.ai.sap.com/"


def command_and_args(container: Container) -> dict[str, Any]:
    """Give `command` and `args`, as far as there are any."""
    parts = {}
    if container.command:
        parts["command"] = _texts(container.command, "--command")
    if container.args:
        parts["args"] = _texts(container.args, "--args")
    return parts


def environment(container: Container) -> dict[str, Any]:
    """Give `env` and `envFrom`, as far as there are any."""
    parts: dict[str, Any] = {}
    if container.env:
        parts["env"] = [_variable(name, value) for name, value in container.env.items()]
    if container.env_from:
        names = [secret_name(name, "--env-from") for name in _texts(container.env_from, "--env-from")]
        parts["envFrom"] = [{"secretRef": {"name": name}} for name in names]
    return parts


def resources(container: Container) -> dict[str, dict[str, str]]:
    """Give `resources`: what the container asks for, and what it may take at most."""
    from aicore_magics.templates.quantity import amount

    pairs = (("requests", container.requests, "--request"), ("limits", container.limits, "--limit"))
    asked = {key: _quantities(given, what) for key, given, what in pairs if given}
    limits = asked.get("limits", {})
    for name, value in asked.get("requests", {}).items():
        if (amount(value) or 0.0) > (amount(limits.get(name, "")) or math.inf):
            raise refused(
                "--request is more than --limit for one resource", "raise the limit, or lower the request."
            )
    return asked


def volumes(container: Container) -> list[dict[str, Any]]:
    """Give `volumes`: generic secrets as files, and shared memory."""
    what = "--mount-secret"
    secrets: list[dict[str, Any]] = [
        {"name": f"secret-{i}", "secret": {"secretName": secret_name(name, what)}}
        for i, name in enumerate(container.mounts, 1)
    ]
    if not container.shared_memory:
        return secrets
    size = container.shared_memory
    _quantity(size, "--shm-size")
    return [*secrets, {"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": size}}]


def volume_mounts(container: Container) -> list[dict[str, Any]]:
    """Give `volumeMounts`: where the container finds its volumes."""
    what = "the folder of --mount-secret"
    mounts: list[dict[str, Any]] = [
        {"name": f"secret-{i}", "mountPath": absolute(path, what), "readOnly": True}
        for i, path in enumerate(container.mounts.values(), 1)
    ]
    if container.shared_memory:
        mounts.append({"name": "shm", "mountPath": _SHARED_MEMORY})
    apart([mount["mountPath"] for mount in mounts], what)
    return mounts


def apart(paths: Sequence[str], what: str) -> None:
    """Refuse *paths* of which two are one; *what* they are."""
    if len({path.rstrip("/") for path in paths}) < len(paths):
        raise refused(f"{what} is the same twice", "give each its own path, such as /app/data.")


def pull_policy(policy: str) -> str:
    """Give *policy* if Kubernetes has it."""
    if policy not in _POLICIES:
        raise refused("--pull-policy is one of three words", f"choose {', '.join(_POLICIES)}.")
    return policy


def compute(plan: str, instance_type: str) -> dict[str, str]:
    """Give the label that says what the container runs on: exactly one of the two."""
    if not instance_type:
        return {"ai.sap.com/resourcePlan": plan or DEFAULT_PLAN}
    if plan:
        raise refused("AI Core accepts one of --plan and --instance-type", "leave out one of them.")
    if "{{" not in require_text(instance_type, "--instance-type"):
        label(instance_type, "--instance-type")
    return {"ai.sap.com/instanceType": instance_type}


def absolute(path: str, what: str) -> str:
    """Give *path* if it is an absolute one, or begins with a placeholder."""
    if not text(path, what).startswith(("/", "{{")):
        raise refused(f"{what} must begin with a slash", "write it like /app/data.")
    return path


def metadata(
    name: str, scenario: Scenario, options: WorkflowOptions | ServingOptions, more: dict[str, str]
) -> dict[str, Any]:
    """Give `metadata`: the names by which people find scenario and executable, and *more* annotations."""
    annotations = {
        "scenarios.ai.sap.com/name": scenario.name or scenario.id,
        "executables.ai.sap.com/name": options.title or name,
    }
    plain_text(annotations["scenarios.ai.sap.com/name"], "--scenario-name", LONGEST_NAME)
    plain_text(annotations["executables.ai.sap.com/name"], "--title", LONGEST_NAME)
    if scenario.description:
        description = plain_text(scenario.description, "--scenario-description")
        annotations["scenarios.ai.sap.com/description"] = description
    if options.description:
        description = plain_text(options.description, "--description")
        annotations["executables.ai.sap.com/description"] = description
    labels = {
        "scenarios.ai.sap.com/id": scenario.id,
        "ai.sap.com/version": label(options.version, "--version"),
    }
    if options.labels:
        if not labels.keys().isdisjoint(options.labels):
            raise refused("--label sets what --scenario or --version sets", "leave it out.")
        for key, value in options.labels.items():
            labels[word(key, "a key of --label", "-_./")] = label(value, "--label")
    return {"name": name, "annotations": {**annotations, **more}, "labels": labels}


def artifact_annotations(artifacts: Iterable[Artifact], kind: str) -> dict[str, str]:
    """Give the annotations that tell what each artifact is; *kind* is the usual one."""
    annotations = {}
    for artifact in artifacts:
        key = f"artifacts.ai.sap.com/{artifact.name}"
        own_kind = artifact.kind or kind
        if own_kind not in ARTIFACT_KINDS:
            raise refused(
                "the kind of an artifact is not one of AI Core's", f"choose {', '.join(ARTIFACT_KINDS)}."
            )
        annotations[f"{key}.kind"] = own_kind
        if artifact.description:
            annotations[f"{key}.description"] = plain_text(artifact.description, "--artifact-description")
        if artifact.labels:
            annotations[f"{key}.labels"] = _json_labels(artifact.labels)
    return annotations


def _json_labels(labels: Mapping[str, str]) -> str:
    """The labels of an artifact, as AI Core has them: JSON in a text."""
    import json

    own = {}
    for key, value in labels.items():
        name = word(key.removeprefix(_OWN_LABEL), "a key of --artifact-label", "-_.")
        own[_OWN_LABEL + name] = plain_text(value, "--artifact-label")
    return f"{json.dumps(own, ensure_ascii=False)}\n"


def _texts(given: Sequence[str], what: str) -> list[str]:
    """The texts of a list; a text alone is a list of one."""
    listed = [given] if isinstance(given, str) else list(given)
    if "" in listed:
        raise refused(f"{what} has an empty string", "leave it out, or write its text.")
    return [text(each, what) for each in listed]


def _variable(name: str, value: str | SecretKey) -> dict[str, Any]:
    word(name, "the name of a variable", "-_.")
    if not isinstance(value, SecretKey):
        return {"name": name, "value": text(value, "the value of a variable")}
    secret = secret_name(value.secret, "--secret-env")
    key = word(value.key, "a key of --secret-env", "-_.")
    return {"name": name, "valueFrom": {"secretKeyRef": {"name": secret, "key": key}}}


def _quantities(given: Mapping[str, str], what: str) -> dict[str, str]:
    asked = {}
    for name, value in given.items():
        number = _quantity(value, what)
        # Kubernetes divides what it knows, and nothing that somebody else brings, such as nvidia.com/gpu.
        if "/" in word(name, f"a resource of {what}", "-_./") and number != int(number):
            raise refused(f"{what} of nvidia.com/gpu and similar must be a whole number", "write it like 1.")
        asked[name] = value
    return asked


def _quantity(value: str, what: str) -> float:
    """What *value* amounts to; nothing where a parameter will tell."""
    from aicore_magics.templates.quantity import amount, meant

    if "{{" in text(value, what, LONGEST_NAME):
        return 0.0
    number = amount(value)
    if number is None:
        raise refused(f"{what} must be a quantity of Kubernetes", f"write {meant(value)}.")
    return number
