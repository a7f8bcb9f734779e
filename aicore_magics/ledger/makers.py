"""Whose tokens are drawn at random, and where: at their maker's registry, and as long as that makes them.

Elsewhere a password with the looks of a token is one that a person may have chosen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from aicore_magics.base.redact import Secret


@dataclass(frozen=True, slots=True)
class Maker:
    """The *hosts* of a maker, as patterns matched label by label, and how *long* tokens are, as a pattern.

    That is there where the maker documents it, and is matched against a whole token.
    """

    hosts: tuple[str, ...]
    long: str = ""

    def takes(self, host: str, token: Secret) -> bool:
        """Whether *token*, of this maker's shape, is as long as it makes them, for one of its hosts."""
        is_long = not self.long or re.fullmatch(self.long, token.reveal()) is not None
        return is_long and is_at(host, self.hosts)


_GITHUB = ("ghcr.io", "*.ghcr.io", "containers.*.ghe.com")
_ECR = (
    "public.ecr.aws",
    "*.dkr.ecr.*.amazonaws.com",
    "*.dkr.ecr-fips.*.amazonaws.com",
    "*.dkr.ecr.*.amazonaws.com.cn",
)
_GOOGLE = ("*.pkg.dev", "gcr.io", "*.gcr.io")
_JFROG = ("*.jfrog.io", "common.repositories.cloud.sap", "*.common.repositories.cloud.sap")
# By the id of the token's shape. A client secret, and an AWS key, are no login by themselves; the rest is
# known by what stands around it.
MAKERS = {
    "docker-hub-token": Maker(("docker.io",), r"dckr_(?:pat_.{27}|oat_.{32})"),
    "github-token": Maker(_GITHUB, r"gh[pousr]_.{36}|gh[sr]_.{37,}"),  # a later kind is longer
    "github-fine-grained-token": Maker(_GITHUB, r"github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}"),
    "gitlab-token": Maker(
        ("registry.gitlab.com",), r"gl[a-z]+-(?:.{20}|[\w-]{27,300}\.(?:[0-9a-z]{2}\.)?[0-9a-z]{9})"
    ),
    "ecr-login": Maker(_ECR),
    "google-token": Maker(_GOOGLE),
    "azure-registry-password": Maker(("*.azurecr.io",), ".{52}"),
    "azure-client-secret": Maker(("*.azurecr.io",), ".{40}"),
    "quay-token": Maker(("quay.io",), ".{64}"),
    "artifactory-token": Maker(_JFROG, "AKCp.{69}|.{64}"),
    "digitalocean-token": Maker(("registry.digitalocean.com",), "do[opr]_v1_.{64}"),
    "nvidia-key": Maker(("nvcr.io",)),
}


def is_at(host: str, hosts: tuple[str, ...]) -> bool:
    """Whether *host* is one of *hosts*: with as many labels, and each as its pattern has it.

    >>> is_at("eu.gcr.io", ("*.gcr.io",)), is_at("gcr.io.evil.example", ("gcr.io",)), is_at("io", ("*.io",))
    (True, False, False)
    """
    labels = host.lower().removesuffix(":443").split(".")
    patterns = [each.split(".") for each in hosts]
    return any(len(each) == len(labels) and all(map(fnmatchcase, labels, each)) for each in patterns)
