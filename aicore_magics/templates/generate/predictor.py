"""The predictor of a ServingTemplate as plain data. KServe has its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.templates.generate.container import (
    command_and_args,
    environment,
    pull_policy,
    resources,
    volume_mounts,
    volumes,
)
from aicore_magics.templates.generate.spelling import (
    LAST_PORT,
    number,
    number_or_placeholder,
    refused,
    text,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.templates.generate.parts import Container
    from aicore_magics.templates.generate.serving_parts import Probe, ServingOptions

_DEFAULT_MAX = 2  # AI Core's own


def predictor(image: str, secret: str, container: Container, options: ServingOptions) -> dict[str, Any]:
    """Give the `predictor`: what KServe runs, and how many of it."""
    parts: dict[str, Any] = {"imagePullSecrets": [{"name": secret}]} if secret else {}
    parts["minReplicas"], parts["maxReplicas"] = _replicas(options)
    for key, value, what, least in (
        ("containerConcurrency", options.concurrency, "--concurrency", 0),
        ("timeout", options.timeout, "--request-timeout", 1),
        ("terminationGracePeriodSeconds", options.grace, "--grace", 0),
    ):
        if value is not None:
            parts[key] = number_or_placeholder(value, what, least)
    if container.mounts or container.shared_memory:
        parts["volumes"] = volumes(container)
    parts["containers"] = [_container(image, container, options)]
    return parts


def _replicas(options: ServingOptions) -> tuple[Any, Any]:
    least = number_or_placeholder(options.min_replicas, "--min-replicas")
    if options.max_replicas is None:
        return least, max(_DEFAULT_MAX, least) if isinstance(least, int) else _DEFAULT_MAX
    most = number_or_placeholder(options.max_replicas, "--max-replicas", 1)
    if isinstance(least, int) and isinstance(most, int) and most < least:
        raise refused(
            "--max-replicas is less than --min-replicas", "choose at least the value of --min-replicas."
        )
    return least, most


def _container(image: str, container: Container, options: ServingOptions) -> dict[str, Any]:
    port = number_or_placeholder(options.port, "--port", 1, LAST_PORT, like=8080)
    parts: dict[str, Any] = {"name": "kserve-container", "image": image}
    if container.pull_policy:
        parts["imagePullPolicy"] = pull_policy(container.pull_policy)
    parts["ports"] = [{"containerPort": port, "protocol": "TCP"}]
    parts |= {**command_and_args(container), **environment(container)}
    if options.inputs:
        parts["env"] = [*_artifact_variables(container, options), *parts.get("env", ())]
    if container.requests or container.limits:
        parts["resources"] = resources(container)
    if container.mounts or container.shared_memory:
        parts["volumeMounts"] = volume_mounts(container)
    for key, probe in (
        ("readinessProbe", options.readiness),
        ("livenessProbe", options.liveness),
        ("startupProbe", options.startup),
    ):
        if probe is not None:
            parts[key] = _probe(probe, port)
    return parts


def _artifact_variables(container: Container, options: ServingOptions) -> Iterator[dict[str, str]]:
    """The variables that tell where the input artifacts are."""
    taken = set(container.env)
    for each in options.inputs:
        if word(each.variable, "a variable of --input", "-_.") in taken:
            hint = "give each its own, as in --input NAME=VARIABLE."
            raise refused("one variable is used twice, one of them for --input", hint)
        taken.add(each.variable)
        yield {"name": each.variable, "value": f"{{{{inputs.artifacts.{each.name}}}}}"}


def _probe(probe: Probe, port: Any) -> dict[str, Any]:
    if not text(probe.path, "the path of a probe").startswith("/"):
        raise refused("the path of a probe must begin with a slash", "write it like /health.")
    asked = port if probe.port is None else number(probe.port, "the port of a probe", 1, LAST_PORT, like=8080)
    parts: dict[str, Any] = {"httpGet": {"path": probe.path, "port": asked}}
    for key, value, what, least in (
        ("initialDelaySeconds", probe.delay, "delay", 0),
        ("periodSeconds", probe.period, "period", 1),
        ("timeoutSeconds", probe.timeout, "timeout", 1),
        ("failureThreshold", probe.failures, "failures", 1),
    ):
        if value is not None:
            parts[key] = number(value, f"the {what} of a probe", least)
    return parts
