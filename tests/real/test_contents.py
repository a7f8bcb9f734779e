"""Indexes and platforms in a real registry: what is said of each, and what skopeo says of the same.

The column *node* is what containerd 1.6.20 made of the same images when it was told to pull them as the
kubelet does (CRI, its store empty before each): no part of these tests, but where our words come from.
"""

from __future__ import annotations

import json
import os
import subprocess
from contextlib import closing
from dataclasses import dataclass

import pytest

from aicore_magics.base.redact import Secret
from aicore_magics.http.deadline import Deadline
from aicore_magics.http.transport import Transport
from aicore_magics.model.docker_secret import DockerSecret, RegistryLogin
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.names import SecretName
from aicore_magics.registry.single_check import check_image
from tests.real import registry_images as images
from tests.real.registry_bench import ANNA, KINDS

pytestmark = pytest.mark.needs("docker-registry")

REPOSITORY = "team/platforms"
SECONDS = 20
A, ARM = images.single(), images.single("arm64", layers=3)
I386, V3 = images.single("386", layers=1), images.single(variant="v3", layers=1)
V2 = images.single(variant="v2", layers=3)
PULLED, NO_MATCH, NO_STORE = "pulled", "no match for platform", "no manifest in its store"


@dataclass(frozen=True, slots=True)
class Row:
    """An image, our outcome and platform, what skopeo 1.9 takes from it ("" where it fails), and a node."""

    image: images.Image
    outcome: str
    platform: str
    skopeo: str
    node: str


def index(*entries, docker=False):
    return images.index(
        *(image for image, _ in entries), platforms=[name for _, name in entries], docker=docker
    )


X64, ARM64 = "linux/amd64", "linux/arm64"
ROWS = {
    "nested-named": Row(index((ARM, ARM64), (index((A, X64)), X64)), "ok", X64, "amd64", PULLED),
    "nested-unnamed": Row(index((index((ARM, ARM64), (A, X64)), "")), "ok", X64, "amd64", PULLED),
    "nested-beside": Row(index((ARM, ARM64), (index((A, X64)), "")), "ok", X64, "amd64", NO_STORE),
    "list-of-index": Row(index((index((A, X64)), X64), docker=True), "ok", X64, "amd64", PULLED),
    "nested-arm": Row(index((index((ARM, ARM64)), X64)), "wrong-platform", ARM64, "", NO_MATCH),
    "three-deep": Row(index((index((index((A, X64)), "")), "")), "ok", X64, "amd64", PULLED),
    # skopeo compares the words as they are; containerd knows which mean the same.
    "x86_64": Row(index((ARM, ARM64), (A, "linux/x86_64")), "ok", X64, "", PULLED),
    "capitals": Row(index((ARM, ARM64), (A, "Linux/AMD64")), "ok", X64, "", PULLED),
    "v1": Row(index((A, f"{X64}/v1")), "ok", X64, "", PULLED),
    "v2": Row(index((V2, f"{X64}/v2")), "uncertain", f"{X64}/v2", "", NO_MATCH),
    "v3": Row(index((V3, f"{X64}/v3")), "uncertain", f"{X64}/v3", "", NO_MATCH),
    "v3-and-amd64": Row(index((V3, f"{X64}/v3"), (A, X64)), "ok", X64, "amd64", PULLED),
    # skopeo takes nothing for 32 bit in place of amd64; containerd does.
    "386": Row(index((ARM, ARM64), (I386, "linux/386")), "ok", "linux/386", "", PULLED),
    "v3-and-386": Row(index((V3, f"{X64}/v3"), (I386, "linux/386")), "ok", "linux/386", "", PULLED),
    # skopeo takes the first entry that names no platform, whatever it is for.
    "unnamed": Row(index((A, "")), "ok", X64, "amd64", PULLED),
    "unnamed-beside": Row(index((ARM, ARM64), (A, "")), "ok", X64, "amd64", NO_STORE),
    "unnamed-arm": Row(index((ARM, "")), "wrong-platform", ARM64, "arm64", NO_MATCH),
    "unnamed-two": Row(index((ARM, ""), (A, "")), "uncertain", X64, "arm64", NO_MATCH),
    "unnamed-and-386": Row(index((A, ""), (I386, "linux/386")), "ok", "linux/386", "amd64", PULLED),
    # A single image is taken by both, whatever it is for.
    "single-386": Row(I386, "ok", "linux/386", "386", PULLED),
    "single-v3": Row(V3, "uncertain", f"{X64}/v3", "amd64", PULLED),
    "single-arm": Row(ARM, "wrong-platform", ARM64, "arm64", PULLED),
}
AGREED = {"ok": True, "wrong-platform": False}
# Where skopeo says otherwise than we do, and why: see the comments above.
OTHERWISE = {"x86_64", "capitals", "v1", "386", "v3-and-386", "unnamed-arm", "single-arm"}


