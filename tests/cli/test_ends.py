"""One table of exit statuses: each error and each command has its place in it."""

from __future__ import annotations

import json
import re
import sys
from contextlib import closing
from pathlib import Path

import pytest

from aicore_magics import errors
from aicore_magics.actions import connect_with, remove_sandbox_record
from aicore_magics.cli.commands import TEMPLATE, commands, template_commands
from aicore_magics.cli.ends import MEANINGS, OF_COMMANDS, WRITING, exit_statuses, status_of
from aicore_magics.rotation.plan import HeldLogin, Plan, PlannedSecret
from tests.leaks.samples import TOKENS, code, notebook, written

FAMILY = [
    each
    for each in vars(errors).values()
    if isinstance(each, type) and issubclass(each, errors.AICoreError) and not each.__subclasses__()
]
WRONG = {
    *errors.InvalidInput.__subclasses__(),
    *(errors.NotConnected, errors.PromptImpossible, errors.LoginNotFound),
    *(errors.CredentialsNotFound, errors.CredentialsIncomplete),
}
NO_ANSWER = {
    *(errors.Unreachable, errors.CertificateNotTrusted, errors.Busy),
    *(errors.ServerError, errors.NotAICore),
}
UNCLEAR = {errors.OutcomeUnknown, errors.Stopped, errors.RotationIncomplete}
PAGE = Path(__file__).parents[2] / "notebooks" / "reference" / "shell.md"


@pytest.mark.parametrize("kind", FAMILY, ids=lambda kind: kind.__name__)
def test_each_error_has_a_status(kind):
    """2 for wrong use, 3 for unknown and for what was stopped, 1 for a refusal: no error is forgotten."""
    error = kind("x")
    expected = 2 if kind in WRONG else 3 if kind in UNCLEAR else 1
    assert status_of(error, "create") == expected
    assert status_of(error, "list") == (3 if kind in NO_ANSWER else expected)
    assert status_of(error, "verify") == status_of(error, "list")


def test_each_command_says_its_own():
    """Each command's help says what its four statuses mean; who writes says what was changed."""
    known = {*commands().subcommands, *(f"{TEMPLATE} {name}" for name in template_commands().subcommands)}
    assert OF_COMMANDS.keys() == known - {TEMPLATE, "sandbox", "completion"}
    assert all(len(meanings) == 4 and all(meanings) for meanings in OF_COMMANDS.values())
    assert all("nothing was changed" in OF_COMMANDS[name][1] for name in WRITING)
    assert exit_statuses("check").splitlines()[1:] == [
        *("  0  can be pulled, or public", "  1  refused", "  2  wrong use", "  3  not checked")
    ]


def test_the_reference_has_the_same_table():
    """The reference's table of all commands begins as that of the help."""
    rows = dict(re.findall(r"^\| ([0-3]) \| (.*?) \|$", PAGE.read_text("utf-8"), re.MULTILINE)[:4])
    assert all(rows[str(status)].startswith(told.split(",")[0]) for status, told in enumerate(MEANINGS))


MADE = "--image ghcr.io/acme/churn:1.4 --secret team-a --scenario churn"
NEW = "{tenant} {image} {login}"
SLOW = {"drop": ["after"], "drop_reads": ["", *(30 * ["before"])]}
HTML = {"html": True}
ENDED = "--registry ghcr.io --ends 2001-01-31 {tenant}"
UNWRITTEN = "the result cannot be written"  # standard output is closed
# Each command with a line for each of its statuses: 0, 1, 2 and 3, and for the last what goes wrong.
LINES = {
    "check": (
        "check {image} {login}",
        "check {image} {refused}",
        "check --image x/Y {login}",
        ("check {elsewhere} {login} {tenant}", {}),
    ),
    "create": (
        f"create team-b {NEW}",
        f"create team-a {NEW}",
        "create team-b {image} {login}",
        (f"create team-b {NEW} --timeout 1", SLOW),
    ),
    "apply": (
        f"apply team-a {NEW}",
        "apply team-a {tenant} {image} {refused}",
        f"apply Team_A {NEW}",
        ("apply team-b {tenant} {elsewhere} {login}", {}),
    ),
    "update": (
        f"update team-a {NEW}",
        f"update team-b {NEW}",
        f"update team-a {NEW} --as curl",
        ("update team-a {tenant} {elsewhere} {login}", {}),
    ),
    "list": ("list {tenant}", None, "list --profile none", ("list {tenant}", HTML)),
    "show": ("show team-a {tenant}", "show team-b {tenant}", "show", ("show team-a {tenant}", HTML)),
    "delete": (
        "delete team-a {tenant} --yes",
        "delete team-b {tenant} --yes",
        "delete team-a {tenant}",
        ("delete team-a {tenant} --yes --timeout 1", SLOW),
    ),
    "quota": ("quota {tenant}", None, "quota team-a", ("quota {tenant}", HTML)),
    "due": ("due", "due {tenant}", "due team-a", ("due", UNWRITTEN)),
    "rotate": (
        "rotate plan.json {tenant} {login}",
        "rotate plan.json {tenant} {refused}",
        "rotate none.json {tenant} {login}",
        ("rotate plan.json {tenant} {login} --timeout 1", {"drop": 30 * ["after"]}),
    ),
    "note": (
        f"note team-a {ENDED}",
        f"note team-b {ENDED}",
        "note team-a",
        (f"note team-a {ENDED}", UNWRITTEN),
    ),
    "forget": ("forget team-old {tenant}", None, "forget", ("forget team-old {tenant}", UNWRITTEN)),
    "rules": ("rules", None, "rules none-such", ("rules", UNWRITTEN)),
    "template check": (
        "template check good.yaml",
        "template check bad.yaml",
        "template check none.yaml",
        ("template check good.yaml {tenant}", HTML),
    ),
    "template patch": (
        "template patch good.yaml --secret team-b",
        "template patch bad.yaml --secret team-b",
        "template patch good.yaml",
        ("template patch good.yaml --secret team-b", UNWRITTEN),
    ),
    "template workflow": (
        f"template workflow churn {MADE} --args x",
        None,
        "template workflow churn --plan none",
        (f"template workflow churn {MADE} --args x", UNWRITTEN),
    ),
    "template serving": (
        f"template serving churn {MADE}",
        None,
        "template serving churn --port many",
        (f"template serving churn {MADE}", UNWRITTEN),
    ),
    "scan": ("scan clean/a.ipynb", "scan leaky/a.ipynb", "scan none.ipynb", ("scan broken/a.ipynb", {})),
    "scrub": (
        "scrub clean/a.ipynb",
        "scrub leaky/a.ipynb",
        "scrub none.ipynb",
        ("scrub clean/a.ipynb", UNWRITTEN),
    ),
    "tutorials": ("tutorials new", None, "tutorials", ("tutorials new", UNWRITTEN)),
    "verify": (
        "verify {tenant} --yes",
        ("verify {tenant} --yes", {"duplicate": "409"}),
        "verify {tenant}",
        ("verify {tenant} --yes", HTML),
    ),
}
ROWS = [
    (command, status, *(line if isinstance(line, tuple) else (line, {})))
    for command, lines in LINES.items()
    for status, line in enumerate(lines)
    if line
]


