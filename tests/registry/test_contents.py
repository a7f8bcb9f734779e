"""What a node takes from an image's indexes: one entry of each, as containerd does, and never on and on."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aicore_magics.http.messages import Response
from aicore_magics.registry.api import LARGEST_MANIFEST
from aicore_magics.registry.contents import DEEPEST, MOST
from aicore_magics.registry.manifests import DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST
from aicore_magics.registry.platforms import Platform
from tests.registry.test_platforms import made
from tests.registry.test_single_check import (
    BASIC,
    CONFIG,
    LAYER,
    MANIFEST,
    OPEN,
    WITH_PASSWORD,
    WITH_TOKEN,
    Table,
    asks,
    bearer,
    coded,
    digest_of,
    grants,
    holds,
    index_of,
    look,
    manifest_of,
    page,
    said,
    type_of,
)

ARM = coded({"os": "linux", "architecture": "arm64"})
I386 = coded({"os": "linux", "architecture": "386"})
V3 = coded({"os": "linux", "architecture": "amd64", "variant": "v3"})
NOT_KNOWN = "It is not known whether AI Core's nodes can run it."
WORDS = {
    "v3": f"Built only for newer processors (linux/amd64/v3). {NOT_KNOWN}",
    "haswell": f"Built only for a variant (linux/amd64/haswell). {NOT_KNOWN}",
    "32 bit": "It is a 32-bit image.",
    "mixed": "Only some entries of its index name a platform: containerd may fail on that.",
    "order": "Its index has an image for linux/amd64, after an entry that containerd takes instead. It "
    "is not known whether AI Core's nodes find it.",
}


class Store:
    """Everything that a registry holds, by digest: what is put in it can be asked for."""

    def __init__(self):
        self.bodies = {}

    def put(self, body):
        self.bodies[digest_of(body)] = body
        return body

    def image(self, config=CONFIG, size=7):
        """The manifest of an image with this config."""
        return self.put(manifest_of(self.put(config), size))

    def index(self, *entries, kind=OCI_INDEX, types=()):
        """An index of bodies, each with its platform as in linux/amd64, or none; *types*: if not theirs."""
        listed = [
            {
                "mediaType": types[place] if types else type_of(body),
                "digest": digest_of(body),
                **({"platform": made(platform)} if platform else {}),
            }
            for place, (body, platform) in enumerate(entries)
        ]
        return self.put(coded({"schemaVersion": 2, "mediaType": kind, "manifests": listed}))


@pytest.fixture
def store():
    return Store()


class Registry(Table):
    """A registry that wants a token and gives what lies in *store*, with *top* under the tag."""

    def __init__(self, store, top, kind=None):
        super().__init__(WITH_TOKEN | {("manifests", "token"): holds(top, kind)})
        self.store, self.missing = store, said(404, "MANIFEST_UNKNOWN")

    def fetch(self, method, url, **more):
        name = url.rpartition("/")[2]
        body = self.store.bodies.get(name)
        for step in ("manifests/sha256:", "blobs"):
            self._rows[step, "token"] = holds(body) if body is not None else self.missing
        return super().fetch(method, url, **more)

    @property
    def looked_at(self):
        """How many manifests were asked for by their digests."""
        return sum(one.step == "manifests/sha256:" for one in self.sent)


def taken(store, top):
    """The verdict on *top*, and the registry that was asked."""
    registry = Registry(store, top)
    return look({}, table=registry)


def summed_up(verdict):
    return verdict.outcome, verdict.platform, verdict.size


@pytest.mark.parametrize("inner", ["linux/amd64", "", "linux/x86_64"], ids=["platform", "none", "x86_64"])
@pytest.mark.parametrize("outer", ["linux/amd64", "", "Linux/AMD64/v1"], ids=["platform", "none", "v1"])
@pytest.mark.parametrize(
    "kinds", [(OCI_INDEX, OCI_INDEX), (DOCKER_LIST, OCI_INDEX), (OCI_INDEX, DOCKER_LIST)]
)
def test_an_index_in_an_index(store, kinds, outer, inner):
    """An entry that is an index again is walked, with a platform and without, of OCI's types and Docker's."""
    second = store.index((store.image(ARM, 9), "linux/arm64"), (store.image(), inner), kind=kinds[1])
    top = store.index((store.image(ARM, 9), "linux/arm64"), (second, outer), kind=kinds[0])
    verdict, registry = taken(store, top)
    assert summed_up(verdict) == ("ok", "linux/amd64", 7), verdict
    assert verdict.digest == digest_of(top)
    assert registry.looked_at == 2


@pytest.mark.parametrize("depth", range(2, DEEPEST + 1))
def test_indexes_as_deep_as_are_followed(store, depth):
    """Indexes inside each other are walked, one request each."""
    body = store.image()
    for _ in range(depth):
        body = store.index((body, "linux/amd64"))
    verdict, registry = taken(store, body)
    assert (summed_up(verdict), registry.looked_at) == (("ok", "linux/amd64", 7), depth), verdict


@pytest.mark.parametrize("depth", [DEEPEST + 1, 100])
@pytest.mark.parametrize("platform", ["linux/amd64", ""], ids=["platform", "none"])
def test_indexes_deeper_than_that(store, depth, platform):
    """What lies deeper is not asked for: that is not certain, and neither fine nor refused."""
    body = store.image()
    for _ in range(depth):
        body = store.index((body, platform))
    verdict, registry = taken(store, body)
    assert (verdict.outcome, verdict.ok, verdict.refused) == ("uncertain", False, False), verdict
    assert f"more than {DEEPEST} deep" in verdict.reason
    assert registry.looked_at == DEEPEST


def test_an_index_that_holds_itself(store):
    """An index cannot hold itself, for what it names has another digest: who gives that judges nothing."""
    top = store.index((b"another", "linux/amd64"))
    store.bodies[digest_of(b"another")] = top
    verdict, registry = taken(store, top)
    assert (verdict.outcome, registry.looked_at) == ("unclear", 1), verdict
    assert "sent content that does not match its digest" in verdict.reason


@pytest.mark.parametrize("many", [MOST + 1, 5000])
def test_more_entries_than_are_looked_at(store, many):
    """Of entries that name no platform, and do not fit, only so many are looked at; the rest is not known."""
    top = store.index(*((store.image(ARM, size), "") for size in range(many)))
    verdict, registry = taken(store, top)
    assert (verdict.outcome, registry.looked_at) == ("uncertain", MOST), verdict
    assert f"more than {MOST} entries" in verdict.reason


def test_as_many_entries_as_are_looked_at(store):
    """Where all could be looked at, and none fits, it is another platform's image."""
    top = store.index(*((store.image(ARM, size), "") for size in range(MOST)))
    verdict, registry = taken(store, top)
    assert (summed_up(verdict), registry.looked_at) == (("wrong-platform", "linux/arm64", None), MOST), (
        verdict
    )


