"""What was entered becomes values, or a sentence below each wrong field."""

from __future__ import annotations

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.errors import PromptImpossible
from aicore_magics.jupyter.form.entries import FILE, TYPED, Fields
from aicore_magics.logins.docker_login import DockerLogin


@pytest.fixture
def entered():
    """The fields, with everything that is needed in them."""
    fields = Fields("")
    fields.name.value, fields.user.value = "team-churn", "anna"
    fields.images.value = "  ghcr.io/acme/churn:1.4 \n\n ghcr.io/acme/score:2\n"
    fields.password.value = Secret("p1")
    yield fields
    fields.password.widget.close()


def test_what_was_entered(entered):
    """Lines without their spaces, the login as a wish, the password as it was received."""
    read = entered.read()
    assert (read.name, read.check) == ("team-churn", True)
    assert read.images == ("ghcr.io/acme/churn:1.4", "ghcr.io/acme/score:2")
    assert (read.wish.username, read.wish.registry, read.password) == ("anna", "", Secret("p1"))
    assert read.subjects() == read.images
    assert read.would_hold() == "ghcr.io as anna"
    assert "p1" not in repr(read)


def test_a_registry_without_images(entered):
    """Without an image the registry is what is asked."""
    entered.images.value, entered.registry.value = "", "https://index.docker.io/v1/"
    assert entered.read().subjects() == ("docker.io",)


def test_a_check_needs_no_name(entered):
    """Who only checks need not think of a name."""
    entered.name.value = ""
    assert entered.read() is None
    assert entered.read(named=False) is not None


@pytest.mark.parametrize("user", ["", "anna:x"])
def test_a_wrong_user(entered, user):
    """A user that no registry could be sent is told below its field, without a word of options."""
    entered.user.value = user
    assert entered.read() is None
    assert "Error: " in entered.user.widget.description
    assert "--" not in entered.user.widget.description


def test_docker_logins_are_a_choice(entered):
    """What docker left is offered, but for what cannot pull; choosing one needs no user and no password."""
    found = (
        DockerLogin("ghcr.io", "anna", "~/.docker/config.json"),
        DockerLogin("acme.azurecr.io", "x", "~/.docker/config.json", "an identity token cannot pull"),
    )
    entered.offer(found)
    labels = [label for label, _ in entered.login.widget.options]
    assert labels == ["Type it here", "docker login: ghcr.io as anna", "From a file"]
    assert entered.login.value == TYPED
    entered.login.value = ("ghcr.io", "anna")
    assert entered.user not in entered.shown
    assert entered.password not in entered.shown
    wish = entered.read().wish
    assert (wish.docker_login, wish.registry, wish.username) == (True, "ghcr.io", "anna")


def test_a_file_needs_a_path(entered):
    """A login file is named by its path; all its logins are meant where no registry is named."""
    entered.login.value = FILE
    assert entered.read() is None
    assert "the path is missing" in entered.file.widget.description
    entered.file.value = " ~/login.json "
    wish = entered.read().wish
    assert (wish.from_file, wish.take_all) == ("~/login.json", True)
    entered.images.value = ""
    assert entered.read().would_hold() == "the logins of ~/login.json"


def test_nothing_is_asked_twice(entered):
    """As an answerer the entries give the password, and refuse what the form should have asked for."""
    read = entered.read()
    assert read.secret("Password: ") == Secret("p1")
    with pytest.raises(PromptImpossible, match="something is missing"):
        read.text("User: ", instead="--username USER")
    entered.password.value = None
    assert entered.read() is None


def test_the_hint_for_the_user_follows_the_registry(entered):
    """Once the registry is known, its own words for the user replace the general ones."""
    entered.images.widget.value = "ghcr.io/acme/churn:1"
    assert "GitHub" in entered.user.widget.description
    assert "Key in the secret: ghcr.io" in entered.registry.widget.description
    entered.registry.widget.value = "reg.example.com"
    assert "The account name" in entered.user.widget.description


