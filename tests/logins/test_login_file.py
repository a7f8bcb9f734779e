import json

import pytest

from aicore_magics.errors import InvalidFile, InvalidLogin, LoginNotFound
from aicore_magics.logins.login_file import file_logins
from aicore_magics.logins.wish import LoginWish
from aicore_magics.model.docker_secret import AuthKey
from aicore_magics.model.image_reference import ImageReference


@pytest.fixture
def wish(tmp_path):
    """Gives a function that wishes for the logins of a file with what is said."""

    def said(content, **more):
        place = tmp_path / "config.json"
        place.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
        place.chmod(0o600)
        return LoginWish(from_file=str(place), **more)

    return said


def config(*keys):
    return {"auths": {key: {"username": "u", "password": "p"} for key in keys}}


def test_the_logins_and_what_to_know(wish):
    """A file gives its logins with their keys as they stand there, and notes on what it is."""
    logins, notes = file_logins(wish(config("https://ghcr.io/v1/")))
    assert [(login.registry, login.username) for login in logins] == [(AuthKey("https://ghcr.io/v1/"), "u")]
    assert notes == ("Read as a docker config.",)


@pytest.mark.parametrize(
    ("said", "keys"),
    [
        ({"take_all": True}, ["ghcr.io", "quay.io", "*.example.com"]),
        ({"take_all": True, "registry": "quay.io"}, ["ghcr.io", "quay.io", "*.example.com"]),
        ({"registry": "https://QUAY.io"}, ["quay.io"]),
        ({"registry": "*.example.com"}, ["*.example.com"]),
        ({"images": (ImageReference.parse("ghcr.io/a/b"),)}, ["ghcr.io"]),
        ({"images": (ImageReference.parse("a.example.com/b"),)}, ["*.example.com"]),
    ],
)
def test_what_is_chosen(said, keys, wish):
    """All, or those of the registry or the key that was named, or that serve the images."""
    logins, _ = file_logins(wish(config("ghcr.io", "quay.io", "*.example.com"), **said))
    assert [login.key for login in logins] == keys


@pytest.mark.parametrize(
    ("content", "said", "kind"),
    [
        (config("ghcr.io", "quay.io"), {}, InvalidLogin),
        (config("ghcr.io", "quay.io"), {"images": (ImageReference.parse("docker.io/a/b"),)}, InvalidLogin),
        (config("ghcr.io"), {"registry": "quay.io"}, LoginNotFound),
        ("anna:token", {}, InvalidFile),
        ("{", {}, InvalidFile),
    ],
)
def test_what_is_refused(content, said, kind, wish):
    """Where nothing was chosen, is there, or can be read, the error says so; nothing is guessed."""
    with pytest.raises(kind) as caught:
        file_logins(wish(content, **said))
    assert type(caught.value) is kind
    assert "Nothing was sent." in caught.value.message
    assert caught.value.hint


def test_a_text_without_a_registry_takes_that_of_the_images(wish):
    """User and token alone are for the registry of the images, if they have but one."""
    one, two = map(ImageReference.parse, ("ghcr.io/a/b", "quay.io/a/b"))
    logins, _ = file_logins(wish("anna:token", images=(one, one)))
    assert [login.key for login in logins] == ["ghcr.io"]
    with pytest.raises(InvalidFile):
        file_logins(wish("anna:token", images=(one, two)))
