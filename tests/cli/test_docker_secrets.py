"""Each command for secrets, with each outcome: its exit status, and what it writes where."""

from __future__ import annotations

import copy
import io
import json
import re
import sys

import pytest

from aicore_magics.actions import docker_secrets
from aicore_magics.cli import docker_secrets as docker_secrets_door
from tests.aicore.verification.steps import AtWrite, writes

HELD = {"team-a": "{}"}
CREATE = "create team-b {tenant} {image} {login}"
LOST = {"drop": ["after"], "drop_reads": ["", *(30 * ["before"])]}

EXPOSED = "its value is now in the shell's history and the list of processes: revoke it"

# Magics, cells and kernels; calls of Python.
OF_OTHER_DOORS = re.compile(r"%aicore|\bcells?\b|kernel|\bconnect\(|_docker_secrets?\(|check_image\(|_env=")
RESULTS = (
    *("RegistryCheck", "SecretStored", "SecretList", "SecretShown"),
    *("SecretDeleted", "QuotaUsed", "DryRun"),
)

# The line, the switches of the sandbox, the status, and what standard output or error begins with.
RESULTS = (
    "RegistryCheck",
    "SecretStored",
    "SecretList",
    "SecretShown",
    "SecretDeleted",
    "QuotaUsed",
    "DryRun",
)
DONE = [
    ("check {image} {login} {tenant}", {}, 0, "Image can be pulled with this login."),
    ("check {image} {login}", {}, 0, "Image can be pulled with this login."),
    (CREATE, {}, 0, "Secret team-b created."),
    (
        "create team-b {tenant} {elsewhere} {login} --no-check",
        {},
        0,
        "Secret team-b stored, image not checked.",
    ),
    ("apply team-b {tenant} {image} {login}", {}, 0, "Secret team-b created."),
    ("apply team-a {tenant} {image} {login}", {}, 0, "Secret team-a replaced."),
    ("update team-a {tenant} {image} {login}", {}, 0, "Secret team-a replaced."),
    ("list {tenant}", {}, 0, "1 of 50 Docker registry secret"),
    ("show team-a {tenant}", {}, 0, "team-a exists in tenant sandbox."),
    ("delete team-a {tenant} --yes", {}, 0, "Secret team-a deleted for all resource groups."),
    ("quota {tenant}", {}, 0, "1 of 50 docker secrets used."),
    (f"{CREATE} --dry-run", {}, 0, "Dry run for team-b: nothing was sent."),
    ("create team-b {tenant} {image} --username anna --dry-run --as curl", {}, 0, "#!/bin/sh"),
]
REFUSED = [
    ("check {image} {refused} {tenant}", {}, 1, "Image cannot be pulled with this login."),
    ("create team-a {tenant} {image} {login}", {}, 1, "team-a exists in tenant sandbox, NOT changed."),
    ("create team-b {tenant} {image} {refused}", {}, 1, "127.0.0.1"),
    ("apply team-a {tenant} {image} {refused}", {}, 1, "127.0.0.1"),
    ("update team-b {tenant} {image} {login}", {}, 1, "tenant sandbox has no secret team-b."),
    ("show team-b {tenant}", {}, 1, "Tenant sandbox has no secret team-b."),
    ("delete team-b {tenant} --yes", {}, 1, "tenant sandbox has no secret team-b."),
    (CREATE, {"forbidden": "json"}, 1, ""),
    ("delete team-a {tenant} --yes", {"forbidden": "text"}, 1, ""),
    ("list {tenant}", {"forbidden": "json", "forbidden_reads": True}, 1, ""),
    (CREATE, {"quota": 1}, 1, ""),
    (CREATE, {"html": True}, 1, ""),
    (CREATE, {"next_statuses": [503, 503, 503]}, 1, ""),
]
UNKNOWN = [
    ("check {elsewhere} {login} {tenant}", {}, 3, "1 image not checked."),
    ("check --image localhost:1/acme/churn:1.4 {login}", {}, 3, "1 image not checked."),
    ("create team-b {tenant} {elsewhere} {login}", {}, 3, "Secret team-b stored, image not checked."),
    ("apply team-b {tenant} {elsewhere} {login}", {}, 3, "Secret team-b stored, image not checked."),
    ("update team-a {tenant} {elsewhere} {login}", {}, 3, "Secret team-a replaced, image not checked."),
    (f"{CREATE} --timeout 1", LOST, 3, ""),
    ("update team-a {tenant} {image} {login}", {"drop": 9 * ["after"]}, 3, ""),
    ("delete team-a {tenant} --yes --timeout 1", LOST, 3, ""),
    ("list {tenant}", {"html": True}, 3, ""),
    ("list {tenant}", {"next_statuses": 9 * [503]}, 3, ""),
    ("show team-a {tenant}", {"html": True}, 3, ""),
    ("quota {tenant}", {"html": True}, 3, ""),
]
WRONG = [
    ("create team-b {image} {login}", "a write needs its tenant on the same line."),
    ("apply team-b {image} {login}", "a write needs its tenant on the same line."),
    ("update team-a {image} {login}", "a write needs its tenant on the same line."),
    ("delete team-a --yes", "a write needs its tenant on the same line."),
    ("delete team-a {tenant}", "there is no terminal to ask in."),
    ("delete --position 1 --yes {tenant}", "--position asks first"),
    ("delete {tenant} --yes", "give a name"),
    ("create {tenant} {image} {login}", "this is missing, and there is no terminal to ask in: Secret name."),
    (
        "create team-b {tenant} {image} --username anna",
        "this is missing, and there is no terminal to ask in: password.",
    ),
    ("create team_b_ {tenant} {image} {login}", ""),
    ("create team-b {tenant} --image acme/Churn {login}", ""),
    (
        "create team-b {tenant} {image} --username anna --password-env UNSET",
        "the password variable UNSET",
    ),
    (
        "create team-b {tenant} {image} --username anna --password-file none",
        "the password file does not",
    ),
    ("create team-b {tenant} --docker-login", "No docker or podman login on this machine."),
    ("check --docker-login", "No docker or podman login on this machine."),
    ("check {login}", "this is missing, and there is no terminal to ask in: Registry, such as ghcr.io."),
    ("list", "no credentials in AICORE_SERVICE_KEY"),
    ("list --profile none", "the config file"),
    ("list --service-key none.json", "the service key 'none.json' does not exist."),
    ("list --service-key-env UNSET", "the variable UNSET is not set."),
    ("list --service-key key.json --profile dev", "argument --profile: not allowed"),
    ("list --format yaml", "--format takes text or json"),
    ("list --timeout never", "--timeout takes seconds"),
    ("list team-a", "1 unexpected word"),
    ("show", "the following arguments are required: NAME"),
    ("create team-b {tenant} {image} --username anna --as curl", "--as needs --dry-run"),
    ("create team-b {tenant} {image} --username anna --dry-run --as json", "--as takes curl or http"),
]


