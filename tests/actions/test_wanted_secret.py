"""What is to be stored is read before anything is sent, and says what it serves."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from aicore_magics.actions.image_check import check_image
from aicore_magics.actions.wanted_secret import WantedSecret
from aicore_magics.base.redact import Secret
from aicore_magics.base.report import warns
from aicore_magics.errors import InvalidName
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin


def read(*keys, images=(), name="team-a"):
    logins = [RegistryLogin(AuthKey(key), "anna", Secret("the-password")) for key in keys]
    return WantedSecret.read(name, logins, images)


def test_which_key_serves_which_image():
    """Each image stands beside the key that the kubelet tries first, or beside none."""
    wanted = read("ghcr.io", "ghcr.io/acme", images=["ghcr.io/acme/a:1", "quay.io/a/b"])
    assert [(each.reference, each.key) for each in wanted.served()] == [
        ("ghcr.io/acme/a:1", "ghcr.io/acme"),
        ("quay.io/a/b", ""),
    ]
    assert [note for note in wanted.notes if "the secret has a login for" in note]


def test_an_image_without_a_registry():
    """That it is at Docker Hub is said, and is no warning."""
    told = "churn:1 names no registry, so it is at Docker Hub: docker.io/library/churn:1."
    wanted = read("docker.io", images=["churn:1", "docker.io/acme/churn:1"])
    assert wanted.notes == (told,)
    assert not warns(wanted.notes)


def test_a_name_that_holds_the_password():
    """Everybody could read it in the list of names."""
    with pytest.raises(InvalidName, match="the name contains the password"):
        read("ghcr.io", name="x-the-password")


@pytest.mark.parametrize(("kind", "told"), [("", 1), ("serving", 1), ("workflow", 0)])
def test_what_may_fail_in_serving(kind, told):
    """The keys alone tell it; for a workflow nothing of it is said."""
    assert len(read("docker.io", images=["acme/churn"]).serving_cautions(kind)) == told


def test_a_check_of_an_image_without_a_registry():
    """A check says the same of it as a create."""
    ghcr = RegistryLogin(AuthKey("ghcr.io"), "anna", Secret("p"))
    found = check_image("churn:1", [ghcr], tenant=SimpleNamespace(on_this_machine=True, ca_file=""))
    assert found.notes[0].startswith("churn:1 names no registry, so it is at Docker Hub")
