"""`jupyter aicore rotate PLAN.json` as a process, against three tenants: what it does, and what it leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from threading import Event

import pytest

from aicore_magics.actions import named_tenant
from tests.actions.rotating import LIFE, NAMES, World
from tests.waiting import PATIENCE

TENANTS = [word for name in reversed(NAMES) for word in ("--service-key-env", f"{name.upper()}_KEY")]
GIVEN = ("--password-env", "NEW_TOKEN")


@pytest.fixture
def world(sandbox, tmp_path, monkeypatch):
    """Three tenants with a secret each, and the plan for them; the new token is in NEW_TOKEN."""
    world = World(sandbox)
    world.old, world.new = world.login(life=LIFE), world.login()
    for name in NAMES:
        world.store(name, "team-a", world.old)
        monkeypatch.setenv(f"{name.upper()}_KEY", sandbox.tenant(name).service_key_json())
    monkeypatch.setenv("NEW_TOKEN", world.new.password.reveal())
    monkeypatch.chdir(tmp_path)
    world.planned = world.plan("team-a")
    (tmp_path / "plan.json").write_text(json.dumps(world.planned.to_data()))
    yield world
    world.close()


def started(*words, tenants=TENANTS, **how):
    """The command as a process of its own, without a terminal, as in CI."""
    line = [sys.executable, "-m", "aicore_magics.cli", "rotate", *words, *tenants]
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **how}
    return subprocess.Popen(line, text=True, start_new_session=True, **streams)


def ended(*words, **how):
    """How that process ended: its status, and what it wrote."""
    with started(*words, **how) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert "Traceback" not in (err or "")
    return process.returncode, out, err


def states(out):
    data = json.loads(out)
    return [each["state"] for each in data["outcomes"]["each"]]


def now_held(world):
    """The user and password that each tenant's secret has."""
    return [world.held(name, "team-a")[world.registry.host] for name in NAMES]


def test_done(world):
    """0: three tenants by three variables in any order; JSON stands alone, each end is a line for people."""
    status, out, err = ended("plan.json", *GIVEN, "--format", "json")
    assert (status, states(out), len(json.loads(out)["outcomes"]["each"])) == (0, ["replaced"] * 3, 3)
    assert now_held(world) == [("bot", world.new.password.reveal())] * 3
    assert err.count("team-a") >= 3


def test_nothing_is_due(world):
    """0 with --if-due while the record says that the login lasts, and nothing is asked or sent."""
    before = [len(world.sandbox.tenant(name).state.requests) for name in NAMES]
    status, out, err = ended("plan.json", *GIVEN, "--if-due", "--format", "json")
    assert (status, json.loads(out)["result"]) == (0, "RotationPlanned")
    assert "nothing was done" in err
    assert before == [len(world.sandbox.tenant(name).state.requests) for name in NAMES]


WRONG = {
    "no plan": (("none.json",), TENANTS),
    "another file": (("other.json",), TENANTS),
    "no tenant": (("plan.json",), []),
    "not all tenants": (("plan.json",), TENANTS[:4]),
    "an unset variable": (("plan.json",), ["--service-key-env", "NO_KEY"]),
    "no password": (("plan.json", "--password-env", "NO_TOKEN"), TENANTS),
    "a prompt": (("plan.json",), TENANTS),
    "an option": (("plan.json", "--force"), TENANTS),
}