def plan(sandbox):
    """A plan for team-a, which that user may open."""
    with closing(connect_with(sandbox.service_key, sandbox=True)) as tenant:
        host = sandbox.registry.host
        login = HeldLogin(host, sandbox.registry.username, host)
        secret = PlannedSecret(
            tenant.tenant, tenant.host, "team-a", login, images=(f"{host}/acme/churn:1.4",)
        )
    return Plan(host, login.username, (secret,))


@pytest.fixture
def files(run, sandbox, tmp_path, monkeypatch):
    """Templates and notebooks, good and bad, a login that ended; a verification waits for nothing."""
    from aicore_magics.aicore.verification import scene, throwaways, writing

    monkeypatch.setattr(writing, "SETTLED", 0.0)
    monkeypatch.setattr(throwaways, "VISIBLE_WITHIN", 0.1)
    monkeypatch.setattr(scene, "FIRST_PAUSE", 0.01)
    sandbox.state.secrets["team-old"] = "{}"
    run(f"note team-old {ENDED}")
    del sandbox.state.secrets["team-old"]
    run(f"template workflow good {MADE} --args x --out good.yaml")
    (tmp_path / "bad.yaml").write_text("kind: [")
    for name, line in (("clean", "import os"), ("leaky", f"x = {TOKENS[0].text!r}"), ("broken", "")):
        written(tmp_path / name, notebook(code(line)), "a.ipynb")
    (tmp_path / "broken" / "a.ipynb").write_text("{")
    (tmp_path / "plan.json").write_text(json.dumps(plan(sandbox).to_data()))
    yield
    remove_sandbox_record(sandbox.service_key["clientid"])


def test_the_table_has_every_command():
    """No command is forgotten; none is there where only a right that is missing leads to it."""
    assert LINES.keys() == OF_COMMANDS.keys()
    assert all(len(lines) == len(MEANINGS) for lines in LINES.values())


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(("command", "status", "line", "switches"), ROWS)
def test_each_command_ends_with_each_status(sandbox, run, monkeypatch, command, status, line, switches):
    """0 is done or clean, 1 refused or found, 2 wrong use, 3 unknown or not all read: for every command."""
    if switches == UNWRITTEN:
        monkeypatch.setattr(sys, "stdout", None)
    ended = run_in(sandbox, run, line, switches)
    assert ended.status == status, ended
    assert command in line


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("status", "line", "switches"),
    [
        (status, f"{line} --format json", switches)
        for _, status, line, switches in ROWS
        if switches != UNWRITTEN
    ],
)
def test_data_stands_alone(sandbox, run, status, line, switches):
    """In JSON a command ends as it does in text; standard output is one document, whatever the outcome."""
    ended = run_in(sandbox, run, line, switches)
    assert ended.status == status, ended
    if "error" in ended.data:
        assert list(ended.data) == ["error", "message", "next", "status"]
        assert ended.data["status"] == status
        assert ended.err.removeprefix("Stopped: ").startswith(ended.data["message"])


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize(
    ("status", "line"),
    [(1, "template check bad.yaml"), (0, "template check good.yaml"), (1, "scan leaky"), (0, "scan clean")],
)
def test_findings_stand_alone(run, status, line):
    """SARIF is one document, and each of GitHub's lines is an annotation or a word of ours."""
    ended = run(f"{line} --format sarif")
    assert (ended.status, ended.err, ended.data["version"]) == (status, "", "2.1.0")
    ended = run(f"{line} --format github")
    assert (ended.status, ended.err) == (status, "")
    *annotations, last = ended.out.splitlines()
    assert (bool(annotations), last.startswith("aicore-magics: ")) == (bool(status), True)
    assert all(each.startswith(("::error ", "::warning ", "::notice ")) for each in annotations)


def run_in(sandbox, run, line, switches):
    """Run *line* where these *switches* of the sandbox are set."""
    sandbox.state.secrets["team-a"] = "{}"
    for name, value in () if switches == UNWRITTEN else switches.items():
        setattr(sandbox.faults, name, list(value) if isinstance(value, list) else value)
    ended = run(line)
    assert "Traceback" not in ended.err
    return ended
