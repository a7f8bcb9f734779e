"""The keys of the inner spec of a ServingTemplate that KServe reads, each with what may stand behind it.

From the InferenceService of KServe 0.20 (serving.kserve.io/v1beta1), which holds a pod of Kubernetes. AI Core
fills `{{…}}` in the text before anything of it is read, so a text with braces may become any value.
"""

from __future__ import annotations

from aicore_magics.templates.rules.kinds import (
    ANY,
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
    POD_SECURITY,
    RESOURCES,
    SELECTOR,
    TOLERATION,
    VOLUME,
)

_STORAGE = {"key": TEXT, "path": TEXT, "parameters": TEXT_MAP}
_SERVER = {
    **CONTAINER.keys,
    "confidential": keys("confidential", text="resourceId", flag="enabled"),
    "protocolVersion": TEXT,
    "runtimeVersion": TEXT,
    "storage": keys("storage", _STORAGE, text="schemaPath"),
    "storageUri": TEXT,
}
# Beside containers, KServe has ready-made servers: `model` and one key for each framework.
_FRAMEWORKS = "huggingface lightgbm onnx paddle pmml pytorch sklearn tensorflow triton xgboost"
SERVERS = {
    **dict.fromkeys(_FRAMEWORKS.split(), keys("a server of KServe", _SERVER)),
    "model": keys("model", _SERVER, text="runtime", modelFormat=keys("modelFormat", text="name version")),
}
PREDICTOR = keys(
    "predictor",
    SERVERS,
    text="dnsPolicy hostname hostnameOverride name nodeName preemptionPolicy priorityClassName restartPolicy "
    "runtimeClassName scaleMetric scaleMetricType schedulerName serviceAccount serviceAccountName "
    "storageContainerName subdomain",
    flag="automountServiceAccountToken enableServiceLinks hostIPC hostNetwork hostPID hostUsers "
    "setHostnameAsFQDN shareProcessNamespace",
    whole="activeDeadlineSeconds canaryTrafficPercent containerConcurrency maxReplicas minReplicas priority "
    "scaleTarget terminationGracePeriodSeconds timeout",
    affinity=AFFINITY,
    annotations=TEXT_MAP,
    autoScaling=keys("autoScaling", behavior=FREE, metrics=each(FREE)),
    batcher=keys("batcher", whole="maxBatchSize maxLatency timeout"),
    containers=each(CONTAINER),
    deploymentStrategy=keys(
        "deploymentStrategy",
        text="type",
        rollingUpdate=keys("rollingUpdate", maxSurge=NUMBER_OR_TEXT, maxUnavailable=NUMBER_OR_TEXT),
    ),
    dnsConfig=keys(
        "dnsConfig",
        nameservers=TEXTS,
        options=each(keys("an entry of options", text="name value")),
        searches=TEXTS,
    ),
    hostAliases=each(HOST),
    imagePullSecrets=ANY,  # they have rules of their own
    initContainers=each(CONTAINER),
    labels=TEXT_MAP,
    logger=keys(
        "logger",
        text="batchInterval marshallerUrl mode url",
        whole="batchSize",
        metadataAnnotations=TEXTS,
        metadataHeaders=TEXTS,
        storage=keys("storage", _STORAGE, text="serviceAccountName"),
    ),
    nodeSelector=TEXT_MAP,
    os=keys("os", text="name"),
    overhead=named(NUMBER_OR_TEXT),
    readinessGates=each(keys("an entry of readinessGates", text="conditionType")),
    resourceClaims=each(CLAIM),
    resources=RESOURCES,
    schedulingGates=each(keys("an entry of schedulingGates", text="name")),
    securityContext=POD_SECURITY,
    storageUris=each(keys("an entry of storageUris", text="mountPath uri")),
    tolerations=each(TOLERATION),
    topologySpreadConstraints=each(
        keys(
            "an entry of topologySpreadConstraints",
            text="nodeAffinityPolicy nodeTaintsPolicy topologyKey whenUnsatisfiable",
            whole="maxSkew minDomains",
            labelSelector=SELECTOR,
            matchLabelKeys=TEXTS,
        )
    ),
    volumes=each(VOLUME),
    workerSpec=FREE,
)
# SAP documents the predictor alone: what stands in the others is not looked at.
INFERENCE_SPEC = keys("the inner spec", predictor=PREDICTOR, transformer=ANY, explainer=ANY)
