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
    "a list, mapping or string where another type is expected",
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
    "a number or boolean where a string is expected",
    "Without quotes, YAML reads 1.0 as a number and yes as a boolean. AI Core needs strings here.",
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
    "a mapping where a ServingTemplate needs a text block",
    "AI Core fills in {{…}} before the text is read as YAML, so spec, labels and annotations are strings.",
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
    "an unknown key",
    "A misspelled or misplaced key has no effect. AI Core's versions of Argo and KServe may know more keys.",
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
    "a workflow without templates, or with a wrong one",
    "Each template needs a unique name, and does exactly one thing: a container, steps or another action.",
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
    "an entrypoint that names a template that does not exist",
    "The workflow starts with the template that entrypoint names.",
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
    "a step without a template, or a step that is not in a list of lists",
    "Each step or task must name a template of the workflow. Steps of one inner list run at the same time.",
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
    "KServe allows them next to the predictor. SAP documents only the predictor.",
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
