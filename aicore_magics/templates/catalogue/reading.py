"""Rules for what can be read at all: files, YAML, kinds, and comments that disable rules."""

from __future__ import annotations

from aicore_magics.templates.finding import Rule

FILE = Rule(
    "file",
    "error",
    "a file that cannot be read",
    "AI Core reads templates as UTF-8 text from git. A file that is missing, too big or in another encoding "
    "cannot be checked.",
    "SAP: Application (templates are synchronised from git). Inferred: the limit of 1 MB is our own.",
    "path",
    "tran.yaml",
    "train.yaml",
    always=True,
)
YAML = Rule(
    "yaml",
    "error",
    "text that is not YAML, or too much of it",
    "AI Core does not synchronise a file that is not YAML. Nothing after the error can be checked. "
    "The check reads at most 20,000 values of a file.",
    "SAP: Application (error converting YAML to JSON). Kubernetes: YAML 1.1, as its readers take it. "
    "Inferred: the limit of 20,000 is our own.",
    "metadata",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn: who leaves
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: "Churn: who leaves"
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
    always=True,
)
NO_TEMPLATE = Rule(
    "no-template",
    "error",
    "a named file without a template",
    "AI Core reads only WorkflowTemplate and ServingTemplate. It ignores a file with anything else.",
    "SAP: Workflow Templates, Serving Templates.",
    "file",
    """\
replicas: 2
image: docker.io/acme/churn:1.4
""",
    """\
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
  templates:
    - name: main
      metadata:
        labels:
          ai.sap.com/resourcePlan: starter
      container:
        image: docker.io/acme/churn:1.4
        command: ["/bin/sh", "-c"]
        args: ["python train.py"]
""",
)
KIND = Rule(
    "kind",
    "error",
    "a kind that AI Core does not read",
    "AI Core reads only WorkflowTemplate and ServingTemplate, in this spelling.",
    "SAP: Workflow Templates, Serving Templates.",
    "head of a WorkflowTemplate",
    """\
apiVersion: argoproj.io/v1alpha1
kind: workflowTemplate
""",
    """\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
""",
)
SIZE = Rule(
    "size",
    "warning",
    "more than is checked",
    "A check stops at 100 documents, 500 findings or 100,000 values. The rest was not checked.",
    "Inferred: our own limits.",
    "file",
    """\
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
  templates:
    - name: main
      suspend: {}
"""
    + 100 * "--- {}\n",
    """\
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
  templates:
    - name: main
      suspend: {}
""",
    varies="an error if a template has too many values, because some of them were not checked",
)
REPEATED_KEY = Rule(
    "repeated-key",
    "warning",
    "a key that is written twice in one mapping",
    "Only one of the two values is used. YAML readers differ on which one.",
    "YAML 1.1: the keys of a mapping are unique.",
    "template of a WorkflowTemplate",
    """\
- name: main
  suspend: {}
  suspend: {}
""",
    """\
- name: main
  suspend: {}
""",
)
SAME_ID = Rule(
    "same-id",
    "warning",
    "two templates with one name",
    "The name is the id of the executable. An id can be used once in a tenant, for both kinds of template.",
    "SAP: Workflow Templates, Serving Templates (the name is unique in the main tenant).",
    "file",
    """\
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
spec: {entrypoint: main, templates: [{name: main, suspend: {}}]}
---
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train, with more data
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
spec: {entrypoint: main, templates: [{name: main, suspend: {}}]}
""",
    """\
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
spec: {entrypoint: main, templates: [{name: main, suspend: {}}]}
---
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: churn-train-more
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train, with more data
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
spec: {entrypoint: main, templates: [{name: main, suspend: {}}]}
""",
)
DISABLE_COMMENT = Rule(
    "disable-comment",
    "warning",
    "a comment that disables no rule",
    "A comment disables the rules that it names. A misspelled name disables nothing, without an error.",
    "Inferred: a convention of this check, as in ruff and pylint.",
    "template of a WorkflowTemplate",
    """\
- name: main
  # aicore-magics: disable=plan-mising
  suspend: {}
""",
    """\
- name: main
  # aicore-magics: disable=plan-missing
  suspend: {}
""",
)
