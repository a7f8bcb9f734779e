import gzip
import hashlib
import io
import json
import tarfile

import pytest

from aicore_magics.sandbox.registry_images import (
    DOCKER,
    OCI,
    OCI_INDEX,
    Repository,
    index,
    repositories,
    single,
)

REPOSITORIES = {each.name: each for each in repositories()}
UNKNOWN = ("unknown", "unknown")


def manifests_of(repository):
    return {digest: json.loads(image.manifest.body) for digest, image in repository.images.items()}


def top(name):
    (digest,) = REPOSITORIES[name].tags.values()
    return manifests_of(REPOSITORIES[name])[digest]


def platforms(name):
    """What a client finds out about the platforms: from the index, or from the config."""
    manifest = top(name)
    if "manifests" in manifest:
        found = [each["platform"] for each in manifest["manifests"]]
    else:
        found = [json.loads(REPOSITORIES[name].blobs[manifest["config"]["digest"]].body)]
    return [(each["os"], each["architecture"]) for each in found]


@pytest.mark.parametrize(
    ("image", "kind", "expected"),
    [
        ("acme/churn:1.4", OCI.manifest, [("linux", "amd64")]),
        ("acme/churn-gpu:2.0", DOCKER.manifest, [("linux", "arm64")]),
        ("acme/forecast:3.1", OCI_INDEX, [("linux", "amd64"), ("linux", "arm64"), UNKNOWN]),
        ("acme/edge:1.0", OCI_INDEX, [("linux", "arm64")]),
        ("acme/hello:1.0", OCI.manifest, [("linux", "amd64")]),
        ("vendor/model:7.0", OCI.manifest, [("linux", "amd64")]),
    ],
)
def test_images(image, kind, expected):
    """There is an image for each thing that can be right or wrong about a platform."""
    name, _, tag = image.partition(":")
    assert list(REPOSITORIES[name].tags) == [tag]
    assert top(name)["mediaType"] == REPOSITORIES[name].find(tag).manifest.media_type == kind
    assert platforms(name) == expected


def test_public():
    """One repository is for everybody."""
    assert [each.name for each in REPOSITORIES.values() if each.public] == ["acme/hello"]
    assert len(REPOSITORIES) == 6


@pytest.mark.parametrize("name", REPOSITORIES)
def test_references(name):
    """Whatever a manifest refers to is there, has that digest, that size and that type."""
    repository = REPOSITORIES[name]
    images = {digest: image.manifest for digest, image in repository.images.items()}
    for digest, content in {**images, **repository.blobs}.items():
        assert digest == "sha256:" + hashlib.sha256(content.body).hexdigest()
    for manifest in manifests_of(repository).values():
        config = [manifest["config"]] if "config" in manifest else []
        for each in [*config, *manifest.get("layers", [])]:
            blob = repository.blobs[each["digest"]]
            assert (each["size"], each["mediaType"]) == (len(blob.body), blob.media_type)
        for each in manifest.get("manifests", []):
            assert (each["size"], each["mediaType"]) == (len(images[each["digest"]].body), OCI.manifest)


@pytest.mark.parametrize(("name", "types"), [("acme/churn", OCI), ("acme/churn-gpu", DOCKER)])
def test_layer(name, types):
    """A layer is a tar with one file, packed, and the config names the digest of the tar."""
    manifest, blobs = top(name), REPOSITORIES[name].blobs
    (layer,) = manifest["layers"]
    assert (manifest["config"]["mediaType"], layer["mediaType"]) == (types.config, types.layer)
    tar = gzip.decompress(blobs[layer["digest"]].body)
    config = json.loads(blobs[manifest["config"]["digest"]].body)
    assert config["rootfs"] == {
        "type": "layers",
        "diff_ids": ["sha256:" + hashlib.sha256(tar).hexdigest()],
    }
    with tarfile.open(fileobj=io.BytesIO(tar)) as packed:
        (entry,) = packed
        assert (entry.name, entry.mtime, entry.uid) == ("etc/motd", 0, 0)
        assert packed.extractfile(entry).read().decode().startswith(name.removeprefix("acme/"))


def test_attestation():
    """What BuildKit says about an image names that image, and is nothing to run."""
    first, _, attestation = top("acme/forecast")["manifests"]
    assert attestation["annotations"] == {
        "vnd.docker.reference.digest": first["digest"],
        "vnd.docker.reference.type": "attestation-manifest",
    }
    (layer,) = manifests_of(REPOSITORIES["acme/forecast"])[attestation["digest"]]["layers"]
    assert layer["mediaType"] == "application/vnd.in-toto+json"


def test_the_same_at_every_start():
    """The images do not depend on when they are made, and no two of them are alike."""
    assert repositories() == repositories()
    digests = [image for each in REPOSITORIES.values() for image in each.images]
    assert len(set(digests)) == len(digests) == 10


def test_the_same_with_every_python():
    """The head of what is packed names no time, no file and no system."""
    (layer,) = top("acme/churn")["layers"]
    head = REPOSITORIES["acme/churn"].blobs[layer["digest"]].body[:10]
    assert head == b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"


def test_find():
    """A tag and a digest find the same image; another tag, and what belongs elsewhere, find nothing."""
    image = index(single("a"), single("a", "arm64"))
    repository = Repository.of("acme/new", "1", image)
    assert repository.find("1") is repository.find(image.manifest.digest) is image
    assert repository.find(image.entries[1].manifest.digest) is image.entries[1]
    assert repository.find("2") is None
    assert repository.find(single("b").manifest.digest) is None
