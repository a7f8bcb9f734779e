"""The scripts of a schedule, with the real command, against a sandbox with two tenants and a registry."""

from __future__ import annotations

import base64
import json
import sys
from dataclasses import replace

import pytest
import yaml

from aicore_magics.actions import CheckOptions, connect_with, create_docker_secret
from aicore_magics.base.redact import Secret
from aicore_magics.model.docker_secret import RegistryLogin
from aicore_magics.rotation.engines import ENGINES, scheduled
from aicore_magics.rotation.plan import HeldLogin, Plan, PlannedSecret
from aicore_magics.rotation.schedule import RESULT, job_of
from tests.faults.verdicts import every_form
from tests.rotation.plans import plan
from tests.rotation.shell import RECORD, Runner

PLAN = "my plan's.json"
# The real command, in the place of the pretend one.
JUPYTER = f'{RECORD}shift\nexec {sys.executable} -m aicore_magics.cli "$@"\n'


@pytest.fixture
def tenants(sandbox):
    """Two tenants, each with a secret that holds the login of the sandbox's registry."""
    both = {
        "AICORE_SERVICE_KEY_ACME_DEV": sandbox,
        "AICORE_SERVICE_KEY_ACME_PROD": sandbox.tenant("acme-prod"),
    }
    former = RegistryLogin(sandbox.registry.host, sandbox.registry.username, Secret("former"))
    for each in both.values():
        connection = connect_with(each.service_key, sandbox=True)
        create_docker_secret(connection, "team-ghcr", [former], checking=CheckOptions(skip=True))
        connection.close()
    return both


@pytest.fixture
def runner(tmp_path, sandbox, tenants):
    """A CI with the plan in its working folder."""
    ci = Runner(tmp_path)
    (tmp_path / "programs/jupyter").write_text(JUPYTER, "utf-8")
    held = HeldLogin(sandbox.registry.host, sandbox.registry.username)
    secrets = []
    for each in tenants.values():
        connection = connect_with(each.service_key, sandbox=True)
        images = (f"{sandbox.registry.host}/acme/churn:1.4",)
        secrets.append(PlannedSecret(connection.tenant, connection.host, "team-ghcr", held, images=images))
        connection.close()
    text = json.dumps(Plan.of(held.registry, held.username, secrets).to_data())
    (ci.work / PLAN).write_text(text, "utf-8")
    ci.env["AICORE_MAGICS_STATE"] = str(tmp_path / "state")
    ci.env["RUNNER_TEMP"], ci.env["GITHUB_STEP_SUMMARY"] = str(ci.work), str(tmp_path / "summary.md")
    ci.env["CI_PROJECT_DIR"], ci.env["AICORE_AWS_ROLE"] = str(ci.work), "arn:aws:iam::123456789012:role/pull"
    return ci


def script_of(engine, username):
    """The script that does the work, for a login that the pretend `aws` prints; and the names of its keys."""
    job = job_of(plan("public.ecr.aws", "acme-dev", "acme-prod"), PLAN, "", shortest=10, ends={})
    job = replace(job, mint=replace(job.mint, username=username))
    document = yaml.safe_load(scheduled(ENGINES[engine], job))
    if engine == "gitlab":
        return "\n".join(document["rotate-registry-login"]["script"])
    steps = document["jobs"]["rotate"]["steps"]
    return next(step["run"] for step in steps if "SERVICE_KEY" in str(step.get("env")))


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("good", [True, False], ids=["accepted", "refused"])
@pytest.mark.needs("bash")
def test_a_scheduled_run(tmp_path, sandbox, runner, tenants, engine, good):
    """A good login is in both tenants afterwards; a refused one is in none, and the run is red."""
    password = sandbox.registry.password if good else "wrong-password-of-a-test"
    keys = {name: each.service_key_json() for name, each in tenants.items()}
    keys["AICORE_SERVICE_KEY_ACME_DEV"] = base64.b64encode(sandbox.service_key_json().encode()).decode()
    ran = runner.run(
        script_of(engine, sandbox.registry.username), {**keys, "PASSWORD": password, "AICORE_OIDC": "token"}
    )
    assert ran.status == (0 if good else 1), ran.log
    stored = [password in json.dumps(each.state.secrets) for each in tenants.values()]
    assert stored == [good, good], ran.log
    result = (runner.work / RESULT).read_text("utf-8")
    assert ("result" in json.loads(result)) == good
    client = sandbox.service_key["clientsecret"]
    texts = (ran.log, result, (ran.record / "calls").read_text("utf-8"))
    journal = [file.read_bytes() for file in (tmp_path / "state").rglob("*") if file.is_file()]
    seen = [*(text.encode() for text in texts), *journal]
    forms = every_form(password) | every_form(client) | every_form(keys["AICORE_SERVICE_KEY_ACME_DEV"])
    assert not any(form in content for content in seen for form in forms)
    assert (ran.record / "env-aws").read_text("utf-8", "replace").count(client) == 0
