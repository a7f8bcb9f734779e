"""What is no service key is named by what it is, never by what it lacks."""

from __future__ import annotations

import base64
import json

import pytest

from aicore_magics.aicore.credential_sources import service_key_of
from aicore_magics.aicore.key_names import name_of, name_of_text
from aicore_magics.base.wrappers import Unread
from aicore_magics.errors import InvalidFile

CANARY = "".join(["p", "!$%&", '"', "\\", chr(0xE4), "w", "9"])
XSUAA = {"clientid": "c", "clientsecret": CANARY, "url": "https://a.authentication.eu10.hana.ondemand.com"}
BOUND = {"type": "cf", "instance": "my-aicore", "key": "my-key", "resolved": False}


def message(data):
    with pytest.raises(InvalidFile) as caught:
        service_key_of(data if isinstance(data, str) else json.dumps(data), "file")
    assert CANARY not in str(caught.value)
    assert json.dumps(CANARY)[1:-1] not in str(caught.value)
    assert caught.value.hint
    return caught.value


def jwt():
    return ".".join(
        [*(base64.urlsafe_b64encode(b'{"exp":1}').decode().rstrip("=") for _ in range(2)), "c2ln"]
    )


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ({"auths": {"ghcr.io": {"password": CANARY}}}, "a docker config, with registry logins"),
        ({"type": "service_account", "private_key": CANARY}, "a Google service account key"),
        ({"access_token": CANARY, "expires_in": 1}, "the answer of a token service, with a token"),
        ({"cells": [], "nbformat": 4}, "a notebook"),
        ({"x": CANARY, "sops": {}}, "a file that SOPS has encrypted"),
        ({"openapi": "3.0.1"}, "the description of an API"),
        ({"error": "unauthorized", "error_description": CANARY}, "the answer to a request that failed"),
        ({}, "an empty object"),
        ([], "an empty list"),
        ([1, 2], "a list without a service key"),
        ({"a": CANARY}, "an object with other fields"),
        ({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": CANARY}}, "a ConfigMap of Kubernetes"),
        ({"kind": "Secret", "data": {"a": "YQ=="}}, "a Kubernetes Secret of another kind"),
        (
            {"kind": "Secret", "data": {".dockerconfigjson": "e30="}},
            "a Kubernetes Secret with registry logins",
        ),
        ({"apiVersion": "v1", "kind": CANARY}, "an object of Kubernetes"),
        ({"requires": {"db": {"kind": "hana"}}}, "a CAP configuration"),
        ("", "empty"),
        ("-----BEGIN RSA PRIVATE KEY-----\nMII", "a private key"),
        ("-----BEGIN CERTIFICATE-----\nMII", "a certificate"),
        ("<!DOCTYPE html><html></html>", "a web page"),
        (
            "Getting key k for service instance i as a@b.c...\nFAILED\nService key k not found",
            "an error of cf",
        ),
        (
            "Getting keys for service instance i as a@b.c...\n\nname    last operation\nk",
            "a list of keys, as cf prints it",
        ),
        ("/home/anna/key.json", "the path of a file"),
        ("~/Downloads/my key.json", "the path of a file"),
        ("https://api.ai.example.com/v2", "an address"),
        (jwt(), "a token"),
        (CANARY, "not JSON"),
    ],
)
def test_what_it_is(data, what):
    """A text or an object that people take for a key is called what it is."""
    assert f"the file is not a service key: it is {what}. Nothing was sent." == message(data).message


@pytest.mark.parametrize(
    ("more", "service"),
    [
        ({**XSUAA, "xsappname": "x"}, "Authorization and Trust Management (XSUAA)"),
        (
            {**XSUAA, "uri": "https://destination-configuration.cfapps.eu10.hana.ondemand.com"},
            "the Destination service",
        ),
        ({**XSUAA, "onpremise_proxy_host": "x"}, "the Connectivity service"),
        (
            {"host": "h", "password": CANARY, "driver": "com.sap.db.jdbc.Driver", "certificate": "x"},
            "SAP HANA",
        ),
        ({"hdi_user": "u", "hdi_password": CANARY}, "SAP HANA"),
        ({"bucket": "b", "secret_access_key": CANARY}, "Object Store"),
        ({"uaa": XSUAA, "url": "https://x"}, "another service, whose client is under `uaa`"),
    ],
)
@pytest.mark.parametrize("wrap", [lambda key: key, lambda key: {"credentials": key}, lambda key: [key]])
def test_keys_of_other_services(more, service, wrap):
    """A service key of another service, wrapped or not, is told to be one where that is known."""
    error = message(wrap(more))
    assert error.message == f"the file is a service key, but of {service}. Nothing was sent."
    assert error.hint == "take the key of your AI Core instance."


def test_bindings_of_other_services():
    """The bindings of an application without AI Core are named."""
    error = message({"xsuaa": [{"credentials": XSUAA}], "hana": [{"credentials": {}}]})
    assert error.message == "the file contains bindings of other services: xsuaa, hana. Nothing was sent."


@pytest.mark.parametrize(
    "data",
    [
        {"requires": {"aicore": {"binding": BOUND}}},
        {"requires": {"[hybrid]": {"aicore": {"kind": "aicore", "binding": BOUND}}}},
        {"cds": {"requires": {"[hybrid]": {"aicore": {"binding": BOUND}}}}},
    ],
)
def test_a_binding_of_cap(data):
    """What `cds bind` writes only names the instance: the command that prints the key is given."""
    error = message(data)
    assert "it is a CAP binding: it names the key, which is in Cloud Foundry" in error.message
    assert error.hint.startswith("cf service-key my-aicore my-key > key.json")


def test_a_binding_of_cap_in_kubernetes():
    """A binding to a Secret of Kubernetes gives the command for that."""
    bound = {"type": "k8s", "name": "aicore", "secret": "my-secret", "namespace": "default"}
    error = message({"requires": {"[hybrid]": {"aicore": {"binding": bound}}}})
    assert "it is a CAP binding: it names the key, which is in a Secret of Kubernetes" in error.message
    assert error.hint.startswith("kubectl get secret my-secret -o json > key.json")


def test_a_binding_of_cap_with_a_name_that_is_none():
    """A name that no instance has is not shown: it may be anything."""
    named = {"instance": CANARY, "key": "a; rm -rf ~"}
    assert message({"requires": {"a": {"binding": named}}}).hint.startswith(
        "cf service-key INSTANCE KEY > key.json"
    )


@pytest.mark.parametrize("spec", [{"secretName": "my-secret"}, {"secretName": "$(x)"}, None])
def test_a_service_binding_of_kubernetes(spec):
    """A ServiceBinding holds no key: the command for its Secret is given."""
    error = message({"apiVersion": "services.cloud.sap.com/v1", "kind": "ServiceBinding", "spec": spec})
    name = "my-secret" if spec and spec["secretName"] == "my-secret" else "NAME"
    assert error.hint.startswith(f"kubectl get secret {name} -o json > key.json")


def test_names_of_what_is_no_data():
    """A number or null is a single value; what is too deep is told so."""
    assert name_of(None).what == name_of(1).what == "is not a service key: it is a single value"
    assert "nested more than 50 levels" in name_of_text("[" * 60, Unread.TOO_DEEP).what
