"""What AI Core and Argo want of a WorkflowTemplate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.templates.catalogue.identity import API_VERSION, SPEC
from aicore_magics.templates.catalogue.inputs import PARAMETER_NAME
from aicore_magics.templates.catalogue.structure import ENTRYPOINT, STEPS, TEMPLATES
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.calls import calls_of
from aicore_magics.templates.rules.flow_rules import flow_findings
from aicore_magics.templates.rules.image import declared_image, image_findings
from aicore_magics.templates.rules.keys import nearest, some_of
from aicore_magics.templates.rules.kind_rules import kind_findings
from aicore_magics.templates.rules.metadata import metadata_findings
from aicore_magics.templates.rules.name_words import word_findings
from aicore_magics.templates.rules.needs import volume_findings
from aicore_magics.templates.rules.placeholder_rules import workflow_placeholders
from aicore_magics.templates.rules.pod import (
    declared_inputs,
    has_plan,
    output_findings,
    parameter_values,
    pod_findings,
)
from aicore_magics.templates.rules.reference_rules import References
from aicore_magics.templates.rules.secret import misplaced, secret_names, unserved
from aicore_magics.templates.rules.shape import mapping_in, mappings_in, not_text, other_version, text_in
from aicore_magics.templates.rules.walk import walk
from aicore_magics.templates.rules.workflow_keys import DOCUMENT
from aicore_magics.templates.rules.workflow_variables import WorkflowVariables

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.calls import Call
    from aicore_magics.templates.rules.pod import Images
    from aicore_magics.templates.rules.secret import Known
    from aicore_magics.templates.rules.shape import Mapping
    from aicore_magics.templates.rules.walk import Walked

ARGO = "argoproj.io/v1alpha1"
_SPEC: Path = ("spec",)
Calling = tuple["Path", "Mapping", list["Call"]]  # a template, its place, and what it calls
Parameters = dict[str, tuple["Path", str]]  # by name: place and text of the value or default


def workflow_findings(found: Findings, document: Mapping, known: Known) -> None:
    """Find what is wrong with the WorkflowTemplate *document*."""
    if document.get("apiVersion") != ARGO:
        here: Path = ("apiVersion",) if "apiVersion" in document else ()
        message = other_version(document, "a WorkflowTemplate", ARGO)
        found.add(API_VERSION, here, message, f"write apiVersion: {ARGO}")
    metadata_findings(found, document)
    spec = mapping_in(found, document, "spec", ())
    walked = walk(found, document, DOCUMENT)
    misplaced(found, walked.keys, _SPEC, spec)
    if spec:
        names = secret_names(found, spec, _SPEC, known)
        images = _spec(found, spec, walked)
        if known.auth_keys:
            unserved(found, images, names, known)
    elif document.get("spec") in (None, {}):
        here = _SPEC if "spec" in document else ()
        found.add(SPEC, here, "the template has no spec", "write spec: with entrypoint and templates")
    kind_findings(found, walked)
    word_findings(found, walked.names)


def _spec(found: Findings, spec: Mapping, walked: Walked) -> Images:
    """Look at what the spec holds; give the images of all its containers."""
    parameters = _arguments(found, spec)
    templates = mappings_in(found, spec, "templates", _SPEC)
    names = _names(found, templates)
    entrypoint_findings(found, spec, names)
    images: Images = []
    if "volumes" in spec:
        volume_findings(found, spec, _SPEC, severity="warning")
    inputs: dict[Any, set[str]] = {}
    outputs_used = [text for _, text in walked.texts if "outputs." in text]
    covered = has_plan(spec.get("podMetadata")) or "templateDefaults" in spec
    calling = []
    for path, template in templates:
        inputs[path[-1]] = declared_inputs(found, template, path)
        images += pod_findings(found, template, path, spec, covered=covered)
        output_findings(found, template, path, outputs_used)
        calling.append((path, template, call_findings(found, template, path, names)))
    inline = inline_templates(found, calling, names)
    for path, template, _ in inline:
        inputs[path] = declared_inputs(found, template, path)
        images += pod_findings(found, template, path, spec, covered=covered)
        output_findings(found, template, path, outputs_used)
    flows, targets = flow_findings(found, spec, calling, names, inline=inline)
    if walked.texts and "templateDefaults" not in spec:
        looks = (References(found, flows, targets).look, WorkflowVariables(found, spec, flows, targets).look)
        workflow_placeholders(found, walked, parameters.keys(), inputs, looks=looks)
    return _values(found, images, spec, parameters)


def _names(found: Findings, templates: list[tuple[Path, Mapping]]) -> set[str]:
    """The names of the templates, of which each is there once."""
    names: set[str] = set()
    for path, template in templates:
        name = template.get("name")
        if isinstance(name, str):
            if name in names:
                message = f"an earlier template also has the name {shown(name)}"
                found.add(TEMPLATES, (*path, "name"), message, "give each template a different name")
            names.add(name)
    return names


def _arguments(found: Findings, spec: Mapping) -> Parameters:
    """The parameters of the workflow."""
    arguments = mapping_in(found, spec, "arguments", _SPEC)
    parameters: Parameters = {}
    for path, parameter in mappings_in(found, arguments, "parameters", (*_SPEC, "arguments")):
        name = text_in(found, parameter, "name", path)
        if not name and parameter.get("name") in (None, ""):
            here = (*path, "name") if "name" in parameter else path
            found.add(PARAMETER_NAME, here, "a parameter has no name", "write - name: NAME")
        parameter_values(found, parameter, path)
        key = next(filter(parameter.__contains__, ("value", "default")), "name")
        parameters[name] = ((*path, key), str(parameter[key]) if key != "name" else "")
    return parameters


def _values(found: Findings, images: Images, spec: Mapping, parameters: Parameters) -> Images:
    """The images as they are without a configuration: for a parameter, the value that stands in the file."""
    templates, entrypoint = spec.get("templates"), spec.get("entrypoint")
    told = []
    for path, image in images:
        name = declared_image(image, "workflow.parameters.")
        if not name and templates and "inline" not in path and templates[path[2]].get("name") == entrypoint:
            # Argo hands its arguments to the entrypoint, by name.
            name = declared_image(image, "inputs.parameters.")
        value = parameters.get(name) if name else None
        if value and value[1]:
            image_findings(found, value[1], value[0])
        told.append(value if value and value[1] else (path, image))
    return told


def inline_templates(found: Findings, calling: list[Calling], names: set[str]) -> list[Calling]:
    """Give the templates that are written into steps and tasks, and into the steps of those, each once."""
    inline: list[Calling] = []
    seen: set[int] = set()
    left = [call for *_, calls in calling for call in calls if "inline" in call.entry]
    while left:
        call = left.pop()
        template, path = call.entry["inline"], (*call.path, "inline")
        if isinstance(template, dict) and id(template) not in seen:
            seen.add(id(template))
            calls = call_findings(found, template, path, names)
            inline.append((path, template, calls))
            left += [each for each in calls if "inline" in each.entry]
    return inline


def entrypoint_findings(found: Findings, spec: Mapping, names: set[str]) -> None:
    """Find that *spec* has no entrypoint, or one that is none of *names*."""
    if "workflowTemplateRef" in spec:
        return
    if not spec.get("templates"):
        here = (*_SPEC, "templates") if "templates" in spec else _SPEC
        found.add(TEMPLATES, here, "spec has no templates", "write templates: with one that has a container")
    entrypoint = text_in(found, spec, "entrypoint", _SPEC)
    here = (*_SPEC, "entrypoint") if "entrypoint" in spec else _SPEC
    if not entrypoint and spec.get("entrypoint") in (None, ""):
        fix = (
            f"write entrypoint: and the name of a template: {some_of(names)}"
            if names
            else "write entrypoint: NAME, the name of a template"
        )
        found.add(ENTRYPOINT, here, "spec has no entrypoint", fix)
    elif entrypoint and entrypoint not in names and "{{" not in entrypoint:
        found.add(ENTRYPOINT, here, f"there is no template {shown(entrypoint)}", _one_of(entrypoint, names))


def call_findings(found: Findings, template: Mapping, path: Path, names: set[str]) -> list[Call]:
    """Find steps and tasks that name none of *names*, the templates of this document, nor one elsewhere.

    Give all of them.
    """
    calls = calls_of(found, template, path)
    for call in calls:
        wanted, here = call.entry.get("template"), call.path
        if wanted is None:
            if not call.entry.keys() & {"templateRef", "inline"}:
                message = f"the {call.word} {shown(call.entry.get('name'))} has no template"
                found.add(STEPS, here, message, f"write template: and one of {some_of(names or ['NAME'])}")
        elif not isinstance(wanted, str):
            not_text(found, "template", wanted, (*here, "template"))
        elif wanted not in names and "{{" not in wanted:
            message = f"there is no template {shown(wanted)}"
            found.add(STEPS, (*here, "template"), message, _one_of(wanted, names))
    return calls


def _one_of(wanted: str, names: set[str]) -> str:
    near = nearest(wanted, names)
    if near:
        return f"write {shown(near[0])}"
    return f"use one of the templates: {some_of(names)}" if names else "write a template of this name"
