"""A manifest is read for what AI Core could run, and whatever else it is becomes one sentence."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.registry.manifests import (
    ACCEPT,
    IMAGE_CONFIGS,
    Index,
    Single,
    matches,
    read_layers,
    read_manifest,
    read_platform,
)
from aicore_magics.registry.media_types import DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST
from aicore_magics.registry.platforms import Platform
from aicore_magics.registry.verdict import megabytes

AMD64, ARM64, OTHER = ("sha256:" + letter * 64 for letter in "abc")
LONG = "sha512:" + "d" * 128
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
NO_CONFIG = "Its manifest names no config."
NO_IMAGE = "This is not a container image, but something else that a registry can store."
ATTESTATION = "This is an attestation, not a container image."
BOTH = "Its manifest is both an image and an index: containerd refuses it."
UNREADABLE = "Its index has an entry that containerd cannot read."
# What may stand anywhere in a manifest, once somebody else has made it.
KEYS = st.sampled_from(
    [
        "schemaVersion",
        "manifests",
        "config",
        "layers",
        "digest",
        "mediaType",
        "platform",
        "os",
        "architecture",
        "size",
    ]
)
WORDS = st.sampled_from([AMD64, *IMAGE_CONFIGS, "linux", "amd64", "unknown", "", "\ud800"])
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=5)
TREES = st.recursive(
    LEAVES, lambda of: st.lists(of, max_size=4) | st.dictionaries(KEYS, of, max_size=6), max_leaves=25
)
WRONG = [None, True, 0, 1.5, "", "x", [], {}, [[]], [None], {"digest": AMD64}]


def coded(data):
    return json.dumps(data).encode()


def config(**more):
    return {"mediaType": IMAGE_CONFIGS[0], "digest": AMD64, "size": 1, **more}


def manifest(**more):
    layers = [{"mediaType": LAYER, "size": size} for size in (3, 4)]
    return {"schemaVersion": 2, "config": config(), "layers": layers, **more}


def entry(digest, system="linux", architecture="amd64", **more):
    return {"digest": digest, "platform": {"os": system, "architecture": architecture, **more}}


def read_index(*entries):
    return read_manifest(coded({"schemaVersion": 2, "manifests": list(entries)}))


@pytest.mark.parametrize("kind", IMAGE_CONFIGS)
@pytest.mark.parametrize("digest", [AMD64, LONG], ids=["sha256", "sha512"])
def test_a_single_image(kind, digest):
    """The manifest of one image gives its config and the sum of its layers, for OCI's types and Docker's."""
    found = read_manifest(coded(manifest(config=config(mediaType=kind, digest=digest))))
    assert found == Single(digest, 7, layers=2)


@pytest.mark.parametrize(
    ("layers", "size"),
    [
        ([], 0),
        ([{"size": 0}], 0),
        ([{"size": 412_000_000}], 412_000_000),
        ([{"size": 3}, {}], None),
        ([{"size": 3}, None], None),
        ([{"size": -1}], None),
        ([{"size": 1.5}], None),
        ([{"size": "3"}], None),
        ([{"size": True}], None),
        ([{"size": False}], None),
        ([{"size": 2**63 - 1}], 2**63 - 1),
        ([{"size": 2**63}], None),
        ([{"size": 3}, {"size": 2**64}], None),
        ([{"size": 3.0}], None),
        ([{"size": None}], None),
        (None, None),
        ({"size": 3}, None),
        ("layers", None),
    ],
)
def test_the_size(layers, size):
    """The bytes to download are the sum of what every layer tells, and not known where one does not."""
    found = read_manifest(coded(manifest(layers=layers)))
    assert (found.config, found.size) == (AMD64, size)


def test_a_size_beyond_all_measure():
    """A size that no layer can have is not told: users read what is left of it."""
    assert read_manifest(coded(manifest(layers=[{"size": 10**400}]))).size is None
    many = read_manifest(coded(manifest(layers=[{"size": 2**63 - 1}] * 1000)))
    assert megabytes(many.size).endswith(" MB")


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "Its manifest is not JSON."),
        (b"<!doctype html>", "Its manifest is not JSON."),
        (b"\xff\xfe", "Its manifest is not JSON."),
        (b"[" * 100_000, "Its manifest is not JSON."),
        *(
            (body, "Its manifest is not a JSON object.")
            for body in (b"[]", b'"manifest"', b"null", b"0", b"true")
        ),
        (b"{}", NO_CONFIG),
        (
            coded({"schemaVersion": 1, "manifests": []}),
            "Manifest schema 1: push it again with a current docker.",
        ),
        (
            coded({"schemaVersion": 2, "fsLayers": [{"blobSum": AMD64}]}),
            "Manifest schema 1: push it again with a current docker.",
        ),
        (coded(manifest(layers=[{"mediaType": "application/vnd.in-toto+json"}] * 2)), ATTESTATION),
        (coded(manifest(manifests=[])), BOTH),
        (coded(manifest(mediaType=OCI_INDEX)), BOTH),
        (coded(manifest(mediaType=DOCKER_LIST)), BOTH),
        (coded({"schemaVersion": 2, "mediaType": OCI_MANIFEST, "manifests": []}), BOTH),
        (coded({"schemaVersion": 2, "mediaType": DOCKER_MANIFEST, "manifests": []}), BOTH),
        (coded({"schemaVersion": 2, "layers": [], "manifests": []}), BOTH),
        (coded(manifest(config=None)), NO_CONFIG),
        (coded(manifest(config=config(digest="sha256:" + "A" * 64))), NO_CONFIG),
        (coded(manifest(config=config(digest="sha256:" + "a" * 63))), NO_CONFIG),
        (coded(manifest(config=config(digest="../../etc"))), NO_CONFIG),
        (coded(manifest(config=config(digest="md5:" + "a" * 32))), NO_CONFIG),
        (coded(manifest(config=config(digest=AMD64 + "\n"))), NO_CONFIG),
        (coded(manifest(config=config(mediaType="application/vnd.oci.empty.v1+json"))), NO_IMAGE),
        (coded(manifest(config=config(mediaType="application/vnd.cncf.helm.config.v1+json"))), NO_IMAGE),
        (coded(manifest(config=config(mediaType=None))), NO_IMAGE),
    ],
)
def test_what_cannot_be_run(body, sentence):
    """What is no image says so in a sentence; no digest of another shape is ever asked for."""
    assert read_manifest(body) == sentence


def test_an_index():
    """Of an index the image for linux/amd64 is taken, and all platforms are told, each once."""
    found = read_index(entry(ARM64, architecture="arm64"), entry(AMD64), entry(OTHER, "windows"), entry(LONG))
    assert taken(found) == [AMD64, LONG]
    assert found.others == ("linux/arm64", "windows/amd64")


def test_an_index_with_attestations():
    """What BuildKit puts beside an image calls itself unknown, and is no platform."""
    for found, digests in (
        (read_index(entry(OTHER, "unknown", "unknown"), entry(AMD64)), [AMD64]),
        (read_index(entry(OTHER, "unknown", "unknown")), []),
    ):
        assert (taken(found), found.others) == (digests, ())


def test_one_image_for_two_platforms():
    """An index may name one image twice: it counts for both platforms."""
    found = read_index(entry(AMD64), entry(AMD64, architecture="arm64"))
    assert (taken(found), found.others) == ([AMD64], ("linux/arm64",))
    assert taken(read_index(entry(AMD64, architecture="arm64"), entry(AMD64))) == [AMD64]


UNNAMED = {"digest": OTHER}


@pytest.mark.parametrize(
    ("entries", "digests"),
    [
        (
            [entry(ARM64, variant="v2"), UNNAMED, entry(LONG, architecture="386"), entry(AMD64)],
            "AMD64 LONG OTHER ARM64",
        ),
        ([entry(AMD64, variant="V1"), entry(LONG, "Linux", "x86_64")], "AMD64 LONG"),
        ([UNNAMED, entry(AMD64)], "AMD64 OTHER"),
        ([{"digest": OTHER, "platform": None}, entry(LONG, architecture="i386")], "LONG OTHER"),
        ([entry(AMD64, variant="v3"), UNNAMED], "OTHER AMD64"),
        ([{"digest": OTHER, "platform": {"architecture": "amd64"}}], "OTHER"),
        ([{"digest": OTHER, "platform": {}}, entry(AMD64, "windows")], ""),
        ([entry(AMD64, **{"os.version": "10.0"})], "AMD64"),
        ([entry(AMD64, **{"os.features": ["sse4"]}), entry(LONG)], "LONG AMD64"),
    ],
)
def test_what_a_node_would_take(entries, digests):
    """amd64 comes first, then 386, then what names no platform, then variants: each in the index's order."""
    names = {"AMD64": AMD64, "ARM64": ARM64, "OTHER": OTHER, "LONG": LONG}
    assert taken(read_index(*entries)) == [names[each] for each in digests.split()]


