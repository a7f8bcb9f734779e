"""The rules for templates, on plain data: what AI Core refuses, what does nothing there, what is doubtful.

Each finding has the path of the value; whoever has the text looks up the line. The sources are SAP's pages on
workflow and serving templates, the schemas of Argo and KServe, and what Kubernetes takes as names.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from aicore_magics.templates.catalogue.reading import KIND, SIZE
from aicore_magics.templates.facts import SERVING_SPEC, TEMPLATE_KINDS
from aicore_magics.templates.finding import MAX_FINDINGS, Finding, Findings, TooMany, shown
from aicore_magics.templates.rules.hidden_blanks import hidden_blanks
from aicore_magics.templates.rules.keys import nearest
from aicore_magics.templates.rules.secret import NOTHING, Known
from aicore_magics.templates.rules.serving_rules import serving_findings
from aicore_magics.templates.rules.shape import what
from aicore_magics.templates.rules.workflow_rules import workflow_findings

if TYPE_CHECKING:
    from collections.abc import Mapping

NO_TEXTS: Mapping[str, object] = MappingProxyType({})


def template_findings(
    document: object,
    inner: object = None,
    known: Known = NOTHING,
    texts: Mapping[str, object] = NO_TEXTS,
) -> Findings:
    """Give what the rules find in *document*; *inner* is what the text block of a ServingTemplate holds.

    *texts* is what its labels and annotations hold, as far as they were read.
    """
    found = Findings()
    try:
        _find(found, document, inner, known, texts=texts)
    except TooMany:
        message = f"there are more than {MAX_FINDINGS} findings; the others are not shown"
        found.append(Finding(SIZE, message, "fix these first"))
    hidden_blanks(found, document, lambda path: inner if path == SERVING_SPEC else texts.get(str(path[-1])))
    return found


def _find(
    found: Findings, document: object, inner: object, known: Known, *, texts: Mapping[str, object]
) -> None:
    if not isinstance(document, dict):
        message = f"the document is {what(document)}, not a template"
        found.add(KIND, (), message, "write apiVersion, kind, metadata and spec as its keys")
    elif document.get("kind") == "WorkflowTemplate":
        workflow_findings(found, document, known)
    elif document.get("kind") == "ServingTemplate":
        serving_findings(found, document, inner, known, texts=texts)
    else:
        kind = document.get("kind")
        near = nearest(kind, TEMPLATE_KINDS) or _begun(kind)
        said = f"the kind is {shown(kind)}" if isinstance(kind, str) and kind else "there is no kind"
        message = f"{said}; AI Core reads only WorkflowTemplate and ServingTemplate"
        fix = f"write kind: {' or '.join(near or TEMPLATE_KINDS)}"
        if not near and "kind" in document:
            fix = f"choose a file with a template: kind: {' or '.join(TEMPLATE_KINDS)}"
        found.add(KIND, ("kind",) if "kind" in document else (), message, fix)


def _begun(kind: object) -> list[str]:
    """The kind that *kind* is the beginning of: Argo has a Workflow, too, and AI Core does not read it."""
    words = kind if isinstance(kind, str) and kind else "-"
    return [each for each in TEMPLATE_KINDS if each.lower().startswith(words.lower())]
