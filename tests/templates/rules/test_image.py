import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidImage
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.templates.finding import Findings
from aicore_magics.templates.rules.image import declared_image, image_findings

CASES = json.loads((Path(__file__).parents[2] / "data/image-refs.json").read_text("utf-8"))
SERVING, WORKFLOW = ("spec", "template", "spec", "|"), ("spec", "templates", 0)


def found_in(image, path=SERVING):
    found = Findings()
    image_findings(found, image, path)
    return found


@pytest.mark.parametrize(
    "image",
    [
        "ghcr.io/acme/churn:1.4",
        "docker.io/acme/churn:1",
        "r.example.com:5000/a/b-c:v1",
        "{{inputs.parameters.x}}",
        f"ghcr.io/acme/churn@sha256:{'0' * 64}",
        "docker.io/{{x}}/churn",
        "ghcr.io/a/b_c:1",
    ],
)
def test_a_full_reference_is_fine(image):
    """A registry, a path and a version; or a parameter, whose value nobody knows here."""
    assert found_in(image) == []


@pytest.mark.parametrize(
    ("address", "fix"),
    [
        ("hub.docker.com/r/acme/own", "write docker.io/acme/own"),
        ("hub.docker.com/r/acme/own/tags", "write docker.io/acme/own"),
        ("https://hub.docker.com/repository/docker/acme/own/general", "write docker.io/acme/own"),
        ("https://hub.docker.com/_/python?tab=tags", "write docker.io/library/python"),
        ("hub.docker.com/acme/own:1", "write docker.io/acme/own:1"),
        ("https://quay.io/acme/own:1", "write quay.io/acme/own:1"),
        ("docker://ghcr.io/acme/own:1", "write ghcr.io/acme/own:1"),
        ("https://anna:hunter2@ghcr.io/acme/own", "write it like docker.io/acme/churn:1.4"),
    ],
)
def test_the_image_behind_an_address_is_told(address, fix):
    """What a browser takes leads to an image, and that is what to write; no password in it is repeated."""
    (one,) = found_in(address)
    assert (one.rule.id, one.fix) == ("image-reference", fix)
    assert "hunter2" not in str(one)


@pytest.mark.parametrize(
    ("image", "rules"),
    [
        ("python", ["image-host", "image-tag"]),
        ("acme/churn:1.4", ["image-host"]),
        ("docker.io/python:latest", ["image-tag"]),
        ("ghcr.io/acme/churn", ["image-tag"]),
        ("localhost:5000/churn", ["image-tag"]),
        ("https://ghcr.io/acme/churn:1", ["image-reference"]),
        ("ghcr.io/Acme/churn:1", ["image-reference"]),
        ("ghcr.io/acme/churn:1 ", ["image-reference"]),
        ("hub.docker.com/acme/churn:1", ["image-reference"]),
        ("docker.io/<YOU>/churn:1", ["image-placeholder"]),
        ("<DOCKER IMAGE URL GOES HERE>", ["image-placeholder"]),
    ],
)
def test_what_is_wrong_with_an_image(image, rules):
    """A missing registry and a changing tag are doubtful, what is no reference is an error."""
    assert [one.rule.id for one in found_in(image)] == rules


def test_the_fix_is_the_reference_to_write():
    """The full name is offered, and for a web page the registry behind it."""
    assert found_in("acme/churn:1")[0].fix == "write docker.io/acme/churn:1"
    assert found_in("hub.docker.com/acme/churn:1")[0].fix == "write docker.io/acme/churn:1"


def test_a_workflow_runs_and_a_deployment_stays():
    """What a changing tag means differs between the kinds."""
    assert "running deployment" in found_in("ghcr.io/a/b:latest")[0].message
    assert "between two executions" in found_in("ghcr.io/a/b:latest", WORKFLOW)[0].message


def test_a_password_in_an_image_is_not_repeated():
    """Somebody may paste a login in front of the registry."""
    (found,) = found_in("anna:Hunter2@ghcr.io/acme/churn:1")
    assert "Hunter2" not in str(found)


@given(st.text() | st.from_regex(r"[a-zA-Z0-9.:/@-]{1,40}", fullmatch=True))
def test_an_image_is_an_error_exactly_if_it_is_no_reference(image):
    """The quick look and the full one agree with what containerd and the kubelet read."""
    try:
        ImageReference.parse(image)
    except InvalidImage:
        assert "{{" in image or [one.severity for one in found_in(image)] == ["error"]
    else:
        assert all(one.severity == "warning" or "docker.com" in image for one in found_in(image))


@pytest.mark.parametrize(
    ("image", "name"),
    [("{{inputs.parameters.x}}", "x"), (" {{ inputs.parameters.my-x }} ", "my-x")]
    + [
        (text, "")
        for text in ("a{{inputs.parameters.x}}", "{{workflow.parameters.x}}", "{{}}", "", "{{{{}}}}")
    ]
    + [("{{inputs.parameters.a}}{{inputs.parameters.b}}", "")],
)
def test_an_image_that_is_one_parameter(image, name):
    """Only if nothing stands around it, the value of the parameter is the image."""
    assert declared_image(image, "inputs.parameters.") == name
