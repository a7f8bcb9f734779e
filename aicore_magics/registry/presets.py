"""The well-known registries: what a user is called there, where tokens are made, how long a login lives.

A text that says "as far as known" rests on no documentation that was read for this project.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from aicore_magics.base.redact import shown_key, without_user_info
from aicore_magics.base.wrappers import jwt_claims

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret
    from aicore_magics.model.docker_secret import RegistryLogin
    from aicore_magics.model.names import Registry


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known about one registry.

    *hosts* are patterns, matched label by label; *example* is what one gives as --registry. *refused* is for
    a login that it does not accept, *no_access* for one that may not pull. *realms* are hosts, beside its
    own and the domains above it, that its login may be sent to.
    """

    name: str
    hosts: tuple[str, ...]
    example: str
    user: str
    token: str
    refused: str
    no_access: str = ""
    realms: tuple[str, ...] = ()


PRESETS = (
    Preset(
        "Docker Hub",
        ("docker.io", "index.docker.io", "registry-1.docker.io"),
        "docker.io",
        user="the Docker ID, not the e-mail address",
        token="a personal access token with the right to read, in the account settings of Docker Hub",
        refused="Docker Hub wants the Docker ID, not the e-mail address, and a personal access token.",
        no_access="The token needs the right to read, and the account to be a member where it is private.",
        realms=("auth.docker.io",),
    ),
    Preset(
        "GitHub Container Registry",
        ("ghcr.io",),
        "ghcr.io",
        user="the GitHub account name",
        token="a classic personal access token with read:packages; fine-grained ones do not work",
        refused="GitHub wants the account name and a classic token with read:packages.",
        no_access="The token needs read:packages and, as far as known, SSO for the organisation.",
    ),
    Preset(
        "Quay",
        ("quay.io",),
        "quay.io",
        user="a robot account, namespace+name",
        token="the token of a robot account with the right to read, in the settings of the namespace",
        refused="Quay wants a robot account as namespace+name and its token.",
        no_access="The robot account needs the right to read this repository.",
    ),
    Preset(
        "GitLab Container Registry",
        ("registry.gitlab.com",),
        "registry.gitlab.com",
        user="the deploy token's own user name, such as gitlab+deploy-token-1, or the account name",
        token="a deploy token with read_registry, in the repository settings of the project or group",
        refused="GitLab wants the deploy token's own user name and a token with read_registry.",
        no_access="The token needs read_registry, and to be of this project or a group above it.",
    ),
    Preset(
        "Amazon ECR",
        (
            "*.dkr.ecr.*.amazonaws.com",
            "*.dkr.ecr-fips.*.amazonaws.com",
            "*.dkr.ecr.*.amazonaws.com.cn",
        ),
        "ACCOUNT.dkr.ecr.REGION.amazonaws.com",
        user="AWS",
        token="aws ecr get-login-password; it lives 12 hours, and AI Core does not renew it",
        refused="ECR wants the user AWS and what aws ecr get-login-password prints; it ends after 12 hours.",
        no_access="The AWS identity behind the login needs the right to pull from this repository.",
    ),
    Preset(
        "Azure Container Registry",
        ("*.azurecr.io",),
        "NAME.azurecr.io",
        user="a repository-scoped token's name, or a service principal's application id",
        token="a token of the registry with a scope map that may read, or a service principal's secret",
        refused="Azure wants a token's name and password, or a service principal's id and secret.",
        no_access="The token's scope map needs content/read for this repository.",
    ),
    Preset(
        "Google Artifact Registry",
        ("*-docker.pkg.dev", "gcr.io", "*.gcr.io"),
        "LOCATION-docker.pkg.dev",
        user="_json_key, or _json_key_base64 if the key is given in base64",
        token="the whole JSON key of a service account that may read the repository",
        refused="Google wants the user _json_key and the whole JSON key of a service account.",
        no_access="The service account needs the right to read this repository.",
    ),
    Preset(
        "JFrog Artifactory",
        ("*.common.repositories.cloud.sap", "common.repositories.cloud.sap", "*.jfrog.io"),
        "REPOSITORY.common.repositories.cloud.sap",
        user="the account name",
        token="an identity token or access token, in the user's profile",
        refused="Artifactory wants the account name and an identity or access token of it.",
        no_access="SAP's Artifactory has one host for each repository: take it from the image, in full.",
    ),
    Preset(
        "Harbor",
        (),  # every one has a host of its own
        "harbor.example.com",
        user="a robot account, robot$project+name, or robot$name for the whole system",
        token="the secret of a robot account with the right to pull, in the settings of the project",
        refused="Harbor wants a robot account's full name, such as robot$project+name, and its secret.",
        no_access="The robot account needs the right to pull from this project.",
    ),
    Preset(
        "IBM Cloud Container Registry",
        ("*.icr.io", "icr.io"),
        "REGION.icr.io",
        user="iamapikey",
        token="an API key of a service id that may read the namespace",
        refused="IBM Cloud wants the user iamapikey and an API key.",
        no_access="The API key's owner needs the right to read this namespace, in this region.",
    ),
    Preset(
        "Oracle Container Registry (OCIR)",
        ("*.ocir.io",),
        "REGION-KEY.ocir.io",
        user="namespace/user, or namespace/oracleidentitycloudservice/user",
        token="an auth token, in the user's settings",
        refused="Oracle wants namespace/user and an auth token, not the password.",
        no_access="A policy has to let the user read this repository.",
    ),
    Preset(
        "DigitalOcean Container Registry",
        ("registry.digitalocean.com",),
        "registry.digitalocean.com",
        user="the API token, the same as the password",
        token="an API token, or the read-only login that the registry gives out for docker",
        refused="DigitalOcean wants the API token as user and as password.",
        realms=("api.digitalocean.com",),  # as far as known
    ),
    Preset(
        # https://org.ngc.nvidia.com/setup/api-keys
        "NVIDIA NGC",
        ("nvcr.io",),
        "nvcr.io",
        user="$oauthtoken, exactly so, for everybody",
        token="a personal API key of NGC; it lives as long as was chosen, an hour or for ever",
        refused="NVIDIA wants the user $oauthtoken, exactly so, and an API key of NGC.",
        no_access="The key has to be for the service that the image is in.",
    ),
    Preset(
        "Scaleway Container Registry",
        ("rg.*.scw.cloud",),
        "rg.REGION.scw.cloud",
        user="nologin, as far as known",
        token="the secret key of an API key, in Scaleway's console under IAM",
        refused="Scaleway wants the secret key of an API key; the user is nologin, as far as known.",
    ),
    Preset(
        # https://www.alibabacloud.com/help/en/acr/user-guide/configure-access-credentials
        "Alibaba Cloud Container Registry",
        ("registry.*.aliyuncs.com", "*.*.cr.aliyuncs.com"),
        "registry.REGION.aliyuncs.com",
        user="the Alibaba Cloud account or the RAM user",
        token="the permanent password, set under Access Credential; a temporary one lives an hour",
        refused="Alibaba wants the password that is set under Access Credential, not that of the console.",
        no_access="A RAM policy has to let the user pull from this repository.",
    ),
    Preset(
        # https://help.sonatype.com/en/docker-authentication.html
        "Nexus Repository",
        (),  # every one has a host of its own, as Gitea and Forgejo have
        "nexus.example.com",
        user="the user name in Nexus, or the name code of a user token",
        token="the password, or the pass code of a user token",
        refused="Nexus wants its user name and password, and the Docker Bearer Token Realm switched on.",
        no_access="The user needs the privilege to read this repository.",
    ),
    Preset(
        "Gitea or Forgejo",
        (),
        "git.example.com",
        user="the account name",
        token="an access token that may read packages, in the account's settings under Applications",
        refused="Gitea and Forgejo want the account name and an access token.",
        no_access="The token has to be allowed to read packages, as far as known.",
    ),
)