def test_many_entries_of_which_the_first_fits(store):
    """However many there are, the one that a node takes is the only one that is asked for."""
    images = [(store.image(CONFIG, size), "linux/amd64") for size in range(3000)]
    verdict, registry = taken(store, store.index(*images))
    assert (summed_up(verdict), registry.looked_at) == (("ok", "linux/amd64", 0), 1), verdict


NONE = "Its index has no image for linux/amd64."
# The entries of an index, each with its config and the platform that the index names; what comes of it.
TABLE = {
    "amd64 before 386": ([(I386, "linux/386"), (CONFIG, "linux/amd64")], "ok", "linux/amd64", ""),
    "amd64 v1": ([(CONFIG, "linux/amd64/v1")], "ok", "linux/amd64", ""),
    "x86_64": ([(ARM, "linux/aarch64"), (CONFIG, "linux/x86_64")], "ok", "linux/amd64", ""),
    "in capitals": ([(CONFIG, "Linux/AMD64")], "ok", "linux/amd64", ""),
    "386 alone": ([(ARM, "linux/arm64"), (I386, "linux/386")], "ok", "linux/386", WORDS["32 bit"]),
    "i386 alone": ([(I386, "linux/i386")], "ok", "linux/386", WORDS["32 bit"]),
    "386 before a newer processor's": (
        [(V3, "linux/amd64/v3"), (I386, "linux/386")],
        "ok",
        "linux/386",
        WORDS["32 bit"],
    ),
    "v3 and amd64": ([(V3, "linux/amd64/v3"), (CONFIG, "linux/amd64")], "ok", "linux/amd64", ""),
    "v3 alone": ([(V3, "linux/amd64/v3")], "uncertain", "linux/amd64/v3", WORDS["v3"]),
    "v3, and arm64": (
        [(ARM, "linux/arm64"), (V3, "linux/X86_64/V3")],
        "uncertain",
        "linux/amd64/v3",
        WORDS["v3"],
    ),
    "v2 alone": (
        [(V3, "linux/amd64/v2")],
        "uncertain",
        "linux/amd64/v2",
        WORDS["v3"].replace("v3", "v2"),
    ),
    "another variant": (
        [(CONFIG, "linux/amd64/haswell")],
        "uncertain",
        "linux/amd64/haswell",
        WORDS["haswell"],
    ),
    "none alone": ([(CONFIG, "")], "ok", "linux/amd64", ""),
    "none beside arm64": ([(ARM, "linux/arm64"), (CONFIG, "")], "ok", "linux/amd64", WORDS["mixed"]),
    "none beside an attestation": (
        [(CONFIG, ""), (b"{}", "unknown/unknown")],
        "ok",
        "linux/amd64",
        WORDS["mixed"],
    ),
    "none behind amd64": ([(ARM, ""), (CONFIG, "linux/amd64")], "ok", "linux/amd64", ""),
    "none behind 386": ([(CONFIG, ""), (I386, "linux/386")], "ok", "linux/386", WORDS["32 bit"]),
    "none, for arm64": ([(ARM, "")], "wrong-platform", "linux/arm64", ""),
    "none, for arm64, beside windows": (
        [(CONFIG, "windows/amd64"), (ARM, "")],
        "wrong-platform",
        "windows/amd64, linux/arm64",
        "",
    ),
    "none, 32 bit": ([(I386, "")], "ok", "linux/386", WORDS["32 bit"]),
    "none, for a newer processor": ([(V3, "")], "uncertain", "linux/amd64/v3", WORDS["v3"]),
    "none, for nothing that is told, beside v3": (
        [(b"{}", ""), (V3, "linux/amd64/v3")],
        "uncertain",
        "linux/amd64/v3",
        WORDS["v3"],
    ),
    "none twice, the second fits": (
        [(ARM, ""), (CONFIG, "")],
        "uncertain",
        "linux/amd64",
        WORDS["order"],
    ),
    "an attestation beside it": (
        [(b"{}", "unknown/unknown"), (CONFIG, "linux/amd64")],
        "ok",
        "linux/amd64",
        "",
    ),
    "an attestation alone": (
        [(b"{}", "unknown/unknown")],
        "unsupported",
        "",
        "Its index has only attestations, and no image.",
    ),
    "a platform that there is not": (
        [(CONFIG, "linux/amd 64"), (CONFIG, "linux/")],
        "unsupported",
        "",
        "Its index names only platforms that do not exist.",
    ),
    "none, for nothing that is told": ([(b"{}", "")], "unsupported", "", NONE),
    "an attestation that is not called so": (
        [(coded({"os": "unknown", "architecture": "unknown"}), "")],
        "unsupported",
        "",
        NONE,
    ),
    "others alone": (
        [(ARM, "linux/arm64"), (ARM, "linux/arm/v6"), (ARM, "macos/arm64")],
        "wrong-platform",
        "linux/arm64, linux/arm/v6, darwin/arm64",
        "",
    ),
    "nothing": ([], "unsupported", "", "Its index is empty."),
}


