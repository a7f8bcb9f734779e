"""A schedule as a workflow of GitHub Actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aicore_magics.rotation.clouds import CLOUDS, audience_for
from aicore_magics.rotation.schedule import PACKAGE, PACKAGE_VARIABLE, RESULT
from aicore_magics.templates.emit import Bare, emit

if TYPE_CHECKING:
    from aicore_magics.rotation.schedule import Job

# Each is the commit that the tag of its version leads to, in the action's own repository.
_CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
_PYTHON = "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0"
_UPLOAD = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0"
_AWS = "aws-actions/configure-aws-credentials@e6de054238d6b7531b4efff3b6587d9aade6a06c # v6.2.3"
_AZURE = "azure/login@532459ea530d8321f2fb9bb10d1e0bcf23869a43 # v3.0.0"
_GOOGLE = "google-github-actions/auth@7c6bc770dae815cd3e89ee6cdf493a5fab2cc093 # v3.0.0"
_GCLOUD = "google-github-actions/setup-gcloud@aa5489c8933f4cc7a4f7d45035b3b1440c9c10db # v3.0.1"
_MINUTES, _DAYS = 30, 30
# The shell is bash with -e and pipefail. Nothing that a server said may be read as a command to GitHub: the
# mark, which bash itself takes from the system's random numbers, ends what is not read.
_SCRIPT = """\
unset ACTIONS_ID_TOKEN_REQUEST_TOKEN ACTIONS_ID_TOKEN_REQUEST_URL
log=$(mktemp)
mark=$SRANDOM$SRANDOM$SRANDOM$SRANDOM
echo "::stop-commands::$mark"
status=0
{command} \\
  2>&1 >"$RUNNER_TEMP/{result}" | tee "$log" || status=$?
echo "::$mark::"
case $status in
  0) said='done, or nothing was due' ;;
  1) said='refused' ;;
  2) said='wrong use of the command' ;;
  *) said='unknown, or not all done' ;;
esac
echo "Rotation: $said (exit status $status). The result is in the artifact."
{{ echo "### Rotation: $said"; echo; sed 's/^/    /' "$log"; }} >>"$GITHUB_STEP_SUMMARY"
exit "$status"
"""
_COMMENTS = {
    "permissions": "Read the plan, and prove to the cloud who this is. Nothing else.",
    "concurrency": "One run at a time; none is cut off by the next.",
}


def workflow(job: Job) -> str:
    """Return the workflow that does *job*, as YAML."""
    result = f"${{{{ runner.temp }}}}/{RESULT}"
    steps: list[dict[str, Any]] = [
        {
            "name": "Get the plan",
            "uses": Bare(_CHECKOUT),
            "with": {"persist-credentials": False},
        },
        {"name": "Set up Python", "uses": Bare(_PYTHON), "with": {"python-version": "3.13"}},
        {
            "name": "Install aicore-magics",
            "env": {PACKAGE_VARIABLE: f"${{{{ vars.{PACKAGE_VARIABLE} || '{PACKAGE}' }}}}"},
            "run": f'python -m pip install --disable-pip-version-check -- "${PACKAGE_VARIABLE}"',
        },
        *_cloud_steps(job),
        {
            "name": "Rotate the login",
            "env": {key.variable: f"${{{{ secrets.{key.variable} }}}}" for key in job.keys},
            "run": _SCRIPT.format(command=job.script, result=RESULT),
        },
        {
            "name": "Keep the result",
            "if": "always()",
            "uses": Bare(_UPLOAD),
            "with": {
                "name": "aicore-rotation-result",
                "path": result,
                "if-no-files-found": "ignore",
                "retention-days": _DAYS,
            },
        },
    ]
    rotate = {
        "runs-on": "ubuntu-24.04",
        "timeout-minutes": _MINUTES,
        "defaults": {"run": {"shell": "bash"}},
        "steps": steps,
    }
    document = {
        "name": "Rotate a registry login of SAP AI Core",
        "on": {"schedule": [{"cron": job.cron}], "workflow_dispatch": {}},
        "permissions": {"contents": "read", "id-token": "write"},
        "concurrency": {"group": f"aicore-rotation-{job.digest}", "cancel-in-progress": False},
        "jobs": {"rotate": rotate},
    }
    only = {job.keys[0].variable: "No other step gets a service key."}
    return emit(document, _COMMENTS | only, widest=100)


def _cloud_steps(job: Job) -> list[dict[str, Any]]:
    values = [f"${{{{ vars.{setting.variable} }}}}" for setting in CLOUDS[job.mint.cloud].settings]
    name = f"Log in to {CLOUDS[job.mint.cloud].name}"
    if job.mint.cloud == "aws":
        given = {
            "role-to-assume": values[0],
            "aws-region": job.mint.region,
            "audience": audience_for(job.mint),
        }
        return [{"name": name, "uses": Bare(_AWS), "with": given}]
    if job.mint.cloud == "azure":
        given = {"client-id": values[0], "tenant-id": values[1]}
        return [{"name": name, "uses": Bare(_AZURE), "with": {**given, "allow-no-subscriptions": True}}]
    given = {"workload_identity_provider": values[0], "service_account": values[1]}
    return [
        {"name": name, "uses": Bare(_GOOGLE), "with": given},
        {"name": "Set up gcloud", "uses": Bare(_GCLOUD)},
    ]
