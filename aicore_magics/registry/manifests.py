"""What an image is made of: its manifest, the one of an index that AI Core would take, platform and size.

Platform is checked here since nobody else does: containerd pulls a single manifest for another processor
without a word, and the container fails only when it starts.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from typing import Any

from aicore_magics.registry.platforms import NODE_OS, Fit, Platform

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
# All four at once: a registry answers 404, or with an old format, where one is missing.
ACCEPT = f"{OCI_INDEX}, {OCI_MANIFEST}, {DOCKER_LIST}, {DOCKER_MANIFEST}"
IMAGE_CONFIGS = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_IN_TURN: tuple[Fit | None, ...] = ("sure", "32 bit", None, "unsure")


@dataclass(frozen=True, slots=True)
class Single:
    """The manifest of one image: the digest of its config, and the bytes to download, None if not told."""

    config: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an index: the digest of a manifest or of another index, and its platform if it has one."""

    digest: str
    platform: Platform | None


@dataclass(frozen=True, slots=True)
class Index:
    """Several images under one name, in the order of the index."""

    entries: tuple[Entry, ...]

    @property
    def others(self) -> tuple[str, ...]:
        """The platforms that do not fit linux/amd64, each once; not those of BuildKit's attestations."""
        named = (entry.platform for entry in self.entries if entry.platform and entry.platform.known)
        return tuple(dict.fromkeys(str(each) for each in named if each.fit == "none"))

    @property
    def names_some(self) -> bool:
        """Whether any of its entries has a platform."""
        return any(entry.platform for entry in self.entries)

    def in_turn(self) -> tuple[Entry, ...]:
        """Return the entries that may fit linux/amd64: first those that any containerd would go by.

        That is amd64, then 386, then what names no platform (images/image.go, `Manifest`). Last, what only
        some take.
        """
        return tuple(entry for fit in _IN_TURN for entry in self.entries if _fit(entry) == fit)


def read_manifest(body: bytes) -> Single | Index | str:
    """Give what the manifest in *body* says, or one sentence why it is none that AI Core could run."""
    data = _data(body)
    if not isinstance(data, dict):
        return "Its manifest is no JSON."
    if data.get("schemaVersion") == 1:
        return "Manifest schema 1: push it again with a current docker."
    if isinstance(data.get("manifests"), list):
        return Index(tuple(filter(None, map(_entry, data["manifests"]))))
    config = data.get("config")
    if not isinstance(config, dict) or not _is_digest(config.get("digest")):
        return "Its manifest names no config."
    if config.get("mediaType") not in IMAGE_CONFIGS:
        return "This is no container image, but something else that a registry can hold."
    return Single(config["digest"], _size(data.get("layers")))


def read_platform(body: bytes, *, default_os: str = "") -> Platform:
    """Give the platform in the config of an image, with nothing in it if it says none."""
    return Platform.parse(_data(body), default_os=default_os)


def digest_of(body: bytes) -> str:
    """Return the digest by which a registry knows *body*."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def matches(body: bytes, digest: str) -> bool:
    """Whether *body* is what *digest* stands for."""
    kind, _, value = digest.partition(":")
    return kind in ("sha256", "sha384", "sha512") and hashlib.new(kind, body).hexdigest() == value


def _entry(data: Any) -> Entry | None:
    if not isinstance(data, dict) or not _is_digest(data.get("digest")):
        return None
    platform = data.get("platform")
    # A node takes a missing operating system for its own.
    return Entry(data["digest"], None if platform is None else Platform.parse(platform, default_os=NODE_OS))


def _fit(entry: Entry) -> Fit | None:
    return entry.platform.fit if entry.platform else None


def _size(layers: Any) -> int | None:
    if not isinstance(layers, list):
        return None
    sizes = [layer.get("size") if isinstance(layer, dict) else None for layer in layers]
    numbers = [size for size in sizes if type(size) is int and 0 <= size < 2**63]
    return sum(numbers) if len(numbers) == len(layers) else None


def _is_digest(text: Any) -> bool:
    return isinstance(text, str) and _DIGEST.fullmatch(text) is not None


def _data(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