def taken(index):
    """The digests of the entries that may fit, in the order in which they would be taken."""
    return [entry.digest for entry in index.in_turn()]


@pytest.mark.parametrize(
    "wrong",
    [
        *(one for one in WRONG if one is not None and not isinstance(one, dict)),
        {"digest": AMD64, "platform": []},
        {"digest": AMD64, "platform": "linux/amd64"},
        {"digest": AMD64, "platform": False},
        {"digest": AMD64, "platform": {"os": ["linux"], "architecture": "amd64"}},
        {"digest": AMD64, "platform": {"os": "linux", "architecture": 64}},
        {"digest": AMD64, "platform": {"os": "linux", "architecture": "arm", "variant": 7}},
        {"digest": [AMD64], "platform": {"os": "linux", "architecture": "amd64"}},
        {"digest": AMD64, "mediaType": 1},
    ],
    ids=repr,
)
def test_an_entry_of_a_wrong_type(wrong):
    """What Go cannot read in one entry it reads in none: containerd refuses the whole index."""
    assert read_index(wrong) == read_index(entry(OTHER), wrong) == UNREADABLE


@pytest.mark.parametrize(
    "odd",
    [
        {"digest": AMD64, "platform": {"os": "linux"}},
        {"digest": AMD64, "platform": {"os": "linux", "architecture": None}},
        {"digest": AMD64, "platform": {"os": "linux", "architecture": "amd64\n"}},
        {"digest": AMD64, "platform": {"os": "linux", "architecture": "amd64 "}},
        {"digest": AMD64, "platform": {"os": " linux", "architecture": "amd64"}},
        {"digest": AMD64, "platform": {}},
    ],
    ids=repr,
)
def test_a_platform_that_there_is_not(odd):
    """No node matches such a platform; it hides none behind it."""
    assert taken(read_index(odd)) == []
    assert read_index(odd).without_image == "Its index names only platforms that do not exist."
    assert taken(read_index(odd, entry(OTHER))) == [OTHER]


