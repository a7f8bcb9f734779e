"""%aicore_rotate due in a kernel: whose record it shows, and that it asks nobody."""

from __future__ import annotations

import json
import socket

import pytest
from IPython.core.error import UsageError

from aicore_magics.actions import connections
from aicore_magics.ledger.ledger import Ledger
from aicore_magics.ledger.place import ledger_folder
from aicore_magics.ledger.record import NotedLogin, Record
from aicore_magics.model.expiry import told_end
from tests.waiting import PATIENCE

HOST = "api.ai.{}.eu-central-1.aws.ml.hana.ondemand.com"
SECRET = "aicore_docker_secret"
NOTE = "note team-y --registry ghcr.io --username anna --ends 2001-01-31"


@pytest.fixture
def here(shell, sandbox, tmp_path, monkeypatch):
    """A shell with a state folder and two profiles of its own, which reaches no network."""
    key = sandbox.service_key
    for name, host in (("dev", "dev"), ("prod", "prod")):
        urls = {"AI_API_URL": f"https://{HOST.format(host)}"}
        auth = f"https://{host}.authentication.eu10.hana.ondemand.com"
        config = {**key, "url": auth, "serviceurls": urls}
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
    }


def due(shell, *more):
    return shell.run_line_magic("aicore_rotate", " ".join(("due", *more))).due


def recorded(profile):
    """A login that ended long ago, in the record of the tenant of *profile*."""
    login = NotedLogin(registry="ghcr.io", username="anna", expiry=told_end("2001-01-31"))
    place = {"tenant": profile, "host": HOST.format(profile)}
    Ledger(ledger_folder()).append(Record(**place, secret=f"team-{profile}", op="created", logins=(login,)))


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
    for profile in ("dev", "prod"):
        recorded(profile)
    assert len(due(here)) == 2
    assert [each.secret for each in due(here, "--profile", "dev")] == ["team-dev"]
    here.run_line_magic(SECRET, "forget team-dev team-prod --profile dev")
    assert (len(due(here)), len(due(here, "--profile", "dev"))) == (1, 0)
    here.run_line_magic(SECRET, "forget --before 2200-01-01")
    assert not due(here)


def test_the_sandbox_has_its_own(here, monkeypatch):
    """What is stored in the sandbox is in its own record, and nothing else is; each has its own."""
    monkeypatch.setattr(connections, "READ_WITHIN_HERE", PATIENCE)
    recorded("dev")
    here.run_line_magic("aicore_connect", "--sandbox")
    assert not due(here)
    here.__dict__["_aicore_magics"][0].session.sandbox().state.secrets["team-y"] = "{}"
    here.run_line_magic(SECRET, NOTE)
    assert [each.secret for each in due(here)] == ["team-y"]
    assert [each.secret for each in due(here, "--profile", "dev")] == ["team-dev"]
    assert not due(here, "--profile", "sandbox:other")
    assert here.run_line_magic("aicore_connect", "--status").logins
    here.run_line_magic(SECRET, "forget team-y")
    assert not due(here)
    here.run_line_magic("aicore_connect", "--disconnect")
    assert [each.secret for each in due(here)] == ["team-dev"]


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
