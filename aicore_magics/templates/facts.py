"""What is known of templates, for whoever makes, checks or fixes one: what SAP documents, what is usual."""

from __future__ import annotations

from functools import lru_cache

TEMPLATE_KINDS = ("WorkflowTemplate", "ServingTemplate")
ARTIFACT_KINDS = ("model", "dataset", "resultset", "other")
# Where the text block of a ServingTemplate stands.
SERVING_SPEC: tuple[str | int, ...] = ("spec", "template", "spec")
# Where its annotations and labels stand, which are text blocks, too.
SERVING_METADATA: tuple[str | int, ...] = ("spec", "template", "metadata")
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
# The one that SAP's documentation names; which ones a tenant has, only AI Core tells.
INSTANCE_TYPES = ("m5.xlarge",)
# How the name of a variable ends that holds a secret, and what is none in such a one.
_SECRET_ENDS: tuple[str, ...] = (
    "PASSWORD",
    "PASSWD",
    "PASSPHRASE",
    "TOKEN",
    "SECRET",
    "APIKEY",
    "CREDENTIALS",
)
_SECRET_ENDS += ("_PASS", "_PWD", "_PAT", "API_KEY", "ACCESS_KEY", "SECRET_KEY", "PRIVATE_KEY")
_NO_SECRETS = ("", "EMPTY", "NONE", "NULL", "TRUE", "FALSE", "DUMMY")


@lru_cache(maxsize=256)  # the same few names stand in every template
def names_secret(variable: object) -> bool:
    """Tell whether a *variable* holds a secret, by its name.

    >>> names_secret("DB_PASSWORD"), names_secret("MAX_TOKENS")
    (True, False)
    """
    if not isinstance(variable, str):
        return False
    return variable in ("PAT", "PASS") or variable.upper().endswith(_SECRET_ENDS)


def stands_there(value: str) -> bool:
    """Tell whether *value* may be the secret itself: no parameter, reference, path or word for nothing."""
    return not value.startswith(("{{", "$(", "<", "/")) and value.upper() not in _NO_SECRETS