@pytest.mark.parametrize(("entries", "outcome", "platform", "reason"), TABLE.values(), ids=TABLE)
@pytest.mark.parametrize("nested", [False, True], ids=["flat", "nested"])
def test_what_a_node_takes(store, entries, outcome, platform, reason, nested):
    """Of an index a node takes one entry: what comes of it, and what is told, follows from that one."""
    top = store.index(*((store.image(config), named) for config, named in entries))
    verdict, _ = taken(store, store.index((top, "")) if nested else top)
    assert (verdict.outcome, verdict.platform) == (outcome, platform), verdict
    assert verdict.reason == reason or outcome in ("wrong-platform", "unclear")
    assert (verdict.ok, verdict.refused) == (outcome == "ok", outcome in ("wrong-platform", "unsupported"))


# A single image is pulled whatever it is for: its config tells whether it runs.
SINGLE = {
    "amd64": ("linux/amd64", "ok", "linux/amd64"),
    "x86_64": ("Linux/x86_64", "ok", "linux/amd64"),
    "v1": ("linux/amd64/v1", "ok", "linux/amd64"),
    "v2": ("linux/amd64/v2", "uncertain", "linux/amd64/v2"),
    "v3": ("linux/amd64/v3", "uncertain", "linux/amd64/v3"),
    "386": ("linux/386", "ok", "linux/386"),
    "arm64": ("linux/aarch64/v8", "wrong-platform", "linux/arm64"),
    "windows": ("windows/amd64", "wrong-platform", "windows/amd64"),
}


