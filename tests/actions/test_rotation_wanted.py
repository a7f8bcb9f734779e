"""What a secret is to hold: the new login, and its others, each under the key that it has there."""

from __future__ import annotations

import pytest

from aicore_magics.actions.rotation_wanted import wanted_of
from aicore_magics.base.redact import Secret
from aicore_magics.errors import RotationRefused
from aicore_magics.model.docker_secret import AuthKey, RegistryLogin
from aicore_magics.rotation.plan import HeldLogin, PlannedSecret


def login(registry, user="bot", word="battery"):
    key = AuthKey(registry) if "/" in registry or "*" in registry else registry
    return RegistryLogin(key, user, Secret(word + "Staple7"))


NEW = login("ghcr.io", "carl", "fresh")
HELD = HeldLogin("ghcr.io", "bot", "ghcr.io")
IMAGE = "ghcr.io/acme/churn:1.4"


def planned(*others, held=HELD):
    return PlannedSecret("zone", "host", "team-a", held, others=others, images=(IMAGE,))


def test_a_key_that_is_not_known():
    """A note may know the registry alone: then the login goes under the usual key."""
    (mine,) = wanted_of(planned(held=HeldLogin("docker.io", "bot")), login("docker.io"), []).logins
    assert mine.key == "https://index.docker.io"


@pytest.mark.parametrize("key", ["ghcr.io", "https://ghcr.io", "ghcr.io/acme", "https://ghcr.io/v2/"])
def test_the_key_stays(key):
    """The key in the secret stays as it is, with the new user and password."""
    wanted = wanted_of(planned(held=HeldLogin("ghcr.io", "bot", key)), NEW, [NEW])
    (mine,) = wanted.logins
    assert (mine.key, mine.username, mine.password.reveal()) == (key, "carl", "freshStaple7")
    assert (wanted.name, [str(image) for image in wanted.images]) == ("team-a", [IMAGE])


def test_others_are_kept():
    """Others are those that were given for their registry; of two the one with the same key."""
    hub, pattern = login("docker.io", "hub"), login("*.example.com", "any")
    quay = [login("quay.io/a", "a"), login("quay.io/b", "b")]
    held = [
        HeldLogin("docker.io", "hub", "https://index.docker.io"),
        HeldLogin("*.example.com", "any", "*.example.com"),
        *(HeldLogin("quay.io", each.username, each.key) for each in quay),
        HeldLogin("ghcr.io", "bot", "ghcr.io/twice"),
    ]
    wanted = wanted_of(planned(*held), NEW, [NEW, hub, pattern, *quay])
    assert [(each.key, each.username) for each in wanted.logins] == [
        ("ghcr.io", "carl"),
        ("https://index.docker.io", "hub"),
        ("*.example.com", "any"),
        ("quay.io/a", "a"),
        ("quay.io/b", "b"),
        ("ghcr.io/twice", "carl"),
    ]


@pytest.mark.parametrize(
    ("held", "given", "hint"),
    [
        (HeldLogin("quay.io", "eve", "quay.io"), [], 'login="quay.io=eve"'),
        (HeldLogin("quay.io", "eve", "quay.io"), [login("docker.io", "eve")], 'login="quay.io=eve"'),
        (HeldLogin("*.x.io", "eve", "*.x.io"), [], 'from_file="PATH"'),
    ],
)
def test_another_that_nobody_gave(held, given, hint):
    """Then it would be lost: that is refused, with what gives it."""
    with pytest.raises(RotationRefused, match=r"also has the login eve for .* would be lost") as caught:
        wanted_of(planned(held), NEW, [NEW, *given])
    assert hint in caught.value.hint
