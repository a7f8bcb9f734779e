"""Who gets a manifest, with what; and that whatever ends a check there comes back as a verdict."""

from __future__ import annotations

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.messages import Basic, Bearer, NoAuth
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import Registry
from aicore_magics.registry.access import Access
from aicore_magics.registry.api import RegistryApi
from aicore_magics.registry.manifest_answer import ManifestAnswer
from aicore_magics.registry.verdict import Verdict
from aicore_magics.registry.verdict_texts import Verdicts
from tests.registry.test_single_check import (
    MANIFEST,
    OPEN,
    WITH_PASSWORD,
    WITH_TOKEN,
    Table,
    bearer,
    grants,
    holds,
    page,
    said,
)

IMAGE = ImageReference.parse("ghcr.io/acme/churn:1.4")
REGISTRY = Registry("ghcr.io")
PATH = "/v2/acme/churn/manifests/1.4"


def access(rows, *, user="anna"):
    login = RegistryLogin("ghcr.io", user, Secret("hunter2")) if user else None
    api = RegistryApi(REGISTRY, Table(rows), Deadline(5))
    return Access(api, Verdicts(REGISTRY, login, IMAGE), login)


@pytest.mark.parametrize(
    ("rows", "user", "auth", "outcome"),
    [
        (WITH_PASSWORD, "anna", Basic, "ok"),
        (WITH_TOKEN, "anna", Bearer, "ok"),
        (OPEN, "", NoAuth, "public, not tried"),
        (OPEN, "anna", NoAuth, "public, not tried"),
        (
            {
                ("manifests", "nobody"): bearer(),
                ("token", "nobody"): grants(pull=True),
                ("manifests", "token"): holds(MANIFEST),
            },
            "",
            Bearer,
            "public",
        ),
    ],
    ids=["Basic", "Bearer", "open to nobody", "open to a login", "anybody's token"],
)
def test_who_gets_a_manifest(rows, user, auth, outcome):
    """The manifest comes with what it was asked with, and with whether it is the login's or everybody's."""
    found = access(rows, user=user).manifest(PATH, "acme/churn")
    assert isinstance(found, ManifestAnswer)
    assert (found.answer.body, type(found.auth), found.entered) == (MANIFEST, auth, outcome)
    assert found.for_login is (outcome == "ok")


@pytest.mark.parametrize(
    ("first", "outcome"),
    [
        (said(429), "rate-limited"),
        (said(503), "unclear"),
        (said(407), "unclear"),
        (page(), "not-a-registry"),
        (said(401, "UNAUTHORIZED", www_authenticate="Negotiate"), "unsupported"),
    ],
    ids=["429", "503", "407", "a page", "Negotiate"],
)
def test_what_ends_a_check_is_a_verdict(first, outcome):
    """An answer that judges nothing, or that no login can meet, is returned as a verdict, and not raised."""
    ended = access({("manifests", "nobody"): first}).manifest(PATH, "acme/churn")
    assert isinstance(ended, Verdict)
    # ghcr.io is known to be a registry: what is none there stands in between.
    assert ended.outcome == ("unclear" if outcome == "not-a-registry" else outcome)