class Terminal(io.TextIOWrapper):
    """A stream that somebody types into."""

    def isatty(self):
        return True


@pytest.mark.parametrize(("line", "switches", "status", "says"), [*DONE, *REFUSED, *UNKNOWN])
def test_each_outcome_has_its_status(sandbox, registry, run, line, switches, status, says):
    """Done, refused and unknown have one status each; standard output has the result alone, if any."""
    sandbox.state.secrets.update(HELD)
    for name, value in switches.items():
        setattr(sandbox.faults, name, copy.copy(value))
    ended = run(line)
    assert (ended.status, (ended.out or ended.err)[: len(says)]) == (status, says)
    assert not (ended.out and ended.err)
    assert registry.password not in ended.out + ended.err
    assert "Traceback" not in ended.err
    assert not OF_OTHER_DOORS.search(ended.out + ended.err)


@pytest.mark.parametrize(("line", "says"), WRONG)
def test_wrong_use_changes_nothing(sandbox, run, line, says):
    """Wrong use is told on standard error and ends with 2; AI Core keeps what it has."""
    sandbox.state.secrets.update(HELD)
    ended = run(line)
    assert (ended.status, ended.out, ended.err[: len(says)]) == (2, "", says)
    assert not OF_OTHER_DOORS.search(ended.err)
    assert sandbox.state.secrets == HELD
    assert writes(sandbox) == []


