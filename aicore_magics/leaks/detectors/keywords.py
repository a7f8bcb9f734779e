"""Where words stand in a text, in capital or small letters. Plain searches are quicker than a pattern."""

from __future__ import annotations

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
]


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
    return any(word in small for word in REGISTRY)
