"""Rules for what a container gets: resource plan, quantities and volumes."""

from __future__ import annotations

from aicore_magics.templates.finding import Rule

_PLANS = "SAP: Choose a Resource Plan."
_PLAN_GOOD = """\
- name: main
  metadata:
    labels:
      ai.sap.com/resourcePlan: infer.l
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
"""

PLAN_MISSING = Rule(
    "plan-missing",
    "warning",
    "no resource plan and no instance type",
    "SAP requires one of them, but its own first example has none.",
    f"{_PLANS} Observed: 15 of 34 real workflow templates have one.",
    "template of a WorkflowTemplate",
    """\
- name: main
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
""",
    _PLAN_GOOD,
)
PLAN_AND_INSTANCE = Rule(
    "plan-and-instance",
    "error",
    "both a resource plan and an instance type",
    "AI Core accepts exactly one of the two.",
    "SAP: Choose an Instance.",
    "template of a WorkflowTemplate",
    """\
- name: main
  metadata:
    labels:
      ai.sap.com/resourcePlan: infer.l
      ai.sap.com/instanceType: m5.xlarge
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
""",
    _PLAN_GOOD,
)
PLAN_PLACEHOLDER = Rule(
    "plan-placeholder",
    "error",
    "a placeholder instead of a plan",
    "No plan has this name, so AI Core refuses it.",
    f"{_PLANS} Observed: copied from tutorials.",
    "template of a WorkflowTemplate",
    """\
- name: main
  metadata:
    labels:
      ai.sap.com/resourcePlan: <your plan>
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
""",
    _PLAN_GOOD,
)
PLAN_SPELLING = Rule(
    "plan-spelling",
    "error",
    "a resource plan with capital letters",
    "Resource plans are written in small letters.",
    f"{_PLANS} Observed: Starter, in a real template.",
    "template of a WorkflowTemplate",
    """\
- name: main
  metadata:
    labels:
      ai.sap.com/resourcePlan: Infer.L
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
""",
    _PLAN_GOOD,
)
PLAN_UNKNOWN = Rule(
    "plan-unknown",
    "warning",
    "a resource plan that SAP does not document",
    "SAP documents only its plans for AWS. Your tenant may have others.",
    _PLANS,
    "template of a WorkflowTemplate",
    """\
- name: main
  metadata:
    labels:
      ai.sap.com/resourcePlan: infer.xl
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
""",
    _PLAN_GOOD,
)
QUANTITY = Rule(
    "quantity",
    "error",
    "a quantity that Kubernetes does not accept",
    "Kubernetes refuses the pod: the quantity is misspelled, or the request is more than the limit.",
    "Kubernetes: resource quantities, requests and limits.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  resources:
    requests: {memory: 4GB}
""",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  resources:
    requests: {memory: 4Gi}
""",
)
QUANTITY_SMALL = Rule(
    "quantity-small",
    "warning",
    "memory or storage of less than 1 Mi",
    "A number without a unit is in bytes, and a small m means a thousandth. No container can run with that.",
    "Kubernetes: resource quantities.",
    "container of a WorkflowTemplate",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  resources:
    requests: {memory: 512m}
""",
    """\
container:
  image: docker.io/acme/churn:1.4
  command: ["/bin/sh", "-c"]
  args: ["python train.py"]
  resources:
    requests: {memory: 512Mi}
""",
)
VOLUME = Rule(
    "volume",
    "error",
    "a mount of a volume that is not declared, or without its own path",
    "Kubernetes refuses the pod.",
    "Kubernetes: Volume, VolumeMount.",
    "template of a WorkflowTemplate",
    """\
- name: main
  metadata: {labels: {ai.sap.com/resourcePlan: starter}}
  volumes:
    - name: shared-memory
      emptyDir: {medium: Memory}
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
    volumeMounts:
      - name: shm
        mountPath: /dev/shm
""",
    """\
- name: main
  metadata: {labels: {ai.sap.com/resourcePlan: starter}}
  volumes:
    - name: shm
      emptyDir: {medium: Memory}
  container:
    image: docker.io/acme/churn:1.4
    command: ["/bin/sh", "-c"]
    args: ["python train.py"]
    volumeMounts:
      - name: shm
        mountPath: /dev/shm
""",
)
