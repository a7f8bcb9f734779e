"""Where words stand in a text, in capital or small letters. Plain searches are quicker than a pattern."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NEAR = 1500  # characters
# What a text is about that has a password for a registry in it.
REGISTRY = [
    "docker",
    "registry",
    "registries",
    "ghcr",
    "quay",
    "harbor",
    "artifactory",
    "jfrog",
    "azurecr",
    "gcr.io",
    "pkg.dev",
    ".ecr.",
    "ecr_",
    "acr_",
    "cr_pat",
    "auths",
    "pull_secret",
    "pullsecret",
    "podman",
    "skopeo",
    "buildah",
    "aicore",
    "ai_core",
    "nvcr.io",
    "ocir",
    "icr.io",
    "scaleway",
    "nexus",
    "gitea",
    "forgejo",
    "aliyun",
    "alibaba",
]
# What makes all of a notebook, or of a file, be about a registry or about AI Core. Not inside a word, so that
# the base64 of a picture is none. Matches `docker` and `registry=`; does not match `model registry`.
_CONTEXT = re.compile(
    r"""(?x) (?<![a-z0-9+]) (?:
    docker | podman | skopeo | buildah | nerdctl | kaniko | imagepullsecret
    | ai[_ -]?core | ai_api_client | gen_ai_hub | ai-resource-group | v2/(?:lm|admin)/
    | [\w.-]{0,60}\.ml\.hana\.ondemand\.com | [\w.-]{1,60}\.repositories\.cloud\.sap
    | (?:[\w-]{1,60}\.)?(?:ghcr|quay|gcr|nvcr|icr|ocir|jfrog)\.io(?![a-z0-9])
    | [\w-]{1,60}\.azurecr\. | [\w.-]{1,80}\.dkr\.ecr | [\w-]{1,40}-docker\.pkg\.dev
    | [\w.-]{1,60}\.(?:scw\.cloud|aliyuncs\.com|registry\.[a-z]) | artifactory | goharbor
    | (?:harbor|nexus|gitea|forgejo)[._:/-] | (?:container|image)[ _-]?registry
    | (?:crane|oras)\ (?:auth|login|push|pull|copy|cp) | helm\ registry | public\.ecr\.aws | lscr\.io
    | codeberg\.org | registry\.[a-z0-9-]{1,60}\. | --registry | registry(?:_url|_host)?["']?\]?\s?[:=]
    )"""
)
_CONTEXT_WORDS = (
    *(
        "docker",
        "podman",
        "skopeo",
        "buildah",
        "nerdctl",
        "kaniko",
        "imagepull",
        "ai_api_client",
        "gen_ai_hub",
    ),
    *("aicore", "ai_core", "ai core", "ai-core", "ai-resource-group", "ondemand.com", "v2/lm/", "v2/admin/"),
    *("cr.io", "quay.io", "ocir.io", "jfrog", "azurecr", ".dkr.ecr", "pkg.dev", "scw.cloud", "aliyuncs"),
    *(
        "crane ",
        "oras ",
        "helm registry",
        "ecr.aws",
        "codeberg.org",
        "repositories.cloud.sap",
        "artifactory",
        "harbor",
        "nexus",
        "gitea",
        "forgejo",
        "registry",
    ),
)
# A name's own parts that are registries: `acr` in ACR_PASSWORD, and not in `macro_password`.
_PARTS = frozenset(("acr", "ecr", "gcr", "gar", "icr", "ngc", "scw", "ocir", "nvcr", "ibmcloud", "nvidia"))
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


class Words:
    """Where some words stand in a text of small letters. Found once, asked often."""

    def __init__(self, small: str, words: Iterable[str]) -> None:
        self._starts = sorted(start for start, _ in word_starts(small, words))

    def near(self, at: int) -> bool:
        """Whether one stands at most NEAR characters from *at*."""
        return self.between(at - NEAR, at + NEAR)

    def between(self, start: int, end: int) -> bool:
        """Whether one begins between the two places."""
        first = bisect_left(self._starts, start)
        return first < len(self._starts) and self._starts[first] <= end


def small_letters(text: str) -> str:
    """Give *text* in small letters, each in its place: one letter alone would become two."""
    return text.replace("\u0130", "i").lower()


def word_starts(text: str, words: Iterable[str]) -> list[tuple[int, str]]:
    """List where each of *words* begins in *text*, each time behind the last one of the same word."""
    starts = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            starts.append((at, word))
            at = text.find(word, at + len(word))
    return starts


def names_registry(name: str) -> bool:
    """Whether *name*, of a variable or a file, is one for registries."""
    small = small_letters(name)
    if any(word in small for word in REGISTRY):
        return True
    return not _PARTS.isdisjoint(part.lower() for part in _NAME_PARTS.findall(name))


def is_about_registry(text: str) -> bool:
    """Whether *text* names a registry, what talks to one, or AI Core: its passwords may be for that.

    >>> is_about_registry("docker build ."), is_about_registry("the model registry of MLflow")
    (True, False)
    """
    small = small_letters(text)
    return any(word in small for word in _CONTEXT_WORDS) and _CONTEXT.search(small) is not None
