"""Names that lead to no login, or to several: the refusal has what is there to choose from."""

from __future__ import annotations

import pytest

from aicore_magics.actions.rotation_names import no_login_of, which_registry
from aicore_magics.jupyter.wording import NOTEBOOK

THERE = ("team-try", "team-ghcr")


@pytest.mark.parametrize(
    ("name", "host", "elsewhere", "what", "following"),
    [
        ("team-tri", "", [], "no login for team-tri", "did you mean team-try?"),
        ("team-gchr", "ghcr.io", [], "no login at ghcr.io for team-gchr", "did you mean team-ghcr?"),
        ("nothing", "", [], "no login for nothing", "note its login: %aicore_docker_secret note nothing"),
        ("team-tri", "", ["prod"], "secret team-tri in tenant prod only", "name its tenant: --profile NAME."),
        ("x", "ghcr.io", ["a", "b"], "secret x at ghcr.io in tenant a, b only", "--profile NAME"),
    ],
)
def test_a_name_that_leads_to_no_login(name, host, elsewhere, what, following):
    """A slip leads to the name that was meant, and a secret of another tenant to its profile."""
    error = no_login_of(name, host, THERE, elsewhere)
    said = NOTEBOOK.say(error.next)
    assert what in error.what
    assert following in said
    assert ("did you mean" in said) == following.startswith("did")


@pytest.mark.parametrize(
    ("hosts_of", "what", "following"),
    [
        (
            {"both": ["ghcr.io", "quay.io"]},
            "secret both has logins for 2 registries: ghcr.io, quay.io",
            "say which is replaced: --registry ghcr.io, or --registry quay.io.",
        ),
        (
            {"a": ["ghcr.io", "x.example", "quay.io"], "b": ["quay.io", "ghcr.io"]},
            "secrets a, b have logins for 2 registries: ghcr.io, quay.io",
            "say which is replaced: --registry ghcr.io, or --registry quay.io.",
        ),
        (
            {"a": ["ghcr.io"], "b": ["quay.io"]},
            "the secrets have no registry in common",
            "plan them one at a time: %aicore_rotate plan a",
        ),
    ],
)
def test_all_registries_to_choose_from(hosts_of, what, following):
    """The secret is named, and so is each registry that it may be."""
    error = which_registry(hosts_of)
    assert (error.what, NOTEBOOK.say(error.next)) == (what, following)
    assert not error.lines or error.lines == ("a has ghcr.io", "b has quay.io")
