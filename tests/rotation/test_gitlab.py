"""The job for GitLab: its form, and its script run as shell with pretend programs and a pretend token."""

from __future__ import annotations

import re

import pytest
import yaml

from aicore_magics.rotation.engines import ENGINES, scheduled
from aicore_magics.rotation.schedule import RESULT, job_of
from tests.faults.verdicts import every_form
from tests.rotation.plans import HOSTILE, REGISTRIES, plan
from tests.rotation.shell import Runner

ENGINE = ENGINES["gitlab"]
each_registry = pytest.mark.parametrize("registry", REGISTRIES.values(), ids=REGISTRIES)
SETTINGS = {
    "AICORE_AWS_ROLE": "arn:aws:iam::123456789012:role/pull",
    "AICORE_AZURE_CLIENT": "6f1b0c52",
    "AICORE_AZURE_TENANT": "0d3c8a11",
    "AICORE_GOOGLE_PROVIDER": "projects/1/locations/global/workloadIdentityPools/a/providers/b",
    "AICORE_GOOGLE_ACCOUNT": "pull@acme.iam.gserviceaccount.com",
}


def text_of(registry, tenants=("acme-dev",), path="plan.json"):
    return scheduled(ENGINE, job_of(plan(registry, *tenants), path, "", shortest=ENGINE.shortest, ends={}))


def job_in(text):
    (job,) = yaml.safe_load(text).values()
    return job


def run_job(runner, text, env):
    """What the job leaves: GitLab runs all its lines in one shell."""
    job = job_in(text)
    given = {**SETTINGS, "CI_PROJECT_DIR": str(runner.work), **env}
    return runner.run("\n".join([*job["before_script"], *job["script"]]), given)


@each_registry
def test_form_and_limits(registry):
    """Only in a schedule, one at a time, a token for that cloud alone, the result kept whatever happened."""
    job = job_in(text_of(registry, HOSTILE))
    assert job["rules"] == [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}]
    assert re.fullmatch(r"aicore-rotation-[0-9a-f]{8}", job["resource_group"])
    assert (job["interruptible"], job["timeout"]) == (False, "30 minutes")
    (token,) = job["id_tokens"].values()
    assert token["aud"] in (
        *("sts.amazonaws.com", "sts.amazonaws.com.cn", "api://AzureADTokenExchange"),
        "https://iam.googleapis.com/$AICORE_GOOGLE_PROVIDER",
    )
    assert token["aud"].endswith(".cn") == registry.endswith(".cn")
    assert job["artifacts"]["when"] == "always"
    assert job["artifacts"]["paths"] == [RESULT]
    assert job["artifacts"]["expire_in"]
    assert "variables" not in job, "GitLab would fill them in"


@pytest.mark.parametrize("status", [0, 1, 2, 3])
@pytest.mark.needs("bash")
def test_a_run_ends_as_the_command_does(tmp_path, status):
    """The job is as green or red as the command, says why in the log, and keeps the JSON."""
    runner = Runner(tmp_path)
    (runner.work / RESULT).write_text("of another run", "utf-8")
    ran = run_job(runner, text_of(REGISTRIES["ecr"]), {"STATUS": str(status), "AICORE_OIDC": "token"})
    assert ran.status == status
    assert f"(exit status {status})" in ran.log
    assert "team-ecr of acme-dev: refused" in ran.log
    assert '{"result": "RotationRun"}' in (runner.work / RESULT).read_text("utf-8")
    assert list(runner.temp.iterdir()) == []


@each_registry
@pytest.mark.needs("bash")
def test_no_secret_is_seen(tmp_path, canary, registry):
    """Service key, login and token are in no log, argument or file that stays; the cloud gets the token."""
    runner = Runner(tmp_path)
    key, password, token = f"key{canary}", f"password{canary}", f"token{canary}"
    text = text_of(registry, ("acme-dev", *HOSTILE), "it's my $(touch pwned) `touch pwned`.json")
    names = re.findall(r"--service-key-env (\w+)", text)
    env = {name: key + name for name in names}
    ran = run_job(runner, text, {**env, "STATUS": "0", "PASSWORD": password, "AICORE_OIDC": token})
    assert ran.status == 0, ran.log
    assert (ran.record / "shown").read_text("utf-8") == token
    assert (ran.record / "password").read_text("utf-8") == password
    assert not any(token in value for value in ran.env_of("jupyter").values())
    files = {file: file.read_bytes() for file in (*runner.work.rglob("*"), *runner.temp.rglob("*"))}
    seen = {"log": ran.log.encode(), "calls": (ran.record / "calls").read_bytes(), **files}
    seen["script"] = (ran.record / "script.sh").read_bytes()
    forms = every_form(key) | every_form(password) | every_form(token)
    assert [place for place, content in seen.items() if any(form in content for form in forms)] == []
    assert not list(tmp_path.rglob("pwned*"))


@pytest.mark.parametrize("name", ["python", "jupyter", "gcloud", "curl", "sha256sum", "mktemp"])
@pytest.mark.needs("bash")
def test_whatever_fails_is_red(tmp_path, name):
    """A program that fails fails the job, and leaves no file with the token."""
    runner = Runner(tmp_path)
    (tmp_path / "programs" / name).write_text("#!/bin/bash\nexit 7\n", "utf-8")
    (tmp_path / "programs" / name).chmod(0o755)
    ran = run_job(runner, text_of(REGISTRIES["gar"]), {"STATUS": "0", "AICORE_OIDC": "token"})
    assert ran.status == 7
    assert list(runner.temp.iterdir()) == []