@pytest.mark.parametrize(("platform", "outcome", "shown"), SINGLE.values(), ids=SINGLE)
def test_a_single_image(store, platform, outcome, shown):
    """A single image is judged by its config, spelt as it may be; features choose from an index alone."""
    for more in ({}, {"os.features": ["sse4"]}, {"os.version": "1"}):
        verdict, _ = taken(store, store.image(coded(made(platform, **more))))
        assert (verdict.outcome, verdict.platform) == (outcome, shown), verdict


def test_an_unsure_index_around_a_sure_one(store):
    """What lies in an index for newer processors is for these, whatever it says itself."""
    inner = store.index((store.image(), "linux/amd64"))
    verdict, _ = taken(store, store.index((inner, "linux/amd64/v3")))
    assert (verdict.outcome, verdict.reason) == ("uncertain", WORDS["v3"]), verdict


def test_an_index_for_amd64_that_has_none(store):
    """What an index promises, and the one in it does not hold, is another platform's image."""
    inner = store.index((store.image(ARM), "linux/arm64"))
    verdict, _ = taken(store, store.index((inner, "linux/amd64")))
    assert (verdict.outcome, verdict.platform) == ("wrong-platform", "linux/arm64"), verdict


def test_features_of_the_system(store):
    """Features that an index asks of the system are not known of AI Core's nodes."""
    body = store.image()
    platform = {"os": "linux", "architecture": "amd64", "os.features": ["x"]}
    entry = {"mediaType": OCI_MANIFEST, "digest": digest_of(body), "platform": platform}
    top = coded({"schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": [entry]})
    verdict, _ = taken(store, top)
    assert (verdict.outcome, "os.features" in verdict.reason) == ("uncertain", True), verdict


@pytest.mark.parametrize("platform", ["linux/amd64", ""], ids=["platform", "none"])
def test_an_entry_that_is_no_image(store, platform):
    """An entry that is no image is passed over where another fits; alone, it says what it is."""
    chart = store.put(
        coded(
            {
                "schemaVersion": 2,
                "config": {
                    "mediaType": "application/vnd.cncf.helm.config.v1+json",
                    "digest": digest_of(b"{}"),
                },
                "layers": [],
            }
        )
    )
    verdict, _ = taken(store, store.index((chart, platform)))
    assert (verdict.outcome, "not a container image" in verdict.reason) == ("unsupported", True), verdict
    verdict, _ = taken(store, store.index((chart, ""), (store.image(), "linux/amd64")))
    assert verdict.outcome == "ok", verdict


@pytest.mark.parametrize(
    ("status", "outcome"), [(404, "unclear"), (429, "rate-limited"), (403, "no-access-or-missing")]
)
def test_an_entry_that_is_not_given(store, status, outcome):
    """Without the entry that a node takes nothing is certain, however many others there are."""
    top = store.index((MANIFEST, "linux/amd64"), (store.image(I386), "linux/386"))
    rows = {
        **WITH_PASSWORD,
        ("manifests", "login"): holds(top),
        ("manifests/sha256:", "login"): said(status, "X"),
    }
    assert look(rows)[0].outcome == outcome


