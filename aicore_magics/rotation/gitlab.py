"""A schedule as a job of GitLab CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aicore_magics.rotation.clouds import audience_for
from aicore_magics.rotation.schedule import PACKAGE, PACKAGE_VARIABLE, RESULT
from aicore_magics.templates.emit import emit

if TYPE_CHECKING:
    from aicore_magics.rotation.minting import CloudName
    from aicore_magics.rotation.schedule import Job

_IMAGE = "python:3.13-bookworm"
_GCLOUD_FROM = "https://dl.google.com/dl/cloudsdk/channels/rapid/downloads"
_GCLOUD = "google-cloud-cli-588.0.0-linux-x86_64.tar.gz"
_GCLOUD_SHA256 = "e38ceac43022bb5a4d94d5a4a9c9c51f90f28c910b59a018ae07011e220c4412"
# The cloud's program stands last in the path: what it brings must not be taken for Python.
_IN_PIP = (
    'python -m venv "$HOME/cloud"',
    '"$HOME/cloud/bin/python" -m pip install --quiet --disable-pip-version-check {package}',
    'export PATH="$PATH:$HOME/cloud/bin"',
)
_INSTALL = (
    f'python -m pip install --quiet --disable-pip-version-check -- "${{{PACKAGE_VARIABLE}:-{PACKAGE}}}"'
)
_PROGRAMS: dict[CloudName, tuple[str, ...]] = {
    "aws": tuple(line.format(package="awscli==1.46.2") for line in _IN_PIP),
    "azure": tuple(line.format(package="azure-cli==2.91.0") for line in _IN_PIP),
    "google": (
        'cd "$HOME"',
        f"curl --silent --show-error --fail --remote-name {_GCLOUD_FROM}/{_GCLOUD}",
        f"echo '{_GCLOUD_SHA256}  {_GCLOUD}' | sha256sum --check --quiet",
        f"tar -xzf {_GCLOUD}",
        'export PATH="$PATH:$HOME/google-cloud-sdk/bin"',
        'cd "$CI_PROJECT_DIR"',
    ),
}
# The token goes from the shell itself into a file that only this user can read (mktemp makes such folders),
# never into an argument.
_TOKEN = """\
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
printf %s "$AICORE_OIDC" >"$folder/token"
unset AICORE_OIDC
"""
_LOGINS: dict[CloudName, str] = {
    "aws": """\
export AWS_WEB_IDENTITY_TOKEN_FILE="$folder/token" AWS_ROLE_ARN="$AICORE_AWS_ROLE"
export AWS_ROLE_SESSION_NAME=aicore-rotation AWS_DEFAULT_REGION={region}
export AWS_STS_REGIONAL_ENDPOINTS=regional
""",
    # Azure's program reads a value from the file behind an @.
    "azure": """\
export AZURE_CONFIG_DIR="$folder/azure"
az login --service-principal --username "$AICORE_AZURE_CLIENT" --tenant "$AICORE_AZURE_TENANT" \\
  --federated-token "@$folder/token" --allow-no-subscriptions --output none
""",
    "google": """\
export CLOUDSDK_CONFIG="$folder/gcloud"
gcloud iam workload-identity-pools create-cred-config "$AICORE_GOOGLE_PROVIDER" \\
  --service-account="$AICORE_GOOGLE_ACCOUNT" --credential-source-file="$folder/token" \\
  --output-file="$folder/google.json"
gcloud auth login --quiet --cred-file="$folder/google.json"
""",
}
_SCRIPT = """\
{token}{login}status=0
{command} \\
  >{result} || status=$?
case $status in
  0) said='done, or nothing was due' ;;
  1) said='refused' ;;
  2) said='wrong use of the command' ;;
  *) said='unknown, or not all done' ;;
esac
echo "Rotation: $said (exit status $status). The result is in {result}."
exit "$status"
"""
_COMMENTS = {
    "resource_group": "One run at a time; none is cut off by the next.",
    "id_tokens": "Proves to the cloud who this is.",
}


def pipeline(job: Job) -> str:
    """Return the job of a pipeline that does *job*, as YAML."""
    login = _LOGINS[job.mint.cloud].format(region=job.mint.region)
    document = {
        "rotate-registry-login": {
            "image": _IMAGE,
            "rules": [{"if": '$CI_PIPELINE_SOURCE == "schedule"'}],
            "resource_group": f"aicore-rotation-{job.digest}",
            "interruptible": False,
            "timeout": "30 minutes",
            "id_tokens": {"AICORE_OIDC": {"aud": audience_for(job.mint)}},
            "before_script": [
                f"rm -f {RESULT}",
                _INSTALL,
                *_PROGRAMS[job.mint.cloud],
            ],
            "script": [_SCRIPT.format(token=_TOKEN, login=login, command=job.script, result=RESULT)],
            "artifacts": {
                "when": "always",
                "access": "developer",
                "expire_in": "30 days",
                "paths": [RESULT],
            },
        }
    }
    return emit(document, _COMMENTS, widest=100)
