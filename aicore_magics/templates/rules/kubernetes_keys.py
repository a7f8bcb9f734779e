"""The keys of containers, volumes and pods that Kubernetes reads, each with what may stand behind it.

From api/jsonschema/schema.json of Argo Workflows 4.1 (io.k8s.api.core.v1). Kinds of volumes, affinity and
profiles that no machine learning needs are mappings of any keys.
"""

from __future__ import annotations

from aicore_magics.templates.rules.kinds import (
    FLAG,
    FREE,
    NUMBER_OR_TEXT,
    TEXT,
    TEXT_MAP,
    TEXTS,
    WHOLE,
    Kind,
    each,
    keys,
    named,
)

REFERENCE = keys("a reference", text="name", flag="optional")
KEY_REFERENCE = keys("a reference to a key", text="key name", flag="optional")
_EXPRESSIONS = each(keys("an entry of matchExpressions", text="key operator", values=TEXTS))
SELECTOR = keys("a selector of labels", matchLabels=TEXT_MAP, matchExpressions=_EXPRESSIONS)
METADATA = keys("metadata", labels=TEXT_MAP, annotations=TEXT_MAP)
OBJECT_METADATA = keys(
    "metadata",
    text="name generateName namespace uid resourceVersion selfLink clusterName creationTimestamp "
    "deletionTimestamp",
    whole="generation deletionGracePeriodSeconds",
    labels=TEXT_MAP,
    annotations=TEXT_MAP,
    finalizers=TEXTS,
    managedFields=each(FREE),
    ownerReferences=each(FREE),
)
_QUANTITIES = named(NUMBER_OR_TEXT)
RESOURCES = keys(
    "resources",
    limits=_QUANTITIES,
    requests=_QUANTITIES,
    claims=each(keys("an entry of claims", text="name request")),
)
_EXEC = keys("exec", command=TEXTS)
_HTTP_GET = keys(
    "httpGet",
    text="host path scheme",
    port=NUMBER_OR_TEXT,
    httpHeaders=each(keys("an entry of httpHeaders", text="name value")),
)
_TCP = keys("tcpSocket", text="host", port=NUMBER_OR_TEXT)
PROBE = keys(
    "a probe",
    whole="failureThreshold initialDelaySeconds periodSeconds successThreshold terminationGracePeriodSeconds "
    "timeoutSeconds",
    exec=_EXEC,
    grpc=keys("grpc", text="service", whole="port"),
    httpGet=_HTTP_GET,
    tcpSocket=_TCP,
)
_HANDLER = keys(
    "a handler of lifecycle",
    exec=_EXEC,
    httpGet=_HTTP_GET,
    tcpSocket=_TCP,
    sleep=keys("sleep", whole="seconds"),
)
_PROFILE = keys("a profile", text="localhostProfile type")
_SELINUX = keys("seLinuxOptions", text="level role type user")
SECURITY = keys(
    "the securityContext of a container",
    text="procMount",
    flag="allowPrivilegeEscalation privileged readOnlyRootFilesystem runAsNonRoot",
    whole="runAsGroup runAsUser",
    appArmorProfile=_PROFILE,
    capabilities=keys("capabilities", add=TEXTS, drop=TEXTS),
    seLinuxOptions=_SELINUX,
    seccompProfile=_PROFILE,
    windowsOptions=FREE,
)
POD_SECURITY = keys(
    "the securityContext of a pod",
    text="fsGroupChangePolicy seLinuxChangePolicy supplementalGroupsPolicy",
    flag="runAsNonRoot",
    whole="fsGroup runAsGroup runAsUser",
    appArmorProfile=_PROFILE,
    seLinuxOptions=_SELINUX,
    seccompProfile=_PROFILE,
    supplementalGroups=each(WHOLE),
    sysctls=each(keys("an entry of sysctls", text="name value")),
    windowsOptions=FREE,
)
MOUNT = keys(
    "an entry of volumeMounts",
    text="mountPath mountPropagation name recursiveReadOnly subPath subPathExpr",
    flag="readOnly",
)
_FIELD = keys("fieldRef", text="apiVersion fieldPath")
_RESOURCE_FIELD = keys("resourceFieldRef", text="containerName resource", divisor=NUMBER_OR_TEXT)
ENV = keys(
    "an entry of env",
    text="name value",
    valueFrom=keys(
        "valueFrom of an entry of env",
        configMapKeyRef=KEY_REFERENCE,
        secretKeyRef=KEY_REFERENCE,
        fieldRef=_FIELD,
        resourceFieldRef=_RESOURCE_FIELD,
        fileKeyRef=keys("fileKeyRef", text="key path volumeName", flag="optional"),
    ),
)
ENV_FROM = keys("an entry of envFrom", text="prefix", configMapRef=REFERENCE, secretRef=REFERENCE)
PORT = keys("an entry of ports", text="hostIP name protocol", whole="containerPort hostPort")
MOUNTS = each(MOUNT)


