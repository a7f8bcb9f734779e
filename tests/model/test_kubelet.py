"""Which login serves which image is decided as the kubelet does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aicore_magics.errors import InvalidImage
from aicore_magics.model.image_reference import ImageReference
from aicore_magics.model.kubelet import can_match, serving_keys, useless, why_unserved
from tests import processor

ROWS = json.loads((Path(__file__).parents[1] / "data" / "kubelet-matching.json").read_text())["cases"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_every_row_that_go_computed(row):
    """Keys that serve, their order, and keys that are skipped are those that Kubernetes' own code gave."""
    if not row["image_valid"]:
        with pytest.raises(InvalidImage):
            ImageReference.parse(row["image"])
        return
    image = ImageReference.parse(row["image"])
    assert image.name == row["lookup_name"]
    keys = serving_keys(row["auths"], image)
    users = [row["auths"][key] for key in keys]
    assert bool(users) is row["match"]
    same = list if row.get("order_significant", True) else sorted
    assert same(users) == same(row["users"])
    assert not {*row.get("ignored_keys", [])} & {*keys}


@given(st.text(max_size=40))
def test_no_key_is_too_odd(key):
    """Whatever stands as a key in a file, the question has an answer."""
    keys = serving_keys([key, "ghcr.io"], ImageReference.parse("ghcr.io/acme/churn:1"))
    assert "ghcr.io" in keys


HUB = "https://index.docker.io"
CHURN = ImageReference.parse("ghcr.io/acme/churn:1.4")
HOSTS = (
    "ghcr.io",
    "docker.io",
    "quay.io",
    "reg.example.com",
    "reg.example.com:5000",
    "127.0.0.1:5000",
    "g-hcr.io",
)
HOSTS += (
    "localhost:5000",
    "localhost",
    "registry-1.docker.io",
    "hub.docker.com",
    "a.b.c.d",
    "Reg.Example.com",
)
PATHS = ("acme/churn", "acme/churn-gpu", "library/foo", "v1/x", "v2", "a", "acme/churn/1.4", "r/org/img")
# Many images, so that a key that serves any is likely to serve one of these.
IMAGES = tuple(ImageReference.parse(f"{host}/{path}") for host in HOSTS for path in PATHS)
PIECES = st.sampled_from(
    [*HOSTS, *PATHS, "index.docker.io", "https://", "http://", "oci://", *"/:.*[]^-!?@#% ", "ghcr", "io"]
)


@pytest.mark.parametrize(
    ("key", "can"),
    [
        (HUB, True),
        ("https://index.docker.io/", True),
        ("https://index.docker.io/v1/", True),
        ("https://index.docker.io/v2/", True),
        ("https://index.docker.io/v1", False),
        ("https://index.docker.io/v1/users/", False),
        ("index.docker.io/org", False),
        ("docker.io/org", True),
        ("*.docker.io", True),
        ("https://registry-1.docker.io", True),
        ("hub.docker.com", True),
        ("https://ghcr.io/v1/", True),
        ("ghcr.io/v2/org", True),
        ("ghcr.io/org/", True),
        ("ghcr.io/org/img:1.4", False),
        ("ghcr.io/org/img@sha256:" + "a" * 64, False),
        ("ghcr.io/org/*", False),
        ("ghcr.io/Org", False),
        ("ghcr.io/a b", False),
        ("ghcr.io?x=1", True),
        ("r?g.example.com", True),
        ("anna@ghcr.io", True),
        ("reg.example.com:5000", True),
        ("reg.example.com:*", False),
        ("reg.example.com.", False),
        (".example.com", False),
        ("*", True),
        ("*.*", True),
        ("g[h]cr.io", True),
        ("oci://ghcr.io", False),
        ("//ghcr.io", False),
        ("ghcr.io ", False),
        ("", False),
        ("/", False),
        ("https://", False),
        ("my_token", False),
        ("gh\tcr.io", False),
    ],
)
def test_what_a_key_can_match(key, can):
    """A key with a tag, a glob in path or port, another scheme, a space or an empty label serves nothing."""
    assert can_match(key) is can


