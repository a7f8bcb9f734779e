"""%aicore_rotate due in a kernel: whose record it shows, and that it asks nobody."""

from __future__ import annotations

import json
import socket

import pytest
from IPython.core.error import UsageError

NOTE = "aicore_docker_secret", "note team-x --registry ghcr.io --username anna --ends 2001-01-31"
DUE = "aicore_rotate", "due"


@pytest.fixture
def here(shell, sandbox, tmp_path, monkeypatch):
    """A shell with a state folder and two profiles of its own, which reaches no network."""
    key = sandbox.service_key
    for name, host in (("dev", "dev"), ("prod", "prod")):
        urls = {"AI_API_URL": f"https://api.ai.{host}.eu-central-1.aws.ml.hana.ondemand.com"}
        auth = f"https://{host}.authentication.eu10.hana.ondemand.com"
        config = {**key, "url": auth, "serviceurls": urls, "identityzone": f"zone-{name}"}
        text = {f"AICORE_{word}": value for word, value in _flat(config).items()}
        (tmp_path / f"config_{name}.json").write_text(json.dumps(text))
    monkeypatch.setenv("AICORE_HOME", str(tmp_path))
    monkeypatch.setenv("AICORE_MAGICS_STATE", str(tmp_path / "state"))
    for variable in ("AICORE_SERVICE_KEY", "VCAP_SERVICES", "AICORE_PROFILE"):
        monkeypatch.delenv(variable, raising=False)
    return shell


def _flat(key):
    return {
        "AUTH_URL": f"{key['url']}/oauth/token",
        "CLIENT_ID": key["clientid"],
        "CLIENT_SECRET": key["clientsecret"],
        "BASE_URL": f"{key['serviceurls']['AI_API_URL']}/v2",
        "IDENTITYZONE": key["identityzone"],
    }


def due(shell, *more):
    magic, line = DUE
    return shell.run_line_magic(magic, " ".join((line, *more))).due


@pytest.fixture
def unplugged(monkeypatch):
    """Whoever opens a connection fails."""

    def refuse(*_args, **_kwargs):
        raise AssertionError

    monkeypatch.setattr(socket.socket, "connect", refuse)


@pytest.mark.usefixtures("unplugged")
def test_all_tenants_or_the_one_that_is_named(here):
    """Without a connection it shows the record of all tenants; a profile limits it, and is asked nothing."""
    assert not due(here)
    magic, note = NOTE
    for profile in ("dev", "prod"):
        here.run_line_magic(magic, f"{note} --profile {profile}")
    assert len(due(here)) == 2
    assert len(due(here, "--profile", "dev")) == 1
    here.run_line_magic(magic, "forget team-x --profile dev")
    assert (len(due(here)), len(due(here, "--profile", "dev"))) == (1, 0)
    here.run_line_magic(magic, "forget --before 2200-01-01")
    assert not due(here)


def test_the_sandbox_has_its_own(here):
    """What is stored in the sandbox is in its own record, and nothing else is; each has its own."""
    magic, note = NOTE
    here.run_line_magic(magic, f"{note} --profile dev")
    here.run_line_magic("aicore_connect", "--sandbox")
    assert not due(here)
    here.run_line_magic(magic, note.replace("team-x", "team-y"))
    assert len(due(here)) == 1
    assert len(due(here, "--profile", "dev")) == 1
    assert not due(here, "--profile", "sandbox:other")
    assert here.run_line_magic("aicore_connect", "--status").logins
    here.run_line_magic(magic, "forget team-y")
    assert not due(here)
    here.run_line_magic("aicore_connect", "--disconnect")
    assert len(due(here)) == 1


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("dues", "did you mean due?"),
        ("expiring", "did you mean due?"),
        ("list", "did you mean due?"),
        ("plan", "choose one of due."),
        ("note team-x", "did you mean %aicore_docker_secret note?"),
        ("due --tenant prod", "did you mean --profile?"),
        ("due --timeout 5", "no option --timeout"),
        ("due prod", "1 unexpected word"),
    ],
)
def test_what_was_meant(shell, line, says):
    """Another word leads to the right one."""
    with pytest.raises(UsageError) as caught:
        shell.run_line_magic("aicore_rotate", line)
    assert says in str(caught.value)


@pytest.mark.parametrize("line", ["", "--help", "due --help", "help due"])
def test_help(shell, line):
    """An empty line and --help show how."""
    assert "usage: %aicore_rotate" in repr(shell.run_line_magic("aicore_rotate", line))