def test_a_manifest_that_is_too_large(store):
    """A manifest that is not read to its end is said to be that, at the top and in an index."""
    padded = MANIFEST + b" " * LARGEST_MANIFEST
    verdict, _ = taken(store, padded)
    assert (verdict.outcome, verdict.reason) == ("unsupported", "Its manifest is larger than 4 MiB."), verdict
    verdict, _ = taken(store, store.index((store.put(padded), "linux/amd64")))
    assert (verdict.outcome, verdict.reason) == ("unsupported", "Its manifest is larger than 4 MiB."), verdict


# Types under which a manifest may come, or stand in an index, and which containerd does not take.
FOREIGN = [
    "",
    "application/json",
    "application/octet-stream",
    "text/plain; charset=utf-8",
    "application/vnd.docker.distribution.manifest.v1+prettyjws",
    OCI_MANIFEST.upper(),
    f"{OCI_MANIFEST} ; charset=utf-8",
    "application/vnd.in-toto+json",
    "<script>",
    "x" * 200,
]


def named_as(kind):
    """How a message calls this type."""
    kind = kind.partition(";")[0]
    shown = len(kind) < 128 and not {" ", "<"} & {*kind}
    return "without a type" if not kind else f"as {kind}" if shown else "as an unknown type"


@pytest.mark.parametrize("kind", [*FOREIGN, OCI_INDEX, DOCKER_LIST])
@pytest.mark.parametrize(
    ("rows", "who"),
    [(WITH_TOKEN, "token"), (WITH_PASSWORD, "login"), (OPEN, "nobody")],
    ids=["token", "password", "open"],
)
def test_a_manifest_sent_as_another_type(kind, rows, who):
    """Containerd goes by the type that the registry sends: with another, an image is not called fine."""
    verdict, _ = look({**rows, ("manifests", who): holds(MANIFEST, kind)})
    assert (verdict.outcome, verdict.platform) == ("uncertain", "linux/amd64"), verdict
    assert verdict.reason == (
        f"ghcr.io sends its manifest {named_as(kind)}, and containerd uses that type (Content-Type). It "
        "is not known whether AI Core's nodes can pull it."
    )
    assert verdict.fix == f"Make the registry send it as {OCI_MANIFEST}."


@pytest.mark.parametrize("kind", [*FOREIGN, OCI_MANIFEST, DOCKER_MANIFEST])
def test_an_index_sent_as_another_type(store, kind):
    """An index that is sent as a manifest, or as nothing that is known, is not called fine either."""
    registry = Registry(store, store.index((store.image(), "linux/amd64")), kind)
    verdict, _ = look({}, table=registry)
    assert (verdict.outcome, verdict.fix) == ("uncertain", f"Make the registry send it as {OCI_INDEX}.")
    assert named_as(kind) in verdict.reason


@pytest.mark.parametrize("kind", [OCI_MANIFEST, DOCKER_MANIFEST, f"{OCI_MANIFEST}; charset=utf-8"])
def test_a_manifest_sent_as_one(kind):
    """OCI's type and Docker's are both a manifest's, whichever the body names; parameters do not count."""
    verdict, _ = look({**WITH_TOKEN, ("manifests", "token"): holds(MANIFEST, kind)})
    assert verdict.outcome == "ok", verdict


@pytest.mark.parametrize("kind", [*FOREIGN, OCI_INDEX, DOCKER_LIST])
@pytest.mark.parametrize("platform", ["linux/amd64", ""], ids=["platform", "none"])
def test_an_entry_of_another_type(store, kind, platform):
    """Containerd goes by the type that an entry of an index has: with another, it is not called fine."""
    verdict, _ = taken(store, store.index((store.image(), platform), types=(kind,)))
    assert (verdict.outcome, verdict.platform) == ("uncertain", "linux/amd64"), verdict
    assert verdict.reason == (
        f"Its index lists it {'as an unknown type' if ';' in kind else named_as(kind)}, and containerd "
        "uses that type (mediaType). It is not known whether AI Core's nodes can pull it."
    )
    assert verdict.fix == f"List it in the index as {OCI_MANIFEST}."


