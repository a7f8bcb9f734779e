"""Rules for what goes in and comes out: parameters, artifacts, and {{…}} that is filled."""

from __future__ import annotations

from aicore_magics.templates.finding import Rule

_DECLARED = """\
spec:
  entrypoint: main
  arguments:
    parameters:
      - name: DEPTH
        value: "3"
  templates:
    - name: main
      metadata: {labels: {ai.sap.com/resourcePlan: starter}}
      container:
        image: docker.io/acme/churn:1.4
        command: ["/bin/sh", "-c"]
        args: ["python train.py --depth {{workflow.parameters.DEPTH}}"]
"""

UNDECLARED = Rule(
    "undeclared",
    "error",
    "{{…}} that is not declared",
    "AI Core and Argo fill only parameters and artifacts that the template declares.",
    "Argo: workflow variables. SAP: Miscellaneous (one or more placeholder values are not resolved).",
    "spec of a WorkflowTemplate",
    """\
spec:
  entrypoint: main
  arguments:
    parameters:
      - name: DEPTH
        value: "3"
  templates:
    - name: main
      metadata: {labels: {ai.sap.com/resourcePlan: starter}}
      container:
        image: docker.io/acme/churn:1.4
        command: ["/bin/sh", "-c"]
        args: ["python train.py --depth {{workflow.parameters.depth_max}}"]
""",
    _DECLARED,
)
UNFILLED = Rule(
    "unfilled",
    "warning",
    "{{…}} that is never filled in",
    "A WorkflowTemplate has workflow.parameters.NAME, a ServingTemplate inputs.parameters.NAME.",
    "Argo: workflow variables. SAP: Serving Templates.",
    "spec of a WorkflowTemplate",
    """\
spec:
  entrypoint: main
  arguments:
    parameters:
      - name: DEPTH
        value: "3"
  templates:
    - name: main
      metadata: {labels: {ai.sap.com/resourcePlan: starter}}
      container:
        image: docker.io/acme/churn:1.4
        command: ["/bin/sh", "-c"]
        args: ["python train.py --depth {{DEPTH}}"]
""",
    _DECLARED,
)
PARAMETER_NAME = Rule(
    "parameter-name",
    "error",
    "a parameter without a name, or with one that cannot be filled",
    "In a ServingTemplate a name can only have letters, digits and underscores: a hyphen is read as a minus.",
    "SAP: Miscellaneous ('dict object' has no attribute).",
    "inputs of a ServingTemplate",
    """\
inputs:
  parameters:
    - name: model-name
      type: string
""",
    """\
inputs:
  parameters:
    - name: modelName
      type: string
""",
)
PARAMETER_TYPE = Rule(
    "parameter-type",
    "error",
    "a parameter of another type than string",
    "AI Core accepts only the type string.",
    "SAP: AI API (AiExecutableParameter).",
    "inputs of a ServingTemplate",
    """\
inputs:
  parameters:
    - name: replicas
      type: integer
""",
    """\
inputs:
  parameters:
    - name: replicas
      type: string
""",
)
PARAMETER_TEXT = Rule(
    "parameter-text",
    "warning",
    "a workflow's parameter with a number or boolean",
    "Argo converts it to a string, which may look different: 1.0 may become 1.",
    "Argo: Parameter, value (AnyString).",
    "spec of a WorkflowTemplate",
    """\
spec:
  entrypoint: main
  arguments:
    parameters:
      - name: DEPTH
        value: 3
  templates:
    - name: main
      metadata: {labels: {ai.sap.com/resourcePlan: starter}}
      container:
        image: docker.io/acme/churn:1.4
        command: ["/bin/sh", "-c"]
        args: ["python train.py --depth {{workflow.parameters.DEPTH}}"]
""",
    _DECLARED,
)
ARTIFACT_NAME = Rule(
    "artifact-name",
    "error",
    "a serving artifact without a name, or with one that cannot be filled",
    "In a ServingTemplate a name can only have letters, digits and underscores: a hyphen is read as a minus.",
    "SAP: Miscellaneous (rename example-artifact-key to exampleArtifactKey).",
    "inputs of a ServingTemplate",
    """\
inputs:
  artifacts:
    - name: churn-model
""",
    """\
inputs:
  artifacts:
    - name: churnModel
""",
)
GLOBAL_NAME = Rule(
    "global-name",
    "warning",
    "an output artifact that AI Core does not register",
    "AI Core registers output artifacts by their globalName. Without it the model is stored, but not listed.",
    "SAP: Artifacts.",
    "template of a WorkflowTemplate",
    """\
- name: main
  metadata: {labels: {ai.sap.com/resourcePlan: starter}}
  outputs:
    artifacts:
      - name: model
        path: /app/model
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
""",
    """\
- name: main
  metadata: {labels: {ai.sap.com/resourcePlan: starter}}
  outputs:
    artifacts:
      - name: model
        path: /app/model
        globalName: churn-model
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
""",
)
