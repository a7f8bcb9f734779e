"""Login files in every shape that people have: what holds logins, what is around them, what holds none."""

from __future__ import annotations

import base64
import json
import shlex
from html import escape

import yaml

KEY = ".dockerconfigjson"
META = {"apiVersion": "v1", "metadata": {"name": "regcred"}, "type": "kubernetes.io/dockerconfigjson"}
OTHER = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "other"}, "data": {"a": "b"}}


def b64(text, width=0, line_break="\n"):
    """Return *text* in base64, in lines of *width*."""
    whole = base64.b64encode(text.encode()).decode()
    lines = [whole[at : at + width] for at in range(0, len(whole), width)] if width else [whole]
    return line_break.join(lines)


def secret(**more):
    """Return a Kubernetes Secret."""
    return {**META, "kind": "Secret", **more}


def auth(user, password):
    """Return an entry as docker writes it."""
    return {"auth": b64(f"{user}:{password}")}


def fields(user, password):
    """Return an entry as SAP's documentation has it."""
    return {"username": user, "password": password}


def config(entries, made=auth):
    """Return a docker config with *entries*: user and password by key."""
    return {"auths": {key: made(*entry) for key, entry in entries.items()}}


def legacy(entries):
    """Return an older `.dockercfg`, without `auth`."""
    return {key: {**fields(*entry), "email": "a@b.c"} for key, entry in entries.items()}


def of_type_dockercfg(entries):
    """Return a Secret of the older type."""
    data = {".dockercfg": b64(json.dumps(legacy(entries)))}
    return secret(type="kubernetes.io/dockercfg", data=data)