def test_an_entry_of_another_type_that_is_not_taken(store):
    """Of what no node takes the type does not matter; an index that is listed as a manifest is not fine."""
    top = store.index(
        (store.image(ARM), "linux/arm64"), (store.image(), "linux/amd64"), types=("x", OCI_MANIFEST)
    )
    assert taken(store, top)[0].outcome == "ok"
    inner = store.index((store.image(), "linux/amd64"))
    assert taken(store, store.index((inner, ""), types=(OCI_MANIFEST,)))[0].outcome == "uncertain"


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("application/vnd.oci.image.layer.v1.tar", "ok"),
        ("application/vnd.oci.image.layer.v1.tar+gzip", "ok"),
        ("application/vnd.oci.image.layer.v1.tar+zstd", "ok"),
        ("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip", "ok"),
        ("application/vnd.docker.image.rootfs.diff.tar.gzip", "ok"),
        ("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip", "ok"),
        ("application/vnd.oci.image.layer.v1.tar+gzip+encrypted", "uncertain"),
        ("application/vnd.oci.image.layer.v1.tar+encrypted", "uncertain"),
        ("application/vnd.oci.image.layer.v1.tar+xz", "uncertain"),
        ("application/vnd.dev.cosign.simplesigning.v1+json", "uncertain"),
        ("application/vnd.erofs.layer.v1", "uncertain"),
        ("application/vnd.cncf.helm.chart.content.v1.tar+gzip", "uncertain"),
        ("application/vnd.in-toto+json", "unsupported"),
        ("", "uncertain"),
    ],
)
@pytest.mark.parametrize("platform", [None, "linux/amd64", ""], ids=["alone", "platform", "none"])
def test_layers(store, kind, outcome, platform):
    """A layer that not every node unpacks makes it uncertain, by its type; an attestation is no image."""
    image = store.put(MANIFEST.replace(LAYER.encode(), kind.encode()))
    store.put(CONFIG)
    verdict, _ = taken(store, image if platform is None else store.index((image, platform)))
    assert verdict.outcome == outcome, verdict
    if outcome == "uncertain":
        assert f"Its manifest lists a layer {named_as(kind)}, which not every" in verdict.reason


@pytest.mark.parametrize(
    ("rootfs", "has"),
    [
        ({"type": "layers", "diff_ids": []}, "0"),
        ({"diff_ids": ["sha256:a", "sha256:b"]}, "2"),
        ({"type": "layers", "diff_ids": ["sha256:a"]}, ""),
        ({"type": "layers"}, ""),
        (None, ""),
        ("layers", ""),
        ({"diff_ids": "x"}, ""),
    ],
    ids=repr,
)
@pytest.mark.parametrize("indexed", [False, True], ids=["alone", "indexed"])
def test_as_many_layers_as_the_config_has(store, rootfs, has, indexed):
    """Where manifest and config tell of different layers, no node unpacks them."""
    image = store.image(coded({"os": "linux", "architecture": "amd64", "rootfs": rootfs}))
    verdict, _ = taken(store, store.index((image, "")) if indexed else image)
    assert verdict.outcome == ("unsupported" if has else "ok"), verdict
    if has:
        assert verdict.reason == (
            f"Its manifest has 1 layer, its config {has}: containerd does not unpack that."
        )


@pytest.mark.parametrize(
    "code", ["BLOB_UNKNOWN", "MANIFEST_UNKNOWN", "MANIFEST_BLOB_UNKNOWN", "NAME_UNKNOWN"]
)
@pytest.mark.parametrize("part", ["its config", "a manifest of its index"])
def test_an_image_of_which_a_part_is_missing(store, part, code):
    """Where the registry itself says that a part is unknown, the image is incomplete there: push it again."""
    top, missing = (MANIFEST, CONFIG) if part == "its config" else (store.index((MANIFEST, "")), MANIFEST)
    registry = Registry(store, top)
    registry.missing = said(404, code, "unknown")
    verdict, _ = look({}, table=registry)
    assert (verdict.outcome, verdict.refused, verdict.code) == ("incomplete", True, f"404 {code}"), verdict
    assert verdict.reason == (
        f"The image is incomplete: ghcr.io has its manifest, but not {part} ({digest_of(missing)[:19]}…)."
    )
    assert (verdict.word, verdict.fix) == ("Incomplete", "Push it again.")