@pytest.fixture(scope="module")
def filled(bench):
    """The registries with these images in them."""
    bench.push(REPOSITORY, {tag: row.image for tag, row in ROWS.items()})
    return bench


@pytest.fixture(scope="module")
def trusting(bench):
    """What sends, and trusts the registries' CA."""
    with closing(Transport(ca_file=str(bench.company.ca_file))) as sender:
        yield sender


def login_for(registry):
    return RegistryLogin(registry.host, ANNA.name, Secret(ANNA.password))


@pytest.mark.parametrize(
    ("kind", "tls"), [("htpasswd", False), ("token", True)], ids=["password", "token, TLS"]
)
@pytest.mark.parametrize(("tag", "row"), ROWS.items(), ids=ROWS)
def test_what_is_in_it(filled, trusting, kind, tls, tag, row):
    """What is in an index is told as a node would take it, with a password and with tokens, plain and TLS."""
    registry = filled.backend(kind, tls=tls).registry
    reference = ImageReference.parse(f"{registry.host}/{REPOSITORY}:{tag}")
    verdict = check_image(reference, login_for(registry), transport=trusting, deadline=Deadline(SECONDS))
    assert (verdict.outcome, verdict.platform) == (row.outcome, row.platform), verdict
    assert verdict.digest == row.image.manifest.digest
    assert ("containerd may fail" in verdict.reason) is (row.node == NO_STORE)


@pytest.mark.needs("skopeo")
@pytest.mark.parametrize(("tag", "row"), ROWS.items(), ids=ROWS)
def test_what_skopeo_says(filled, tmp_path, tag, row):
    """Skopeo says the same, but where it reads a name in another way than containerd, or does not look."""
    registry = filled.backend("htpasswd").registry
    file = tmp_path / "auth.json"
    file.touch(0o600)
    secret = DockerSecret(SecretName.parse("team"), (login_for(registry),))
    file.write_text(secret.dockerconfigjson().reveal(), "utf-8")
    said = subprocess.run(
        [
            *("skopeo", "inspect", "--override-os", "linux", "--override-arch", "amd64"),
            *("--tls-verify=false", "--authfile", file, f"docker://{registry.host}/{REPOSITORY}:{tag}"),
        ],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=SECONDS,
    )
    taken = json.loads(said.stdout)["Architecture"] if said.returncode == 0 else ""
    assert taken == row.skopeo, said.stderr.decode()
    if row.outcome in AGREED:
        assert (bool(taken) == AGREED[row.outcome]) is (tag not in OTHERWISE)


@pytest.mark.parametrize("kind", KINDS)
def test_the_requests_of_a_nested_index(filled, kind):
    """An index in an index takes one request more, and no manifest is got twice."""
    backend = filled.backend(kind)
    mark = backend.mark()
    reference = ImageReference.parse(f"{backend.host}/{REPOSITORY}:nested-named")
    with closing(Transport()) as transport:
        assert check_image(
            reference, login_for(backend.registry), transport=transport, deadline=Deadline(SECONDS)
        ).ok
    asked = backend.since(mark)
    given = [each for each in asked if "/manifests/" in each and each.endswith(" 200")]
    assert len(given) == len(set(given)) == 3
    assert len(asked) <= backend.most_requests + 1
    assert len(backend.strangers_since(mark)) == (kind == "token")
