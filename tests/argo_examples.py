"""Check Argo's published examples, or any folder of workflows: what is said of them, by rule.

    python -m tests.argo_examples FOLDER

Without FOLDER, the one in ARGO_EXAMPLES. Argo publishes workflows that its own check takes, so an error is
a false alarm, unless it is about AI Core, which asks for more than Argo does. Those are counted apart.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aicore_magics.templates.check.text import check_document
from aicore_magics.templates.finding import dotted
from aicore_magics.templates.yaml.marks import read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aicore_magics.templates.finding import Finding

# Rules about what AI Core asks for, or what a pod needs there: Argo's check says nothing of these.
OF_AI_CORE = frozenset(
    {
        *(
            "annotations-missing",
            "labels-missing",
            "name",
            "name-dots",
            "label",
            "artifact-kind",
            "global-name",
        ),
        *(
            "command",
            "args",
            "args-missing",
            "args-shell",
            "plan-missing",
            "plan-unknown",
            "plan-spelling",
            "plan-both",
        ),
        *(
            "image-tag",
            "image-host",
            "image-case",
            "image-placeholder",
            "container-name",
            "env-secret",
            "token",
        ),
        *("secret-name", "secret-placeholder", "secret-shape", "entrypoint"),
    }
)
_KINDS = {"Workflow", "WorkflowTemplate", "ClusterWorkflowTemplate", "CronWorkflow"}


def workflows(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Give each workflow below *folder* as a WorkflowTemplate, with the file that it stands in."""
    for path in sorted(folder.rglob("*.yaml")):
        for document in read_documents(path.read_text("utf-8")).documents:
            if document.kind in _KINDS:
                spec = document.data.get("spec")
                inner = spec.get("workflowSpec") if document.kind == "CronWorkflow" else spec
                yield path, {**document.data, "kind": "WorkflowTemplate", "spec": inner}


def of_ai_core(finding: Finding) -> bool:
    """Tell whether *finding* is about AI Core alone, which fills what spec.arguments declares."""
    parameter = finding.rule.id == "undeclared" and finding.within.startswith("workflow.parameters.")
    return parameter or finding.rule.id in OF_AI_CORE


def main(folder: Path) -> int:
    """Print what is found in *folder*; give 1 if an error is none of AI Core's."""
    found: Counter[tuple[str, str, bool]] = Counter()
    alarms: list[tuple[Path, Finding]] = []
    number = 0
    for path, document in workflows(folder):
        number += 1
        for finding in check_document(document):
            ours = of_ai_core(finding)
            found[finding.severity, finding.rule.id, ours] += 1
            if not ours:
                alarms.append((path.relative_to(folder), finding))
    lines = [f"{number} workflows in {folder.name}"]
    for (severity, rule, ours), count in sorted(found.items()):
        lines.append(f"{count:6} {severity:8} {rule}{' (AI Core asks for it)' if ours else ''}")
    for path, finding in alarms:
        lines.append(
            f"{path}  {dotted(finding.path)}  {finding.severity}  {finding.message} ({finding.rule.id})"
        )
    sys.stdout.write("\n".join(lines) + "\n")
    return int(any(finding.severity == "error" for _, finding in alarms))


if __name__ == "__main__":
    where = sys.argv[1] if sys.argv[1:] else os.environ.get("ARGO_EXAMPLES", "")
    if not where:
        sys.exit("name a folder: python -m tests.argo_examples FOLDER, or set ARGO_EXAMPLES")
    sys.exit(main(Path(where)))