@pytest.mark.parametrize(
    "answer",
    [
        said(404),
        said(404, "UNSUPPORTED"),
        said(404, "DENIED"),
        holds(b"no such key", "text/plain", 404),
        page(404),
    ],
    ids=["empty", "unsupported", "denied", "text", "page"],
)
@pytest.mark.parametrize("top", [MANIFEST, index_of((MANIFEST, "linux/amd64"))], ids=["config", "manifest"])
def test_a_part_that_is_not_given(store, top, answer):
    """What else a 404 may mean judges nothing, but it is said what was asked for."""
    registry = Registry(store, top)
    registry.missing = answer
    verdict, _ = look({}, table=registry)
    assert (verdict.outcome, verdict.refused) == ("unclear", False), verdict
    missing = CONFIG if top is MANIFEST else MANIFEST
    assert verdict.reason.startswith("ghcr.io answers 404")
    assert digest_of(missing)[:19] in verdict.reason


def test_a_part_that_another_host_does_not_have(store):
    """What another host says of a part is not the registry's word."""
    rows = {
        **WITH_TOKEN,
        ("blobs", "token"): said(307, location="https://cdn.example/blobs/x"),
        ("blobs", "nobody"): Response(404, {}, b"<Error><Code>NoSuchKey</Code></Error>", "cdn.example"),
    }
    verdict, _ = look(rows)
    assert (verdict.outcome, "cdn.example answers 404 to its config" in verdict.reason) == ("unclear", True)


BASIC_LATER = {("blobs", "nobody"): asks(BASIC), ("manifests/sha256:", "nobody"): asks(BASIC)}
TOKEN_LATER = {
    ("blobs", "nobody"): bearer(),
    ("manifests/sha256:", "nobody"): bearer(),
    ("token", "login"): grants(pull=True),
}


@pytest.mark.parametrize(
    ("later", "who"), [(BASIC_LATER, "login"), (TOKEN_LATER, "token")], ids=["password", "token"]
)
@pytest.mark.parametrize("top", [MANIFEST, index_of((MANIFEST, "linux/amd64"))], ids=["blob", "manifest"])
def test_what_anybody_gets_only_a_part_of(top, later, who):
    """Where a manifest is for anybody, and the rest is not, the login gets that: it is not public."""
    step = "blobs" if top is MANIFEST else "manifests/sha256:"
    body = CONFIG if top is MANIFEST else MANIFEST
    rows = {**OPEN, ("manifests", "nobody"): holds(top), **later, (step, who): holds(body)}
    verdict, _ = look(rows)
    assert (verdict.outcome, verdict.reason, verdict.size) == ("ok", "", 7), verdict
    verdict, _ = look({**rows, (step, who): said(403, "DENIED")})
    assert verdict.outcome == "no-access-or-missing", verdict
    verdict, _ = look(rows, user="")
    assert (verdict.outcome, verdict.code) == ("needs-login", "401 UNAUTHORIZED"), verdict


@pytest.mark.parametrize("part", ["blobs", "manifests/sha256:"])
@pytest.mark.parametrize("opens", [True, False], ids=["opens", "does not open"])
def test_a_token_that_opens_the_manifest_alone(part, opens):
    """A registry may want another token for what belongs to an image: its challenge is met, once."""

    class Strict(Table):
        asked = 0

        def answer(self, one, kind):
            if one.step == "token" and kind == "login":
                self.asked += 1
                return holds(coded({"token": f"logins-{self.asked}"}))
            if one.step == part and not (opens and one.who == "logins-2"):
                return bearer()
            return super().answer(one, kind)

    top = MANIFEST if part == "blobs" else index_of((MANIFEST, "linux/amd64"))
    rows = {**WITH_TOKEN, ("manifests", "token"): holds(top), ("manifests/sha256:", "token"): holds(MANIFEST)}
    table = Strict(rows)
    verdict, _ = look({}, table=table)
    assert (verdict.outcome, table.asked) == ("ok" if opens else "no-access-or-missing", 2), verdict


