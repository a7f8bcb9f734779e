"""%aicore_rotate due in a kernel: whose record it shows, and that it asks nobody."""

from __future__ import annotations

import json
import socket
from datetime import UTC, datetime, timedelta

import pytest
from IPython.core.error import UsageError

from aicore_magics.actions import connections
from aicore_magics.errors import (
    InvalidFile,
    NotConnected,
    OtherLogin,
    RotationIncomplete,
    RotationRefused,
)
from aicore_magics.jupyter.wording import NOTEBOOK
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
        ("start team-a", "did you mean run?"),
        ("rollback", "did you mean undo?"),
        ("cancel", "did you mean undo?"),
        ("continue", "did you mean resume?"),
        ("history", "did you mean status?"),
        ("cron plan.json", "did you mean schedule?"),
        ("dry-run team-a", "did you mean plan?"),
        ("what", "choose one of plan, run, resume, undo, status, due, schedule."),
        ("run team-a --force", "leave it out: run does not ask first"),
        ("run team-a --dry-run", "did you mean plan --test?"),
        ("undo --force", "did you mean --another-login?"),
        ("resume --yes", "did you mean --another-login?"),
        ("run team-a --no-check", "did you mean --no-check-registry?"),
        ("plan team-a --exclude team-b", "did you mean --leave-out?"),
        ("schedule plan.json --cron 4h", "did you mean --every?"),
        ("status --file rotation.json", "did you mean --record?"),
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


NAMES = ("dev", "test")
OF_BOTH = " ".join(f"--profile sandbox:{name}" for name in NAMES)


class Notebook:
    """A shell with two tenants of a sandbox, each with a secret; tokens are in OLD_TOKEN and NEW_TOKEN."""

    def __init__(self, shell, monkeypatch):
        self.shell, self._set = shell, monkeypatch.setenv
        self.sandbox = shell.__dict__["_aicore_magics"][0].session.sandbox()
        self.registry = self.sandbox.registry
        self.image = f"{self.registry.host}/acme/churn:1.4"
        self.old = self.token("OLD_TOKEN", days=20)
        self.new = self.token("NEW_TOKEN")
        for name in NAMES:
            login = f"--registry {self.registry.host} --username bot --password-env OLD_TOKEN"
            self.run(SECRET, f"create team-a {login} --image {self.image} --profile sandbox:{name}")

    def token(self, variable, *, days=90, begins=None):
        """A fresh token of bot, in that variable."""
        made = self.registry.make_login("bot", life=timedelta(days=days), shape="jwt", begins=begins)
        self._set(variable, made.password)
        return made.password

    def run(self, magic, line):
        return self.shell.run_line_magic(magic, line)

    def rotate(self, line):
        return self.run("aicore_rotate", line)

    def held(self, name):
        auths = json.loads(self.sandbox.tenant(name).state.secrets["team-a"])["auths"]
        return auths[self.registry.host]["password"]


