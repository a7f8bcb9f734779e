"""The metadata by which AI Core finds an executable and its scenario."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from aicore_magics.base.plural import count
from aicore_magics.templates.catalogue.identity import (
    ANNOTATIONS_MISSING,
    ARTIFACT_KIND,
    LABEL,
    LABELS_MISSING,
    NAME,
    NAME_DOTS,
)
from aicore_magics.templates.facts import ARTIFACT_KINDS
from aicore_magics.templates.finding import shown
from aicore_magics.templates.rules.keys import nearest
from aicore_magics.templates.rules.shape import mapping_in, text_in, text_values

if TYPE_CHECKING:
    from aicore_magics.templates.finding import Findings, Path
    from aicore_magics.templates.rules.shape import Mapping

_SCENARIO, _VERSION = "scenarios.ai.sap.com/id", "ai.sap.com/version"
_ANNOTATIONS = ("scenarios.ai.sap.com/name", "executables.ai.sap.com/name")
_REQUIRED = (
    ("labels", (_SCENARIO, _VERSION), LABELS_MISSING),
    ("annotations", _ANNOTATIONS, ANNOTATIONS_MISSING),
)
_HERE: Path = ("metadata",)
# The name is one of Kubernetes (RFC 1123), and has the length of AiExecutableId of SAP's AI API.
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")
# What Kubernetes takes as the value of a label.
LABEL_VALUE = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?)?")
_LONGEST_ID, _SHORTEST_ID = 64, 4  # the shortest AiScenarioId as well
_LONGEST_OF_ARGO = 63  # a label holds it (workflow/validate/validate.go)


def metadata_findings(found: Findings, document: Mapping) -> None:
    """Find what AI Core misses, or cannot read, in the metadata of a template."""
    metadata = mapping_in(found, document, "metadata", ())
    _name(found, metadata, document)
    for key, wanted, missing in _REQUIRED:
        texts = mapping_in(found, metadata, key, _HERE)
        here = (*_HERE, key)
        text_values(found, texts, here)
        for each in wanted:
            if texts.get(each) in (None, ""):
                stands = ((*here, each) if each in texts else here) if texts else _HERE
                message = f"{each} is missing in metadata.{key}; SAP requires it"
                found.add(missing, stands, message, f'write {each}: "…" below {key}')
        if key == "labels":
            _label_values(found, texts, here)
        else:
            _artifact_kinds(found, texts, here)


def _name(found: Findings, metadata: Mapping, document: Mapping) -> None:
    name, here = text_in(found, metadata, "name", _HERE), (*_HERE, "name")
    if not name:
        if metadata.get("name") in (None, ""):
            message = "metadata.name is missing: it is the id of the executable"
            found.add(
                NAME, here if "name" in metadata else _HERE, message, "write a name such as churn-train"
            )
    elif "{{" in name:
        message = "a template's name cannot be filled in, because it is the id of the executable"
        found.add(NAME, here, message, "choose one such as churn-train")
    elif not _SHORTEST_ID <= len(name) <= _LONGEST_ID:
        message = f"the name has {count(len(name), 'character')}; an executable's id must have 4 to 64"
        found.add(NAME, here, message, "choose one such as churn-train")
    elif len(name) > _LONGEST_OF_ARGO and document.get("kind") == "WorkflowTemplate":
        message = f"the name has {len(name)} characters; Argo allows at most {_LONGEST_OF_ARGO}"
        found.add(NAME, here, message, "choose one such as churn-train")
    elif not _NAME.fullmatch(name):
        small = re.sub(r"[^a-z0-9.]+", "-", name.lower()).strip("-.")
        fix = (
            f"write {small}"
            if _NAME.fullmatch(small) and name == name.strip("<>")
            else "choose one such as churn-train"
        )
        message = (
            "a name can only have small letters, digits and hyphens, and cannot begin or end with a hyphen"
        )
        found.add(NAME, here, message, fix)
    elif "." in name:
        message = "SAP allows only hyphens as separators in a name; dots may be refused"
        found.add(NAME_DOTS, here, message, f"write {name.replace('.', '-')}")


def _label_values(found: Findings, labels: Mapping, path: Path) -> None:
    for key, value in labels.items():
        if type(value) is str and not LABEL_VALUE.fullmatch(value):
            message = f"Kubernetes does not allow this value of label {shown(key)}"
            fix = "write up to 63 letters, digits, dots, - or _, with a letter or digit at both ends"
            found.add(LABEL, (*path, key), message, fix)
    scenario = labels.get(_SCENARIO)
    if isinstance(scenario, str) and 0 < len(scenario) < _SHORTEST_ID and LABEL_VALUE.fullmatch(scenario):
        message = "the id of a scenario must have at least 4 characters"
        found.add(LABEL, (*path, _SCENARIO), message, "choose one such as churn")


def _artifact_kinds(found: Findings, annotations: Mapping, path: Path) -> None:
    for key, value in annotations.items():
        if not (isinstance(key, str) and key.endswith(".kind") and key.startswith("artifacts.ai.sap.com/")):
            continue
        if isinstance(value, str) and value not in ARTIFACT_KINDS:
            near = nearest(value, ARTIFACT_KINDS)
            fix = f"write {near[0]}" if near else f"write one of {', '.join(ARTIFACT_KINDS)}"
            found.add(ARTIFACT_KIND, (*path, key), f"{shown(value)} is not a kind of artifact", fix)