def test_a_part_that_nobodys_token_does_not_open():
    """The token that anybody gets may open the manifest alone; the login's is asked for then."""

    class Half(Table):
        def answer(self, one, kind):
            if one.step == "token":
                name = "logins" if kind == "login" else "nobodys"
                return holds(coded({"token": name}))
            if one.step == "blobs" and one.who == "nobodys":
                return bearer()
            return super().answer(one, kind)

    verdict, table = look({}, table=Half(WITH_TOKEN))
    assert (verdict.outcome, table.sent[-1].who) == ("ok", "logins"), verdict
    assert look({}, table=Half(WITH_TOKEN), user="")[0].outcome == "needs-login"


def test_a_part_for_which_any_login_does():
    """Where a made-up user may have the rest of it, too, the login was not judged."""
    later = {
        ("blobs", "nobody"): asks(BASIC),
        ("blobs", "login"): holds(CONFIG),
        ("blobs", "stranger"): holds(CONFIG),
    }
    rows = {**OPEN, ("manifests", "nobody"): holds(MANIFEST), **later}
    verdict, _ = look(rows, image="reg.example.com/acme/churn:1.4")
    assert (verdict.outcome, verdict.reason) == ("ok", "The login was not checked: any login is accepted."), (
        verdict
    )


# An image, as its config has it, or an index: entries, each with what its platform is called, "" for none.
PLATFORMS = st.sampled_from(
    ["", "", "linux/amd64", "linux/x86_64/v1", "linux/386", "linux/arm64", "windows/amd64", "unknown/unknown"]
)
IMAGES = st.sampled_from(["linux/amd64", "linux/i386", "linux/arm64", "linux/amd64/v2", "linux/amd64/v3"])
INDEXES = st.recursive(
    st.lists(
        st.tuples(IMAGES, PLATFORMS)
        | st.tuples(IMAGES, st.sampled_from(["linux/amd64/v2", "linux/amd64/v3"])),
        max_size=3,
    ),
    lambda inner: st.lists(st.tuples(IMAGES | inner, PLATFORMS), max_size=3),
    max_leaves=6,
)


def node_takes(index, variant):
    """The platform of the image that containerd takes from *index* on a node of this variant, or None.

    After images/handlers.go, `FilterPlatforms` and `LimitManifests`, and images/image.go, `Manifest`.
    """
    versions = range(int(variant[1:] or 1) if variant else 1, 1, -1)
    vector = [f"linux/amd64/v{version}" for version in versions] + ["linux/amd64", "linux/386"]

    def rank(name):
        platform = str(Platform.parse(made(name)))
        return vector.index(platform) if platform in vector else None

    fitting = [(content, name) for content, name in index if not name or rank(name) is not None]
    fitting.sort(key=lambda entry: rank(entry[1]) if entry[1] else len(vector))
    for content, name in fitting[:1]:
        if isinstance(content, list):
            return node_takes(content, variant)
        if name or rank(content) is not None:
            return content
    return None


@settings(max_examples=60, deadline=None)
@given(INDEXES)
def test_as_containerd_does(index):
    """What is fine a node takes, and what is refused none does, whatever processor it has."""
    store = Store()

    def put(content):
        if not isinstance(content, list):
            return store.image(coded(made(content)))
        return store.index(*((put(inner), name) for inner, name in content))

    verdict, _ = taken(store, put(index))
    takes = [node_takes(index, variant) for variant in ("", "v2", "v3", "v4")]
    if verdict.outcome == "ok":
        assert takes[0], verdict
    elif verdict.outcome in ("wrong-platform", "unsupported", "unclear"):
        assert not any(takes), verdict
    else:
        assert verdict.outcome == "uncertain", verdict
    if takes[0]:
        # What a node takes that has no variant, any does: that is not called uncertain.
        assert verdict.outcome == "ok", verdict