@pytest.mark.parametrize("wrong", [None, {}, {"digest": None}, {"digest": ""}, {"digest": "latest"}])
def test_an_entry_without_a_digest(wrong):
    """A node may go by an entry that has no digest: it is kept in its place, and never asked for."""
    assert taken(read_index(wrong)) == [""]
    assert taken(read_index(wrong, entry(OTHER))) == [OTHER, ""]


@pytest.mark.parametrize(
    ("entries", "sentence"),
    [
        ([], "Its index is empty."),
        ([entry(OTHER, "unknown", "unknown")] * 2, "Its index has only attestations, and no image."),
        ([entry(OTHER, "unknown", "unknown"), {"digest": OTHER}], ""),
        (
            [entry(OTHER, "unknown", "unknown"), entry(OTHER, "amd 64")],
            "Its index names only platforms that do not exist.",
        ),
        ([{"digest": OTHER}], ""),
    ],
)
def test_an_index_without_an_image(entries, sentence):
    """Where no line of an index can lead a node to an image, it is said why."""
    assert read_index(*entries).without_image == sentence


@pytest.mark.parametrize(
    "field", ["schemaVersion", "config", "layers", "manifests", "mediaType", "annotations"]
)
@pytest.mark.parametrize("value", WRONG, ids=repr)
def test_wrong_types(field, value):
    """Whatever type stands in a field, something is said."""
    found = read_manifest(coded(manifest(**{field: value})))
    assert isinstance(found, (Single, Index)) or found.endswith(".")
    assert field != "mediaType" or isinstance(found, Single)