@pytest.mark.parametrize(("line", "status"), [(row[0], row[2]) for row in DONE if "--as" not in row[0]])
def test_json_is_the_result(sandbox, registry, run, line, status):
    """--format json gives the result's data, with the same status as its text."""
    sandbox.state.secrets.update(HELD)
    ended = run(f"{line} --format json")
    assert (ended.status, ended.err) == (status, "")
    assert ended.data["result"] in {
        *(
            "RegistryCheck",
            "SecretStored",
            "SecretList",
            "SecretShown",
            "SecretDeleted",
            "QuotaUsed",
            "DryRun",
        )
    }
    assert registry.password not in ended.out


@pytest.mark.parametrize("given", ["--format json", "--format=json"])
@pytest.mark.parametrize(
    ("line", "switches", "status", "error"),
    [
        ("create team-a {tenant} {image} {login}", {}, 1, "DockerSecretExists"),
        ("update team-b {tenant} {image} {login}", {}, 1, "DockerSecretMissing"),
        ("create team-b {tenant} {image} {refused}", {}, 1, "LoginRefused"),
        (CREATE, {"quota": 1}, 1, "QuotaReached"),
        (CREATE, {"forbidden": "json"}, 1, "NotAllowed"),
        ("list {tenant}", {"html": True}, 3, "NotAICore"),
        ("create team-b {image} {login}", {}, 2, "NotConnected"),
        ("create Team-B {tenant} {image} {login}", {}, 2, "InvalidName"),
        ("delete team-a {tenant}", {}, 2, "PromptImpossible"),
        ("list --service-key none.json", {}, 2, "InvalidFile"),
        ("list --frobnicate", {}, 2, "WrongUse"),
        ("frobnicate", {}, 2, "WrongUse"),
        ("check --docker-login", {}, 2, "WrongUse"),
        ("create team-b --password x", {}, 2, "WrongUse"),
        ("verify {tenant}", {}, 2, "PromptImpossible"),
        ("template patch none.yaml", {}, 2, "WrongUse"),
    ],
)
def test_a_refusal_is_json_too(sandbox, run, line, switches, status, error, given):
    """--format json gives a refusal as data as well; its text and its status are those without."""
    sandbox.state.secrets.update(HELD)
    for name, value in switches.items():
        setattr(sandbox.faults, name, value)
    plain, ended = run(line), run(f"{line} {given}")
    assert (ended.status, ended.err) == (plain.status, plain.err)
    data = ended.data
    assert (data["error"], data["status"]) == (error, status)
    assert list(data) == ["error", "message", "next", "status"]
    told = f"{data['message']}\nNext: {data['next']}" if data["next"] else data["message"]
    assert ended.err == f"{told}\n"


