"""Rules for how AI Core finds a template: version, metadata, and that there is a spec."""

from __future__ import annotations

from aicore_magics.templates.finding import Rule

API_VERSION = Rule(
    "api-version",
    "error",
    "a wrong apiVersion",
    "AI Core and KServe accept one apiVersion for each kind. They refuse any other.",
    "SAP: Workflow Templates, Serving Templates. Argo: WorkflowTemplate. KServe: InferenceService.",
    "head of a WorkflowTemplate",
    """\
apiVersion: argoproj.io/v1beta1
kind: WorkflowTemplate
""",
    """\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
""",
)
API_VERSION_MISSING = Rule(
    "api-version-missing",
    "warning",
    "a spec.template without apiVersion",
    "Without it, the version of the KServe form is unknown.",
    "SAP: API Schema Spec ai.sap.com/v1alpha1. Observed: 53 of 54 real serving templates name it.",
    "template of a ServingTemplate",
    """\
template:
  metadata:
    labels: |
      ai.sap.com/resourcePlan: starter
""",
    """\
template:
  apiVersion: serving.kserve.io/v1beta1
  metadata:
    labels: |
      ai.sap.com/resourcePlan: starter
""",
)
OLD_FORM = Rule(
    "old-form",
    "error",
    "a serving template in KServe's old form",
    "AI Core has not accepted the old form since September 2022.",
    "SAP: What's New (KServe 0.7), and the patcher in ai-core-samples.",
    "template of a ServingTemplate",
    """\
template:
  apiVersion: serving.kubeflow.org/v1beta1
  metadata:
    labels: |
      ai.sap.com/resourcePlan: starter
""",
    """\
template:
  apiVersion: serving.kserve.io/v1beta1
  metadata:
    labels: |
      ai.sap.com/resourcePlan: starter
""",
)
SPEC = Rule(
    "spec",
    "error",
    "no spec, or a spec without a template",
    "Without a spec there is nothing to run.",
    "SAP: Workflow Templates, Serving Templates. Argo: WorkflowTemplate, spec is required.",
    "spec of a WorkflowTemplate",
    """\
spec: {}
""",
    """\
spec:
  entrypoint: main
  templates:
    - name: main
      suspend: {}
""",
)
NAME = Rule(
    "name",
    "error",
    "a metadata.name that cannot be the id of an executable",
    "The name is the id of the executable. It must have 4 to 64 small letters, digits and hyphens. "
    "In a WorkflowTemplate it can have at most 63: Argo writes it into a label.",
    "SAP: AI API (AiExecutableId), Workflow Templates. Kubernetes: object names (RFC 1123). "
    "Argo 3.5: workflow/validate/validate.go (ValidateWorkflowTemplate).",
    "metadata",
    """\
metadata:
  name: Churn_Train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
)
NAME_DOTS = Rule(
    "name-dots",
    "hint",
    "a dot in metadata.name",
    "SAP allows only hyphens as separators. Kubernetes also allows dots, and some real templates have them.",
    "SAP: Miscellaneous. Observed: 3 of 91 real templates have a dot, one of them SAP's own.",
    "metadata",
    """\
metadata:
  name: churn.train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
)
LABELS_MISSING = Rule(
    "labels-missing",
    "error",
    "a required label that is missing",
    "AI Core finds the scenario and its version by these two labels. SAP requires them.",
    "SAP: Workflow Templates, Serving Templates.",
    "metadata",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
""",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
)
ANNOTATIONS_MISSING = Rule(
    "annotations-missing",
    "error",
    "a required annotation that is missing",
    "AI Core shows the scenario and the executable by these two names. SAP requires them.",
    "SAP: Workflow Templates, Serving Templates.",
    "metadata",
    """\
metadata:
  name: churn-train
  annotations:
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
)
LABEL = Rule(
    "label",
    "error",
    "a label whose value is not allowed",
    "A label can have up to 63 letters, digits, dots, hyphens and underscores. The id of a scenario "
    "must have at least 4.",
    "Kubernetes: labels and selectors. SAP: AI API (AiScenarioId).",
    "metadata",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: my churn
    ai.sap.com/version: "1.0"
""",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
  labels:
    scenarios.ai.sap.com/id: my-churn
    ai.sap.com/version: "1.0"
""",
)
ARTIFACT_KIND = Rule(
    "artifact-kind",
    "warning",
    "an unknown kind of artifact",
    "AI Core knows four kinds of artifacts: model, dataset, resultset and other.",
    "SAP: AI API (kinds of artifacts), Artifacts.",
    "metadata",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
    artifacts.ai.sap.com/churn.kind: modell
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
    """\
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
    artifacts.ai.sap.com/churn.kind: model
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
""",
)