# Whole logins: what kind each is called.
WHOLE = {
    "docker config": ("docker config", lambda e: json.dumps(config(e))),
    "docker config, two fields": ("docker config", lambda e: json.dumps(config(e, fields))),
    "docker config, YAML": ("docker config", lambda e: yaml.safe_dump(config(e))),
    "docker config, capitals": (
        "docker config",
        lambda e: json.dumps(
            {
                "Auths": {k: {"Username": u, "PASSWORD": p} for k, (u, p) in e.items()},
                "HttpHeaders": {"X": "y"},
            }
        ),
    ),
    "docker config in two parts": (
        "docker config",
        lambda e: (
            "{" + ", ".join(f'"auths": {json.dumps(config({k: v})["auths"])}' for k, v in e.items()) + "}"
        ),
    ),
    "Python's way to print": ("docker config", lambda e: repr(config(e))),
    "a comma too many": ("docker config", lambda e: f"{json.dumps(config(e))[:-1]},}}"),
    "legacy": ("legacy .dockercfg", lambda e: json.dumps(legacy(e))),
    "type dockercfg": (
        "Kubernetes Secret of the older type dockercfg",
        lambda e: yaml.safe_dump(of_type_dockercfg(e)),
    ),
    "type dockercfg, JSON": (
        "Kubernetes Secret of the older type dockercfg",
        lambda e: json.dumps({**of_type_dockercfg(e), "type": "Opaque", "immutable": True}),
    ),
    "key alone": (f"bare {KEY}", lambda e: json.dumps({KEY: json.dumps(config(e))})),
    "key alone, base64": (f"bare {KEY}", lambda e: json.dumps({KEY: b64(json.dumps(config(e)))})),
    "key alone, object": (f"bare {KEY}", lambda e: json.dumps({KEY: config(e)})),
    "k3s": (
        "registries.yaml of k3s",
        lambda e: yaml.safe_dump({"configs": {k: {"auth": fields(*v)} for k, v in e.items()}, "mirrors": {}}),
    ),
    "Helm values": (
        "login in imageCredentials",
        lambda e: yaml.safe_dump(
            {"image": {"tag": "1"}, "imageCredentials": [{"registry": k, **fields(*v)} for k, v in e.items()]}
        ),
    ),
    "items of a list": (
        "Kubernetes Secret",
        lambda e: json.dumps(
            {
                "apiVersion": "v1",
                "kind": "List",
                "items": [OTHER, secret(stringData={KEY: json.dumps(config(e))})],
            }
        ),
    ),
    "SecretList": (
        "Kubernetes Secret in a list",
        lambda e: yaml.safe_dump(
            {"kind": "SecretList", "items": [secret(data={KEY: b64(json.dumps(config(e)))})]}
        ),
    ),
    "ECR": (
        "output of aws ecr get-authorization-token",
        lambda e: json.dumps(
            {
                "authorizationData": [
                    {
                        "authorizationToken": auth(*v)["auth"],
                        "expiresAt": 1.5,
                        "proxyEndpoint": f"https://{k}",
                    }
                    for k, v in e.items()
                ]
            }
        ),
    ),
}
# What is around a text, each with a text in it.
AROUND = {
    "base64": b64,
    "base64, 64": lambda text: b64(text, 64) + "\n",
    "base64, 76, Windows": lambda text: b64(text, 76, "\r\n") + "\r\n",
    "base64, indented": lambda text: "    " + b64(text, 64, "\n    "),
    "base64 of UTF-16": lambda text: base64.b64encode(text.encode("utf-16")).decode(),
    "base64 for addresses": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "certutil": lambda text: (
        f"-----BEGIN CERTIFICATE-----\r\n{b64(text, 64)}\r\n-----END CERTIFICATE-----\r\n"
    ),
    "JSON text": json.dumps,
    "byte order mark": "\ufeff{}".format,
    "Windows": lambda text: text.replace("\r\n", "\n").replace("\n", "\r\n"),
    "blank lines": "\n\n  {}\n\n".format,
    "Markdown": lambda text: f"The login:\n\n{fence(text)}json\n{text}\n{fence(text)}\n\nThat is all.",
    "Secret, data": lambda text: json.dumps(secret(data={KEY: b64(text)})),
    "Secret, wrapped data": lambda text: yaml.safe_dump(secret(type="Opaque", data={KEY: b64(text, 76)})),
    "Secret, stringData": lambda text: yaml.safe_dump(secret(stringData={KEY: text}, data={KEY: "!"})),
    "Secret, config.json": lambda text: json.dumps(secret(data={"config.json": b64(text)})),
    "Secret, base64 twice": lambda text: json.dumps(secret(data={KEY: b64(b64(text))})),
    "Secret in a list": lambda text: json.dumps(
        {"kind": "List", "items": [secret(data={KEY: b64(text)}), OTHER]}
    ),
    "documents": lambda text: yaml.safe_dump_all([OTHER, secret(data={KEY: b64(text)}), None]),
    "JSON documents": lambda text: json.dumps(OTHER) + "\n" + json.dumps(secret(stringData={KEY: text})),
    "body": lambda text: json.dumps({"name": "team", "data": {KEY: text}}),
    "body, base64": lambda text: json.dumps({"name": "team", "data": {KEY: b64(text)}}),
    "body, YAML": lambda text: yaml.safe_dump({"name": "team", "data": {KEY: text}}),
    "list of one": lambda text: json.dumps([{KEY: text}]),
    "escaped": lambda text: json.dumps(json.dumps({KEY: text}))[1:-1],
    "HTML": lambda text: escape(json.dumps({KEY: text})),
    "Google's Secret Manager": lambda text: json.dumps(
        {"name": "projects/1/secrets/x/versions/1", "payload": {"data": b64(text)}}
    ),
    "Azure Key Vault": lambda text: json.dumps({"id": "https://x.vault.azure.net/secrets/x", "value": text}),
    "Vault": lambda text: json.dumps({"data": {"data": {KEY: text}, "metadata": {"version": 1}}}),
    "Secrets Manager": lambda text: json.dumps({"ARN": "arn:aws:x", "Name": "x", "SecretString": text}),
    "GitLab variable": lambda text: json.dumps({"key": "DOCKER_AUTH_CONFIG", "value": text, "masked": False}),
    "GitLab file": lambda text: yaml.safe_dump({"variables": {"DOCKER_AUTH_CONFIG": text}, "stages": ["x"]}),
    "Go's way to print": lambda text: f"map[{KEY}:{b64(text)}]",
    "curl": lambda text: (
        "curl -X POST https://api.example/v2/admin/dockerRegistrySecrets \\\n"
        f" -H 'AI-Resource-Group: default' --data-raw {shlex.quote(text)}"
    ),
    "HTTP request": lambda text: (
        f"POST https://api.example/v2 HTTP/1.1\nContent-Type: application/json\n\n{text}"
    ),
    "variable": lambda text: f"export DOCKER_AUTH_CONFIG={double_quoted(text)}",
    ".env": lambda text: f"# registry\nA=b\nDOCKER_AUTH_CONFIG={double_quoted(text)}\nC='d'\n",
}


