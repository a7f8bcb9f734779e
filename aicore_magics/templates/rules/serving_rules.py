"""What AI Core and KServe want of a ServingTemplate, down into its text block."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.identity import API_VERSION, API_VERSION_MISSING, OLD_FORM, SPEC
from aicore_magics.templates.catalogue.inputs import ARTIFACT_NAME, PARAMETER_NAME, PARAMETER_TYPE
from aicore_magics.templates.catalogue.served import PREDICTOR
from aicore_magics.templates.catalogue.structure import NOT_TEXT_BLOCK, UNDOCUMENTED_PART
from aicore_magics.templates.finding import INNER, shown
from aicore_magics.templates.rules import keys
from aicore_magics.templates.rules.image import declared_image, image_findings
from aicore_magics.templates.rules.keys import nearest, unknown_keys
from aicore_magics.templates.rules.kind_rules import kind_findings
from aicore_magics.templates.rules.metadata import metadata_findings
from aicore_magics.templates.rules.name_rules import repeated_name
from aicore_magics.templates.rules.name_words import word_findings
from aicore_magics.templates.rules.placeholder_rules import serving_placeholders
from aicore_magics.templates.rules.plan import INSTANCE, PLAN, plan_findings, plan_missing, text_labels
from aicore_magics.templates.rules.predictor_rules import predictor_findings
from aicore_magics.templates.rules.secret import misplaced, served_otherwise, unserved
from aicore_magics.templates.rules.serving_keys import INFERENCE_SPEC
from aicore_magics.templates.rules.shape import (
    mapping_in,
    mappings_in,
    other_version,
    text_in,
    text_values,
    what,
)
from aicore_magics.templates.rules.text_block_rules import block_findings
from aicore_magics.templates.rules.walk import walk

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.secret import Known
    from aicore_magics.templates.rules.shape import Mapping

AI_CORE = "ai.sap.com/v1alpha1"
KSERVE = "serving.kserve.io/v1beta1"
_SPEC: Path = ("spec",)
_INPUTS: Path = ("spec", "inputs")
_TEMPLATE: Path = ("spec", "template")
_METADATA: Path = ("spec", "template", "metadata")
_TEXT: Path = ("spec", "template", "spec")
_INPUT_NAMES = {"parameters": PARAMETER_NAME, "artifacts": ARTIFACT_NAME}
Inputs = dict[str, tuple["Path", str]]


def serving_findings(
    found: Findings, document: Mapping, inner: object, known: Known, *, texts: ReadOnly[str, object]
) -> None:
    """Find what is wrong with the ServingTemplate *document*; *inner* is what its text block holds.

    None for *inner*: the block cannot be read, and what stands in it is not looked at. *texts* is what the
    texts of its labels and annotations hold, as far as they were read.
    """
    unknown_keys(found, document, keys.DOCUMENT, (), owner="the document")
    if document.get("apiVersion") != AI_CORE:
        here: Path = ("apiVersion",) if "apiVersion" in document else ()
        message = other_version(document, "a ServingTemplate", AI_CORE)
        found.add(API_VERSION, here, message, f"write apiVersion: {AI_CORE}")
    metadata_findings(found, document)
    spec = mapping_in(found, document, "spec", ())
    if not spec and document.get("spec") in (None, {}):
        here = _SPEC if "spec" in document else ()
        found.add(SPEC, here, "the template has no spec", "write spec: with a template")
    unknown_keys(found, spec, keys.SERVING_SPEC, _SPEC, owner="spec")
    declared = _inputs(found, spec)
    template = mapping_in(found, spec, "template", _SPEC)
    if spec and spec.get("template") in (None, {}):
        here = (*_SPEC, "template") if "template" in spec else _SPEC
        found.add(SPEC, here, "spec has no template", f"write template: with apiVersion: {KSERVE}")
    elif template:
        _template(found, template, texts)
    _inside(found, document, inner, declared, known=known)


def _inputs(found: Findings, spec: Mapping) -> Inputs:
    """What the template declares, such as parameters.x, each with the place and the text of its default."""
    inputs = mapping_in(found, spec, "inputs", _SPEC)
    unknown_keys(found, inputs, keys.INPUTS, _INPUTS, owner="inputs")
    declared: Inputs = {}
    for kind in ("parameters", "artifacts"):
        for path, entry in mappings_in(found, inputs, kind, _INPUTS):
            name = _input_name(found, entry, kind, path)
            if name and f"{kind}.{name}" in declared:
                repeated_name(found, name, (*path, "name"), kind.removesuffix("s"))
            default = entry.get("default")
            declared[f"{kind}.{name}"] = ((*path, "default"), default if isinstance(default, str) else "")
            if kind == "parameters":
                _parameter(found, entry, path)
    return declared


def _input_name(found: Findings, entry: Mapping, kind: str, path: Path) -> str:
    name = text_in(found, entry, "name", path)
    one, rule = kind.removesuffix("s"), _INPUT_NAMES[kind]
    if name and not re.fullmatch(r"[A-Za-z_]\w*", name, re.ASCII):
        first, *rest = re.sub(r"\W+", " ", name, flags=re.ASCII).split() or ["name"]
        camel = first + "".join(word[:1].upper() + word[1:] for word in rest)
        camel = f"{one[0]}{camel}" if camel[0].isdigit() else camel
        message = f"the name of a serving {one} can only have the letters a to z, digits and underscores"
        if "-" in name:
            message += ": AI Core reads a hyphen as minus"
        elif re.fullmatch(r"\w+", name, re.ASCII):
            message = f"the name of a serving {one} must begin with a letter"
        found.add(rule, (*path, "name"), message, f"write {shown(camel)}, here and between the braces")
    elif not name and entry.get("name") in (None, ""):
        here = (*path, "name") if "name" in entry else path
        found.add(rule, here, f"an input {one} has no name", "write - name: NAME")
    return name


def _parameter(found: Findings, entry: Mapping, path: Path) -> None:
    unknown_keys(found, entry, keys.SERVING_PARAMETER, path, owner="a parameter")
    text_values(found, {key: entry[key] for key in ("default", "description") if key in entry}, path)
    if entry.get("type") not in (None, "string"):
        said = shown(entry["type"]) if isinstance(entry["type"], str) else what(entry["type"])
        message = f"the type of a parameter is {said}; AI Core accepts only string"
        found.add(PARAMETER_TYPE, (*path, "type"), message, "write type: string")


def _template(found: Findings, template: Mapping, texts: ReadOnly[str, object]) -> None:
    unknown_keys(found, template, keys.SERVING_TEMPLATE, _TEMPLATE, owner="spec.template")
    version = text_in(found, template, "apiVersion", _TEMPLATE)
    here = (*_TEMPLATE, "apiVersion")
    if version.startswith("serving.kubeflow.org/") or version == "serving.kserve.io/v1alpha2":
        message = f"{shown(version)} is an old form, which AI Core no longer accepts"
        found.add(OLD_FORM, here, message, f"write apiVersion: {KSERVE}")
    elif not version and template.get("apiVersion") in (None, ""):
        here = here if "apiVersion" in template else _TEMPLATE
        found.add(API_VERSION_MISSING, here, "spec.template has no apiVersion", f"write apiVersion: {KSERVE}")
    elif version and version != KSERVE:
        found.add(API_VERSION, here, other_version(template, "spec.template", KSERVE), f"write {KSERVE}")
    metadata = mapping_in(found, template, "metadata", _TEMPLATE)
    unknown_keys(found, metadata, keys.SERVING_METADATA, _METADATA, owner="spec.template.metadata")
    for key in ("labels", "annotations"):
        value = metadata.get(key)
        if value is not None and not isinstance(value, str):
            message = f"{key} is {what(value)}; in a ServingTemplate it must be a text block"
            found.add(NOT_TEXT_BLOCK, (*_METADATA, key), message, f"write {key}: | and its lines below it")
        elif value and key in texts:
            block_findings(found, key, texts[key], (*_METADATA, key, INNER))
    _plan(found, metadata, texts.get("labels"))


def _plan(found: Findings, metadata: Mapping, read: object) -> None:
    """Look at the labels; what was *read* of their text is a mapping, if all is well."""
    labels, here = metadata.get("labels"), (*_METADATA, "labels")
    if isinstance(labels, str):
        if isinstance(read, dict):
            labels = {key: "" if value is None else value for key, value in read.items()}
        else:
            labels = text_labels(labels)
        here = (*here, INNER)
    if labels is None or (isinstance(labels, dict) and PLAN not in labels and INSTANCE not in labels):
        plan_missing(found, _METADATA if labels is None else here, "spec.template.metadata.labels")
    elif isinstance(labels, dict):
        plan_findings(found, labels, here)


def _inside(found: Findings, document: Mapping, inner: object, declared: Inputs, *, known: Known) -> None:
    """Look at the text block, and at the braces and misplaced keys of the whole."""
    text = _text(document)
    # A mapping in place of the text is looked at as it is.
    inner = text if isinstance(text, dict) else inner
    prefix = (*_TEXT, INNER) if isinstance(text, str) else _TEXT
    right: Path = (*prefix, "predictor")
    walked = walk(found, document)
    walked.texts = [each for each in walked.texts if each[0][0] == "spec" and each[0] != _TEXT]
    _text_block(found, text, inner)
    predictor: Mapping = {}
    if isinstance(inner, dict):
        predictor = _inner(found, inner, prefix)
        images, names = predictor_findings(found, predictor, right, known)
        inside = walk(found, inner, INFERENCE_SPEC)
        kind_findings(found, inside, prefix, filled=True)
        if isinstance(text, str):
            serving_placeholders(found, inside, declared, prefix)
            word_findings(found, inside.names, prefix)
            walked.keys += [((*prefix, *path), key, value) for path, key, value in inside.keys]
        images = [_value(found, path, image, declared) for path, image in images]
        unserved(found, images, names, known)
        served_otherwise(found, images, names, known)
    serving_placeholders(found, walked, declared)
    word_findings(found, walked.names)
    misplaced(found, walked.keys, right, predictor)


def _text_block(found: Findings, text: object, inner: object) -> None:
    """Find that there is no text block, or that it holds something else than a mapping."""
    if text is not None and not isinstance(text, str):
        message = f"the inner spec is {what(text)}; AI Core needs a string, in which it fills in {{{{…}}}}"
        fix = "write spec: | and keep the lines below it unchanged"
        found.add(NOT_TEXT_BLOCK, _TEXT, message, fix)
    elif inner is None and not (text or "").strip():
        here = _TEXT if text else _TEMPLATE
        found.add(SPEC, here, "spec.template has no spec", "write spec: | with a predictor")
    elif inner is not None and not isinstance(inner, dict):
        fix = "write predictor: in it, with containers"
        found.add(SPEC, _TEXT, f"the inner spec is {what(inner)}", fix)


def _text(document: Mapping) -> object:
    value: object = document
    for key in _TEXT:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _inner(found: Findings, inner: Mapping, path: Path) -> Mapping:
    """The predictor, if there is one in the new form."""
    if "default" in inner and "predictor" not in inner:
        message = "default: is the old form v1alpha2, which AI Core no longer accepts"
        fix = "write predictor: with containers: and a list instead of default, predictor and custom"
        found.add(OLD_FORM, (*path, "default"), message, fix)
        return {}
    unknown_keys(found, inner, keys.INFERENCE_SPEC, path, owner="the inner spec")
    for key in ("transformer", "explainer"):
        if key in inner:
            message = f"AI Core does not document {key}: it needs a predictor"
            found.add(
                UNDOCUMENTED_PART, (*path, key), message, "leave it out, or try it in a deployment first"
            )
    predictor = mapping_in(found, inner, "predictor", path)
    if not predictor and inner.get("predictor") in (None, {}):
        here = (*path, "predictor") if "predictor" in inner else path
        near = nearest("predictor", [key for key in inner if isinstance(key, str) and key != "predictor"])
        fix = f"write predictor instead of {shown(near[0])}" if near else "write predictor: with containers"
        found.add(PREDICTOR, here, "the inner spec has no predictor", fix)
    return predictor


def _value(found: Findings, path: Path, image: str, declared: Inputs) -> tuple[Path, str]:
    """The image as it is without a configuration: what stands there, or the default of its parameter."""
    name = declared_image(image, "inputs.parameters.")
    default = declared.get(f"parameters.{name}") if name else None
    if not default or not default[1]:
        return path, image
    image_findings(found, default[1], default[0])
    return default