_AZURE_TOKEN_USER = "00000000-0000-0000-0000-000000000000"
# Whose login ends by itself: user, name of the registry or "" for any, and what to say.
_SHORT_LIVED = (
    ("AWS", "Amazon ECR", "ECR logins live 12 hours, and AI Core does not renew them."),
    (
        "oauth2accesstoken",
        "",
        "Google's access tokens live 60 minutes, and AI Core does not renew them.",
    ),
    (
        "_dcgcloud_token",
        "",
        "The login of gcloud's helper lives about an hour, as far as known; AI Core does not renew it.",
    ),
    (
        _AZURE_TOKEN_USER,
        "",
        "This Azure login lives about 3 hours, as far as known; AI Core does not renew it.",
    ),
    (
        "iambearer",
        "",
        "IBM's bearer tokens live about an hour, as far as known; AI Core does not renew them.",
    ),
    ("gitlab-ci-token", "", "A GitLab job token ends with its job, as far as known."),
)
_SHORT_LIVED_TOKENS = (
    ("ghs_", "This GitHub token ends with its job, or after an hour, as far as known."),
    ("glcbt-", "A GitLab job token ends with its job, as far as known."),
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def preset_for(registry: Registry | str) -> Preset | None:
    """Give what is known about *registry*, or about the host of an auth key, or None.

    >>> preset_for("123456789012.dkr.ecr.eu-central-1.amazonaws.com").name
    'Amazon ECR'
    >>> preset_for("https://index.docker.io/v1/").name
    'Docker Hub'
    """
    bare = re.sub(r"\Ahttps?://", "", without_user_info(str(registry)).lower())
    labels = bare.partition("/")[0].removesuffix(":443").split(".")
    for preset in PRESETS:
        for host in preset.hosts:
            pattern = host.split(".")
            if len(pattern) == len(labels) and all(map(fnmatchcase, labels, pattern)):
                return preset
    return None


def hosts_to_offer() -> tuple[str, ...]:
    """Give the registries that can be typed as they are, for completion.

    >>> hosts_to_offer()[:3]
    ('docker.io', 'ghcr.io', 'quay.io')
    """
    return tuple(one.example for one in PRESETS if one.example in one.hosts)


def short_lived(login: RegistryLogin) -> str:
    """Say in one sentence that *login* ends by itself, if that can be seen from here; otherwise nothing."""
    end = _end_of(login.password)
    if end:
        return _ends(f"The token for {shown_key(str(login.registry))}", end)
    preset = preset_for(str(login.registry))
    name = preset.name if preset else ""
    by_user = [say for user, of, say in _SHORT_LIVED if user == login.username and of in ("", name)]
    by_token = [say for start, say in _SHORT_LIVED_TOKENS if login.password.reveal().startswith(start)]
    return next(iter(by_user + by_token), "")


def _end_of(password: Secret) -> datetime | None:
    """When *password* ends, if it is a JWT that says so. Nothing in it is verified."""
    end = jwt_claims(password.reveal()).get("exp")
    try:
        # Neither 0 nor true is a time.
        return datetime.fromtimestamp(end, timezone.utc).astimezone() if end and end > 1 else None
    except (ValueError, TypeError, ArithmeticError, OSError):
        return None


def _ends(what: str, end: datetime) -> str:
    now = datetime.now(timezone.utc).astimezone()
    year = "" if end.year == now.year else f" {end.year}"
    when = f"{end.day} {_MONTHS[end.month - 1]}{year}, {end:%H:%M}"
    return f"{what} has ended ({when})." if end <= now else f"{what} ends {when}; AI Core does not renew it."