@pytest.mark.parametrize(("words", "tenants"), WRONG.values(), ids=WRONG)
def test_wrong_use(world, tmp_path, run_here, words, tenants):
    """2: what is typed is not enough to begin with; nothing is sent, and JSON says so, too."""
    (tmp_path / "other.json").write_text('{"format": "another"}')
    given = () if "--password-env" in words or (words == ("plan.json",) and tenants == TENANTS) else GIVEN
    before = world.writes()
    status, out, err = run_here("rotate", *words, *given, *tenants, "--format", "json")
    assert (status, json.loads(out)["status"], world.writes()) == (2, 2, before), (out, err)
    assert err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["run", "plan.json"], "leave out run: jupyter aicore rotate PLAN.json"),
        (["run"], "leave out run"),
        (["resume", "r1201-ghcr"], "with the same plan goes on"),
        (["plan", "team-x", "--out", "plan.json"], "plan is in a notebook: %aicore_rotate plan"),
        (["status"], "status is in a notebook: %aicore_rotate status"),
        (["undo", "--password-env", "OLD"], "undo is in a notebook"),
        (["schedule", "plan.json"], "schedule is in a notebook"),
        (["due"], "did you mean jupyter aicore due?"),
        (["none.json"], "the plan 'none.json' does not exist"),
        (["folder/none.json"], "this folder is "),
    ],
)
def test_what_is_in_a_notebook(run_here, tmp_path, monkeypatch, words, says):
    """The words of the magic lead to what the shell has, or to the notebook; a missing plan is named."""
    monkeypatch.chdir(tmp_path)
    status, _, err = run_here("rotate", *words)
    assert (status, says in err) == (2, True), err
    (tmp_path / "status").write_text("{}")
    assert "is not a rotation plan" in run_here("rotate", "status")[2]


def test_refused(world, run_here):
    """1: a login that the registry refuses, or a first write that AI Core does."""
    before = world.stored()
    refused = "NEW_TOKEN=battery" + "Staple7"
    name, value = refused.split("=")
    os.environ[name] = value
    status, out, _ = run_here("rotate", "plan.json", *GIVEN, *TENANTS, "--format", "json")
    assert (status, json.loads(out)["error"]) == (1, "RotationRefused")
    os.environ[name] = world.new.password.reveal()
    world.sandbox.tenant("dev").faults.forbidden = "json"
    status, out, err = run_here("rotate", "plan.json", *GIVEN, *TENANTS, "--format", "json")
    assert (status, states(out)) == (1, ["refused", "not begun", "not begun"])
    assert "Nothing was changed" in err
    assert world.stored() == before


def test_not_all(world, run_here):
    """3: a part was replaced, or nobody knows; what each secret is, is in JSON, and in words for people."""
    world.sandbox.tenant("prod").faults.forbidden = "json"
    status, out, err = run_here("rotate", "plan.json", *GIVEN, *TENANTS, "--format", "json")
    assert (status, states(out)) == (3, ["replaced", "replaced", "refused"])
    assert "1 refused" in err
    world.sandbox.tenant("prod").faults.forbidden = ""
    status, out, err = run_here("rotate", "plan.json", *GIVEN, *TENANTS)
    assert (status, now_held(world)) == (0, [("bot", world.new.password.reveal())] * 3)
    assert "replaced" in out


@pytest.fixture
def held_up(world, monkeypatch):
    """The write in the tenant test is held up until this is set; the other event says that it came."""
    application, came, go_on = world.sandbox.tenant("test").server.application, Event(), Event()
    answer = application.answer

    def held_up(request):
        if request.method == "PATCH":
            came.set()
            go_on.wait(PATIENCE)
        return answer(request)

    monkeypatch.setattr(application, "answer", held_up)
    yield came
    go_on.set()


def test_stopped(world, held_up):
    """3 where a CI ends its job, which is heard as Ctrl-C is: each secret is told as it is there."""
    with started("plan.json", *GIVEN, "--format", "json") as process:
        assert held_up.wait(PATIENCE)
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "Traceback" in err) == (3, False)
    new, old = (("bot", each.password.reveal()) for each in (world.new, world.old))
    first, second, third = states(out)  # dev, test, prod: the last two are written side by side
    assert (first, second) == ("replaced", "unknown")
    assert third in ("replaced", "not begun")
    assert now_held(world) == [new, old, new if third == "replaced" else old]


