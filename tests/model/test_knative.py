"""What Knative's controller does with a secret is decided as its own code does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.knative import is_broken, resolve

CASES = json.loads((Path(__file__).parents[1] / "data" / "knative-matching.json").read_text())["cases"]
HUB, DIGEST = "https://index.docker.io", "sha256:" + 64 * "b"
CHURN = "docker.io/acme/churn:1"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_every_case_that_knative_computed(case):
    """What it does, the name it asks for, the logins it may take, why it fails: as its code gave them."""
    found = resolve(case["auths"], case["image"])
    assert found.does == case["controller"]
    assert found.name == case["controller_lookup_name"]
    assert sorted(case["auths"][key] for key in found.keys) == sorted(case["controller_users"])
    assert (len(found.keys) > 1) is case["controller_any_of"]
    assert all(f'"https://{key}"' in case["controller_error"] for key in found.broken)
    assert bool(found.broken) is bool(case["controller_error"])


# As above, computed by the same code (without what an operator configures) for what is not among the cases.
MORE = [
    (["docker.io"], "churn", "asks", "index.docker.io/library/churn", []),
    ([HUB], "churn", "asks", "index.docker.io/library/churn", [HUB]),
    ([HUB], "index.docker.io/churn", "asks", "index.docker.io/library/churn", [HUB]),
    (["registry-1.docker.io"], CHURN, "asks", "index.docker.io/acme/churn", []),
    ([HUB], "registry-1.docker.io/acme/churn", "asks", "registry-1.docker.io/acme/churn", []),
    (
        ["*.docker.io"],
        "registry-1.docker.io/acme/churn",
        "asks",
        "registry-1.docker.io/acme/churn",
        ["*.docker.io"],
    ),
    (["*.*.*"], CHURN, "asks", "index.docker.io/acme/churn", ["*.*.*"]),
    (["*.*"], CHURN, "asks", "index.docker.io/acme/churn", []),
    (["i*.docker.io"], CHURN, "asks", "index.docker.io/acme/churn", ["i*.docker.io"]),
    (["Index.docker.io"], CHURN, "asks", "index.docker.io/acme/churn", []),
    (["GHCR.io"], "ghcr.io/acme/churn", "asks", "ghcr.io/acme/churn", []),
    ([HUB], "Docker.io/acme/churn", "asks", "Docker.io/acme/churn", []),
    (
        ["index.docker.io/library"],
        "churn",
        "asks",
        "index.docker.io/library/churn",
        ["index.docker.io/library"],
    ),
    (
        ["index.docker.io/acme/churn"],
        CHURN,
        "asks",
        "index.docker.io/acme/churn",
        ["index.docker.io/acme/churn"],
    ),
    (["index.docker.io/acme/churn:1"], CHURN, "asks", "index.docker.io/acme/churn", []),
    (
        ["https://index.docker.io/v1/acme"],
        CHURN,
        "asks",
        "index.docker.io/acme/churn",
        ["https://index.docker.io/v1/acme"],
    ),
    (["https://index.docker.io/v1/users/"], CHURN, "asks", "index.docker.io/acme/churn", []),
    (["http://index.docker.io/"], CHURN, "asks", "index.docker.io/acme/churn", ["http://index.docker.io/"]),
    (["anna@index.docker.io"], CHURN, "asks", "index.docker.io/acme/churn", ["anna@index.docker.io"]),
    (["index.docker.io?x=1"], CHURN, "asks", "index.docker.io/acme/churn", ["index.docker.io?x=1"]),
    (["index.docker.io:443"], CHURN, "asks", "index.docker.io/acme/churn", []),
    ([""], CHURN, "asks", "index.docker.io/acme/churn", []),
    (["oci://ghcr.io"], "ghcr.io/acme/churn", "asks", "ghcr.io/acme/churn", []),
    (
        ["ghcr.io/acme", "ghcr.io/acme/"],
        "ghcr.io/acme/churn",
        "asks",
        "ghcr.io/acme/churn",
        ["ghcr.io/acme/"],
    ),
    (
        ["https://ghcr.io", "ghcr.io", "http://ghcr.io/v2/"],
        "ghcr.io/a/b",
        "asks",
        "ghcr.io/a/b",
        ["https://ghcr.io", "ghcr.io", "http://ghcr.io/v2/"],
    ),
    (["localhost:5000"], "localhost:5000/churn", "asks", "localhost:5000/churn", ["localhost:5000"]),
    (["localhost"], "localhost/churn", "asks", "index.docker.io/localhost/churn", []),
    (["localhost"], f"localhost/churn@{DIGEST}", "skips", "", []),
    (["127.0.0.*:5000"], "127.0.0.1:5000/churn", "asks", "127.0.0.1:5000/churn", ["127.0.0.*:5000"]),
    (["[::1]:5000"], "[::1]:5000/acme/churn", "asks", "[::1]:5000/acme/churn", ["[::1]:5000"]),
    (["[::1]"], "[::1]/acme/churn", "asks", "[::1]/acme/churn", []),
    (["::1:5000"], "[::1]:5000/acme/churn", "asks", "[::1]:5000/acme/churn", []),
    (["ghcr.io"], f"ghcr.io/acme/churn:1@{DIGEST}", "skips", "", []),
    (["ghcr.io"], f"ghcr.io/acme/churn@sha512:{128 * 'b'}", "fails", "", []),
    (["ghcr.io"], f"ghcr.io/acme/churn:1@sha384:{96 * 'b'}", "fails", "", []),
    (["ghcr.io"], "ghcr.io/a:1", "fails", "", []),
    (["ghcr.io"], f"ghcr.io/a@{DIGEST}", "fails", "", []),
    ([HUB], "a", "fails", "", []),
    ([HUB], "Foo/bar", "fails", "", []),
    (["reg[0-9].example.com"], "ghcr.io/acme/churn", "fails", "", []),
    (["ghcr.io", "ghcr.io/%zz"], "ghcr.io/acme/churn", "fails", "", []),
    (["ghcr.io", "a b@quay.io"], f"ghcr.io/acme/churn@{DIGEST}", "fails", "", []),
    ([], CHURN, "asks", "index.docker.io/acme/churn", []),
]


@pytest.mark.parametrize(("keys", "image", "does", "name", "taken"), MORE)
def test_more_cases_that_knative_computed(keys, image, does, name, taken):
    """Globs, ports, paths, spellings, digests, localhost, IPv6, codes, user info, an empty key."""
    found = resolve(keys, image)
    assert (found.does, found.name, [*found.keys]) == (does, name, taken)
    assert [*found.broken] == [key for key in keys if is_broken(key)]


@pytest.mark.parametrize(
    ("image", "pulls"),
    [
        (CHURN, "index.docker.io/acme/churn"),
        ("ghcr.io/acme/churn:1", "ghcr.io/acme/churn"),
        ("localhost/churn", "index.docker.io/localhost/churn"),
        (f"acme/churn:1@{DIGEST}", f"acme/churn:1@{DIGEST}"),
        ("ghcr.io/a", ""),
    ],
)
def test_what_the_kubelet_pulls_then(image, pulls):
    """The name that gets the digest, as the controller spells it; an image with a digest as it stands."""
    assert resolve([], image).pulls == pulls


KEYS = st.lists(
    st.sampled_from(
        [
            HUB,
            "docker.io",
            "*.io",
            "ghcr.io",
            "ghcr.io/acme",
            "*.*.*",
            "ghcr.io ",
            "index.docker.io/acme",
            "%zz",
        ]
    ),
    max_size=5,
)
IMAGES = st.sampled_from(
    [CHURN, "churn", "ghcr.io/acme/churn:1", f"ghcr.io/acme/churn@{DIGEST}", "localhost/x1"]
)


@given(KEYS, IMAGES, st.randoms(use_true_random=False))
def test_the_order_of_the_keys_does_not_count(keys, image, random):
    """However the keys stand in the secret, or how often, the same logins may be taken."""
    mixed = [*keys, *keys]
    random.shuffle(mixed)
    one, other = resolve(keys, image), resolve(mixed, image)
    assert (one.does, one.name, one.pulls) == (other.does, other.name, other.pulls)
    assert {*one.keys} == {*other.keys}
    assert {*one.broken} == {*other.broken}


@given(KEYS, IMAGES)
def test_what_must_hold(keys, image):
    """It takes keys of the secret alone, none where it does not ask; a broken key decides alone."""
    found = resolve(keys, image)
    assert {*found.keys} <= {*keys}
    assert found.does == "asks" or not (found.keys or found.name)
    assert bool(found.broken) is any(map(is_broken, keys))
    assert found.does == "fails" or not found.broken
    assert (found.does == "skips") is ("@" in image and not found.broken)


@given(st.text(max_size=30), st.text(max_size=30))
def test_any_text_has_an_answer(key, image):
    """Whatever stands in a file, the question has an answer, and the full form of an image has the same."""
    found = resolve([key], image)
    assert found.does in ("asks", "skips", "fails")


@pytest.mark.parametrize(
    "image", ["churn", "acme/churn:1", "index.docker.io/acme/churn", "quay.io/a/b@" + DIGEST]
)
def test_the_full_form_has_the_same_answer(image):
    """An image that was read is looked up as the text it was read from."""
    keys = [HUB, "quay.io"]
    full, text = resolve(keys, ImageReference.parse(image)), resolve(keys, image)
    assert (full.does, full.name, full.keys) == (text.does, text.name, text.keys)