@pytest.fixture
def notebook(shell, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("AICORE_MAGICS_STATE", str(tmp_path / "state"))
    return Notebook(shell, monkeypatch)


def states(done):
    return [each.state for each in done.outcomes.each]


def test_from_a_plan_to_the_undo(notebook, capsys):
    """Plan, run, status, undo: each line leads to the tenants by itself, and its result is a value."""
    planned = notebook.rotate(f"plan team-a {OF_BOTH} --out plan.json")
    assert (planned.plan.profiles, planned.saved) == (("sandbox:dev", "sandbox:test"), "plan.json")
    done = notebook.rotate("run plan.json --password-env NEW_TOKEN")
    assert (states(done), [notebook.held(name) for name in NAMES]) == (["replaced"] * 2, [notebook.new] * 2)
    assert capsys.readouterr().out.count("team-a") >= 2  # headless: a line for each
    again = notebook.rotate(f"run team-a {OF_BOTH} --password-env NEW_TOKEN")
    assert states(again) == ["the same"] * 2
    (run,) = notebook.rotate("status --profile sandbox:dev").runs
    assert (run.id, run.open) == (done.outcomes.run, False)
    undone = notebook.rotate(
        f"undo {run.id} --profile sandbox:dev --profile sandbox:test --password-env OLD_TOKEN"
    )
    assert (undone.kind, states(undone)) == ("undo", ["replaced"] * 2)
    assert [notebook.held(name) for name in NAMES] == [notebook.old] * 2


def test_the_last_moment_to_see_how_much_changes(notebook, monkeypatch):
    """The question for the new login says for how many secrets it is; an undo asks for the former one."""
    asked, host = [], notebook.registry.host
    answers = {"New": notebook.new, "Former": notebook.old}
    monkeypatch.setattr("getpass.getpass", lambda prompt: asked.append(prompt) or answers[prompt.split()[0]])
    notebook.run("aicore_connect", "--sandbox dev")
    assert notebook.rotate(f"run team-a {OF_BOTH}").complete
    assert notebook.rotate("undo").complete
    question = f"password or token of bot at {host}"
    assert asked == [f"New {question}, for 2 secrets of 2 tenants: ", f"Former {question}: "]


def test_what_is_due_leads_to_its_plan(notebook):
    """One login in two tenants is one that is due, and its plan has the profiles of both."""
    notebook.run("aicore_connect", "--sandbox")
    notebook.token("OLD_TOKEN", days=20, begins=datetime.now(UTC) - timedelta(days=15))
    for name in NAMES:
        login = f"--registry {notebook.registry.host} --username bot --password-env OLD_TOKEN"
        notebook.run(SECRET, f"update team-a {login} --profile sandbox:{name}")
    report = notebook.rotate("due").report()
    assert report.headline == "1 login in 2 secrets of 2 tenants is due now"
    assert NOTEBOOK.say(report.steps[0].lines[0]) == f"%aicore_rotate plan team-a {OF_BOTH}"


def test_a_run_that_is_cut_off(notebook, capsys):
    """What is not whole is shown as a card, then raised; resume leads to the tenants by the record."""
    notebook.run("aicore_connect", "--sandbox")
    notebook.sandbox.tenant("test").faults.forbidden = "json"
    with pytest.raises(RotationIncomplete) as caught:
        notebook.rotate(f"run team-a {OF_BOTH} --password-env NEW_TOKEN")
    assert states(caught.value.result) == ["replaced", "refused"]
    assert "1 of 2 secrets refused" in capsys.readouterr().out
    notebook.sandbox.tenant("test").faults.forbidden = ""
    other = notebook.token("OTHER_TOKEN")
    with pytest.raises(OtherLogin) as caught:
        notebook.rotate("resume --password-env OTHER_TOKEN")
    assert "--another-login" in NOTEBOOK.say(caught.value.next)
    assert notebook.held("dev") == notebook.new
    done = notebook.rotate("resume --password-env OTHER_TOKEN --another-login")
    assert (states(done), notebook.held("dev"), notebook.held("test")) == (["replaced"] * 2, other, other)
    with pytest.raises(RotationRefused):
        notebook.rotate("resume --password-env NEW_TOKEN")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("run plan.json --image ghcr.io/acme/churn:1.4 --password-env NEW_TOKEN", "--image goes with names"),
        ("run plan.json --templates . --password-env NEW_TOKEN", "--templates goes with names"),
        ("run plan.json --leave-out team-b --password-env NEW_TOKEN", "--leave-out goes with names"),
        ("run plan.json --registry ghcr.io --password-env NEW_TOKEN", "--registry goes with names"),
    ],
)
def test_what_the_file_of_a_plan_decides(notebook, line, says):
    """Options that would change which secrets are meant, or what is tested, are not ignored in silence."""
    notebook.rotate(f"plan team-a {OF_BOTH} --out plan.json")
    with pytest.raises(UsageError, match=says):
        notebook.rotate(line)
    assert [notebook.held(name) for name in NAMES] == [notebook.old] * 2


def test_a_write_needs_a_connection(notebook):
    """Without a profile a write is for the connected tenant, and there is none yet."""
    for line in ("run team-a --password-env NEW_TOKEN", "resume", "undo"):
        with pytest.raises((NotConnected, RotationRefused)):
            notebook.rotate(line)
    with pytest.raises(InvalidFile):
        notebook.rotate("run none.json --password-env NEW_TOKEN")


KERNEL = """
import os
from aicore_magics.sandbox.logins import logins
%aicore_connect --sandbox
logins().make("bot", variable="OLD", days=20, shape="jwt")
logins().make("bot", variable="NEW", days=90, shape="jwt")
host = get_ipython().__dict__["_aicore_magics"][0].session.sandbox().registry.host
image = f"{host}/acme/churn:1.4"
for name in ("sandbox:dev", "sandbox:test"):
    %aicore_docker_secret create team-a LOGIN --image {image} --profile {name}
""".replace("LOGIN", "--registry {host} --username bot --password-env OLD")


def test_in_a_kernel(kernel):
    """The login is asked for, and whether another is meant; a result can be kept; headless nobody asks."""
    assert not kernel.run(KERNEL).ename
    words = kernel.run("print(os.environ['NEW'], os.environ['OLD'])").stream.split()
    cell = kernel.run(f"x = %aicore_rotate run team-a {OF_BOTH}")
    assert (cell.ename, "--password-env" in cell.shown) == ("PromptImpossible", True)
    cell = kernel.run(f"x = %aicore_rotate run team-a {OF_BOTH}\nx.outcomes.counts", answers=[words[0]])
    assert cell.text == "Counter({'replaced': 2})"
    assert [hidden for _, hidden in cell.prompts] == [True]
    no = kernel.run("%aicore_rotate undo", answers=[words[0], "no"])
    assert (no.ename, no.prompts[1][0].endswith("Write it into all of them? yes/no: ")) == ("Stopped", True)
    yes = kernel.run("%aicore_rotate undo", answers=[words[0], "yes"])
    assert (yes.ename, len(yes.prompts)) == ("", 2)
    assert not [word for word in words if word in f"{cell.iopub}{no.iopub}{yes.iopub}"]
