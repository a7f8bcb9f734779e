"""The images in the sandbox's registry: tiny, made in memory, and the same at every start."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import tarfile
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

OCI_INDEX = "application/vnd.oci.image.index.v1+json"
_NOBODY_KNOWS = MappingProxyType({"architecture": "unknown", "os": "unknown"})
_LONG_AGO = "1970-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True)
class _Types:
    manifest: str
    config: str
    layer: str


OCI = _Types(
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.oci.image.config.v1+json",
    "application/vnd.oci.image.layer.v1.tar+gzip",
)
DOCKER = _Types(
    "application/vnd.docker.distribution.manifest.v2+json",
    "application/vnd.docker.container.image.v1+json",
    "application/vnd.docker.image.rootfs.diff.tar.gzip",
)
# What BuildKit says about an image, shaped like one: nothing runs it.
_ATTESTATION = replace(OCI, layer="application/vnd.in-toto+json")


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes, and what they are."""

    media_type: str
    body: bytes

    @property
    def digest(self) -> str:
        """The name by which others refer to it."""
        return _digest(self.body)

    def descriptor(self, **more: object) -> dict[str, object]:
        """Give the entry with which a manifest refers to it."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.body), **more}


@dataclass(frozen=True, slots=True)
class Image:
    """What a tag stands for, or an entry of an index: its manifest, and all that belongs to that.

    *platform* is None for an index, which has one for each of its *entries*.
    """

    manifest: Content
    platform: Mapping[str, str] | None
    blobs: tuple[Content, ...] = ()
    entries: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Repository:
    """One image name. *tags* has the digest of each, *images* and *blobs* what goes by which digest.

    Everybody may pull a *public* one.
    """

    name: str
    tags: Mapping[str, str]
    images: Mapping[str, Image]
    blobs: Mapping[str, Content]
    public: bool = False

    @classmethod
    def of(cls, name: str, tag: str, image: Image, *, public: bool = False) -> Repository:
        """Make a repository with a single tag."""
        images = {each.manifest.digest: each for each in (image, *image.entries)}
        blobs = {blob.digest: blob for each in images.values() for blob in each.blobs}
        return cls(name, {tag: image.manifest.digest}, images, blobs, public=public)

    def find(self, reference: str) -> Image | None:
        """Find what *reference*, a tag or a digest, stands for."""
        return self.images.get(self.tags.get(reference, reference))


def repositories() -> tuple[Repository, ...]:
    """Give what the registry holds at the start: one image for each thing that can be right or wrong."""
    return (
        Repository.of("acme/churn", "1.4", single("churn 1.4")),
        Repository.of("acme/churn-gpu", "2.0", single("churn-gpu 2.0", "arm64", DOCKER)),
        Repository.of("acme/forecast", "3.1", _forecast()),
        Repository.of("acme/edge", "1.0", index(single("edge 1.0", "arm64"))),
        Repository.of("acme/hello", "1.0", single("hello 1.0"), public=True),
        Repository.of("vendor/model", "7.0", single("model 7.0")),
    )


def single(text: str, architecture: str = "amd64", types: _Types = OCI) -> Image:
    """Make an image that has *text* in its only file, for Linux on *architecture*."""
    tar = _tar("etc/motd", text)
    layer = Content(types.layer, _gzipped(tar))
    platform = {"architecture": architecture, "os": "linux"}
    return _image(types, _config(platform, _digest(tar), text), layer, platform)


def index(*images: Image) -> Image:
    """Make an image for several platforms."""
    entries = [each.manifest.descriptor(platform=each.platform, **_notes(each, images)) for each in images]
    body = _json({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": entries})
    return Image(Content(OCI_INDEX, body), None, entries=images)


def _forecast() -> Image:
    """Make what `docker buildx build` makes for two platforms, with what it says about the first."""
    return index(single("forecast 3.1"), single("forecast 3.1", "arm64"), _attestation())


def _attestation() -> Image:
    statement = _json({"_type": "https://in-toto.io/Statement/v0.1", "predicate": {}})
    platform = dict(_NOBODY_KNOWS)
    layer = Content(_ATTESTATION.layer, statement)
    return _image(_ATTESTATION, _config(platform, _digest(statement), "attestation"), layer, platform)


def _notes(image: Image, images: tuple[Image, ...]) -> dict[str, object]:
    """Say in an index what only an attestation needs: which image it is about."""
    if image.platform != _NOBODY_KNOWS:
        return {}
    about = {"vnd.docker.reference.digest": images[0].manifest.digest}
    return {"annotations": {**about, "vnd.docker.reference.type": "attestation-manifest"}}


def _image(types: _Types, config: bytes, layer: Content, platform: Mapping[str, str]) -> Image:
    kept = Content(types.config, config)
    content = {"schemaVersion": 2, "mediaType": types.manifest, "config": kept.descriptor()}
    manifest = Content(types.manifest, _json({**content, "layers": [layer.descriptor()]}))
    return Image(manifest, platform, (kept, layer))


def _config(platform: Mapping[str, str], diff_id: str, text: str) -> bytes:
    return _json(
        {
            "created": _LONG_AGO,
            **platform,
            "config": {"Cmd": ["cat", "/etc/motd"]},
            "rootfs": {"type": "layers", "diff_ids": [diff_id]},
            "history": [{"created": _LONG_AGO, "created_by": f"aicore_magics.sandbox: {text}"}],
        }
    )


def _tar(path: str, text: str) -> bytes:
    stream = io.BytesIO()
    content = f"{text}\n".encode()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        entry = tarfile.TarInfo(path)
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def _gzipped(body: bytes) -> bytes:
    stream = io.BytesIO()
    # Not gzip.compress: its header depends on the Python.
    with gzip.GzipFile(filename="", mode="wb", fileobj=stream, mtime=0) as packed:
        packed.write(body)
    return stream.getvalue()


def _json(content: Mapping[str, object]) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode()


def _digest(body: bytes) -> str:
    return "sha256:" + hashlib.sha256(body).hexdigest()
