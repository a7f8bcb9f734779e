"""Completion offers subcommands, options and names that are known, and never asks the network."""

from __future__ import annotations

import pytest


def offered(shell, line):
    return {match.text for match in shell.Completer.completions(line, len(line)) if match.type == "magic"}


@pytest.fixture
def quiet(shell):
    """A shell whose provisional-API warning is accepted."""
    from IPython.core.completer import provisionalcompleter

    with provisionalcompleter():
        yield shell


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "%aicore_docker_secret ",
            {"create", "apply", "update", "list", "show", "delete", "quota", "check", "form", "--help"},
        ),
        ("%aicore_docker_secret cr", {"create"}),
        ("x = %aicore_docker_secret de", {"delete"}),
        ("%aicore_docker_secret create team --reg", {"--registry"}),
        ("%aicore_docker_secret delete team-ghcr --y", {"--yes"}),
        ("%aicore_docker_secret create team --registry gh", {"ghcr.io"}),
        ("%aicore_docker_secret create team --dry-run --as ", {"curl", "http"}),
        ("%aicore_docker_secret apply team --for ", {"workflow", "serving"}),
        ("%aicore_docker_secret check --image x --for s", {"serving"}),
        ("%aicore_docker_secret check --password-env SANDBOX_", {"SANDBOX_TEST_VARIABLE"}),
        ("%aicore_connect --s", {"--service-key", "--sandbox", "--status"}),
        ("%aicore_template ", {"workflow", "serving", "check", "patch", "rules", "save", "--help"}),
        ("%%aicore_template sa", {"save"}),
        ("%aicore_template serving x --pin", {"--pin-digest"}),
        ("%aicore_template workflow x --pin", set()),
        ("t = %aicore_template serving x --min", {"--min-replicas"}),
        ("%aicore_notebook n", {"new"}),
        ("%aicore_notebook new x.ipynb --password-env SANDBOX_", {"SANDBOX_TEST_VARIABLE"}),
        ("%aicore_template check --as ", {"--profile", "--timeout", "--strict", "--disable", "--help"}),
        ("%aicore_template rules image-t", {"image-tag"}),
        ("%aicore_template rules image-tag im", set()),
        ("%aicore_template check x.yaml --disable plan-m", {"plan-missing"}),
        ("%%aicore_template save x.yaml --disable plan-m", {"plan-missing"}),
    ],
)
def test_words_that_fit(quiet, line, expected, monkeypatch):
    """Behind a magic only what fits there is offered."""
    monkeypatch.setenv("SANDBOX_TEST_VARIABLE", "x")
    assert offered(quiet, line) == expected


def test_known_names_are_offered_where_a_name_belongs(quiet, sandbox, tmp_path):
    """A name seen in a list is offered to update, show, delete and apply, and not to create."""
    key = tmp_path / "key.json"
    key.write_text(sandbox.service_key_json())
    sandbox.state.secrets["team-ghcr"] = '{"auths":{"ghcr.io":{}}}'
    quiet.run_line_magic("aicore_connect", f"--service-key {key}")
    quiet.run_line_magic("aicore_docker_secret", "list")
    asked = len(sandbox.state.requests)
    assert offered(quiet, "%aicore_docker_secret show te") == {"team-ghcr"}
    assert offered(quiet, "%aicore_docker_secret create te") == set()
    assert offered(quiet, "%aicore_template serving x --secret te") == {"team-ghcr"}
    assert len(sandbox.state.requests) == asked


def test_other_lines_are_left_alone(quiet):
    """Python and other magics complete as before."""
    assert offered(quiet, "impor") == set()
    assert "import" in [match.text for match in quiet.Completer.completions("impor", 5)]


def test_a_hidden_name_is_not_offered(quiet, sandbox, tmp_path):
    """A name that looks like a token is not offered where names are."""
    key = tmp_path / "key.json"
    key.write_text(sandbox.service_key_json())
    token = "ghp_" + 6 * "ab1c"
    sandbox.state.secrets.update(dict.fromkeys((token, "team-ghcr"), '{"auths":{"ghcr.io":{}}}'))
    quiet.run_line_magic("aicore_connect", f"--service-key {key}")
    quiet.run_line_magic("aicore_docker_secret", "list")
    for command in ("show", "delete", "update", "apply"):
        names = offered(quiet, f"%aicore_docker_secret {command} ")
        assert "team-ghcr" in names
        assert not {token, "***"} & names
