"""Rules for how a template is built: shapes, unknown keys, steps, and the text block."""

from __future__ import annotations

from aicore_magics.templates.finding import Rule

_SPEC_GOOD = """\
spec:
  entrypoint: main
  templates:
    - name: main
      suspend: {}
"""
_STEPS_GOOD = """\
spec:
  entrypoint: main
  templates:
    - name: main
      steps:
        - - name: first
            template: train
    - name: train
      suspend: {}
"""

SHAPE = Rule(
    "shape",
    "error",
    "a list, mapping or text where something else is due",
    "Argo, KServe or Kubernetes refuse the template.",
    "Argo 4.1: api/jsonschema/schema.json. KServe 0.20: InferenceService.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: /bin/sh -c
  args: ["python train.py"]
""",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
""",
)
TEXT = Rule(
    "text",
    "error",
    "a number or truth value where a text is due",
    "YAML reads 1.0 and yes without quotes as a number and a truth value. AI Core takes texts here.",
    "Argo 4.1: api/jsonschema/schema.json. Kubernetes: labels, annotations, EnvVar. SAP: Workflow Templates.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  env:
    - name: DEPTH
      value: 3
""",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  env:
    - name: DEPTH
      value: "3"
""",
)
NOT_TEXT_BLOCK = Rule(
    "not-text-block",
    "error",
    "a mapping where a ServingTemplate has a text block",
    "AI Core fills {{…}} in the text before it is read as YAML, so spec, labels and annotations are texts.",
    "SAP: API Schema Spec ai.sap.com/v1alpha1. Observed: 2 of 54 real serving templates have a mapping.",
    "template of a ServingTemplate",
    """\
template:
  apiVersion: serving.kserve.io/v1beta1
  metadata:
    labels:
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
UNKNOWN_KEY = Rule(
    "unknown-key",
    "warning",
    "a key that nobody reads",
    "A misspelt or misplaced key has no effect. AI Core's versions of Argo and KServe may know more keys.",
    "Argo 4.1: api/jsonschema/schema.json. KServe 0.20: InferenceService. SAP: Serving Templates.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  imagePullPolcy: Always
""",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  imagePullPolicy: Always
""",
)
TEMPLATES = Rule(
    "templates",
    "error",
    "a workflow without templates, or one that is not right",
    "Each template has a name of its own, and does exactly one thing: a container, steps or another action.",
    "Argo: WorkflowTemplate, templates.",
    "spec of a WorkflowTemplate",
    """\
spec:
  entrypoint: main
  templates:
    - name: main
""",
    _SPEC_GOOD,
)
ENTRYPOINT = Rule(
    "entrypoint",
    "error",
    "an entrypoint that names no template",
    "The workflow begins with the template that entrypoint names.",
    "Argo: WorkflowSpec, entrypoint. Observed: no schema finds it.",
    "spec of a WorkflowTemplate",
    """\
spec:
  entrypoint: train
  templates:
    - name: main
      suspend: {}
""",
    _SPEC_GOOD,
)
STEPS = Rule(
    "steps",
    "error",
    "a step that names no template, or is not in a list of lists",
    "Each step or task names a template of the workflow. Steps of one inner list run side by side.",
    "Argo: steps, dag.",
    "spec of a WorkflowTemplate",
    """\
spec:
  entrypoint: main
  templates:
    - name: main
      steps:
        - - name: first
            template: trian
    - name: train
      suspend: {}
""",
    _STEPS_GOOD,
)
UNDOCUMENTED_PART = Rule(
    "undocumented-part",
    "warning",
    "a transformer or explainer",
    "KServe has them beside the predictor. SAP documents the predictor alone.",
    "KServe: InferenceService. SAP: Serving Templates.",
    "predictor of a ServingTemplate",
    """\
predictor:
  containers:
    - name: kserve-container
      image: docker.io/acme/churn:1.4
      ports:
        - containerPort: 8080
transformer:
  containers:
    - name: kserve-container
      image: docker.io/acme/before:1.4
""",
    """\
predictor:
  containers:
    - name: kserve-container
      image: docker.io/acme/churn:1.4
      ports:
        - containerPort: 8080
""",
)
