"""The keys of parameters and artifacts that Argo reads, each with what may stand behind it.

From api/jsonschema/schema.json of Argo Workflows 4.1. A parameter may have a number as its value: Argo makes
a text of it (anystring.go of 3.5).
"""

from __future__ import annotations

from aicore_magics.templates.rules.kinds import FREE, SCALAR, TEXTS, each, keys
from aicore_magics.templates.rules.kubernetes_keys import KEY_REFERENCE, METADATA

# Where an artifact is. Those with a key take a key that is relative to the repository of the workflow.
_LOGIN = {"usernameSecret": KEY_REFERENCE, "passwordSecret": KEY_REFERENCE}
_ACCESS = {"accessKeySecret": KEY_REFERENCE, "secretKeySecret": KEY_REFERENCE}
LOCATIONS = {
    "artifactory": keys("artifactory", _LOGIN, text="url"),
    "azure": keys(
        "azure", text="blob container endpoint", flag="useSDKCreds", accountKeySecret=KEY_REFERENCE
    ),
    "gcs": keys("gcs", text="bucket key", serviceAccountKeySecret=KEY_REFERENCE),
    "git": keys(
        "git",
        _LOGIN,
        text="branch repo revision",
        flag="disableSubmodules insecureIgnoreHostKey insecureSkipTLS singleBranch",
        whole="depth",
        fetch=TEXTS,
        sshPrivateKeySecret=KEY_REFERENCE,
    ),
    "hdfs": keys(
        "hdfs",
        text="dataTransferProtection hdfsUser krbRealm krbServicePrincipalName krbUsername path",
        flag="force",
        addresses=TEXTS,
        krbCCacheSecret=KEY_REFERENCE,
        krbConfigConfigMap=KEY_REFERENCE,
        krbKeytabSecret=KEY_REFERENCE,
    ),
    "http": keys(
        "http",
        text="url",
        flag="saveStreamViaFile",
        auth=keys("auth", basicAuth=keys("basicAuth", _LOGIN), clientCert=FREE, oauth2=FREE),
        headers=each(keys("an entry of headers", text="name value")),
    ),
    "oss": keys(
        "oss",
        _ACCESS,
        text="bucket endpoint key securityToken",
        flag="createBucketIfNotPresent useSDKCreds",
        lifecycleRule=FREE,
    ),
    "plugin": FREE,
    "raw": keys("raw", text="data"),
    "s3": keys(
        "s3",
        _ACCESS,
        text="addressingStyle bucket endpoint key region roleARN",
        flag="insecure useSDKCreds",
        caSecret=KEY_REFERENCE,
        createBucketIfNotPresent=keys("createBucketIfNotPresent", flag="objectLocking"),
        encryptionOptions=keys(
            "encryptionOptions",
            text="kmsEncryptionContext kmsKeyId",
            flag="enableEncryption",
            serverSideCustomerKeySecret=KEY_REFERENCE,
        ),
        sessionTokenSecret=KEY_REFERENCE,
    ),
}
ARTIFACT = keys(
    "an artifact",
    LOCATIONS,
    text="from fromExpression globalName name path subPath",
    flag="archiveLogs deleted optional recurseMode",
    whole="mode",
    archive=keys("archive", none=FREE, zip=FREE, tar=keys("tar", whole="compressionLevel")),
    artifactGC=keys("artifactGC", text="serviceAccountName strategy", podMetadata=METADATA),
)
PARAMETER = keys(
    "a parameter",
    text="description globalName name",
    default=SCALAR,
    value=SCALAR,
    enum=each(SCALAR),
    valueFrom=keys(
        "valueFrom",
        text="event expression jqFilter jsonPath parameter path",
        configMapKeyRef=KEY_REFERENCE,
        default=SCALAR,
        supplied=FREE,
    ),
)
ARGUMENTS = keys("arguments", parameters=each(PARAMETER), artifacts=each(ARTIFACT))
INPUTS = keys("inputs", parameters=each(PARAMETER), artifacts=each(ARTIFACT))
OUTPUTS = keys("outputs", text="exitCode result", parameters=each(PARAMETER), artifacts=each(ARTIFACT))
