"""Which login serves which image is decided as the kubelet does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidImage
from aicore_magics.images import ImageReference
from aicore_magics.pull_match import is_ignored, serving_keys

ROWS = json.loads((Path(__file__).parent / "data" / "kubelet-matching.json").read_text())["cases"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_row_that_go_computed(row):
    """Keys that serve, their order, and keys that are skipped are those that Kubernetes' own code gave."""
    if not row["image_valid"]:
        with pytest.raises(InvalidImage):
            ImageReference.parse(row["image"])
        return
    image = ImageReference.parse(row["image"])
    assert image.name == row["lookup_name"]
    users = [row["auths"][key] for key in serving_keys(row["auths"], image)]
    assert bool(users) is row["match"]
    same = list if row.get("order_significant", True) else sorted
    assert same(users) == same(row["users"])
    assert [key for key in row["auths"] if is_ignored(key)] == row.get("ignored_keys", [])


@given(st.text(max_size=40))
def test_no_key_is_too_odd(key):
    """Whatever stands as a key in a file, the question has an answer."""
    keys = serving_keys([key, "ghcr.io"], ImageReference.parse("ghcr.io/acme/churn:1"))
    assert "ghcr.io" in keys
    assert not (is_ignored(key) and key in keys)