def _container(owner: str, **more: Kind) -> Kind:
    return keys(
        owner,
        more,
        text="image imagePullPolicy name restartPolicy terminationMessagePath terminationMessagePolicy "
        "workingDir",
        flag="stdin stdinOnce tty",
        args=TEXTS,
        command=TEXTS,
        env=each(ENV),
        envFrom=each(ENV_FROM),
        lifecycle=keys("lifecycle", text="stopSignal", postStart=_HANDLER, preStop=_HANDLER),
        livenessProbe=PROBE,
        readinessProbe=PROBE,
        startupProbe=PROBE,
        ports=each(PORT),
        resizePolicy=each(keys("an entry of resizePolicy", text="resourceName restartPolicy")),
        resources=RESOURCES,
        restartPolicyRules=each(FREE),
        securityContext=SECURITY,
        volumeDevices=each(keys("an entry of volumeDevices", text="devicePath name")),
        volumeMounts=MOUNTS,
    )


CONTAINER = _container("container")
SCRIPT = _container("script", source=TEXT)
SET_CONTAINER = _container("container", dependencies=TEXTS)
SIDECAR = _container("container", mirrorVolumeMounts=FLAG)
_ITEMS = each(keys("an entry of items", text="key path", whole="mode"))
_OTHER_VOLUMES = """
    awsElasticBlockStore azureDisk azureFile cephfs cinder csi downwardAPI ephemeral fc flexVolume flocker
    gcePersistentDisk gitRepo glusterfs image iscsi photonPersistentDisk portworxVolume projected quobyte rbd
    scaleIO storageos vsphereVolume
"""
VOLUME = keys(
    "an entry of volumes",
    dict.fromkeys(_OTHER_VOLUMES.split(), FREE),
    text="name",
    configMap=keys("configMap", text="name", flag="optional", whole="defaultMode", items=_ITEMS),
    emptyDir=keys("emptyDir", text="medium", sizeLimit=NUMBER_OR_TEXT),
    hostPath=keys("hostPath", text="path type"),
    nfs=keys("nfs", text="path server", flag="readOnly"),
    persistentVolumeClaim=keys("persistentVolumeClaim", text="claimName", flag="readOnly"),
    secret=keys("secret", text="secretName", flag="optional", whole="defaultMode", items=_ITEMS),
)
VOLUME_CLAIM = keys(
    "an entry of volumeClaimTemplates",
    text="apiVersion kind",
    metadata=OBJECT_METADATA,
    spec=keys(
        "the spec of a volume claim",
        text="storageClassName volumeAttributesClassName volumeMode volumeName",
        accessModes=TEXTS,
        dataSource=FREE,
        dataSourceRef=FREE,
        resources=RESOURCES,
        selector=SELECTOR,
    ),
    status=FREE,
)
AFFINITY = keys("affinity", nodeAffinity=FREE, podAffinity=FREE, podAntiAffinity=FREE)
TOLERATION = keys("an entry of tolerations", text="effect key operator value", whole="tolerationSeconds")
CLAIM = keys("an entry of resourceClaims", text="name resourceClaimName resourceClaimTemplateName")
HOST = keys("an entry of hostAliases", text="ip", hostnames=TEXTS)
