"""Whole templates around the samples of rules."""

from __future__ import annotations

from textwrap import indent

from aicore_magics.templates.finding import Rule

METADATA = """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
"""
WORKFLOW_HEAD = "apiVersion: argoproj.io/v1alpha1\nkind: WorkflowTemplate\n"
SERVING_HEAD = "apiVersion: ai.sap.com/v1alpha1\nkind: ServingTemplate\n"
WORKFLOW_SPEC = "spec:\n  entrypoint: main\n  templates:\n"
WORKFLOW_TEMPLATE = "- name: main\n  metadata: {labels: {ai.sap.com/resourcePlan: starter}}\n"
SERVING_TEMPLATE = """\
template:
  apiVersion: serving.kserve.io/v1beta1
  metadata:
    labels: |
      ai.sap.com/resourcePlan: starter
"""
PREDICTOR = """\
predictor:
  containers:
"""
SERVED = """\
- name: kserve-container
  image: docker.io/acme/churn:1.4
  ports:
    - containerPort: 8080
"""


def whole(place: str, sample: str) -> str:
    """The text of a file that has *sample* at *place* and is right in all else."""
    before, deep, after = _AROUND[place]
    return before + indent(sample, deep * " ") + after


def texts(rule: Rule) -> tuple[str, str]:
    """The bad file of a rule, and the good one."""
    return whole(rule.place, rule.bad), whole(rule.place, rule.good)


_WORKFLOW = WORKFLOW_HEAD + METADATA + WORKFLOW_SPEC
_SERVING = SERVING_HEAD + METADATA
_SERVED = "    spec: |\n" + indent(PREDICTOR + indent(SERVED, 4 * " "), 6 * " ")
_INNER = _SERVING + "spec:\n" + indent(SERVING_TEMPLATE, "  ") + "    spec: |\n"
# What stands before a sample, how deep it is indented, and what stands behind it.
_AROUND = {
    "file": ("", 0, ""),
    "head of a WorkflowTemplate": ("", 0, METADATA + WORKFLOW_SPEC + "    - name: main\n      suspend: {}\n"),
    "metadata": (WORKFLOW_HEAD, 0, WORKFLOW_SPEC + "    - name: main\n      suspend: {}\n"),
    "spec of a WorkflowTemplate": (WORKFLOW_HEAD + METADATA, 0, ""),
    "template of a WorkflowTemplate": (_WORKFLOW, 4, ""),
    "container of a WorkflowTemplate": (_WORKFLOW + indent(WORKFLOW_TEMPLATE, 4 * " "), 6, ""),
    "inputs of a ServingTemplate": (
        _SERVING + "spec:\n",
        2,
        indent(SERVING_TEMPLATE, "  ") + _SERVED,
    ),
    "template of a ServingTemplate": (_SERVING + "spec:\n", 2, _SERVED),
    "predictor of a ServingTemplate": (_INNER, 6, ""),
    "container of a ServingTemplate": (_INNER + indent(PREDICTOR, 6 * " "), 10, ""),
}