@pytest.mark.parametrize(
    ("body", "platform"),
    [
        (coded({"os": "linux", "architecture": "amd64"}), "linux/amd64"),
        (coded({"os": "windows", "architecture": "amd64", "os.version": "10"}), "windows/amd64"),
        (coded({"os": "linux"}), ""),
        (coded({"os": "", "architecture": ""}), ""),
        (coded({"os": "linux", "architecture": "amd64; rm -rf /"}), ""),
        (coded({"os": "linux", "architecture": "a" * 33}), ""),
        (coded({"os": "linux", "architecture": "\x1b[31m"}), ""),
        (coded({"os": None, "architecture": 1}), ""),
        (coded(["linux", "amd64"]), ""),
        (b"linux/amd64", ""),
        (b"", ""),
        (b"[" * 100_000, ""),
    ],
)
def test_the_platform_of_a_config(body, platform):
    """A config names the platform in two plain words, or none."""
    assert str(read_platform(body)) == platform


@pytest.mark.parametrize(
    ("body", "many"),
    [
        (b'{"rootfs":{"diff_ids":[]}}', 0),
        (b'{"rootfs":{"diff_ids":["a","b"]}}', 2),
        *(
            (body, None)
            for body in (b"", b"[]", b"{}", b"[" * 100_000, b'{"rootfs":1}', b'{"rootfs":{"diff_ids":1}}')
        ),
    ],
)
def test_the_layers_of_a_config(body, many):
    """A config tells how many layers it has, or nothing."""
    assert read_layers(body) == many


@given(TREES)
def test_no_json_is_too_odd(data):
    """Whatever JSON a registry sends, it is read without an error, and digests are digests."""
    for shaped in (data, {"manifests": data}, {"config": data, "layers": data}, manifest(layers=data)):
        found = read_manifest(coded(shaped))
        digests = taken(found) if isinstance(found, Index) else []
        assert {"", *digests, found.config if isinstance(found, Single) else AMD64} <= {"", AMD64}
        size = found.size if isinstance(found, Single) else None
        assert size is None or size >= 0
    assert str(read_platform(coded(data))).count("/") in (0, 1, 2)


@given(st.binary(max_size=50))
def test_no_bytes_are_too_odd(body):
    """Whatever bytes a registry sends, they are read without an error."""
    assert isinstance(read_manifest(body), (str, Single, Index))
    assert isinstance(read_platform(body), Platform)


@pytest.mark.parametrize("kind", ["sha256", "sha384", "sha512"])
def test_what_a_digest_stands_for(kind):
    """A body matches its own digest, of each kind that an image can be named by, and no other."""
    digest = f"{kind}:{hashlib.new(kind, b'body').hexdigest()}"
    assert matches(b"body", digest)
    assert not matches(b"body ", digest)
    assert not matches(b"body", digest.upper())


@given(
    st.binary(max_size=20),
    st.text(max_size=20) | st.sampled_from(["md5:", "sha256:", "sha256", ":", "", "shake_128:"]),
)
def test_what_is_no_digest_matches_nothing(body, digest):
    """A text that is no digest of a kind that counts matches nothing, and raises nothing."""
    assert not matches(body, digest)
    assert not matches(body, f"md5:{hashlib.md5(body).hexdigest()}")


def test_all_four_types_are_asked_for():
    """A registry that misses one of the four types in a request says that there is no such image."""
    types = ACCEPT.split(", ")
    assert len(types) == len(set(types)) == 4
    assert sum("manifest.v" in one for one in types) == 2
