"""What SAP documents of templates, for whoever makes, checks or mends one."""

from __future__ import annotations

TEMPLATE_KINDS = ("WorkflowTemplate", "ServingTemplate")
ARTIFACT_KINDS = ("model", "dataset", "resultset", "other")
# Where the text block of a ServingTemplate stands.
SERVING_SPEC: tuple[str | int, ...] = ("spec", "template", "spec")
# SAP's list for AWS, with what each has; other clouds are not documented.
PLANS = {
    "starter": "1 CPU, 3 GB",
    "basic": "3 CPUs, 11 GB",
    "basic.8x": "31 CPUs, 116 GB",
    "infer.s": "3 CPUs, 10 GB, 1 T4 GPU",
    "infer.m": "7 CPUs, 26 GB, 1 T4 GPU",
    "infer.l": "15 CPUs, 58 GB, 1 T4 GPU",
    "train.l": "7 CPUs, 55 GB, 1 V100 GPU",
}
DEFAULT_PLAN = "starter"  # the one that every tenant has
