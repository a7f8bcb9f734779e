"""What is said about image, secret and plan."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidInput, InvalidTemplate
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import SecretName
from aicore_magics.templates.facts import PLANS
from aicore_magics.templates.generate import notes
from aicore_magics.templates.generate.parts import Container, Parameter, SecretKey

PARAMETERS = (Parameter("a", "x"), Parameter("b", "y", "z"), Parameter("c"))


@given(
    st.lists(st.sampled_from(["a", "1", ".", "-", "_", "gl", "glpat-", "aaaaaaaa"]), max_size=8).map("".join)
)
def test_secrets_that_are_plainly_right(name):
    """Whatever passes as plainly right would have passed its reader, without a note."""
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
@example("ghcr.io/acme/churn:1.4")
@example("ghcr.io/acme/churn:latest")
@example("ghcr.io/acme/churn:latest-1")
def test_images_that_are_usual_are_right(image):
    """Whatever nothing is said about, at a glance or after a close look, is an image with a version."""
    with contextlib.suppress(InvalidInput):
        if not notes.image_notes(image):
            assert ImageReference.parse(image).tag not in (None, "latest")


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


def test_a_secret_in_a_variable_is_noted():
    """What is a secret by its name stands in the template and in git, and is not repeated in the note."""
    env = {"DB_PASSWORD": "hunter2", "GH_PAT": "x", "DEPTH": "3", "TOKEN": "{{inputs.parameters.t}}"}
    env |= {"API_KEY": SecretKey("openai", "key")}
    said = notes.env_notes(Container(env=env))
    assert [note.partition(" ")[0] for note in said] == ["DB_PASSWORD", "GH_PAT"]
    assert all("in git" in note and "--secret-env" in note and "hunter2" not in note for note in said)


@pytest.mark.parametrize(
    ("container", "said"),
    [
        (Container(), []),
        (Container(args=["--model"]), []),
        (Container(args=["--model", "a b"]), []),
        (Container(args=["serve --port 8080"]), ['add --command "/bin/sh -c".']),
        (Container(args="serve --port 8080"), ['add --command "/bin/sh -c".']),
        (Container(args=["--port 8080"]), ["its own --args."]),
        (Container(args=["serve --port 8080"], command=["/bin/sh", "-c"]), []),
    ],
)
def test_a_command_line_without_a_shell_is_noted(container, said):
    """In a serving template the image's ENTRYPOINT gets it whole, which is seldom meant."""
    found = notes.command_notes(container)
    assert len(found) == len(said)
    assert all(note.endswith(end) for note, end in zip(found, said, strict=True))
