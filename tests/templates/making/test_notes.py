"""What is said about image, secret and plan; the quick look agrees with the long one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidInput, InvalidTemplate
from aicore_magics.images import ImageReference
from aicore_magics.names import SecretName
from aicore_magics.templates.documented import PLANS
from aicore_magics.templates.making import notes
from aicore_magics.templates.making.parts import Parameter

PARAMETERS = (Parameter("a", "x"), Parameter("b", "y", "z"), Parameter("c"))


@given(
    st.lists(st.sampled_from(["a", "1", ".", "-", "_", "gl", "glpat-", "aaaaaaaa"]), max_size=8).map("".join)
)
def test_secrets_that_are_usual_are_right(name):
    """Whatever passes at a glance would have passed the long look, without a note."""
    try:
        said = notes.secret_notes(name)
    except InvalidInput:
        assert not SecretName.fits(name)
    else:
        assert SecretName.fits(name)
        assert said == tuple(filter(None, [SecretName(name).caution]))


@given(
    st.lists(st.sampled_from(["a", "1", ".", "-", "_", "/", ":", "io", "A", "latest"]), max_size=12).map(
        "".join
    )
)
def test_images_that_are_usual_are_right(image):
    """Whatever passes at a glance is an image reference with a host and a version."""
    if notes._usual_image(image):
        parsed = ImageReference.parse(image)
        assert parsed.tag not in (None, "latest")
        assert str(parsed) == image
        assert "." in parsed.domain


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("ghcr.io/acme/churn:1.4", ()),
        ("registry.example.com:5000/a/b/c:1", ()),
        ("docker.io/acme/churn@sha256:" + "0" * 64, ()),
        ("acme/churn:1.4", ("acme/churn:1.4 has no registry in front",)),
        ("ghcr.io/acme/churn", ("churn:latest can change",)),
        ("ghcr.io/acme/churn:latest", ("churn:latest can change",)),
        ("churn", ("churn has no registry in front", "churn:latest can change")),
    ],
)
def test_notes_on_images(image, said):
    """A host that is missing and a version that may change are told, and do not stop anything."""
    found = notes.image_notes(image)
    assert len(found) == len(said)
    assert all(note.startswith(begin) and note.endswith(".") for note, begin in zip(found, said, strict=True))


@pytest.mark.parametrize("plan", PLANS)
def test_plans_that_are_documented(plan):
    """SAP's own plans need no note."""
    assert notes.plan_notes(plan) == ()


def test_other_plans():
    """A plan of another cloud may exist: it is noted. Capital letters are a slip, and refused."""
    assert notes.plan_notes("serve.s")[0].startswith("SAP documents no resource plan serve.s")
    with pytest.raises(InvalidTemplate):
        notes.plan_notes("Infer.S")


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        ("plain", "plain"),
        ("{{inputs.parameters.a}}", "x"),
        ("1{{ workflow.parameters.a }}2{{workflow.parameters.b}}3", "1x2z3"),
        ("{{inputs.parameters.c}}", None),
        ("{{inputs.parameters.d}}", None),
        ("{{", None),
    ],
)
def test_defaults_stand_for_parameters(value, filled):
    """What a parameter will be is known from its value or default, and else not."""
    assert notes.filled(value, PARAMETERS) == filled