@given(st.lists(PIECES, max_size=7).map("".join) | st.text(max_size=20))
def test_what_can_match_nothing_serves_nothing(key):
    """Of a key that is said to match no image, none of many images is served."""
    served = [str(image) for image in IMAGES if serving_keys([key], image)]
    assert can_match(key) or not served


@pytest.mark.parametrize("key", ["g[^!]cr.io", "g[!-~]cr.io"])
def test_a_class_with_odd_letters(key):
    """A class may hold letters that no host has, and match one that a host does have."""
    assert bool(serving_keys([key], CHURN)) <= can_match(key)


@pytest.mark.parametrize("inside", ["z-a", "]h", "", "^", "h-", "-h", "h-i-j"])
def test_a_class_that_is_none(inside):
    """A class that is backwards or not whole matches nothing in Go, and breaks nothing here."""
    assert serving_keys([f"g[{inside}]cr.io", "ghcr.io"], CHURN) == ("ghcr.io",)


@pytest.mark.parametrize(
    ("key", "serves"), [("g[a&&h]cr.io", True), ("g[h~~]cr.io", True), ("g[^a--b]cr.io", None)]
)
def test_a_class_with_doubled_signs(key, serves):
    """What other languages keep for sets of sets is plain letters here, and nobody is warned of it."""
    assert serves is None or bool(serving_keys([key], CHURN)) is serves


def test_many_globs_take_no_time():
    """A key from a file cannot hold anybody up, however many globs it has."""
    key, image = "*a" * 6 + "b.io", ImageReference.parse("a" * 63 + ".io/x")
    keys, milliseconds = processor.tried(lambda: serving_keys([key], image))
    assert keys == ()
    assert milliseconds < 300


@pytest.mark.parametrize(
    ("keys", "image", "reason"),
    [
        (
            ["https://index.docker.io/v1"],
            "acme/a",
            f"No login for this image: key https://index.docker.io/v1 never matches; use {HUB}.",
        ),
        (
            ["index.docker.io/org"],
            "org/a",
            f"No login for this image: key index.docker.io/org never matches; use {HUB}.",
        ),
        (
            ["hub.docker.com"],
            "acme/a",
            f"No login for this image: key hub.docker.com does not match it; use {HUB}.",
        ),
        (
            ["registry-1.docker.io"],
            "acme/a",
            f"No login for this image: key registry-1.docker.io does not match it; use {HUB}.",
        ),
        (
            ["https://ghcr.io/v2"],
            "ghcr.io/a/b",
            "No login for this image: key https://ghcr.io/v2 does not match it; use ghcr.io.",
        ),
        (
            ["ghcr.io/a/b:1"],
            "ghcr.io/a/b:1",
            "No login for this image: key ghcr.io/a/b:1 never matches; use ghcr.io.",
        ),
        (
            ["oci://ghcr.io"],
            "ghcr.io/a/b",
            "No login for this image: key oci://ghcr.io never matches; use ghcr.io.",
        ),
        (["GHCR.io"], "ghcr.io/a/b", "No login for this image: key GHCR.io does not match it; use ghcr.io."),
        (
            ["ghcr.io/other"],
            "ghcr.io/a/b",
            "No login for this image: key ghcr.io/other does not match it; use ghcr.io.",
        ),
        (
            ["quay.io", "ghcr.io/x:1"],
            "ghcr.io/a/b",
            "No login for this image: key ghcr.io/x:1 never matches; use ghcr.io.",
        ),
        (
            ["reg.example.com"],
            "reg.example.com:5000/a",
            "The secret has a login for reg.example.com; the image is at reg.example.com:5000.",
        ),
        (
            ["reg.example.com:443"],
            "reg.example.com/a",
            "The secret has a login for reg.example.com:443; the image is at reg.example.com.",
        ),
        (
            ["ghcr.io", HUB],
            "quay.io/a/b",
            f"The secret has a login for ghcr.io, {HUB}; the image is at quay.io.",
        ),
        (
            ["gitlab.com"],
            "registry.gitlab.com/a",
            "The secret has a login for gitlab.com; the image is at registry.gitlab.com.",
        ),
        (["my token"], "acme/a", f"The secret has a login for my token; the image is at {HUB}."),
        (
            ["https://anna:hunter22@quay.io"],
            "ghcr.io/a",
            "The secret has a login for https://quay.io; the image is at ghcr.io.",
        ),
    ],
)
def test_why_no_key_serves_an_image(keys, image, reason):
    """It is said which key was meant and why it fails, or what the kubelet looks for; never a password."""
    reference = ImageReference.parse(image)
    assert serving_keys(keys, reference) == ()
    assert f"{why_unserved(keys, reference)}." == reason