@pytest.mark.parametrize(
    ("line", "done"),
    [
        (CREATE, "Secret team-b created."),
        ("apply team-a {tenant} {image} {login}", "Secret team-a replaced."),
        ("update team-a {tenant} {image} {login}", "Secret team-a replaced."),
        ("delete team-a {tenant} --yes", "Secret team-a deleted for all resource groups."),
        ("create team-b {tenant} {elsewhere} {login}", "Secret team-b stored, image not checked."),
        (f"{CREATE} --dry-run", "Dry run for team-b: nothing was sent."),
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_was_done_is_told_where_the_result_is_lost(sandbox, run, monkeypatch, line, done, form):
    """Where standard output cannot be written, standard error says what was stored or deleted."""
    sandbox.state.secrets.update(HELD)
    monkeypatch.setattr(sys, "stdout", None)
    ended = run(f"{line} --format {form}")
    assert (ended.status, ended.err) == (
        3,
        f"{done} The result cannot be written to standard output (closed).\n",
    )


def test_ctrl_c_at_the_write_is_unknown(sandbox, run, ctrl_c):
    """Ctrl-C once the request is on its way: it may be stored, and what to do next is a command."""
    AtWrite(sandbox, 1, ctrl_c, before=True)
    ended = run(CREATE)
    assert (ended.status, ended.out) == (3, "")
    assert "Next: jupyter aicore show team-b --wait 60 --service-key key.json" in ended.err


@pytest.mark.parametrize("line", [CREATE, "list {tenant}", "check {image} {login}"])
def test_ctrl_c_before_anything_is_sent(run, monkeypatch, line):
    """Ctrl-C before a change: status 3, and that nothing was changed."""

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(docker_secrets.WantedSecret, "read", interrupted)
    monkeypatch.setattr("aicore_magics.actions.tenant_secrets.names_and_quota", interrupted)
    monkeypatch.setattr("aicore_magics.actions.image_check.CheckPlan", interrupted)
    ended = run(line)
    assert (ended.status, ended.out) == (3, "")
    assert ended.err.startswith("Stopped: nothing was ")


def test_ctrl_c_while_the_result_is_written(sandbox, run, monkeypatch):
    """What was stored, but not told to the end, is unknown to whoever reads, and is said to be."""

    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("aicore_magics.cli.unwritten", interrupted)
    ended = run(CREATE)
    assert (ended.status, ended.out) == (3, "")
    assert "team-b" in ended.err
    assert "team-b" in sandbox.state.secrets


@pytest.mark.parametrize("end", [b"", b"\n", b"\r\n"])
def test_a_password_from_standard_input(sandbox, registry, run, end):
    """`--password-file -` reads it, without the line break at its end."""
    ended = run(
        "create team-b {tenant} {image} --username anna --password-file -", registry.password.encode() + end
    )
    assert (ended.status, ended.err) == (0, "")
    (stored,) = sandbox.state.secrets.values()
    assert json.loads(stored)["auths"][registry.host]["password"] == registry.password


@pytest.mark.parametrize(
    ("line", "given", "says"),
    [
        ("{image} --username anna", b"", "the password is missing."),
        ("{image} --username anna", b"\xff", "standard input is not text, or longer than 64 KiB."),
        ("{image} --username anna", 70_000 * b"x", "standard input is not text, or longer than 64 KiB."),
        ("--login ghcr.io=anna --login quay.io=anna", b"x", "standard input has one password, and there are"),
        ("{image} --username anna --keyring x", b"x", "argument --password-file: not allowed"),
    ],
)
def test_no_password_on_standard_input(run, line, given, says):
    """What is no password, or one for several logins, is refused before anything is sent."""
    ended = run(f"create team-b {{tenant}} {line} --password-file -", given)
    assert (ended.status, ended.err[: len(says)]) == (2, says)


def test_standard_input_that_shows_what_is_typed(run, monkeypatch):
    """A terminal is no pipe: the password would stand on the screen."""
    monkeypatch.setattr(io, "TextIOWrapper", Terminal)
    ended = run("create team-b {tenant} {image} --username anna --password-file -", b"x")
    assert (ended.status, ended.err[:28]) == (2, "standard input is a terminal")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("--password {}", f"--password is refused; {EXPOSED}, then use --password-env VAR, or pipe it"),
        ("--password={}", f"--password is refused; {EXPOSED}, then use --password-env VAR, or pipe it"),
        ("-p {}", f"-p is refused; {EXPOSED}, then use --password-env VAR, or pipe it"),
        ("--token {}", "--token is refused;"),
        ("--password-stdin", "no such option; --password-file - reads the password from standard input."),
        (
            "--password-env {}",
            "the password variable is not set. Nothing was sent.\nNext: export it",
        ),
        ("--pasword {}", "no option --pasword; did you mean --password"),
    ],
)
def test_a_password_on_the_line(run, words, says):
    """It is refused with what to do, and never repeated."""
    password = "Hunter2" + "-" + "topsecret"
    ended = run(f"create team-b {{tenant}} {{image}} --username anna {words.format(password)}")
    assert (ended.status, ended.out, ended.err[: len(says)]) == (2, "", says)
    assert password not in ended.err


