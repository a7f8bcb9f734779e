"""How a login is replaced without a gap: where a second one is made, and where the old one is ended.

A text that says "as far as known" rests on no documentation that was read for this project. Nor does the way
through a menu: menus move.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from aicore_magics.model.names import Registry
from aicore_magics.registry.host_patterns import labels_of
from aicore_magics.registry.presets import preset_for

if TYPE_CHECKING:
    from aicore_magics.model.expiry import Expiry

GRACE = timedelta(days=7)  # the old login stays as long, in case that something uses it elsewhere
_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Renewal:
    """How logins of the registry *of* are replaced while the old one stays valid.

    *make* is how to make a second login, *end* where the old one is ended: no sentences. *kills* warns of
    what ends the old login first, and says what to do instead. *limit* is there where only some can be valid
    at once. Both are sentences, or empty. *variable* has the new login where *make* sets one.
    """

    of: str
    make: str
    end: str
    kills: str = ""
    limit: str = ""
    variable: str = ""


RENEWALS = (
    Renewal(
        "Docker Hub",
        make="Docker Hub: Account settings, Personal access tokens, Generate new token, Read-only",
        end="at Docker Hub: Account settings, Personal access tokens; deactivate it first, then delete it",
    ),
    Renewal(
        "GitHub Container Registry",
        make="GitHub: Settings, Developer settings, Tokens (classic), scope read:packages",
        end="at GitHub: Settings, Developer settings, Tokens (classic), Delete",
        kills='As far as known, "Regenerate token" ends the old token at once. Generate a new token instead.',
    ),
    Renewal(
        "Quay",
        make="Quay: the namespace, Robot accounts, a second robot that may read; its user name is new, too",
        end="at Quay: the namespace, Robot accounts; delete the old robot",
        kills='"Regenerate" ends the old token of the robot at once. Make a second robot instead.',
    ),
    Renewal(
        "GitLab Container Registry",
        make="GitLab: Settings, Repository, Deploy tokens, scope read_registry; or a second access token",
        end="at GitLab: revoke it on the page where it was made",
        kills='"Rotate" ends the old access token before it makes the new one. Make a second token instead.',
    ),
    Renewal(
        "Amazon ECR",
        make="run `aws ecr get-login-password` again: each call makes a new token",
        end="cannot be revoked; it ends by itself after 12 hours",
    ),
    Renewal(
        "Azure Container Registry",
        make="Azure portal: the registry, Tokens; generate the password that is not in use, 1 or 2",
        end="at Azure: the registry, Tokens; delete the old password",
        kills="A new password 1 ends the old password 1 at once, and so for 2. Generate the one not in use.",
        limit="A token has two passwords, and both can be valid at once. Use the other one.",
    ),
    Renewal(
        "Google Artifact Registry",
        make="Google Cloud: IAM, Service accounts, Keys, Add key, JSON",
        end="at Google Cloud: IAM, Service accounts, Keys; disable it first, then delete it",
        limit="A service account has at most 10 keys. If there are 10, delete one that is not used.",
    ),
    Renewal(
        "JFrog Artifactory",
        make="Artifactory: the user's profile, a second identity token",
        end="at Artifactory: revoke it; by default a token for less than 6 hours only ends by itself",
    ),
    Renewal(
        "Harbor",
        make="Harbor: the project, Robot Accounts, a second robot that may pull; its user name is new, too",
        end="at Harbor: the project, Robot Accounts; disable the old robot first, then delete it",
        kills='"Refresh Secret" ends the old secret at once. The robot still expires on its old date. '
        "Make a second robot.",
    ),
    Renewal(
        # https://ibm.com/docs/en/cloud-paks/1.0?topic=clusters-managing-entitlements
        "IBM Entitled Registry",
        make="IBM: Container software library, Entitlement keys, Add new key",
        end="at IBM: Container software library, Entitlement keys, Delete",
    ),
    Renewal(
        "IBM Cloud Container Registry",
        make="IBM Cloud: Manage, Access (IAM), Service IDs, API keys, Create",
        end="at IBM Cloud: Manage, Access (IAM), Service IDs, API keys, Delete",
    ),
    Renewal(
        "Oracle Container Registry (OCIR)",
        make="Oracle Cloud: the user's settings, Auth tokens, Generate token",
        end="at Oracle Cloud: the user's settings, Auth tokens, Delete",
        limit="A user has at most two auth tokens. If there are two, delete one that is not used.",
    ),
    Renewal(
        "DigitalOcean Container Registry",
        make="as far as known: DigitalOcean: API, Tokens, Generate new token",
        end="as far as known: at DigitalOcean: API, Tokens, Delete",
        kills='As far as known, "Regenerate token" ends the old token at once. Generate a new token instead.',
    ),
    Renewal(
        # https://org.ngc.nvidia.com/setup/api-keys
        "NVIDIA NGC",
        make="NGC: Setup, API Keys, a second personal key",
        end="as far as known: at NGC: Setup, API Keys; delete the old key",
        kills="A new legacy key ends the old one at once. Make a personal key instead.",
        limit="Only one legacy key can be valid.",
    ),
    Renewal(
        # https://www.scaleway.com/en/docs/iam/how-to/manage-api-keys/
        "Scaleway Container Registry",
        make="Scaleway: IAM, API keys, Generate API key",
        end="at Scaleway: IAM, API keys, Delete",
    ),
    Renewal(
        "Alibaba Cloud Container Registry",
        make="as far as known: Alibaba Cloud: a second RAM user, with a permanent password of its registry",
        end="as far as known: at Alibaba Cloud: delete the old RAM user",
        kills="As far as known, a new permanent password ends the old one at once. Use a second RAM user.",
        limit="As far as known, a user has one permanent password.",
    ),
    Renewal(
        "Nexus Repository",
        make="as far as known: Nexus: a second user with the right to read, and its user token or password",
        end="as far as known: at Nexus: disable the old user",
        kills="As far as known, a reset of the user token ends the old one at once. Use a second user.",
        limit="As far as known, a user has one user token.",
    ),
    Renewal(
        "Gitea or Forgejo",
        make="as far as known: the account's settings, Applications, a second token with read:package",
        end="as far as known: the account's settings, Applications, Delete",
    ),
)
_MAKE_HERE = (
    "`from aicore_magics.sandbox.logins import logins`, then "
    '`new = logins().make({user}, variable="NEW_TOKEN")`'
)
SANDBOX = Renewal(
    "The sandbox",
    make=_MAKE_HERE.format(user='"anna"'),
    end="in Python: `logins().list()` shows all; `logins().revoke(login)` ends one of them",
    variable="NEW_TOKEN",
)
ANY_OTHER = Renewal(
    "",
    make="at the registry: a second user, robot or token with the right to read",
    end="at the registry: where it was made",
    kills='"Rotate", "regenerate" or "refresh" may end the old login at once. Make a second login instead.',
)
# Who has such a user is at a server of one's own, whatever its host.
_BY_USER = (("robot$", "Harbor"), ("gitlab+deploy-token-", "GitLab Container Registry"))


def renewal_of(registry: Registry | str, username: str = "") -> Renewal:
    """Give how a login for *registry*, or for an auth key, is replaced without a gap.

    A registry that is not known by its host may be by its *username*; the sandbox makes it for that user.

    >>> renewal_of("ghcr.io").end
    'at GitHub: Settings, Developer settings, Tokens (classic), Delete'
    >>> renewal_of("registry.example.com", "robot$team+pull").of
    'Harbor'
    """
    preset = preset_for(registry)
    if preset is None and _is_here(registry):
        user = json.dumps(username, ensure_ascii=False)
        return replace(SANDBOX, make=_MAKE_HERE.format(user=user)) if username else SANDBOX
    of_user = (name for start, name in _BY_USER if username.startswith(start))
    name = preset.name if preset else next(of_user, "")
    return next((each for each in RENEWALS if each.of == name), ANY_OTHER)


def safe_from(done: datetime, expiry: Expiry) -> datetime:
    """Give when the old login, which ends as *expiry* has it, may be ended, all secrets replaced at *done*.

    That is a week later, or at its own end if that is earlier; never before *done*, an aware time.

    >>> from aicore_magics.model.expiry import NOT_KNOWN
    >>> safe_from(datetime(2027, 1, 31, 18, tzinfo=UTC), NOT_KNOWN).isoformat()
    '2027-02-07T18:00:00+00:00'
    """
    later = done + min(GRACE, _LAST - done)
    return later if expiry.ends is None else max(done, min(later, expiry.ends))


def _is_here(registry: Registry | str) -> bool:
    """Whether it is on this machine, as the sandbox is."""
    found = Registry.find(".".join(labels_of(registry)))
    return found is not None and found.is_loopback