@pytest.mark.parametrize(
    ("key", "sentence"),
    [
        (HUB, ""),
        ("https://index.docker.io/v1/", ""),
        ("docker.io", ""),
        ("docker.io/org", ""),
        ("ghcr.io/org", ""),
        ("*.example.com", ""),
        ("quay.io:443", ""),
        (
            "https://index.docker.io/v1",
            f"The key https://index.docker.io/v1 cannot match any image; use {HUB}.",
        ),
        ("index.docker.io/org", f"The key index.docker.io/org cannot match any image; use {HUB}."),
        (
            "https://registry-1.docker.io",
            f"The key https://registry-1.docker.io matches no image of Docker Hub; use {HUB}.",
        ),
        (
            "https://hub.docker.com/r/org/img",
            f"The key https://hub.docker.com/r/org/img matches no image of Docker Hub; use {HUB}.",
        ),
        ("Docker.io", f"The key Docker.io matches no image of Docker Hub; use {HUB}."),
        ("ghcr.io/org/img:1.4", "The key ghcr.io/org/img:1.4 cannot match any image; use ghcr.io."),
        ("ghcr.io/org/*", "The key ghcr.io/org/* cannot match any image; use ghcr.io."),
        ("oci://ghcr.io", "The key oci://ghcr.io cannot match any image; use ghcr.io."),
        ("ghcr.io ", "The key ghcr.io cannot match any image."),
        ("reg.example.com:*", "The key reg.example.com:* cannot match any image."),
        ("", "The key  cannot match any image."),
        ("[::1]:5000", ""),
        (
            "reg[0-9].example.com",
            "A kubelet built with Go 1.25.2 or later skips the key reg[0-9].example.com",
        ),
        (
            "*.[a-z]o",
            "A kubelet built with Go 1.25.2 or later skips the key *.[a-z]o; use * instead of the brackets.",
        ),
        ("https://anna:hunter22@ghcr.io/a:1", "The key https://ghcr.io/a:1 cannot match any image"),
    ],
)
def test_a_key_that_serves_nothing(key, sentence):
    """A key from a file that serves nothing is told, with the one to use where that is known."""
    said = useless(key)
    assert said.startswith(sentence)
    assert bool(said) == bool(sentence)
    assert "hunter22" not in said


@given(st.text(max_size=30))
def test_the_right_key_is_not_useless(text):
    """What a registry typed by hand becomes is a key that serves its images."""
    for key in (HUB, "ghcr.io", "reg.example.com:5000", text):
        assert isinstance(why_unserved([key], CHURN), str)
        assert isinstance(useless(key), str)
        assert useless(key) == "" or key == text


def test_no_key_is_advised_in_place_of_itself():
    """To the kubelet an IPv6 address is a class of characters: no key serves it, and none is advised."""
    assert "use [::1]:5000" not in useless("[::1]:5000")
    assert "use [::1]" not in why_unserved(["[::1]:5000"], ImageReference.parse("[::1]:5000/acme/churn"))


def test_a_space_in_a_key_is_said():
    """A space cannot be seen at the end of a key, so it is named."""
    assert why_unserved(["x.example "], CHURN).startswith(
        "The secret has a login for x.example (with a space);"
    )