def test_a_token_where_a_name_belongs(run):
    """It is refused, and never repeated."""
    token = "ghp_" + 36 * "a"
    for line in (f"create {token} {{tenant}}", f"check --image {token}", f"list --profile {token}"):
        ended = run(line)
        assert (ended.status, token in ended.err) == (2, False)
        assert "looks like a GitHub token" in ended.err


def test_the_key_itself_in_place_of_its_variable(sandbox, run, monkeypatch):
    """`--service-key-env "$KEY"` gives the key in place of its name; it is refused, and never repeated."""
    monkeypatch.setenv("KEY", sandbox.service_key_json())
    assert run("list --service-key-env KEY").status == 0
    secret = sandbox.service_key["clientsecret"]
    ended = run("list --service-key-env " + json.dumps({"clientsecret": secret}).replace(" ", ""))
    assert (ended.status, secret in ended.err) == (2, False)


def test_a_password_that_a_program_prints(sandbox, registry, run, monkeypatch, tmp_path):
    """It is stored, and the program sees no variable in which the line has a service key."""
    monkeypatch.setenv("KEY", sandbox.service_key_json())
    monkeypatch.setenv("NAMED", "not a key")
    (tmp_path / "tell").write_text('#!/bin/sh\nenv >seen\nprintf "%s\\n" "$REGISTRY_PASSWORD"\n')
    (tmp_path / "tell").chmod(0o700)
    login = "{image} --username anna --password-command ./tell"
    ended = run(f"create team-b {login} --service-key-env KEY")
    assert (ended.status, ended.err) == (0, "")
    (stored,) = sandbox.state.secrets.values()
    assert json.loads(stored)["auths"][registry.host]["password"] == registry.password
    seen = (tmp_path / "seen").read_text()
    assert "REGISTRY_PASSWORD" in seen
    assert sandbox.service_key["clientsecret"] not in seen
    run(f"create team-c {login} --service-key-env NAMED")
    assert "NAMED=" not in (tmp_path / "seen").read_text()


@pytest.mark.parametrize("command", ["/bin/echo", "printf", "ghp_" + 36 * "a", "--token=s3cret"])
def test_a_command_that_holds_the_password(run, command):
    """It is refused as a password on the line is, before anything is sent, and never repeated."""
    ended = run(f"create team-b {{tenant}} {{image}} --username anna --password-command={command}")
    assert (ended.status, ended.out) == (2, "")
    assert "revoke it" in ended.err
    assert not any(part in ended.err for part in ("s3cret", "aaaa"))


def test_steps_have_the_tenant_in_them(sandbox, run):
    """What to do next names the same tenant again, and is a line that works."""
    sandbox.state.secrets.update(HELD)
    ended = run("create team-a {tenant} {image} {login}")
    again = ended.err.partition("Next: to replace it for the whole tenant: jupyter aicore ")[2]
    assert again.startswith("update team-a --service-key key.json --image 127.0.0.1:")
    assert (run(again).status, sandbox.state.secrets["team-a"] == HELD["team-a"]) == (0, False)
    shown = run("show team-c {tenant}")
    assert "  jupyter aicore list --service-key key.json" in shown.out.splitlines()


