"""Workflows to try one thing in: steps or tasks, and templates that they call."""

from __future__ import annotations

from textwrap import dedent, indent

from aicore_magics.templates.check.text import check_text
from tests.templates.examples import MARK

HEAD = """\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
spec:
  entrypoint: main
"""
POD = """\
  metadata: {labels: {ai.sap.com/resourcePlan: starter}}
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
"""
ALONE = dedent(POD)  # as the template main
# What may be called: it does nothing, asks for epochs, asks for nothing that is due, or leaves something.
CALLED = f"""\
- name: plain
  suspend: {{}}
- name: needs
  inputs: {{parameters: [{{name: epochs}}]}}
  suspend: {{}}
- name: has
  inputs: {{parameters: [{{name: a, default: x}}, {{name: b, value: v}}, {{name: c, default: ""}}]}}
  suspend: {{}}
- name: makes
  outputs:
    parameters: [{{name: score, valueFrom: {{path: /app/score}}}}]
    artifacts: [{{name: model, path: /app/model, globalName: churn}}]
{POD}    args: ["python train.py"]
"""


def workflow(main: str, more: str = "") -> str:
    """A workflow whose template main is *main*, with *more* lines of its spec."""
    templates = indent("- name: main\n" + indent(main, "  ") + CALLED, "    ")
    return HEAD + indent(more, "  ") + "  templates:\n" + templates


def steps(*groups: str) -> str:
    """The template main with one step in each group, given as lines."""
    return "steps:\n" + "".join(indent("- - " + indent(each, 4 * " ")[4:], "  ") for each in groups)


def tasks(*lines: str) -> str:
    """The template main with tasks, each given as lines."""
    return "dag:\n  tasks:\n" + "".join(indent("- " + indent(each, "  ")[2:], "    ") for each in lines)


def one(name: str, template: str = "plain", more: str = "") -> str:
    """The lines of a step or task."""
    return (
        f"name: {name}\ntemplate: {template}\n{more}{'' if not more or more.endswith(chr(10)) else chr(10)}"
    )


def told(text: str) -> list[tuple[str, str]]:
    """Rule and severity of each finding, with an @ where it stands at the mark."""
    before, mark, _ = text.partition(MARK)
    place = (before.count("\n") + 1, len(before) - before.rfind("\n")) if mark else None
    found = check_text(text.replace(MARK, ""))
    return [
        (each.rule.id + ("@" if (each.line, each.column) == place else ""), each.severity) for each in found
    ]


def fixes(text: str) -> list[str]:
    """What each finding says to do."""
    return [str(each.fix) for each in check_text(text)]
