"""Images as the registries of long ago answered them: schema 1, which nobody pulls any more."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from aicore_magics.sandbox.registry_images import Content

if TYPE_CHECKING:
    from aicore_magics.sandbox.registry_images import Image

SCHEMA1 = "application/vnd.docker.distribution.manifest.v1+prettyjws"
_TAIL = "\n}"


def schema1(image: Image, name: str, tag: str) -> tuple[Content, str]:
    """Give *image*, or the first entry of it, as schema 1, and the digest that goes with that.

    The signature has the right shape, and was made by nobody.
    """
    payload = json.dumps(_content(image, name, tag), indent=3)
    signature = {
        "header": {"jwk": {"crv": "P-256", "kid": "sandbox", "kty": "EC", "x": "", "y": ""}, "alg": "ES256"},
        "signature": _base64(bytes(64)),
        "protected": _base64(_protected(payload)),
    }
    head = payload.removesuffix(_TAIL)
    signed = f'{head},\n   "signatures": {json.dumps([signature])}{_TAIL}'
    # The digest leaves the signatures out: they can be many.
    return Content(SCHEMA1, signed.encode()), Content(SCHEMA1, payload.encode()).digest


def _content(image: Image, name: str, tag: str) -> dict[str, object]:
    image = image.entries[0] if image.entries else image
    config, *layers = image.blobs
    architecture = json.loads(config.body)["architecture"]
    history = {"id": config.digest.removeprefix("sha256:"), "architecture": architecture, "os": "linux"}
    return {
        "schemaVersion": 1,
        "name": name,
        "tag": tag,
        "architecture": architecture,
        "fsLayers": [{"blobSum": layer.digest} for layer in layers],
        "history": [{"v1Compatibility": json.dumps(history)} for _ in layers],
    }


def _protected(payload: str) -> bytes:
    """Say how to get the payload back: as many bytes of what was signed, and this tail."""
    head = {"formatLength": len(payload) - len(_TAIL), "formatTail": _base64(_TAIL.encode())}
    return json.dumps({**head, "time": "1970-01-01T00:00:00Z"}).encode()


def _base64(body: bytes) -> str:
    return base64.urlsafe_b64encode(body).decode().rstrip("=")