def test_streams_that_cannot_be_written(world):
    """Secrets are replaced though nobody reads it: a full disk is status 3, a closed pipe is no fault."""
    if os.path.exists("/dev/full"):  # noqa: PTH110 - a device
        with open("/dev/full", "w") as full:  # noqa: PTH123
            status, _, err = ended("plan.json", *GIVEN, stdout=full)
        assert (status, "cannot be written" in err, "3 of 3 secrets replaced" in err) == (3, True, True)
    assert now_held(world) == [("bot", world.new.password.reveal())] * 3
    read, write = os.pipe()
    os.close(read)
    try:
        status, _, err = ended("plan.json", *GIVEN, stdout=write)
    finally:
        os.close(write)
    assert (status, err.count("Error")) == (0, 0)


PROGRAM = """\
import os, sys
open({where!r}, "w").write(repr(dict(os.environ)) + repr(sys.argv))
print(open({token!r}).read())
"""


def test_nothing_secret_leaks(world, tmp_path, monkeypatch):
    """No password and no client secret is in JSON, log, record, arguments, or a child's environment."""
    token, told, tool = (tmp_path / name for name in ("token", "told", "tool.py"))
    token.write_text(world.new.password.reveal())
    tool.write_text(PROGRAM.format(where=str(told), token=str(token)))
    monkeypatch.delenv("NEW_TOKEN")
    command = f"{sys.executable} {tool}"
    with started("plan.json", "--password-command", command, "--format", "json") as process:
        arguments = process.args
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, states(out)) == (0, ["replaced"] * 3), err
    record = "".join(file.read_text() for file in world.ledger.folder.glob("*.jsonl"))
    keys = [world.sandbox.tenant(name).service_key for name in NAMES]
    canaries = [world.new.password.reveal(), *(f"{key['clientsecret']}" for key in keys)]
    assert "NEW_TOKEN" not in told.read_text()
    for text in (out, err, record, repr(arguments), told.read_text()):
        assert text
        assert [canary for canary in canaries if canary in text] == []


def test_plans_with_profiles(world, tmp_path, run_here, monkeypatch):
    """Without a tenant on the line the profiles in the plan lead to them."""
    monkeypatch.setenv("AICORE_HOME", str(tmp_path))
    for name in NAMES:
        key = world.sandbox.tenant(name).service_key
        config = {
            "AICORE_AUTH_URL": f"{key['url']}/oauth/token",
            "AICORE_CLIENT_ID": key["clientid"],
            "AICORE_CLIENT_SECRET": key["clientsecret"],
            "AICORE_BASE_URL": f"{key['serviceurls']['AI_API_URL']}/v2",
        }
        (tmp_path / f"config_{name}.json").write_text(json.dumps(config))
        (tmp_path / f"config_{name}.json").chmod(0o600)
    tenants = {name: named_tenant(profile=name) for name in NAMES}
    places = {name: (tenant.tenant, tenant.host) for name, tenant in tenants.items()}
    named = {(each.tenant, each.host): name for name, each in world.tenants.items()}
    secrets = (
        replace(each, profile=name, tenant=places[name][0], host=places[name][1])
        for each in world.planned.secrets
        for name in [named[each.tenant, each.host]]
    )
    plan = replace(world.planned, secrets=tuple(secrets))
    (tmp_path / "plan.json").write_text(json.dumps(plan.to_data()))
    status, out, err = run_here("rotate", "plan.json", *GIVEN, "--format", "json")
    assert (status, states(out)) == (0, ["replaced"] * 3), err


def test_a_piped_password(world, run_here):
    """--password-file - takes the new token from standard input."""
    status, out, err = run_here(
        "rotate",
        "plan.json",
        "--password-file",
        "-",
        *TENANTS,
        "--format",
        "json",
        stdin=world.new.password.reveal().encode() + b"\n",
    )
    assert (status, states(out)) == (0, ["replaced"] * 3), err
