import base64
import hashlib
import json

import pytest

from aicore_magics.sandbox.registry_images import index, single
from aicore_magics.sandbox.registry_schema1 import SCHEMA1, schema1


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@pytest.mark.parametrize("architecture", ["amd64", "arm64"])
def test_schema1(architecture):
    """Schema 1 has the layers of an image and no config, and its type says that it is signed."""
    image = single("old", architecture)
    content, _ = schema1(image, "acme/old", "1")
    manifest = json.loads(content.body)
    assert content.media_type == SCHEMA1
    assert (manifest["schemaVersion"], manifest["name"], manifest["tag"]) == (1, "acme/old", "1")
    assert manifest["architecture"] == architecture
    assert manifest["fsLayers"] == [{"blobSum": image.blobs[1].digest}]
    assert json.loads(manifest["history"][0]["v1Compatibility"])["architecture"] == architecture
    assert "config" not in manifest


def test_digest():
    """The digest is that of what was signed, which the signature says how to get back."""
    content, digest = schema1(single("old"), "acme/old", "1")
    (signature,) = json.loads(content.body)["signatures"]
    protected = json.loads(decoded(signature["protected"]))
    payload = content.body[: protected["formatLength"]] + decoded(protected["formatTail"])
    assert "signatures" not in json.loads(payload)
    assert digest == "sha256:" + hashlib.sha256(payload).hexdigest()


def test_no_index():
    """Of an image for several platforms the first one is given."""
    first = single("old")
    assert schema1(index(first, single("old", "arm64")), "a", "1") == schema1(first, "a", "1")
