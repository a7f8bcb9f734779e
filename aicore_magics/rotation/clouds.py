"""How a job in a CI proves to a cloud who it is: by a token of the CI (OIDC), with no key that is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicore_magics.rotation.minting import CloudName, Mint


@dataclass(frozen=True)
class Setting:
    """A *variable* of the CI that is no secret, and *what* is in it."""

    variable: str
    what: str


@dataclass(frozen=True)
class Cloud:
    """A cloud, by its *name*: what the CI has to know, and which *right* the login needs there.

    *program* prints the login; *life* is a warning of how long it lasts, if there is one.
    """

    name: str
    settings: tuple[Setting, ...]
    right: str
    program: str
    warning: str = ""


CLOUDS: dict[CloudName, Cloud] = {
    "aws": Cloud(
        "AWS",
        (Setting("AICORE_AWS_ROLE", "the ARN of the role that the job takes on"),),
        right="ecr:GetAuthorizationToken, ecr:BatchGetImage, ecr:GetDownloadUrlForLayer",
        program="aws",
        # https://github.com/kubernetes/kubernetes/issues/69141
        warning="ECR logins last 12 hours. One report saw a login end early, with the role's session.",
    ),
    "azure": Cloud(
        "Azure",
        (
            Setting("AICORE_AZURE_CLIENT", "the application id of the identity"),
            Setting("AICORE_AZURE_TENANT", "the id of its Entra tenant"),
        ),
        right="AcrPull",
        program="az",
    ),
    "google": Cloud(
        "Google Cloud",
        (
            Setting(
                "AICORE_GOOGLE_PROVIDER", "the provider: projects/NUMBER/locations/global/…/providers/ID"
            ),
            Setting("AICORE_GOOGLE_ACCOUNT", "the e-mail address of the service account"),
        ),
        right="Artifact Registry Reader",
        program="gcloud",
        warning="Google's tokens last an hour, so many runs are needed. A key (_json_key) needs none.",
    ),
}
_PUBLIC_RIGHT = "ecr-public:GetAuthorizationToken, sts:GetServiceBearerToken"


def right_for(mint: Mint) -> str:
    """Return the right that the login's identity needs, and no more."""
    return _PUBLIC_RIGHT if mint.public else CLOUDS[mint.cloud].right


def audience_for(mint: Mint) -> str:
    """Return for whom the CI's token is made out."""
    if mint.cloud == "aws":
        return "sts.amazonaws.com.cn" if mint.china else "sts.amazonaws.com"
    if mint.cloud == "azure":
        return "api://AzureADTokenExchange"
    return "https://iam.googleapis.com/$AICORE_GOOGLE_PROVIDER"
