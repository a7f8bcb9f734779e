"""What an image is made of: its manifest, the one of an index that AI Core would take, platform and size.

Platform is checked here since nobody else does: containerd pulls a single manifest for another processor
without a word, and the container fails only when it starts.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from types import NoneType
from typing import Any

from aicore_magics.registry.media_types import (
    DOCKER_LIST,
    DOCKER_MANIFEST,
    IMAGE_CONFIGS,
    INDEXES,
    MANIFESTS,
    OCI_INDEX,
    OCI_MANIFEST,
    are_attestations,
    odd_layer,
    type_of,
)
from aicore_magics.registry.platforms import NODE_OS, Fit, Platform

# All four at once: a registry answers 404, or with an old format, where one is missing.
ACCEPT = f"{OCI_INDEX}, {OCI_MANIFEST}, {DOCKER_LIST}, {DOCKER_MANIFEST}"
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128}")
_IN_TURN: tuple[Fit | None, ...] = ("sure", "32 bit", None, "unsure")


@dataclass(frozen=True, slots=True)
class Single:
    """The manifest of one image: the digest of its config, and the bytes to download, None if not told.

    *type*: what it calls itself, else OCI's; *odd_layer*: the type of a layer that not every node unpacks;
    *layers*: how many there are.
    """

    config: str
    size: int | None
    type: str = OCI_MANIFEST
    odd_layer: str | None = None
    layers: int = 0

    def taken_as(self, told: str) -> bool:
        """Whether a node takes it where it is *told* that this is its type."""
        return told in MANIFESTS


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an index: the digest of a manifest or of another index, and its platform if it has one.

    *digest* is empty if it has none that can be asked for, *type* if it does not say which that is.
    """

    digest: str
    platform: Platform | None
    type: str = ""


@dataclass(frozen=True, slots=True)
class Index:
    """Several images under one name, in the order of the index. *type*: what it calls itself, else OCI's."""

    entries: tuple[Entry, ...]
    type: str = OCI_INDEX

    def taken_as(self, told: str) -> bool:
        """Whether a node takes it where it is *told* that this is its type."""
        return told in INDEXES

    @property
    def others(self) -> tuple[str, ...]:
        """The platforms that do not fit linux/amd64, each once; not those of BuildKit's attestations."""
        named = (entry.platform for entry in self.entries if entry.platform and entry.platform.known)
        return tuple(dict.fromkeys(str(each) for each in named if each.fit == "none"))

    @property
    def names_some(self) -> bool:
        """Whether any of its entries has a platform."""
        return any(entry.platform for entry in self.entries)

    @property
    def without_image(self) -> str:
        """Say why no node finds an image in it, as far as its own lines tell; empty if they do not."""
        if not self.entries:
            return "Its index is empty."
        platforms = [entry.platform for entry in self.entries]
        if all(platform and platform.attestation for platform in platforms):
            return "Its index has only attestations, and no image."
        return "Its index names only platforms that do not exist." if all(platforms) else ""

    def in_turn(self) -> tuple[Entry, ...]:
        """Return the entries that may fit linux/amd64: first those that any containerd would go by.

        That is amd64, then 386, then what names no platform (images/image.go, `Manifest`). Last, what only
        some take.
        """
        return tuple(entry for fit in _IN_TURN for entry in self.entries if _fit(entry) == fit)


def read_manifest(body: bytes) -> Single | Index | str:
    """Give what the manifest in *body* says, or one sentence why it is none that AI Core could run."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return "Its manifest is not JSON."
    if not isinstance(data, dict):
        return "Its manifest is not a JSON object."
    if data.get("schemaVersion") == 1 or data.get("fsLayers"):
        return "Manifest schema 1: push it again with a current docker."
    kind = type_of(data)
    # containerd, core/images/image.go, `validateMediaType`.
    of_index, of_image = "manifests" in data or kind in INDEXES, {"config", "layers"} & {*data}
    if of_index and (of_image or kind in MANIFESTS):
        return "Its manifest is both an image and an index: containerd refuses it."
    return _index(data, kind) if isinstance(data.get("manifests"), list) else _single(data, kind)


def read_platform(body: bytes, *, default_os: str = "") -> Platform:
    """Give the platform in the config of an image, with nothing in it if it says none."""
    try:
        return Platform.parse(json.loads(body), default_os=default_os)
    except (ValueError, RecursionError):
        return Platform()


def read_layers(body: bytes) -> int | None:
    """Return how many layers the config of an image has, or None if it does not say."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    root = data.get("rootfs") if isinstance(data, dict) else None
    layers = root.get("diff_ids") if isinstance(root, dict) else None
    return len(layers) if isinstance(layers, list) else None


def digest_of(body: bytes) -> str:
    """Return the digest by which a registry knows *body*."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def matches(body: bytes, digest: str) -> bool:
    """Whether *body* is what *digest* stands for."""
    kind, _, value = digest.partition(":")
    return kind in ("sha256", "sha384", "sha512") and hashlib.new(kind, body).hexdigest() == value


def _index(data: dict[str, Any], kind: str) -> Index | str:
    if not all(map(_well_typed, data["manifests"])):
        return "Its index has an entry that containerd cannot read."
    return Index(tuple(map(_entry, data["manifests"])), kind if kind in INDEXES else OCI_INDEX)


def _single(data: dict[str, Any], kind: str) -> Single | str:
    config, layers = data.get("config"), data.get("layers")
    if not isinstance(config, dict) or not _is_digest(config.get("digest")):
        return "Its manifest names no config."
    if config.get("mediaType") not in IMAGE_CONFIGS:
        return "This is not a container image, but something else that a registry can store."
    if are_attestations(layers):
        return "This is an attestation, not a container image."
    named = kind if kind in MANIFESTS else OCI_MANIFEST
    many = len(layers) if isinstance(layers, list) else 0
    return Single(config["digest"], _size(layers), named, odd_layer(layers), many)


def _entry(data: dict[str, Any] | None) -> Entry:
    data = data or {}
    digest, platform = data.get("digest"), data.get("platform")
    # A node takes a missing operating system for its own.
    named = None if platform is None else Platform.parse(platform, default_os=NODE_OS)
    return Entry(digest if isinstance(digest, str) and _is_digest(digest) else "", named, type_of(data))


def _well_typed(entry: Any) -> bool:
    """Whether Go reads this *entry* of an index; where it does not, it reads nothing of the index."""
    if not isinstance(entry, dict):
        return entry is None
    platform = entry.get("platform")
    if not isinstance(platform, (dict, NoneType)):
        return False
    texts = (entry.get(key) for key in ("digest", "mediaType"))
    words = ((platform or {}).get(key) for key in ("os", "architecture", "variant"))
    return all(isinstance(text, (str, NoneType)) for text in (*texts, *words))


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
