"""The workflow for GitHub: its form, its rights, and its steps run as shell with pretend programs."""

from __future__ import annotations

import re
import shlex

import pytest
import yaml

from aicore_magics.rotation.engines import ENGINES, scheduled
from aicore_magics.rotation.schedule import PACKAGE, RESULT, job_of
from tests.faults.verdicts import every_form
from tests.rotation.plans import HOSTILE, REGISTRIES, plan
from tests.rotation.shell import Runner, commands_to_github

ENGINE = ENGINES["github"]
each_registry = pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES)
SAID = {
    0: "done, or nothing was due",
    1: "refused",
    2: "wrong use of the command",
    3: "unknown, or not all done",
}


def text_of(registry, tenants=("acme-dev",), path="plan.json", every=""):
    return scheduled(ENGINE, job_of(plan(registry, *tenants), path, every, shortest=ENGINE.shortest, ends={}))


def filled_in(value, known):
    """*value* as GitHub fills it in."""
    value = re.sub(r"\$\{\{ (\S+) \|\| '(.*)' \}\}", lambda hole: known.get(hole[1], hole[2]), value)
    return re.sub(r"\$\{\{ (\S+) \}\}", lambda hole: known[hole[1]], value)


def run_steps(runner, text, env, known):
    """What the steps with a script leave; a step that fails ends it, as it does there."""
    logs, status = [], 0
    for step in yaml.safe_load(text)["jobs"]["rotate"]["steps"]:
        if "run" not in step or status:
            continue
        assert "${{" not in step["run"], "filled in before a shell sees it"
        given = {name: filled_in(value, known) for name, value in step.get("env", {}).items()}
        ran = runner.run(step["run"], {**env, **given})
        logs.append(ran.log)
        status = ran.status
    return ran, "".join(logs), status


@each_registry
def test_each_comment_stands_above_what_it_speaks_of(registry):
    """Each comment stands right above its key: that of the service key in the one step that gets it."""
    text = text_of(registry, HOSTILE)
    above = dict(re.findall(r"^ *# (.+)\n *(\w+):", text, re.MULTILINE))
    assert above.pop("No other step gets a service key.").startswith("AICORE_SERVICE_KEY")
    assert [*above.values()] == ["permissions", "concurrency"]


@each_registry
def test_rights_pins_and_limits(registry):
    """Least rights, every action by its commit, one run at a time, a time limit, no key of a cloud."""
    text = text_of(registry, HOSTILE)
    document = yaml.safe_load(text)
    assert document["permissions"] == {"contents": "read", "id-token": "write"}
    assert document["concurrency"]["cancel-in-progress"] is False
    assert set(document["on"]) == {"schedule", "workflow_dispatch"}
    (job,) = document["jobs"].values()
    assert job["runs-on"] == "ubuntu-24.04"
    assert job["timeout-minutes"] == 30
    uses = re.findall(r"uses: (\S+) # (v\d+\.\d+\.\d+)$", text, re.MULTILINE)
    assert len(uses) == text.count("uses: ")
    assert all(re.fullmatch(r"[a-z-]+/[a-z-]+@[0-9a-f]{40}", action) for action, _ in uses)
    steps = job["steps"]
    assert steps[0]["with"] == {"persist-credentials": False}
    assert steps[-1]["if"] == "always()"
    secrets = [step.get("name") for step in steps if "secrets." in str(step)]
    assert secrets == ["Rotate the login"]
    assert len(re.findall(r"\$\{\{ secrets\.", text.partition("jobs:")[2])) == len(HOSTILE)


