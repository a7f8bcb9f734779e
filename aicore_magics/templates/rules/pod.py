"""One template of a workflow: its containers, what goes into them and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from aicore_magics.templates.catalogue.inputs import GLOBAL_NAME, PARAMETER_TEXT
from aicore_magics.templates.catalogue.served import CONTAINER_NAME
from aicore_magics.templates.catalogue.structure import TEMPLATES
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules import keys
from aicore_magics.templates.rules.container_rules import (
    command_findings,
    container_findings,
    script_findings,
)
from aicore_magics.templates.rules.needs import mount_findings, volume_findings, volume_names
from aicore_magics.templates.rules.plan import INSTANCE, PLAN, plan_findings, plan_missing
from aicore_magics.templates.rules.shape import mapping_in, mappings_in, not_text, text_in, text_values, what

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

Images = list[tuple["Path", str]]
_TEXTS = ("labels", "annotations")
_SINGLE = {"container": keys.CONTAINER, "script": keys.SCRIPT}
_SEVERAL = {"sidecars": keys.SIDECAR, "initContainers": keys.SIDECAR}


def pod_findings(found: Findings, template: Mapping, path: Path, spec: Mapping, *, covered: bool) -> Images:
    """Find what is wrong with a template of a workflow and its containers; give their images.

    *spec* is that of the workflow, whose volumes are there for all. *covered*: the plan may stand elsewhere.
    """
    inline = path[-1:] == ("inline",)
    if not inline and not text_in(found, template, "name", path) and template.get("name") in (None, ""):
        here = (*path, "name") if "name" in template else path
        found.add(TEMPLATES, here, "a template has no name", "write - name: NAME")
    actions = template.keys() & keys.ACTIONS
    if len(actions) != 1:
        said = (
            f"has {' and '.join(sorted(actions))}"
            if actions
            else "does nothing: it has no container and no steps"
        )
        fix = (
            "write one template for each"
            if actions
            else "write container: or steps: in it; check the indentation"
        )
        found.add(TEMPLATES, path, f"the template {said}", fix)
    elif "templateDefaults" not in spec:
        _empty(found, template, path, *actions)
    if "volumes" in template:
        # Argo takes the first of them.
        volume_findings(found, template, path, severity="warning")
    metadata = _metadata(found, template, path)
    if not covered and actions & {"container", "script", "containerSet"} and not has_plan(metadata):
        called = "the inline template" if inline else f"template {shown(template.get('name'))}"
        plan_missing(found, path, f"metadata.labels of {called}")
    images = _containers(found, template, path, spec.get("templateDefaults"))
    # Most have one container, which mounts nothing.
    if len(images) > 1 or (images and "volumeMounts" in (template.get("container") or ("volumeMounts",))):
        _mounts(found, template, path, images, spec=spec)
    return images


def _empty(found: Findings, template: Mapping, path: Path, action: str) -> None:
    """Find an action with nothing below it: Argo does not see its key."""
    if template[action] is None:
        fix = "write suspend: {}" if action == "suspend" else f"indent the keys of {action}: below it"
        found.add(TEMPLATES, (*path, action), f"{action} is empty, so the template does nothing", fix)


def _metadata(found: Findings, template: Mapping, path: Path) -> Mapping:
    metadata = mapping_in(found, template, "metadata", path)
    here = (*path, "metadata")
    for key in filter(metadata.__contains__, _TEXTS):
        texts = mapping_in(found, metadata, key, here)
        # The plan is looked at below.
        text_values(found, {name: text for name, text in texts.items() if name != PLAN}, (*here, key))
        if key == "labels":
            plan_findings(found, texts, (*here, key))
    return metadata


def _mounts(found: Findings, template: Mapping, path: Path, images: Images, *, spec: Mapping) -> None:
    """Look at what the containers mount, which stand where *images* do."""
    containers = [(here[:-1], _part(template, here[len(path) : -1])) for here, _ in images]
    if any("volumeMounts" in container for _, container in containers):
        patched = "templateDefaults" in spec or "podSpecPatch" in spec or "podSpecPatch" in template
        volumes = None if patched else volume_names(template, spec)
        mount_findings(found, containers, volumes, f"template {shown(template.get('name'))}")


def _part(template: Mapping, path: Path) -> Mapping:
    part: Any = template
    for step in path:
        part = part[step]
    return cast("Mapping", part)


def has_plan(metadata: object) -> bool:
    """Whether the labels of *metadata* name a plan or an instance type."""
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    # What is no mapping has a finding of its own.
    return labels is not None and (not isinstance(labels, dict) or PLAN in labels or INSTANCE in labels)


def _containers(found: Findings, template: Mapping, path: Path, defaults: object) -> Images:
    images: Images = []
    for key, known in _SINGLE.items():
        if key in template and (container := mapping_in(found, template, key, path)):
            here = (*path, key)
            usual = defaults.get(key) if isinstance(defaults, dict) else None
            due = not (isinstance(usual, dict) and usual.get("image"))
            image = container_findings(found, container, here, keys=known, owner=key, due=due)
            images.append(((*here, "image"), image))
            (script_findings if key == "script" else command_findings)(found, container, here)
    for key, known in _SEVERAL.items():
        if key in template:
            for here, container in mappings_in(found, template, key, path):
                images.append(
                    (
                        (*here, "image"),
                        container_findings(found, container, here, keys=known, owner="container"),
                    )
                )
    if "containerSet" in template:
        images += _container_set(found, template, path)
    return images


def _container_set(found: Findings, template: Mapping, path: Path) -> Images:
    group = mapping_in(found, template, "containerSet", path)
    images: Images = []
    containers = mappings_in(found, group, "containers", (*path, "containerSet"))
    for here, container in containers:
        image = container_findings(found, container, here, keys=keys.SET_CONTAINER, owner="container")
        images.append(((*here, "image"), image))
        command_findings(found, container, here)
    if containers and not any(container.get("name") == "main" for _, container in containers):
        message = "none of the containers is named main; AI Core needs one of several to be"
        found.add(CONTAINER_NAME, (*path, "containerSet", "containers"), message, "write name: main in one")
    return images


def declared_inputs(found: Findings, template: Mapping, path: Path) -> set[str]:
    """Give the inputs that a template declares, such as parameters.x; parameters. is one of any name."""
    declared: set[str] = set()
    if "inputs" not in template:
        return declared
    inputs = mapping_in(found, template, "inputs", path)
    for kind in ("parameters", "artifacts"):
        for here, entry in mappings_in(found, inputs, kind, (*path, "inputs")):
            name = entry.get("name")
            # A name that is no text may be any.
            declared.add(f"{kind}.{name if isinstance(name, str) else ''}")
            if kind == "parameters":
                parameter_values(found, entry, here)
    return declared


def parameter_values(found: Findings, parameter: Mapping, path: Path) -> None:
    """Find a value or default that is no text; Argo makes a text of a number, so that is a warning."""
    for key in ("value", "default"):
        value = parameter.get(key)
        if type(value) is str or value is None:
            continue
        if isinstance(value, (bool, int, float)):
            quoted = str(value).lower() if isinstance(value, bool) else shown(value)
            message = f"the {key} of a parameter is {what(value)}; Argo converts it to a string"
            fix = f'put it in quotes, as "{quoted}"'
            found.add(PARAMETER_TEXT, (*path, key), message, fix, quote=True)
        elif not isinstance(value, str):
            not_text(found, f"the {key} of a parameter", value, (*path, key))


def output_findings(found: Findings, template: Mapping, path: Path, used: list[str]) -> None:
    """Find output artifacts that AI Core does not register, and that none of the texts *used* hands on."""
    if "outputs" not in template:
        return
    outputs = mapping_in(found, template, "outputs", path)
    for here, artifact in mappings_in(found, outputs, "artifacts", (*path, "outputs")):
        name = artifact.get("name")
        if artifact.get("globalName") in (None, "") and not any(f"artifacts.{name}" in text for text in used):
            message = f"the output artifact {shown(name)} has no globalName, so AI Core does not register it"
            found.add(GLOBAL_NAME, here, message, f"write globalName: {shown(name)}")