# What is around whole logins alone: a pair may be there by chance.
AROUND_WHOLE = {
    **AROUND,
    "Secret, own key": lambda text: json.dumps(
        secret(type="Opaque", data={"own.json": b64(text), "x": "YTpi"}, stringData={"y": "z"})
    ),
}


def fence(text):
    """Return the fence that is not in *text*."""
    return "~~~" if "```" in text else "```"


def double_quoted(text):
    """Return *text* in double quotes."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


# One login, whose registry is named elsewhere, as user and password.
PAIRS = {
    "user:token pair": lambda user, password: f"{user}:{password}",
    "answer of a credential helper": lambda user, password: json.dumps(
        {"Username": user, "Secret": password}
    ),
    "output of az ad sp create-for-rbac": lambda user, password: json.dumps(
        {"appId": user, "displayName": "d", "password": password, "tenant": "t"}
    ),
    "Azure registry credential": lambda user, password: json.dumps(
        {
            "passwords": [{"name": "password", "value": password}, {"name": "password2", "value": "b"}],
            "username": user,
        }
    ),
    "Harbor robot account": lambda user, password: json.dumps(
        {"creation_time": "2026", "expires_at": -1, "id": 1, "name": user, "secret": password}
    ),
    "deploy token": lambda user, password: json.dumps({"id": 1, "username": user, "token": password}),
    "login in JSON or YAML": lambda user, password: yaml.safe_dump(fields(user, password)),
    "Kubernetes Secret with username and password": lambda user, password: json.dumps(
        secret(type="kubernetes.io/basic-auth", data={"username": b64(user), "password": b64(password)})
    ),
    "login in registry": lambda user, password: yaml.safe_dump({"registry": fields(user, password)}),
}

# What holds no login that can be read, and what it is called; each has CANARY where a secret may be.
NAMED = {
    "SealedSecret": (
        yaml.safe_dump({"kind": "SealedSecret", "spec": {"encryptedData": {KEY: "AgCANARY"}}}),
        "a SealedSecret, which only its cluster can open",
    ),
    "ExternalSecret": (
        yaml.safe_dump({"kind": "ExternalSecret", "spec": {"data": [{"secretKey": "CANARY"}]}}),
        "an ExternalSecret, which says where a login is kept",
    ),
    "ServiceAccount": (
        yaml.safe_dump({"kind": "ServiceAccount", "imagePullSecrets": [{"name": "CANARY"}]}),
        "a ServiceAccount, which names secrets",
    ),
    "WorkflowTemplate": (yaml.safe_dump({"kind": "WorkflowTemplate", "x": "CANARY"}), "a WorkflowTemplate"),
    "SOPS": (
        yaml.safe_dump(secret(data={KEY: "ENC[CANARY]"}, sops={"mac": "x"})),
        "text that SOPS has encrypted",
    ),
    "SOPS, any file": (
        json.dumps({"data": "ENC[CANARY]", "sops": {"mac": "x"}}),
        "text that SOPS has encrypted",
    ),
    "typographic quotes": ("{“auths”: {“a.io”: {“auth”: “CANARY”}}}", "JSON with typographic quotes"),
    "Helm template": (
        "kind: Secret\ndata:\n  x: {{ include CANARY . }}\n",
        "a template with {{ }}, such as Helm's",
    ),
    "Ansible Vault": ("$ANSIBLE_VAULT;1.1;AES256\n3132CANARY\n", "text that Ansible Vault has encrypted"),
    "age": ("age-encryption.org/v1\n-> X25519 CANARY\n", "text that age has encrypted"),
    "PEM": ("-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----\n", "PEM (private key)"),
    "TLS Secret": (
        json.dumps(secret(type="kubernetes.io/tls", data={"tls.crt": "Q0FOQVJZ", "tls.key": "Q0FOQVJZ"})),
        "a Kubernetes Secret of type kubernetes.io/tls with the fields tls.crt, tls.key",
    ),
    "empty Secret": (
        json.dumps(secret()),
        "a Kubernetes Secret of type kubernetes.io/dockerconfigjson that is empty",
    ),
    "describe": (
        "Name:         regcred\nNamespace:    default\n\nData\n====\n.dockerconfigjson:  177 bytes\n",
        "the output of kubectl describe, which counts bytes",
    ),
    "kubectl get": (
        "NAME      TYPE     DATA   AGE\nregcred   Opaque   1      3d\n",
        "the table of kubectl get secrets",
    ),
    "kubectl's error": (
        'Error from server (NotFound): secrets "CANARY" not found',
        "an error message of another program",
    ),
    "two Secrets": (
        yaml.safe_dump_all(
            secret(metadata={"name": name}, stringData={KEY: json.dumps(config({"a.io": ("u", "CANARY")}))})
            for name in "ab"
        ),
        "2 documents with logins: Secret a, Secret b",
    ),
    "two docker configs": (
        2 * json.dumps(config({"a.io": ("u", "CANARY")})),
        "2 documents with logins: docker config, docker config",
    ),
    "two code blocks": (2 * "```\nCANARY\n```\n", "Markdown with 2 code blocks"),
    "documents without logins": (
        yaml.safe_dump_all([OTHER, {"kind": "Service"}]),
        "2 documents: a ConfigMap, a Service",
    ),
    "service key": (
        json.dumps({"clientid": "sb", "clientsecret": "CANARY", "url": "https://x"}),
        "a service key",
    ),
    "list of names": (
        json.dumps({"count": 1, "resources": [{"name": "x"}]}),
        "a list of names, as AI Core gives it",
    ),
    "AWS key": (json.dumps({"AccessKeyId": "CANARY", "SecretAccessKey": "CANARY"}), "a key for AWS"),
    "AWS session": (
        json.dumps({"Credentials": {"AccessKeyId": "CANARY", "SecretAccessKey": "CANARY"}}),
        "a key for AWS",
    ),
    "AWS credentials file": (
        "[default]\naws_access_key_id = CANARY\naws_secret_access_key = CANARY\n",
        "an INI file, such as that of the AWS CLI",
    ),
    "Azure token": (
        json.dumps({"accessToken": "CANARY", "expiresOn": "2026", "tokenType": "Bearer"}),
        "an Azure access token that is not for a registry",
    ),
    "Google user": (
        json.dumps({"type": "authorized_user", "client_secret": "CANARY", "refresh_token": "CANARY"}),
        "a Google user's own login",
    ),
    "workload identity": (
        json.dumps({"type": "external_account", "audience": "CANARY", "subject_token_type": "jwt"}),
        "a workload identity of Google",
    ),
    "JWT": ("eyJhbGciOiJub25lIn0.eyJzdWIiOiJDQU5BUlkifQ.CANARY", "a token (JWT) without its user"),
    "one word": ("CANARYCANARY", "one word"),
    "prose": ("the login is CANARY", "plain text"),
    "variables": ("DOCKER_USER=anna\nexport DOCKER_PASSWORD='CANARY'\n", "a list of variables"),
    "docker login": ("docker login -u anna -p CANARY ghcr.io", "a command for the shell (docker …)"),
    "kubectl create": (
        "$ kubectl create secret docker-registry x --docker-password=CANARY",
        "a command for the shell (kubectl …)",
    ),
    "curl with a file": (
        "curl -X POST https://x -d @CANARY.json",
        "a curl command, which sends another file",
    ),
    "curl without a body": ("curl -u anna:CANARY https://x", "a command for the shell (curl …)"),
    "request without a body": ("POST https://x HTTP/1.1\nX: CANARY", "an HTTP request without a body"),
    "HTML": ("<!DOCTYPE html><html>CANARY</html>", "an HTML page"),
    "Maven": ("<settings><password>CANARY</password></settings>", "XML"),
    "gzip": ("H4sICANARYCANARYCANARY", "base64 of compressed data (gzip)"),
    "comments": ('// registry\n{"auths": "CANARY"}', "JSON with comments, or a program"),
    "other settings of docker": (
        json.dumps({"HttpHeaders": {"X": "CANARY"}, "psFormat": "table"}),
        "a docker config without a login",
    ),
    "notebook": (
        json.dumps({"cells": ["CANARY"], "metadata": {}, "nbformat": 4}),
        "an object with the fields cells, metadata, nbformat",
    ),
    ".netrc with quotes": ('machine a.io login anna password "CAN ARY"', "a .netrc with quotes or macros"),
}