@pytest.mark.parametrize("change", ["create team-b", "apply team-b", "update team-a"])
def test_what_the_sandbox_does_not_check(sandbox, run, change):
    """The way out of the sandbox is one line that can be typed: a shell is connected to nothing."""
    sandbox.state.secrets.update(HELD)
    lines = run(f"{change} {{tenant}} {{elsewhere}} {{login}}").out.splitlines()
    at = lines.index("Next: check it outside the sandbox")
    assert lines[at + 1].startswith("  jupyter aicore check --image ghcr.io/acme/churn:1.4 --username ")
    assert not any("quota" in line for line in lines)


@pytest.mark.parametrize(
    ("answer", "status", "kept"), [("team-a", 0, False), ("", 1, True), ("team-b", 1, True), ("yes", 1, True)]
)
def test_delete_asks(sandbox, run, monkeypatch, answer, status, kept):
    """Only the name itself deletes it; with anything else it is kept, which ends with 1."""
    sandbox.state.secrets.update(HELD)
    monkeypatch.setattr("aicore_magics.cli.docker_secrets.somebody_is_there", lambda: True)
    monkeypatch.setattr("aicore_magics.cli.docker_secrets.Prompts.text", lambda *_, **__: answer)
    ended = run("delete team-a {tenant}")
    assert (ended.status, "team-a" in sandbox.state.secrets) == (status, kept)
    assert ended.err.startswith("Delete team-a from tenant sandbox?\n")
    assert ended.err.endswith("team-a was kept. Nothing was changed.\n") is kept


def test_a_hidden_name_is_deleted_by_its_mark(sandbox, run, monkeypatch):
    """A name that looks like a token is not shown: its position names it, and the mark confirms it."""
    token = "ghp_" + 36 * "a"
    sandbox.state.secrets.update({**HELD, token: "{}"})
    listed = run("list {tenant}").out
    (line,) = [line for line in listed.splitlines() if "jupyter aicore delete" in line]
    assert token not in listed
    questions = []

    def answer(_, question, **__):
        questions.append(question)
        return question.partition(" (its mark)")[0].rpartition(" ")[2]

    monkeypatch.setattr("aicore_magics.cli.docker_secrets.somebody_is_there", lambda: True)
    monkeypatch.setattr("aicore_magics.cli.docker_secrets.Prompts.text", answer)
    assert run(line.replace("jupyter aicore", "")).status == 0
    assert sandbox.state.secrets == HELD
    assert token not in questions[0]


@pytest.mark.parametrize(
    ("words", "there", "asked"),
    [
        ("", True, True),
        ("", False, False),
        ("--expiry-lookup", False, True),
        ("--no-expiry-lookup", True, False),
    ],
)
@pytest.mark.parametrize("command", ["check", "create team-b", "apply team-b", "update team-a"])
def test_who_is_asked_for_the_end_of_a_login(sandbox, run, monkeypatch, command, words, there, asked):
    """The issuer, where a terminal is there, unless the line says otherwise; in CI only if it says so."""
    seen = []
    read = docker_secrets_door.check_options

    def watched(options, **how):
        checking = read(options, **how)
        seen.append(checking.expiry_lookup)
        return checking

    monkeypatch.setattr(docker_secrets_door, "check_options", watched)
    monkeypatch.setattr(docker_secrets_door, "somebody_is_there", lambda: there)
    sandbox.state.secrets.update(HELD)
    assert run(f"{command} {{tenant}} {{image}} {{login}} {words}").status == 0
    assert seen == [asked]


@pytest.mark.parametrize("command", ["create", "apply", "update"])
@pytest.mark.parametrize("end", ["soon", "2027-02-30", "2027-01-31T08:00", "ghcr.io=", "gh cr=never"])
def test_a_wrong_end_is_refused_before_anything(sandbox, run, command, end):
    """No password is asked for and no tenant, for a line with a date that is none."""
    ended = run(f"{command} team-b --ends={end.replace(' ', '|')} --service-key none.json")
    assert ended.status == 2
    assert "Nothing was sent." in ended.err
    assert not sandbox.state.requests
