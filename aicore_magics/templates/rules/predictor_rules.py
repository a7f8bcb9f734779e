"""What KServe and AI Core want of the predictor, inside the text block of a ServingTemplate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.served import (
    AUTOSCALING,
    CONTAINER_NAME,
    CONTAINER_NAME_MISSING,
    CONTAINERS,
    CONTAINERS_SEVERAL,
    PORT_MISSING,
    PORT_SEVERAL,
    REPLICAS,
)
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules import keys
from aicore_magics.templates.rules.container_rules import container_findings, shell_findings
from aicore_magics.templates.rules.keys import nearest, unknown_keys
from aicore_magics.templates.rules.needs import mount_findings, volume_findings, volume_names
from aicore_magics.templates.rules.secret import secret_names
from aicore_magics.templates.rules.shape import mappings_in, what

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.secret import Known
    from aicore_magics.templates.rules.shape import Mapping

# What KServe takes beyond the kind of a value: numbers from 0 up to a limit, and words.
_MOST = {"canaryTrafficPercent": 100, "containerConcurrency": None, "timeout": None}
_WORDS = {
    "scaleMetric": ("cpu", "memory", "concurrency", "rps"),
    "scaleMetricType": ("Utilization", "Value", "AverageValue"),
}
NAME, OLD_NAME = "kserve-container", "kfserving-container"


def predictor_findings(
    found: Findings, predictor: Mapping, path: Path, known: Known
) -> tuple[list[tuple[Path, str]], tuple[str, ...]]:
    """Find what is wrong with *predictor*; give its images with their paths, and the names of its secrets."""
    if not predictor:
        return [], ()
    unknown_keys(found, predictor, keys.PREDICTOR, path, owner="predictor")
    names = secret_names(found, predictor, path, known)
    _replicas(found, predictor, path)
    _settings(found, predictor, path)
    containers = mappings_in(found, predictor, "containers", path)
    images = []
    for here, container in containers:
        image = container_findings(found, container, here, keys=keys.CONTAINER, owner="container")
        images.append(((*here, "image"), image))
        shell_findings(found, container, here)
        _one_port(found, container, here)
    if any("volumeMounts" in container for _, container in containers):
        mount_findings(found, containers, volume_names(predictor), "predictor")
    if "volumes" in predictor:
        volume_findings(found, predictor, path)
    _names(found, containers)
    if not predictor.get("containers") and not predictor.keys() & keys.SERVERS:
        here = (*path, "containers") if "containers" in predictor else path
        message = "predictor has no containers, so nothing runs"
        found.add(CONTAINERS, here, message, f"write containers: with - name: {NAME} and its image")
    return images, names


def _names(found: Findings, containers: list[tuple[Path, Mapping]]) -> None:
    for path, container in containers:
        name = container.get("name")
        if name == OLD_NAME:
            message = f"{OLD_NAME} is an old name; KServe now uses {NAME}"
            found.add(CONTAINER_NAME, (*path, "name"), message, f"write name: {NAME}")
        elif not isinstance(name, str) or not name:
            message = f"the container has {'no name' if name in (None, '') else what(name) + ' as its name'}"
            here = (*path, "name") if "name" in container else path
            quote = isinstance(name, (int, float))
            found.add(CONTAINER_NAME_MISSING, here, message, f"write name: {NAME}", quote=quote)
        elif name != NAME and len(containers) == 1:
            message = f"the container is named {shown(name)}; KServe uses the one named {NAME}"
            found.add(CONTAINER_NAME, (*path, "name"), message, f"write name: {NAME}")
    if len(containers) > 1:
        message = f"there are {len(containers)} containers; all known templates have one"
        found.add(CONTAINERS_SEVERAL, containers[1][0], message, "keep one, or try it in a deployment first")


def _one_port(found: Findings, container: Mapping, path: Path) -> None:
    if "ports" not in container:
        message = "the container has no port, so requests go to 8080"
        found.add(PORT_MISSING, path, message, "write ports: with - containerPort: 8080")
    elif isinstance(container["ports"], list) and len(container["ports"]) > 1:
        message = "the container has several ports; Knative allows one"
        found.add(PORT_SEVERAL, (*path, "ports"), message, "keep the port for requests")


def _replicas(found: Findings, predictor: Mapping, path: Path) -> None:
    least, most = (_number(found, predictor, key, path) for key in ("minReplicas", "maxReplicas"))
    if least is not None and most is not None and 0 < most < least:
        message = f"maxReplicas {most} is less than minReplicas {least}"
        found.add(REPLICAS, (*path, "maxReplicas"), message, f"write maxReplicas: {least}, or more")


def _settings(found: Findings, predictor: Mapping, path: Path) -> None:
    """Find a setting with a number or word that KServe refuses."""
    for key, most in _MOST.items():
        value = predictor.get(key)
        number = value if isinstance(value, int) and not isinstance(value, bool) else 0
        if number < 0 or (most is not None and number > most):
            said = "a number from 0" + (f" to {most}" if most else "")
            found.add(AUTOSCALING, (*path, key), f"{key} is {value}, it must be {said}", f"write {key}: 1")
    for key, words in _WORDS.items():
        value = predictor.get(key)
        if isinstance(value, str) and value not in words and "{{" not in value:
            near = nearest(value, words)
            fix = f"write {near[0]}" if near else f"write one of {', '.join(words)}"
            found.add(AUTOSCALING, (*path, key), f"KServe does not know the {key} {shown(value)}", fix)


def _number(found: Findings, predictor: Mapping, key: str, path: Path) -> int | None:
    value = predictor.get(key)
    if value is None or (isinstance(value, str) and "{{" in value):
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        said = "less than 0" if isinstance(value, int) and not isinstance(value, bool) else what(value)
        message = f"{key} is {said}, it must be a number from 0"
        found.add(REPLICAS, (*path, key), message, f"write {key}: 1, without quotes")
        return None
    return value