@pytest.mark.parametrize("status", SAID)
@pytest.mark.needs("bash")
def test_a_run_ends_as_the_command_does(tmp_path, status):
    """The step is as green or red as the command, says why in log and summary, and keeps the JSON."""
    runner, summary = Runner(tmp_path), tmp_path / "summary.md"
    env = {"STATUS": str(status), "RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(summary)}
    _, log, ended = run_steps(runner, text_of(REGISTRIES["ecr"]), env, {"secrets.AICORE_SERVICE_KEY": "key"})
    assert ended == status
    assert f"Rotation: {SAID[status]} (exit status {status})." in log
    assert "team-ecr of acme-dev: refused" in log
    assert f"### Rotation: {SAID[status]}\n\n    " in summary.read_text("utf-8")
    assert "    team-ecr of acme-dev: refused" in summary.read_text("utf-8")
    assert '{"result": "RotationRun"}' in (tmp_path / RESULT).read_text("utf-8")
    assert commands_to_github(log) == []
    assert "::error::" not in log, "that went into the file"


@pytest.mark.parametrize("package", ["", "./wheel.whl", "--index-url=x", "$(touch pwned)", "a; touch pwned"])
@pytest.mark.needs("bash")
def test_the_package_is_one_word(tmp_path, package):
    """What is installed can be set, as nothing on PyPI is promised; it is no option and no command."""
    runner = Runner(tmp_path)
    env = {"STATUS": "0", "RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    known = {"secrets.AICORE_SERVICE_KEY": "key"} | (
        {"vars.AICORE_MAGICS_PACKAGE": package} if package else {}
    )
    ran, _, status = run_steps(runner, text_of(REGISTRIES["ecr"]), env, known)
    assert status == 0
    installed, *_ = (ran.record / "calls").read_text("utf-8").splitlines()
    *_, end, word = shlex.split(installed)
    assert (end, word) == ("--", package or PACKAGE)
    assert not [*tmp_path.rglob("pwned")]


@each_registry
@pytest.mark.needs("bash")
def test_no_secret_leaves_the_step_that_needs_it(tmp_path, canary, registry):
    """Service key, login and the token of the CI are in no log, summary, argument, or other environment."""
    runner, summary = Runner(tmp_path), tmp_path / "summary.md"
    key, password, token = f"key{canary}", f"password{canary}", f"token{canary}"
    path = "it's my $(touch pwned) `touch pwned`.json"
    text = text_of(registry, ("acme-dev", *HOSTILE), path)
    names = re.findall(r"secrets\.(AICORE\w+)", text)
    env = {
        "STATUS": "0",
        "PASSWORD": password,
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_STEP_SUMMARY": str(summary),
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": token,
    }
    ran, log, status = run_steps(runner, text, env, {f"secrets.{name}": key + name for name in names})
    assert status == 0
    calls = (ran.record / "calls").read_bytes()
    seen = {"log": log.encode(), "summary": summary.read_bytes(), "calls": calls}
    seen["script"] = (ran.record / "script.sh").read_bytes()
    seen["result"] = (tmp_path / RESULT).read_bytes()
    forms = every_form(key) | every_form(password) | every_form(token)
    assert [place for place, content in seen.items() if any(form in content for form in forms)] == []
    assert (ran.record / "password").read_text("utf-8") == password
    mine = ran.env_of("jupyter")
    assert {name for name, value in mine.items() if key in value} == set(names)
    assert not any(token in value for value in mine.values())
    assert not any(key in value for value in ran.env_of("python").values())
    (words,) = [call for call in ran.calls if call[0] == "jupyter"]
    assert [words[i + 1] for i, word in enumerate(words) if word == "--service-key-env"] == names
    assert not list(tmp_path.rglob("pwned*"))


@pytest.mark.needs("bash")
def test_a_step_before_it_that_fails_is_red(tmp_path):
    """Where the package cannot be installed nothing else is run, and there is no result of another run."""
    runner = Runner(tmp_path)
    (tmp_path / "programs/python").write_text("#!/bin/bash\nexit 7\n", "utf-8")
    env = {"STATUS": "0", "RUNNER_TEMP": str(tmp_path), "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")}
    _, _, status = run_steps(runner, text_of(REGISTRIES["ecr"]), env, {})
    assert status == 7
    assert not (tmp_path / RESULT).exists()
