"""Images made of a few bytes, and the one way to put them into a registry: pure Python, no other program."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import random
import tarfile
from dataclasses import dataclass
from urllib.parse import urljoin

import requests

OCI, DOCKER = "application/vnd.oci.image", "application/vnd.docker"
OCI_MANIFEST, OCI_INDEX = f"{OCI}.manifest.v1+json", f"{OCI}.index.v1+json"
DOCKER_MANIFEST = f"{DOCKER}.distribution.manifest.v2+json"
DOCKER_LIST = f"{DOCKER}.distribution.manifest.list.v2+json"
EMPTY = "application/vnd.oci.empty.v1+json"
HELM = "application/vnd.cncf.helm.config.v1+json"
PUSH_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Blob:
    """Bytes that go by their digest."""

    media_type: str
    body: bytes

    @property
    def digest(self):
        """What a registry calls it."""
        return "sha256:" + hashlib.sha256(self.body).hexdigest()

    def descriptor(self, **more):
        """What a manifest says of it."""
        return {"mediaType": self.media_type, "digest": self.digest, "size": len(self.body), **more}


@dataclass(frozen=True, slots=True)
class Image:
    """A manifest, and everything below it that a registry wants to have first."""

    manifest: Blob
    blobs: tuple[Blob, ...] = ()
    children: tuple[Image, ...] = ()
    platform: tuple[str, str] = ("unknown", "unknown")

    @property
    def config(self):
        """The config blob of a single image."""
        return self.blobs[0]

    @property
    def size(self):
        """The bytes that are downloaded to run it: those of its layers, compressed."""
        return sum(len(blob.body) for blob in self.blobs[1:])


def single(architecture="amd64", *, system="linux", variant="", docker=False, layers=2):
    """An image for one platform, of OCI's types or of Docker's."""
    contents = [_tar(f"{system}-{architecture}-{number}") for number in range(layers)]
    layer_type = f"{DOCKER}.image.rootfs.diff.tar.gzip" if docker else f"{OCI}.layer.v1.tar+gzip"
    config_type = f"{DOCKER}.container.image.v1+json" if docker else f"{OCI}.config.v1+json"
    diff_ids = [Blob("", content).digest for content in contents]
    config = {
        "os": system,
        "architecture": architecture,
        **({"variant": variant} if variant else {}),
        "config": {},
        "rootfs": {"type": "layers", "diff_ids": diff_ids},
    }
    blobs = [Blob(layer_type, gzip.compress(content, mtime=0)) for content in contents]
    manifest_type = DOCKER_MANIFEST if docker else OCI_MANIFEST
    return _of(Blob(config_type, _json(config)), blobs, manifest_type, (system, architecture))


def artifact(config_type=EMPTY):
    """What lies in a registry without being an image: by default with OCI's empty config, else a chart's."""
    config = b"{}" if config_type == EMPTY else _json({"name": "churn", "version": "1.4"})
    layer = Blob("application/vnd.cncf.helm.chart.content.v1.tar+gzip", gzip.compress(_tar("chart"), mtime=0))
    return _of(Blob(config_type, config), [layer], OCI_MANIFEST, ("unknown", "unknown"))


def attestation():
    """What BuildKit puts beside an image: a manifest whose platform is unknown/unknown."""
    statement = Blob("application/vnd.in-toto+json", _json({"_type": "https://in-toto.io/Statement/v0.1"}))
    config = Blob(f"{OCI}.config.v1+json", _json({"os": "unknown", "architecture": "unknown", "config": {}}))
    return _of(config, [statement], OCI_MANIFEST, ("unknown", "unknown"))


def index(*children, docker=False, platforms=None):
    """An image for several platforms: those of *children*, or *platforms*, such as linux/amd64/v3 or ""."""
    written = ["/".join(child.platform) for child in children] if platforms is None else platforms
    entries = [
        child.manifest.descriptor(**({"platform": _platform(text)} if text else {}))
        for child, text in zip(children, written, strict=True)
    ]
    kind = DOCKER_LIST if docker else OCI_INDEX
    body = _json({"schemaVersion": 2, "mediaType": kind, "manifests": entries})
    return Image(Blob(kind, body), children=children)


def _platform(text):
    return dict(zip(("os", "architecture", "variant"), text.split("/"), strict=False))


def push(session, url, repository, reference, image):
    """Put *image* into the registry at *url*: its children, its blobs, then its manifest as *reference*."""
    for child in image.children:
        push(session, url, repository, child.manifest.digest, child)
    base = f"{url}/v2/{repository}"
    for blob in image.blobs:
        begun = _sent(session.post(f"{base}/blobs/uploads/", timeout=PUSH_SECONDS), 202)
        place = requests.Request(
            "PUT", urljoin(base, begun.headers["Location"]), params={"digest": blob.digest}
        )
        octets = {"Content-Type": "application/octet-stream"}
        _sent(session.put(place.prepare().url, data=blob.body, headers=octets, timeout=PUSH_SECONDS), 201)
    _sent(
        session.put(
            f"{base}/manifests/{reference}",
            data=image.manifest.body,
            headers={"Content-Type": image.manifest.media_type},
            timeout=PUSH_SECONDS,
        ),
        201,
    )


def _of(config, layers, manifest_type, platform):
    manifest = {
        "schemaVersion": 2,
        "mediaType": manifest_type,
        "config": config.descriptor(),
        "layers": [layer.descriptor() for layer in layers],
    }
    return Image(Blob(manifest_type, _json(manifest)), (config, *layers), platform=platform)


def _tar(seed):
    """A tar of one file that does not compress, so that no two layers are of one size by chance."""
    dice = random.Random(seed)
    content = dice.randbytes(1000 + dice.randrange(3000))
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as tar:
        entry = tarfile.TarInfo("content")
        entry.size = len(content)
        tar.addfile(entry, io.BytesIO(content))
    return made.getvalue()


def _json(value):
    return json.dumps(value, separators=(",", ":")).encode()


def _sent(response, expected):
    assert response.status_code == expected, (response.request.method, response.url, response.text)
    return response
