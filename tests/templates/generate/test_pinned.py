"""An image is named by the digest of a check, and what that means is said."""

from __future__ import annotations

import pytest

from aicore_magics.errors import InvalidImage, InvalidTemplate
from aicore_magics.templates.generate.generated import serving_template
from aicore_magics.templates.generate.pinned import pinned
from aicore_magics.templates.generate.serving_parts import ServingOptions

DIGEST = "sha256:" + 64 * "a"


@pytest.mark.parametrize(
    ("image", "name", "tag"),
    [
        ("ghcr.io/acme/churn:1.4", "ghcr.io/acme/churn", "1.4"),
        ("ghcr.io/acme/churn", "ghcr.io/acme/churn", "latest"),
        ("acme/churn:1", "docker.io/acme/churn", "1"),
        ("index.docker.io/churn", "docker.io/library/churn", "latest"),
        ("reg.example.com:5000/a/b:1", "reg.example.com:5000/a/b", "1"),
    ],
)
def test_the_tag_gives_way(image, name, tag):
    """The full name with the digest; which tag it was, and that it is no longer followed, is a note."""
    text, (note,) = pinned(image, DIGEST)
    assert text == f"{name}@{DIGEST}"
    assert note.startswith(f"{name}:{tag} was sha256:aaaa")
    assert "no longer follows the tag" in note


def test_there_may_be_nothing_to_do():
    """An image with this digest stays as it is, and that is said."""
    image = f"acme/churn:1@{DIGEST}"
    note = "docker.io/acme/churn has its digest already: there was nothing to pin."
    assert pinned(image, DIGEST) == (image, (note,))


@pytest.mark.parametrize(
    ("image", "digest", "words"),
    [
        (f"acme/churn@{DIGEST}", "sha256:" + 64 * "b", "another digest already"),
        ("acme/churn:1", "", "not sha256:"),
        ("acme/churn:1", True, "not sha256:"),
        ("acme/churn:1", "sha256:" + 64 * "A", "not sha256:"),
        ("acme/churn:1", "sha512:" + 128 * "a", "not sha256:"),
        ("acme/churn:1", DIGEST + "\n", "not sha256:"),
        ("{{inputs.parameters.image}}", DIGEST, "is a parameter"),
        (None, DIGEST, "is a parameter"),
    ],
)
def test_what_cannot_be_pinned(image, digest, words):
    """A digest that is none, another one, and an image that only a configuration tells, are refused."""
    with pytest.raises(InvalidTemplate, match=words):
        pinned(image, digest)


def test_an_image_that_is_none():
    """It is refused as anywhere."""
    with pytest.raises(InvalidImage):
        pinned("ghcr.io/A", DIGEST)


def test_a_template_by_digest():
    """The template names the image by it, its result says so; the check finds nothing wrong in it."""
    made = serving_template(
        "churn-serve",
        image="ghcr.io/acme/churn:1.4",
        secret="team-ghcr",
        scenario="churn",
        options=ServingOptions(digest=DIGEST),
    )
    assert f'image: "ghcr.io/acme/churn@{DIGEST}"\n' in made.text
    assert made.image == f"ghcr.io/acme/churn@{DIGEST}"
    assert len(made.notes) == 1
    plain = serving_template("churn-serve", image=made.image, secret="team-ghcr", scenario="churn")
    assert plain.text == made.text
    assert plain.notes == ()
