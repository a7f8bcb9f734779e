"""Which logins are one, by what the record has of them."""

from __future__ import annotations

import itertools

import pytest

from aicore_magics.actions.rotation_scope import cannot_record, host_of, is_like, refuse_apart
from aicore_magics.errors import RotationRefused
from aicore_magics.ledger.faults import Unusable
from aicore_magics.ledger.record import NotedLogin
from aicore_magics.rotation.plan import HeldLogin

HUB = (
    "docker.io",
    "index.docker.io",
    "https://index.docker.io",
    "https://index.docker.io/v1/",
    "hub.docker.com",
)
HOSTS = {
    **dict.fromkeys(HUB, "docker.io"),
    **dict.fromkeys(("ghcr.io", "https://GHCR.io/v2/", "ghcr.io/acme", "https://ghcr.io/acme/x"), "ghcr.io"),
    "registry.example.com:5000/team": "registry.example.com:5000",
    "*.example.com": "*.example.com",
    "*.example.com/team": "*.example.com/team",
}


@pytest.mark.parametrize(("key", "host"), HOSTS.items())
def test_the_registry_of_a_key(key, host):
    """Spelling, scheme and path of a key do not make another registry; a pattern is none."""
    assert host_of(key) == host


def noted(registry, user, fingerprint, key=""):
    return NotedLogin(registry=registry, username=user, key=key or registry, fingerprint=fingerprint)


def test_which_may_be_one():
    """Same registry and user are one login, unless fingerprints that can be compared differ."""
    one = noted("ghcr.io", "anna", "f1")
    assert is_like(one, noted("ghcr.io", "anna", "f1"))
    assert is_like(one, noted("ghcr.io", "anna", ""))
    assert is_like(one, noted("ghcr.io/acme", "anna", "f2"))  # it is of the key, too
    assert not is_like(one, noted("ghcr.io", "anna", "f2"))
    assert not is_like(one, noted("ghcr.io", "bob", "f1"))
    assert not is_like(one, noted("quay.io", "anna", "f1"))
    each = [noted(key, "anna", mark) for key in HUB for mark in ("", "f")]
    assert all(is_like(*pair) for pair in itertools.combinations(each, 2))


@pytest.mark.parametrize(
    ("login", "others", "says"),
    [
        (
            ("ghcr.io", "anna", "ghcr.io/a"),
            [("ghcr.io", "bob", "ghcr.io/b")],
            "logins of two users for ghcr.io",
        ),
        (("*.example.com", "anna", "*.example.com"), [], "which is not a registry"),
    ],
)
def test_what_cannot_be_replaced_in_one(login, others, says):
    """Logins of two users for one registry, and one for a pattern, are refused with what helps."""
    with pytest.raises(RotationRefused, match=says) as caught:
        refuse_apart("team-a", HeldLogin(*login), [HeldLogin(*each) for each in others])
    assert 'update_docker_secret(tenant, "team-a"' in caught.value.hint


def test_what_can():
    """One user's login under several keys, and logins for other registries, are fine."""
    mine = HeldLogin("ghcr.io", "anna", "ghcr.io/a")
    refuse_apart("team-a", mine, [HeldLogin("ghcr.io", "anna", "ghcr.io/b"), HeldLogin("*.x.io", "bob")])


def test_a_fault_of_the_disk():
    """The reason stands in the error, in words."""
    assert "could not record the run: disk full" in str(cannot_record(Unusable("disk full")))
