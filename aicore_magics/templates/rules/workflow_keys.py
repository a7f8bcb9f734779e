"""The keys of a workflow that Argo reads, each with what may stand behind it.

From api/jsonschema/schema.json of Argo Workflows 4.1, with what only 3.5 has. Where Argo reads more than its
schema says, it is as Argo reads it (workflow_types.go of 3.5).
"""

from __future__ import annotations

from aicore_magics.templates.rules.artifact_keys import ARGUMENTS, ARTIFACT, INPUTS, LOCATIONS, OUTPUTS
from aicore_magics.templates.rules.kinds import (
    ANY,
    COUNT,
    FREE,
    NUMBER_OR_TEXT,
    TEXT,
    TEXT_MAP,
    TEXTS,
    each,
    keys,
    named,
)
from aicore_magics.templates.rules.kubernetes_keys import (
    AFFINITY,
    CLAIM,
    CONTAINER,
    HOST,
    KEY_REFERENCE,
    METADATA,
    MOUNTS,
    POD_SECURITY,
    RESOURCES,
    SCRIPT,
    SELECTOR,
    SET_CONTAINER,
    SIDECAR,
    TOLERATION,
    VOLUME,
    VOLUME_CLAIM,
)

TEMPLATE_REF = keys("templateRef", text="name template", flag="clusterScope")
HOOK = keys("a hook", text="expression template", arguments=ARGUMENTS, templateRef=TEMPLATE_REF)
_CALL = {
    "arguments": ARGUMENTS,
    "continueOn": keys("continueOn", flag="error failed"),
    "hooks": named(HOOK),
    "templateRef": TEMPLATE_REF,
    "withItems": each(ANY),
    "withSequence": keys("withSequence", text="format", count=COUNT, end=COUNT, start=COUNT),
}
STEP = keys("a step", _CALL, text="name onExit template when withParam")
TASK = keys("a task", _CALL, text="depends name onExit template when withParam", dependencies=TEXTS)
RETRY = keys(
    "retryStrategy",
    text="expression retryPolicy",
    limit=COUNT,
    affinity=keys("affinity", nodeAntiAffinity=FREE),
    backoff=keys("backoff", text="cap duration maxDuration", factor=COUNT),
)
_VALUE = {"value": TEXT}
METRICS = keys(
    "metrics",
    prometheus=each(
        keys(
            "an entry of prometheus",
            text="help name when",
            counter=keys("counter", _VALUE),
            gauge=keys("gauge", _VALUE, text="operation", flag="realtime"),
            histogram=keys("histogram", _VALUE, buckets=each(ANY)),
            labels=each(keys("an entry of labels", text="key value")),
        )
    ),
)
_SEMAPHORE = keys(
    "a semaphore", text="namespace", configMapKeyRef=KEY_REFERENCE, database=keys("database", text="key")
)
_MUTEX = keys("a mutex", text="name namespace", flag="database")
# Both templates and the workflow have them.
_COMMON = {
    "affinity": AFFINITY,
    "executor": keys("executor", text="serviceAccountName"),
    "hostAliases": each(HOST),
    "metrics": METRICS,
    "nodeSelector": TEXT_MAP,
    "podResources": RESOURCES,
    "resourceClaims": each(CLAIM),
    "retryStrategy": RETRY,
    "securityContext": POD_SECURITY,
    "synchronization": keys(
        "synchronization",
        mutex=_MUTEX,
        mutexes=each(_MUTEX),
        semaphore=_SEMAPHORE,
        semaphores=each(_SEMAPHORE),
    ),
    "tolerations": each(TOLERATION),
    "volumes": each(VOLUME),
}
# What a template does: one of these.
ACTIONS = {
    "container": CONTAINER,
    "containerSet": keys(
        "containerSet",
        containers=each(SET_CONTAINER),
        retryStrategy=keys("retryStrategy", text="duration", retries=COUNT),
        volumeMounts=MOUNTS,
    ),
    "dag": keys("a dag", text="target", flag="failFast", tasks=each(TASK)),
    "data": keys(
        "data",
        source=keys("source", artifactPaths=ARTIFACT),
        transformation=each(keys("an entry of transformation", text="expression")),
    ),
    "http": keys(
        "http",
        text="body method successCondition url",
        flag="insecureSkipVerify",
        whole="timeoutSeconds",
        bodyFrom=keys("bodyFrom", text="bytes"),
        headers=each(
            keys(
                "an entry of headers",
                text="name value",
                valueFrom=keys("valueFrom", secretKeyRef=KEY_REFERENCE),
            )
        ),
    ),
    "plugin": FREE,
    "resource": keys(
        "resource",
        text="action failureCondition manifest mergeStrategy successCondition",
        flag="setOwnerReference",
        flags=TEXTS,
        manifestFrom=keys("manifestFrom", artifact=ARTIFACT),
    ),
    "script": SCRIPT,
    "steps": each(each(STEP)),
    "suspend": keys("suspend", text="duration"),
}
TEMPLATE = keys(
    "a template",
    ACTIONS,
    _COMMON,
    text="name pendingTimeout podSpecPatch priorityClassName schedulerName serviceAccountName timeout",
    flag="automountServiceAccountToken daemon failFast",
    whole="parallelism priority",
    activeDeadlineSeconds=COUNT,
    annotations=TEXT_MAP,
    archiveLocation=keys("archiveLocation", LOCATIONS, flag="archiveLogs"),
    initContainers=each(SIDECAR),
    inputs=INPUTS,
    memoize=keys("memoize", text="key maxAge", cache=keys("cache", configMap=KEY_REFERENCE)),
    metadata=METADATA,
    outputs=OUTPUTS,
    sidecars=each(SIDECAR),
)
for _call in (STEP, TASK):
    _call.keys["inline"] = TEMPLATE
