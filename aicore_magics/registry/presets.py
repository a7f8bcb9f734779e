"""The well-known registries: what a user is called there, and where tokens are made.

A text that says "as far as known" rests on no documentation that was read for this project. Nor does where a
token is made: menus move.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from aicore_magics.registry.host_patterns import fit, labels_of

if TYPE_CHECKING:
    from aicore_magics.model.names import Registry


@dataclass(frozen=True, slots=True)
class Preset:
    """What is known about one registry.

    *hosts* are patterns, matched label by label; *example* is what one gives as --registry. *token* is the
    kind of password, *where* it is made, as far as known, and *lives* how long it works. *refused* is for a
    login that it does not accept, *no_access* for one that may not pull. *realms* are hosts, beside its own
    and the domains above it, that its login may be sent to. *ended* is what else it may mean if its token
    service forbids (403).
    """

    name: str
    hosts: tuple[str, ...]
    example: str
    user: str
    token: str
    where: str
    lives: str
    refused: str
    no_access: str = ""
    realms: tuple[str, ...] = ()
    ended: str = ""


PRESETS = (
    Preset(
        "Docker Hub",
        ("docker.io", "index.docker.io", "registry-1.docker.io"),
        "docker.io",
        user="the Docker ID, not the e-mail address",
        token="a personal access token with the right to read",
        where="the account settings of Docker Hub",
        lives="until the date you choose; tokens without a date do not end",
        refused="Docker Hub needs the Docker ID, not the e-mail address, and a personal access token.",
        no_access="The token needs the right to read. For a private repository, the account must be a "
        "member.",
        realms=("auth.docker.io",),
    ),
    Preset(
        "GitHub Container Registry",
        ("ghcr.io",),
        "ghcr.io",
        user="the GitHub account name",
        token="a classic personal access token with read:packages; fine-grained ones do not work",
        where="GitHub's settings, Developer settings, Personal access tokens (classic)",
        lives="until the date you choose; GitHub removes it after a year without use",
        refused="GitHub needs the account name and a classic token with read:packages.",
        no_access="The token needs read:packages and, as far as known, SSO for the organisation.",
        ended="The token may have expired or been revoked. GitHub then refuses public images, too.",
    ),
    Preset(
        "Quay",
        ("quay.io",),
        "quay.io",
        user="a robot account, namespace+name",
        token="the token of a robot account with the right to read",
        where="the settings of the namespace, Robot accounts",
        lives="no end",
        refused="Quay needs a robot account as namespace+name and its token.",
        no_access="The robot account needs the right to read this repository.",
    ),
    Preset(
        "GitLab Container Registry",
        ("registry.gitlab.com",),
        "registry.gitlab.com",
        user="the deploy token's own user name, such as gitlab+deploy-token-1, or the account name",
        token="a deploy token with read_registry, or an access token with it",
        where="the settings of the project or group, Repository, Deploy tokens",
        lives="deploy token: no end, or the date you choose; access token: at most a year",
        refused="GitLab needs the deploy token's own user name and a token with read_registry.",
        no_access="The token needs read_registry, and must be of this project or a group above it.",
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
        token="what `aws ecr get-login-password` prints",
        where="the AWS command line",
        lives="12 hours, and AI Core does not renew it",
        refused="ECR needs the user AWS and what aws ecr get-login-password prints; it expires after 12 "
        "hours.",
        no_access="The AWS identity behind the login needs the right to pull from this repository.",
    ),
    Preset(
        # https://learn.microsoft.com/en-us/azure/container-registry/container-registry-authentication
        "Azure Container Registry",
        ("*.azurecr.io",),
        "NAME.azurecr.io",
        user="a repository-scoped token's name, or a service principal's application id",
        token="a repository-scoped token with a scope map that may read; or a service principal's secret",
        where="the Azure portal: the registry, Repository permissions, Tokens; or App registrations",
        lives="token: no end, or the date you choose; service principal's secret: 1 year by default",
        refused="Azure needs a token's name and password, or a service principal's id and secret.",
        no_access="The token's scope map needs content/read for this repository.",
    ),
    Preset(
        # https://docs.cloud.google.com/artifact-registry/docs/docker/authentication
        "Google Artifact Registry",
        ("*-docker.pkg.dev", "gcr.io", "*.gcr.io"),
        "LOCATION-docker.pkg.dev",
        user="_json_key, or _json_key_base64 if the key is given in base64",
        token="the whole JSON key of a service account that may read the repository",
        where="Google Cloud console, IAM, Service accounts, Keys",
        lives="no end, unless a policy of the organisation sets one",
        refused="Google needs the user _json_key and the whole JSON key of a service account.",
        no_access="The service account needs the right to read this repository.",
    ),
    Preset(
        "JFrog Artifactory",
        ("*.common.repositories.cloud.sap", "common.repositories.cloud.sap", "*.jfrog.io"),
        "REPOSITORY.common.repositories.cloud.sap",
        user="the account name",
        token="an identity token or access token",
        where="the user's profile in Artifactory",
        lives="as the administrator has set; typically a year",
        refused="Artifactory needs the account name and an identity or access token of it.",
        no_access="SAP's Artifactory has one host for each repository: copy the full host from the image.",
    ),
    Preset(
        # https://goharbor.io/docs/main/working-with-projects/project-configuration/create-robot-accounts
        "Harbor",
        (),  # every one has a host of its own
        "harbor.example.com",
        user="a robot account, robot$project+name, or robot$name for the whole system; robot$ may differ",
        token="the secret of a robot account with the right to pull",
        where="the project, Robot Accounts",
        lives="the number of days you choose, or no end",
        refused="Harbor needs a robot account's full name, such as robot$project+name, and its secret.",
        no_access="The robot account needs the right to pull from this project.",
    ),
    Preset(
        # https://www.ibm.com/docs/en/ftmfm/4.0.10?topic=environment-authenticate-registries
        # It stands before its neighbours: the first preset that fits is taken.
        "IBM Entitled Registry",
        ("cp.icr.io",),
        "cp.icr.io",
        user="cp",
        token="the entitlement key",
        where="IBM's container software library",
        lives="not known",
        refused="IBM needs the user cp and the entitlement key.",
        no_access="The account of the entitlement key must own the product of this image.",
    ),
    Preset(
        # https://cloud.ibm.com/docs/Registry?topic=Registry-registry_access
        "IBM Cloud Container Registry",
        ("*.icr.io", "icr.io"),
        "REGION.icr.io",
        user="iamapikey",
        token="an API key of a service id that may read the namespace",
        where="IBM Cloud console, Manage, Access (IAM), Service IDs",
        lives="no end",
        refused="IBM Cloud needs the user iamapikey and an API key.",
        no_access="The API key's owner needs the right to read this namespace, in this region.",
    ),
    Preset(
        # https://docs.oracle.com/en-us/iaas/Content/Functions/Tasks/functionslogintoocir.htm and
        # https://docs.oracle.com/en-us/iaas/Content/Identity/access/working-with-auth-tokens.htm
        "Oracle Container Registry (OCIR)",
        ("*.ocir.io", "ocir.*.oci.oraclecloud.com"),
        "REGION-KEY.ocir.io",
        user="namespace/user, or namespace/domain/user, such as namespace/oracleidentitycloudservice/user",
        token="an auth token",
        where="the user's settings in the Oracle Cloud console, Auth tokens",
        lives="no end",
        refused="Oracle needs namespace/user and an auth token, not the password.",
        no_access="A policy must let the user read this repository.",
    ),
    Preset(
        "DigitalOcean Container Registry",
        ("registry.digitalocean.com",),
        "registry.digitalocean.com",
        user="the API token, the same as the password",
        token="an API token, or the read-only login that the registry prints for docker",
        where="DigitalOcean's control panel, API",
        lives="as far as known: API token until the date you choose; docker login no end by default",
        refused="DigitalOcean needs the API token as user and as password.",
        realms=("api.digitalocean.com",),  # as far as known
    ),
    Preset(
        # https://org.ngc.nvidia.com/setup/api-keys
        "NVIDIA NGC",
        ("nvcr.io",),
        "nvcr.io",
        user="$oauthtoken, exactly so, for everyone",
        token="a personal API key of NGC",
        where="the NGC organisation's setup page, API Keys",
        lives="from 1 hour to no end, as you choose",
        refused="NVIDIA needs the user $oauthtoken, exactly so, and an API key of NGC.",
        no_access="The key needs NGC Catalog, or Private Registry, among its services.",
    ),
    Preset(
        # https://www.scaleway.com/en/docs/container-registry/how-to/connect-docker-cli/ and
        # https://www.scaleway.com/en/docs/iam/how-to/create-api-keys/
        "Scaleway Container Registry",
        ("rg.*.scw.cloud",),
        "rg.REGION.scw.cloud",
        user="nologin, exactly so, for everyone",
        token="the secret key of an API key",
        where="the Scaleway console, IAM, API keys",
        lives="until the date you choose, or no end",
        refused="Scaleway needs the user nologin and the secret key of an API key.",
        realms=("api.scaleway.com",),  # as programs of others ask it; the key is one for that host
    ),
    Preset(
        # https://www.alibabacloud.com/help/en/acr/user-guide/configure-access-credentials
        "Alibaba Cloud Container Registry",
        ("registry.*.aliyuncs.com", "*.*.cr.aliyuncs.com", "*.*.personal.cr.aliyuncs.com"),
        "registry.REGION.aliyuncs.com",
        user="the Alibaba Cloud account or the RAM user",
        token="the permanent password of the registry; a temporary one works for an hour",
        where="the registry's console, Access Credential",
        lives="permanent password: no end; temporary: 1 hour",
        refused="Alibaba needs the password that is set under Access Credential, not that of the console.",
        no_access="A RAM policy must let the user pull from this repository.",
        realms=("dockerauth.cn-hangzhou.aliyuncs.com",),  # as seen in answers for several regions
    ),
    Preset(
        # https://help.sonatype.com/en/docker-authentication.html
        # https://help.sonatype.com/en/user-tokens.html
        "Nexus Repository",
        (),  # every one has a host of its own, as Gitea and Forgejo have
        "nexus.example.com",
        user="the user name in Nexus; or, in Nexus Pro, the name code of a user token",
        token="the password, or in Nexus Pro the pass code of a user token",
        where="the user's profile in Nexus, User Token",
        lives="as the administrator has set, or no end",
        refused="Nexus needs its user name and password, and the Docker Bearer Token Realm switched on.",
        no_access="The user needs the privilege to read this repository.",
    ),
    Preset(
        # https://docs.gitea.com/usage/packages/container and https://forgejo.org/docs/latest/user/packages/container
        "Gitea or Forgejo",
        (),
        "git.example.com",
        user="the account name",
        token="an access token with read:package",
        where="the account's settings, Applications",
        lives="no end, as far as known",
        refused="Gitea and Forgejo need the account name and an access token; with 2FA, no password works.",
        no_access="The token needs read:package.",
    ),
)


def preset_for(registry: Registry | str) -> Preset | None:
    """Give what is known about *registry*, or about the host of an auth key, or None.

    >>> preset_for("123456789012.dkr.ecr.eu-central-1.amazonaws.com").name
    'Amazon ECR'
    >>> preset_for("https://index.docker.io/v1/").name
    'Docker Hub'
    """
    labels = labels_of(registry)
    return next((preset for preset in PRESETS if fit(labels, preset.hosts)), None)


def hosts_to_offer() -> tuple[str, ...]:
    """Give the registries that can be typed as they are, for completion.

    >>> hosts_to_offer()[:3]
    ('docker.io', 'ghcr.io', 'quay.io')
    """
    return tuple(one.example for one in PRESETS if one.example in one.hosts)
