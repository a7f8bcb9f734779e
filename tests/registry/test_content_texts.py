"""What lies behind an image's name is said in sentences, with what mends it, and shows no secret."""

from __future__ import annotations

import pytest

from aicore_magics.base.report import plain
from aicore_magics.registry.checks import refusal
from aicore_magics.registry.media_types import OCI_MANIFEST, Mistyped
from tests.registry.test_verdict_texts import AMD64, CAPITALS, COLUMNS, DIGEST, FAR, answer, telling

UNSURE = "It is not known whether AI Core's nodes can pull it."
BY = {
    "registry": (
        "ghcr.io sends its manifest",
        "Content-Type",
        f"Make the registry send it as {OCI_MANIFEST}.",
    ),
    "index": ("Its index lists it", "mediaType", f"List it in the index as {OCI_MANIFEST}."),
}


@pytest.mark.parametrize("by", BY)
@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("text/plain", "as text/plain"),
        ("", "without a type"),
        ("a b", "as an unknown type"),
        ("x" * 128, "as an unknown type"),
    ],
)
def test_a_type_that_is_not_taken(by, kind, told):
    """Who names the type, which one it is, and which one it should be."""
    begins, field, fix = BY[by]
    verdict = telling().mistyped(Mistyped(by, kind, OCI_MANIFEST), AMD64)
    assert (verdict.outcome, verdict.platform, verdict.fix) == ("uncertain", "linux/amd64", fix)
    assert verdict.reason == f"{begins} {told}, and containerd uses that type ({field}). {UNSURE}"


def test_a_layer_that_is_not_unpacked():
    """The layer's type is named, and what can be pushed in its place."""
    verdict = telling().mistyped(Mistyped("manifest", "x+encrypted"), AMD64)
    assert verdict.reason == (
        f"Its manifest lists a layer as x+encrypted, which not every containerd unpacks. {UNSURE}"
    )
    assert verdict.fix == "Push it again with layers of tar, plain or packed with gzip or zstd."


def test_what_is_incomplete():
    """The part that is missing is named by its digest, in two short lines, and is to be pushed again."""
    verdict = telling().incomplete(answer(404, "BLOB_UNKNOWN"), "its config", DIGEST)
    error = refusal((verdict,))
    assert verdict.reason == (
        f"The image is incomplete: ghcr.io has its manifest, but not its config ({DIGEST[:19]}…)."
    )
    assert (
        str(error.message) == "ghcr.io/acme/churn:1.4 is incomplete (404 BLOB_UNKNOWN). Nothing was stored."
    )
    assert max(len(f"Next: {error.hint}"), len(f"{type(error).__name__}: {error.message}")) <= COLUMNS


@pytest.mark.parametrize("unclear", [answer(404, "DENIED"), answer(404, "X"), FAR])
def test_what_may_be_there(unclear):
    """Without the registry's own word that it is unknown, nothing is judged."""
    verdict = telling().incomplete(unclear, "its config", DIGEST)
    assert (verdict.outcome, verdict.fix) == ("unclear", "")
    assert f"to its config ({DIGEST[:19]}…). Nothing was checked." in verdict.reason


@pytest.mark.parametrize("by", ["registry", "index", "manifest"])
def test_a_type_shows_no_secret(by):
    """A password that stands where a type is due is masked."""
    verdict = telling(password=CAPITALS).mistyped(Mistyped(by, f"application/{CAPITALS}"), AMD64)
    assert CAPITALS not in repr(verdict) + plain(verdict.told) + str(verdict.lines())