@pytest.mark.parametrize(
    "images", ["", "ghcr.io/acme/churn:", "https://ghcr.io/a", "ghcr.io/a/b\nquay.io/a/b"]
)
def test_a_hint_goes_with_what_it_speaks_of(entered, images):
    """Images emptied, wrong, or of two registries: neither Registry nor User tells what followed from one."""
    entered.images.widget.value = "ghcr.io/acme/churn:1"
    entered.images.widget.value = images
    assert "From the image" not in entered.registry.widget.description
    assert "Empty: the image&#x27;s registry" in entered.registry.widget.description
    assert "GitHub" not in entered.user.widget.description
    assert "The account name" in entered.user.widget.description


@pytest.mark.parametrize("registry", ["docker", "ghcr,io"])
def test_a_wrong_registry_has_no_hint_for_the_user(entered, registry):
    """Where no registry is named any more the user's general help comes back."""
    entered.registry.widget.value = "ghcr.io"
    entered.registry.widget.value = registry
    assert "GitHub" not in entered.user.widget.description


def test_a_file_takes_no_registry_from_the_image(entered):
    """With another login than a typed one the registry is not that of the image; with a typed one it is."""
    entered.images.widget.value = "ghcr.io/acme/churn:1"
    entered.login.widget.value = FILE
    assert "Empty: all logins in the file are stored." in entered.registry.widget.description
    entered.login.widget.value = TYPED
    assert "From the image" in entered.registry.widget.description
    entered.login.widget.value = FILE
    entered.registry.widget.value = "quay.io"
    entered.login.widget.value = TYPED
    assert "all logins in the file" not in entered.registry.widget.description


def test_clear_takes_the_hints_back(entered):
    """An emptied form tells nothing of what was in it."""
    entered.images.widget.value = "ghcr.io/acme/churn:1"
    entered.clear()
    assert "GitHub" not in entered.user.widget.description
    assert "From the image" not in entered.registry.widget.description


def test_two_registries_are_told_when_the_images_are_left(entered):
    """Not while they are typed; then below Registry, until one is left, or one is named."""
    entered.images.widget.value = "ghcr.io/a/b\nquay.io/a/b"
    assert not entered.registry.wrong
    entered.judge()
    assert "images are at two registries" in entered.registry.widget.description
    entered.user.widget.value = "berta"
    assert entered.registry.wrong
    entered.images.widget.value = "ghcr.io/a/b\nquay.io/a"
    assert entered.registry.wrong
    entered.images.widget.value = "ghcr.io/a/b"
    assert not entered.registry.wrong
    entered.images.widget.value = "ghcr.io/a/b\nquay.io/a/b"
    entered.judge()
    entered.registry.widget.value = "quay.io"
    assert not entered.registry.wrong


@pytest.mark.parametrize("image", ["ghcr.io", "churn:1.4", "acme/churn"])
def test_an_image_without_a_registry(entered, image):
    """That it means Docker Hub is told as the magic tells it, once the field is left."""
    entered.images.widget.value = image
    assert "Docker Hub" not in entered.images.widget.description
    entered.judge()
    said = entered.images.widget.description
    assert f"{image} names no registry, so it is at Docker Hub: docker.io/" in said
    assert 'class="k w' in said
    entered.images.widget.value = "docker.io/acme/churn"
    entered.judge()
    assert "names no registry" not in entered.images.widget.description


def test_a_field_is_judged_when_it_is_left(entered):
    """By whoever says so first, the browser or an edit of another field; spaces around its text go then."""
    entered.leave()  # nothing was edited yet
    entered.user.widget.value = " a:b "
    assert not entered.user.wrong
    entered.leave()
    assert "a colon is not allowed" in entered.user.widget.description
    assert entered.user.value == "a:b"


def test_what_was_refused_is_not_wrong_for_ever(entered):
    """What a registry refused may be right at the next try: only what is wrong in itself stays marked."""
    entered.images.show_error("it is built for linux/arm64.")
    assert entered.read() is not None
    assert not entered.images.wrong