SPEC = keys(
    "spec",
    _COMMON,
    text="dnsPolicy entrypoint onExit podPriorityClassName podSpecPatch schedulerName serviceAccountName "
    "shutdown",
    flag="archiveLogs automountServiceAccountToken hostNetwork suspend",
    whole="activeDeadlineSeconds parallelism podPriority priority",
    arguments=ARGUMENTS,
    artifactGC=keys(
        "artifactGC",
        text="podSpecPatch serviceAccountName strategy",
        flag="forceFinalizerRemoval",
        podMetadata=METADATA,
    ),
    artifactRepositoryRef=keys("artifactRepositoryRef", text="configMap key"),
    dnsConfig=keys(
        "dnsConfig",
        nameservers=TEXTS,
        options=each(keys("an entry of options", text="name value")),
        searches=TEXTS,
    ),
    executorPlugins=each(FREE),
    hooks=named(HOOK),
    imagePullSecrets=ANY,  # they have rules of their own
    podDisruptionBudget=keys(
        "podDisruptionBudget",
        text="unhealthyPodEvictionPolicy",
        maxUnavailable=NUMBER_OR_TEXT,
        minAvailable=NUMBER_OR_TEXT,
        selector=SELECTOR,
    ),
    podGC=keys("podGC", text="deleteDelayDuration strategy", labelSelector=SELECTOR),
    podMetadata=METADATA,
    templateDefaults=TEMPLATE,
    templates=each(TEMPLATE),
    ttlStrategy=keys("ttlStrategy", whole="secondsAfterCompletion secondsAfterFailure secondsAfterSuccess"),
    volumeClaimGC=keys("volumeClaimGC", text="strategy"),
    volumeClaimTemplates=each(VOLUME_CLAIM),
    workflowMetadata=keys(
        "workflowMetadata",
        annotations=TEXT_MAP,
        labels=TEXT_MAP,
        labelsFrom=named(keys("an entry of labelsFrom", text="expression")),
    ),
    workflowTemplateRef=keys("workflowTemplateRef", text="name", flag="clusterScope"),
)
# Meta and status are read by AI Core and by Kubernetes; the metadata has rules of its own.
DOCUMENT = keys(
    "the document", dict.fromkeys(("apiVersion", "kind", "metadata", "Meta", "status"), ANY), spec=SPEC
)
