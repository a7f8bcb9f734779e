"""A dry run gives the request, or a script that sends it, and neither holds a secret."""

from __future__ import annotations

import json

import pytest

from aicore_magics.actions import script_docker_secret
from aicore_magics.actions.dry_run import DryRun, RequestScript
from aicore_magics.base.result import Where
from aicore_magics.errors import InvalidLogin
from aicore_magics.model.docker_secret import AuthKey

WHERE = Where("acme-dev", "api.ai.example")


def test_a_dry_run_shows_the_request():
    """Method, address, type and masked body are shown, and that nothing was sent."""
    dry = DryRun(
        "team-ghcr", "POST", "https://api.ai.example/v2/x", "application/json", '{\n  "a": 1\n}', WHERE
    )
    text = repr(dry)
    assert text.startswith("Dry run for team-ghcr: nothing was sent.")
    assert '\n    "a": 1\n' in text
    assert json.loads(json.dumps(dry.to_dict()))["method"] == "POST"


@pytest.mark.parametrize(("form", "kind"), [("curl", "script for sh and curl"), ("http", "request file")])
def test_the_text_of_a_script_is_the_script(form, kind):
    """What is printed can be saved as it is; the card says what it is and what it reads."""
    script = RequestScript("team-ghcr", form, "line 1\n  line 2\n", ("VAR_A", "VAR_B"), WHERE)
    assert repr(script) == "line 1\n  line 2\n"
    assert kind in script.report().headline
    assert "set VAR_A, VAR_B, then run it" in str(script.report())


def test_registries_and_users_of_a_script_are_checked_like_those_of_a_secret(tenant):
    """Any spelling becomes the right key; what would spoil a secret is refused."""
    script = script_docker_secret(tenant, "team-hub", [("docker.io", "anna")], form="curl")
    assert "https://index.docker.io" in script.script
    kept = script_docker_secret(
        tenant, "team-hub", [(AuthKey("https://index.docker.io/v1/"), "anna")], form="http"
    )
    assert "https://index.docker.io/v1/" in kept.script
    for users in ([], [("ghcr.io", "a:b")], [("ghcr.io", "a\nb")], [("ghcr.io", "a"), ("GHCR.io", "b")]):
        with pytest.raises(InvalidLogin):
            script_docker_secret(tenant, "team-hub", users, form="curl")


def test_a_password_in_a_key_is_not_written_down(tenant, canary):
    """A key from a file may hold a password; a script is for others to read."""
    with pytest.raises(InvalidLogin) as caught:
        script_docker_secret(
            tenant, "team-hub", [(AuthKey("https://u:hidden-pw@host.example"), "a")], form="curl"
        )
    assert "hidden-pw" not in str(caught.value)
