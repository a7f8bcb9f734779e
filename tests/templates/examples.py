"""Two templates of our own without a finding, and a way to change one place of them."""

from __future__ import annotations

WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: WorkflowTemplate
metadata:
  name: churn-train
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Train
    artifacts.ai.sap.com/churn-model.kind: model
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
spec:
  imagePullSecrets:
    - name: team-ghcr
  entrypoint: main
  arguments:
    parameters:
      - name: DEPTH
        value: "3"
  templates:
    - name: main
      steps:
        - - name: first
            template: train
    - name: train
      metadata:
        labels:
          ai.sap.com/resourcePlan: starter
      inputs:
        artifacts:
          - name: rows
            path: /app/data
      outputs:
        artifacts:
          - name: model
            path: /app/model
            globalName: churn-model
            archive:
              none: {}
      container:
        image: ghcr.io/acme/churn:1.4
        command: ["/bin/sh", "-c"]
        args:
          - python train.py
        ports:
          - containerPort: 8080
        securityContext:
          runAsNonRoot: true
        env:
          - name: DEPTH
            value: "{{workflow.parameters.DEPTH}}"
          - name: FOLDER
            value: "{{inputs.artifacts.rows.path}}"
          - name: POD
            value: "{{pod.name}}"
"""

SERVING = """\
apiVersion: ai.sap.com/v1alpha1
kind: ServingTemplate
metadata:
  name: churn-serve
  annotations:
    scenarios.ai.sap.com/name: Churn
    executables.ai.sap.com/name: Serve
  labels:
    scenarios.ai.sap.com/id: churn
    ai.sap.com/version: "1.0"
spec:
  inputs:
    parameters:
      - name: image
        type: string
        default: ghcr.io/acme/churn:1.4
    artifacts:
      - name: model
  template:
    apiVersion: serving.kserve.io/v1beta1
    metadata:
      annotations: |
        autoscaling.knative.dev/target: "1"
      labels: |
        ai.sap.com/resourcePlan: starter
    spec: |
      predictor:
        imagePullSecrets:
          - name: team-ghcr
        minReplicas: 1
        maxReplicas: 2
        containers:
          - name: kserve-container
            image: {{inputs.parameters.image}}
            ports:
              - containerPort: 8080
                protocol: TCP
            env:
              - name: STORAGE_URI
                value: "{{inputs.artifacts.model}}"
"""
GOOD = {"workflow": WORKFLOW, "serving": SERVING}
MARK = "§"


def changed(kind, old, new):
    """The good template of *kind* with *old* replaced once, and the line and column of the mark in it."""
    assert old in GOOD[kind]
    marked = GOOD[kind].replace(old, new, 1)
    before, mark, _ = marked.partition(MARK)
    place = (before.count("\n") + 1, len(before) - before.rfind("\n")) if mark else None
    return marked.replace(MARK, ""), place
