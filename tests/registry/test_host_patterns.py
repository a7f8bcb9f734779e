"""A host fits a pattern label by label, and no longer or shorter one does."""

from __future__ import annotations

import pytest

from aicore_magics.registry.host_patterns import is_at

HOSTS = ("ghcr.io", "*.gcr.io", "*-docker.pkg.dev", "127.0.0.1:*")


@pytest.mark.parametrize(
    ("registry", "fits"),
    [
        ("ghcr.io", True),
        ("GHCR.io:443", True),
        ("https://ghcr.io/acme", True),
        ("ghcr.io:8443", False),
        ("ghcr.io.evil.example", False),
        ("evil-ghcr.io", False),
        ("a.ghcr.io", False),
        ("eu.gcr.io", True),
        ("gcr.io", False),
        ("a.eu.gcr.io", False),
        ("europe-west3-docker.pkg.dev/project", True),
        ("pkg.dev", False),
        ("127.0.0.1:5000", True),
        ("127.0.0.1", False),
        ("https://ghcr.io@evil.example/", False),
        ("*.io", False),
        ("", False),
    ],
)
def test_hosts(registry, fits):
    """The host decides: not a path, a user or what only ends or begins like it."""
    assert is_at(registry, HOSTS) is fits
