"""The media types of an image's parts, and which of them a node takes.

containerd goes by the type that it is told, letter for letter, and not by what lies in a body. Source:
core/remotes/docker/resolver.go (`getManifestMediaType`) for the type of a manifest, core/images/mediatypes.go
for the types, core/unpack/unpacker.go for layers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from aicore_magics.http.messages import Response

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json"
DOCKER_LIST = "application/vnd.docker.distribution.manifest.list.v2+json"
DOCKER_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
MANIFESTS, INDEXES = (OCI_MANIFEST, DOCKER_MANIFEST), (OCI_INDEX, DOCKER_LIST)
IMAGE_CONFIGS = (
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.docker.container.image.v1+json",
)
# What every containerd unpacks. Not here: what is encrypted, which takes a decoder and a key on each node.
_LAYER = re.compile(
    r"application/vnd\.oci\.image\.layer\.(?:nondistributable\.)?v1\.tar(?:\+gzip|\+zstd)?"
    r"|application/vnd\.docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.gzip|\.zstd)?"
)
_ATTESTATION = "application/vnd.in-toto+json"  # as BuildKit puts them beside an image


@dataclass(frozen=True, slots=True)
class Mistyped:
    """A part of an image with a type that a node may not take.

    *media_type*: its type, empty if it has none; *by* whom: the registry that sends a manifest, the index
    that lists one, or the manifest that has a layer. *right*: the type that the part calls itself.
    """

    by: Literal["registry", "index", "manifest"]
    media_type: str
    right: str = ""


def sent_type(answer: Response) -> str:
    """Return the type as which the registry sends a manifest; empty if it names none."""
    return answer.headers.get("content-type", "").partition(";")[0]


def odd_layer(layers: Any) -> str | None:
    """Return the first type among *layers* that not every node unpacks, or None if there is none."""
    types = map(type_of, layers) if isinstance(layers, list) else ()
    return next((each for each in types if not _LAYER.fullmatch(each)), None)


def are_attestations(layers: Any) -> bool:
    """Whether there is nothing in *layers* but attestations."""
    return isinstance(layers, list) and bool(layers) and all(type_of(each) == _ATTESTATION for each in layers)


def type_of(part: Any) -> str:
    """Return the type that *part* of a manifest has in it; empty if it has none."""
    kind = part.get("mediaType") if isinstance(part, dict) else None
    return kind if isinstance(kind, str) else ""
