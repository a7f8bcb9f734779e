from __future__ import annotations

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
from aicore_magics.registry.common_passwords import common_passwords
from aicore_magics.registry.verdict import Verdict

IMAGE = "ghcr.io/acme/churn:1"


def said(verdict, *, key="ghcr.io", user="anna", password="changeme"):
    return common_passwords([RegistryLogin(AuthKey(key), user, Secret(password))], [verdict])


@pytest.mark.parametrize("key", ["ghcr.io", "https://ghcr.io/v1/", "ghcr.io/acme", "*.io"])
def test_what_an_image_was_pulled_with(key):
    """A login whose key serves an image that can be pulled is named by its key."""
    (note,) = said(Verdict("ok", "ghcr.io", username="anna", image=IMAGE), key=key)
    assert note == f"The password for {key} is a common word: use a token instead."


def test_a_login_alone():
    """A login that was accepted alone is told of as well; one whose key is a pattern was asked nowhere."""
    verdict = Verdict("ok", "ghcr.io", username="anna")
    assert len(said(verdict)) == 1
    assert said(verdict, key="*.io") == ()


@pytest.mark.parametrize(
    ("verdict", "user", "password"),
    [
        (Verdict("bad-credentials", "ghcr.io", username="anna"), "anna", "changeme"),
        (Verdict("unreachable", "ghcr.io", username="anna"), "anna", "changeme"),
        (Verdict("public", "ghcr.io", username="anna", image=IMAGE), "anna", "changeme"),
        (Verdict("ok", "ghcr.io", username="bob"), "anna", "changeme"),
        (Verdict("ok", "quay.io", username="anna"), "anna", "changeme"),
        (Verdict("ok", "ghcr.io", username="anna"), "anna", "8Kq-2xV"),
    ],
)
def test_where_nothing_is_said(verdict, user, password):
    """Nothing is said of a login that no registry accepted, nor of a password of somebody's own."""
    assert said(verdict, user=user, password=password) == ()
