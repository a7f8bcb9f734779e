"""A verdict is about one registry, login and image, and holds nothing of a secret."""

from __future__ import annotations

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.http.messages import Response
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.registry.redirects import Forwarded
from aicore_magics.registry.verdict_texts import Verdicts

IMAGE = ImageReference.parse("reg.example.com/acme/churn:1.4")


def telling(user="anna", password="hunter2-hunter2"):
    login = RegistryLogin("reg.example.com", user, Secret(password)) if user else None
    return Verdicts(IMAGE.registry, login, IMAGE)


@pytest.mark.parametrize("user", ["anna", ""])
def test_what_a_verdict_is_about(user):
    """Registry, user and image stand in every verdict."""
    verdict = telling(user).untold("sends no token")
    assert (verdict.registry, verdict.username, verdict.image) == ("reg.example.com", user, str(IMAGE))


def test_who_has_answered():
    """What another host has answered is said of that one, and of no other."""
    own = Response(503, {}, b"", "reg.example.com")
    far = Forwarded(503, {}, b"", "cdn.example")
    assert telling().unclear(own).reason == "reg.example.com answers 503. Nothing was checked."
    assert telling().unclear(far).reason == "cdn.example answers 503. Nothing was checked."


def test_what_is_hidden_later():
    """A token that the login gets in the course of a check is masked from then on."""
    tell = telling()
    assert "token-0123456789" in tell.untold("says token-0123456789").reason
    tell.hide(Secret("token-0123456789"))
    assert "token-0123456789" not in repr(tell.untold("says token-0123456789, hunter2-hunter2"))
    assert "hunter2" not in repr(tell.untold("says token-0123456789, hunter2-hunter2"))
