"""What is wrong with an entry is one sentence, without a word of options."""

from __future__ import annotations

import re

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.jupyter.form import faults

WRONG = {
    "no name": lambda: faults.name_fault(""),
    "capitals": lambda: faults.name_fault("Team"),
    "no user": lambda: faults.user_fault(" "),
    "colon": lambda: faults.user_fault("anna:x"),
    "placeholder": lambda: faults.user_fault("<USERNAME>"),
    "no password": lambda: faults.password_fault(None),
    "no text": lambda: faults.password_fault(Secret("a\nb")),
    "scheme": lambda: faults.images_fault(("ghcr.io/a/b:1", "https://ghcr.io/a/b")),
    "an image": lambda: faults.host_fault("ghcr.io/acme/churn"),
    "no registry": lambda: faults.registry_fault("", ()),
    "two registries": lambda: faults.registry_fault("", ("ghcr.io/a/b:1", "quay.io/a/b:1")),
    "no path": lambda: faults.path_fault(" "),
}


@pytest.mark.parametrize("kind", WRONG)
def test_what_is_wrong(kind):
    """Each fault is told, in a sentence that names no option."""
    said = WRONG[kind]()
    assert said
    assert "--" not in said


def test_the_line_that_is_wrong():
    """With several images it is told which, and of three why."""
    assert WRONG["scheme"]().startswith("line 2: ")
    bad, good = "https://ghcr.io/a/b", "ghcr.io/a/b:1"
    said = faults.images_fault((bad, good, bad))
    assert re.findall(r"[Ll]ine \d", said) == ["line 1", "Line 3"]
    assert said.count("https:// is not allowed") == 2
    assert faults.images_fault((bad,) * 5).endswith(" Also wrong: line 4, 5.")


@pytest.mark.parametrize(
    "said",
    [
        faults.name_fault(" team-a "),
        faults.user_fault(" anna "),
        faults.password_fault(Secret("p1")),
        faults.images_fault(()),
        faults.images_fault(("ghcr.io/a/b:1",)),
        faults.registry_fault("https://index.docker.io/v1/", ()),
        faults.registry_fault("", ("ghcr.io/a/b:1", "ghcr.io/a/c:1")),
        faults.registry_fault("", ("https://ghcr.io/a",)),  # told of the images already
        faults.path_fault("x"),
    ],
)
def test_what_is_right(said):
    """Of what is right nothing is said."""
    assert said == ""


@pytest.mark.parametrize(
    ("fault", "field"),
    [
        (faults.name_fault, "name"),
        (faults.host_fault, "registry"),
        (lambda text: faults.images_fault((text,)), "image"),
    ],
)
def test_a_token_in_a_field_is_in_no_cell(fault, field):
    """It was typed in the form: nothing is said of the history, but what would save it."""
    said = fault("ghp_" + 36 * "a")
    assert "looks like a GitHub token" in said
    assert f"Clear it before you save the notebook, and choose another {field}." in said
    assert "history" not in said
